//! Dates that are told from the day of publication: "yesterday", "on Monday", "last month", "three days ago".

use jiff::ToSpan;
use jiff::civil::Date;

use super::super::passage::Passage;
use super::calendar::{count, month_away, weekday};
use super::{Found, When};

/// The date that begins at a token.
pub fn read(passage: &Passage, at: usize, published: Date) -> Option<Found> {
    if let Some(found) = weekday_at(passage, at, published) {
        return Some(found);
    }
    let first = passage.word(at);
    let second = passage.word(at + 1);
    let day = |days: i64, tokens: usize| {
        let date = published.checked_add(days.days()).ok()?;
        Some(Found {
            when: When::Day(date),
            end: at + tokens,
        })
    };
    match &*first {
        "today" | "tonight" => day(0, 1),
        "yesterday" => day(-1, 1),
        "tomorrow" => day(1, 1),
        "this" if matches!(&*second, "morning" | "afternoon" | "evening") => day(0, 2),
        "last" if second == "night" => day(-1, 2),
        "last" | "past" | "previous" => unit(&second, -1, published, at + 2),
        "next" | "coming" => unit(&second, 1, published, at + 2),
        "this" => unit(&second, 0, published, at + 2),
        _ => ago(passage, at, published),
    }
}

/// "Monday", "last Friday", "next Tuesday": the last one up to the day of publication, unless the sentence looks ahead.
fn weekday_at(passage: &Passage, at: usize, published: Date) -> Option<Found> {
    let qualifier = passage.word(at);
    let qualified = matches!(&*qualifier, "last" | "next" | "this" | "coming");
    let name = at + usize::from(qualified);
    let weekday = passage
        .tokens()
        .get(name)
        .and_then(|_| weekday(passage.token_text(name)))?;
    let back = i64::from(published.weekday().since(weekday));
    let days = match &*qualifier {
        "last" if back == 0 => -7,
        "next" | "coming" => 7 - back,
        _ if !qualified && looks_ahead(passage, at) && back > 0 => 7 - back,
        _ => -back,
    };
    let date = published.checked_add(days.days()).ok()?;
    // "Monday, March 25": the day of the month tells more, and comes next.
    let comma = usize::from(passage.word(name + 1) == ",");
    let is_explained = passage
        .tokens()
        .get(name + 1 + comma)
        .is_some_and(|_| super::calendar::month(passage.token_text(name + 1 + comma)).is_some());
    (!is_explained).then_some(Found {
        when: When::Day(date),
        end: name + 1,
    })
}

/// The words before in the sentence speak of what is to come.
fn looks_ahead(passage: &Passage, at: usize) -> bool {
    let sentence = passage.sentence(at);
    let first = (sentence.tokens.start as usize).max(at.saturating_sub(LOOK_BACK));
    (first..at).any(|at| match &*passage.word(at) {
        "will" | "shall" | "scheduled" | "due" | "planned" | "expected" => true,
        "to" => matches!(&*passage.word_before(at, 1), "is" | "are"),
        _ => false,
    })
}

/// Words of the sentence looked back at for what is to come.
const LOOK_BACK: usize = 15;

/// "last week", "next month", "this year".
fn unit(unit: &str, steps: i32, published: Date, end: usize) -> Option<Found> {
    let when = match unit {
        "week" | "weekend" => {
            let monday = published
                .checked_sub(i64::from(published.weekday().to_monday_zero_offset()).days())
                .ok()?
                .checked_add(i64::from(steps * 7).days())
                .ok()?;
            let first = if unit == "week" {
                monday
            } else {
                monday.checked_add(5.days()).ok()?
            };
            When::Days(first, monday.checked_add(6.days()).ok()?)
        }
        "month" => {
            let (year, month) = month_away(published, steps);
            When::Month(year, month)
        }
        "year" => When::Year(published.year() + steps as i16),
        _ => return None,
    };
    Some(Found { when, end })
}

/// "three days ago", "a month ago", "two years ago": as precise as the unit. Weeks are left out: they name no day.
fn ago(passage: &Passage, at: usize, published: Date) -> Option<Found> {
    if passage.word(at + 2) != "ago" || passage.word_before(at, 1) == "-" {
        return None;
    }
    let number = count(&passage.word(at))?;
    let when = match &*passage.word(at + 1) {
        "day" | "days" => When::Day(published.checked_sub(i64::from(number).days()).ok()?),
        "month" | "months" => {
            let (year, month) = month_away(published, -number);
            When::Month(year, month)
        }
        "year" | "years" => When::Year(published.year() - number as i16),
        _ => return None,
    };
    Some(Found { when, end: at + 3 })
}
