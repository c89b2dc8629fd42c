//! What was given: the file, and the environment over it, as one entry a key.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::Path;

use serde_json::{Map, Value};
use toml::de::{DeTable, DeValue};

use super::error::{ConfigError, Origin, Problem};
use super::keys::{self, Kind};

/// What every environment variable of ours begins with.
const PREFIX: &str = "NEWSMILL_";

/// A key that ends so names a file that holds the value.
const FILE_SUFFIX: &str = "_file";

/// By full path, `kafka.output_topic`; a property's name stands there with its dots.
pub type Entries = BTreeMap<String, Given>;

/// A value and where it was given.
#[derive(Clone, Debug)]
pub struct Given {
    pub value: Value,
    pub origin: Origin,
    /// It stood in a file of its own, and is never shown.
    pub from_file: bool,
}

/// The entries of a configuration file.
pub fn file(path: &Path, text: &str, problems: &mut Vec<Problem>) -> Result<Entries, ConfigError> {
    let origin = |offset: usize| Origin::File {
        path: path.to_owned(),
        line: 1 + text[..offset].matches('\n').count(),
    };
    // The parser's own display would quote the line, which may hold a secret.
    let table = DeTable::parse(text).map_err(|error| ConfigError::Syntax {
        origin: origin(error.span().map_or(0, |span| span.start)),
        reason: error.message().to_owned(),
    })?;
    let mut entries = Entries::new();
    leaves("", table.get_ref(), &mut |key, offset, value| {
        let given = Given {
            value,
            origin: origin(offset),
            from_file: false,
        };
        add(&mut entries, key, given, problems);
    });
    Ok(entries)
}

/// The entries of an environment: `NEWSMILL_KAFKA__OUTPUT_TOPIC` is `kafka.output_topic`.
///
/// A variable without two underscores is no key and is ignored. Names of librdkafka properties hold dots where the
/// variable has underscores: `NEWSMILL_KAFKA__PROPERTIES__SASL_PASSWORD`.
pub fn environment(
    variables: impl IntoIterator<Item = (OsString, OsString)>,
    problems: &mut Vec<Problem>,
) -> Entries {
    let mut entries = Entries::new();
    for (variable, value) in variables {
        let Some(variable) = variable.to_str() else {
            continue;
        };
        let Some(name) = variable
            .strip_prefix(PREFIX)
            .filter(|name| name.contains("__"))
        else {
            continue;
        };
        let key = variable_key(name);
        let origin = Origin::Variable(variable.to_owned());
        let Ok(value) = value.into_string() else {
            let problem = Problem::new(&key, "the value is no UTF-8");
            problems.push(Problem {
                origin: Some(origin),
                ..problem
            });
            continue;
        };
        let given = Given {
            value: Value::from(value),
            origin,
            from_file: false,
        };
        add(&mut entries, key, given, problems);
    }
    for (key, entry) in &mut entries {
        if let Value::String(text) = &entry.value {
            entry.value = parsed(key, text);
        }
    }
    entries
}

/// The entries as the tree that serde reads.
pub fn tree(entries: &Entries) -> Value {
    let mut root = Map::new();
    for (key, entry) in entries {
        let (sections, name) = match keys::property(key) {
            Some((map, name)) => (map, name),
            None => key.rsplit_once('.').unwrap_or(("", key)),
        };
        let mut table = &mut root;
        for section in sections.split('.').filter(|section| !section.is_empty()) {
            let inner = table
                .entry(section)
                .or_insert_with(|| Value::Object(Map::new()));
            table = inner
                .as_object_mut()
                .expect("a known key is never a section of another");
        }
        table.insert(name.to_owned(), entry.value.clone());
    }
    Value::Object(root)
}

/// Adds an entry; one whose key ends in `_file` with the content of that file.
fn add(entries: &mut Entries, key: String, mut given: Given, problems: &mut Vec<Problem>) {
    let key = match key.strip_suffix(FILE_SUFFIX) {
        Some(target) if keys::find(target).is_some() => {
            match content(&given.value) {
                Ok(text) => given.value = parsed(target, &text),
                Err(reason) => {
                    problems.push(Problem::new(&key, reason).at(&given));
                    return;
                }
            }
            given.from_file = true;
            target.to_owned()
        }
        _ => key,
    };
    if entries.contains_key(&key) {
        let reason = format!("given twice, as itself and by `{key}{FILE_SUFFIX}`");
        problems.push(Problem::new(&key, reason).at(&given));
    }
    entries.insert(key, given);
}

/// What a `_file` key's file holds, without the line break that editors leave at its end.
fn content(path: &Value) -> Result<String, String> {
    let Value::String(path) = path else {
        return Err("expected the path of a file".to_owned());
    };
    let text =
        std::fs::read_to_string(path).map_err(|error| format!("cannot read {path}: {error}"))?;
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}

/// The text of a variable or file as the kind of value that its key takes; text that does not fit stays as it is, and
/// serde says what was expected.
fn parsed(key: &str, text: &str) -> Value {
    let Some(known) = keys::find(key) else {
        return Value::from(text);
    };
    let value = match known.kind {
        Kind::Integer => text.parse::<i64>().ok().map(Value::from),
        Kind::Number => text.parse::<f64>().ok().map(Value::from),
        Kind::Boolean => text.parse::<bool>().ok().map(Value::from),
        Kind::List => Some(
            text.split(',')
                .map(str::trim)
                .filter(|item| !item.is_empty())
                .collect(),
        ),
        Kind::Text | Kind::Choice(_) | Kind::Properties => None,
    };
    value.unwrap_or_else(|| Value::from(text))
}

fn variable_key(name: &str) -> String {
    let key = name.to_ascii_lowercase().replace("__", ".");
    let Some((map, property)) = keys::property(&key) else {
        return key;
    };
    match property.strip_suffix(FILE_SUFFIX) {
        Some(property) => format!("{map}.{}{FILE_SUFFIX}", property.replace('_', ".")),
        None => format!("{map}.{}", property.replace('_', ".")),
    }
}

/// Calls `found` with each value of a table: its full path, its place in the file, itself.
fn leaves(prefix: &str, table: &DeTable<'_>, found: &mut impl FnMut(String, usize, Value)) {
    for (name, value) in table {
        let key = match prefix {
            "" => name.get_ref().to_string(),
            prefix => format!("{prefix}.{}", name.get_ref()),
        };
        match value.get_ref() {
            DeValue::Table(inner) => leaves(&key, inner, found),
            leaf => found(key, name.span().start, json(leaf)),
        }
    }
}

fn json(value: &DeValue<'_>) -> Value {
    match value {
        DeValue::String(text) => Value::from(text.as_ref()),
        // TOML's digits may be in another radix; what no 64-bit integer holds fits no key, and stays text.
        DeValue::Integer(digits) => match i64::from_str_radix(digits.as_str(), digits.radix()) {
            Ok(number) => Value::from(number),
            Err(_) => Value::from(digits.to_string()),
        },
        DeValue::Float(digits) => match digits.as_str().parse::<f64>() {
            Ok(number) if number.is_finite() => Value::from(number),
            _ => Value::from(digits.to_string()),
        },
        DeValue::Boolean(value) => Value::from(*value),
        DeValue::Datetime(value) => Value::from(value.to_string()),
        DeValue::Array(items) => items.iter().map(|item| json(item.get_ref())).collect(),
        DeValue::Table(table) => {
            let entries = table
                .iter()
                .map(|(name, value)| (name.get_ref().to_string(), json(value.get_ref())));
            Value::Object(entries.collect())
        }
    }
}
