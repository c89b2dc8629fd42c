//! What others rely on: the configuration, the record, their schemas.

mod config;
