//! Names by their head noun: "Foreign Ministry", "Bank of Canada", "Minsk Agreement", "Battle of Kursk".

use std::ops::Range;

use super::sighting::{Sighting, Source, Target};
use super::text::{Style, Text, listed};
use super::{Form, Kind};
use crate::text::document::{Case, TokenKind};
use crate::text::knowledge::Knowledge;

/// Capitalised runs that hold a head noun. `persons` marks tokens of persons' names, which end a run.
pub fn find(text: &Text, persons: &[bool], knowledge: &Knowledge) -> Vec<Sighting> {
    let mut sightings = Vec::new();
    let mut at = 0;
    while at < text.len() {
        if !text.is_capital(at) || text.style(at) != Style::Normal {
            at += 1;
            continue;
        }
        let Some(head) = knowledge.heads.get(text.word(at)) else {
            at += 1;
            continue;
        };
        let mut tokens = at..at + 1;
        let mut kind = head.end;
        if head.start.is_some()
            && let Some(end) = complement_end(text, at + 1, persons)
        {
            kind = head.start;
            tokens.end = end;
        }
        tokens.start = modifiers_start(text, at, persons);
        if let Some(kind) = kind
            && tokens.len() > 1
        {
            let end = tokens.end;
            sightings.push(sighting(tokens, kind));
            at = end;
        } else {
            at += 1;
        }
    }
    sightings
}

fn sighting(tokens: Range<usize>, kind: Kind) -> Sighting {
    Sighting {
        tokens,
        kind,
        form: Form::Name,
        target: Target::Unknown,
        source: Source::HeadNoun,
        probability: 1.0,
    }
}

/// Capitalised words before the head noun; the first of a sentence only where it is no small word.
fn modifiers_start(text: &Text, head: usize, persons: &[bool]) -> usize {
    let first = text
        .sentence(head)
        .start
        .max(head.saturating_sub(LONGEST_MODIFIER));
    let mut start = head;
    while start > first {
        let at = start - 1;
        let joins = text.word(at) == "-" && !text.token(at).spaced && !text.token(start).spaced;
        let is_modifier = (text.is_capital(at) || joins)
            && !persons[at]
            && !listed(SMALL, text.word(at))
            && !text.word(at).starts_with(['\'', '’']);
        if !is_modifier {
            break;
        }
        start = at;
    }
    while start < head && text.token(start).kind == TokenKind::Symbol {
        start += 1;
    }
    start
}

/// "of Defence", "of Health and Social Affairs", "for the Study of War" after a head noun.
fn complement_end(text: &Text, start: usize, persons: &[bool]) -> Option<usize> {
    let limit = text.sentence(start - 1).end.min(start + LONGEST_COMPLEMENT);
    if start >= limit || !listed(&["of", "for", "on"], text.word(start)) {
        return None;
    }
    let mut end = None;
    let mut at = start;
    while at < limit {
        let word = text.word(at);
        if text.is_capital(at) && !persons[at] {
            end = Some(at + 1);
        } else if !listed(&["of", "for", "the", "and", "on", "&"], word)
            || (word == "the" && !is_link(text.word(at - 1)))
        {
            break;
        }
        at += 1;
    }
    end
}

fn is_link(word: &str) -> bool {
    listed(&["of", "for", "on"], word)
}

/// Tokens before a head noun: "Russian Federation Presidential Human Rights" Council.
const LONGEST_MODIFIER: usize = 6;
/// Tokens after one: "of Foreign Affairs and Trade of the Republic".
const LONGEST_COMPLEMENT: usize = 9;

/// Capitalised at the head of a sentence, and titles: no part of a name.
const SMALL: &[&str] = &[
    "The",
    "A",
    "An",
    "In",
    "On",
    "At",
    "Of",
    "And",
    "But",
    "For",
    "From",
    "With",
    "By",
    "To",
    "As",
    "If",
    "It",
    "He",
    "She",
    "They",
    "We",
    "You",
    "I",
    "His",
    "Her",
    "Their",
    "Our",
    "Its",
    "This",
    "That",
    "These",
    "Those",
    "Who",
    "What",
    "When",
    "Where",
    "Why",
    "How",
    "After",
    "Before",
    "During",
    "While",
    "Since",
    "Also",
    "Not",
    "No",
    "Another",
    "Some",
    "Many",
    "All",
    "Both",
    "Each",
    "Every",
    "Any",
    "Most",
    "Former",
    "Mr",
    "Mrs",
    "President",
    "Minister",
    "According",
    "Meanwhile",
    "However",
    "Earlier",
    "Then",
    "Today",
    "Yesterday",
    "Under",
    "Over",
    "Last",
    "Next",
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
    "Secretary",
    "Director",
    "Chairman",
];

/// Bodies of a state written in small letters after its name: "Ukrainian army", "US state department".
pub fn find_state_bodies(text: &Text, sightings: &[Sighting]) -> Vec<Sighting> {
    let mut bodies = Vec::new();
    for state in sightings {
        if !matches!(state.target, Target::State(_))
            || !matches!(state.form, Form::Demonym | Form::Name | Form::Acronym)
        {
            continue;
        }
        let body = STATE_BODIES.iter().find(|body| {
            body.split(' ')
                .enumerate()
                .all(|(n, word)| text.after(&state.tokens, n + 1).eq_ignore_ascii_case(word))
        });
        if let Some(body) = body {
            let words = body.split(' ').count();
            bodies.push(sighting(
                state.tokens.start..state.tokens.end + words,
                Kind::Organization,
            ));
        }
    }
    bodies
}

/// What the guide's annotators take for an organization after a state's name; "military", "troops" and "government" are
/// not among them.
const STATE_BODIES: &[&str] = &[
    "army",
    "navy",
    "air force",
    "armed forces",
    "parliament",
    "embassy",
    "police",
    "coast guard",
    "supreme court",
    "constitutional court",
    "central bank",
    "general staff",
    "state department",
    "treasury department",
    "justice department",
    "foreign ministry",
    "defence ministry",
    "defense ministry",
    "interior ministry",
    "finance ministry",
    "economy ministry",
    "energy ministry",
    "justice ministry",
    "health ministry",
    "culture ministry",
    "foreign office",
    "judiciary",
];

/// An acronym in brackets right after a name: its token.
pub fn acronym_after(text: &Text, name: &Range<usize>) -> Option<usize> {
    let at = name.end + 1;
    (text.after(name, 1) == "("
        && text.after(name, 3) == ")"
        && text.token(at).kind == TokenKind::Word
        && matches!(text.token(at).case, Case::Upper | Case::Mixed)
        && (2..=LONGEST_ACRONYM).contains(&text.word(at).len()))
    .then_some(at)
}

/// Bytes of the longest acronym in brackets ("UNESCO", "EUBAM", "ECOSOCC").
const LONGEST_ACRONYM: usize = 8;
