//! The text side: articles in, analyses out.

mod article;
mod boilerplate;
mod dateline;
mod document;
mod entities;
mod explain;
mod fingerprint;
mod html;
mod language;
mod lexicon;
mod record;
mod resolution;
mod shapes;
mod topics;
mod values;
