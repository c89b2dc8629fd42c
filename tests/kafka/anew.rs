//! An input topic that is deleted and made anew: it is read from its begin, or a person is asked.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Result, ensure};
use support::samples::Samples;
use support::scenario::{INPUT_PARTITIONS, Scenario};
use support::suite::{Stage, Test};
use support::wait;
use support::worker::{Guarantee, Worker};

use crate::GUARANTEES;
use crate::incidents::{read, send, wait_came_out, wait_position_lost};

const DEADLINE: Duration = Duration::from_secs(90);

pub fn tests() -> Vec<Test> {
    let mut tests = Vec::new();
    for (name, body) in [
        (
            "anew::a_shorter_topic_is_not_read_from_somewhere",
            shorter as fn(&Stage, Guarantee) -> Result<()>,
        ),
        ("anew::it_is_noticed_while_it_is_empty", meanwhile),
        ("anew::it_is_read_from_its_begin_if_nobody_ran", between),
    ] {
        tests.extend(Test::for_each_guarantee(name, &GUARANTEES, body));
    }
    tests
}

/// A topic that was deleted and made anew has fewer messages than the group has read.
fn shorter(stage: &Stage, guarantee: Guarantee) -> Result<()> {
    let scenario = Scenario::new(stage, stage.cluster()?, "anew", guarantee)?;
    let samples = Arc::new(Samples::short());
    scenario
        .observer
        .commit(&scenario.group, &scenario.input, &[1000; 4])?;
    let mut generator = scenario.generator(samples, 0, 37)?;
    generator.send(100)?;
    generator.flush()?;
    let mut worker = scenario.start("worker", scenario.config())?;
    wait_position_lost(&mut worker)?;
    let mut came_out = 0;
    read(&scenario, |_| came_out += 1)?;
    ensure!(came_out == 0, "{came_out} messages came out of nowhere");
    ensure!(worker.stop()?.success(), "a bad status at the end");
    Ok(())
}

/// A topic that is deleted and made anew under a running worker, which looks before there is anything new: it is read
/// from its begin, or the worker says that it does not know where to go on.
fn meanwhile(stage: &Stage, guarantee: Guarantee) -> Result<()> {
    let scenario = Scenario::new(stage, stage.cluster()?, "anew-meanwhile", guarantee)?;
    let mut worker = read_before_deletion(&scenario)?;
    make_anew(&scenario)?;
    let lost = |worker: &Worker| -> Result<bool> {
        Ok(worker.get("/readyz")?.body.contains("position_lost"))
    };
    // Before it has noticed, what is sent may fill the new topic beyond the old position.
    wait::until("the worker to notice", DEADLINE, || {
        worker.fail_if_ended()?;
        let events = worker.events()?;
        let assigned = events.iter().filter(|event| event.message() == "assigned");
        let committed = scenario
            .observer
            .committed(&scenario.group, &scenario.input)?;
        let begins_anew = assigned.count() > 1 && committed[0] == 0;
        Ok((begins_anew || lost(&worker)?).then_some(()))
    })?;
    send(&scenario, &scenario.input, 0, 60)?;
    if lost(&worker)? {
        wait_came_out(&scenario, &mut worker, 40)?;
    } else {
        wait_came_out(&scenario, &mut worker, 100)?;
    }
    ensure!(worker.stop()?.success(), "a bad status at the end");
    Ok(())
}

/// With its topic Kafka forgets where the group stood in it.
fn between(stage: &Stage, guarantee: Guarantee) -> Result<()> {
    let scenario = Scenario::new(stage, stage.cluster()?, "anew-between", guarantee)?;
    let mut worker = read_before_deletion(&scenario)?;
    ensure!(worker.stop()?.success(), "a bad status at the end");
    make_anew(&scenario)?;
    // More than there were: the old position exists in the new topic.
    send(&scenario, &scenario.input, 0, 60)?;
    let mut worker = scenario.start("worker-again", scenario.config())?;
    wait_came_out(&scenario, &mut worker, 100)
}

/// A worker that has read the 40 messages of the input topic.
fn read_before_deletion(scenario: &Scenario) -> Result<Worker> {
    let config = scenario.config().with(
        "kafka.properties.topic.metadata.refresh.interval.ms",
        "1000",
    );
    let mut worker = scenario.start("worker", config)?;
    send(scenario, &scenario.input, 0, 40)?;
    wait_came_out(scenario, &mut worker, 40)?;
    scenario.wait_drained([&mut worker], DEADLINE)?;
    Ok(worker)
}

fn make_anew(scenario: &Scenario) -> Result<()> {
    scenario.observer.delete_topics(&[&scenario.input])?;
    wait::until("the topic to be gone", DEADLINE, || {
        let gone = scenario.observer.in_sync(&scenario.input).is_err();
        Ok(gone.then_some(()))
    })?;
    let replication = scenario.cluster.replication();
    scenario
        .observer
        .create_topic(&scenario.input, INPUT_PARTITIONS, replication, &[])
}
