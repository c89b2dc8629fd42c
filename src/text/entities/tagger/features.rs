//! Features: what the tagger asks about a token.
//!
//! Each question and its answer are hashed to a row of the model. Word questions reach two words to each side; others
//! are about letters, the capitalised run around the token, what the tables know of it, and the document.

use std::ops::Range;

use super::hash;
use crate::text::document::{Case, Document, Token, TokenKind};

/// What the tables and rules know of each token, as bits; filled by the finder.
#[derive(Clone, Debug, Default)]
pub struct Clues {
    /// By token: two bits a category (a name begins here, goes on here), and the single ones.
    bits: Vec<u64>,
}

impl Clues {
    /// Categories of names: each has a bit for a name's first token and one for later ones.
    const CATEGORIES: u32 = 20;
    /// A state; the five forms of [`StateName`](crate::text::knowledge::StateName) follow on each other.
    pub const STATE: u32 = 0;
    pub const PERSON: u32 = 5;
    pub const SURNAME: u32 = 6;
    /// A name that means something else too.
    pub const UNSURE: u32 = 7;
    /// A thing; added to its kind, of which organization is 1 and media 8.
    pub const THING: u32 = 7;
    /// A capital that the rules read as its state.
    pub const METONYM: u32 = 16;
    pub const PERSON_PATTERN: u32 = 17;
    pub const ORGANIZATION_PATTERN: u32 = 18;
    pub const OTHER_PATTERN: u32 = 19;
    pub const GIVEN_NAME: u64 = 1 << 40;
    pub const UNSURE_GIVEN_NAME: u64 = 1 << 41;
    pub const AFTER_TITLE: u64 = 1 << 42;
    pub const IN_TITLE: u64 = 1 << 43;
    pub const HEAD_NOUN: u64 = 1 << 44;

    pub fn new(tokens: usize) -> Self {
        Clues {
            bits: vec![0; tokens],
        }
    }

    /// A name of one category stands here.
    pub fn name(&mut self, tokens: Range<usize>, category: u32) {
        debug_assert!(category < Self::CATEGORIES);
        self.bits[tokens.start] |= 1 << (2 * category);
        for at in tokens.start + 1..tokens.end {
            self.bits[at] |= 1 << (2 * category + 1);
        }
    }

    pub fn set(&mut self, token: usize, bit: u64) {
        self.bits[token] |= bit;
    }
}

/// A document as the features read it.
pub struct Features<'a> {
    document: &'a Document,
    clues: &'a Clues,
    /// By token: its word's hash.
    words: Vec<u32>,
    /// Words seen in small letters, as a small Bloom filter.
    small: Box<[u64; SMALL_WORDS / 64]>,
}

/// Bits of the filter of small words: an article of 1,000 words has some 300 different small ones.
const SMALL_WORDS: usize = 1 << 13;

/// Stands for a word beyond the sentence.
const NOTHING: u32 = 0;

impl<'a> Features<'a> {
    pub fn new(document: &'a Document, clues: &'a Clues) -> Self {
        let mut words = Vec::with_capacity(document.tokens().len());
        let mut small = Box::new([0; SMALL_WORDS / 64]);
        for (at, token) in document.tokens().iter().enumerate() {
            let word = hash::word(document.token_text(at));
            words.push(word);
            if token.kind == TokenKind::Word && token.case == Case::Lower {
                let bit = word as usize % SMALL_WORDS;
                small[bit / 64] |= 1 << (bit % 64);
            }
        }
        Features {
            document,
            clues,
            words,
            small,
        }
    }

