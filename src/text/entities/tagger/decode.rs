//! Decoding: the best sequence of labels over each stretch, and how sure it is.

use std::ops::Range;

use super::exp::exp;
use super::features::Features;
use super::label::{self, LABELS, Label, OUTSIDE};
use super::model::{Model, ROW};
use super::stretches;
use crate::text::entities::Kind;

/// A name that the tagger saw.
#[derive(Clone, Debug, PartialEq)]
pub struct Tagged {
    pub tokens: Range<usize>,
    pub kind: Kind,
    /// 0 to 1: that exactly these tokens are a name of this kind.
    pub probability: f32,
}

type Odds = [f32; LABELS];

/// Names in a document, in text order. Linear in its length.
pub fn tag(features: &Features, model: &Model) -> Vec<Tagged> {
    let document = features.document();
    let mut tagged = Vec::new();
    let mut lattice = Lattice::default();
    let mut sentences = document.sentences().iter().peekable();
    for stretch in stretches::find(document, model.inner()) {
        while sentences
            .next_if(|sentence| sentence.tokens.end as usize <= stretch.start)
            .is_some()
        {}
        let Some(sentence) = sentences.peek() else {
            break;
        };
        let sentence = sentence.tokens.start as usize..sentence.tokens.end as usize;
        lattice.fill(features, model, &stretch, &sentence);
        lattice.append_names(model, &stretch, &mut tagged);
    }
    tagged
}

/// Odds of labels over one stretch; its memory is kept from one stretch to the next.
#[derive(Default)]
struct Lattice {
    /// By token: the odds of each label by its own features, the best being 1.
    own: Vec<Odds>,
    /// By token: the odds of all sequences up to it that end with each label, scaled to sum to 1.
    forward: Vec<Odds>,
    /// What each token's odds were divided by.
    scales: Vec<f32>,
    /// By token: the odds of all sequences after it, given its label, in the same scale.
    backward: Vec<Odds>,
    /// By token: the odds of the best sequence up to it that ends with each label, and the label before in it.
    best: Vec<Odds>,
    from: Vec<[u8; LABELS]>,
}

impl Lattice {
    fn fill(
        &mut self,
        features: &Features,
        model: &Model,
        stretch: &Range<usize>,
        sentence: &Range<usize>,
    ) {
        self.own.clear();
        self.forward.clear();
        self.scales.clear();
        self.best.clear();
        self.from.clear();
        let mut before = None;
        for at in stretch.clone() {
            let own = emissions(features, model, at, stretch, sentence);
            self.step(&own, before, model);
            before = Some(at - stretch.start);
        }
        let odds = model.odds();
        let length = self.own.len();
        self.backward.clear();
        self.backward.resize(length, [1.0; LABELS]);
        for at in (1..length).rev() {
            let mut after = [0.0; LABELS];
            let parts = self.own[at].iter().zip(&self.backward[at]);
            for (after, (own, backward)) in after.iter_mut().zip(parts) {
                *after = own * backward / self.scales[at];
            }
            for (before, odds) in self.backward[at - 1].iter_mut().zip(odds) {
                *before = odds
                    .iter()
                    .zip(&after)
                    .map(|(odds, after)| odds * after)
                    .sum();
            }
        }
    }

    fn step(&mut self, own: &Odds, before: Option<usize>, model: &Model) {
        let odds = model.odds();
        let mut forward = [0.0; LABELS];
        let mut best = [0.0; LABELS];
        let mut from = [OUTSIDE as u8; LABELS];
        match before {
            None => {
                forward = odds[OUTSIDE];
                best = odds[OUTSIDE];
            }
            Some(before) => {
                let paths = self.forward[before].iter().zip(&self.best[before]);
                for (previous, ((sum, top), odds)) in paths.zip(odds).enumerate() {
                    for (next, odds) in odds.iter().enumerate() {
                        forward[next] += sum * odds;
                        let path = top * odds;
                        if path > best[next] {
                            best[next] = path;
                            from[next] = previous as u8;
                        }
                    }
                }
            }
        }
        for label in 0..LABELS {
            forward[label] *= own[label];
            best[label] *= own[label];
        }
        let scale = scale(&mut forward);
        scale_top(&mut best);
        self.own.push(*own);
        self.forward.push(forward);
        self.scales.push(scale);
        self.best.push(best);
        self.from.push(from);
    }

    /// Follows the best sequence back from the stretch's end.
    fn append_names(&self, model: &Model, stretch: &Range<usize>, tagged: &mut Vec<Tagged>) {
        let Some(last) = self.best.last() else { return };
        let mut label: Label = (0..LABELS)
            .rev()
            .max_by(|&a, &b| last[a].total_cmp(&last[b]))
            .unwrap_or(OUTSIDE);
        let mut end = self.own.len();
        let first_new = tagged.len();
        for at in (0..self.own.len()).rev() {
            if label == OUTSIDE {
                end = at;
            } else if label::is_first(label) {
                if let Some(kind) = label::kind(label) {
                    tagged.push(Tagged {
                        tokens: stretch.start + at..stretch.start + end,
                        kind,
                        probability: self.probability(model, at..end, label),
                    });
                }
                end = at;
            }
            label = usize::from(self.from[at][label]);
        }
        tagged[first_new..].reverse();
    }

    /// The share of all sequences that hold exactly this name.
    fn probability(&self, model: &Model, name: Range<usize>, first: Label) -> f32 {
        let odds = model.odds();
        let inside = first + 1;
        let mut share = self.forward[name.start][first];
        for at in name.start + 1..name.end {
            let previous = if at == name.start + 1 { first } else { inside };
            share *= odds[previous][inside] * self.own[at][inside] / self.scales[at];
        }
        let last = if name.len() == 1 { first } else { inside };
        let ends = match self.own.get(name.end) {
            None => 1.0,
            Some(own) => (0..LABELS)
                .filter(|&next| next != inside)
                .map(|next| {
                    odds[last][next] * own[next] * self.backward[name.end][next]
                        / self.scales[name.end]
                })
                .sum(),
        };
        share * ends
    }
}

fn emissions(
    features: &Features,
    model: &Model,
    at: usize,
    stretch: &Range<usize>,
    sentence: &Range<usize>,
) -> Odds {
    let mut sums = [0_i16; ROW];
    features.of(at, stretch, sentence, |feature| {
        if let Some(row) = model.row(feature) {
            for (sum, weight) in sums.iter_mut().zip(row) {
                *sum += i16::from(*weight);
            }
        }
    });
    let most = sums[..LABELS].iter().copied().max().unwrap_or_default();
    let mut odds = [0.0; LABELS];
    for (odds, sum) in odds.iter_mut().zip(sums) {
        *odds = exp(f32::from(sum - most) * model.step());
    }
    odds
}

/// Divides by the sum, and returns it.
fn scale(odds: &mut Odds) -> f32 {
    let sum = odds.iter().sum::<f32>().max(f32::MIN_POSITIVE);
    odds.iter_mut().for_each(|value| *value /= sum);
    sum
}

/// Divides by the largest, so that long stretches do not fade to zero.
fn scale_top(odds: &mut Odds) {
    let top = odds.iter().copied().fold(f32::MIN_POSITIVE, f32::max);
    odds.iter_mut().for_each(|value| *value /= top);
}
