//! Dates that name a month, a year or a day in figures.

use jiff::civil::Date;

use super::super::passage::Passage;
use super::calendar::{day, month, nearest_year, wants_a_time, year};
use super::{Found, When, year as lone_year};
use crate::text::document::TokenKind;

/// The date that begins at a token.
pub fn read(passage: &Passage, at: usize, published: Option<Date>) -> Option<Found> {
    let text = passage.token_text(at);
    match passage.tokens()[at].kind {
        TokenKind::Word if month(text).is_some() => month_first(passage, at, published),
        TokenKind::Number | TokenKind::Word if text.starts_with(|c: char| c.is_ascii_digit()) => {
            in_figures(passage, at)
                .or_else(|| day_first(passage, at, published))
                .or_else(|| decade(passage, at))
                .or_else(|| lone_year::read(passage, at))
        }
        _ => None,
    }
}

/// "April 10, 2024", "Apr. 10", "April 10-12", "April 2024", "in April".
fn month_first(passage: &Passage, at: usize, published: Option<Date>) -> Option<Found> {
    let month = month(passage.token_text(at))?;
    let next =
        at + 1 + usize::from(passage.word(at + 1) == "." && !passage.tokens()[at + 1].spaced);
    if let Some(first) = day(&passage.word(next)) {
        let last = second_day(passage, next + 1);
        let mut end = last.map_or(next + 1, |(_, end)| end);
        let comma = usize::from(passage.word(end) == ",");
        let stated = year(&passage.word(end + comma));
        if stated.is_some() {
            end += comma + 1;
        }
        return days(
            stated,
            month,
            first,
            last.map(|(day, _)| day),
            end,
            published,
        );
    }
    let comma = usize::from(passage.word(next) == ",");
    if let Some(year) = year(&passage.word(next + comma)) {
        return Some(Found {
            when: When::Month(year, month),
            end: next + comma + 1,
        });
    }
    // A month alone: "may", "march" and names of people ("April", "June") need a word that speaks for the month.
    let word = passage.word_before(at, 1);
    let speaks = wants_a_time(&word) || matches!(&*word, "last" | "this" | "next" | "between");
    let published = published.filter(|_| speaks)?;
    let year = match &*word {
        "last" if month >= published.month() => published.year() - 1,
        "next" if month <= published.month() => published.year() + 1,
        "last" | "next" | "this" => published.year(),
        _ => nearest_year(month, 15, published),
    };
    Some(Found {
        when: When::Month(year, month),
        end: at + 1,
    })
}

/// "10 April 2024", "10th of April", "10-12 April".
fn day_first(passage: &Passage, at: usize, published: Option<Date>) -> Option<Found> {
    let first = day(&passage.word(at))?;
    let last = second_day(passage, at + 1);
    let mut next = last.map_or(at + 1, |(_, end)| end);
    if passage.word(next) == "of" {
        next += 1;
    }
    let month = passage
        .tokens()
        .get(next)
        .and_then(|_| month(passage.token_text(next)))?;
    let mut end =
        next + 1 + usize::from(passage.word(next + 1) == "." && !passage.tokens()[next + 1].spaced);
    let comma = usize::from(passage.word(end) == ",");
    let stated = year(&passage.word(end + comma));
    if stated.is_some() {
        end += comma + 1;
    } else if passage.word(end.saturating_sub(1)) == "." {
        end -= 1;
    }
    days(
        stated,
        month,
        first,
        last.map(|(day, _)| day),
        end,
        published,
    )
}

/// "-12", "to 12", "and 12" after a day: the day, and the token after it.
fn second_day(passage: &Passage, at: usize) -> Option<(i8, usize)> {
    let dash = matches!(&*passage.word(at), "-" | "–" | "—");
    let link = dash || passage.word(at) == "to";
    let day = day(&passage.word(at + 1)).filter(|_| link)?;
    // "April 10-year bonds", "5 to 7 percent" are none.
    (passage.word(at + 2) != "-").then_some((day, at + 2))
}

fn days(
    stated: Option<i16>,
    month: i8,
    first: i8,
    last: Option<i8>,
    end: usize,
    published: Option<Date>,
) -> Option<Found> {
    let year =
        stated.or_else(|| published.map(|published| nearest_year(month, first, published)))?;
    let start = Date::new(year, month, first).ok()?;
    let when = match last.and_then(|last| Date::new(year, month, last).ok()) {
        Some(last) if last > start => When::Days(start, last),
        _ => When::Day(start),
    };
    Some(Found { when, end })
}

/// "2024-03-27", "27.03.2024", "3/27/2024" where one part can be no month.
fn in_figures(passage: &Passage, at: usize) -> Option<Found> {
    let text = passage.token_text(at);
    let dotted: Vec<&str> = text.split('.').collect();
    if let [d, m, y] = dotted.as_slice() {
        let date = Date::new(year(y)?, m.parse().ok()?, day(d)?).ok()?;
        return Some(Found {
            when: When::Day(date),
            end: at + 1,
        });
    }
    let tokens = passage.tokens();
    if at + 4 >= tokens.len() || (at + 1..at + 5).any(|at| tokens[at].spaced) {
        return None;
    }
    let parts = [passage.word(at), passage.word(at + 2), passage.word(at + 4)];
    let date = match (&*passage.word(at + 1), &*passage.word(at + 3)) {
        ("-", "-") => Date::new(year(&parts[0])?, parts[1].parse().ok()?, day(&parts[2])?).ok()?,
        ("/", "/") => {
            let (a, b) = (day(&parts[0])?, day(&parts[1])?);
            let (day, month) = match (a > 12, b > 12) {
                (true, false) => (a, b),
                (false, true) => (b, a),
                _ => return None,
            };
            Date::new(year(&parts[2])?, month, day).ok()?
        }
        _ => return None,
    };
    Some(Found {
        when: When::Day(date),
        end: at + 5,
    })
}

/// "the 1990s".
fn decade(passage: &Passage, at: usize) -> Option<Found> {
    let text = passage.token_text(at);
    let first = year(text.strip_suffix('s')?).filter(|year| year % 10 == 0)?;
    let when = When::Days(
        Date::new(first, 1, 1).ok()?,
        Date::new(first + 9, 12, 31).ok()?,
    );
    Some(Found { when, end: at + 1 })
}
