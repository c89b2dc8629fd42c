//! Training: from annotated articles to a model.
//!
//! The same articles in the same order give the same bytes on every machine: one thread, a fixed order of examples, and
//! no mathematics but IEEE operations ([`super::exp`]).

mod chain;
mod gold;

use std::collections::BTreeMap;
use std::ops::Range;

use rustc_hash::FxHashMap;

use super::features::{Clues, Features};
use super::hash;
use super::label::{LABELS, Label, OUTSIDE, is_first};
use super::model::Model;
use super::slots::Slots;
use super::stretches;
use crate::text::document::{Case, Document, TokenKind};
use chain::{Chain, Step};
pub use gold::{Annotation, Names, Spans};

/// An article with what is known of its names.
pub struct Example {
    pub document: Document,
    pub clues: Clues,
    pub annotation: Annotation,
    /// How much it counts: gold labels more than silver ones.
    pub weight: f32,
}

/// How the weights are found. The defaults were chosen by F1 on the dev articles.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Slots for features, as a power of two.
    pub slot_bits: u8,
    pub epochs: u32,
    /// AdaGrad's.
    pub rate: f32,
    /// Weights shrink by this part of the rate at each touch.
    pub decay: f32,
    /// Features seen less often in all examples are left out.
    pub min_count: u32,
    /// A small word must stand in names this often to be one that names hold.
    pub min_inner: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            slot_bits: 19,
            epochs: 5,
            rate: 0.15,
            decay: 1e-4,
            min_count: 3,
            min_inner: 20,
        }
    }
}

/// Makes a model. `told` hears how each epoch went: its number and the mean loss a stretch.
pub fn train(examples: &[Example], settings: &Settings, mut told: impl FnMut(u32, f64)) -> Model {
    let labels: Vec<Vec<Option<Label>>> = examples
        .iter()
        .map(|example| gold::labels(&example.document, &example.annotation))
        .collect();
    let inner = inner_words(examples, &labels, settings.min_inner);
    let slots = frequent(examples, &inner, settings);
    let mut chains: Vec<Chain> = Vec::new();
    for (example, labels) in examples.iter().zip(&labels) {
        append_chains(example, labels, &inner, &slots, &mut chains);
    }
    let mut learner = chain::Learner::new(slots.rows(), settings.rate, settings.decay);
    let mut order: Vec<u32> = (0..chains.len() as u32).collect();
    for epoch in 1..=settings.epochs {
        shuffle(&mut order, u64::from(epoch));
        let mut loss = 0.0;
        for &index in &order {
            loss += f64::from(learner.learn(&chains[index as usize]));
        }
        told(epoch, loss / chains.len().max(1) as f64);
    }
    Model::new(slots, learner.weights(), learner.transitions(), inner)
}

/// Small words that stand in names often, but for those that link any two capitalised words.
fn inner_words(examples: &[Example], labels: &[Vec<Option<Label>>], min: usize) -> Vec<u32> {
    let mut counts: BTreeMap<u32, (usize, usize)> = BTreeMap::new();
    for (example, labels) in examples.iter().zip(labels) {
        for (at, token) in example.document.tokens().iter().enumerate() {
            if token.kind == TokenKind::Word && token.case == Case::Lower {
                let count = counts
                    .entry(hash::word(example.document.token_text(at)))
                    .or_default();
                count.1 += 1;
                count.0 += usize::from(labels[at].is_some_and(|label| label != OUTSIDE));
            }
        }
    }
    counts
        .into_iter()
        .filter(|(_, (inside, all))| *inside >= min && inside * MOST_OUTSIDE >= *all)
        .map(|(word, _)| word)
        .collect()
}

/// A word that stands outside names this many times as often as inside is no word of names.
const MOST_OUTSIDE: usize = 60;

/// Slots of the features that are seen often enough to learn something from.
fn frequent(examples: &[Example], inner: &[u32], settings: &Settings) -> Slots {
    let mut counts: FxHashMap<u64, u32> = FxHashMap::default();
    for example in examples {
        each_stretch(example, inner, |features, stretch, sentence| {
            for at in stretch.clone() {
                features.of(at, stretch, sentence, |feature| {
                    *counts.entry(feature).or_default() += 1;
                });
            }
        });
    }
    counts.retain(|_, count| *count >= settings.min_count);
    Slots::new(settings.slot_bits, counts.into_keys())
}

