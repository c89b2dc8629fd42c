//! A score's arithmetic, laid out so that a person can follow it. Nothing is found here: the numbers are those that
//! [`features`] and [`model`](super::model) add up, one by one.

use super::evidence::Contribution;
use super::features::{self, Features, Standing, Weights};
use super::model::{SectionInput, SectionWeights};
use super::score::{SectionScore, TopicScore};
use super::words::Vector;
use crate::text::document::Document;

/// A number of a sum.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Term {
    pub name: &'static str,
    /// What the amount counts.
    pub meaning: &'static str,
    /// The amount itself: sentences' worth, a count, a part.
    pub amount: f32,
    /// What is weighed of it: an amount without bounds counts by `ln(1 + amount)`.
    pub value: f32,
    pub weight: f32,
}

impl Term {
    /// What it adds to the sum.
    pub fn product(&self) -> f32 {
        self.value * self.weight
    }

    /// Whether the amount counts by its logarithm.
    pub fn is_logarithmic(&self) -> bool {
        self.value != self.amount
    }
}

/// How a topic's score comes about: the shares' worths sum to the evidence, the bias and the terms' products to `sum`,
/// and its logistic is the score.
#[derive(Clone, Debug)]
pub struct TopicAccount<'a> {
    /// In text order.
    pub shares: Vec<Share<'a>>,
    pub bias: f32,
    pub terms: [Term; Features::COUNT],
    pub sum: f32,
}

/// What one sentence, or the title, says for a topic.
#[derive(Clone, Debug)]
pub struct Share<'a> {
    pub standing: Standing,
    /// In text order; never empty.
    pub contributions: &'a [Contribution],
    /// Their sum, kept within -1 and 1.
    pub kept: f32,
}

impl Share<'_> {
    /// What it adds to the evidence.
    pub fn worth(&self) -> f32 {
        self.kept * self.standing.factor()
    }

    /// The contributions' sum, where it was not kept whole.
    pub fn capped(&self) -> Option<f32> {
        let raw: f32 = self.contributions.iter().map(|found| found.weight).sum();
        // Sums of a few weights differ by rounding alone when they are taken in another order.
        ((raw - self.kept).abs() > 1e-4).then_some(raw)
    }
}

impl<'a> TopicAccount<'a> {
    pub(super) fn new(doc: &Document, score: &'a TopicScore, weights: &Weights) -> Self {
        let titles = features::titles(doc);
        let Features {
            evidence,
            patterns,
            hints,
            fit,
            rank,
        } = score.features;
        let amounts = [evidence, patterns as f32, hints as f32, fit, rank];
        let values = score.features.values();
        let terms: [Term; Features::COUNT] = std::array::from_fn(|index| Term {
            name: Features::NAMES[index],
            meaning: Features::MEANINGS[index],
            amount: amounts[index],
            value: values[index],
            weight: weights.features[index],
        });
        TopicAccount {
            shares: shares(&score.contributions, titles),
            bias: weights.bias,
            terms,
            sum: weights.bias + terms.iter().map(Term::product).sum::<f32>(),
        }
    }
}

fn shares(contributions: &[Contribution], titles: u32) -> Vec<Share<'_>> {
    // A title of two sentences is one share.
    let place = |found: &Contribution| found.sentence.max(titles.saturating_sub(1));
    contributions
        .chunk_by(|a, b| place(a) == place(b))
        .map(|contributions| {
            let sentences = contributions.chunk_by(|a, b| a.sentence == b.sentence);
            let sums = sentences.map(|found| found.iter().map(|one| one.weight).sum::<f32>());
            let sum: f32 = sums.map(|sum| sum.clamp(-1.0, 1.0)).sum();
            Share {
                standing: Standing::of(contributions[0].sentence, titles),
                contributions,
                kept: sum.clamp(-1.0, 1.0),
            }
        })
        .collect()
}

/// How a section's score comes about: bias, words and the terms' products are summed; the score is `sum`'s exponential
/// as a part of those of all sections.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SectionAccount {
    pub bias: f32,
    /// What the words of the text at large say.
    pub words: f32,
    pub terms: [Term; SectionInput::COUNT],
    pub sum: f32,
}

impl SectionAccount {
    pub(super) fn new(vector: &Vector, score: &SectionScore, weights: &SectionWeights) -> Self {
        let own = &weights.sections[score.section];
        let amounts = [score.input.evidence, score.input.topics];
        let values = score.input.values();
        let terms: [Term; SectionInput::COUNT] = std::array::from_fn(|index| Term {
            name: SectionInput::NAMES[index],
            meaning: SectionInput::MEANINGS[index],
            amount: amounts[index],
            value: values[index],
            weight: weights.evidence[index],
        });
        let words = own.vector.iter().zip(vector).map(|(w, x)| w * x).sum();
        SectionAccount {
            bias: own.bias,
            words,
            terms,
            sum: own.bias + words + terms.iter().map(Term::product).sum::<f32>(),
        }
    }
}
