//! What is in flight, and in what order it may leave: the worker's memory, without any I/O.
//!
//! Every rule about order, gaps in offsets, revoked partitions and rewinds lives here and is tested by feeding it
//! events against a naive model (`tests/worker`). It reads no clock: whoever calls says what time it is.
//!
//! A message's way: [`State::push`] gives it a [`Ticket`], [`State::next_to_compute`] hands it to the CPU threads when
//! there is room for what they make of it, [`State::done`] brings its outcome, [`State::next_to_emit`] lets it leave when all before it in its partition have left, and it is *settled* once the
//! broker has it for good: by [`State::acknowledge`] under at-least-once, by [`State::settle_emitted`] after a
//! transaction's commit under exactly-once.

mod budget;
mod partition;

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::Instant;

pub use budget::Budget;
use budget::Charge;
use partition::Partition;

use super::message::{Handled, Message, Outcome};

/// A partition of an input topic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Source {
    /// Index into `[kafka] input_topics`.
    pub topic: u16,
    pub partition: i32,
}

/// A message's place in its partition's ring.
///
/// The epoch changes whenever the partition is assigned or rewound, so a result that was under way meanwhile cannot
/// be taken for one of the present: a (topic, partition) alone is not enough, since a partition can come back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ticket {
    pub source: Source,
    epoch: u64,
    seq: u64,
}

/// A message whose turn it is to leave.
#[derive(Debug)]
pub struct Emission {
    pub ticket: Ticket,
    pub message: Arc<Message>,
    pub handled: Handled,
    /// Since when it waits for its turn.
    pub ready_since: Instant,
}

/// What is known of a message once it is settled: its one outcome, to be counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Receipt {
    pub outcome: Outcome,
    /// Bytes that went out.
    pub bytes: usize,
    /// The consumed message's timestamp.
    pub timestamp_ms: Option<i64>,
    pub emitted_at: Instant,
}

/// The next offset to read in a partition: what a commit says, where a rewind goes.
pub type NextOffset = (Source, i64);

/// All partitions that this worker holds, and what is in flight in them.
#[derive(Debug)]
pub struct State {
    partitions: BTreeMap<Source, Partition>,
    /// Messages that no CPU thread has yet, in the order in which they were read. Whatever their partition: the next to
    /// emit must not wait behind the outcomes of those after it.
    waiting: VecDeque<Ticket>,
    /// Partitions whose next message to emit is ready, each at most once: they take turns.
    ready: VecDeque<Source>,
    budget: Budget,
    /// Receipts of what was settled since they were last taken.
    settled: Vec<Receipt>,
    /// Epochs are unique over all partitions and never come again.
    last_epoch: u64,
}

impl State {
    /// `last_epoch`: of the state before this one, whose tickets may still be about.
    pub fn new(budget: Budget, last_epoch: u64) -> Self {
        State {
            partitions: BTreeMap::new(),
            waiting: VecDeque::new(),
            ready: VecDeque::new(),
            budget,
            settled: Vec::new(),
            last_epoch,
        }
    }

    pub fn budget(&self) -> &Budget {
        &self.budget
    }

    pub fn last_epoch(&self) -> u64 {
        self.last_epoch
    }

