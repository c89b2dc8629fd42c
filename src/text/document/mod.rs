//! The document: an article's title and text as paragraphs, sentences and tokens.
//!
//! Title and text share one buffer (`title`, a newline, `text`), so that every stage works with one kind of offset: a
//! byte in that buffer. [`Document::locate`] says which field a span lies in; nothing else needs to know.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A half-open range of bytes in [`Document::buffer`], on character boundaries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    pub start: u32,
    pub end: u32,
}

/// Which text of the article a span lies in.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    Title,
    Text,
}

/// What a token is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// Letters, with inner apostrophes, dots of abbreviations ("U.S.") and digits ("F16").
    Word,
    /// Digits, with inner separators ("1,200", "3.5").
    Number,
    /// Anything else that is not white space, one character a token.
    Symbol,
}

/// How a word is capitalised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Case {
    /// No upper-case letter, or no letter at all.
    Lower,
    /// The first letter alone.
    Capitalized,
    /// Every letter, and there are two or more.
    Upper,
    /// Anything else ("McDonald", "iPhone").
    Mixed,
}

/// A word, a number or one symbol. Hyphens split words into tokens of their own ("F-16" is `F`, `-`, `16`); a
/// possessive 's is a token of its own.
#[derive(Clone, Copy, Debug)]
pub struct Token {
    pub span: Span,
    pub kind: TokenKind,
    pub case: Case,
    /// White space stands between the token before and this one.
    pub spaced: bool,
}

/// What a paragraph is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParagraphKind {
    Title,
    Body,
    /// Stays in the text, is not used as evidence.
    Boilerplate,
}

#[derive(Clone, Debug)]
pub struct Paragraph {
    pub span: Span,
    pub kind: ParagraphKind,
    /// Index range into [`Document::sentences`].
    pub sentences: std::ops::Range<u32>,
}

#[derive(Clone, Debug)]
pub struct Sentence {
    pub span: Span,
    /// Index range into [`Document::tokens`].
    pub tokens: std::ops::Range<u32>,
    /// Index into [`Document::paragraphs`].
    pub paragraph: u32,
}
