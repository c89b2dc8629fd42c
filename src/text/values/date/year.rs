//! Years that stand alone: "in 2022", "(1867)", "2019 was dry", "2014-2015".

use jiff::civil::Date;

use super::super::passage::Passage;
use super::calendar::{wants_a_time, year};
use super::{Found, When};
use crate::text::document::{Case, TokenKind};

/// The year, or the years, that begin at a token.
pub fn read(passage: &Passage, at: usize) -> Option<Found> {
    let first = year(passage.token_text(at)).filter(|year| *year >= FIRST)?;
    if counts_things(passage, at) || !(is_announced(passage, at) || stands_free(passage, at)) {
        return None;
    }
    if let Some(last) = last_year(passage, at).filter(|last| *last > first) {
        return Some(Found {
            when: When::Days(Date::new(first, 1, 1).ok()?, Date::new(last, 12, 31).ok()?),
            end: at + 3,
        });
    }
    Some(Found {
        when: When::Year(first),
        end: at + 1,
    })
}

/// Smaller numbers of four digits count things more often than years.
const FIRST: i16 = 1800;
/// From this one on a number may be a year without a word that says so.
const FIRST_FREE: i16 = 1900;
const LAST_FREE: i16 = 2060;

/// "2014-2015", "2014–2015".
fn last_year(passage: &Passage, at: usize) -> Option<i16> {
    let tokens = passage.tokens();
    let joined = matches!(passage.text_at(at + 1), "-" | "–")
        && !tokens[at + 1].spaced
        && tokens.get(at + 2).is_some_and(|next| !next.spaced);
    joined.then(|| year(passage.text_at(at + 2))).flatten()
}

/// A word before it wants a time.
fn is_announced(passage: &Passage, at: usize) -> bool {
    let word = passage.word_before(at, 1);
    let is_season = matches!(&*word, "summer" | "winter" | "spring" | "autumn" | "fall");
    wants_a_time(&word) || is_season || matches!(&*word, "year" | "for")
}

/// No word before it makes it a number of something, and none after it is what it counts: a sign or a small word of the
/// sentence's build follows.
fn stands_free(passage: &Passage, at: usize) -> bool {
    let year = year(passage.token_text(at)).unwrap_or_default();
    (FIRST_FREE..=LAST_FREE).contains(&year)
        && !is_numbered(passage, at)
        && (passage.tokens().len() == at + 1 || ends_phrase(passage, at + 1))
}

/// "Resolution 2202", "Euro 2020", "$2000", "some 2000", "at 1930", "MH-2000".
fn is_numbered(passage: &Passage, at: usize) -> bool {
    if at == passage.start() {
        return false;
    }
    let before = &passage.tokens()[at - 1];
    let text = passage.token_text(at - 1);
    match before.kind {
        TokenKind::Symbol => !matches!(text, "(" | "[" | "," | ";" | "\"" | "“" | "‘" | "'"),
        TokenKind::Number => true,
        TokenKind::Word if before.case != Case::Lower => true,
        TokenKind::Word => matches!(
            text,
            "at" | "some"
                | "about"
                | "around"
                | "than"
                | "nearly"
                | "almost"
                | "least"
                | "most"
                | "over"
                | "under"
                | "approximately"
                | "roughly"
                | "up"
                | "to"
                | "with"
                | "another"
                | "number"
                | "no"
                | "all"
                | "only"
                | "paid"
                | "worth"
                | "cost"
                | "reached"
        ),
    }
}

fn ends_phrase(passage: &Passage, next: usize) -> bool {
    match passage.tokens()[next].kind {
        TokenKind::Symbol => !matches!(
            passage.token_text(next),
            "%" | "$" | "€" | "£" | "°" | "/" | "+" | "x" | "×" | "²"
        ),
        TokenKind::Number => false,
        TokenKind::Word => matches!(
            &*passage.word(next),
            "and"
                | "but"
                | "when"
                | "while"
                | "as"
                | "by"
                | "in"
                | "at"
                | "on"
                | "that"
                | "which"
                | "who"
                | "where"
                | "was"
                | "were"
                | "is"
                | "has"
                | "had"
                | "will"
                | "would"
                | "with"
                | "after"
                | "before"
                | "until"
                | "following"
                | "because"
                | "due"
                | "under"
                | "saw"
                | "the"
                | "he"
                | "she"
                | "it"
                | "they"
        ),
    }
}

/// What follows is counted: "2022 tanks".
fn counts_things(passage: &Passage, at: usize) -> bool {
    matches!(
        &*passage.word(at + 1),
        "%" | "$"
            | "€"
            | "people"
            | "soldiers"
            | "troops"
            | "men"
            | "women"
            | "tanks"
            | "km"
            | "kilometers"
            | "kilometres"
            | "miles"
            | "meters"
            | "metres"
            | "tons"
            | "tonnes"
            | "hectares"
            | "percent"
            | "euros"
            | "dollars"
            | "hryvnias"
            | "rubles"
            | "homes"
            | "units"
            | "children"
            | "civilians"
            | "ukrainian"
            | "russian"
            | "military"
            | "drones"
            | "vehicles"
    )
}
