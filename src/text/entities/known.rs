//! Names of the tables: which of the lexicon's hits name something in their sentence.

use std::cell::LazyCell;
use std::ops::Range;

use super::capital::{self, Reading};
use super::sighting::{Sighting, Source, Target};
use super::text::{Style, Text, listed};
use super::{Form, Kind};
use crate::text::document::{Case, TokenKind};
use crate::text::knowledge::{Knowledge, Meaning, StateName};
use crate::text::lexicon::Hit;

/// A capital's or a seat's name, with what its sentence makes of it; whether it is the state waits for the others.
pub struct CapitalSighting {
    pub tokens: Range<usize>,
    pub state: u32,
    pub reading: Reading,
}

/// What the hits name.
#[derive(Default)]
pub struct Known {
    pub sightings: Vec<Sighting>,
    pub capitals: Vec<CapitalSighting>,
}

/// Reads every hit in its sentence. `capitals_of` says how many words of a name are written with a capital.
pub fn read(text: &Text, hits: &[Hit], knowledge: &Knowledge, capitals_of: &[u8]) -> Known {
    let mut known = Known::default();
    // Few texts ask.
    let is_military = LazyCell::new(|| speaks_of_arms(text));
    for hit in hits {
        let tokens = hit.tokens.start as usize..hit.tokens.end as usize;
        let name = &knowledge.names[hit.id as usize];
        if !is_written_as_name(text, &tokens, capitals_of[hit.id as usize]) {
            continue;
        }
        let sighting = |kind, form, target, source| Sighting {
            tokens: tokens.clone(),
            kind,
            form,
            target,
            source,
            probability: 1.0,
        };
        match name.meaning {
            Meaning::State(index, form) => {
                let state = &knowledge.states[index as usize];
                let target = Target::State(index);
                match form {
                    StateName::Name if is_acronym(text, &tokens) => {
                        if text.style(tokens.start) != Style::AllCaps
                            || text.word(tokens.start).contains('.')
                        {
                            known.sightings.push(sighting(
                                state.kind,
                                Form::Acronym,
                                target,
                                Source::Name,
                            ));
                        }
                    }
                    StateName::Name => {
                        known.sightings.push(sighting(
                            state.kind,
                            Form::Name,
                            target,
                            Source::Name,
                        ));
                    }
                    StateName::Adjective => {
                        known.sightings.push(sighting(
                            state.kind,
                            Form::Demonym,
                            target,
                            Source::Name,
                        ));
                    }
                    StateName::People => {
                        known.sightings.push(sighting(
                            Kind::Group,
                            Form::Name,
                            Target::Unknown,
                            Source::Name,
                        ));
                    }
                    StateName::Capital => known.capitals.push(CapitalSighting {
                        reading: capital::read(text, &tokens),
                        tokens,
                        state: index,
                    }),
                    StateName::Seat => match capital::read_seat(text, &tokens) {
                        Reading::Place => known.sightings.push(sighting(
                            Kind::Place,
                            Form::Name,
                            Target::Unknown,
                            Source::Name,
                        )),
                        _ => known.sightings.push(sighting(
                            Kind::Country,
                            Form::Metonym,
                            target,
                            Source::Name,
                        )),
                    },
                }
            }
            Meaning::Person(index) => {
                known.sightings.push(sighting(
                    Kind::Person,
                    Form::Name,
                    Target::Person(index),
                    Source::Name,
                ));
            }
            Meaning::Surname(index) => {
                if stands_alone(text, &tokens) {
                    known.sightings.push(sighting(
                        Kind::Person,
                        Form::ShortName,
                        Target::Person(index),
                        Source::UnsureName,
                    ));
                }
            }
            Meaning::Thing(index) => {
                let kind = knowledge.things[index as usize].kind;
                if !name.sure && !is_meant(text, &tokens, kind, || *is_military)
                    || is_shouted_word(text, &tokens)
                {
                    continue;
                }
                let form = if is_acronym(text, &tokens) {
                    Form::Acronym
                } else {
                    Form::Name
                };
                let source = if name.sure {
                    Source::Name
                } else {
                    Source::UnsureName
                };
                known
                    .sightings
                    .push(sighting(kind, form, Target::Thing(index), source));
            }
        }
    }
    known
}

