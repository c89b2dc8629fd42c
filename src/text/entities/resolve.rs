//! Resolution: which sightings are one thing.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::office::{self, Stated};
use super::person_names::{PersonNames, Who};
use super::role::RoleSighting;
use super::salience;
use super::short_names::{ShortNames, Whole};
use super::sighting::{Sighting, Target};
use super::text::Text;
use super::{Entity, Form, Kind, Mention, Role};
use crate::text::knowledge::Knowledge;

/// What makes two sightings one thing.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Person(Who),
    Target(Kind, Target),
    /// Nothing that the tables know: kind and words, in lower case.
    Words(Kind, String),
}

/// Joins sightings into entities, most salient first. Roles come along with the persons they are stated of.
pub fn resolve(
    text: &Text,
    sightings: &[Sighting],
    roles: &[RoleSighting],
    published: Option<Date>,
    knowledge: &Knowledge,
) -> Vec<Entity> {
    let persons = PersonNames::collect(text, sightings, knowledge);
    let shorts = ShortNames::collect(text, sightings);
    let mut places: BTreeMap<Key, usize> = BTreeMap::new();
    let mut groups: Vec<Group> = Vec::new();
    let mut group_of = Vec::with_capacity(sightings.len());
    for (index, sighting) in sightings.iter().enumerate() {
        let (key, target) = key(text, sighting, &persons, &shorts);
        let surname = match &key {
            Key::Person(Who::Word(word)) => Some(word.clone()),
            _ => None,
        };
        let group = *places.entry(key).or_insert_with(|| {
            groups.push(Group {
                kind: sighting.kind,
                target,
                surname,
                members: Vec::new(),
            });
            groups.len() - 1
        });
        groups[group].members.push(index);
        group_of.push(group);
    }
    find_holders(&mut groups, &group_of, roles, published, knowledge);
    let is_sure = |group: &Group| {
        group
            .members
            .iter()
            .any(|&member| sightings[member].probability >= MIN_PROBABILITY)
    };
    let most = groups
        .iter()
        .map(|group| group.members.len())
        .max()
        .unwrap_or(0);
    let mut order: Vec<(usize, f32)> = groups
        .iter()
        .enumerate()
        .filter(|(_, group)| is_sure(group))
        .map(|(index, group)| {
            let tokens: Vec<_> = group
                .members
                .iter()
                .map(|&member| sightings[member].tokens.clone())
                .collect();
            (index, salience::of(text, &tokens, most))
        })
        .collect();
    order.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    let mut place_of = vec![None; groups.len()];
    for (place, (group, _)) in order.iter().enumerate() {
        place_of[*group] = Some(place);
    }
    let mut entities: Vec<Entity> = order
        .iter()
        .map(|&(group, salience)| entity(text, sightings, &groups[group], salience, knowledge))
        .collect();
    for role in roles {
        let of = role.of.and_then(|of| place_of[group_of[of]]);
        let Some(person) = place_of[group_of[role.person]] else {
            continue;
        };
        let entity = &mut entities[person];
        let words = text.document().slice(text.span(&role.tokens));
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

/// An entity that the tagger alone saw is left out where it is nowhere surer than this: below it, fewer than half were
/// right on train articles that the tagger had not learned from.
pub const MIN_PROBABILITY: f32 = 0.7;

/// Sightings of one thing.
struct Group {
    kind: Kind,
    target: Target,
    /// The one word that names a person whom nothing else speaks of, in lower case.
    surname: Option<String>,
    /// Indexes into the sightings, in text order.
    members: Vec<usize>,
}

/// Finds whom a surname alone means, by the offices that the article states.
fn find_holders(
    groups: &mut [Group],
    group_of: &[usize],
    roles: &[RoleSighting],
    published: Option<Date>,
    knowledge: &Knowledge,
) {
    let mut stated: BTreeMap<usize, Vec<Stated>> = BTreeMap::new();
    for role in roles {
        let person = group_of[role.person];
        if groups[person].surname.is_some() {
            stated.entry(person).or_default().push(Stated {
                office: role.office,
                of: role.of.map(|of| groups[group_of[of]].target),
            });
        }
    }
    for (person, stated) in stated {
        let surname = groups[person].surname.as_deref().unwrap_or_default();
        let Some(target) = office::holder(surname, &stated, published, knowledge) else {
            continue;
        };
        // Whoever is named in full already is another bearer, or the names would have been joined.
        if groups.iter().all(|group| group.target != target) {
            groups[person].target = target;
        }
    }
}

fn key(
    text: &Text,
    sighting: &Sighting,
    persons: &PersonNames,
    shorts: &ShortNames,
) -> (Key, Target) {
    if sighting.kind == Kind::Person {
        let who = persons.who(text, sighting);
        let target = persons.target(&who);
        return (Key::Person(who), target);
    }
    let whole = match (shorts.explained(text, sighting), sighting.target) {
        (Some(whole), _) => whole.clone(),
        (None, Target::Unknown) => shorts.whole(text, sighting),
        (None, target) => Whole::Target(target),
    };
    match whole {
        Whole::Target(target) => (Key::Target(key_kind(sighting.kind), target), target),
        Whole::Words(words) => (Key::Words(key_kind(sighting.kind), words), Target::Unknown),
    }
}

/// Media and organizations are told apart by tables alone, so one name is one thing.
fn key_kind(kind: Kind) -> Kind {
    if kind == Kind::Media {
        Kind::Organization
    } else {
        kind
    }
}

fn entity(
    text: &Text,
    sightings: &[Sighting],
    group: &Group,
    salience: f32,
    knowledge: &Knowledge,
) -> Entity {
    let (name, wikidata, iso) = match group.target {
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
        Target::Thing(index) => {
            let thing = &knowledge.things[index as usize];
            (thing.name.clone(), thing.wikidata.clone(), None)
        }
        Target::Unknown => (longest(text, sightings, &group.members), None, None),
    };
    Entity {
        kind: match group.target {
            Target::Thing(index) => knowledge.things[index as usize].kind,
            _ => group.kind,
        },
        name,
        wikidata,
        iso,
        salience,
        roles: Vec::new(),
        mentions: group
            .members
            .iter()
            .map(|&member| {
                let sighting = &sightings[member];
                Mention {
                    span: text.span(&sighting.tokens),
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
        let words = text.document().slice(text.span(&sightings[member].tokens));
        if form != Form::Acronym && words.len() > best.len() || best.is_empty() {
            best = words;
        }
    }
    best.to_owned()
}
