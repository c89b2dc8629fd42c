//! The worker's state machine, without Kafka: fed events by the million and held against a naive model.

mod model;
mod state;
