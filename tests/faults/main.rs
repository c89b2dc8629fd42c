//! The fault suite: faults at random moments from a printed seed, and a checker that finds what they broke.
//!
//! `cargo test --release` runs the short form. The long form: `NEWSMILL_FAULTS=long cargo test --release --test faults`;
//! its parts can be run one by one, by name, and the report sums up those that ran: `target/tmp/faults/report.md`.

mod evidence;
mod fault;
mod fleet;
mod inflict;
mod part;
mod plan;
mod report;

use std::env;
use std::process::ExitCode;

use support::suite::Test;

/// Where the brokers' jars and the report are kept, under the build's own folder.
const CACHE: &str = env!("CARGO_TARGET_TMPDIR");

/// A transaction survives one of three.
const BROKERS: usize = 3;

fn main() -> ExitCode {
    let long = env::var("NEWSMILL_FAULTS").is_ok_and(|form| form == "long");
    let parts = if long { plan::long() } else { plan::short() };
    let tests = parts
        .into_iter()
        .map(|plan| {
            Test::with_own_brokers(plan.name.clone(), move |stage| {
                // Said at once: the runner tells reasons only after the last part, an hour later.
                part::run(stage, &plan).inspect_err(|error| println!("{}: {error:#}", plan.name))
            })
        })
        .collect();
    support::suite::run(env!("CARGO_BIN_EXE_newsmill"), CACHE, BROKERS, tests)
}
