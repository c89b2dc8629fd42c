//! The group's word on partitions: taken over from where the group stands, given up when what is in work is settled.
//!
//! librdkafka waits, with everything paused, until the loop answers. What has left is settled first, since the
//! partition's next owner would do it again; what is only read or computed is dropped at once, since doing it again
//! costs nothing but time, and waiting for it would keep the whole group standing.

use std::time::{Duration, Instant};

use rdkafka::error::RDKafkaErrorCode;

use super::life::{Interrupt, Life};
use crate::stream::config::{GroupProtocol, Settings};
use crate::stream::delivery::Trouble;
use crate::stream::health::NotReady;
use crate::stream::positions::starts;
use crate::stream::state::Source;

/// Something that librdkafka waits to be answered.
#[derive(Clone)]
pub enum Rebalance {
    Assigned {
        sources: Vec<Source>,
    },
    Revoked {
        sources: Vec<Source>,
        since: Instant,
        /// Messages that were read and not emitted.
        dropped: usize,
    },
}

impl Rebalance {
    pub fn assigned(sources: Vec<Source>) -> Self {
        Rebalance::Assigned { sources }
    }
}

impl Life<'_> {
    /// Partitions are to be given up: nothing more of them is taken or emitted.
    pub(super) fn revoked(&mut self, sources: Vec<Source>, now: Instant) {
        let dropped = sources
            .iter()
            .map(|source| self.state.drop_unemitted(*source))
            .sum();
        self.rebalances.push_back(Rebalance::Revoked {
            sources,
            since: now,
            dropped,
        });
    }

    /// Partitions that wait to be given up.
    pub(super) fn being_revoked(&self) -> Vec<Source> {
        self.rebalances
            .iter()
            .flat_map(|rebalance| match rebalance {
                Rebalance::Revoked { sources, .. } => sources.as_slice(),
                Rebalance::Assigned { .. } => &[],
            })
            .copied()
            .collect()
    }

    /// Answers the oldest rebalance, if it can be answered yet.
    pub(super) fn answer_rebalance(&mut self, now: Instant) -> Result<(), Interrupt> {
        // It stays in the queue until it is answered: a rewind meanwhile must know what is being revoked.
        let answered = match self.rebalances.front().cloned() {
            None => return Ok(()),
            Some(Rebalance::Assigned { sources }) => self.assign(&sources)?,
            Some(Rebalance::Revoked {
                sources,
                since,
                dropped,
            }) => self.give_up(&sources, since, dropped, now)?,
        };
        if answered {
            self.rebalances.pop_front();
        }
        Ok(())
    }

    /// Takes partitions over; `false` if the broker did not say yet where to read them from.
    fn assign(&mut self, sources: &[Source]) -> Result<bool, Trouble> {
        let start_from = self.worker.settings.delivery.start_from;
        let starts = match starts(&self.consumer, start_from, &self.beginnings, sources) {
            Ok(starts) => starts,
            Err(error) => {
                self.unreachable(&format!("cannot read the group's offsets: {error}"));
                return Ok(false);
            }
        };
        for (source, next_offset) in &starts.offsets {
            self.state.assign(*source, *next_offset);
        }
        self.consumer
            .assign(&starts.offsets)
            .map_err(|error| Trouble::rebuild("assign", &error))?;
        self.new_starts.extend(starts.new);
        self.worker.metrics.rebalances_total.inc();
        self.worker.health.clear(NotReady::NotJoined);
        self.reachable();
        tracing::info!(
            partitions = %self.show(sources),
            held = self.state.sources().count(),
            "assigned"
        );
        Ok(true)
    }

    /// Gives partitions up once what has left of them is settled, or the budget for that is spent; `false`: not yet.
    fn give_up(
        &mut self,
        sources: &[Source],
        since: Instant,
        dropped: usize,
        now: Instant,
    ) -> Result<bool, Trouble> {
        let lost = self.consumer.assignment_lost()
            || (self.delivery.settles_by_commit() && self.consumer.group().is_none());
        self.new_starts
            .retain(|(source, _)| !sources.contains(source));
        if !lost {
            self.settle(now)?;
            let settled = sources.iter().all(|source| self.state.is_settled(*source));
            if !settled && now.duration_since(since) < drain_budget(&self.worker.settings) {
                return Ok(false);
            }
        } else if self.delivery.settles_by_commit() && self.state.emitted_messages() > 0 {
            // Others may be at work on them already. The rewind takes them out of the state, and this is asked again.
            return Err(Trouble::Rewind {
                what: "rebalance",
                code: RDKafkaErrorCode::AssignmentLost,
            });
        }
        let unsettled: usize = sources
            .iter()
            .map(|source| self.state.in_flight(*source))
            .sum();
        for source in sources {
            self.state.remove(*source);
            self.forget_lag(*source);
        }
        self.suspects.retain(|source| !sources.contains(source));
        self.positions_lost
            .retain(|source| !sources.contains(source));
        self.show_positions_lost();
        self.reader
            .give_up(&self.consumer, sources)
            .and_then(|()| self.consumer.unassign(sources))
            .map_err(|error| Trouble::rebuild("unassign", &error))?;
        if lost {
            let detail = "the group took the partitions away; joining again";
            self.worker.health.set(NotReady::NotJoined, detail);
        }
        let seconds = now.duration_since(since).as_secs_f64();
        self.worker.metrics.rebalances_total.inc();
        self.worker.metrics.rebalance_seconds.observe(seconds);
        tracing::info!(
            partitions = %self.show(sources),
            held = self.state.sources().count(),
            lost,
            dropped,
            unsettled,
            drain_ms = now.duration_since(since).as_millis() as u64,
            "revoked"
        );
        if !self.delivery.settles_by_commit() && unsettled > 0 {
            // They would still be written, behind what their next owner writes: out of order. A producer that is
            // dropped drops them.
            return Err(Trouble::Rebuild {
                what: "drain",
                code: RDKafkaErrorCode::OperationTimedOut,
            });
        }
        Ok(true)
    }

    /// The broker does not have some partition's position; librdkafka does not say which, and stops fetching it.
    pub(super) fn suspect_positions(&mut self) {
        self.suspects = self
            .state
            .sources()
            .filter(|source| !self.positions_lost.contains(source))
            .collect();
    }

    /// Asks about one suspect: if its position is lost, it is left alone.
    ///
    /// Never a silent jump: what stands between would be lost, or done again. The person who knows decides.
    pub(super) fn look_at_suspects(&mut self) -> Result<(), Trouble> {
        let Some(source) = self.suspects.pop_front() else {
            return Ok(());
        };
        let Some(next_offset) = self.state.next_to_read(source) else {
            return Ok(());
        };
        let (low, high) = match self.consumer.watermarks(source) {
            Ok(watermarks) => watermarks,
            Err(error) => {
                self.unreachable(&error.to_string());
                self.suspects.push_back(source);
                return Ok(());
            }
        };
        if (low..=high).contains(&next_offset) {
            if self.suspects.is_empty() && self.positions_lost.is_empty() {
                // None of them: the log has changed meanwhile. Only a new assignment makes the client fetch again.
                return Err(Trouble::Rebuild {
                    what: "position",
                    code: RDKafkaErrorCode::AutoOffsetReset,
                });
            }
            return Ok(());
        }
        tracing::error!(
            partition = %self.show(&[source]),
            next_offset,
            first_offset = low,
            end_offset = high,
            "position lost: the partition is not read until the group's offset is one that exists; stop all replicas \
             of the group, set the offset with kafka-consumer-groups --reset-offsets (--to-earliest reads all that is \
             left, --to-latest skips it), and start them again"
        );
        self.state.stop_reading(source);
        self.positions_lost.insert(source);
        self.show_positions_lost();
        Ok(())
    }

    fn show_positions_lost(&self) {
        let health = &self.worker.health;
        if self.positions_lost.is_empty() {
            health.clear(NotReady::PositionLost);
        } else {
            let lost: Vec<Source> = self.positions_lost.iter().copied().collect();
            health.set(NotReady::PositionLost, self.show(&lost));
        }
    }

    /// Partitions for people: `articles.raw/0, articles.raw/3`.
    pub(super) fn show(&self, sources: &[Source]) -> String {
        let names: Vec<String> = sources
            .iter()
            .map(|source| format!("{}/{}", self.worker.topics.name(*source), source.partition))
            .collect();
        names.join(", ")
    }
}

/// How long partitions may drain before they are given up: a third of what the coordinators allow, so that the commit
/// and the answer fit in as well.
fn drain_budget(settings: &Settings) -> Duration {
    let properties = settings.kafka.consumer();
    let property = |name: &str, default_ms: u64| {
        let given = properties.get(name).and_then(|value| value.parse().ok());
        Duration::from_millis(given.unwrap_or(default_ms))
    };
    let member = match settings.kafka.protocol() {
        GroupProtocol::Classic => property("session.timeout.ms", 45_000),
        GroupProtocol::Consumer => property("max.poll.interval.ms", 60_000),
    };
    member.min(settings.transaction_timeout()) / 3
}
