//! Stretches of a text that can hold a name: capitalised words, numbers and signs beside them, and small words that
//! names hold.

use std::ops::Range;

use super::hash;
use crate::text::document::{Case, Document, Token, TokenKind};

/// Which tokens a name can hold, and the stretches that they make, each within one sentence.
///
/// `inner` holds hashes of small words that names end or begin with ("region", "army", "eastern"), sorted.
pub fn find(document: &Document, inner: &[u32]) -> Vec<Range<usize>> {
    let tokens = document.tokens();
    let mut stretches: Vec<Range<usize>> = Vec::new();
    for sentence in document.sentences() {
        let (first, end) = (sentence.tokens.start as usize, sentence.tokens.end as usize);
        for at in first..end {
            if !can_be_in_name(document, tokens, at, first..end, inner) {
                continue;
            }
            match stretches.last_mut() {
                Some(last) if last.end == at && last.start >= first => last.end = at + 1,
                _ => stretches.push(at..at + 1),
            }
        }
    }
    stretches
}

fn can_be_in_name(
    document: &Document,
    tokens: &[Token],
    at: usize,
    sentence: Range<usize>,
    inner: &[u32],
) -> bool {
    let is_capital = |at: usize| {
        sentence.contains(&at)
            && tokens[at].kind == TokenKind::Word
            && tokens[at].case != Case::Lower
    };
    let before = at.checked_sub(1).is_some_and(is_capital);
    let after = is_capital(at + 1);
    let token = &tokens[at];
    match token.kind {
        TokenKind::Word if token.case != Case::Lower => true,
        TokenKind::Word => {
            let word = document.token_text(at);
            (before && (after || is_capital(at + 2)) && is_link(word))
                || (before && word == "the" && is_capital(at + 1))
                || (at > 0 && word == "the" && after && is_link(document.token_text(at - 1)))
                || ((before || after) && inner.binary_search(&hash::word(word)).is_ok())
        }
        TokenKind::Number => {
            before
                || after
                || (at >= 2 && is_sign(document.token_text(at - 1)) && is_capital(at - 2))
        }
        TokenKind::Symbol => is_sign(document.token_text(at)) && (before || after),
    }
}

/// Small words between the capitalised ones of a name.
fn is_link(word: &str) -> bool {
    matches!(
        word,
        "of" | "for"
            | "and"
            | "the"
            | "on"
            | "in"
            | "to"
            | "at"
            | "de"
            | "la"
            | "von"
            | "van"
            | "der"
            | "den"
            | "bin"
            | "ibn"
            | "al"
            | "el"
            | "du"
            | "di"
            | "da"
            | "del"
            | "dos"
            | "le"
            | "with"
            | "against"
            | "'s"
            | "’s"
    )
}

fn is_sign(sign: &str) -> bool {
    matches!(sign, "-" | "–" | "." | "&" | "/" | "+" | "'" | "’" | "№")
}
