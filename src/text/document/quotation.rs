//! Quotations: runs of tokens between double quotes, within one paragraph.

use std::ops::Range;

use super::token::{Token, TokenKind};

/// From each opening quote to its closing one, both included, in text order; an unclosed one is left out. `first` is
/// the paragraph's first token, and its last is the last of all.
pub fn find(buffer: &str, tokens: &[Token], first: usize) -> Vec<Range<usize>> {
    let mut quotations = Vec::new();
    let mut open = None;
    for (at, token) in tokens.iter().enumerate().skip(first) {
        if token.kind != TokenKind::Symbol {
            continue;
        }
        match (
            &buffer[token.span.start as usize..token.span.end as usize],
            open,
        ) {
            ("\"", Some(start)) | ("”" | "»", Some(start)) => {
                quotations.push(start..at + 1);
                open = None;
            }
            ("\"", None) | ("“" | "«", _) => open = Some(at),
            _ => {}
        }
    }
    quotations
}
