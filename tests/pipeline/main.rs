//! The text side: articles in, analyses out.

mod article;
mod document;
mod entities;
mod language;
mod lexicon;
mod record;
mod topics;
