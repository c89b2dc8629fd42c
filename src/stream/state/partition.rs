//! One partition: a ring of what is in flight in it, oldest first.

use std::collections::VecDeque;
use std::mem;
use std::sync::Arc;
use std::time::Instant;

use super::Receipt;
use super::budget::Charge;
use crate::stream::message::{Handled, Message};

/// Where a message in flight stands.
#[derive(Debug)]
enum Stage {
    /// No CPU thread has it yet.
    Waiting,
    Computing,
    Ready(Handled),
    /// Given out by `take_next`; `emitted` or `put_back` follows at once.
    Leaving,
    Emitted(Receipt),
    Acknowledged(Receipt),
}

#[derive(Debug)]
struct Slot {
    offset: i64,
    /// What this slot holds of the budget.
    charge: Charge,
    /// Until it is emitted: a dead letter needs the message's own bytes.
    message: Option<Arc<Message>>,
    timestamp_ms: Option<i64>,
    /// Taken in.
    since: Instant,
    /// Its outcome came.
    ready_since: Instant,
    stage: Stage,
}

/// How a slot's share of the budget changed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Change {
    pub before: Charge,
    pub after: Charge,
}

impl Slot {
    fn charge(&mut self, change: impl FnOnce(&mut Charge)) -> Change {
        let before = self.charge;
        change(&mut self.charge);
        Change {
            before,
            after: self.charge,
        }
    }
}

/// The ring of one partition in one epoch.
///
/// Slots before `to_emit` are emitted or acknowledged, the others are waiting, computing or ready; the front is never
/// acknowledged, since acknowledged slots leave from the front. Messages are computed in the
/// order in which they were read, so the next to emit is never behind one that waits.
#[derive(Debug)]
pub(super) struct Partition {
    pub epoch: u64,
    pub reading: bool,
    /// With an empty ring: the next offset to read. Else the offset behind the last message settled, or where the
    /// epoch began.
    pub next_offset: i64,
    /// The lowest offset that is new: offsets only grow, and gaps in them are normal.
    pub expected: i64,
    slots: VecDeque<Slot>,
    /// The sequence number of the front slot.
    base: u64,
    /// Index of the next slot to emit.
    to_emit: usize,
}

impl Partition {
    pub fn new(epoch: u64, next_offset: i64) -> Self {
        Partition {
            epoch,
            reading: true,
            next_offset,
            expected: next_offset,
            slots: VecDeque::new(),
            base: 0,
            to_emit: 0,
        }
    }

    pub fn push(&mut self, message: Message, charge: Charge, now: Instant) -> Option<u64> {
        let offset = message.position.offset;
        if !self.reading || offset < self.expected {
            return None;
        }
        self.expected = offset + 1;
        self.slots.push_back(Slot {
            offset,
            charge,
            timestamp_ms: message.timestamp_ms,
            message: Some(Arc::new(message)),
            since: now,
            ready_since: now,
            stage: Stage::Waiting,
        });
        Some(self.base + self.slots.len() as u64 - 1)
    }

    /// The bytes of a message that waits to be computed.
    pub fn message_bytes(&self, seq: u64) -> Option<usize> {
        Some(self.slots[self.index(seq)?].charge.read)
    }

    /// A message that waits goes to the CPU threads.
    pub fn compute(&mut self, seq: u64, reserved: usize) -> Option<(Arc<Message>, Change)> {
        let index = self.index(seq)?;
        let slot = &mut self.slots[index];
        let message = Arc::clone(slot.message.as_ref()?);
        slot.stage = Stage::Computing;
        Some((message, slot.charge(|charge| charge.reserved = reserved)))
    }

    /// `None`: nobody waits for this outcome. Else whether it made the next slot to emit ready.
    pub fn done(&mut self, seq: u64, handled: Handled, now: Instant) -> Option<(Change, bool)> {
        let index = self.index(seq)?;
        let slot = &mut self.slots[index];
        if !matches!(slot.stage, Stage::Computing) {
            return None;
        }
        let bytes = handled.bytes();
        slot.stage = Stage::Ready(handled);
        slot.ready_since = now;
        let change = slot.charge(|charge| {
            charge.reserved = 0;
            charge.made = bytes;
        });
        Some((change, index == self.to_emit))
    }

