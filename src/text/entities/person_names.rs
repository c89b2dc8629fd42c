//! Which person a name means: surnames and full names, in both directions.

use std::collections::BTreeMap;

use super::sighting::{Sighting, Target};
use super::text::Text;
use super::{Form, Kind};
use crate::text::document::Span;
use crate::text::knowledge::Knowledge;

/// The full names of an article's persons, by the short forms that mean them.
pub struct PersonNames<'k> {
    knowledge: &'k Knowledge,
    /// By surname, in lower case.
    by_surname: BTreeMap<String, Vec<Full>>,
}

/// A full name in the article.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Full {
    /// In lower case.
    words: String,
    target: Target,
    /// The first token that names it.
    first: usize,
}

impl<'k> PersonNames<'k> {
    /// Reads the full names among the sightings.
    pub fn collect(text: &Text, sightings: &[Sighting], knowledge: &'k Knowledge) -> Self {
        let mut names = PersonNames {
            knowledge,
            by_surname: BTreeMap::new(),
        };
        for sighting in sightings {
            if sighting.kind != Kind::Person || sighting.form != Form::Name {
                continue;
            }
            let words = lower(text, sighting);
            names.add(surname(&words), &words, sighting);
            if let Target::Person(index) = sighting.target {
                let person = &knowledge.persons[index as usize];
                for other in std::iter::once(&person.name).chain(&person.other_names) {
                    names.add(surname(&other.to_lowercase()), &words, sighting);
                }
            }
        }
        names
    }

    fn add(&mut self, surname: &str, words: &str, sighting: &Sighting) {
        let known = self.by_surname.entry(surname.to_owned()).or_default();
        let is_same = |full: &Full| {
            full.words == words
                || (full.target == sighting.target && full.target != Target::Unknown)
        };
        if !known.iter().any(is_same) {
            known.push(Full {
                words: words.to_owned(),
                target: sighting.target,
                first: sighting.tokens.start,
            });
        }
    }

    /// Whether a surname means a person named in full in this article.
    pub fn knows(&self, surname: &str) -> bool {
        self.by_surname.contains_key(&surname.to_lowercase())
    }

    /// The person that a sighting means: of the article's full names, else of the tables.
    pub fn full(&self, text: &Text, sighting: &Sighting) -> Option<Target> {
        match sighting.target {
            Target::Unknown => match self.find(text, sighting) {
                Some(full) => Some(full.target),
                None => self
                    .knowledge
                    .surnames
                    .get(&lower(text, sighting))
                    .map(|&person| Target::Person(person)),
            },
            target => Some(target),
        }
    }

    /// The full name, in lower case, that a sighting means; its own words where there is none.
    pub fn whole(&self, text: &Text, sighting: &Sighting) -> String {
        match self.find(text, sighting) {
            Some(full) => full.words.clone(),
            None => lower(text, sighting),
        }
    }

    /// The bearer of the surname named last before the sighting, else the first after it.
    fn find(&self, text: &Text, sighting: &Sighting) -> Option<&Full> {
        let words = lower(text, sighting);
        let bearers = self.by_surname.get(surname(&words))?;
        if sighting.form == Form::Name {
            return bearers.iter().find(|full| full.words == words);
        }
        bearers
            .iter()
            .rev()
            .find(|full| full.first <= sighting.tokens.start)
            .or_else(|| bearers.first())
    }
}

fn lower(text: &Text, sighting: &Sighting) -> String {
    let span = Span {
        start: text.token(sighting.tokens.start).span.start,
        end: text.token(sighting.tokens.end - 1).span.end,
    };
    text.document().slice(span).to_lowercase()
}

/// The last word, without a suffix; a hyphenated surname is one word.
fn surname(name: &str) -> &str {
    let name = [" jr.", " jr", " sr.", " ii", " iii", " iv"]
        .iter()
        .find_map(|suffix| name.strip_suffix(suffix))
        .unwrap_or(name);
    name.rsplit(' ').next().unwrap_or(name)
}
