//! Which organization a shortened name or an acronym means.

use std::collections::BTreeMap;

use super::head_noun;
use super::sighting::{Sighting, Target};
use super::text::Text;
use super::{Form, Kind};
use crate::text::document::Span;

/// What a name stands for: one of the tables' things, or a name in lower case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whole {
    Target(Target),
    Words(String),
}

/// The names of an article's organizations, agreements and events, by the short forms that mean them.
#[derive(Default)]
pub struct OrganizationNames {
    acronyms: BTreeMap<(Kind, String), Whole>,
    /// By a name's words after the first, or after the first two; none where two names end so.
    endings: BTreeMap<(Kind, String), Option<Whole>>,
}

impl OrganizationNames {
    /// Reads the full names among the sightings, and the acronyms explained in brackets after them.
    pub fn collect(text: &Text, sightings: &[Sighting]) -> Self {
        let mut names = OrganizationNames::default();
        for sighting in sightings {
            if !is_shortened(sighting.kind) {
                continue;
            }
            let words = lower(text, sighting);
            let whole = match sighting.target {
                Target::Unknown => Whole::Words(words.clone()),
                target => Whole::Target(target),
            };
            if let Some(at) = head_noun::acronym_after(text, &sighting.tokens) {
                names
                    .acronyms
                    .entry((sighting.kind, text.word(at).to_lowercase()))
                    .or_insert_with(|| whole.clone());
            }
            names.add_endings(sighting.kind, &words, &whole);
        }
        names
    }

    fn add_endings(&mut self, kind: Kind, words: &str, whole: &Whole) {
        let mut rest = words;
        for _ in 0..DROPPED_WORDS {
            let Some((_, ending)) = rest.split_once(' ') else {
                return;
            };
            // One word alone ("Ministry") is no name.
            if !ending.contains(' ') {
                return;
            }
            self.endings
                .entry((kind, ending.to_owned()))
                .and_modify(|known| {
                    if known.as_ref() != Some(whole) {
                        *known = None;
                    }
                })
                .or_insert_with(|| Some(whole.clone()));
            rest = ending;
        }
    }

    /// What a sighting without a target stands for.
    pub fn whole(&self, text: &Text, sighting: &Sighting) -> Whole {
        let words = lower(text, sighting);
        let key = (sighting.kind, words);
        if sighting.form == Form::Acronym
            && let Some(whole) = self.acronyms.get(&key)
        {
            return whole.clone();
        }
        match self.endings.get(&key) {
            Some(Some(whole)) => whole.clone(),
            _ => Whole::Words(key.1),
        }
    }
}

/// Words that a shortened name may leave out at its head: "Ukrainian Foreign Ministry", "UN Human Rights Council".
const DROPPED_WORDS: usize = 2;

/// Kinds whose names are shortened to their last words or their initials.
fn is_shortened(kind: Kind) -> bool {
    matches!(kind, Kind::Organization | Kind::Agreement | Kind::Event)
}

fn lower(text: &Text, sighting: &Sighting) -> String {
    let span = Span {
        start: text.token(sighting.tokens.start).span.start,
        end: text.token(sighting.tokens.end - 1).span.end,
    };
    text.document().slice(span).to_lowercase()
}
