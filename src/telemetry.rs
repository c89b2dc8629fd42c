//! Logs: where they go and what they look like; and spans, in a build with the feature `otel`.
//!
//! Logs go to standard error, results to standard output. Lines are for people on a terminal and flat JSON elsewhere,
//! one object a line, with the event's fields beside `timestamp`, `level`, `target` and `message`.

#[cfg(feature = "otel")]
pub mod traces;

use std::io::{self, IsTerminal};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::fmt::time::SystemTime;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::{SubscriberInitExt, TryInitError};
use tracing_subscriber::{Layer, fmt};

/// `[log]`: how much is logged, and how.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct LogConfig {
    /// The least level that is logged. Default `info`: each step of the life cycle, each kind of rejection, nothing per
    /// message.
    pub level: Level,
    /// `human` for people, `json` for machines, `auto`: human on a terminal, JSON otherwise. Default `auto`.
    pub format: Format,
}

/// `[telemetry]`: spans of messages, in a build with the feature `otel`.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct TelemetryConfig {
    /// Where spans go: an OTLP receiver's address over plain HTTP, such as `http://localhost:4318`. Default empty: no
    /// spans, since a receiver must be there first.
    pub otlp_endpoint: String,
    /// Share of the messages, 0 to 1, that get a span; one with a `traceparent` gets it if its sender records the trace.
    /// Default 0.01: enough to see where time goes, far from a span for each of thousands a second.
    pub sampled_share: f64,
}

impl Default for TelemetryConfig {
    fn default() -> Self {
        TelemetryConfig {
            otlp_endpoint: String::new(),
            sampled_share: 0.01,
        }
    }
}

/// How grave an event is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "LogLevel")]
pub enum Level {
    Error,
    Warn,
    #[default]
    Info,
    /// Also each message: position, outcome, never its text.
    Debug,
    Trace,
}

/// What a log line looks like.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "LogFormat")]
pub enum Format {
    #[default]
    Auto,
    Human,
    Json,
}

impl From<Level> for LevelFilter {
    fn from(level: Level) -> Self {
        match level {
            Level::Error => LevelFilter::ERROR,
            Level::Warn => LevelFilter::WARN,
            Level::Info => LevelFilter::INFO,
            Level::Debug => LevelFilter::DEBUG,
            Level::Trace => LevelFilter::TRACE,
        }
    }
}

/// Sends this process's logs to standard error from now on, panics among them.
///
/// # Errors
/// They already go somewhere.
pub fn init(config: &LogConfig) -> Result<(), TryInitError> {
    let terminal = io::stderr().is_terminal();
    let human = match config.format {
        Format::Human => true,
        Format::Json => false,
        Format::Auto => terminal,
    };
    let lines = fmt::layer().with_writer(io::stderr).with_timer(SystemTime);
    let lines = if human {
        lines.with_ansi(terminal).with_target(false).boxed()
    } else {
        lines
            .json()
            .flatten_event(true)
            .with_current_span(false)
            .with_span_list(false)
            .boxed()
    };
    tracing_subscriber::registry()
        .with(lines.with_filter(LevelFilter::from(config.level)))
        .try_init()?;
    // Where it happened, and not its message: that may quote the article.
    std::panic::set_hook(Box::new(|panic| {
        let location = panic.location().map(tracing::field::display);
        tracing::error!(location, "panic");
    }));
    Ok(())
}