    pub fn document(&self) -> &'a Document {
        self.document
    }

    /// Calls `each` with the features of one token of a stretch.
    pub fn of(
        &self,
        at: usize,
        stretch: &Range<usize>,
        sentence: &Range<usize>,
        mut each: impl FnMut(u64),
    ) {
        let word = |at: Option<usize>| match at {
            Some(at) if sentence.contains(&at) => self.words[at],
            _ => NOTHING,
        };
        let own = self.words[at];
        let before = word(at.checked_sub(1));
        let before2 = word(at.checked_sub(2));
        let after = word(Some(at + 1));
        let after2 = word(Some(at + 2));
        let shape = |at: Option<usize>| match at {
            Some(at) if sentence.contains(&at) => shape(&self.document.tokens()[at]),
            _ => 0,
        };
        let (shape0, shape1, shape2) = (
            shape(Some(at)),
            shape(at.checked_sub(1)),
            shape(Some(at + 1)),
        );
        let text = self.document.token_text(at);
        let bytes = text.as_bytes();
        let ends = |n: usize| hash::word(suffix(text, n));
        let starts = |n: usize| hash::word(prefix(text, n));

        let mut question = 0;
        let mut ask = |answer: u32| {
            question += 1;
            each(hash::feature(question, answer));
        };
        ask(own);
        ask(before);
        ask(after);
        ask(before2);
        ask(after2);
        ask(hash::pair(before, before2));
        ask(hash::pair(after, after2));
        ask(shape0 | shape1 << 8 | shape2 << 16);
        ask(hash::pair(own, shape0));
        ask(ends(2) ^ shape0);
        ask(ends(3));
        ask(ends(4));
        ask(starts(3));
        ask(starts(4));

        // The run of capitalised words: a name's first and last words say most about it.
        let run = self.run(at, stretch);
        let (first, last) = (self.words[run.start], self.words[run.end - 1]);
        let from = (at - run.start).min(3) as u32;
        let to = (run.end - 1 - at).min(3) as u32;
        ask(from | to << 4);
        ask(hash::pair(first, from));
        ask(hash::pair(last, to));
        ask(hash::pair(word(run.start.checked_sub(1)), from));
        ask(hash::pair(word(Some(run.end)), to));
        ask(hash::pair(
            hash::pair(
                word(run.start.checked_sub(2)),
                word(run.start.checked_sub(1)),
            ),
            from,
        ));
        ask(hash::pair(first, last));

        // Where it stands, and whether the document has it in small letters too.
        let opens = u32::from(at == sentence.start);
        let small = u32::from(self.seen_small(own));
        let length = bytes.len().min(15) as u32;
        ask(opens | small << 1 | shape0 << 2);
        ask(hash::pair(
            opens | small << 1 | from << 2,
            fold(self.clues.bits[run.start]),
        ));
        ask(length | shape0 << 4);
        // What the tables say of it; pairs of that with the neighbours made names of other texts worse.
        let mut bits = self.clues.bits[at];
        while bits != 0 {
            let bit = bits.trailing_zeros();
            bits &= bits - 1;
            each(hash::feature(BIT_QUESTION, bit | opens << 8));
        }
    }

    /// The capitalised words around a token, linked by nothing but capitals, hyphens and dots.
    fn run(&self, at: usize, stretch: &Range<usize>) -> Range<usize> {
        let in_run = |at: usize| {
            let token = &self.document.tokens()[at];
            token.case != Case::Lower || token.kind != TokenKind::Word
        };
        let low = stretch.start.max(at.saturating_sub(LONGEST_RUN));
        let high = stretch.end.min(at + LONGEST_RUN);
        let start = (low..at)
            .rev()
            .take_while(|&at| in_run(at))
            .last()
            .unwrap_or(at);
        let end = (at + 1..high)
            .take_while(|&at| in_run(at))
            .last()
            .unwrap_or(at)
            + 1;
        start..end
    }

    fn seen_small(&self, word: u32) -> bool {
        let bit = word as usize % SMALL_WORDS;
        self.small[bit / 64] & 1 << (bit % 64) != 0
    }
}

/// The number of the question about single bits, beyond all others.
const BIT_QUESTION: u32 = 100;

/// Tokens to each side that a run is followed for.
const LONGEST_RUN: usize = 8;

/// Kind, case and length class of a token in a byte; 0 is nothing.
fn shape(token: &Token) -> u32 {
    let kind = match token.kind {
        TokenKind::Word => 1,
        TokenKind::Number => 2,
        TokenKind::Symbol => 3,
    };
    let case = match token.case {
        Case::Lower => 0,
        Case::Capitalized => 1,
        Case::Upper => 2,
        Case::Mixed => 3,
    };
    let length = match token.span.end - token.span.start {
        1 => 0,
        2..=3 => 1,
        4..=6 => 2,
        _ => 3,
    };
    kind | case << 2 | length << 4 | u32::from(token.spaced) << 6
}

fn fold(bits: u64) -> u32 {
    (bits ^ (bits >> 32).wrapping_mul(0x9e37_79b9)) as u32
}

/// At most the last `n` letters.
fn suffix(text: &str, n: usize) -> &str {
    let start = text.char_indices().rev().nth(n - 1).map_or(0, |(at, _)| at);
    &text[start..]
}

/// At most the first `n` letters.
fn prefix(text: &str, n: usize) -> &str {
    let end = text.char_indices().nth(n).map_or(text.len(), |(at, _)| at);
    &text[..end]
}
