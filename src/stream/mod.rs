//! The Kafka side: bytes in, bytes out; knows no word of text processing.

pub mod handler;
pub mod message;

pub use handler::Handler;
pub use message::{DeadLetter, Handled, Header, Message, Output, Position};
