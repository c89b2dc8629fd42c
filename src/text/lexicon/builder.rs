//! From phrases to an automaton.

use std::collections::BTreeMap;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};

use super::words::{self, Words};
use super::{Casing, Lexicon, Namespace, Pattern, Phrase};
use crate::text::document::Document;

/// Collects the phrases of all stages.
#[derive(Default)]
pub struct Builder {
    /// By the words they come down to, so that equal ones share a pattern and the order of adding changes nothing.
    patterns: BTreeMap<String, Pattern>,
}

impl Builder {
    pub fn new() -> Builder {
        Builder::default()
    }

    /// Adds a phrase; several may share an id, and several ids a phrase. One without a word or sign finds nothing.
    pub fn add(&mut self, namespace: Namespace, id: u32, phrase: &str, casing: Casing) {
        // As a title: a phrase is one line, whatever it is written on.
        let document = Document::new(Some(phrase), "");
        let words = Words::of(&document);
        let count = words.len();
        if count == 0 {
            return;
        }
        let exact = (casing == Casing::Exact).then(|| words::exact(&document).into_boxed_str());
        self.patterns
            .entry(words.text().to_owned())
            .or_insert(Pattern {
                words: count as u32,
                phrases: Vec::new(),
            })
            .phrases
            .push(Phrase {
                namespace,
                id,
                exact,
            });
    }

    pub fn build(self) -> Lexicon {
        // Not the DFA: with fifty thousand phrases it takes hundreds of megabytes, and caches like small automata.
        let automaton = AhoCorasick::builder()
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .match_kind(MatchKind::Standard)
            .build(self.patterns.keys())
            .expect("only gigabytes of phrases have more states than the automaton can number");
        Lexicon {
            automaton,
            patterns: self.patterns.into_values().collect(),
        }
    }
}
