//! Roles: an office that the article states of a person, and whose office it is.

use std::ops::Range;

use super::Kind;
use super::Office;
use super::sighting::Sighting;
use super::text::{Text, listed};
use crate::text::knowledge::Title;

/// An office stated of a person: both as indexes into the sightings.
pub struct RoleSighting {
    pub person: usize,
    pub of: Option<usize>,
    pub office: Office,
    pub tokens: Range<usize>,
}

/// Roles by the titles found. `sightings` do not overlap and stand in text order.
pub fn find(
    text: &Text,
    titles: &[(Range<usize>, &Title)],
    sightings: &[Sighting],
) -> Vec<RoleSighting> {
    let mut roles = Vec::new();
    for (tokens, title) in titles {
        if title.courtesy {
            continue;
        }
        let owner = owner_before(text, tokens.start, sightings);
        let start = owner.map_or(tokens.start, |owner| sightings[owner].tokens.start);
        let after = owner_after(text, tokens.end, sightings);
        let end = after.map_or(tokens.end, |owner| sightings[owner].tokens.end);
        let dotted =
            end + usize::from(text.after(&(start..end), 1) == "." && !text.token(end).spaced);
        let person = person_at(sightings, dotted, |sighting| sighting.tokens.start)
            .filter(|_| is_same_sentence(text, start, dotted))
            .or_else(|| person_before(text, start, sightings));
        let Some(person) = person else { continue };
        let former = text.before(start, 1).eq_ignore_ascii_case("former")
            || text.before(tokens.start, 1).eq_ignore_ascii_case("former");
        roles.push(RoleSighting {
            person,
            of: owner.or(after),
            office: if former { Office::Other } else { title.office },
            tokens: start..end,
        });
    }
    roles
}

fn is_same_sentence(text: &Text, a: usize, b: usize) -> bool {
    b < text.len() && text.sentence(a) == text.sentence(b)
}

/// The person whose tokens begin (or end) here.
fn person_at(
    sightings: &[Sighting],
    at: usize,
    edge: impl Fn(&Sighting) -> usize,
) -> Option<usize> {
    let index = sightings.partition_point(|sighting| edge(sighting) < at);
    sightings
        .get(index)
        .filter(|sighting| edge(sighting) == at && sighting.kind == Kind::Person)
        .map(|_| index)
}

/// "Kishida, the prime minister": the person before the comma.
fn person_before(text: &Text, title: usize, sightings: &[Sighting]) -> Option<usize> {
    let mut at = title;
    if listed(&["the", "a", "an"], text.before(at, 1)) {
        at -= 1;
    }
    if text.before(at, 1) != "," {
        return None;
    }
    person_at(sightings, at - 1, |sighting| sighting.tokens.end)
}

/// "Japanese Prime Minister", "Ukraine's Foreign Minister", "US President": the state or organization before a title.
fn owner_before(text: &Text, title: usize, sightings: &[Sighting]) -> Option<usize> {
    let mut at = title;
    if listed(
        &[
            "former", "new", "acting", "then", "current", "first", "deputy",
        ],
        text.before(at, 1),
    ) {
        at -= 1;
    }
    if matches!(text.before(at, 1), "'s" | "’s" | "'" | "’") {
        at -= 1;
    }
    owner(sightings, at, |sighting| sighting.tokens.end)
        .filter(|_| at > 0 && is_same_sentence(text, at - 1, title))
}

/// "President of Ukraine", "head of the IAEA".
fn owner_after(text: &Text, end: usize, sightings: &[Sighting]) -> Option<usize> {
    let title = end - 1..end;
    if !listed(&["of", "for"], text.after(&title, 1)) {
        return None;
    }
    let the = usize::from(text.after(&title, 2).eq_ignore_ascii_case("the"));
    owner(sightings, end + 1 + the, |sighting| sighting.tokens.start)
}

fn owner(sightings: &[Sighting], at: usize, edge: impl Fn(&Sighting) -> usize) -> Option<usize> {
    let index = sightings.partition_point(|sighting| edge(sighting) < at);
    sightings
        .get(index)
        .filter(|sighting| {
            edge(sighting) == at
                && matches!(
                    sighting.kind,
                    Kind::Country | Kind::Organization | Kind::Place | Kind::Media
                )
        })
        .map(|_| index)
}
