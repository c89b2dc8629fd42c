//! What can be wrong with a configuration, told so that it can be mended.

use std::fmt;
use std::io;
use std::path::PathBuf;

use super::layers::Given;

/// Why there is no configuration.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error("cannot read the configuration file {}", path.display())]
    Unreadable { path: PathBuf, source: io::Error },
    #[error("{origin}: no TOML: {reason}")]
    Syntax { origin: Origin, reason: String },
    /// Never empty.
    #[error("the configuration is wrong\n{}", lines(.0))]
    Wrong(Vec<Problem>),
}

/// One key that is unknown, missing or wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The key's full path, `kafka.output_topic`.
    pub key: String,
    /// Where its value was given, if it was.
    pub origin: Option<Origin>,
    pub reason: String,
    /// How to mend it.
    pub hint: Option<String>,
}

impl Problem {
    pub(super) fn new(key: &str, reason: impl Into<String>) -> Self {
        Problem {
            key: key.to_owned(),
            origin: None,
            reason: reason.into(),
            hint: None,
        }
    }

    pub(super) fn at(mut self, entry: &Given) -> Self {
        self.origin = Some(entry.origin.clone());
        self
    }

    pub(super) fn hint(mut self, hint: Option<String>) -> Self {
        self.hint = hint;
        self
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(origin) = &self.origin {
            write!(f, "{origin}: ")?;
        }
        write!(f, "{}: {}", self.key, self.reason)?;
        match &self.hint {
            Some(hint) => write!(f, "\n    hint: {hint}"),
            None => Ok(()),
        }
    }
}

/// Where a value was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    File {
        path: PathBuf,
        line: usize,
    },
    /// An environment variable's name.
    Variable(String),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Origin::File { path, line } => write!(f, "{}:{line}", path.display()),
            Origin::Variable(name) => f.write_str(name),
        }
    }
}

fn lines(problems: &[Problem]) -> String {
    let lines: Vec<String> = problems
        .iter()
        .map(|problem| format!("  {problem}"))
        .collect();
    lines.join("\n")
}
