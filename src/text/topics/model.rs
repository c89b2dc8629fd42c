//! What was learned: the weights behind topic and section scores. `newsmill train topics` makes the file again.

use super::features::Weights;
use super::words::Vector;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

const FILE: &str = include_str!("../../../models/topics.json");

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Model {
    /// The one set of weights that all topics share.
    pub topics: Weights,
    pub sections: SectionWeights,
}

/// How a section's score comes about: a softmax over all sections.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SectionWeights {
    /// Of [`SectionInput::values`], the same for every section.
    pub evidence: [f32; SectionInput::COUNT],
    pub sections: Vec<SectionWeight>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SectionWeight {
    pub id: String,
    pub bias: f32,
    /// As many numbers as a [`Vector`] has.
    pub vector: Vec<f32>,
}

/// What speaks for one section besides the text's vector.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct SectionInput {
    /// Sentences' worth of evidence by the section's own rules.
    pub evidence: f32,
    /// The part of the article's topics that name the section, by score, 0 to 1.
    pub topics: f32,
}

impl SectionInput {
    pub const COUNT: usize = 2;
    /// For explanations.
    pub const NAMES: [&str; SectionInput::COUNT] = ["rules", "topics"];
    /// What each is, for explanations.
    pub const MEANINGS: [&str; SectionInput::COUNT] = [
        "sentences' worth of evidence by the section's own rules",
        "of the article's topics name the section",
    ];

    pub fn values(&self) -> [f32; SectionInput::COUNT] {
        [self.evidence.ln_1p(), self.topics]
    }
}

impl Model {
    /// The one that comes with the program.
    pub fn built_in() -> Model {
        serde_json::from_str(FILE).expect("a test reads the built-in model")
    }

    /// The file's content, one section a line.
    pub fn to_file(&self) -> String {
        let line = |value: &serde_json::Value| value.to_string();
        let topics = line(&serde_json::json!(self.topics));
        let evidence = line(&serde_json::json!(self.sections.evidence));
        let sections = self
            .sections
            .sections
            .iter()
            .map(|section| line(&serde_json::json!(section)));
        let sections = sections.collect::<Vec<_>>().join(",\n");
        format!(
            "{{\"topics\": {topics},\n\"sections\": {{\"evidence\": {evidence}, \"sections\": [\n{sections}\n]}}}}\n"
        )
    }

    /// As records carry it: name@hash.
    pub fn version() -> String {
        let digest = Sha256::digest(FILE);
        let hash: String = digest
            .iter()
            .take(4)
            .map(|byte| format!("{byte:02x}"))
            .collect();
        format!("en-1@{hash}")
    }
}

impl SectionWeights {
    /// A probability for each section, in the weights' order. `inputs` are in the same order.
    pub fn probabilities(&self, vector: &Vector, inputs: &[SectionInput]) -> Vec<f32> {
        let scores = self.sections.iter().zip(inputs).map(|(section, input)| {
            let by_words: f32 = section
                .vector
                .iter()
                .zip(vector)
                .map(|(weight, x)| weight * x)
                .sum();
            let by_evidence: f32 = self
                .evidence
                .iter()
                .zip(input.values())
                .map(|(weight, x)| weight * x)
                .sum();
            section.bias + by_words + by_evidence
        });
        softmax(scores.collect())
    }
}

fn softmax(mut scores: Vec<f32>) -> Vec<f32> {
    let best = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    scores
        .iter_mut()
        .for_each(|score| *score = (*score - best).exp());
    let sum: f32 = scores.iter().sum();
    scores.iter_mut().for_each(|score| *score /= sum);
    scores
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::topics::{section, words::DIMENSIONS};

    #[test]
    fn the_built_in_model_knows_every_section() {
        let model = Model::built_in();
        let ids: Vec<&str> = model
            .sections
            .sections
            .iter()
            .map(|section| &*section.id)
            .collect();
        assert_eq!(ids, section::IDS);
        assert_eq!(model.to_file(), FILE, "written as read");
        assert!(
            model
                .sections
                .sections
                .iter()
                .all(|section| section.vector.len() == DIMENSIONS)
        );
    }
}
