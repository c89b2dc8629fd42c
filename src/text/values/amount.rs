//! Amounts of money.

use std::collections::BTreeMap;

use super::currency::{self, Currencies, Written};
use super::number::{self, Number};
use super::passage::{Passage, lower};
use crate::text::document::{Document, Span, TokenKind};
use crate::text::entities::Entity;
use crate::text::knowledge::Knowledge;

/// An amount as the article states it; a range is two.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Amount {
    pub span: Span,
    /// In full units; none where the article tells a magnitude alone ("billions of dollars").
    pub value: Option<String>,
    /// ISO 4217; none where it is not sure which dollar is meant.
    pub currency: Option<String>,
    /// "about", "more than" and the like stand before it.
    pub approx: bool,
}

/// Finds amounts; built once.
pub struct Amounts {
    currencies: Currencies,
}

/// A number, or two, with one currency.
struct Found {
    numbers: Vec<(std::ops::Range<usize>, Option<Number>)>,
    written: Written,
    end: usize,
}

impl Amounts {
    pub fn new(knowledge: &Knowledge) -> Self {
        Amounts {
            currencies: Currencies::new(knowledge),
        }
    }

    /// The document's amounts, in text order. Entities tell which dollar is meant. Linear in the document's length.
    pub fn find(&self, document: &Document, entities: &[Entity]) -> Vec<Amount> {
        let mut states: BTreeMap<&str, usize> = BTreeMap::new();
        for entity in entities {
            if let Some(iso) = &entity.iso {
                *states.entry(iso).or_default() += entity.mentions.len();
            }
        }
        let mut amounts = Vec::new();
        for paragraph in document.paragraphs() {
            self.append(&Passage::new(document, paragraph), &states, &mut amounts);
        }
        amounts
    }

    fn append(&self, passage: &Passage, states: &BTreeMap<&str, usize>, amounts: &mut Vec<Amount>) {
        let mut at = passage.start();
        while at < passage.tokens().len() {
            let Some(found) = self.at(passage, at) else {
                at += 1;
                continue;
            };
            let approx = is_approximate(passage, at);
            let currency = self.currencies.resolve(&found.written, states);
            let shared = found
                .numbers
                .last()
                .and_then(|(_, number)| number.as_ref()?.scale);
            for (tokens, number) in &found.numbers {
                let power = if found.written.minor {
                    -2
                } else {
                    found.written.power
                };
                amounts.push(Amount {
                    span: passage.span_of(tokens.clone()),
                    value: number.as_ref().map(|number| {
                        let scale = number.scale.or(shared).unwrap_or_default();
                        number.value.clone().scaled(scale + power).to_string()
                    }),
                    currency: currency.map(str::to_owned),
                    approx,
                });
            }
            at = found.end;
        }
    }

    /// The amount that begins at a token.
    fn at(&self, passage: &Passage, at: usize) -> Option<Found> {
        let token = &passage.tokens()[at];
        let text = passage.token_text(at);
        if currency::can_begin(token.kind, text)
            && let Some(found) = self.sign_first(passage, at)
        {
            return Some(found);
        }
        if token.kind == TokenKind::Symbol {
            return None;
        }
        self.magnitude(passage, at)
            .or_else(|| self.number_first(passage, at))
    }

    /// "$60 billion", "US$300-400 million", "NOK 15b".
    fn sign_first(&self, passage: &Passage, at: usize) -> Option<Found> {
        let written = self.currencies.before_number(passage, at)?;
        let start = at + written.length;
        let low = number::read(passage, start)?;
        // "$5 and 6 apples": a number word after a sign is none of money.
        if passage.tokens()[start].kind == TokenKind::Word
            && !passage
                .token_text(start)
                .starts_with(|c: char| c.is_ascii_digit())
        {
            return None;
        }
        let mut numbers = vec![(at..low.end, Some(low.clone()))];
        let mut end = low.end;
        if let Some(next) = self.range_link(passage, low.end, at) {
            let sign = self.currencies.before_number(passage, next).filter(|_| {
                passage.tokens()[next].kind == TokenKind::Symbol
                    || passage.token_text(next).len() > 1
            });
            let digits = next + sign.as_ref().map_or(0, |sign| sign.length);
            let is_dash = !matches!(passage.token_text(next - 1), "to" | "and");
            if let Some(high) = number::read(passage, digits)
                && passage.tokens()[digits].kind != TokenKind::Symbol
                && (sign.is_some() || is_dash || high.scale.is_some())
                && (low.scale.is_none() || high.scale.is_some() || sign.is_some())
            {
                end = high.end;
                numbers.push((next..high.end, Some(high)));
            }
        }
        Some(Found {
            numbers,
            written,
            end,
        })
    }

