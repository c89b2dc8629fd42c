//! News topics and sections: what an article is about, with the evidence for it.
//!
//! A [`Taxonomy`] is a folder of files that an editor reads and changes ([`mod@file`] is their shape, [`pattern`] the
//! language of their rules). The [`Scorer`] compiles it into the one lexicon, gathers [`evidence`] sentence by sentence
//! and turns it into scores; every score keeps what it came from.

mod error;
pub mod file;
pub mod pattern;
mod reader;

mod section;
mod taxonomy;

pub mod classes;
pub mod inflection;
pub mod phrases;

pub mod evidence;
mod matcher;

pub mod account;
pub mod features;
pub mod model;
mod score;
pub mod words;

pub mod check;
mod codes;
pub mod diff;
pub mod lint;

mod adam;
pub mod folds;
pub mod ngrams;
pub mod train;

mod built_in;

pub use error::TaxonomyError;
pub use evidence::{Contribution, Cues, Written};
pub use matcher::PatternId;
pub use score::{Inputs, Scorer, Scores, SectionScore, TopicScore};
pub use taxonomy::{Codes, Cue, Example, Rule, Source, Taxonomy, Topic};

/// The sections, as a taxonomy of their own: the same rules find them.
fn sections() -> Taxonomy {
    Taxonomy::parse(&built_in::SECTIONS).expect("a test parses the built-in sections")
}
