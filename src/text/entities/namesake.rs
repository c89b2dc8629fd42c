//! Namesakes: a name that a state shares with a place or with a person of the article.

use super::person_names::PersonNames;
use super::sighting::{Sighting, Source, Target};
use super::text::{Style, Text, listed};
use super::{Form, Kind};
use crate::text::knowledge::Knowledge;

/// Decides between states and the places that share their names ("Georgia"), each name for the whole article: the place
/// where more of the article's places lie around it than words speak of the state.
///
/// Expects the sightings of the tables in text order.
pub fn settle_places(text: &Text, sightings: &mut Vec<Sighting>, knowledge: &Knowledge) {
    let mut shared: Vec<(u32, u32)> = sightings
        .windows(2)
        .filter(|pair| pair[0].tokens == pair[1].tokens)
        .filter_map(|pair| match (pair[0].target, pair[1].target) {
            (Target::State(state), Target::Thing(thing))
            | (Target::Thing(thing), Target::State(state)) => Some((state, thing)),
            _ => None,
        })
        .collect();
    shared.sort_unstable();
    shared.dedup();
    for (state, thing) in shared {
        if knowledge.things[thing as usize].kind != Kind::Place {
            continue;
        }
        if is_place(text, sightings, state, thing, knowledge) {
            for sighting in sightings.iter_mut() {
                if sighting.target == Target::State(state) && sighting.form == Form::Name {
                    sighting.kind = Kind::Place;
                    sighting.target = Target::Thing(thing);
                    sighting.source = Source::Name;
                }
            }
        } else {
            sightings.retain(|sighting| sighting.target != Target::Thing(thing));
        }
    }
}

fn is_place(
    text: &Text,
    sightings: &[Sighting],
    state: u32,
    thing: u32,
    knowledge: &Knowledge,
) -> bool {
    let iso = knowledge.states[state as usize].iso.as_deref();
    let country = knowledge.things[thing as usize].country.as_deref();
    let (mut for_state, mut for_place) = (0, 0);
    for (index, sighting) in sightings.iter().enumerate() {
        match sighting.target {
            Target::State(other) if other == state => {
                for_state += usize::from(sighting.form != Form::Name);
            }
            Target::Person(person) => {
                let of = knowledge.persons[person as usize].of.as_deref();
                for_state += usize::from(of.is_some() && of == iso);
            }
            Target::Thing(other) if other != thing => {
                let other = &knowledge.things[other as usize];
                let of = other.country.as_deref();
                for_state += usize::from(of.is_some() && of == iso);
                let is_near = other.kind == Kind::Place && of.is_some() && of == country;
                for_place += usize::from(is_near);
                // "Atlanta, Georgia"
                let joined = text.after(&sighting.tokens, 1) == ","
                    && sightings[index + 1..].iter().take(MOST_NAMES).any(|next| {
                        next.target == Target::Thing(thing)
                            && next.tokens.start == sighting.tokens.end + 1
                    });
                for_place += usize::from(is_near && joined);
            }
            _ => {}
        }
    }
    for_place > for_state
}

/// Names looked at behind a comma: the tables give a word few.
const MOST_NAMES: usize = 4;

/// Whether a place's or state's name is the surname of a person whom the article names in full: "Washington", "London".
/// What the tagger alone takes for an organization is rather the person, too.
pub fn is_person(text: &Text, sighting: &Sighting, persons: &PersonNames) -> bool {
    let at = sighting.tokens.start;
    let is_other = match sighting.kind {
        Kind::Place | Kind::Country => matches!(sighting.form, Form::Name | Form::Metonym),
        Kind::Organization => sighting.source == Source::Tagger,
        _ => false,
    };
    is_other
        && sighting.tokens.len() == 1
        && text.style(at) == Style::Normal
        && persons.knows(text.word(at))
        && !listed(LOCATING, text.before(at, 1))
}

/// Words before a place, never before a person who is spoken of.
const LOCATING: &[&str] = &[
    "in", "at", "near", "from", "to", "across", "into", "outside", "around", "via", "toward",
    "towards", "north", "south", "east", "west", "northern", "southern", "eastern", "western",
    "between", ",",
];