    /// "60 bn euros", "five to six million US dollars", "120 billion EUR", "750-trillion-rial".
    fn number_first(&self, passage: &Passage, at: usize) -> Option<Found> {
        let low = number::read(passage, at)?;
        let mut numbers = vec![(at..low.end, Some(low.clone()))];
        let mut last = low.clone();
        if let Some(next) = self.range_link(passage, low.end, at)
            && let Some(high) = number::read(passage, next)
        {
            numbers.push((next..high.end, Some(high.clone())));
            last = high;
        }
        let written = self.currencies.after_number(passage, last.end)?;
        if last.scale.is_none() && !self.currencies.is_plain(passage, last.end, &written) {
            return None;
        }
        let end = last.end + written.length;
        if let Some((tokens, _)) = numbers.last_mut() {
            tokens.end = end;
        }
        Some(Found {
            numbers,
            written,
            end,
        })
    }

    /// "billions of dollars", "hundreds of millions of euros", "several billion dollars", "multibillion-dollar".
    fn magnitude(&self, passage: &Passage, at: usize) -> Option<Found> {
        let tokens = passage.tokens();
        let word = |at: usize| {
            if at < tokens.len() {
                passage.token_text(at)
            } else {
                ""
            }
        };
        let mut end = at;
        while end < at + 2 * MOST_MAGNITUDES
            && number::is_magnitude(word(end))
            && word(end + 1).eq_ignore_ascii_case("of")
        {
            end += 2;
        }
        let is_several = matches!(&*lower(word(at)), "several" | "few" | "many");
        if is_several && number::scale(word(at + 1)).is_some() {
            end = at + 2;
        }
        if end == at {
            let first = passage.word(at);
            let rest = first.strip_prefix("multi")?;
            end = if rest.is_empty() && word(at + 1) == "-" {
                at + 2
            } else {
                at
            };
            let scale = if rest.is_empty() {
                word(end).to_ascii_lowercase()
            } else {
                rest.to_owned()
            };
            if !matches!(
                scale.as_str(),
                "million" | "billion" | "trillion" | "thousand"
            ) {
                return None;
            }
            end += 1;
        }
        let written = self.currencies.after_number(passage, end)?;
        let end = end + written.length;
        Some(Found {
            numbers: vec![(at..end, None)],
            written,
            end,
        })
    }

    /// The token after a dash, "to", or "and" after "between".
    fn range_link(&self, passage: &Passage, at: usize, start: usize) -> Option<usize> {
        let tokens = passage.tokens();
        if at + 1 >= tokens.len() {
            return None;
        }
        let between = passage
            .text_before(start, 1)
            .eq_ignore_ascii_case("between");
        let is_link = match passage.token_text(at) {
            "-" | "–" | "—" => !tokens[at].spaced && !tokens[at + 1].spaced,
            "to" => true,
            "and" => between,
            _ => false,
        };
        is_link.then_some(at + 1)
    }
}

/// "Tens of thousands of millions of": more is no English, and a text of nothing else must not be read over and over.
const MOST_MAGNITUDES: usize = 3;

/// Whether the words before say that the number is none to the last digit.
fn is_approximate(passage: &Passage, at: usize) -> bool {
    let word = |n: usize| passage.text_before(at, n).to_ascii_lowercase();
    let (one, two) = (word(1), word(2));
    matches!(
        one.as_str(),
        "about"
            | "around"
            | "approximately"
            | "nearly"
            | "almost"
            | "some"
            | "over"
            | "roughly"
            | "estimated"
            | "approx"
            | "circa"
            | "under"
            | "~"
            | "≈"
    ) || matches!(
        (two.as_str(), one.as_str()),
        ("more" | "less" | "fewer", "than")
            | ("at", "least" | "most")
            | ("up", "to")
            | ("close", "to")
            | ("excess", "of")
            | ("or", "so")
    )
}
