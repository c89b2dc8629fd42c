//! Which organization, event, agreement or place a shortened name or an acronym means.

use std::collections::BTreeMap;

use super::Kind;
use super::head_noun;
use super::sighting::{Sighting, Target};
use super::text::Text;
use crate::text::document::Case;

/// What a name stands for: one of the tables' things, or a name in lower case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whole {
    Target(Target),
    Words(String),
}

/// The names of an article, by the short forms that mean them.
#[derive(Default)]
pub struct ShortNames {
    /// Acronyms explained in brackets, in lower case.
    explained: BTreeMap<String, Whole>,
    /// Initials of names of three words and more, in lower case.
    initials: BTreeMap<String, Whole>,
    /// A name's first words, or its last ones, with where each longer name is first seen.
    parts: BTreeMap<(Kind, String), Vec<(usize, Whole)>>,
}

impl ShortNames {
    /// Reads the full names among the sightings.
    pub fn collect(text: &Text, sightings: &[Sighting]) -> Self {
        let mut names = ShortNames::default();
        for sighting in sightings {
            let words = text.lower(&sighting.tokens);
            let whole = match sighting.target {
                Target::Unknown => Whole::Words(words.clone()),
                target => Whole::Target(target),
            };
            if sighting.kind != Kind::Person
                && sighting.kind != Kind::Country
                && let Some(at) = head_noun::acronym_after(text, &sighting.tokens)
            {
                names
                    .explained
                    .entry(text.word(at).to_lowercase())
                    .or_insert_with(|| whole.clone());
            }
            if !is_shortened(sighting.kind) {
                continue;
            }
            if let Some(initials) = initials(text, sighting) {
                names
                    .initials
                    .entry(initials)
                    .or_insert_with(|| whole.clone());
            }
            names.add_parts(
                base_kind(sighting.kind),
                &words,
                sighting.tokens.start,
                &whole,
            );
        }
        names
    }

    fn add_parts(&mut self, kind: Kind, words: &str, first: usize, whole: &Whole) {
        let cuts = words
            .match_indices(' ')
            .map(|(at, _)| at)
            .take(LONGEST_NAME);
        for cut in cuts {
            for part in [&words[..cut], &words[cut + 1..]] {
                let known = self.parts.entry((kind, part.to_owned())).or_default();
                if known.len() < MOST_MEANINGS && !known.iter().any(|(_, other)| other == whole) {
                    known.push((first, whole.clone()));
                }
            }
        }
    }

    /// The name that was explained by this acronym, which the article's own words make surer than any table.
    pub fn explained(&self, text: &Text, sighting: &Sighting) -> Option<&Whole> {
        (sighting.tokens.len() == 1)
            .then(|| self.explained.get(&text.lower(&sighting.tokens)))
            .flatten()
    }

    /// What a sighting that the tables do not know stands for.
    pub fn whole(&self, text: &Text, sighting: &Sighting) -> Whole {
        let words = text.lower(&sighting.tokens);
        if !is_shortened(sighting.kind) {
            return Whole::Words(words);
        }
        if sighting.tokens.len() == 1
            && text.token(sighting.tokens.start).case == Case::Upper
            && let Some(whole) = self.initials.get(&words)
        {
            return whole.clone();
        }
        let key = (base_kind(sighting.kind), words);
        let meanings = self.parts.get(&key).map_or(&[][..], Vec::as_slice);
        meanings
            .iter()
            .rev()
            .find(|(first, _)| *first <= sighting.tokens.start)
            .or_else(|| meanings.first())
            .map_or_else(|| Whole::Words(key.1.clone()), |(_, whole)| whole.clone())
    }
}

/// Words of the longest name that is cut into parts.
const LONGEST_NAME: usize = 10;
/// Longer names that a short one is looked up among.
const MOST_MEANINGS: usize = 8;

/// Media are organizations to a reader who meets a short form.
fn base_kind(kind: Kind) -> Kind {
    if kind == Kind::Media {
        Kind::Organization
    } else {
        kind
    }
}

/// Kinds whose names are shortened to their first or last words or their initials.
fn is_shortened(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Organization | Kind::Media | Kind::Agreement | Kind::Event | Kind::Equipment
    )
}

/// The initials of a name's capitalised words, where there are three or more.
fn initials(text: &Text, sighting: &Sighting) -> Option<String> {
    let mut initials = String::new();
    for at in sighting.tokens.clone().filter(|&at| text.is_capital(at)) {
        initials.extend(
            text.word(at)
                .chars()
                .next()
                .into_iter()
                .flat_map(char::to_lowercase),
        );
    }
    (initials.chars().count() >= 3).then_some(initials)
}
