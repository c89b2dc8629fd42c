//! The dateline: place, date and agency at the head of a text.

use super::{Case, Document, ParagraphKind, Span, Token, TokenKind};

/// In tokens; "WASHINGTON, D.C., March 27, 2024 (The Associated Press) --" has 14.
const LONGEST: usize = 20;

/// Words in capitals before a dash that are no place; written from general knowledge.
const LABELS: [&str; 12] = [
    "NATO",
    "UPDATE",
    "BREAKING",
    "WATCH",
    "VIDEO",
    "PHOTOS",
    "OPINION",
    "ANALYSIS",
    "EXCLUSIVE",
    "EXPLAINER",
    "FACTBOX",
    "UNICEF",
];

/// Where the head of the first paragraph is a dateline, its span, the closing dash included.
pub fn find(document: &Document) -> Option<Span> {
    let first = document
        .paragraphs()
        .iter()
        .find(|paragraph| paragraph.kind != ParagraphKind::Title)?;
    let tokens = document.tokens_of(first);
    let head = Head {
        document,
        tokens: &tokens[..tokens.len().min(LONGEST)],
    };
    let end = head
        .closing_dash()
        .or_else(|| head.closing_slash())
        .or_else(|| {
            // "Kyiv • UNN" on a line of its own.
            (tokens.len() < LONGEST && head.is_place_and_agency()).then_some(tokens.len())
        })?;
    Some(Span {
        start: first.span.start,
        end: tokens[end - 1].span.end,
    })
}

struct Head<'d> {
    document: &'d Document,
    tokens: &'d [Token],
}

impl Head<'_> {
    /// "KYIV, March 27 (Reuters) - The", "Kyiv (Reuters) – The", "KYIV – The": the end of the dash.
    fn closing_dash(&self) -> Option<usize> {
        let dash = (1..self.tokens.len()).find(|at| self.is_separating_dash(*at))?;
        let end = self.dashes_end(dash);
        // An apposition goes on in lower case: "KYIV – the capital".
        let begins = self.tokens[end].case != Case::Lower || self.is_one_of(end, "\"“‘'«");
        let agency = self.is_one_of(dash - 1, ")");
        (begins && self.is_place_and_date(dash, agency)).then_some(end)
    }

    /// "MOSCOW, March 27. /TASS/.": the end of the last slash, or of the full stop behind it.
    fn closing_slash(&self) -> Option<usize> {
        let open = (1..self.tokens.len()).find(|at| self.is_one_of(*at, "/"))?;
        let close = (open + 1..self.tokens.len()).find(|at| self.is_one_of(*at, "/"))?;
        let stop = close + 1 < self.tokens.len() && self.is_one_of(close + 1, ".");
        (close <= open + 4 && self.is_place_and_date(open, false))
            .then_some(close + 1 + usize::from(stop))
    }

    fn is_place_and_agency(&self) -> bool {
        let separators = (0..self.tokens.len())
            .filter(|at| self.is_one_of(*at, "•|"))
            .count();
        let words = self
            .tokens
            .iter()
            .all(|token| token.kind == TokenKind::Symbol || token.case != Case::Lower);
        separators == 1
            && words
            && !self.is_one_of(0, "•|")
            && !self.is_one_of(self.tokens.len() - 1, "•|")
    }

    /// Whether the tokens up to `end` name a place, in capitals unless an agency in brackets follows, and nothing else
    /// but a country, a date, an agency.
    fn is_place_and_date(&self, end: usize, agency: bool) -> bool {
        let mut in_place = true;
        let mut depth = 0;
        for at in 0..end {
            let token = &self.tokens[at];
            let fits = match token.kind {
                TokenKind::Symbol if self.is_one_of(at, "(") => {
                    depth += 1;
                    at > 0
                }
                TokenKind::Symbol if self.is_one_of(at, ")") => {
                    depth -= 1;
                    depth == 0
                }
                TokenKind::Symbol => self.is_one_of(at, ",./-’'"),
                _ if depth > 0 => true,
                TokenKind::Word if in_place && !agency => token.case == Case::Upper,
                TokenKind::Word => token.case != Case::Lower,
                TokenKind::Number => at > 0,
            };
            if !fits {
                return false;
            }
            in_place &= token.kind == TokenKind::Word;
        }
        let place = self.document.slice(self.tokens[0].span);
        // Shorter ones are acronyms of organisations.
        self.tokens[0].kind == TokenKind::Word
            && (agency || place.len() > 3)
            && !LABELS.contains(&place)
    }

    /// A dash between words, not one within a name.
    fn is_separating_dash(&self, at: usize) -> bool {
        let end = self.dashes_end(at);
        let spaced = |at: usize| self.tokens.get(at).is_some_and(|token| token.spaced);
        end > at
            && (self.is_one_of(at, "—") || spaced(at) || spaced(end))
            && end < self.tokens.len()
    }

    /// The end of the dashes that begin at `at`: "--" is two tokens.
    fn dashes_end(&self, at: usize) -> usize {
        (at..self.tokens.len())
            .find(|at| !self.is_one_of(*at, "-–—"))
            .unwrap_or(self.tokens.len())
    }

    fn is_one_of(&self, at: usize, symbols: &str) -> bool {
        let text = self.document.slice(self.tokens[at].span);
        self.tokens[at].kind == TokenKind::Symbol && symbols.contains(text)
    }
}
