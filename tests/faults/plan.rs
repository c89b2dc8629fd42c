//! Which faults a part inflicts, and how much it sends meanwhile.

use std::time::Duration;

use support::random::Random;
use support::scenario::Scenario;
use support::worker::Guarantee;

use crate::fault::{Fault, Phase};

/// Short enough that faults outlast it.
const SHORT_TRANSACTION: Duration = Duration::from_secs(15);

/// Longer than all brokers together are away, for the same reason for which the workers stand still before
/// (`Scene::kill_all_brokers`): a transaction whose time ran out meanwhile is aborted while the brokers start.
const LONG_TRANSACTION: Duration = Duration::from_secs(60);

/// One run with topics of its own.
#[derive(Clone)]
pub struct Plan {
    pub name: String,
    pub guarantee: Guarantee,
    pub seed: u64,
    pub records: usize,
    pub faults: Vec<Fault>,
    /// The transaction time-out of its workers.
    pub transaction: Duration,
}

/// 16 faults and 50,000 records, for every run of the tests.
pub fn short() -> Vec<Plan> {
    let seed = Scenario::seed();
    let mut random = Random::new(seed);
    let mut phases = Phase::ALL;
    random.shuffle(&mut phases);
    let exactly_once = vec![
        Fault::KillInTransaction(phases[0]),
        Fault::KillInTransaction(phases[1]),
        Fault::KillInTransaction(phases[2]),
        Fault::Zombie,
        Fault::Scale,
        Fault::KillBroker,
        Fault::MoveCoordinator,
        Fault::Isolate,
        Fault::CutConnections,
        Fault::Poison,
    ];
    let at_least_once = vec![
        Fault::KillWorker,
        Fault::KillUnacknowledged,
        Fault::Zombie,
        Fault::Scale,
        Fault::KillBroker,
        Fault::StallConnections,
    ];
    vec![
        part("short", Guarantee::ExactlyOnce, seed, 30_000, exactly_once),
        part(
            "short",
            Guarantee::AtLeastOnce,
            seed + 1,
            20_000,
            at_least_once,
        ),
    ]
}

/// Exactly once 128 faults and 1,000,000 records, at least once 30 faults and 120,000 records.
pub fn long() -> Vec<Plan> {
    let seed = Scenario::seed();
    let around = [
        Fault::KillWorker,
        Fault::KillUnacknowledged,
        Fault::Zombie,
        Fault::Scale,
        Fault::KillBroker,
        Fault::LoseBroker,
        Fault::StallBroker,
        Fault::MoveCoordinator,
        Fault::MoveLeader,
        Fault::Isolate,
        Fault::CutConnections,
        Fault::StallConnections,
        Fault::DelayConnections,
        Fault::Poison,
    ];
    let within = Phase::ALL.map(Fault::KillInTransaction);
    let brokers = [
        &[Fault::KillAllBrokers; 6][..],
        &[
            Fault::KillBroker,
            Fault::LoseBroker,
            Fault::StallBroker,
            Fault::MoveCoordinator,
            Fault::MoveLeader,
            Fault::Scale,
            Fault::CutConnections,
            Fault::Poison,
        ],
    ];
    let exactly_once = Guarantee::ExactlyOnce;
    let at_least_once = Guarantee::AtLeastOnce;
    let mut parts = Vec::new();
    for _ in 0..6 {
        parts.push((exactly_once, 150_000, [&around[..], &within].concat()));
    }
    parts.push((exactly_once, 100_000, brokers.concat()));
    for _ in 0..2 {
        let faults = [&around[..], &[Fault::KillAllBrokers]].concat();
        parts.push((at_least_once, 60_000, faults));
    }
    (0..)
        .zip(parts)
        .map(|(number, (guarantee, records, faults))| {
            let name = format!("long::{number}");
            part(&name, guarantee, seed + number, records, faults)
        })
        .collect()
}

fn part(
    name: &str,
    guarantee: Guarantee,
    seed: u64,
    records: usize,
    mut faults: Vec<Fault>,
) -> Plan {
    Random::new(seed).shuffle(&mut faults);
    let transaction = if faults.contains(&Fault::KillAllBrokers) {
        LONG_TRANSACTION
    } else {
        SHORT_TRANSACTION
    };
    Plan {
        name: format!("{name}::{}", guarantee.as_str()),
        guarantee,
        seed,
        records,
        faults,
        transaction,
    }
}
