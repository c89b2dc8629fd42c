//! The document: an article's title and text as paragraphs, sentences and tokens.
//!
//! Title and text share one buffer (`title`, a newline, `text`), so that every stage works with one kind of offset: a
//! byte in that buffer. [`Document::locate`] says which field a span lies in; nothing else needs to know.
//!
//! The way of a text: [`normalise`] (NFC, one newline between paragraphs), [`token`], [`sentence`], [`boilerplate`].
//! Every step is linear in the text's length and accepts any text. What only some stages ask for is made when asked:
//! [`dateline`], [`language`], [`fingerprint`]; [`duplicates`] are groups of fingerprints.

mod abbreviations;
mod boilerplate;
mod dateline;
pub mod duplicates;
pub mod fingerprint;
pub mod fold;
pub mod language;
mod normalise;
mod quotation;
mod sentence;
mod token;

use std::ops::Range;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use token::{Case, Token, TokenKind};

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

/// What a paragraph is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParagraphKind {
    Title,
    Body,
    /// Stays in the text, is not used as evidence.
    Boilerplate,
}

/// One line of the buffer; never empty.
#[derive(Clone, Debug)]
pub struct Paragraph {
    pub span: Span,
    pub kind: ParagraphKind,
    /// Index range into [`Document::sentences`].
    pub sentences: Range<u32>,
}

/// A run of tokens within one paragraph; never empty. A paragraph's sentences cover all its tokens.
#[derive(Clone, Debug)]
pub struct Sentence {
    pub span: Span,
    /// Index range into [`Document::tokens`].
    pub tokens: Range<u32>,
    /// Index into [`Document::paragraphs`].
    pub paragraph: u32,
}

/// An article's title and text, split and measured once, read by every stage.
#[derive(Clone, Debug)]
pub struct Document {
    buffer: String,
    /// Bytes of the title in the buffer; `None` without a title.
    title_len: Option<u32>,
    paragraphs: Vec<Paragraph>,
    sentences: Vec<Sentence>,
    tokens: Vec<Token>,
}

impl Document {
    /// Normalises and splits. A title of white space alone is no title.
    ///
    /// Title and text may hold 1 GiB together: offsets are 32 bits wide, and NFC can triple a text's bytes. The
    /// configuration refuses larger articles.
    pub fn new(title: Option<&str>, text: &str) -> Document {
        let mut buffer = String::with_capacity(title.map_or(0, str::len) + text.len() + 1);
        normalise::append_line(title.unwrap_or_default(), &mut buffer);
        let title_len = (!buffer.is_empty()).then(|| offset(buffer.len()));
        if title_len.is_some() {
            buffer.push('\n');
        }
        normalise::append_paragraphs(text, &mut buffer);

        let mut document = Document {
            title_len,
            paragraphs: Vec::new(),
            sentences: Vec::new(),
            // English news has a token in about five bytes; growing once more costs little.
            tokens: Vec::with_capacity(buffer.len() / 5),
            buffer,
        };
        document.split();
        boilerplate::mark(&mut document);
        document
    }

    fn split(&mut self) {
        let mut start = 0;
        for line in self.buffer.split('\n') {
            let span = Span {
                start: offset(start),
                end: offset(start + line.len()),
            };
            start += line.len() + 1;
            // Only a title without a text leaves an empty line behind it.
            if line.is_empty() {
                continue;
            }
            let first_token = self.tokens.len();
            let first_sentence = offset(self.sentences.len());
            token::append(line, span.start, &mut self.tokens);
            for tokens in sentence::split(&self.buffer, &self.tokens, first_token) {
                let span = Span {
                    start: self.tokens[tokens.start].span.start,
                    end: self.tokens[tokens.end - 1].span.end,
                };
                self.sentences.push(Sentence {
                    span,
                    tokens: offset(tokens.start)..offset(tokens.end),
                    paragraph: offset(self.paragraphs.len()),
                });
            }
            let is_title = span.start == 0 && self.title_len.is_some();
            self.paragraphs.push(Paragraph {
                span,
                kind: if is_title {
                    ParagraphKind::Title
                } else {
                    ParagraphKind::Body
                },
                sentences: first_sentence..offset(self.sentences.len()),
            });
        }
    }

    /// Title, newline, text; the text alone where there is no title.
    pub fn buffer(&self) -> &str {
        &self.buffer
    }

    /// The title as normalised, on one line.
    pub fn title(&self) -> Option<&str> {
        self.title_len.map(|len| &self.buffer[..len as usize])
    }

    /// The text as normalised: paragraphs separated by one newline.
    pub fn text(&self) -> &str {
        &self.buffer[self.text_start() as usize..]
    }

    pub fn slice(&self, span: Span) -> &str {
        &self.buffer[span.start as usize..span.end as usize]
    }

    /// In text order, the title first.
    pub fn paragraphs(&self) -> &[Paragraph] {
        &self.paragraphs
    }

    /// In text order.
    pub fn sentences(&self) -> &[Sentence] {
        &self.sentences
    }

    /// In text order.
    pub fn tokens(&self) -> &[Token] {
        &self.tokens
    }

    /// The tokens of one of the paragraphs.
    pub fn tokens_of(&self, paragraph: &Paragraph) -> &[Token] {
        let sentences =
            &self.sentences[paragraph.sentences.start as usize..paragraph.sentences.end as usize];
        match (sentences.first(), sentences.last()) {
            (Some(first), Some(last)) => {
                &self.tokens[first.tokens.start as usize..last.tokens.end as usize]
            }
            _ => &[],
        }
    }

    /// Where and when the text was written, and for whom, as its first words say: "KYIV, March 27 (Reuters) -", with
    /// the dash.
    pub fn dateline(&self) -> Option<Span> {
        dateline::find(self)
    }

    pub fn token_text(&self, token: usize) -> &str {
        self.slice(self.tokens[token].span)
    }

    /// From the first token of a range to its last. The range must not be empty.
    pub fn span_of(&self, tokens: Range<u32>) -> Span {
        Span {
            start: self.tokens[tokens.start as usize].span.start,
            end: self.tokens[tokens.end as usize - 1].span.end,
        }
    }

    /// Index of the sentence that a token stands in.
    pub fn sentence_of(&self, token: usize) -> usize {
        self.sentences
            .partition_point(|sentence| sentence.tokens.end as usize <= token)
    }

    /// Index of the paragraph that a token stands in.
    pub fn paragraph_of(&self, token: usize) -> usize {
        self.sentences[self.sentence_of(token)].paragraph as usize
    }

    /// The field that a span lies in, and the bytes of that field which it covers.
    pub fn locate(&self, span: Span) -> (Field, Range<u32>) {
        let text_start = self.text_start();
        if span.start < text_start {
            (Field::Title, span.start..span.end)
        } else {
            (Field::Text, span.start - text_start..span.end - text_start)
        }
    }

    /// Words and numbers of the text, the title excluded. A possessive 's counts with its word.
    pub fn words(&self) -> usize {
        let text_start = self.text_start();
        let first = self
            .tokens
            .partition_point(|token| token.span.start < text_start);
        self.tokens[first..]
            .iter()
            .filter(|token| token.kind != TokenKind::Symbol)
            .filter(|token| !self.slice(token.span).starts_with(token::is_apostrophe))
            .count()
    }

    fn text_start(&self) -> u32 {
        self.title_len.map_or(0, |len| len + 1)
    }
}

/// A byte offset or an index as the document keeps them.
fn offset(value: usize) -> u32 {
    u32::try_from(value).expect("an article is bounded to 1 GiB, and has no more tokens than bytes")
}
