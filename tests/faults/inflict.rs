//! Carrying out a fault: wait until it can hit something, inflict it, mend it, wait until the workers are well again.

use std::time::Duration;

use anyhow::{Context, Result};
use support::feeder::Feeder;
use support::proxy::Weather;
use support::random::Random;
use support::scenario::Scenario;
use support::wait;
use support::worker::Guarantee;

use crate::evidence::{self, Hit};
use crate::fault::{Fault, Phase};
use crate::fleet::Fleet;

/// The session time-out of every worker (`Scenario::config`).
const SESSION: Duration = Duration::from_secs(6);

/// What outlasts the session and the shorter of the transaction time-outs.
const LONGER: Duration = Duration::from_secs(19);

/// How long the markers of a transaction are under way: milliseconds, and what a machine under load adds. Shorter than
/// the session.
const MARKERS: Duration = Duration::from_secs(2);

/// Workers between two faults.
pub const WORKERS: usize = 2;

/// How long the brokers may take to be in sync again after a restart.
const IN_SYNC: Duration = Duration::from_secs(120);

/// How long a phase of a transaction may be waited for: there are ten transactions a second.
const PHASE: Duration = Duration::from_secs(20);

/// A part in progress.
pub struct Scene<'a> {
    pub scenario: &'a Scenario<'a>,
    pub fleet: Fleet<'a>,
    pub feeder: Feeder,
    pub random: Random,
    /// Messages that are sent when a fault is about to come.
    pub burst: usize,
}

