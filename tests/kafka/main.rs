//! The worker against a real Apache Kafka.
//!
//! One broker serves every test of this binary; `support::suite` says what happens where there can be none.

mod harness;

use std::env;
use std::process::ExitCode;

/// Where the broker's jars and what tests leave behind are kept, under the build's own folder.
const CACHE: &str = env!("CARGO_TARGET_TMPDIR");

fn main() -> ExitCode {
    if env::var_os(harness::HOLD_BROKER).is_some() {
        return harness::hold_broker();
    }
    let mut tests = Vec::new();
    tests.extend(harness::tests());
    support::suite::run(env!("CARGO_BIN_EXE_newsmill"), CACHE, 1, tests)
}
