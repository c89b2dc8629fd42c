//! Sightings: places in the text that are thought to name something, before they are joined into entities.

use std::ops::Range;

use super::{Form, Kind};

/// What a sighting points at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    /// Index into the knowledge's states.
    State(u32),
    /// Index into its persons.
    Person(u32),
    /// Index into its things.
    Thing(u32),
    /// Nothing that the tables know.
    Unknown,
}

/// Who says so; a later one wins over an earlier one where both found the same words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    /// A name of the tables that means something else too, in a sentence that speaks for it.
    UnsureName,
    /// Capitalised words around a head noun.
    HeadNoun,
    /// Capitalised words after a title or a given name.
    PersonName,
    /// The tagger.
    Tagger,
    /// An election, by its words.
    Election,
    /// A storm, by its words.
    Storm,
    /// A name of the tables.
    Name,
}

/// A place that names something.
#[derive(Clone, Debug, PartialEq)]
pub struct Sighting {
    /// Index range into the document's tokens.
    pub tokens: Range<usize>,
    pub kind: Kind,
    pub form: Form,
    pub target: Target,
    pub source: Source,
    /// How sure its source is, 0 to 1.
    pub probability: f32,
}

/// Keeps sightings that do not overlap, in text order.
///
/// The rule: of two that overlap the longer one stays; of two of equal length the one whose source is better; then the
/// one that begins first.
pub fn join(mut sightings: Vec<Sighting>, tokens: usize) -> Vec<Sighting> {
    sightings.sort_by(|a, b| {
        (b.tokens.len(), b.source)
            .cmp(&(a.tokens.len(), a.source))
            .then(a.tokens.start.cmp(&b.tokens.start))
            .then(a.target.cmp(&b.target))
    });
    let mut taken = vec![false; tokens];
    sightings.retain(|sighting| {
        let free = !taken[sighting.tokens.clone()].contains(&true);
        if free {
            taken[sighting.tokens.clone()].fill(true);
        }
        free
    });
    sightings.sort_by_key(|sighting| sighting.tokens.start);
    sightings
}
