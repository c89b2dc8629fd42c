//! The text side: articles in, analyses out.

mod document;
mod lexicon;
