//! One topic's evidence in one article, in five numbers that mean the same for every topic.
//!
//! All topics share one model over them: a few hundred annotated articles do not teach forty topics one by one, and
//! a topic that an editor adds is scored like the others at once.

use super::evidence::{Contribution, has_title};
use super::matcher::PatternId;
use crate::text::document::Document;
use serde::{Deserialize, Serialize};

/// How much each number weighs, in [`Features::values`]' order, and where a score is even.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Weights {
    pub bias: f32,
    pub features: [f32; Features::COUNT],
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Features {
    /// Sentences' worth of evidence: the headline counts as two, as in the annotation guide.
    pub evidence: f32,
    /// How many different patterns matched.
    pub patterns: u32,
    /// Sentences that only hint at it: many of them are mentions in passing.
    pub hints: u32,
    /// The part of the article's evidence for sections that lies in the topic's own sections, 0 to 1.
    pub fit: f32,
    /// The evidence as a part of that for the article's best topic, 0 to 1.
    pub rank: f32,
}

impl Features {
    pub const COUNT: usize = 5;
    /// For explanations.
    pub const NAMES: [&str; Features::COUNT] = ["evidence", "patterns", "hints", "fit", "rank"];

    /// What each is, for explanations.
    pub const MEANINGS: [&str; Features::COUNT] = [
        "sentences' worth of evidence",
        "different patterns",
        "sentences that only hint",
        "of the article's evidence for sections lies in the topic's",
        "of the evidence for the article's best topic",
    ];

    /// What the weights are multiplied with. Amounts count by their logarithm: the tenth sentence adds less than the
    /// second.
    pub fn values(&self) -> [f32; Features::COUNT] {
        [
            self.evidence.max(0.0).ln_1p(),
            (self.patterns as f32).ln_1p(),
            (self.hints as f32).ln_1p(),
            self.fit,
            self.rank,
        ]
    }

    /// 0 to 1.
    pub fn score(&self, weights: &Weights) -> f32 {
        let products = self.values().into_iter().zip(weights.features);
        logistic(weights.bias + products.map(|(value, weight)| value * weight).sum::<f32>())
    }
}

/// Where a sentence stands: what it says counts accordingly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    Title,
    /// The first sentences of the text; a story's point stands there.
    Lead,
    Rest,
}

/// How many sentences of the text are its lead.
const LEAD_SENTENCES: u32 = 2;

impl Standing {
    /// What one sentence here counts for, in sentences.
    pub fn factor(self) -> f32 {
        match self {
            Standing::Title => 2.0,
            Standing::Lead => 1.5,
            Standing::Rest => 1.0,
        }
    }

    /// `titles` as [`titles`] counts them.
    pub fn of(sentence: u32, titles: u32) -> Standing {
        if sentence < titles {
            Standing::Title
        } else if sentence < titles + LEAD_SENTENCES {
            Standing::Lead
        } else {
            Standing::Rest
        }
    }
}

/// How many of a document's sentences are its title.
pub fn titles(doc: &Document) -> u32 {
    if has_title(doc) {
        doc.paragraphs()[0].sentences.end
    } else {
        0
    }
}

/// Sentences' worth of evidence, from the sums of single sentences. A title is one sentence, whatever its points.
pub fn amount(doc: &Document, sentences: &[(u32, f32)]) -> f32 {
    let titles = titles(doc);
    let mut title = 0.0;
    let mut text = 0.0;
    for &(sentence, sum) in sentences {
        match Standing::of(sentence, titles) {
            Standing::Title => title += sum,
            standing => text += sum * standing.factor(),
        }
    }
    title.clamp(-1.0, 1.0) * Standing::Title.factor() + text
}

/// A sentence with less evidence only hints; what is half about a topic is written with this weight.
const HALF: f32 = 0.5;

/// How many sentences speak for a topic with less than half a sentence's evidence, from the sums of single sentences.
pub fn hints(sentences: &[(u32, f32)]) -> u32 {
    let hint = |(_, sum): &&(u32, f32)| 0.0 < *sum && *sum < HALF;
    sentences.iter().filter(hint).count() as u32
}

/// How many different patterns contributed.
pub fn patterns(contributions: &[Contribution]) -> u32 {
    let mut patterns: Vec<PatternId> = contributions.iter().map(|found| found.pattern).collect();
    patterns.sort_unstable();
    patterns.dedup();
    patterns.len() as u32
}

pub fn logistic(x: f32) -> f32 {
    1.0 / (1.0 + (-x).exp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn less_than_half_a_sentence_is_a_hint() {
        assert_eq!(hints(&[]), 0);
        let sentences = [(0, -0.4), (1, 0.0), (2, 0.2), (3, 0.49), (5, 0.5), (6, 1.0)];
        assert_eq!(hints(&sentences), 2);
    }

    #[test]
    fn many_hints_speak_against_a_topic() {
        let weights = super::super::model::Model::built_in().topics;
        let score = |hints| {
            let features = Features {
                evidence: 3.0,
                patterns: 4,
                hints,
                fit: 0.5,
                rank: 1.0,
            };
            features.score(&weights)
        };
        assert!(score(10) < score(2) && score(2) < score(0));
    }
}
