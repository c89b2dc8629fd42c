//! The worker against a real Apache Kafka.
//!
//! One broker serves every test of this binary; `support::suite` says what happens where there can be none.

mod anew;
mod codecs;
mod commands;
mod harness;
mod hostile;
mod incidents;
mod kills;
mod memory;
mod outage;
mod prometheus;
mod rebalance;
mod redrive;
mod replay;
mod security;
mod shutdown;
mod slow;
mod start;
mod statics;
mod thousands;
mod trouble;

use std::env;
use std::process::ExitCode;

use support::worker::Guarantee;

/// What every promise is held under.
const GUARANTEES: [Guarantee; 2] = [Guarantee::AtLeastOnce, Guarantee::ExactlyOnce];

/// Where the broker's jars and what tests leave behind are kept, under the build's own folder.
const CACHE: &str = env!("CARGO_TARGET_TMPDIR");

fn main() -> ExitCode {
    if env::var_os(harness::HOLD_BROKER).is_some() {
        return harness::hold_broker();
    }
    let tests = [
        harness::tests(),
        thousands::tests(),
        codecs::tests(),
        commands::tests(),
        start::tests(),
        hostile::tests(),
        shutdown::tests(),
        rebalance::tests(),
        statics::tests(),
        kills::tests(),
        incidents::tests(),
        anew::tests(),
        trouble::tests(),
        slow::tests(),
        memory::tests(),
        outage::tests(),
        redrive::tests(),
        replay::tests(),
        security::tests(),
        prometheus::tests(),
    ];
    let tests = tests.into_iter().flatten().collect();
    support::suite::run(env!("CARGO_BIN_EXE_newsmill"), CACHE, 1, tests)
}
