//! One partition: a ring of what is in flight in it, oldest first.

use std::collections::VecDeque;
use std::mem;
use std::sync::Arc;
use std::time::Instant;

use super::Receipt;
use crate::stream::message::{Handled, Message};

/// Where a message in flight stands.
#[derive(Debug)]
enum Stage {
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
    /// Bytes of the budget that this slot holds: of the message until it is emitted, of the outcome until it is settled.
    message_bytes: usize,
    outcome_bytes: usize,
    /// Until it is emitted: a dead letter needs the message's own bytes.
    message: Option<Arc<Message>>,
    timestamp_ms: Option<i64>,
    /// Taken in.
    since: Instant,
    /// Its outcome came.
    ready_since: Instant,
    stage: Stage,
}

impl Slot {
    fn bytes(&self) -> usize {
        self.message_bytes + self.outcome_bytes
    }
}

/// The ring of one partition in one epoch.
///
/// Slots before `to_emit` are emitted or acknowledged, the others are computing or ready; the front is never
/// acknowledged, since acknowledged slots leave from the front.
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

    pub fn push(&mut self, message: Arc<Message>, bytes: usize, now: Instant) -> Option<u64> {
        let offset = message.position.offset;
        if !self.reading || offset < self.expected {
            return None;
        }
        self.expected = offset + 1;
        self.slots.push_back(Slot {
            offset,
            message_bytes: bytes,
            outcome_bytes: 0,
            timestamp_ms: message.timestamp_ms,
            message: Some(message),
            since: now,
            ready_since: now,
            stage: Stage::Computing,
        });
        Some(self.base + self.slots.len() as u64 - 1)
    }

    /// `None`: nobody waits for this outcome. Else whether it made the next slot to emit ready.
    pub fn done(&mut self, seq: u64, handled: Handled, bytes: usize, now: Instant) -> Option<bool> {
        let index = self.index(seq)?;
        let slot = &mut self.slots[index];
        if !matches!(slot.stage, Stage::Computing) {
            return None;
        }
        slot.stage = Stage::Ready(handled);
        slot.outcome_bytes = bytes;
        slot.ready_since = now;
        Some(index == self.to_emit)
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

    /// Returns the bytes freed, and whether the slot behind is ready too.
    pub fn emitted(&mut self, receipt: Receipt) -> (usize, bool) {
        let slot = &mut self.slots[self.to_emit];
        slot.stage = Stage::Emitted(receipt);
        slot.message = None;
        let freed = mem::take(&mut slot.message_bytes);
        self.to_emit += 1;
        let more = self
            .slots
            .get(self.to_emit)
            .is_some_and(|slot| matches!(slot.stage, Stage::Ready(_)));
        (freed, more)
    }

    /// Returns what left the ring (messages, bytes), and the next offset to commit if it moved.
    pub fn acknowledge(
        &mut self,
        seq: u64,
        receipts: &mut Vec<Receipt>,
    ) -> ((usize, usize), Option<i64>) {
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

    pub fn settle_emitted(&mut self, receipts: &mut Vec<Receipt>) -> (usize, usize) {
        self.settle(self.to_emit, receipts)
    }

    /// Takes the first `count` slots out of the ring.
    fn settle(&mut self, count: usize, receipts: &mut Vec<Receipt>) -> (usize, usize) {
        let mut bytes = 0;
        for slot in self.slots.drain(..count) {
            bytes += slot.bytes();
            if let Stage::Emitted(receipt) | Stage::Acknowledged(receipt) = slot.stage {
                receipts.push(receipt);
            }
            self.next_offset = slot.offset + 1;
        }
        self.base += count as u64;
        self.to_emit -= count;
        (count, bytes)
    }

    pub fn drop_unemitted(&mut self) -> (usize, usize) {
        let dropped = self.slots.drain(self.to_emit..);
        dropped.fold((0, 0), |(count, bytes), slot| {
            (count + 1, bytes + slot.bytes())
        })
    }

    /// Empties the ring; the partition is to be read again from `next_offset`.
    pub fn clear(&mut self) -> (usize, usize) {
        self.next_offset = self.unsettled_offset();
        self.expected = self.next_offset;
        let freed = (self.slots.len(), self.slots.iter().map(Slot::bytes).sum());
        self.base += self.slots.len() as u64;
        self.slots.clear();
        self.to_emit = 0;
        freed
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