/// As many words with a capital as the name has: "the rest" is not the West's "Rest".
fn is_written_as_name(text: &Text, tokens: &Range<usize>, capitals: u8) -> bool {
    let found = tokens
        .clone()
        .filter(|&at| text.token(at).case != Case::Lower)
        .count();
    found >= usize::from(capitals)
}

/// One word of capitals.
fn is_acronym(text: &Text, tokens: &Range<usize>) -> bool {
    tokens.len() == 1
        && text.token(tokens.start).case == Case::Upper
        && text.word(tokens.start).len() <= LONGEST_ACRONYM
        && (text.style(tokens.start) != Style::AllCaps || text.word(tokens.start).len() <= 3)
}

/// An acronym that is a word too, in a line of capitals: "SAYS WHO".
fn is_shouted_word(text: &Text, tokens: &Range<usize>) -> bool {
    tokens.len() == 1
        && text.style(tokens.start) == Style::AllCaps
        && SHOUTED.contains(&text.word(tokens.start))
}

/// Acronyms of the tables that are English words.
const SHOUTED: [&str; 14] = [
    "ALBA", "AMAL", "CARE", "EDGE", "FAST", "HARM", "HAWK", "ICE", "PACE", "SAFE", "SALT", "TOW",
    "VAMPIRE", "WHO",
];

/// Bytes of the longest acronym ("ECOWAS", "HIMARS", "USAID").
const LONGEST_ACRONYM: usize = 6;

/// No other capitalised word is next to it, so that it is no part of another name.
fn stands_alone(text: &Text, tokens: &Range<usize>) -> bool {
    if text.style(tokens.start) != Style::Normal {
        return true;
    }
    let before = tokens
        .start
        .checked_sub(1)
        .filter(|&at| text.sentence(tokens.start).contains(&at));
    let part_before = before.is_some_and(|at| text.is_capital(at) && !text.opens_sentence(at));
    let part_after =
        text.sentence(tokens.start).contains(&tokens.end) && text.is_capital(tokens.end);
    !part_before && !part_after
}

/// Whether the sentence speaks for an unsure name.
fn is_meant(
    text: &Text,
    tokens: &Range<usize>,
    kind: Kind,
    is_military: impl FnOnce() -> bool,
) -> bool {
    let before = text.before(tokens.start, 1);
    let next = text.after(tokens, 1);
    let is_upper =
        text.token(tokens.start).case == Case::Upper && text.style(tokens.start) == Style::Normal;
    if text.style(tokens.start) == Style::Normal && !stands_alone(text, tokens) {
        return false;
    }
    match kind {
        Kind::Media => {
            listed(&["to", "by", "told", "cites", "citing"], before) && is_upper
                || listed(
                    &[
                        "reported",
                        "reports",
                        "writes",
                        "wrote",
                        "newspaper",
                        "magazine",
                        "channel",
                        "news",
                        "correspondent",
                        "journalist",
                        "reporter",
                        "outlet",
                        "publication",
                        "agency",
                    ],
                    next,
                )
                || listed(
                    &[
                        "newspaper",
                        "magazine",
                        "outlet",
                        "channel",
                        "tabloid",
                        "weekly",
                        "agency",
                    ],
                    before,
                )
        }
        Kind::Equipment => {
            listed(
                &[
                    "missile",
                    "missiles",
                    "system",
                    "systems",
                    "tank",
                    "tanks",
                    "drone",
                    "drones",
                    "launcher",
                    "launchers",
                    "vehicle",
                    "vehicles",
                    "aircraft",
                    "fighter",
                    "fighters",
                    "jet",
                    "jets",
                    "battery",
                    "batteries",
                    "air",
                    "howitzer",
                    "howitzers",
                    "rocket",
                    "rockets",
                    "surface",
                    "anti",
                    "ballistic",
                    "cruise",
                    "helicopter",
                    "helicopters",
                    "infantry",
                    "fighting",
                    "multiple",
                    "self",
                    "interceptor",
                    "interceptors",
                    "uavs",
                    "uav",
                    "loitering",
                ],
                next,
            ) || text.token(tokens.end - 1).kind == TokenKind::Number
                || (!text.opens_sentence(tokens.start)
                    && text.style(tokens.start) == Style::Normal
                    && is_military())
        }
        Kind::Place => listed(
            &[
                "in", "at", "near", "from", "to", "of", "around", "across", "through", "the",
                "outside", "and", "between", "into", "toward", "towards", ",",
            ],
            before,
        ),
        Kind::Organization => is_upper || !text.opens_sentence(tokens.start),
        _ => !text.opens_sentence(tokens.start) && text.style(tokens.start) == Style::Normal,
    }
}

