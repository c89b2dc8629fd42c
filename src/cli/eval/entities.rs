//! Entities of one article against its annotation, thing by thing.

use std::collections::{BTreeMap, BTreeSet};

use super::forms::{self, Forms};
use super::gold::GoldEntity;
use super::tally::Tally;
use crate::cli::wire_name;
use crate::text::record::Entity;

/// Kinds that make up the core.
pub const CORE: [&str; 4] = ["person", "organization", "country", "place"];

/// The tallies of all articles.
#[derive(Default)]
pub struct Entities {
    pub by_kind: BTreeMap<String, Tally>,
    /// The thing alone, whatever its kind.
    pub any_kind: Tally,
    /// The kind, and a form within a form of the other: what that adds is borders.
    pub overlapping: Tally,
}

struct Thing {
    kind: String,
    name: String,
    forms: Forms,
}

impl Entities {
    /// Adds one article. A reported entity is right when its kind fits and one of its forms is one of an annotated
    /// entity that no other has taken; a second report of a thing is a false one.
    pub fn add(&mut self, gold: &[GoldEntity], reported: &[Entity]) {
        let want: Vec<Thing> = gold.iter().map(wanted).collect();
        let mut entities: Vec<&Entity> = reported.iter().collect();
        // The most mentioned choose first.
        entities.sort_by_key(|entity| std::cmp::Reverse(entity.mentions.len()));
        let got: Vec<Thing> = entities.into_iter().map(given).collect();
        let all: Vec<&Thing> = got.iter().collect();

        let pairs = pair(&all, &want, |a, b| {
            a.kind == b.kind && forms::share(&a.forms, &b.forms)
        });
        let counted: Vec<&Thing> = got
            .iter()
            .enumerate()
            .filter(|(at, thing)| pairs.contains_key(at) || !forms::are_regions(&thing.forms))
            .map(|(_, thing)| thing)
            .collect();
        let any_kind = pair(&counted, &want, |a, b| forms::share(&a.forms, &b.forms));
        let overlapping = pair(&counted, &want, |a, b| {
            a.kind == b.kind && forms::overlap(&a.forms, &b.forms)
        });
        self.any_kind += Tally::new(any_kind.len(), counted.len(), want.len());
        self.overlapping += Tally::new(overlapping.len(), counted.len(), want.len());

        for (at, thing) in got.iter().enumerate() {
            let is_right = pairs.contains_key(&at);
            if is_right || !forms::are_regions(&thing.forms) {
                let tally = self.by_kind.entry(thing.kind.clone()).or_default();
                *tally += Tally::new(usize::from(is_right), 1, 0);
            }
        }
        let taken: BTreeSet<usize> = pairs.into_values().collect();
        for (at, thing) in want.iter().enumerate() {
            if taken.contains(&at) || !forms::are_regions(&thing.forms) {
                self.by_kind.entry(thing.kind.clone()).or_default().gold += 1;
            }
        }
    }

    /// The sum over these kinds, or over all.
    pub fn total(&self, kinds: Option<&[&str]>) -> Tally {
        let mut total = Tally::default();
        for (kind, tally) in &self.by_kind {
            if kinds.is_none_or(|kinds| kinds.contains(&kind.as_str())) {
                total += *tally;
            }
        }
        total
    }
}

fn wanted(gold: &GoldEntity) -> Thing {
    let names = gold.aliases.iter().chain([&gold.name]);
    Thing {
        kind: joined(&gold.kind),
        name: forms::normal(&gold.name),
        forms: forms::of(names.map(String::as_str)),
    }
}

fn given(entity: &Entity) -> Thing {
    let mentions = entity.mentions.iter().map(|mention| &mention.passage.text);
    Thing {
        kind: joined(&wire_name(&entity.kind)),
        name: forms::normal(&entity.name),
        forms: forms::of(mentions.chain([&entity.name]).map(String::as_str)),
    }
}

/// Outlets are organizations: annotators cannot always tell which is meant.
fn joined(kind: &str) -> String {
    match kind {
        "media" => "organization",
        kind => kind,
    }
    .to_owned()
}

/// Pairs each reported thing with an annotated one that fits, equal names first; each is taken once.
fn pair(
    got: &[&Thing],
    want: &[Thing],
    fits: impl Fn(&Thing, &Thing) -> bool,
) -> BTreeMap<usize, usize> {
    let mut pairs = BTreeMap::new();
    let mut left: BTreeSet<usize> = (0..want.len()).collect();
    for same_name in [true, false] {
        for (at, thing) in got.iter().enumerate() {
            if pairs.contains_key(&at) {
                continue;
            }
            let found = left.iter().copied().find(|&other| {
                let other = &want[other];
                (!same_name || thing.name == other.name) && fits(thing, other)
            });
            if let Some(found) = found {
                pairs.insert(at, found);
                left.remove(&found);
            }
        }
    }
    pairs
}
