//! Events that no table lists and capitals do not show: elections with their date, and storms.
//!
//! The word lists are written from general knowledge of how news tells of votes and storms.

use std::collections::HashSet;
use std::ops::Range;

use super::rules::mark;
use super::sighting::{Sighting, Source, Target};
use super::text::{Style, Text, listed};
use super::{Form, Kind};
use crate::text::document::Case;
use crate::text::knowledge::Knowledge;

/// "The 2020 US presidential election", "Hurricane Katrina". `named` marks the tokens of states, places and parties,
/// `persons` those of persons.
pub fn find(text: &Text, named: &[bool], persons: &[bool], knowledge: &Knowledge) -> Vec<Sighting> {
    let tokens = 0..text.len();
    tokens
        .filter_map(|at| {
            let election = election(text, at, named, persons);
            election.or_else(|| storm(text, at, knowledge))
        })
        .collect()
}

fn sighting(tokens: Range<usize>, source: Source) -> Sighting {
    Sighting {
        tokens,
        kind: Kind::Event,
        form: Form::Name,
        target: Target::Unknown,
        source,
        probability: 1.0,
    }
}

/// An election with a date before it: without one it may be any.
fn election(text: &Text, at: usize, named: &[bool], persons: &[bool]) -> Option<Sighting> {
    if !listed(ELECTIONS, text.word(at)) {
        return None;
    }
    let tokens = text.sentence(at).start.max(at.saturating_sub(LONGEST))..at;
    let is_month = |at: usize| tokens.contains(&at) && is_month(text.word(at)) && !persons[at];
    let is_date = |at: usize| is_year(text.word(at)) || is_month(at);
    let is_part = |at: usize| {
        is_date(at)
            || named[at]
            || listed(SORTS, text.word(at))
            || (is_day(text.word(at)) && (is_month(at + 1) || (at > 0 && is_month(at - 1))))
            || (text.word(at) == "," && is_year(text.word(at + 1)))
    };
    let start = tokens.clone().rev().take_while(|&at| is_part(at)).last()?;
    let has = |what: &dyn Fn(usize) -> bool| (start..at).any(what);
    let before = text.before(start, 1);
    // "In 2020 elections were held", "about 1800 election workers": when, and how many.
    let is_one = listed(DETERMINERS, before)
        || (has(&|at| named[at] || listed(SORTS, text.word(at))) && !listed(LOOSE, before));
    let next = at + 1..at + 2;
    let goes_on = listed(STAFF, text.after(&(at..at + 1), 1))
        || (text.style(at) == Style::Normal
            && text.sentence(at).contains(&next.start)
            && text.is_capital(next.start));
    (has(&is_date) && is_one && !goes_on && text.word(start) != ",")
        .then(|| sighting(start..at + 1, Source::Election))
}

/// Votes that have a date.
#[rustfmt::skip]
const ELECTIONS: &[&str] = &["election", "elections", "referendum", "primaries", "caucuses", "midterms"];

/// Words before an election: what is elected, and how.
#[rustfmt::skip]
const SORTS: &[&str] = &[
    "presidential", "general", "parliamentary", "legislative", "congressional", "senate", "midterm", "mid-term",
    "municipal", "mayoral", "gubernatorial", "local", "regional", "federal", "national", "provincial", "state", "snap",
    "early", "primary", "special", "runoff", "independence", "constitutional",
];

/// Before a certain election.
#[rustfmt::skip]
const DETERMINERS: &[&str] = &[
    "the", "a", "an", "this", "that", "his", "her", "its", "their", "our", "my", "'s", "’s", "'", "’",
];

/// Before a date that belongs to the sentence, and before a number that counts.
#[rustfmt::skip]
const LOOSE: &[&str] = &[
    "in", "since", "by", "from", "until", "till", "on", "before", "after", "during", "about", "some", "around", "than",
    "over", "nearly", "almost", "roughly", "approximately", "least", "spent", "hired", "only", "all", "sent",
];

/// Behind an election: who works for it.
#[rustfmt::skip]
const STAFF: &[&str] = &[
    "worker", "workers", "official", "officials", "observer", "observers", "monitor", "monitors", "poster", "posters",
    "staff", "staffers", "volunteers", "funds", "commission", "commissioner", "commissioners", "tribunal", "judges",
];

/// Tokens before an election's noun: "May 19, 2019 Ukrainian early presidential".
const LONGEST: usize = 7;

/// As they are written: "may" and "march" are words.
fn is_month(word: &str) -> bool {
    matches!(
        word,
        "January"
            | "February"
            | "March"
            | "April"
            | "May"
            | "June"
            | "July"
            | "August"
            | "September"
            | "October"
            | "November"
            | "December"
    )
}

/// Since there have been elections that news still speaks of.
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
    let sentence = text.sentence(at);
    let name = at + 1;
    let word = text.after(&(at..name), 1);
    let is_tropical = text.before(at, 1) == "Tropical";
    let is_storm = match text.word(at) {
        "Hurricane" | "Typhoon" | "Cyclone" | "Superstorm" => true,
        "Storm" => is_tropical || knowledge.given_names.contains_key(word),
        _ => false,
    };
    let is_name = is_storm
        && text.style(at) == Style::Normal
        && word.len() > SHORTEST
        && text.token(name).case == Case::Capitalized
        && word.chars().all(char::is_alphabetic)
        && !knowledge.heads.contains_key(word)
        && !listed(AFTER_STORMS, word)
        // "Hurricane Hunters Squadron": a longer name.
        && !(sentence.contains(&(name + 1)) && text.is_capital(name + 1));
    is_name.then(|| sighting(at - usize::from(is_tropical)..name + 1, Source::Storm))
}

/// Letters that no storm's name is as short as: "Typhoon Mk" is none.
const SHORTEST: usize = 2;

/// What is called after storms, or like them: boats, aircraft, seasons.
#[rustfmt::skip]
const AFTER_STORMS: &[&str] = &[
    "Class", "Submarine", "Submarines", "Fighter", "Fighters", "Jet", "Jets", "Aircraft", "Pilots", "Squadron",
    "Eurofighter", "Tranche", "Season", "Warning", "Warnings", "Watch", "Watches", "Alert", "Relief", "Insurance",
    "Damage", "Force", "Preparedness", "Recovery", "Hunters", "Shelter", "Coach", "Coaches", "Fans", "Country", "Alley",
];

/// Takes a storm's bare name, which may read like a person's or a place's, for the storm; but not what the tables know by
/// it, nor a word that is part of a person's name in the article.
pub fn name_storms(text: &Text, sightings: &mut Vec<Sighting>) {
    let mut storms: HashSet<&str> = sightings
        .iter()
        .filter(|sighting| sighting.source == Source::Storm)
        .map(|sighting| text.word(sighting.tokens.end - 1))
        .collect();
    if storms.is_empty() {
        return;
    }
    for other in sightings.iter() {
        let is_longer = other.kind == Kind::Person && other.tokens.len() > 1;
        if is_longer || other.target != Target::Unknown {
            for at in other.tokens.clone() {
                storms.remove(text.word(at));
            }
        }
    }
    let is_storm = |at: usize| storms.contains(text.word(at));
    sightings.retain(|sighting| sighting.tokens.len() > 1 || !is_storm(sighting.tokens.start));
    let taken = mark(sightings, text.len(), |_| true);
    let bare = (0..text.len()).filter(|&at| !taken[at] && is_storm(at));
    sightings.extend(bare.map(|at| Sighting {
        form: Form::ShortName,
        ..self::sighting(at..at + 1, Source::Storm)
    }));
    sightings.sort_by_key(|sighting| sighting.tokens.start);
}
