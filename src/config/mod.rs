//! The configuration: file, environment, secrets, and hints for what is wrong.
//!
//! 1. [`layers`] reads what was given, as one entry a key with its place: the file, then the environment over it.
//! 2. [`keys`] knows every key, from the schema of [`Config`]; an unknown one is refused with the nearest.
//! 3. serde makes the typed tree of the parts' own configurations.
//! 4. [`rules`] refuses what each key alone allows and all together do not.
//!
//! What is wrong is reported all at once, each with key, place, reason and, where there is one, a hint.

pub mod keys;

mod error;
mod layers;
mod rules;
mod text;

use std::collections::BTreeSet;
use std::fmt;
use std::path::Path;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use self::error::{ConfigError, Origin, Problem};
use self::layers::{Entries, Given};
pub use self::text::{ArticleConfig, KnowledgeConfig, RecordConfig, TopicsConfig};
use crate::admin::AdminConfig;
use crate::stream::config::{DeliveryConfig, KafkaConfig, PipelineConfig};
use crate::stream::properties::MASK;
use crate::telemetry::{LogConfig, TelemetryConfig};
use crate::{stream, text as text_side};

/// Everything that can be set. Only `[kafka]` is required, and that only where Kafka is used.
///
/// `Debug` shows the effective configuration without its secrets.
#[derive(Clone, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Config {
    #[schemars(required)]
    pub kafka: Option<KafkaConfig>,
    #[serde(default)]
    pub delivery: DeliveryConfig,
    #[serde(default)]
    pub pipeline: PipelineConfig,
    #[serde(default)]
    pub article: ArticleConfig,
    #[serde(default)]
    pub record: RecordConfig,
    #[serde(default)]
    pub topics: TopicsConfig,
    #[serde(default)]
    pub knowledge: KnowledgeConfig,
    #[serde(default)]
    pub admin: AdminConfig,
    #[serde(default)]
    pub log: LogConfig,
    #[serde(default)]
    pub telemetry: TelemetryConfig,
    /// Keys whose values came from files of their own (`_file`): never shown.
    #[serde(skip)]
    from_files: BTreeSet<String>,
}

impl Config {
    /// The file, where there is one, with this process's environment over it.
    ///
    /// # Errors
    /// A file that cannot be read or is no TOML, and every key that is unknown or wrong.
    pub fn load(file: Option<&Path>) -> Result<Config, ConfigError> {
        let text = file.map(read).transpose()?;
        let file = file.zip(text.as_deref());
        Config::from_sources(file, std::env::vars_os())
    }

    /// As [`load`](Self::load), from a file's path and text and an environment.
    pub fn from_sources(
        file: Option<(&Path, &str)>,
        environment: impl IntoIterator<Item = (std::ffi::OsString, std::ffi::OsString)>,
    ) -> Result<Config, ConfigError> {
        let mut problems = Vec::new();
        let mut given = match file {
            Some((path, text)) => layers::file(path, text, &mut problems)?,
            None => Entries::new(),
        };
        given.extend(layers::environment(environment, &mut problems));

        given.retain(|key, entry| {
            let unknown = keys::unknown(key);
            problems.extend(
                unknown.map(|(reason, hint)| Problem::new(key, reason).at(entry).hint(hint)),
            );
            keys::find(key).is_some()
        });
        let config = typed(&mut given, &mut problems);
        if let Some(config) = &config {
            for problem in rules::broken(config) {
                problems.push(match given.get(&problem.key) {
                    Some(entry) => told(problem, entry),
                    None => problem,
                });
            }
        }
        match config {
            Some(config) if problems.is_empty() => Ok(config),
            _ => Err(ConfigError::Wrong(problems)),
        }
    }

