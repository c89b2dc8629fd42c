//! Arguments, a command, an exit status.

use std::process::ExitCode;

use clap::Parser as _;

fn main() -> ExitCode {
    newsmill::cli::Cli::parse().run().into()
}
