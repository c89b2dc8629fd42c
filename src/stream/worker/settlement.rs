//! Settlement: what has left becomes the group's, and where it cannot, it is read again.

use std::time::{Duration, Instant};

use crossbeam_channel::Receiver;

use super::life::{End, Life};
use super::observe;
use super::reader::Reader;
use super::{Shutdown, Worker};
use crate::stream::delivery::Trouble;
use crate::stream::event::Event;
use crate::stream::health::NotReady;
use crate::stream::kafka::consumer::Consumer;
use crate::stream::state::State;

/// The first wait after a rewind; it doubles up to the longest while nothing gets settled.
const REWIND_BACKOFF: Duration = Duration::from_millis(50);
const LONGEST_REWIND_BACKOFF: Duration = Duration::from_secs(10);

impl Life<'_> {
    pub(super) fn should_settle(&self, now: Instant) -> bool {
        let all_at_once = self.draining.is_some() || self.one_by_one > 0;
        let nothing_left = || {
            self.state
                .sources()
                .all(|source| self.state.is_drained(source))
        };
        let held = self.hold_until.is_some_and(|until| now < until);
        self.delivery.is_due(now)
            || self.transaction_is_full()
            || (!self.new_starts.is_empty() && !held)
            || (self.delivery.settles_by_commit()
                && all_at_once
                && self.state.emitted_messages() > 0
                && (self.one_by_one > 0 || nothing_left()))
    }

    /// Nothing more may leave before a commit.
    pub(super) fn transaction_is_full(&self) -> bool {
        let messages = self.state.emitted_messages();
        self.delivery.is_full()
            || (self.delivery.settles_by_commit() && self.worker.pace.is_full(messages))
    }

    /// Makes what was emitted the group's, and starts that it does not know yet.
    pub(super) fn settle(&mut self, now: Instant) -> Result<(), Trouble> {
        let mut offsets = if self.delivery.settles_by_commit() {
            self.state.emitted_offsets()
        } else {
            Vec::new()
        };
        let known: Vec<_> = offsets.iter().map(|(source, _)| *source).collect();
        let new = self.new_starts.iter();
        offsets.extend(new.filter(|(source, _)| !known.contains(source)));
        if offsets.is_empty() {
            return Ok(());
        }
        let (worker, consumer) = (&*self.worker, &self.consumer);
        let (state, reader) = (&mut self.state, &mut self.reader);
        let (shutdown, draining) = (self.shutdown, self.draining);
        self.delivery.settle(consumer, &offsets, now, &mut || {
            keep_alive(worker, consumer, state, reader);
            may_go_on(shutdown, draining)
        })?;
        self.new_starts.clear();
        if self.delivery.settles_by_commit() {
            let messages = self.state.emitted_messages();
            self.worker.pace.committed(messages, now.elapsed());
            self.state.settle_emitted();
        } else {
            // Starts alone: without waiting for the client's interval, since a crash before it would begin at another
            // "latest".
            self.consumer
                .commit(&offsets)
                .map_err(|error| Trouble::rebuild("commit starts", &error))?;
        }
        self.settled(now);
        Ok(())
    }

    /// Something got through: the world takes what we give it.
    pub(super) fn settled(&mut self, now: Instant) {
        self.progress = true;
        self.rewinds = 0;
        self.reads_again = 0;
        self.hold_until = None;
        self.reachable();
        self.worker.health.clear(NotReady::OutputRefused);
        let count = self.count_settled(now);
        self.one_by_one = self.one_by_one.saturating_sub(count);
        self.worker.refused.forget_settled(&self.state);
    }

    /// Trouble is waited out or rewound; only clients of no use end a life.
    pub(super) fn mend(&mut self, trouble: Trouble, now: Instant) -> Option<End> {
        if self.delivery.settles_by_commit() && !matches!(trouble, Trouble::Again { .. }) {
            self.worker.pace.failed(self.state.emitted_messages());
        }
        match trouble {
            Trouble::Again { .. } => None,
            // Not while draining: whoever reads the partitions next does again what is not committed.
            Trouble::Rebuild { .. } if self.draining.is_some() => Some(self.stopped()),
            Trouble::Rebuild { what, code } => Some(End::Rebuild { what, code }),
            Trouble::Rewind { what, code } => {
                let wait = (REWIND_BACKOFF * 2_u32.saturating_pow(self.rewinds))
                    .min(LONGEST_REWIND_BACKOFF);
                self.rewinds = self.rewinds.saturating_add(1);
                tracing::warn!(what, %code, wait_ms = wait.as_millis() as u64, "rewinding");
                if self.rewinds > 2 {
                    let detail = format!("{what}: {code}");
                    self.worker.health.set(NotReady::OutputRefused, detail);
                }
                self.hold_until = Some(now + wait);
                match self.rewind() {
                    Ok(()) => None,
                    Err(
                        Trouble::Rebuild { what, code }
                        | Trouble::Rewind { what, code }
                        | Trouble::Again { what, code },
                    ) => self.mend(Trouble::Rebuild { what, code }, now),
                }
            }
        }
    }

    /// Takes back what is not settled, and reads it again.
    fn rewind(&mut self) -> Result<(), Trouble> {
        // Failures that are still in the queue say which message was refused; after the rewind they mean nothing, nor
        // does any other word about a message in flight.
        while let Some(event) = self.worker.inbox.next() {
            match event {
                Event::Delivered {
                    ticket,
                    result: Err(code),
                } => {
                    self.note_failure(ticket, code);
                }
                Event::Done { .. } | Event::Delivered { .. } | Event::Consumable => {}
                event => self.deferred.push_back(event),
            }
        }
        let (worker, consumer) = (&*self.worker, &self.consumer);
        let (state, reader) = (&mut self.state, &mut self.reader);
        let (shutdown, draining) = (self.shutdown, self.draining);
        self.delivery.abandon(&mut || {
            keep_alive(worker, consumer, state, reader);
            may_go_on(shutdown, draining)
        })?;
        for source in self.being_revoked() {
            // The next owner reads from the committed offset.
            self.state.remove(source);
        }
        self.wait_until_quiet = true;
        let mut offsets = self.state.rewind();
        // Their fetchers stand still, and refuse to seek.
        offsets.retain(|(source, _)| !self.positions_lost.contains(source));
        self.consumer
            .seek(&offsets)
            .map_err(|error| Trouble::rebuild("seek", &error))
    }
}

/// Whether a long call may go on: not if told to stop, nor beyond the deadline of a drain.
fn may_go_on(shutdown: &Receiver<Shutdown>, draining: Option<Instant>) -> bool {
    shutdown.is_empty() && draining.is_none_or(|deadline| Instant::now() < deadline)
}

/// Between two slices of a long call: the loop beats, and the group sees a poll, with everything paused.
fn keep_alive(worker: &Worker, consumer: &Consumer, state: &mut State, reader: &mut Reader) {
    worker.health.beat();
    worker.health.set(
        NotReady::BrokerUnreachable,
        "a transaction waits for the brokers",
    );
    observe::show(worker, state, reader, Instant::now());
    reader.keep_alive(consumer, state, &worker.metrics, &worker.events);
}
