//! Currencies: which one a sign, a code or a word means.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::passage::Passage;
use crate::text::document::{Document, TokenKind};
use crate::text::knowledge::{Currency, Knowledge};

/// The signs, codes and words of all currencies.
pub struct Currencies {
    currencies: Vec<Currency>,
    /// By words, in lower case: indexes of the currencies that have them, and whether they mean the hundredth part.
    words: BTreeMap<String, (Vec<usize>, bool)>,
    /// Signs and codes by their first token: the other tokens and the currency, longer ones first.
    signs: FxHashMap<String, Vec<(Vec<String>, usize)>>,
    /// By a state's name or adjective, in lower case: its ISO code.
    states: BTreeMap<String, String>,
}

/// A currency as written: which it may be.
#[derive(Clone, Debug)]
pub struct Written {
    /// Indexes; one where the sign, the code or a state's adjective tells.
    candidates: Vec<usize>,
    /// The value counts hundredths.
    pub minor: bool,
    /// Tokens that it takes.
    pub length: usize,
    /// Iranian news counts in tomans, of ten rials.
    pub power: i32,
}

impl Currencies {
    pub fn new(knowledge: &Knowledge) -> Self {
        let currencies = knowledge.currencies.clone();
        let mut words: BTreeMap<String, (Vec<usize>, bool)> = BTreeMap::new();
        let mut signs: FxHashMap<String, Vec<(Vec<String>, usize)>> = FxHashMap::default();
        for (index, currency) in currencies.iter().enumerate() {
            for (list, minor) in [(&currency.words, false), (&currency.minor_words, true)] {
                for word in list {
                    words
                        .entry(word.to_lowercase())
                        .or_insert((Vec::new(), minor))
                        .0
                        .push(index);
                }
            }
            for sign in &currency.signs {
                let mut tokens = tokens_of(sign).into_iter();
                if let Some(first) = tokens.next() {
                    let others = tokens.collect();
                    signs.entry(first).or_default().push((others, index));
                }
            }
        }
        for signs in signs.values_mut() {
            signs.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then(a.cmp(b)));
        }
        let mut states = BTreeMap::new();
        for state in &knowledge.states {
            if let Some(iso) = &state.iso {
                for name in std::iter::once(&state.name)
                    .chain(&state.other_names)
                    .chain(&state.adjectives)
                {
                    states.insert(name.to_lowercase(), iso.clone());
                }
            }
        }
        Currencies {
            currencies,
            words,
            signs,
            states,
        }
    }

    /// A sign or code before a number: "$", "US$", "NOK".
    pub fn before_number(&self, passage: &Passage, at: usize) -> Option<Written> {
        if let Some((sign, index)) = self.sign_at(passage, at) {
            return Some(self.only(index, sign));
        }
        (passage.token_text(at) == "$").then(|| self.dollars(1))
    }

    /// A word, a code or a sign after a number, a state's adjective before the word included: "US dollars", "EUR".
    pub fn after_number(&self, passage: &Passage, at: usize) -> Option<Written> {
        let tokens = passage.tokens();
        let hyphen = usize::from(
            at + 1 < tokens.len() && !tokens[at].spaced && passage.token_text(at) == "-",
        );
        let first = at + hyphen;
        if first >= tokens.len() {
            return None;
        }
        for adjective in [0, 1, 2] {
            let word = first + adjective;
            if word >= tokens.len() {
                break;
            }
            let Some(mut written) = self.word_at(passage, word) else {
                continue;
            };
            if begins_compound(passage, word + written.length) {
                return None;
            }
            written.length += adjective + hyphen;
            if adjective == 0 {
                return Some(written);
            }
            let span = passage.span_of(first..word);
            let iso = self.states.get(&passage.slice(span).to_lowercase())?;
            written
                .candidates
                .retain(|&index| self.currencies[index].state.as_ref() == Some(iso));
            return (!written.candidates.is_empty()).then_some(written);
        }
        let (sign, index) = self.sign_at(passage, first)?;
        Some(self.only(index, sign + hyphen))
    }

    fn word_at(&self, passage: &Passage, at: usize) -> Option<Written> {
        let word = passage.token_text(at).to_lowercase();
        if word == "toman" || word == "tomans" {
            let rial = self.words.get("rial")?.0.first().copied()?;
            return Some(Written {
                power: 1,
                ..self.only(rial, 1)
            });
        }
        let two = (at + 1 < passage.tokens().len())
            .then(|| format!("{word} {}", passage.token_text(at + 1)));
        let (found, length) = match two.and_then(|two| self.words.get(&two.to_lowercase())) {
            Some(found) => (found, 2),
            None => (self.words.get(&word)?, 1),
        };
        Some(Written {
            candidates: found.0.clone(),
            minor: found.1,
            length,
            power: 0,
        })
    }

    fn sign_at(&self, passage: &Passage, at: usize) -> Option<(usize, usize)> {
        let tokens = passage.tokens();
        self.signs
            .get(passage.text_at(at))?
            .iter()
            .find(|(others, _)| {
                let after = at + 1..at + 1 + others.len();
                after.end <= tokens.len()
                    && after
                        .zip(others)
                        .all(|(at, other)| !tokens[at].spaced && passage.token_text(at) == other)
            })
            .map(|(others, index)| (1 + others.len(), *index))
    }

    fn only(&self, index: usize, length: usize) -> Written {
        Written {
            candidates: vec![index],
            minor: false,
            length,
            power: 0,
        }
    }

    fn dollars(&self, length: usize) -> Written {
        let candidates = self
            .words
            .get("dollars")
            .map(|found| found.0.clone())
            .unwrap_or_default();
        Written {
            candidates,
            minor: false,
            length,
            power: 0,
        }
    }

    /// The ISO code of what is meant, by how often the article names each state. None where two are as likely.
    pub fn resolve(&self, written: &Written, states: &BTreeMap<&str, usize>) -> Option<&str> {
        let code = |index: usize| self.currencies[index].code.as_str();
        if let [only] = written.candidates.as_slice() {
            return Some(code(*only));
        }
        let named = |index: usize| {
            let state = self.currencies[index].state.as_deref().unwrap_or_default();
            states.get(state).copied().unwrap_or_default()
        };
        let usual = written
            .candidates
            .iter()
            .copied()
            .find(|&index| self.currencies[index].usual);
        let most = written
            .candidates
            .iter()
            .copied()
            .max_by_key(|&index| (named(index), Some(index) == usual))?;
        match usual {
            Some(usual) if named(most) == 0 || most == usual => Some(code(usual)),
            // Another state's: where it is named more than twice as often as the usual one's.
            Some(usual) if named(most) > 2 * named(usual) => Some(code(most)),
            Some(_) => None,
            None => {
                let rivals = written
                    .candidates
                    .iter()
                    .filter(|&&index| named(index) == named(most))
                    .count();
                (named(most) > 0 && rivals == 1).then(|| code(most))
            }
        }
    }

    /// Whether the word is one of money alone. "Pounds", "won", "crowns" and "real" after a bare number are weights,
    /// victories, teeth and adjectives.
    pub fn is_plain(&self, passage: &Passage, at: usize, written: &Written) -> bool {
        let last = passage
            .token_text(at + written.length - 1)
            .to_ascii_lowercase();
        !matches!(
            last.as_str(),
            "pound"
                | "pounds"
                | "won"
                | "crown"
                | "crowns"
                | "real"
                | "reals"
                | "sol"
                | "som"
                | "rand"
                | "penny"
                | "dong"
                | "sterling"
                | "lei"
                | "sols"
        ) || written.length > 1
    }
}

fn tokens_of(sign: &str) -> Vec<String> {
    let document = Document::new(Some(sign), "");
    (0..document.tokens().len())
        .map(|at| document.token_text(at).to_owned())
        .collect()
}

/// "-sceptics" after "euro".
fn begins_compound(passage: &Passage, at: usize) -> bool {
    let tokens = passage.tokens();
    at + 1 < tokens.len()
        && !tokens[at].spaced
        && !tokens[at + 1].spaced
        && passage.token_text(at) == "-"
        && tokens[at + 1].kind == TokenKind::Word
}

/// A token that can begin a sign or a code.
pub fn can_begin(kind: TokenKind, text: &str) -> bool {
    kind == TokenKind::Symbol || text.starts_with(|c: char| c.is_ascii_uppercase())
}
