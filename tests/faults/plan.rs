//! Which faults a part inflicts, and how much it sends meanwhile.

use support::random::Random;
use support::scenario::Scenario;
use support::worker::Guarantee;

use crate::fault::{Fault, Phase};

/// One run with topics of its own.
#[derive(Clone)]
pub struct Plan {
    pub name: String,
    pub guarantee: Guarantee,
    pub seed: u64,
    pub records: usize,
    pub faults: Vec<Fault>,
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

/// Exactly once 152 faults and 1,000,000 records, at least once 28 faults and 120,000 records.
pub fn long() -> Vec<Plan> {
    let seed = Scenario::seed();
    let around = [
        Fault::KillWorker,
        Fault::KillUnacknowledged,
        Fault::Zombie,
        Fault::Scale,
        Fault::KillBroker,
        Fault::KillAllBrokers,
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
    let exactly_once = (0..8).map(|number| {
        let faults = [&around[..], &within[..]].concat();
        part(
            &format!("long::{number}"),
            Guarantee::ExactlyOnce,
            seed + number,
            125_000,
            faults,
        )
    });
    let at_least_once = (8..10).map(|number| {
        part(
            &format!("long::{number}"),
            Guarantee::AtLeastOnce,
            seed + number,
            60_000,
            around.to_vec(),
        )
    });
    exactly_once.chain(at_least_once).collect()
}

fn part(
    name: &str,
    guarantee: Guarantee,
    seed: u64,
    records: usize,
    mut faults: Vec<Fault>,
) -> Plan {
    Random::new(seed).shuffle(&mut faults);
    Plan {
        name: format!("{name}::{}", guarantee.as_str()),
        guarantee,
        seed,
        records,
        faults,
    }
}
