//! The seam between the Kafka side and whatever is done with a message.

use super::message::{Handled, Message};

/// Turns a message into its outcome.
///
/// Pure and synchronous, called on several CPU threads at once: the same message gives the same outcome. It decides
/// only about the message's own faults; a panic in it becomes a dead letter with the code `panic`.
pub trait Handler: Send + Sync {
    fn handle(&self, message: &Message) -> Handled;
}