    /// Partitions held, revoked ones that still drain among them.
    pub fn sources(&self) -> impl Iterator<Item = Source> + '_ {
        self.partitions.keys().copied()
    }

    pub fn is_assigned(&self, source: Source) -> bool {
        self.partitions.contains_key(&source)
    }

    /// Whether new messages of this partition are taken.
    pub fn is_reading(&self, source: Source) -> bool {
        self.partitions
            .get(&source)
            .is_some_and(|partition| partition.reading)
    }

    /// Takes a partition over, to be read from `next_offset` on.
    pub fn assign(&mut self, source: Source, next_offset: i64) {
        self.remove(source);
        let epoch = self.new_epoch();
        self.partitions
            .insert(source, Partition::new(epoch, next_offset));
    }

    /// No further message of this partition is taken; those in flight go on.
    pub fn stop_reading(&mut self, source: Source) {
        if let Some(partition) = self.partitions.get_mut(&source) {
            partition.reading = false;
        }
    }

    /// Forgets what of a partition is read or computed but has not left: whoever reads the partition next does it again.
    /// Returns how many messages that were.
    pub fn drop_unemitted(&mut self, source: Source) -> usize {
        let Some(partition) = self.partitions.get_mut(&source) else {
            return 0;
        };
        partition.reading = false;
        let dropped = partition.drop_unemitted();
        self.budget.release(dropped);
        self.forget_turns(source);
        dropped.0
    }

    /// Forgets a partition and what is in flight in it.
    pub fn remove(&mut self, source: Source) {
        if let Some(mut partition) = self.partitions.remove(&source) {
            self.budget.release(partition.clear());
            self.forget_turns(source);
        }
    }

    /// Takes a message in.
    ///
    /// `None`: the partition is not ours or is being given up, or this offset was taken already; the message is
    /// dropped, and whoever reads the partition next reads it again.
    pub fn push(&mut self, source: Source, message: Message, now: Instant) -> Option<Ticket> {
        let partition = self.partitions.get_mut(&source)?;
        let charge = Charge {
            read: message.bytes(),
            ..Charge::default()
        };
        let seq = partition.push(message, charge, now)?;
        self.budget.take(charge);
        let ticket = Ticket {
            source,
            epoch: partition.epoch,
            seq,
        };
        self.waiting.push_back(ticket);
        Some(ticket)
    }

    /// The next message to be computed, if there is one and room for its outcome.
    pub fn next_to_compute(&mut self) -> Option<(Ticket, Arc<Message>)> {
        let ticket = *self.waiting.front()?;
        let partition = current(&mut self.partitions, ticket)
            .expect("what waits in a partition is forgotten with it");
        let bytes = partition.message_bytes(ticket.seq)?;
        let reserved = self.budget.reservation(bytes)?;
        self.waiting.pop_front();
        let (message, change) = partition.compute(ticket.seq, reserved)?;
        self.budget.change(change);
        Some((ticket, message))
    }

    /// Brings an outcome. `false`: nobody waits for it any more, and it was dropped.
    pub fn done(&mut self, ticket: Ticket, handled: Handled, now: Instant) -> bool {
        let Some(partition) = current(&mut self.partitions, ticket) else {
            return false;
        };
        let Some((change, is_next)) = partition.done(ticket.seq, handled, now) else {
            return false;
        };
        self.budget.change(change);
        if is_next {
            self.ready.push_back(ticket.source);
        }
        true
    }

    /// The next message that may leave, taken out of its place; [`State::emitted`] or [`State::put_back`] must follow.
    pub fn next_to_emit(&mut self) -> Option<Emission> {
        let source = self.ready.pop_front()?;
        let partition = self
            .partitions
            .get_mut(&source)
            .expect("a removed partition is taken out of `ready`");
        let (seq, message, handled, ready_since) = partition.take_next();
        let ticket = Ticket {
            source,
            epoch: partition.epoch,
            seq,
        };
        Some(Emission {
            ticket,
            message,
            handled,
            ready_since,
        })
    }

    /// The message that [`State::next_to_emit`] gave out has left for the producer.
    pub fn emitted(&mut self, ticket: Ticket, receipt: Receipt) {
        let Some(partition) = current(&mut self.partitions, ticket) else {
            return;
        };
        let (change, more) = partition.emitted(receipt);
        self.budget.change(change);
        if more {
            self.ready.push_back(ticket.source);
        }
    }

    /// The message could not leave now: it is the partition's next again.
    pub fn put_back(&mut self, emission: Emission) {
        if let Some(partition) = current(&mut self.partitions, emission.ticket) {
            partition.put_back(emission.handled);
            self.ready.push_front(emission.ticket.source);
        }
    }

    /// The broker has this one; returns the partition's next offset to commit when that has moved.
    pub fn acknowledge(&mut self, ticket: Ticket) -> Option<NextOffset> {
        let partition = current(&mut self.partitions, ticket)?;
        let (freed, moved) = partition.acknowledge(ticket.seq, &mut self.settled);
        self.budget.release(freed);
        moved.map(|next_offset| (ticket.source, next_offset))
    }

    /// For each partition in which something was emitted and is not settled: the offset behind the last such message.
    pub fn emitted_offsets(&self) -> Vec<NextOffset> {
        self.partitions
            .iter()
            .filter_map(|(source, partition)| Some((*source, partition.emitted_offset()?)))
            .collect()
    }

    /// All that was emitted is committed.
    pub fn settle_emitted(&mut self) {
        for partition in self.partitions.values_mut() {
            self.budget
                .release(partition.settle_emitted(&mut self.settled));
        }
    }

    /// The receipts of all messages settled since the last call.
    pub fn take_settled(&mut self) -> impl Iterator<Item = Receipt> + '_ {
        self.settled.drain(..)
    }

    /// Forgets what is in flight in all partitions; those returned are to be read again from these offsets, the first
    /// that are not settled. The others stand there already.
    pub fn rewind(&mut self) -> Vec<NextOffset> {
        let sources: Vec<Source> = self.sources().collect();
        sources
            .into_iter()
            .filter_map(|source| self.rewind_one(source))
            .collect()
    }

    fn rewind_one(&mut self, source: Source) -> Option<NextOffset> {
        let epoch = self.new_epoch();
        let partition = self.partitions.get_mut(&source)?;
        let read_to = partition.expected;
        self.budget.release(partition.clear());
        partition.epoch = epoch;
        let again = (partition.next_offset < read_to).then_some((source, partition.next_offset));
        self.forget_turns(source);
        again
    }

    /// Nothing of this partition waits any more, to be computed or to leave.
    fn forget_turns(&mut self, source: Source) {
        self.waiting.retain(|ticket| ticket.source != source);
        self.ready.retain(|ready| *ready != source);
    }

    /// The first offset of a partition that is not settled.
    pub fn next_offset(&self, source: Source) -> Option<i64> {
        Some(self.partitions.get(&source)?.unsettled_offset())
    }

    /// The lowest offset of a partition that would be new.
    pub fn next_to_read(&self, source: Source) -> Option<i64> {
        Some(self.partitions.get(&source)?.expected)
    }

    /// The offset of a message in flight; `None` if the ticket is of an earlier epoch.
    pub fn offset_of(&self, ticket: Ticket) -> Option<i64> {
        let partition = self.partitions.get(&ticket.source)?;
        (partition.epoch == ticket.epoch).then(|| partition.offset_of(ticket.seq))?
    }

    /// Messages of a partition in flight.
    pub fn in_flight(&self, source: Source) -> usize {
        self.partitions.get(&source).map_or(0, Partition::len)
    }

    /// Whether nothing of this partition waits to be computed or emitted.
    pub fn is_drained(&self, source: Source) -> bool {
        self.partitions
            .get(&source)
            .is_none_or(Partition::is_drained)
    }

    /// Whether nothing of this partition is in flight at all.
    pub fn is_settled(&self, source: Source) -> bool {
        self.partitions
            .get(&source)
            .is_none_or(|partition| partition.len() == 0)
    }

    /// Messages emitted and not settled: the size of the open transaction.
    pub fn emitted_messages(&self) -> usize {
        self.partitions
            .values()
            .map(Partition::emitted_messages)
            .sum()
    }

    /// When the oldest message in flight was taken in.
    pub fn oldest(&self) -> Option<Instant> {
        self.partitions.values().filter_map(Partition::oldest).min()
    }

    /// The earliest timestamp among the oldest messages in flight of each partition.
    pub fn oldest_timestamp_ms(&self) -> Option<i64> {
        self.partitions
            .values()
            .filter_map(Partition::oldest_timestamp_ms)
            .min()
    }

    fn new_epoch(&mut self) -> u64 {
        self.last_epoch += 1;
        self.last_epoch
    }
}

/// The ticket's partition, if it is still in the ticket's epoch.
fn current(partitions: &mut BTreeMap<Source, Partition>, ticket: Ticket) -> Option<&mut Partition> {
    partitions
        .get_mut(&ticket.source)
        .filter(|partition| partition.epoch == ticket.epoch)
}
