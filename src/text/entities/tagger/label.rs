//! Labels: outside, and beginning and inside of a name of each kind.

use crate::text::entities::Kind;

/// What a token is to the names of a text, as a number: 0 outside, then two for each kind.
pub type Label = usize;

pub const OUTSIDE: Label = 0;

/// Kinds that the tagger tells apart. States are outside: all of them are in the tables.
pub const KINDS: [Kind; 7] = [
    Kind::Person,
    Kind::Organization,
    Kind::Place,
    Kind::Group,
    Kind::Equipment,
    Kind::Event,
    Kind::Agreement,
];

pub const LABELS: usize = 1 + 2 * KINDS.len();

/// The label of a name's first token, or of a later one. Media are organizations to the tagger, since the silver labels
/// do not part them.
pub fn label(kind: Kind, first: bool) -> Label {
    let kind = if kind == Kind::Media {
        Kind::Organization
    } else {
        kind
    };
    KINDS
        .iter()
        .position(|&known| known == kind)
        .map_or(OUTSIDE, |index| 1 + 2 * index + usize::from(!first))
}

pub fn kind(label: Label) -> Option<Kind> {
    label.checked_sub(1).map(|index| KINDS[index / 2])
}

pub fn is_first(label: Label) -> bool {
    label % 2 == 1
}

/// Whether one label may follow another: inside follows beginning or inside of the same kind alone.
pub fn may_follow(previous: Label, next: Label) -> bool {
    next == OUTSIDE || is_first(next) || previous == next || previous + 1 == next
}
