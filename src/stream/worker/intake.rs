//! Intake: from the consumer into the state, and on to the CPU threads.

use std::time::Instant;

use rdkafka::error::RDKafkaErrorCode;

use super::Error;
use super::life::{Interrupt, Life};
use crate::stream::delivery::Trouble;
use crate::stream::kafka::errors::{ConsumerPolicy, consumer_policy, is_unauthorized};

/// Rewinds without progress after which a consumer's error is one that reading again does not mend.
const MAX_READ_AGAIN: u32 = 10;

impl Life<'_> {
    pub(super) fn read(&mut self, now: Instant) -> Result<usize, Interrupt> {
        let held = self.draining.is_some();
        let metrics = &self.worker.metrics;
        let round = self
            .reader
            .read(&self.consumer, &mut self.state, metrics, held, now)
            .map_err(|error| Trouble::rebuild("read", &error))?;
        if round.messages > 0 {
            self.reachable();
        }
        if let Some(code) = round.error {
            self.read_error(code)?;
        }
        Ok(round.messages)
    }

    /// Hands to the CPU threads what there is room for.
    pub(super) fn compute(&mut self) {
        while let Some((ticket, message)) = self.state.next_to_compute() {
            self.worker.pool.compute(ticket, &message);
        }
    }

    pub(super) fn read_error(&mut self, code: RDKafkaErrorCode) -> Result<(), Interrupt> {
        match consumer_policy(code) {
            ConsumerPolicy::Wait if is_unauthorized(code) => {
                self.right_missing(code, "reading");
                Ok(())
            }
            ConsumerPolicy::Wait => {
                tracing::debug!(%code, "the consumer waits");
                Ok(())
            }
            ConsumerPolicy::Rewind if self.reads_again >= MAX_READ_AGAIN => {
                Err(Interrupt::Stop(Error::Consumer { code }))
            }
            ConsumerPolicy::Rewind => {
                self.reads_again += 1;
                Err(Trouble::Rewind { what: "read", code }.into())
            }
            ConsumerPolicy::OutOfRange => {
                self.suspect_positions();
                Ok(())
            }
            ConsumerPolicy::Rebuild => Err(Trouble::Rebuild { what: "read", code }.into()),
            ConsumerPolicy::Stop => Err(Interrupt::Stop(Error::Consumer { code })),
        }
    }
}
