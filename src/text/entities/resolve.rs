//! Resolution: which sightings are one thing.

use std::collections::BTreeMap;

use super::organization_names::{OrganizationNames, Whole};
use super::person_names::PersonNames;
use super::role::RoleSighting;
use super::salience;
use super::sighting::{Sighting, Target};
use super::text::Text;
use super::{Entity, Form, Kind, Mention, Role};
use crate::text::document::Span;
use crate::text::knowledge::Knowledge;

/// What makes two sightings one thing.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Target(Kind, Target),
    /// Nothing that the tables know: kind and words, in lower case.
    Words(Kind, String),
}

/// Joins sightings into entities, most salient first. Roles come along with the persons they are stated of.
pub fn resolve(
    text: &Text,
    sightings: &[Sighting],
    roles: &[RoleSighting],
    knowledge: &Knowledge,
) -> Vec<Entity> {
    let names = PersonNames::collect(text, sightings, knowledge);
    let organizations = OrganizationNames::collect(text, sightings);
    let mut keys: BTreeMap<Key, usize> = BTreeMap::new();
    let mut groups: Vec<Vec<usize>> = Vec::new();
    let mut group_of = Vec::with_capacity(sightings.len());
    for (index, sighting) in sightings.iter().enumerate() {
        let key = key(text, sighting, &names, &organizations);
        let group = *keys.entry(key).or_insert_with(|| {
            groups.push(Vec::new());
            groups.len() - 1
        });
        groups[group].push(index);
        group_of.push(group);
    }
    let most = groups.iter().map(Vec::len).max().unwrap_or(0);
    let mut order: Vec<(usize, f32)> = groups
        .iter()
        .enumerate()
        .map(|(group, members)| {
            let tokens: Vec<_> = members
                .iter()
                .map(|&member| sightings[member].tokens.clone())
                .collect();
            (group, salience::of(text, &tokens, most))
        })
        .collect();
    order.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    let mut place_of = vec![0; groups.len()];
    for (place, (group, _)) in order.iter().enumerate() {
        place_of[*group] = place;
    }
    let mut entities: Vec<Entity> = order
        .iter()
        .map(|&(group, salience)| {
            entity(text, sightings, &groups[group], salience, &names, knowledge)
        })
        .collect();
    for role in roles {
        let of = role.of.map(|of| place_of[group_of[of]]);
        let entity = &mut entities[place_of[group_of[role.person]]];
        let words = text
            .document()
            .slice(span(text, role.tokens.start, role.tokens.end));
        if !entity
            .roles
            .iter()
            .any(|known| known.text == words && known.of == of)
        {
            entity.roles.push(Role {
                text: words.to_owned(),
                office: role.office,
                of,
            });
        }
    }
    entities
}

fn key(
    text: &Text,
    sighting: &Sighting,
    names: &PersonNames,
    organizations: &OrganizationNames,
) -> Key {
    if sighting.kind == Kind::Person {
        return match names.full(text, sighting) {
            Some(target @ Target::Person(_)) => Key::Target(Kind::Person, target),
            _ => Key::Words(Kind::Person, names.whole(text, sighting)),
        };
    }
    match sighting.target {
        Target::Unknown => match organizations.whole(text, sighting) {
            Whole::Target(target) => Key::Target(sighting.kind, target),
            Whole::Words(words) => Key::Words(sighting.kind, words),
        },
        target => Key::Target(sighting.kind, target),
    }
}

fn words<'a>(text: &Text<'a>, sighting: &Sighting) -> &'a str {
    text.document()
        .slice(span(text, sighting.tokens.start, sighting.tokens.end))
}

fn span(text: &Text, start: usize, end: usize) -> Span {
    Span {
        start: text.token(start).span.start,
        end: text.token(end - 1).span.end,
    }
}

fn entity(
    text: &Text,
    sightings: &[Sighting],
    members: &[usize],
    salience: f32,
    names: &PersonNames,
    knowledge: &Knowledge,
) -> Entity {
    let first = &sightings[members[0]];
    let target = if first.kind == Kind::Person {
        names.full(text, first).unwrap_or(first.target)
    } else {
        members
            .iter()
            .map(|&member| sightings[member].target)
            .find(|&target| target != Target::Unknown)
            .unwrap_or(Target::Unknown)
    };
    let (name, wikidata, iso) = match target {
        Target::State(index) => {
            let state = &knowledge.states[index as usize];
            (
                state.name.clone(),
                state.wikidata.clone(),
                state.iso.clone(),
            )
        }
        Target::Person(index) => {
            let person = &knowledge.persons[index as usize];
            (person.name.clone(), person.wikidata.clone(), None)
        }
        Target::Thing(index) => (knowledge.things[index as usize].name.clone(), None, None),
        Target::Unknown => (longest(text, sightings, members), None, None),
    };
    Entity {
        kind: first.kind,
        name,
        wikidata,
        iso,
        salience,
        roles: Vec::new(),
        mentions: members
            .iter()
            .map(|&member| {
                let sighting = &sightings[member];
                Mention {
                    span: span(text, sighting.tokens.start, sighting.tokens.end),
                    form: sighting.form,
                }
            })
            .collect(),
    }
}

/// The fullest form in the article; of several the first.
fn longest(text: &Text, sightings: &[Sighting], members: &[usize]) -> String {
    let mut best = "";
    for &member in members {
        let form = sightings[member].form;
        let words = words(text, &sightings[member]);
        if form != Form::Acronym && words.len() > best.len() || best.is_empty() {
            best = words;
        }
    }
    best.to_owned()
}
