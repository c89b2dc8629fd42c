//! The workers of a part.

use std::time::Duration;

use anyhow::{Context, Result};
use support::scenario::Scenario;
use support::wait;
use support::worker::{Config, Worker};

/// How long a worker may take to be ready again after a fault: session and transaction time-outs, the brokers'
/// restart, and what two cores add to it.
const READY: Duration = Duration::from_secs(120);

/// A worker under a name that its successors take over.
pub struct Member {
    name: String,
    lives: usize,
    pub worker: Worker,
}

/// Workers of one group.
pub struct Fleet<'a> {
    scenario: &'a Scenario<'a>,
    /// The transaction time-out of every worker.
    transaction: Duration,
    members: Vec<Member>,
    names: usize,
}

impl<'a> Fleet<'a> {
    pub fn new(scenario: &'a Scenario<'a>, transaction: Duration) -> Fleet<'a> {
        Fleet {
            scenario,
            transaction,
            members: Vec::new(),
            names: 0,
        }
    }

    pub fn len(&self) -> usize {
        self.members.len()
    }

    pub fn member(&mut self, index: usize) -> &mut Member {
        &mut self.members[index]
    }

    /// Every second worker has a stable name, which makes it a static member.
    pub fn join(&mut self) -> Result<()> {
        let name = format!("worker-{}", self.names);
        self.names += 1;
        let worker = self
            .scenario
            .start(&format!("{name}-0"), self.config(&name))?;
        self.members.push(Member {
            name,
            lives: 1,
            worker,
        });
        Ok(())
    }

    /// The last worker ends as it should.
    pub fn leave(&mut self) -> Result<()> {
        let mut member = self.members.pop().context("no worker is left")?;
        let status = member.worker.stop()?;
        anyhow::ensure!(status.success(), "{} ended with {status}", member.name);
        Ok(())
    }

    /// A successor of a worker that is dead.
    pub fn revive(&mut self, index: usize) -> Result<()> {
        let config = self.config(&self.members[index].name);
        let member = &mut self.members[index];
        let life = format!("{}-{}", member.name, member.lives);
        member.worker = self.scenario.start(&life, config)?;
        member.lives += 1;
        Ok(())
    }

    /// Waits until every worker is ready; a group that stands without assignment is told with its state.
    pub fn wait_ready(&mut self) -> Result<()> {
        for member in &mut self.members {
            member.worker.wait_ready(READY).with_context(|| {
                let group = self.scenario.observer.describe(&self.scenario.group);
                format!("{} after a fault; group {group:?}", member.name)
            })?;
        }
        Ok(())
    }

    /// Waits until every worker holds a partition.
    pub fn wait_assigned(&mut self) -> Result<()> {
        for member in &mut self.members {
            let name = &member.name;
            let assigned = wait::until(format!("a partition for {name}"), READY, || {
                member.worker.fail_if_ended()?;
                Ok((member.worker.partitions()? > 0).then_some(()))
            });
            assigned.with_context(|| {
                let group = self.scenario.observer.describe(&self.scenario.group);
                format!("group {group:?}")
            })?;
        }
        Ok(())
    }

    /// Bytes that all workers together have in flight.
    pub fn in_flight_bytes(&self) -> f64 {
        self.members
            .iter()
            .filter_map(|member| member.worker.in_flight_bytes().ok())
            .sum()
    }

    pub fn workers(&mut self) -> impl Iterator<Item = &mut Worker> {
        self.members.iter_mut().map(|member| &mut member.worker)
    }

    fn config(&self, name: &str) -> Config {
        let config = self
            .scenario
            .proxied_config()
            .with("log.level", "debug")
            .with(
                "delivery.transaction_timeout_ms",
                self.transaction.as_millis() as i64,
            )
            // Poison may open it; it must not stand for the rest of the part.
            .with("delivery.breaker.pause_ms", 500);
        match name.ends_with(['0', '2', '4', '6', '8']) {
            true => config.with("delivery.instance_id", name),
            false => config,
        }
    }
}
