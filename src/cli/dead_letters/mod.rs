//! `newsmill dead-letters`: what was rejected, why, and sending it back.

mod filter;
mod list;
mod redrive;
mod show;

use std::path::PathBuf;

use clap::Subcommand;

use super::{Status, log_trouble};
use crate::config::Config;

/// Lists, shows and redrives dead letters
///
/// A letter is named PARTITION@OFFSET, as it stands in the dead-letter topic. `list` and `show` only look, and so does
/// `redrive` until it is told to `--execute`. Nothing is ever taken out of the topic: what was redriven is marked there.
#[derive(clap::Args)]
#[command(
    subcommand_required = true,
    arg_required_else_help = true,
    after_help = "Examples:
  newsmill dead-letters list --config newsmill.toml
  newsmill dead-letters show 0@17 --config newsmill.toml
  newsmill dead-letters redrive --code invalid_json --config newsmill.toml
  newsmill dead-letters redrive --code invalid_json --config newsmill.toml --execute

Exit statuses: 0 done, 1 failed, 2 wrong usage or configuration."
)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    List(list::Args),
    Show(show::Args),
    Redrive(redrive::Args),
}

/// Where the configuration is.
#[derive(clap::Args)]
struct ConfigArgs {
    /// Configuration file; without it the environment has to say everything
    #[arg(long, value_name = "FILE", env = "NEWSMILL_CONFIG")]
    config: Option<PathBuf>,
}

impl ConfigArgs {
    fn load(&self) -> anyhow::Result<Config> {
        let config = Config::load(self.config.as_deref())?;
        log_trouble(&config)?;
        Ok(config)
    }
}

pub fn run(args: &Args) -> anyhow::Result<Status> {
    match &args.command {
        Command::List(args) => list::run(args),
        Command::Show(args) => show::run(args),
        Command::Redrive(args) => redrive::run(args),
    }
}
