//! The words of a text as the automaton reads them.

use std::ops::Range;

use crate::text::document::{Document, Token, TokenKind, fold};

/// A text's words and signs in lower case, each with one space before and after, paragraphs parted by a newline; and
/// which token each of them is. A phrase and a text written so meet where their words are the same.
pub struct Words {
    text: String,
    /// Where each word's closing space ends in `text`.
    ends: Vec<usize>,
    tokens: Vec<u32>,
}

impl Words {
    pub fn of(document: &Document) -> Words {
        let tokens = document.tokens();
        let mut words = Words {
            text: String::with_capacity(document.buffer().len() + tokens.len()),
            ends: Vec::with_capacity(tokens.len()),
            tokens: Vec::with_capacity(tokens.len()),
        };
        for paragraph in document.paragraphs() {
            if !words.text.is_empty() {
                words.text.push('\n');
            }
            words.text.push(' ');
            for sentence in &document.sentences()[index(&paragraph.sentences)] {
                for token in sentence.tokens.clone() {
                    if !is_inner_hyphen(document, token as usize) {
                        words.push(document.token_text(token as usize), token);
                    }
                }
            }
        }
        words
    }

    fn push(&mut self, word: &str, token: u32) {
        fold::append(word, &mut self.text);
        self.text.push(' ');
        self.ends.push(self.text.len());
        self.tokens.push(token);
    }

    pub fn text(&self) -> &str {
        &self.text
    }

    pub fn len(&self) -> usize {
        self.tokens.len()
    }

    pub fn end(&self, word: usize) -> usize {
        self.ends[word]
    }

    pub fn token(&self, word: usize) -> u32 {
        self.tokens[word]
    }
}

/// The words of a phrase in its own letters, as [`is_exact`] compares them.
pub fn exact(phrase: &Document) -> String {
    exact_words(phrase, 0..phrase.tokens().len() as u32).collect()
}

/// Whether the tokens have the letters of `exact`.
pub fn is_exact(document: &Document, tokens: Range<u32>, exact: &str) -> bool {
    exact_words(document, tokens).eq(exact.chars())
}

fn exact_words(document: &Document, tokens: Range<u32>) -> impl Iterator<Item = char> + '_ {
    tokens
        .filter(|token| !is_inner_hyphen(document, *token as usize))
        .flat_map(|token| {
            std::iter::once(' ').chain(document.token_text(token as usize).chars().map(fold::typed))
        })
}

/// A hyphen with no white space around it, between two words.
fn is_inner_hyphen(document: &Document, at: usize) -> bool {
    let tokens = document.tokens();
    let is_word = |token: &Token| token.kind != TokenKind::Symbol;
    tokens[at].kind == TokenKind::Symbol
        && document.token_text(at).starts_with(fold::is_hyphen)
        && !tokens[at].spaced
        && at > 0
        && is_word(&tokens[at - 1])
        && tokens
            .get(at + 1)
            .is_some_and(|next| !next.spaced && is_word(next))
}

fn index(range: &Range<u32>) -> Range<usize> {
    range.start as usize..range.end as usize
}