impl Scene<'_> {
    /// Inflicts a fault, and says what it hit.
    pub fn inflict(&mut self, fault: Fault) -> Result<Hit> {
        let mut hit = evidence::when_busy(self.scenario, &self.fleet, &self.feeder, self.burst)?;
        match fault {
            Fault::KillWorker => self.kill_worker(&mut hit)?,
            Fault::KillUnacknowledged => self.kill_unacknowledged(&mut hit)?,
            Fault::KillInTransaction(phase) => self.kill_in_transaction(phase, &mut hit)?,
            Fault::Zombie => self.zombie(&mut hit)?,
            Fault::Scale => self.scale(&mut hit)?,
            Fault::KillBroker => {
                let broker = self.leader(&self.scenario.output, &mut hit)?;
                self.scenario.cluster.broker(broker).kill()?;
                self.pass(1, 6)?;
                self.scenario.cluster.broker(broker).start()?;
            }
            Fault::LoseBroker => {
                let broker = self.leader(&self.scenario.output, &mut hit)?;
                self.scenario.cluster.broker(broker).kill()?;
                self.feeder.burst(self.burst)?;
                wait::endure(LONGER);
                self.scenario.cluster.broker(broker).start()?;
            }
            Fault::KillAllBrokers => self.kill_all_brokers()?,
            Fault::StallBroker => {
                let broker = self.leader(&self.scenario.output, &mut hit)?;
                self.scenario.cluster.broker(broker).stand_still()?;
                self.pass(5, 9)?;
                self.scenario.cluster.broker(broker).go_on()?;
            }
            Fault::MoveCoordinator => {
                let broker = self.coordinator(&mut hit)?;
                self.restart(broker)?;
            }
            Fault::MoveLeader => {
                let broker = self.leader(&self.scenario.output, &mut hit)?;
                self.restart(broker)?;
            }
            Fault::Isolate => {
                self.weather(Weather::Stalled, LONGER, &mut hit);
            }
            Fault::CutConnections => {
                let time = Duration::from_millis(self.random.between(10, 3_000));
                self.weather(Weather::Cut, time, &mut hit);
            }
            Fault::StallConnections => {
                let time = Duration::from_millis(self.random.between(1_000, 8_000));
                self.weather(Weather::Stalled, time, &mut hit);
            }
            Fault::DelayConnections => {
                let delay = Duration::from_millis(self.random.between(50, 300));
                self.weather(Weather::Delayed(delay), Duration::from_secs(6), &mut hit);
            }
            Fault::Poison => {
                let messages = self.random.between(50, 400) as usize;
                self.feeder.poison(messages)?;
                hit.detail = format!("{messages} messages");
            }
        }
        self.recover()?;
        Ok(hit)
    }

    /// Waits until brokers and workers are well again.
    fn recover(&mut self) -> Result<()> {
        self.scenario.cluster.wait_ready()?;
        let scenario = self.scenario;
        let topics = [
            &scenario.input,
            &scenario.output,
            &scenario.dead_letters,
            "__consumer_offsets",
        ];
        for topic in topics {
            wait::until(format!("the replicas of {topic}"), IN_SYNC, || {
                Ok(scenario
                    .observer
                    .in_sync(topic)
                    .unwrap_or(false)
                    .then_some(()))
            })?;
        }
        self.fleet.wait_ready()
    }

    /// Under exactly-once the workers stand still first, their transactions open, until no marker is under way: brokers
    /// that start with no living one among them find the transactions whose markers were, and drop these, since they do
    /// not know their topics yet. That is their own fault, and would void the part.
    fn kill_all_brokers(&mut self) -> Result<()> {
        let cluster = self.scenario.cluster;
        // Brokers that are all gone at once can forget what an idempotent producer wrote, and take it twice.
        let _rest = self.feeder.rest()?;
        let exactly_once = self.scenario.guarantee == Guarantee::ExactlyOnce;
        if exactly_once {
            for worker in self.fleet.workers() {
                worker.process().stand_still()?;
            }
            wait::endure(MARKERS);
        }
        for broker in 1..=cluster.size() {
            cluster.broker(broker).kill()?;
        }
        if exactly_once {
            for worker in self.fleet.workers() {
                worker.process().go_on()?;
            }
        }
        wait::endure(SESSION + Duration::from_secs(2));
        for broker in 1..=cluster.size() {
            cluster.broker(broker).start()?;
        }
        cluster.wait_ready()
    }

    fn kill_worker(&mut self, hit: &mut Hit) -> Result<()> {
        let victim = self.victim();
        self.fleet.member(victim).worker.kill()?;
        self.note_after_kill(hit)?;
        self.fleet.revive(victim)
    }

    fn kill_unacknowledged(&mut self, hit: &mut Hit) -> Result<()> {
        let victim = self.victim();
        let coordinator = self.coordinator(hit)?;
        let observer = &self.scenario.observer;
        let broker = wait::until("a leader beside the coordinator", IN_SYNC, || {
            let leaders = observer.leaders(&self.scenario.output)?;
            let mut ids = leaders.iter().filter_map(|id| usize::try_from(*id).ok());
            Ok(ids.find(|id| *id != coordinator))
        })?;
        let cluster = self.scenario.cluster;
        cluster.broker(broker).stand_still()?;
        self.feeder.burst(self.burst)?;
        // Longer than the second between two commits, shorter than the broker's session.
        wait::endure(Duration::from_millis(self.random.between(1_200, 2_500)));
        let in_flight = self.fleet.member(victim).worker.in_flight_bytes()?;
        self.fleet.member(victim).worker.kill()?;
        cluster.broker(broker).go_on()?;
        self.note_after_kill(hit)?;
        hit.in_flight = in_flight;
        hit.detail = format!("broker {broker} stood still");
        self.fleet.revive(victim)
    }

    fn kill_in_transaction(&mut self, phase: Phase, hit: &mut Hit) -> Result<()> {
        let victim = self.victim();
        let mut tail = self.fleet.member(victim).worker.tail()?;
        let feeder = &self.feeder;
        let burst = self.burst;
        wait::closely(phase.event(), PHASE, || {
            let seen = tail
                .events()?
                .iter()
                .any(|event| event.message() == phase.event());
            Ok(seen.then_some(()))
        })
        .or_else(|_| {
            // It may have had nothing to do: other workers have the partitions that are being written to.
            feeder.burst(burst)?;
            wait::closely(phase.event(), PHASE, || {
                let seen = tail
                    .events()?
                    .iter()
                    .any(|event| event.message() == phase.event());
                Ok(seen.then_some(()))
            })
        })?;
        self.fleet.member(victim).worker.kill()?;
        self.note_after_kill(hit)?;
        let last = self.fleet.member(victim).worker.events()?;
        let last = last
            .iter()
            .rev()
            .find(|event| event.message().starts_with("transaction "))
            .context("no transaction in its log")?;
        hit.in_transaction = last.message() != Phase::Committed.event();
        hit.detail = format!(
            "aimed at \"{}\", last words \"{}\"",
            phase.event(),
            last.message()
        );
        self.fleet.revive(victim)
    }

    /// What a dead worker left behind is worth more than what was seen before.
    fn note_after_kill(&self, hit: &mut Hit) -> Result<()> {
        let after = evidence::measure(self.scenario, &self.fleet)?;
        hit.lag = after.lag;
        hit.open_transactions = after.open_transactions;
        Ok(())
    }

    fn zombie(&mut self, hit: &mut Hit) -> Result<()> {
        // One that has just lost its session holds nothing from which it could be fenced.
        self.fleet.wait_assigned()?;
        *hit = evidence::when_busy(self.scenario, &self.fleet, &self.feeder, self.burst)?;
        let victim = self.victim();
        // One that a fault before has just put out of the group would have nothing to notice.
        let worker = &mut self.fleet.member(victim).worker;
        worker.wait_ready(Duration::from_secs(60))?;
        worker.process().stand_still()?;
        let before = self
            .scenario
            .observer
            .committed(&self.scenario.group, &self.scenario.input)?;
        self.feeder.burst(self.burst)?;
        wait::endure(SESSION);
        // The others own its partitions once every partition moves on without it.
        let taken = wait::until(
            "the others to take its partitions",
            Duration::from_secs(60),
            || {
                let now = self
                    .scenario
                    .observer
                    .committed(&self.scenario.group, &self.scenario.input)?;
                Ok(now
                    .iter()
                    .zip(&before)
                    .all(|(now, before)| now > before)
                    .then_some(()))
            },
        );
        let mut tail = self.fleet.member(victim).worker.tail()?;
        self.fleet.member(victim).worker.process().go_on()?;
        taken?;
        let noticed = wait::until("the zombie to notice", Duration::from_secs(60), || {
            let events = tail.events()?;
            let noticed = events.iter().find(|event| {
                let message = event.message();
                [
                    "revoked",
                    "rewinding",
                    "rebuilding the kafka clients",
                    "assigned",
                ]
                .contains(&message)
            });
            Ok(noticed.map(|event| event.message().to_owned()))
        })?;
        if noticed == "assigned" {
            // Its session ended between the look and the stop: it held nothing, and the fault is to be tried again.
            *hit = Hit::default();
        }
        hit.detail = format!("after SIGCONT it logged \"{noticed}\"");
        Ok(())
    }

    fn scale(&mut self, hit: &mut Hit) -> Result<()> {
        while self.fleet.len() > 1 {
            self.fleet.leave()?;
        }
        let mut lags = Vec::new();
        while self.fleet.len() < 4 {
            self.feeder.burst(self.burst / 4)?;
            self.fleet.join()?;
            lags.push(
                self.scenario
                    .observer
                    .lag(&self.scenario.group, &self.scenario.input)?,
            );
        }
        self.fleet.wait_assigned()?;
        while self.fleet.len() > 1 {
            self.feeder.burst(self.burst / 4)?;
            self.fleet.leave()?;
            lags.push(
                self.scenario
                    .observer
                    .lag(&self.scenario.group, &self.scenario.input)?,
            );
        }
        while self.fleet.len() < WORKERS {
            self.fleet.join()?;
        }
        hit.detail = format!("lag at each step {lags:?}");
        Ok(())
    }

    /// A clean stop and a start: leaders move away and come back.
    fn restart(&mut self, broker: usize) -> Result<()> {
        self.scenario.cluster.broker(broker).stop()?;
        self.scenario.cluster.broker(broker).start()
    }

    fn weather(&self, weather: Weather, time: Duration, hit: &mut Hit) {
        let proxies = self.scenario.cluster.proxies();
        let open: usize = proxies.iter().map(|proxy| proxy.set(weather)).sum();
        wait::endure(time);
        for proxy in proxies {
            proxy.set(Weather::Clear);
        }
        hit.detail = format!("{open} connections for {} ms", time.as_millis());
    }

    /// The broker that leads one of the topic's partitions.
    fn leader(&mut self, topic: &str, hit: &mut Hit) -> Result<usize> {
        let leaders = self.scenario.observer.leaders(topic)?;
        let broker = *self.random.pick(&leaders);
        let led = leaders.iter().filter(|leader| **leader == broker).count();
        hit.detail = format!(
            "broker {broker}, leader of {led} of {} output partitions",
            leaders.len()
        );
        usize::try_from(broker).context("a partition has no leader")
    }

    /// The broker that leads the group's partition of the offsets topic.
    fn coordinator(&self, hit: &mut Hit) -> Result<usize> {
        let leaders = self.scenario.observer.leaders("__consumer_offsets")?;
        let partition = java_hash(&self.scenario.group) as usize % leaders.len();
        let broker = leaders[partition];
        hit.detail = format!("broker {broker}, the group's coordinator");
        usize::try_from(broker).context("the offsets topic has no leader")
    }

    fn victim(&mut self) -> usize {
        self.random.between(0, self.fleet.len() as u64) as usize
    }

    /// Lets some seconds pass.
    fn pass(&mut self, at_least: u64, less_than: u64) -> Result<()> {
        let time = self.random.between(at_least * 1_000, less_than * 1_000);
        wait::endure(Duration::from_millis(time));
        Ok(())
    }
}

/// Java's `String.hashCode` without its sign, by which Kafka finds a group's partition of the offsets topic.
fn java_hash(text: &str) -> u32 {
    let hash = text.encode_utf16().fold(0_u32, |hash, unit| {
        hash.wrapping_mul(31).wrapping_add(u32::from(unit))
    });
    hash & 0x7fff_ffff
}