/// Every stretch with its sentence, in text order.
fn each_stretch(
    example: &Example,
    inner: &[u32],
    mut each: impl FnMut(&Features, &Range<usize>, &Range<usize>),
) {
    let document = &example.document;
    let features = Features::new(document, &example.clues);
    for stretch in stretches::find(document, inner) {
        let sentence = &document.sentences()[document.sentence_of(stretch.start)].tokens;
        let sentence: Range<usize> = sentence.start as usize..sentence.end as usize;
        each(&features, &stretch, &sentence);
    }
}

fn append_chains(
    example: &Example,
    labels: &[Option<Label>],
    inner: &[u32],
    slots: &Slots,
    chains: &mut Vec<Chain>,
) {
    each_stretch(example, inner, |features, stretch, sentence| {
        let known = whole_names(labels, stretch);
        let steps = stretch
            .clone()
            .zip(known)
            .map(|(at, label)| {
                let mut rows = Vec::new();
                features.of(at, stretch, sentence, |feature| {
                    rows.extend(slots.row(feature).map(|row| row as u32));
                });
                rows.shrink_to_fit();
                Step { rows, label }
            })
            .collect();
        chains.push(Chain {
            steps,
            weight: example.weight,
        });
    });
}

/// The stretch's labels; a name that begins before it or goes on after it is not told.
fn whole_names(labels: &[Option<Label>], stretch: &Range<usize>) -> Vec<Option<Label>> {
    let mut known = labels[stretch.clone()].to_vec();
    let is_inside =
        |label: &Option<Label>| label.is_some_and(|label| label != OUTSIDE && !is_first(label));
    let cut = known.iter().take_while(|label| is_inside(label)).count();
    known[..cut].fill(None);
    if labels.get(stretch.end).is_some_and(is_inside)
        && let Some(first) = known.iter().rposition(|label| label.is_some_and(is_first))
    {
        known[first..].fill(None);
    }
    known
}

/// Fisher-Yates with a fixed generator (Knuth's constants for a 64-bit linear congruential one).
fn shuffle(order: &mut [u32], seed: u64) {
    let mut state = seed;
    for last in (1..order.len()).rev() {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        order.swap(last, ((state >> 33) % (last as u64 + 1)) as usize);
    }
}

/// A fresh table of weights by row.
fn zeros(rows: usize) -> Vec<[f32; LABELS]> {
    vec![[0.0; LABELS]; rows]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::entities::Kind;
    use crate::text::entities::tagger::tag;

    fn example(text: &str, names: &[(&str, Kind)]) -> Example {
        let document = Document::new(None, text);
        Example {
            clues: Clues::new(document.tokens().len()),
            annotation: Annotation::Names(
                names
                    .iter()
                    .map(|(name, kind)| ((*name).to_owned(), *kind))
                    .collect(),
            ),
            document,
            weight: 1.0,
        }
    }

    fn small() -> Model {
        let examples: Vec<Example> = ["Kestrin", "Holm", "Brandt", "Orvald", "Selwick"]
            .iter()
            .map(|name| {
                example(
                    &format!("Then {name} spoke in Vaduz."),
                    &[(name, Kind::Person), ("Vaduz", Kind::Place)],
                )
            })
            .collect();
        let settings = Settings {
            slot_bits: 14,
            epochs: 20,
            min_count: 1,
            ..Settings::default()
        };
        train(&examples, &settings, |_, _| {})
    }

    #[test]
    fn the_same_examples_give_the_same_bytes_which_read_back() {
        let bytes = small().to_bytes();
        assert_eq!(bytes, small().to_bytes());
        let again = Model::from_bytes(&bytes).expect("just written");
        assert_eq!(bytes, again.to_bytes());
        assert!(Model::from_bytes(&bytes[..bytes.len() - 1]).is_err());
        assert!(Model::from_bytes(&[&bytes[..], b"x"].concat()).is_err());
        assert!(Model::from_bytes(b"something else").is_err());
    }

    #[test]
    fn what_was_learned_is_found_in_a_new_sentence() {
        let document = Document::new(None, "Then Tamsin spoke in Vaduz.");
        let clues = Clues::new(document.tokens().len());
        let found: Vec<_> = tag(&Features::new(&document, &clues), &small())
            .into_iter()
            .map(|name| {
                (
                    document.token_text(name.tokens.start).to_owned(),
                    name.kind,
                    name.probability > 0.5,
                )
            })
            .collect();
        assert_eq!(
            found,
            [
                ("Tamsin".to_owned(), Kind::Person, true),
                ("Vaduz".to_owned(), Kind::Place, true)
            ]
        );
    }
}
