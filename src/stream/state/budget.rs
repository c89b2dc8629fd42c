//! The bound on what is in flight.

use std::ops::{AddAssign, SubAssign};

use super::partition::Change;

/// What is set aside for an outcome that is being computed, as a multiple of its message: the records of real articles
/// have 2 to 6 times their bytes, that of a text of nothing but names 13 times.
const GROWTH: usize = 16;

/// Bytes of the budget.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Charge {
    /// Messages as they were read, until they are emitted.
    pub read: usize,
    /// Set aside for outcomes that are being computed.
    pub reserved: usize,
    /// Outcomes, until they are settled.
    pub made: usize,
}

impl AddAssign for Charge {
    fn add_assign(&mut self, other: Charge) {
        self.read += other.read;
        self.reserved += other.reserved;
        self.made += other.made;
    }
}

impl SubAssign for Charge {
    fn sub_assign(&mut self, other: Charge) {
        self.read -= other.read;
        self.reserved -= other.reserved;
        self.made -= other.made;
    }
}

/// Counts messages and bytes in flight, and says when there are too many.
///
/// One half of the bytes is for what was read, the other for what is made of it: a message is only computed when there
/// is room for its outcome, or nothing else holds any of that half.
#[derive(Debug)]
pub struct Budget {
    max_messages: usize,
    max_bytes: usize,
    messages: usize,
    held: Charge,
    full: bool,
}

impl Budget {
    pub fn new(max_messages: usize, max_bytes: usize) -> Self {
        Budget {
            max_messages,
            max_bytes,
            messages: 0,
            held: Charge::default(),
            full: false,
        }
    }

    pub fn messages(&self) -> usize {
        self.messages
    }

    /// Of messages and outcomes that are there.
    pub fn bytes(&self) -> usize {
        self.held.read + self.held.made
    }

    /// Nothing more may be taken in.
    ///
    /// With hysteresis: full at the limit, no longer full at half of it, because pausing a partition throws away what
    /// the client had prefetched for it.
    pub fn is_full(&self) -> bool {
        self.full
    }

    /// What to set aside to compute a message of so many bytes; `None`: not now.
    pub(super) fn reservation(&self, message_bytes: usize) -> Option<usize> {
        let reserved = message_bytes.saturating_mul(GROWTH);
        let held = self.held.reserved + self.held.made;
        (held == 0 || held.saturating_add(reserved) <= self.max_bytes / 2).then_some(reserved)
    }

    pub(super) fn take(&mut self, charge: Charge) {
        self.messages += 1;
        self.held += charge;
        self.update();
    }

    /// A message in flight holds something else than before.
    pub(super) fn change(&mut self, change: Change) {
        self.held -= change.before;
        self.held += change.after;
        self.update();
    }

    pub(super) fn release(&mut self, (messages, charge): (usize, Charge)) {
        self.messages -= messages;
        self.held -= charge;
        self.update();
    }

    fn update(&mut self) {
        let max_read = self.max_bytes / 2;
        if self.messages >= self.max_messages || self.held.read >= max_read {
            self.full = true;
        } else if self.messages <= self.max_messages / 2 && self.held.read <= max_read / 2 {
            self.full = false;
        }
    }
}
