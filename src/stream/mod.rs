//! The Kafka side: bytes in, bytes out; knows no word of text processing.

pub mod config;
pub mod properties;
pub mod start;

pub mod message;

pub mod worker;

pub mod kafka;
pub mod positions;

pub mod state;

pub mod handler;
pub mod pool;

pub mod breaker;
pub mod dead_letter;
pub mod delivery;

pub mod board;
pub mod event;
pub mod health;

pub mod check;
pub mod job;

pub use config::Settings;
pub use handler::Handler;
pub use health::Health;
pub use message::{DeadLetter, Handled, Header, Message, Outcome, Output, Position};
pub use worker::{Shutdown, Summary, Worker};
