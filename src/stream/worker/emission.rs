//! Emission: what is ready leaves, in the order of its partition, as a record, a tombstone or a dead letter.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::time::Instant;

use rdkafka::error::RDKafkaErrorCode;

use super::Error;
use super::life::{Interrupt, Life};
use super::observe;
use crate::metrics::Stage;
use crate::stream::board::DeadLetterRow;
use crate::stream::breaker;
use crate::stream::dead_letter;
use crate::stream::delivery::Trouble;
use crate::stream::health::NotReady;
use crate::stream::kafka::errors::is_messages_own_fault;
use crate::stream::message::{DeadLetter, Handled, Message, Outcome, Outgoing, Output, Position};
use crate::stream::state::{Emission, Receipt, Source, State, Ticket};

/// Messages that leave between two looks at everything else.
const BATCH: usize = 1024;

/// The outcome keeps the message's timestamp, unless that is what was refused.
fn timestamp_of(message: &Message, refusal: Option<Refusal>) -> Option<i64> {
    let refused = refusal.is_some_and(|refusal| refusal.code == RDKafkaErrorCode::InvalidTimestamp);
    message.timestamp_ms.filter(|_| !refused)
}

/// A dead letter below this size has been cut to nothing already.
const SMALLEST_DEAD_LETTER: usize = 4096;

/// Messages that the broker refused for themselves: on the second pass they become dead letters.
#[derive(Debug, Default)]
pub struct Refused(BTreeMap<(Source, i64), Refusal>);

#[derive(Clone, Copy, Debug)]
struct Refusal {
    code: RDKafkaErrorCode,
    /// The second time it was the dead letter that was refused: it is cut shorter each time.
    times: u32,
}

impl Refused {
    fn add(&mut self, source: Source, offset: i64, code: RDKafkaErrorCode) {
        let refusal = self
            .0
            .entry((source, offset))
            .or_insert(Refusal { code, times: 0 });
        *refusal = Refusal {
            code,
            times: refusal.times + 1,
        };
    }

    fn get(&self, source: Source, offset: i64) -> Option<Refusal> {
        self.0.get(&(source, offset)).copied()
    }

    /// Forgets what is settled, and what is another worker's now.
    pub fn forget_settled(&mut self, state: &State) {
        self.0.retain(|(source, offset), _| {
            state
                .next_offset(*source)
                .is_some_and(|next_offset| *offset >= next_offset)
        });
    }
}

