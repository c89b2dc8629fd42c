//! The inbox, emptied: outcomes, the brokers' word on them, the group's word, the clients' own troubles.

use std::time::Instant;

use rdkafka::error::RDKafkaErrorCode;

use super::life::{Interrupt, Life};
use super::rebalance::Rebalance;
use crate::stream::delivery::Trouble;
use crate::stream::event::{Client, Event};
use crate::stream::health::NotReady;
use crate::stream::kafka::errors::is_unauthorized;
use crate::stream::state::NextOffset;

/// Events handled between two looks at everything else.
const EVENTS: usize = 2048;

impl Life<'_> {
    pub(super) fn take_events(&mut self, now: Instant) -> Result<usize, Interrupt> {
        let mut count = 0;
        let mut settled: Vec<NextOffset> = Vec::new();
        let mut trouble = None;
        while count < EVENTS
            && let Some(event) = self.next_event()
        {
            count += 1;
            match event {
                Event::Delivered {
                    ticket,
                    result: Ok(()),
                } => settled.extend(self.state.acknowledge(ticket)),
                event => {
                    if let Err(found) = self.take(event, now) {
                        trouble = Some(found);
                        break;
                    }
                }
            }
        }
        if !settled.is_empty() {
            // Of several offsets of one partition the last is the highest, and the list keeps one a partition.
            settled.reverse();
            settled.sort_by_key(|(source, _)| *source);
            settled.dedup_by_key(|(source, _)| *source);
            self.delivery
                .settle(&self.consumer, &settled, now, &mut || true)?;
            self.settled(now);
        }
        trouble.map_or(Ok(count), Err)
    }

    fn next_event(&mut self) -> Option<Event> {
        self.deferred
            .pop_front()
            .or_else(|| self.worker.inbox.next())
    }

    fn take(&mut self, event: Event, now: Instant) -> Result<(), Interrupt> {
        match event {
            Event::Consumable => {}
            Event::Done { ticket, handled } => {
                self.state.done(ticket, handled, now);
            }
            Event::Delivered { ticket, result } => {
                if let Err(code) = result
                    && self.note_failure(ticket, code)
                {
                    let what = "delivery";
                    return Err(Trouble::Rewind { what, code }.into());
                }
            }
            Event::Assigned(sources) => self.rebalances.push_back(Rebalance::assigned(sources)),
            Event::Revoked(sources) => self.revoked(sources, now),
            Event::PollFailed(code) => return self.read_error(code),
            Event::Committed(result) => self.observer.committed(&self.worker.metrics, result),
            Event::Statistics { client, statistics } => self.take_statistics(client, &statistics),
            Event::Client {
                client,
                code,
                reason,
            } => return self.client_trouble(client, code, &reason),
        }
        Ok(())
    }

    /// What a client says about itself, outside of any call.
    fn client_trouble(
        &mut self,
        client: Client,
        code: RDKafkaErrorCode,
        reason: &str,
    ) -> Result<(), Interrupt> {
        match code {
            RDKafkaErrorCode::Fatal => {
                tracing::warn!(?client, reason, "a kafka client failed for good");
                let what = match client {
                    Client::Consumer => "consumer",
                    Client::Producer => "producer",
                };
                return Err(Trouble::Rebuild { what, code }.into());
            }
            RDKafkaErrorCode::AllBrokersDown => self.unreachable(reason),
            RDKafkaErrorCode::Authentication
            | RDKafkaErrorCode::SaslAuthenticationFailed
            | RDKafkaErrorCode::SSL
            | RDKafkaErrorCode::Resolve => {
                tracing::warn!(?client, %code, reason, "a kafka client cannot connect");
                self.unreachable(reason);
            }
            code if is_unauthorized(code) => self.right_missing(code, reason),
            // A connection that failed: librdkafka has logged it itself, and goes on trying.
            RDKafkaErrorCode::BrokerTransportFailure => {}
            _ => tracing::warn!(?client, %code, reason, "a kafka client reports trouble"),
        }
        Ok(())
    }
    /// The broker lets us not do something: waited for, and said.
    pub(super) fn right_missing(&self, code: RDKafkaErrorCode, reason: &str) {
        tracing::warn!(%code, reason, "a right is missing: `newsmill check` says which; waiting");
        let health = &self.worker.health;
        let reasons = health.not_ready();
        if reasons.iter().any(|(why, _)| *why == NotReady::NotJoined) {
            health.set(NotReady::NotJoined, reason);
        }
    }
}
