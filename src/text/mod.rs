//! The text side: an article's bytes in, a record out.
//!
//! Pure and synchronous: no clock, environment, network, randomness, logging or Kafka in here, so the same input and
//! the same pipeline give the same bytes everywhere. Nothing can fail except decoding.

pub mod pipeline;
pub mod settings;

pub mod article;
pub mod document;
pub mod lexicon;

pub mod entities;
pub mod knowledge;
pub mod topics;
pub mod values;

pub mod record;
pub mod warning;

pub use settings::Settings;
