//! Capitals and seats of government: the state or the place, as the sentence has it.
//!
//! The words next to the name decide.

mod place;
mod state;

use std::ops::Range;

use super::text::{Style, Text, listed};
use crate::text::document::Case;

/// What a capital's name means in its sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    State,
    Place,
    /// Joined by "and" or a comma to another capital, which decides.
    Joined,
    Unsure,
}

/// How the sentence around a capital's name reads.
pub fn read(text: &Text, name: &Range<usize>) -> Reading {
    let before = text.before(name.start, 1);
    let next = text.after(name, 1);
    if is_dateline(text, name) {
        return Reading::Place;
    }
    if is_hyphen(next) && !text.token(name.end).spaced {
        return compound(text, name);
    }
    if is_possessive(next) {
        return if owns_something_local(text, name) {
            Reading::Place
        } else {
            Reading::State
        };
    }
    if listed(place::LOCAL, next)
        || listed(place::PLACE_BEFORE, before)
        || listed(place::VISITED, before)
    {
        return Reading::Place;
    }
    if listed(&["to", "from", "on", "of", "for"], before) {
        return after_preposition(text, name, before);
    }
    if listed(state::STATE_BEFORE, before) {
        return Reading::State;
    }
    if listed(state::VERBS, next)
        || (text.style(name.start) != Style::AllCaps && is_verb_form(next))
    {
        return if listed(place::STRUCK, text.after(name, 2))
            || listed(place::STRUCK, text.after(name, 3))
        {
            Reading::Place
        } else {
            Reading::State
        };
    }
    if listed(&["and", "or", "&"], before) || listed(&["and", "or", "&"], next) {
        return Reading::Joined;
    }
    Reading::Unsure
}

/// How the sentence around a seat's name ("the Kremlin") reads.
pub fn read_seat(text: &Text, name: &Range<usize>) -> Reading {
    let the = usize::from(text.before(name.start, 1).eq_ignore_ascii_case("the"));
    let inside = listed(place::PLACE_BEFORE, text.before(name.start, the + 1));
    let next = text.after(name, 1);
    let owned = is_possessive(next) && owns_something_local(text, name);
    if inside || owned || listed(place::LOCAL, next) {
        Reading::Place
    } else {
        Reading::State
    }
}

/// "Tokyo's old red-light district": a thing of the town stands behind the possessive, with a few words of its own.
fn owns_something_local(text: &Text, name: &Range<usize>) -> bool {
    listed(place::LOCAL, text.after(name, 2))
        || (3..2 + OWN_WORDS)
            .map(|n| text.after(name, n))
            .take_while(|word| !word.is_empty() && !listed(OTHERS, word))
            .any(|word| listed(place::PARTS, word))
}

/// Words looked at behind a possessive.
const OWN_WORDS: usize = 5;

/// Words that begin something else.
#[rustfmt::skip]
const OTHERS: &[&str] = &[
    "the", "a", "an", "of", "in", "on", "at", "to", "for", "and", "or", "but", ",", ".", "with", "by", "from", "is", "was",
    "has", "had", "will", "that",
];

/// "KYIV, May 5 -", "Kyiv • UNN": where a report was written, at the head of its paragraph.
fn is_dateline(text: &Text, name: &Range<usize>) -> bool {
    let sentence = text.sentence(name.start);
    sentence.start == name.start
        && (name.end..sentence.end.min(name.end + DATELINE_TOKENS)).any(|at| {
            matches!(text.word(at), "–" | "—" | "•" | "|")
                || (text.word(at) == "-" && text.token(at).spaced)
                || text.word(at) == "("
        })
        && (text.token(name.start).case == Case::Upper
            || matches!(text.after(name, 1), "–" | "—" | "•" | "|" | "(")
            || (text.after(name, 1) == "-" && text.token(name.end).spaced))
}

/// Tokens between a dateline's place and the dash after it: ", March 25 (Reuters)".
const DATELINE_TOKENS: usize = 8;

/// "Moscow-backed" is the state, "Moscow-based" the city; "Moscow-Beijing ties" the states.
fn compound(text: &Text, name: &Range<usize>) -> Reading {
    let word = text.after(name, 2);
    if listed(&["based", "born", "area", "region"], word) {
        Reading::Place
    } else if word.ends_with("ed") || listed(&["led", "run", "friendly"], word) {
        Reading::State
    } else {
        Reading::Joined
    }
}

/// "to", "from", "on", "of", "for": what is moved or put there decides.
fn after_preposition(text: &Text, name: &Range<usize>, preposition: &str) -> Reading {
    let sentence = text.sentence(name.start);
    let from = name.start.saturating_sub(WINDOW + 1).max(sentence.start);
    // The nearest word decides.
    for at in (from..name.start - 1).rev() {
        let word = text.word(at);
        if listed(place::TRAVEL, word)
            || (preposition.eq_ignore_ascii_case("on") && listed(place::STRIKES, word))
        {
            return Reading::Place;
        }
        if listed(state::DEALINGS, word) {
            return Reading::State;
        }
    }
    Reading::Unsure
}

/// Words looked back at from a preposition.
const WINDOW: usize = 5;

fn is_verb_form(word: &str) -> bool {
    word.len() > 4 && word.ends_with("ed") && word.chars().all(char::is_lowercase)
}

fn is_possessive(word: &str) -> bool {
    matches!(word, "'s" | "’s" | "'S" | "’S" | "'" | "’")
}

fn is_hyphen(word: &str) -> bool {
    matches!(word, "-" | "\u{2010}" | "\u{2011}" | "–")
}
