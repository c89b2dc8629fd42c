//! The worker without Kafka: its state machine, fed events by the million and held against a naive model; and the whole of
//! it against a mock cluster that answers with errors.

mod mock;
mod model;
mod reload;
mod state;