    /// What the worker is told.
    ///
    /// # Errors
    /// There is no `[kafka]`.
    pub fn stream(&self) -> Result<stream::Settings, ConfigError> {
        let Some(kafka) = self.kafka.clone() else {
            return Err(ConfigError::Wrong(keys::missing(&Entries::new())));
        };
        Ok(stream::Settings {
            kafka,
            delivery: self.delivery.clone(),
            pipeline: self.pipeline.clone(),
        })
    }

    /// What the text pipeline is told.
    pub fn text(&self) -> text_side::Settings {
        text_side::Settings {
            article_format: self.article.format,
            record_format: self.record.format,
            span_unit: self.record.span_unit,
            include_text: self.record.include_text,
            min_score: self.topics.min_score,
        }
    }

    /// Bytes of a message's value above which it is no article.
    pub fn max_article_bytes(&self) -> usize {
        // More than this machine can address is no bound.
        usize::try_from(self.pipeline.max_article_bytes).unwrap_or(usize::MAX)
    }

    /// Every key with the value in force, secrets masked: to be logged and shown.
    pub fn effective(&self) -> Value {
        let mut tree =
            serde_json::to_value(self).expect("a tree of strings, numbers and booleans is JSON");
        for key in &self.from_files {
            // Property names hold dots, so those are masked by `Properties` itself.
            let pointer = format!("/{}", key.replace('.', "/"));
            if let Some(value) = tree.pointer_mut(&pointer) {
                *value = Value::from(MASK);
            }
        }
        tree
    }
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Config {:#}", self.effective())
    }
}

/// The JSON Schema of the configuration file, made from the types.
pub fn schema() -> Value {
    schemars::schema_for!(Config).to_value()
}

fn read(path: &Path) -> Result<String, ConfigError> {
    std::fs::read_to_string(path).map_err(|source| ConfigError::Unreadable {
        path: path.to_owned(),
        source,
    })
}

/// The typed tree; a value that does not fit is reported and its default taken, so that the next one is found too.
fn typed(given: &mut Entries, problems: &mut Vec<Problem>) -> Option<Config> {
    let missing = if given.keys().any(|key| key.starts_with("kafka.")) {
        keys::missing(given)
    } else {
        Vec::new()
    };
    if !missing.is_empty() {
        problems.extend(missing);
        return None;
    }
    loop {
        let tree = layers::tree(given);
        let error = match serde_path_to_error::deserialize::<_, Config>(tree) {
            Ok(mut config) => {
                conceal(&mut config, given);
                return Some(config);
            }
            Err(error) => error,
        };
        let path = error.path().to_string();
        let key = path.split('[').next().unwrap_or_default();
        let Some(entry) = given.remove(key) else {
            problems.push(Problem::new(&path, error.inner().to_string()));
            return None;
        };
        problems.push(wrong_value(key, &entry, error.inner()));
        if keys::find(key).is_some_and(|known| known.required) {
            return None;
        }
    }
}

fn wrong_value(key: &str, entry: &Given, error: &serde_json::Error) -> Problem {
    let hint = entry
        .value
        .as_str()
        .and_then(|value| keys::nearest_choice(key, value));
    told(Problem::new(key, error.to_string()).hint(hint), entry)
}

/// The problem with the place of its value, and without the value where that is a secret: reasons repeat it.
fn told(problem: Problem, entry: &Given) -> Problem {
    let problem = problem.at(entry);
    if entry.from_file {
        return Problem {
            reason: "what its file holds is no value for this key".to_owned(),
            hint: None,
            ..problem
        };
    }
    problem
}

fn conceal(config: &mut Config, given: &Entries) {
    for (key, _) in given.iter().filter(|(_, entry)| entry.from_file) {
        config.from_files.insert(key.clone());
        if let (Some(kafka), Some((map, name))) = (&mut config.kafka, keys::property(key)) {
            match map {
                "kafka.properties" => kafka.properties.conceal(name),
                "kafka.consumer_properties" => kafka.consumer_properties.conceal(name),
                _ => kafka.producer_properties.conceal(name),
            }
        }
    }
}
