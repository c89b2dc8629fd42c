//! Dates: absolute, partial and relative ones, resolved against the day of publication.

mod absolute;
mod calendar;
mod relative;
mod year;

use jiff::civil::Date;

use super::passage::Passage;
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
    for paragraph in document.paragraphs() {
        append(&Passage::new(document, paragraph), published, &mut dates);
    }
    dates
}

fn append(passage: &Passage, published: Option<Date>, dates: &mut Vec<DateValue>) {
    let mut at = passage.start();
    while at < passage.tokens().len() {
        let found = absolute::read(passage, at, published)
            .or_else(|| published.and_then(|published| relative::read(passage, at, published)));
        match found {
            Some(found) => {
                dates.push(DateValue {
                    span: passage.span_of(at..found.end),
                    value: found.when.to_string(),
                });
                at = found.end;
            }
            None => at += 1,
        }
    }
}
