//! The bound on what is in flight.

/// Counts messages and bytes in flight, and says when there are too many.
///
/// With hysteresis: full at the limit, no longer full at half of it, because pausing a partition throws away what the
/// client had prefetched for it.
#[derive(Debug)]
pub struct Budget {
    max_messages: usize,
    max_bytes: usize,
    messages: usize,
    bytes: usize,
    full: bool,
}

impl Budget {
    pub fn new(max_messages: usize, max_bytes: usize) -> Self {
        Budget {
            max_messages,
            max_bytes,
            messages: 0,
            bytes: 0,
            full: false,
        }
    }

    pub fn messages(&self) -> usize {
        self.messages
    }

    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// Nothing more may be taken in.
    pub fn is_full(&self) -> bool {
        self.full
    }

    pub(super) fn take(&mut self, bytes: usize) {
        self.messages += 1;
        self.grow(bytes);
    }

    pub(super) fn grow(&mut self, bytes: usize) {
        self.bytes += bytes;
        self.update();
    }

    pub(super) fn shrink(&mut self, bytes: usize) {
        self.bytes -= bytes;
        self.update();
    }

    pub(super) fn release(&mut self, (messages, bytes): (usize, usize)) {
        self.messages -= messages;
        self.shrink(bytes);
    }

    fn update(&mut self) {
        if self.messages >= self.max_messages || self.bytes >= self.max_bytes {
            self.full = true;
        } else if self.messages <= self.max_messages / 2 && self.bytes <= self.max_bytes / 2 {
            self.full = false;
        }
    }
}
