//! Dates: absolute, partial and relative ones, resolved against the day of publication.

mod absolute;
mod calendar;
mod relative;

use jiff::civil::Date;

use crate::text::document::{Document, Span};

/// A date as the article states it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DateValue {
    pub span: Span,
    /// ISO 8601: a day, a month, a year, or an interval of days; as precise as the text and no more.
    pub value: String,
}

/// A stretch of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum When {
    Day(Date),
    /// Year and month.
    Month(i16, i8),
    Year(i16),
    /// First and last day.
    Days(Date, Date),
}

impl std::fmt::Display for When {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            When::Day(day) => write!(out, "{day}"),
            When::Month(year, month) => write!(out, "{year:04}-{month:02}"),
            When::Year(year) => write!(out, "{year:04}"),
            When::Days(first, last) => write!(out, "{first}/{last}"),
        }
    }
}

/// A date and the token after it.
struct Found {
    when: When,
    end: usize,
}

/// The document's dates, in text order. Without a day of publication only those that need none. Linear in the document's
/// length.
pub fn dates(document: &Document, published: Option<Date>) -> Vec<DateValue> {
    let mut dates = Vec::new();
    let mut at = 0;
    while at < document.tokens().len() {
        let found = absolute::read(document, at, published)
            .or_else(|| published.and_then(|published| relative::read(document, at, published)));
        match found {
            Some(found) => {
                dates.push(DateValue {
                    span: document.span_of(at as u32..found.end as u32),
                    value: found.when.to_string(),
                });
                at = found.end;
            }
            None => at += 1,
        }
    }
    dates
}

/// The token's word in small letters; empty beyond the text.
fn word(document: &Document, at: usize) -> String {
    if at < document.tokens().len() {
        document.token_text(at).to_ascii_lowercase()
    } else {
        String::new()
    }
}

/// The word `n` tokens before one in small letters; empty beyond the text.
fn word_before(document: &Document, at: usize, n: usize) -> String {
    at.checked_sub(n)
        .map_or_else(String::new, |at| word(document, at))
}
