//! A passage: the tokens of one paragraph, which no amount and no date reaches over.

use std::borrow::Cow;

use crate::text::document::{Document, Paragraph, Sentence, Span, Token};

/// A paragraph of a document, with the document's own token numbers.
pub struct Passage<'a> {
    document: &'a Document,
    /// Its first token, and the one after its last.
    start: usize,
    end: usize,
}

impl<'a> Passage<'a> {
    pub fn new(document: &'a Document, paragraph: &Paragraph) -> Self {
        let sentences = &document.sentences()
            [paragraph.sentences.start as usize..paragraph.sentences.end as usize];
        Passage {
            document,
            start: sentences
                .first()
                .map_or(0, |first| first.tokens.start as usize),
            end: sentences.last().map_or(0, |last| last.tokens.end as usize),
        }
    }

    /// Its first token.
    pub fn start(&self) -> usize {
        self.start
    }

    /// All tokens up to its last, those before it included, so that a token has one number everywhere.
    pub fn tokens(&self) -> &'a [Token] {
        &self.document.tokens()[..self.end]
    }

    pub fn token_text(&self, token: usize) -> &'a str {
        self.document.token_text(token)
    }

    /// The token's text; empty beyond the passage.
    pub fn text_at(&self, token: usize) -> &'a str {
        if (self.start..self.end).contains(&token) {
            self.token_text(token)
        } else {
            ""
        }
    }

    /// The text `n` tokens before one; empty beyond the passage.
    pub fn text_before(&self, token: usize, n: usize) -> &'a str {
        token.checked_sub(n).map_or("", |at| self.text_at(at))
    }

    /// The token's word in small letters; empty beyond the passage.
    pub fn word(&self, token: usize) -> Cow<'a, str> {
        lower(self.text_at(token))
    }

    /// The word `n` tokens before one in small letters; empty beyond the passage.
    pub fn word_before(&self, token: usize, n: usize) -> Cow<'a, str> {
        lower(self.text_before(token, n))
    }

    /// From the first token of a range to its last.
    pub fn span_of(&self, tokens: std::ops::Range<usize>) -> Span {
        self.document
            .span_of(tokens.start as u32..tokens.end as u32)
    }

    pub fn slice(&self, span: Span) -> &'a str {
        self.document.slice(span)
    }

    /// The sentence that holds a token.
    pub fn sentence(&self, token: usize) -> &'a Sentence {
        &self.document.sentences()[self.document.sentence_of(token)]
    }
}

/// In small letters; copied only where it has others, since every token is asked for.
pub fn lower(word: &str) -> Cow<'_, str> {
    if word.bytes().any(|byte| byte.is_ascii_uppercase()) {
        Cow::Owned(word.to_ascii_lowercase())
    } else {
        Cow::Borrowed(word)
    }
}
