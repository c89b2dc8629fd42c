//! A part: topics of its own, a fleet, faults one after the other, and the checker at the end.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use support::feeder::Feeder;
use support::random::Random;
use support::samples::Samples;
use support::scenario::Scenario;
use support::suite::Stage;

use crate::fleet::Fleet;
use crate::inflict::{Scene, WORKERS};
use crate::plan::Plan;
use crate::report::{self, Row};

/// Broken articles among those that are sent anyway, in a thousand.
const BROKEN: u64 = 10;

/// Messages every ten milliseconds that come whatever happens: no worker is idle, and few of a part's messages are
/// spent on it.
const STREAM: usize = 1;

/// How long nothing may be committed once nothing is wrong any more.
const DRAIN: Duration = Duration::from_secs(180);

/// How often a fault that met no work is tried again.
const TRIES: usize = 3;

/// Runs a part; the logs of one that failed are kept.
pub fn run(stage: &Stage, plan: &Plan) -> Result<()> {
    println!(
        "{}: seed {}, faults {:?}",
        plan.name, plan.seed, plan.faults
    );
    let name = plan.name.replace("::", "-");
    let scenario = Scenario::new(stage, stage.cluster()?, &name, plan.guarantee)?;
    play(&scenario, plan).or_else(|error| {
        let kept = stage.keep(&scenario.folder, &format!("{name}-{}", plan.seed))?;
        Err(error.context(format!("its logs are kept in {}", kept.display())))
    })
}

fn play(scenario: &Scenario<'_>, plan: &Plan) -> Result<()> {
    let start = Instant::now();
    let samples = Arc::new(Samples::short());
    let generator = scenario.generator(samples.clone(), BROKEN, plan.seed)?;
    let mut scene = Scene {
        scenario,
        fleet: Fleet::new(scenario, plan.transaction),
        feeder: Feeder::start(generator, STREAM),
        random: Random::new(plan.seed),
        // Each fault has its share; some of them send more while they last.
        burst: plan.records / plan.faults.len() / 2,
    };
    for _ in 0..WORKERS {
        scene.fleet.join()?;
    }
    scene.fleet.wait_ready()?;

    let mut row = Row::new(plan);
    for fault in &plan.faults {
        let mut counted = false;
        for _ in 0..TRIES {
            let began = start.elapsed().as_secs();
            let hit = scene
                .inflict(*fault)
                .with_context(|| format!("{fault:?}, seed {}", plan.seed))?;
            counted = hit.counts();
            println!(
                "{began:4} s {fault:?}: {hit}{}",
                if counted { "" } else { " (does not count)" }
            );
            row.add(*fault, counted, &hit);
            if counted {
                break;
            }
        }
        ensure!(counted, "{fault:?} met no work in {TRIES} tries");
    }

    let Scene {
        mut fleet, feeder, ..
    } = scene;
    let sent = feeder.finish(plan.records)?;
    scenario.wait_drained(fleet.workers(), DRAIN)?;
    while fleet.len() > 0 {
        fleet.leave()?;
    }
    let findings = scenario.check(&samples, sent)?;
    println!("{findings}");
    let held = findings.hold(plan.guarantee);
    row.finish(findings, start.elapsed());
    report::write(&row)?;
    scenario.delete_topics()?;
    held
}