/// Whether a text speaks of arms often enough that a name of one is no other word: "Leopard", "Patriot".
fn speaks_of_arms(text: &Text) -> bool {
    (0..text.len())
        .filter(|&at| text.token(at).kind == TokenKind::Word && text.token(at).case == Case::Lower)
        .filter(|&at| ARMS.binary_search(&text.word(at)).is_ok())
        .nth(ENOUGH_ARMS - 1)
        .is_some()
}

/// Words of arms that make a text one about them.
const ENOUGH_ARMS: usize = 3;

/// Sorted.
const ARMS: &[&str] = &[
    "ammunition",
    "anti-aircraft",
    "artillery",
    "drone",
    "drones",
    "fighter",
    "fighters",
    "howitzer",
    "howitzers",
    "launcher",
    "launchers",
    "missile",
    "missiles",
    "munitions",
    "rocket",
    "rockets",
    "tank",
    "tanks",
    "uav",
    "uavs",
    "warplanes",
    "weapon",
    "weapons",
];

/// Decides the capitals: the state where one of them reads so, the place where it is one or nothing speaks for the
/// state.
pub fn settle_capitals(capitals: Vec<CapitalSighting>, knowledge: &Knowledge) -> Vec<Sighting> {
    let mut as_state = vec![false; knowledge.states.len()];
    let mut as_place = vec![false; knowledge.states.len()];
    for capital in &capitals {
        match capital.reading {
            Reading::State => as_state[capital.state as usize] = true,
            Reading::Place => as_place[capital.state as usize] = true,
            Reading::Joined | Reading::Unsure => {}
        }
    }
    let mut sightings = Vec::with_capacity(capitals.len());
    for (index, capital) in capitals.iter().enumerate() {
        let state = capital.state as usize;
        let is_state = match capital.reading {
            Reading::State => true,
            Reading::Place => false,
            Reading::Joined => neighbour(&capitals, index)
                .map_or(as_state[state], |reading| reading == Reading::State),
            Reading::Unsure => as_state[state] && !as_place[state],
        };
        sightings.push(if is_state {
            Sighting {
                tokens: capital.tokens.clone(),
                kind: knowledge.states[state].kind,
                form: Form::Metonym,
                target: Target::State(capital.state),
                source: Source::Name,
                probability: 1.0,
            }
        } else {
            Sighting {
                tokens: capital.tokens.clone(),
                kind: Kind::Place,
                form: Form::Name,
                target: Target::Unknown,
                source: Source::Name,
                probability: 1.0,
            }
        });
    }
    sightings
}

/// How the capital that one is joined to reads: the one beside it with nothing but a conjunction between.
fn neighbour(capitals: &[CapitalSighting], index: usize) -> Option<Reading> {
    let own = &capitals[index].tokens;
    let next = capitals
        .get(index + 1)
        .filter(|other| other.tokens.start <= own.end + 1);
    let previous = index
        .checked_sub(1)
        .map(|previous| &capitals[previous])
        .filter(|other| own.start <= other.tokens.end + 1);
    [previous, next]
        .into_iter()
        .flatten()
        .map(|other| other.reading)
        .find(|reading| matches!(reading, Reading::State | Reading::Place))
}
