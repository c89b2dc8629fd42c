//! What the outside relies on: configuration, messages, records and their schema.

mod config;
mod enrich;
mod ninjs;
mod record;
mod reference;
