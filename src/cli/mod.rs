//! The command line: one file a command, and only what a person sees.

mod analyze;
mod check;
mod dead_letters;
mod demo;
mod duplicates;
mod eval;
mod explain;
mod replay;
mod run;
mod schema;
mod taxonomy;
mod train;

mod canvas;
mod input;
mod meter;
mod place;
mod signals;

use std::fmt;
use std::io::{self, Write as _};
use std::panic;
use std::process::ExitCode;

use anstyle::{AnsiColor, Style};
use anyhow::Context as _;
use clap::builder::Styles;
use clap::{Parser, Subcommand};
use serde::Serialize;

use self::canvas::Canvas;
use crate::config::{Config, ConfigError};
use crate::taxonomy::LoadError;
use crate::telemetry::{self, Level, LogConfig};
use crate::text::pipeline::Pipeline;

/// newsmill reads news articles and writes structured records: topics, sections, and who and which states are named,
/// each with the words that say so.
#[derive(Parser)]
#[command(
    name = "newsmill",
    version,
    styles = STYLES,
    subcommand_required = true,
    arg_required_else_help = true,
    after_help = "Exit statuses, everywhere: 0 done, 1 failed, 2 wrong usage or configuration.\n\
                  Results go to standard output, logs to standard error."
)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Run(run::Args),
    Demo(demo::Args),
    Analyze(analyze::Args),
    Duplicates(duplicates::Args),
    Explain(explain::Args),
    Eval(eval::Args),
    Check(check::Args),
    DeadLetters(dead_letters::Args),
    Replay(replay::Args),
    Schema(schema::Args),
    Taxonomy(taxonomy::Args),
    Train(train::Args),
}

const STYLES: Styles = Styles::styled()
    .header(Style::new().bold())
    .usage(Style::new().bold())
    .literal(AnsiColor::Cyan.on_default())
    .placeholder(AnsiColor::Green.on_default());

impl Cli {
    /// Runs the command; what failed is told on standard error.
    pub fn run(self) -> Status {
        set_panic_hook();
        let result = match self.command {
            Command::Run(args) => run::run(&args),
            Command::Demo(args) => demo::run(&args),
            Command::Analyze(args) => analyze::run(&args),
            Command::Duplicates(args) => duplicates::run(&args),
            Command::Explain(args) => explain::run(&args),
            Command::Eval(args) => eval::run(&args),
            Command::Check(args) => check::run(&args),
            Command::DeadLetters(args) => dead_letters::run(&args),
            Command::Replay(args) => replay::run(&args),
            Command::Schema(args) => schema::run(&args),
            Command::Taxonomy(args) => taxonomy::run(&args),
            Command::Train(args) => train::run(&args),
        };
        result.unwrap_or_else(|error| told(&error))
    }
}

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    Done,
    Failed,
    /// Wrong usage or a wrong configuration.
    Usage,
    /// Done, and some articles were rejected.
    Rejected,
}

impl Status {
    /// The process's exit status.
    pub fn code(self) -> i32 {
        self.byte().into()
    }

    fn byte(self) -> u8 {
        match self {
            Status::Done => 0,
            Status::Failed => 1,
            Status::Usage => 2,
            Status::Rejected => 3,
        }
    }
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> Self {
        ExitCode::from(status.byte())
    }
}

/// The pipeline that the configuration asks for.
fn pipeline(config: &Config) -> anyhow::Result<Pipeline> {
    Ok(crate::taxonomy::load(config)?)
}

/// Logs of a command that somebody waits for: what it does is told on standard output, so trouble alone is logged, unless
/// the configuration asks for more.
fn log_trouble(config: &Config) -> anyhow::Result<()> {
    let level = match config.log.level {
        Level::Info => Level::Warn,
        level => level,
    };
    let format = config.log.format;
    telemetry::init(&LogConfig { level, format }).context("cannot start the log")
}

/// What strangers have written, for a terminal: control characters as escapes.
fn printable(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_control() {
            shown.extend(c.escape_default());
        } else {
            shown.push(c);
        }
    }
    shown
}

/// The name that a value has in a record: `short_name`.
fn wire_name(value: &impl Serialize) -> String {
    let value = serde_json::to_value(value).expect("an enum without content is a string");
    value.as_str().unwrap_or_default().to_owned()
}

/// Tells where a panic happened, and not its message: that may quote the article.
fn set_panic_hook() {
    panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string);
        tell(format_args!(
            "newsmill: panic at {}",
            place.unwrap_or_default()
        ));
    }));
}

/// Tells an error and gives its status. A reader that has gone away is none: it has seen what it wanted (`| head`).
fn told(error: &anyhow::Error) -> Status {
    let closed = |cause: &(dyn std::error::Error + 'static)| {
        let io = cause.downcast_ref::<io::Error>();
        io.is_some_and(|io| io.kind() == io::ErrorKind::BrokenPipe)
    };
    if error.chain().any(closed) {
        return Status::Done;
    }
    anstream::eprintln!(
        "{}newsmill: {error:#}{}",
        ERROR.render(),
        ERROR.render_reset()
    );
    // The taxonomy's files are configuration too.
    if error.is::<ConfigError>() || error.is::<LoadError>() || error.is::<UsageError>() {
        Status::Usage
    } else {
        Status::Failed
    }
}

/// What was typed is well formed and still makes no sense.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct UsageError(String);

/// Prints to standard output, in colours where that is a terminal.
fn show(canvas: &Canvas) -> io::Result<()> {
    let mut out = anstream::stdout().lock();
    out.write_all(canvas.as_str().as_bytes())?;
    out.flush()
}

/// A line on standard error.
fn tell(line: fmt::Arguments<'_>) {
    // If nobody reads it, there is nobody to tell.
    let _ = writeln!(anstream::stderr(), "{line}");
}

const ERROR: Style = AnsiColor::Red.on_default();
