//! Names: every phrase of the tables, with what it may mean.

use std::collections::{BTreeMap, BTreeSet};

use super::{Knowledge, Person, spelling};
use crate::text::entities::Office;
use crate::text::lexicon::Casing;

/// How a phrase names a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum StateName {
    Name,
    Adjective,
    People,
    Capital,
    Seat,
}

/// What a phrase means: indexes into the tables of [`Knowledge`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Meaning {
    State(u32, StateName),
    Person(u32),
    /// A person's surname alone.
    Surname(u32),
    Thing(u32),
}

/// A phrase with one of its meanings.
#[derive(Clone, Debug)]
pub struct Name {
    pub phrase: String,
    pub meaning: Meaning,
    /// Stands for the thing wherever it is capitalised.
    pub sure: bool,
    pub casing: Casing,
}

/// All names of the tables, in their order.
pub fn collect(knowledge: &Knowledge) -> Vec<Name> {
    let mut names = Vec::new();
    for (index, state) in knowledge.states.iter().enumerate() {
        let name = StateName::Name;
        push(&mut names, &state.name, name, index, true);
        for (list, form) in [
            (&state.other_names, StateName::Name),
            (&state.adjectives, StateName::Adjective),
            (&state.people, StateName::People),
            (&state.capital, StateName::Capital),
            (&state.seats, StateName::Seat),
        ] {
            for phrase in list {
                push(&mut names, phrase, form, index, true);
            }
        }
    }
    for (index, thing) in knowledge.things.iter().enumerate() {
        let meaning = Meaning::Thing(index as u32);
        for (list, sure) in [(&thing.sure, true), (&thing.unsure, false)] {
            names.extend(list.iter().map(|phrase| name(phrase, meaning, sure)));
        }
    }
    for (index, person) in knowledge.persons.iter().enumerate() {
        let meaning = Meaning::Person(index as u32);
        names.push(name(&person.name, meaning, true));
        names.extend(
            person
                .other_names
                .iter()
                .map(|phrase| name(phrase, meaning, true)),
        );
    }
    let spellings = spellings(knowledge, &names);
    names.extend(spellings);
    prefer_own(knowledge, &mut names);
    let surnames = surnames(knowledge, &names);
    names.extend(surnames);
    names
}

fn push(names: &mut Vec<Name>, phrase: &str, form: StateName, state: usize, sure: bool) {
    names.push(name(phrase, Meaning::State(state as u32, form), sure));
}

fn name(phrase: &str, meaning: Meaning, sure: bool) -> Name {
    Name {
        phrase: phrase.to_owned(),
        meaning,
        sure,
        casing: casing(phrase),
    }
}

/// Acronyms ("US", "WHO") and names that hold one match in their own letters alone; others in capitals too.
fn casing(phrase: &str) -> Casing {
    let is_acronym = |word: &str| {
        word.chars().filter(|c| c.is_alphabetic()).count() <= 5
            && word.chars().any(|c| c.is_uppercase())
            && !word.chars().any(|c| c.is_lowercase())
    };
    if phrase.split(' ').all(is_acronym) {
        Casing::Exact
    } else {
        Casing::Any
    }
}

/// Other spellings of persons' names, but for those that name someone or something else.
fn spellings(knowledge: &Knowledge, names: &[Name]) -> Vec<Name> {
    let taken: BTreeSet<&str> = names.iter().map(|name| name.phrase.as_str()).collect();
    let mut spelt: BTreeMap<String, u32> = BTreeMap::new();
    let mut shared: BTreeSet<String> = BTreeSet::new();
    for (index, person) in knowledge.persons.iter().enumerate() {
        for full in std::iter::once(&person.name).chain(&person.other_names) {
            for other in spelling::others(full, person.of.as_deref()) {
                if let Some(first) = spelt.insert(other.clone(), index as u32)
                    && first != index as u32
                {
                    shared.insert(other);
                }
            }
        }
    }
    spelt
        .into_iter()
        .filter(|(other, _)| !taken.contains(other.as_str()) && !shared.contains(other))
        .map(|(other, person)| name(&other, Meaning::Person(person), true))
        .collect()
}

/// A phrase of the user's own rows means nothing else.
fn prefer_own(knowledge: &Knowledge, names: &mut Vec<Name>) {
    let own: BTreeMap<String, Meaning> = names
        .iter()
        .filter(|name| knowledge.own.contains(&name.meaning))
        .map(|name| (name.phrase.clone(), name.meaning))
        .collect();
    names.retain(|name| {
        own.get(&name.phrase)
            .is_none_or(|meaning| *meaning == name.meaning)
    });
}

/// All office holders by surname, in lower case.
pub fn bearers(knowledge: &Knowledge) -> BTreeMap<String, Vec<u32>> {
    let mut bearers: BTreeMap<String, Vec<u32>> = BTreeMap::new();
    for (index, person) in knowledge.persons.iter().enumerate() {
        if person.office == Office::Other {
            continue;
        }
        for full in std::iter::once(&person.name).chain(&person.other_names) {
            if let Some(surname) = person.surname_of(full) {
                let known = bearers.entry(surname.to_lowercase()).or_default();
                if known.last() != Some(&(index as u32)) {
                    known.push(index as u32);
                }
            }
        }
    }
    bearers
}

/// Surnames that mean one person wherever they stand: those of heads of state and government, foreign and defence
/// ministers and leaders, borne by no other office holder of the tables and by no given name, state or thing.
fn surnames(knowledge: &Knowledge, names: &[Name]) -> Vec<Name> {
    let mut bearers: BTreeMap<&str, BTreeSet<u32>> = BTreeMap::new();
    for (index, person) in knowledge.persons.iter().enumerate() {
        if person.office == Office::Other || !is_recent(person) {
            continue;
        }
        for full in std::iter::once(&person.name).chain(&person.other_names) {
            if let Some(surname) = person.surname_of(full) {
                bearers.entry(surname).or_default().insert(index as u32);
            }
        }
    }
    let taken: BTreeSet<&str> = names.iter().map(|name| name.phrase.as_str()).collect();
    bearers
        .into_iter()
        .filter(|(surname, bearers)| {
            bearers.len() == 1
                && surname.chars().count() >= MIN_SURNAME
                && !taken.contains(surname)
                && !knowledge.given_names.contains_key(*surname)
        })
        .filter_map(|(surname, bearers)| {
            let index = *bearers.first()?;
            let person = &knowledge.persons[index as usize];
            let known = !WORDS_TOO.contains(&surname)
                && matches!(
                    person.office,
                    Office::HeadOfState
                        | Office::HeadOfGovernment
                        | Office::ForeignMinister
                        | Office::DefenceMinister
                        | Office::Leader
                );
            known.then(|| name(surname, Meaning::Surname(index), false))
        })
        .collect()
}

/// Whoever left office longer ago is named in full.
fn is_recent(person: &Person) -> bool {
    person
        .until
        .as_deref()
        .is_none_or(|until| until >= FIRST_YEAR_ALONE)
}

/// The oldest articles that the figures were measured on are of 2014.
const FIRST_YEAR_ALONE: &str = "2012";

/// Surnames that are words of the language: in a headline each of them may be one.
const WORDS_TOO: [&str; 4] = ["Borne", "Gallant", "Little", "Store"];

/// Letters of the shortest surname that is taken for a person without a full name; shorter ones ("Wong", "Kim") are
/// borne by too many.
const MIN_SURNAME: usize = 5;
