//! Events that no table lists and capitals do not show: elections with their date, and storms.

use super::rules::mark;
use super::sighting::{Sighting, Source, Target};
use super::text::{Style, Text, listed};
use super::{Form, Kind};
use crate::text::document::TokenKind;
use crate::text::knowledge::Knowledge;

/// "The 2020 US presidential election", "Hurricane Katrina". `named` marks the tokens of states, places and parties.
pub fn find(text: &Text, named: &[bool], knowledge: &Knowledge) -> Vec<Sighting> {
    let tokens = 0..text.len();
    tokens
        .filter_map(|at| election(text, at, named).or_else(|| storm(text, at, knowledge)))
        .collect()
}

fn sighting(tokens: std::ops::Range<usize>) -> Sighting {
    Sighting {
        tokens,
        kind: Kind::Event,
        form: Form::Name,
        target: Target::Unknown,
        source: Source::Occasion,
        probability: 1.0,
    }
}

/// An election with a date before it: without one it may be any.
fn election(text: &Text, at: usize, named: &[bool]) -> Option<Sighting> {
    if !listed(ELECTIONS, text.word(at)) {
        return None;
    }
    let first = text.sentence(at).start.max(at.saturating_sub(LONGEST));
    let is_date = |at: usize| is_year(text.word(at)) || MONTHS.contains(&text.word(at));
    let is_part = |at: usize| {
        is_date(at)
            || named[at]
            || listed(SORTS, text.word(at))
            || (is_day(text.word(at)) && at > first && MONTHS.contains(&text.word(at - 1)))
    };
    let start = (first..at).rev().take_while(|&at| is_part(at)).last()?;
    (start..at).any(is_date).then(|| sighting(start..at + 1))
}

/// Votes that have a date.
const ELECTIONS: &[&str] = &[
    "election",
    "elections",
    "referendum",
    "primaries",
    "caucuses",
    "midterms",
];

/// Words before an election: what is elected, and how.
#[rustfmt::skip]
const SORTS: &[&str] = &[
    "presidential", "general", "parliamentary", "legislative", "congressional", "senate", "midterm", "mid-term",
    "municipal", "mayoral", "gubernatorial", "local", "regional", "federal", "national", "provincial", "state", "snap",
    "early", "primary", "special", "runoff", "independence", "constitutional",
];

/// Tokens before an election's noun: "May 19, 2019 Ukrainian early presidential".
const LONGEST: usize = 7;

/// As they are written: "may" and "march" are words.
#[rustfmt::skip]
const MONTHS: [&str; 12] = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
];

fn is_year(word: &str) -> bool {
    word.len() == 4
        && word
            .parse::<u16>()
            .is_ok_and(|year| (1800..2100).contains(&year))
}

fn is_day(word: &str) -> bool {
    word.parse::<u8>().is_ok_and(|day| (1..=31).contains(&day))
}

/// "Hurricane Katrina", "Tropical Storm Arlene"; "Storm" alone only before a given name.
fn storm(text: &Text, at: usize, knowledge: &Knowledge) -> Option<Sighting> {
    let is_tropical = text.before(at, 1) == "Tropical";
    let name = at + 1;
    let is_storm = match text.word(at) {
        "Hurricane" | "Typhoon" | "Cyclone" | "Superstorm" => true,
        "Storm" => {
            is_tropical
                || knowledge
                    .given_names
                    .contains_key(text.after(&(at..name), 1))
        }
        _ => false,
    };
    let names_one = is_storm
        && !text.after(&(at..name), 1).is_empty()
        && text.style(at) == Style::Normal
        && text.is_capital(name)
        && !knowledge.heads.contains_key(text.word(name))
        // "Hurricane Hunters Squadron": something that is called after storms.
        && !text
            .document()
            .tokens()
            .get(name + 1)
            .is_some_and(|next| next.kind == TokenKind::Word && text.is_capital(name + 1));
    names_one.then(|| sighting(at - usize::from(is_tropical)..name + 1))
}

/// Takes a storm's bare name, which may read like a person's or a place's, for the storm.
pub fn name_storms(text: &Text, sightings: &mut Vec<Sighting>) {
    let has_name = |other: &Sighting, name: &str| {
        other.kind == Kind::Person
            && other.tokens.len() > 1
            && other.tokens.clone().any(|at| text.word(at) == name)
    };
    let storms: Vec<&str> = sightings
        .iter()
        .filter(|sighting| sighting.source == Source::Occasion)
        .map(|sighting| text.word(sighting.tokens.end - 1))
        .filter(|name| name.starts_with(char::is_uppercase))
        .filter(|name| !sightings.iter().any(|other| has_name(other, name)))
        .collect();
    if storms.is_empty() {
        return;
    }
    let is_storm = |at: usize| storms.contains(&text.word(at));
    sightings.retain(|sighting| sighting.tokens.len() > 1 || !is_storm(sighting.tokens.start));
    let taken = mark(sightings, text.len(), |_| true);
    let bare = (0..text.len()).filter(|&at| !taken[at] && is_storm(at));
    sightings.extend(bare.map(|at| Sighting {
        form: Form::ShortName,
        ..self::sighting(at..at + 1)
    }));
    sightings.sort_by_key(|sighting| sighting.tokens.start);
}
