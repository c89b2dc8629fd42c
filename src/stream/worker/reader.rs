//! Reading: from the consumer into the state and on to the CPU threads, no more than the budget allows.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use rdkafka::error::{KafkaResult, RDKafkaErrorCode};

use crate::metrics::Metrics;
use crate::stream::event::{Event, Events};
use crate::stream::kafka::consumer::{Consumer, Polled};
use crate::stream::state::{Source, State};

/// Messages taken between two looks at everything else.
const BATCH: usize = 256;

/// With a full budget the loop does not poll for this long before it pauses the partitions and polls on. Pausing throws
/// away what was prefetched, so a budget that is full for a moment, as it is whenever the CPU is the limit, should not
/// cost a pause. Far below `max.poll.interval.ms`.
const PAUSE_AFTER: Duration = Duration::from_millis(500);

/// Takes messages in, and pauses what must wait.
#[derive(Default)]
pub struct Reader {
    /// Partitions that are paused by us: resuming one that is not paused would read messages twice.
    paused: BTreeSet<Source>,
    full_since: Option<Instant>,
}

/// What a round of reading brought.
#[derive(Default)]
pub struct Round {
    pub messages: usize,
    /// Errors are rare; each is looked at before reading goes on.
    pub error: Option<RDKafkaErrorCode>,
}

enum Taken {
    Message,
    Error(RDKafkaErrorCode),
    Nothing,
}

impl Reader {
    pub fn paused(&self) -> usize {
        self.paused.len()
    }

    pub fn is_paused(&self, source: Source) -> bool {
        self.paused.contains(&source)
    }

    /// Reads a batch. `held`: something else than the budget forbids to take more in.
    pub fn read(
        &mut self,
        consumer: &Consumer,
        state: &mut State,
        metrics: &Metrics,
        held: bool,
        now: Instant,
    ) -> KafkaResult<Round> {
        if held || state.budget().is_full() {
            let since = *self.full_since.get_or_insert(now);
            if now.duration_since(since) < PAUSE_AFTER {
                return Ok(Round::default());
            }
            self.pause_all(consumer, state)?;
        } else {
            self.full_since = None;
            self.resume_all(consumer, state)?;
        }
        let mut round = Round::default();
        for _ in 0..BATCH {
            match self.take_one(consumer, state, metrics, now) {
                Taken::Message => round.messages += 1,
                Taken::Error(code) => {
                    round.error = Some(code);
                    break;
                }
                Taken::Nothing => break,
            }
            if state.budget().is_full() && self.paused.is_empty() {
                break;
            }
        }
        Ok(round)
    }

    /// One poll with everything paused, for a loop that is busy elsewhere: the group must see polls.
    pub fn keep_alive(
        &mut self,
        consumer: &Consumer,
        state: &mut State,
        metrics: &Metrics,
        events: &Events,
    ) {
        if let Err(error) = self.pause_all(consumer, state) {
            tracing::debug!(%error, "cannot pause");
        }
        if let Taken::Error(code) = self.take_one(consumer, state, metrics, Instant::now()) {
            events.send(Event::PollFailed(code));
        }
    }

    fn take_one(
        &mut self,
        consumer: &Consumer,
        state: &mut State,
        metrics: &Metrics,
        now: Instant,
    ) -> Taken {
        match consumer.poll() {
            Polled::Message(source, message) => {
                metrics.input_messages_total.inc();
                metrics.input_bytes_total.inc_by(message.bytes() as u64);
                state.push(source, message, now);
                Taken::Message
            }
            Polled::Error(code) => Taken::Error(code),
            Polled::Nothing | Polled::End(_) => Taken::Nothing,
        }
    }

    /// Pauses every partition, those among them that have just been assigned.
    pub fn pause_all(&mut self, consumer: &Consumer, state: &State) -> KafkaResult<()> {
        let running: Vec<Source> = state
            .sources()
            .filter(|source| !self.paused.contains(source))
            .collect();
        if !running.is_empty() {
            consumer.pause(&running)?;
            self.paused.extend(running);
        }
        Ok(())
    }

    fn resume_all(&mut self, consumer: &Consumer, state: &State) -> KafkaResult<()> {
        if self.paused.is_empty() {
            return Ok(());
        }
        let paused: Vec<Source> = std::mem::take(&mut self.paused)
            .into_iter()
            .filter(|source| state.is_assigned(*source))
            .collect();
        consumer.resume(&paused)
    }

    /// These partitions are about to be given up; a pause of ours would outlive that in the client.
    pub fn give_up(&mut self, consumer: &Consumer, sources: &[Source]) -> KafkaResult<()> {
        let paused: Vec<Source> = sources
            .iter()
            .copied()
            .filter(|source| self.paused.remove(source))
            .collect();
        if paused.is_empty() {
            return Ok(());
        }
        consumer.resume(&paused)
    }
}