    pub fn take_next(&mut self) -> (u64, Arc<Message>, Handled, Instant) {
        let slot = &mut self.slots[self.to_emit];
        let Stage::Ready(handled) = mem::replace(&mut slot.stage, Stage::Leaving) else {
            unreachable!("a partition in `ready` has its next slot ready");
        };
        let message = slot.message.as_ref().map(Arc::clone);
        let ready_since = slot.ready_since;
        (
            self.base + self.to_emit as u64,
            message.expect("a slot keeps its message until it is emitted"),
            handled,
            ready_since,
        )
    }

    pub fn put_back(&mut self, handled: Handled) {
        self.slots[self.to_emit].stage = Stage::Ready(handled);
    }

    /// Tells also whether the slot behind is ready too.
    pub fn emitted(&mut self, receipt: Receipt) -> (Change, bool) {
        let slot = &mut self.slots[self.to_emit];
        slot.stage = Stage::Emitted(receipt);
        slot.message = None;
        let change = slot.charge(|charge| {
            charge.read = 0;
            // What left: a dead letter holds its message.
            charge.made = receipt.bytes;
        });
        self.to_emit += 1;
        let more = self
            .slots
            .get(self.to_emit)
            .is_some_and(|slot| matches!(slot.stage, Stage::Ready(_)));
        (change, more)
    }

    /// Returns what left the ring, and the next offset to commit if it moved.
    pub fn acknowledge(
        &mut self,
        seq: u64,
        receipts: &mut Vec<Receipt>,
    ) -> ((usize, Charge), Option<i64>) {
        if let Some(index) = self.index(seq)
            && let Stage::Emitted(receipt) = self.slots[index].stage
        {
            self.slots[index].stage = Stage::Acknowledged(receipt);
        }
        let settled = self
            .slots
            .iter()
            .take_while(|slot| matches!(slot.stage, Stage::Acknowledged(_)))
            .count();
        let freed = self.settle(settled, receipts);
        (freed, (settled > 0).then_some(self.next_offset))
    }

    pub fn settle_emitted(&mut self, receipts: &mut Vec<Receipt>) -> (usize, Charge) {
        self.settle(self.to_emit, receipts)
    }

    /// Takes the first `count` slots out of the ring.
    fn settle(&mut self, count: usize, receipts: &mut Vec<Receipt>) -> (usize, Charge) {
        let mut freed = Charge::default();
        for slot in self.slots.drain(..count) {
            freed += slot.charge;
            if let Stage::Emitted(receipt) | Stage::Acknowledged(receipt) = slot.stage {
                receipts.push(receipt);
            }
            self.next_offset = slot.offset + 1;
        }
        self.base += count as u64;
        self.to_emit -= count;
        (count, freed)
    }

    pub fn drop_unemitted(&mut self) -> (usize, Charge) {
        free(self.slots.drain(self.to_emit..))
    }

    /// Empties the ring; the partition is to be read again from `next_offset`.
    pub fn clear(&mut self) -> (usize, Charge) {
        self.next_offset = self.unsettled_offset();
        self.expected = self.next_offset;
        self.base += self.slots.len() as u64;
        self.to_emit = 0;
        free(self.slots.drain(..))
    }

    /// The offset of the oldest message in flight; with none, behind the last one settled.
    pub fn unsettled_offset(&self) -> i64 {
        self.slots
            .front()
            .map_or(self.next_offset, |slot| slot.offset)
    }

    pub fn emitted_offset(&self) -> Option<i64> {
        let last = self.to_emit.checked_sub(1)?;
        Some(self.slots[last].offset + 1)
    }

    pub fn emitted_messages(&self) -> usize {
        self.to_emit
    }

    pub fn is_drained(&self) -> bool {
        self.to_emit == self.slots.len()
    }

    pub fn len(&self) -> usize {
        self.slots.len()
    }

    /// `None`: it has been settled.
    pub fn offset_of(&self, seq: u64) -> Option<i64> {
        Some(self.slots[self.index(seq)?].offset)
    }

    pub fn oldest(&self) -> Option<Instant> {
        Some(self.slots.front()?.since)
    }

    pub fn oldest_timestamp_ms(&self) -> Option<i64> {
        self.slots.front()?.timestamp_ms
    }

    /// Where a message stands in the ring; `None` if it has left.
    fn index(&self, seq: u64) -> Option<usize> {
        let index = usize::try_from(seq.checked_sub(self.base)?).ok()?;
        (index < self.slots.len()).then_some(index)
    }
}

/// How many slots go, and what they held.
fn free(slots: impl Iterator<Item = Slot>) -> (usize, Charge) {
    let mut freed = (0, Charge::default());
    for slot in slots {
        freed.0 += 1;
        freed.1 += slot.charge;
    }
    freed
}