impl Life<'_> {
    /// Lets leave what may; returns how many did.
    pub(super) fn emit(&mut self, now: Instant) -> Result<usize, Interrupt> {
        if self.hold_until.is_some_and(|until| now < until) {
            return Ok(0);
        }
        let mut count = 0;
        while count < BATCH && self.may_emit(now) {
            let Some(emission) = self.state.next_to_emit() else {
                break;
            };
            if !self.emit_one(emission, now)? {
                break;
            }
            count += 1;
        }
        Ok(count)
    }

    fn may_emit(&mut self, now: Instant) -> bool {
        if self.wait_until_quiet {
            self.wait_until_quiet = !self.delivery.is_quiet();
        }
        let alone = self.one_by_one == 0 || self.state.emitted_messages() == 0;
        alone
            && !self.wait_until_quiet
            && !self.transaction_is_full()
            && self.worker.breaker.lets_pass(now)
    }

    /// `false`: the producer's queue is full, and the message is back in its place.
    fn emit_one(&mut self, emission: Emission, now: Instant) -> Result<bool, Interrupt> {
        let message = &emission.message;
        let source = emission.ticket.source;
        let refusal = self.worker.refused.get(source, message.position.offset);
        let letter = self.rejection(&emission.handled, refusal);
        let (topic, outcome, output) = match (&letter, &emission.handled) {
            (None, Handled::Record(output)) => (
                &self.worker.settings.kafka.output_topic,
                Outcome::Record,
                Cow::Borrowed(output),
            ),
            (None, Handled::Tombstone(output)) => (
                &self.worker.settings.kafka.output_topic,
                Outcome::Tombstone,
                Cow::Borrowed(output),
            ),
            (Some(letter), _) => (
                &self.worker.settings.kafka.dead_letter_topic,
                Outcome::DeadLetter(letter.code),
                Cow::Owned(self.dead_letter(&emission, letter, refusal)?),
            ),
            (None, Handled::DeadLetter(_)) => unreachable!("`rejection` gives a dead letter back"),
        };
        let outgoing = Outgoing {
            topic,
            output: &output,
            timestamp_ms: timestamp_of(message, refusal),
            partition: None,
            ticket: emission.ticket,
        };
        match self.delivery.emit(&outgoing, now) {
            Ok(true) => {}
            Ok(false) => {
                drop(output);
                self.state.put_back(emission);
                return Ok(false);
            }
            Err(trouble) => {
                if let Trouble::Rewind { code, .. } = trouble
                    && is_messages_own_fault(code)
                {
                    // Refused before it was sent: by the producer's own message.max.bytes.
                    let offset = message.position.offset;
                    self.worker.refused.add(source, offset, code);
                }
                drop(output);
                self.state.put_back(emission);
                return Err(trouble.into());
            }
        }
        let receipt = Receipt {
            outcome,
            bytes: output.bytes(),
            timestamp_ms: message.timestamp_ms,
            emitted_at: now,
        };
        self.state.emitted(emission.ticket, receipt);
        let waited = now.saturating_duration_since(emission.ready_since);
        self.worker
            .metrics
            .processing_seconds
            .of(Stage::Order)
            .observe(waited.as_secs_f64());
        if self.worker.breaker.passed(outcome, now) {
            self.log_breaker();
        }
        if let Some(letter) = &letter {
            self.show_rejection(&message.position, letter);
            self.log_rejection(message.position.offset, source, letter, now);
        }
        Ok(true)
    }

    /// Why this message becomes a dead letter, if it does: by its handler's word, by its size, or by the broker's word.
    fn rejection<'h>(
        &self,
        handled: &'h Handled,
        refusal: Option<Refusal>,
    ) -> Option<Cow<'h, DeadLetter>> {
        match (handled, refusal) {
            (Handled::DeadLetter(letter), _) => Some(Cow::Borrowed(letter)),
            (_, Some(refusal)) => Some(Cow::Owned(DeadLetter {
                code: "record_refused",
                message: format!("the output topic refused the record: {}", refusal.code),
                stage: "produce",
            })),
            (Handled::Record(output) | Handled::Tombstone(output), None) => {
                dead_letter::too_large(output, self.limits.output).map(Cow::Owned)
            }
        }
    }

    fn dead_letter(
        &self,
        emission: &Emission,
        letter: &DeadLetter,
        refusal: Option<Refusal>,
    ) -> Result<Output, Interrupt> {
        // The first refusal of a record says nothing about its dead letter.
        let own_refusals = refusal.map_or(0, |refusal| match emission.handled {
            Handled::DeadLetter(_) => refusal.times,
            Handled::Record(_) | Handled::Tombstone(_) => refusal.times - 1,
        });
        let max_bytes = self.limits.dead_letter >> own_refusals.min(usize::BITS - 1);
        match refusal {
            Some(refusal) if max_bytes < SMALLEST_DEAD_LETTER => {
                Err(Interrupt::Stop(Error::DeadLetterRefused {
                    topic: self.worker.settings.kafka.dead_letter_topic.clone(),
                    code: refusal.code,
                }))
            }
            _ => Ok(dead_letter::of(&emission.message, letter, max_bytes)),
        }
    }

    /// A delivery failed; `false` if it was of an earlier epoch and means nothing.
    ///
    /// A batch fails as a whole, so of several messages under way nobody knows which one was refused: they leave one by
    /// one until they are through.
    pub(super) fn note_failure(&mut self, ticket: Ticket, code: RDKafkaErrorCode) -> bool {
        let Some(offset) = self.state.offset_of(ticket) else {
            return false;
        };
        if is_messages_own_fault(code) {
            match self.state.emitted_messages() {
                1 => self.worker.refused.add(ticket.source, offset, code),
                several => self.one_by_one = self.one_by_one.max(several),
            }
        }
        true
    }

    fn show_rejection(&self, position: &Position, letter: &DeadLetter) {
        self.worker.health.board().add_dead_letter(DeadLetterRow {
            at_ms: observe::clock_ms(),
            input_topic: position.input_topic.to_string(),
            partition: position.partition,
            offset: position.offset,
            code: letter.code,
            stage: letter.stage,
            reason: letter.message.clone(),
        });
    }

    fn log_rejection(&mut self, offset: i64, source: Source, letter: &DeadLetter, now: Instant) {
        if let Some(suppressed) = self.worker.rejections.pass(now) {
            tracing::warn!(
                partition = %self.show(&[source]),
                offset,
                code = letter.code,
                stage = letter.stage,
                reason = letter.message,
                suppressed,
                "rejected"
            );
        }
    }

    fn log_breaker(&self) {
        match self.worker.breaker.state() {
            breaker::State::Open { code, .. } => tracing::error!(
                code,
                pause_ms = self.worker.settings.delivery.breaker.pause_ms,
                "breaker open: too many dead letters of one code; what waits stays in its partition"
            ),
            breaker::State::HalfOpen { .. } => {}
            breaker::State::Closed => tracing::info!("breaker closed"),
        }
        self.show_breaker();
    }

    pub(super) fn show_breaker(&self) {
        let (shown, open) = match self.worker.breaker.state() {
            breaker::State::Closed => (crate::metrics::Breaker::Closed, None),
            breaker::State::Open { code, .. } => (crate::metrics::Breaker::Open, Some(code)),
            breaker::State::HalfOpen { code, .. } => {
                (crate::metrics::Breaker::HalfOpen, Some(code))
            }
        };
        self.worker.metrics.set_breaker(shown);
        match open {
            Some(code) => self.worker.health.set(NotReady::BreakerOpen, code),
            None => self.worker.health.clear(NotReady::BreakerOpen),
        }
    }
}
