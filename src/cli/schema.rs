//! `newsmill schema`: JSON Schemas of what goes out and of what can be set.

use std::io::Write as _;

use clap::ValueEnum;

use super::Status;
use crate::config;
use crate::text::{record, topics};

/// Prints a JSON Schema
///
/// The schemas are made from the types that the program itself uses.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  newsmill schema record > record.schema.json
  newsmill schema config | jq '.properties | keys'
  newsmill schema taxonomy > taxonomy.schema.json

Exit statuses: 0 done, 2 wrong usage.")]
pub struct Args {
    /// What to describe
    of: Of,
}

#[derive(Clone, Copy, ValueEnum)]
enum Of {
    /// A record: what newsmill publishes about an article
    Record,
    /// The configuration file
    Config,
    /// A file of a taxonomy folder
    Taxonomy,
}

pub fn run(args: &Args) -> anyhow::Result<Status> {
    let schema = match args.of {
        Of::Record => record::schema(),
        Of::Config => config::schema(),
        Of::Taxonomy => topics::file::schema(),
    };
    writeln!(std::io::stdout().lock(), "{schema:#}")?;
    Ok(Status::Done)
}
