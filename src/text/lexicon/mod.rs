//! The lexicon: one automaton over every phrase that any stage asks for, run once over a text.
//!
//! A phrase is a sequence of words, compared as [`words`] writes them: in lower case, one space between. So white
//! space, line breaks and the hyphens within compounds never matter ("cease-fire" finds "cease fire", and the other way
//! round), and a phrase begins and ends where words do. A hit never crosses a paragraph.

mod builder;
mod words;

use std::ops::Range;

use aho_corasick::AhoCorasick;

use super::document::Document;
pub use builder::Builder;
use words::Words;

/// Which stage asked for a phrase.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Namespace {
    Topics,
    Entities,
    Titles,
}

const NAMESPACES: usize = 3;

/// Which letters of a text a phrase matches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Casing {
    Any,
    /// The phrase's own: "US" does not match "us".
    Exact,
}

/// A phrase found in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// Index range into [`Document::tokens`].
    pub tokens: Range<u32>,
    /// What the phrase was added under.
    pub id: u32,
}

/// All phrases found in a text.
#[derive(Clone, Debug, Default)]
pub struct Hits([Vec<Hit>; NAMESPACES]);

impl Hits {
    /// By start, end and id, none twice. Hits may overlap.
    pub fn of(&self, namespace: Namespace) -> &[Hit] {
        &self.0[namespace as usize]
    }
}

/// Phrases compiled for scanning; made by [`Builder`].
pub struct Lexicon {
    automaton: AhoCorasick,
    /// By the automaton's pattern number.
    patterns: Vec<Pattern>,
}

/// A sequence of words that one or more phrases come down to.
struct Pattern {
    /// How many words it has.
    words: u32,
    phrases: Vec<Phrase>,
}

struct Phrase {
    namespace: Namespace,
    id: u32,
    /// The words in the phrase's own letters, where those must match.
    exact: Option<Box<str>>,
}

impl Lexicon {
    /// Every phrase in the document, overlapping ones included. Linear in the text and the number of hits.
    pub fn scan(&self, document: &Document) -> Hits {
        let words = Words::of(document);
        let mut hits = Hits::default();
        // Matches come by ascending end, so the word that each ends with is found by going forward.
        let mut last = 0;
        for found in self.automaton.find_overlapping_iter(words.text()) {
            while words.end(last) < found.end() {
                last += 1;
            }
            let pattern = &self.patterns[found.pattern().as_usize()];
            let first = last + 1 - pattern.words as usize;
            let tokens = words.token(first)..words.token(last) + 1;
            for phrase in &pattern.phrases {
                if phrase
                    .exact
                    .as_ref()
                    .is_none_or(|exact| words::is_exact(document, tokens.clone(), exact))
                {
                    hits.0[phrase.namespace as usize].push(Hit {
                        tokens: tokens.clone(),
                        id: phrase.id,
                    });
                }
            }
        }
        for hits in &mut hits.0 {
            hits.sort_unstable_by_key(|hit| (hit.tokens.start, hit.tokens.end, hit.id));
            hits.dedup();
        }
        hits
    }
}
