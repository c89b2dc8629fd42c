//! The Kafka side: bytes in, bytes out; knows no word of text processing.

pub mod config;
pub mod properties;
pub mod start;

pub mod handler;
pub mod message;

pub mod health;

pub use config::Settings;
pub use handler::Handler;
pub use health::Health;
pub use message::{DeadLetter, Handled, Header, Message, Output, Position};
