//! The document as the entity stage reads it: words around a place, within its sentence.

use std::ops::Range;

use crate::text::document::{Case, Document, Span, Token, TokenKind};

/// How a sentence is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    Normal,
    /// Most words begin with a capital and no full stop ends it, as in many headlines: capitals say little.
    TitleCase,
    /// Every letter is a capital.
    AllCaps,
}

/// A document with what the rules ask of it again and again.
pub struct Text<'a> {
    document: &'a Document,
    /// By token: its sentence.
    sentences: Vec<u32>,
    /// By sentence.
    styles: Vec<Style>,
}

impl<'a> Text<'a> {
    pub fn new(document: &'a Document) -> Self {
        let mut sentences = Vec::with_capacity(document.tokens().len());
        let mut styles = Vec::with_capacity(document.sentences().len());
        for (index, sentence) in document.sentences().iter().enumerate() {
            sentences.resize(sentence.tokens.end as usize, index as u32);
            styles.push(style(document, &sentence.tokens));
        }
        Text {
            document,
            sentences,
            styles,
        }
    }

    pub fn document(&self) -> &'a Document {
        self.document
    }

    pub fn len(&self) -> usize {
        self.sentences.len()
    }

    pub fn word(&self, token: usize) -> &'a str {
        self.document.token_text(token)
    }

    pub fn token(&self, token: usize) -> &'a Token {
        &self.document.tokens()[token]
    }

    /// The sentence's tokens.
    pub fn sentence(&self, token: usize) -> Range<usize> {
        let tokens = &self.document.sentences()[self.sentences[token] as usize].tokens;
        tokens.start as usize..tokens.end as usize
    }

    pub fn style(&self, token: usize) -> Style {
        self.styles[self.sentences[token] as usize]
    }

    /// The word `n` tokens before one, in the same sentence; empty where there is none.
    pub fn before(&self, token: usize, n: usize) -> &'a str {
        match token.checked_sub(n) {
            Some(at) if self.sentences[at] == self.sentences[token] => self.word(at),
            _ => "",
        }
    }

    /// The word `n` tokens after the last of a range, in the same sentence; `n` 1 is the next. Empty where there is none.
    pub fn after(&self, tokens: &Range<usize>, n: usize) -> &'a str {
        let last = tokens.end - 1;
        match self.sentences.get(last + n) {
            Some(&sentence) if sentence == self.sentences[last] => self.word(last + n),
            _ => "",
        }
    }

    /// From a range's first token to its last.
    pub fn span(&self, tokens: &Range<usize>) -> Span {
        self.document
            .span_of(tokens.start as u32..tokens.end as u32)
    }

    /// The words of a range in lower case.
    pub fn lower(&self, tokens: &Range<usize>) -> String {
        self.document.slice(self.span(tokens)).to_lowercase()
    }

    /// A word that begins with a capital, or has one within.
    pub fn is_capital(&self, token: usize) -> bool {
        let token = self.token(token);
        token.kind == TokenKind::Word && token.case != Case::Lower
    }

    /// No word stands before it in its sentence, only quotation marks and the like.
    pub fn opens_sentence(&self, token: usize) -> bool {
        self.sentence(token).start == token
            || (self.sentence(token).start..token)
                .rev()
                .take(OPENING_SYMBOLS)
                .all(|at| self.token(at).kind == TokenKind::Symbol)
                && token - self.sentence(token).start <= OPENING_SYMBOLS
    }
}

/// Symbols that may stand before a sentence's first word: a bullet, a quotation mark, a bracket.
const OPENING_SYMBOLS: usize = 3;

/// Whether a list holds the word, in any letters.
pub fn listed(list: &[&str], word: &str) -> bool {
    list.iter().any(|entry| entry.eq_ignore_ascii_case(word))
}

fn style(document: &Document, tokens: &Range<u32>) -> Style {
    let (mut long, mut capital, mut upper, mut lower) = (0, 0, 0, 0);
    for index in tokens.clone() {
        let token = &document.tokens()[index as usize];
        if token.kind != TokenKind::Word {
            continue;
        }
        match token.case {
            Case::Lower => lower += 1,
            Case::Upper => upper += 1,
            Case::Capitalized | Case::Mixed => lower += 1,
        }
        // Short words stay small in headlines ("of", "to", "with").
        if token.span.end - token.span.start >= 5 {
            long += 1;
            capital += u32::from(token.case != Case::Lower);
        }
    }
    let closes = tokens
        .clone()
        .next_back()
        .is_some_and(|last| document.token_text(last as usize) == ".");
    if upper >= 3 && lower * 4 <= upper {
        Style::AllCaps
    } else if !closes && long >= 3 && capital * 10 >= long * 8 {
        Style::TitleCase
    } else {
        Style::Normal
    }
}
