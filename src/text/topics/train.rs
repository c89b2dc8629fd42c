//! Learning the model from annotated articles: `newsmill train topics`.
//!
//! Two small convex problems, solved by a fixed number of full steps in a fixed order: the same articles and taxonomy
//! give the same file. Only what is shared by all topics is learned for topics; sections get a direction in the word
//! vectors' space each.

use super::adam::Adam;
use super::features::{Features, Weights};
use super::model::{Model, SectionWeight, SectionWeights};
use super::score::{Inputs, Scorer, section_inputs};
use super::words::DIMENSIONS;

/// An article's inputs and what it is about.
pub struct Example {
    pub inputs: Inputs,
    /// Topics that it is about, as [`Inputs::topics`] numbers them.
    pub topics: Vec<usize>,
    /// Topics that it touches: reporting one is neither right nor wrong.
    pub minor: Vec<usize>,
    /// Indices of sections, the best first; none where nobody has said: sections do not learn from it.
    pub sections: Vec<usize>,
}

/// A topic touched in passing counts this much as one that the article is not about.
const MINOR: f64 = 0.1;
/// The penalty on the square of topic weights: mild, for thousands of examples and five weights.
const TOPIC_PENALTY: f64 = 0.5;
/// The penalty on the square of a section's direction; chosen by folds of the training articles.
const SECTION_PENALTY: f64 = 3.0;
/// A second section counts half as much as the first.
const SECOND: f64 = 0.5;
/// How the vector is scaled before the penalty is applied.
const VECTOR: f64 = 3.0;

/// Learns a model. `scorer` tells topics' sections and the sections' ids.
pub fn train(scorer: &Scorer, examples: &[Example]) -> Model {
    let topics = topic_weights(&examples.iter().collect::<Vec<_>>());
    let sections = section_weights(scorer, examples, &topics);
    Model { topics, sections }
}

pub(super) fn topic_weights(examples: &[&Example]) -> Weights {
    let rows: Vec<TopicRow> = examples
        .iter()
        .flat_map(|example| {
            let topics = example.inputs.topics.iter();
            topics.map(|(topic, features, _)| {
                TopicRow::new(example, *topic, features.values().map(f64::from).to_vec())
            })
        })
        .collect();
    let parameters = topic_parameters(&rows);
    Weights {
        bias: rounded(parameters[0]),
        features: std::array::from_fn(|feature| rounded(parameters[feature + 1])),
    }
}

/// A topic that an article has evidence for, as topics learn from it.
pub(super) struct TopicRow {
    pub values: Vec<f64>,
    target: f64,
    weight: f64,
}

impl TopicRow {
    pub fn new(example: &Example, topic: usize, values: Vec<f64>) -> TopicRow {
        let is_minor = example.minor.contains(&topic);
        TopicRow {
            values,
            target: f64::from(example.topics.contains(&topic)),
            weight: if is_minor { MINOR } else { 1.0 },
        }
    }
}

/// The bias, then a weight for each of the rows' values.
pub(super) fn topic_parameters(rows: &[TopicRow]) -> Vec<f64> {
    let values = rows.first().map_or(Features::COUNT, |row| row.values.len());
    let mut parameters = vec![0.0; values + 1];
    let count = rows.len().max(1) as f64;
    Adam::new(parameters.len()).minimise(&mut parameters, |at, gradient| {
        for TopicRow {
            values,
            target,
            weight,
        } in rows
        {
            let sum: f64 = at[0] + values.iter().zip(&at[1..]).map(|(x, w)| x * w).sum::<f64>();
            let error = weight * (1.0 / (1.0 + (-sum).exp()) - target) / count;
            gradient[0] += error;
            gradient[1..]
                .iter_mut()
                .zip(values)
                .for_each(|(g, x)| *g += error * x);
        }
        gradient[1..]
            .iter_mut()
            .zip(&at[1..])
            .for_each(|(g, w)| *g += TOPIC_PENALTY * w / count);
    });
    parameters
}

fn section_weights(scorer: &Scorer, examples: &[Example], topics: &Weights) -> SectionWeights {
    let ids: Vec<&String> = scorer
        .sections()
        .iter()
        .map(|section| &section.id)
        .collect();
    let rows: Vec<SectionRow> = examples
        .iter()
        .filter(|example| !example.sections.is_empty())
        .map(|example| SectionRow::new(scorer, example, topics))
        .collect();
    let parameters = section_parameters(&rows, ids.len());
    let width = DIMENSIONS + 1;
    let sections = ids.iter().enumerate().map(|(section, id)| {
        let own = &parameters[section * width..][..width];
        SectionWeight {
            id: (*id).clone(),
            bias: rounded(own[0]),
            vector: own[1..]
                .iter()
                .map(|weight| rounded(weight * VECTOR))
                .collect(),
        }
    });
    let shared = &parameters[ids.len() * width..];
    SectionWeights {
        evidence: std::array::from_fn(|input| rounded(shared[input])),
        sections: sections.collect(),
    }
}

/// A section's parameters: its bias, then its direction; after those of all sections the shared ones.
pub(super) fn section_parameters(rows: &[SectionRow], sections: usize) -> Vec<f64> {
    let width = rows.first().map_or(0, |row| row.vector.len()) + 1;
    let shared = sections * width;
    let inputs = rows.first().map_or(0, |row| row.inputs[0].len());
    let mut parameters = vec![0.0; shared + inputs];
    let count = rows.len().max(1) as f64;
    Adam::new(parameters.len()).minimise(&mut parameters, |at, gradient| {
        for row in rows {
            let scores = row.scores(at);
            for (section, probability) in softmax(&scores).into_iter().enumerate() {
                let error = (probability - row.targets[section]) / count;
                let own = &mut gradient[section * width..][..width];
                own[0] += error;
                own[1..]
                    .iter_mut()
                    .zip(&row.vector)
                    .for_each(|(g, x)| *g += error * x);
                gradient[shared..]
                    .iter_mut()
                    .zip(&row.inputs[section])
                    .for_each(|(g, x)| *g += error * x);
            }
        }
        for section in 0..sections {
            for index in section * width + 1..(section + 1) * width {
                gradient[index] += SECTION_PENALTY * at[index] / count;
            }
        }
    });
    parameters
}

/// An article as sections learn from it.
pub(super) struct SectionRow {
    /// Scaled by [`VECTOR`].
    pub vector: Vec<f64>,
    /// What speaks for each section.
    pub inputs: Vec<Vec<f64>>,
    /// How much each section is the right one; sums to 1.
    targets: Vec<f64>,
}

impl SectionRow {
    pub fn new(scorer: &Scorer, example: &Example, topics: &Weights) -> SectionRow {
        let scores = example.inputs.topics.iter();
        let scores = scores.map(|(topic, features, _)| (*topic, features.score(topics)));
        let by_topics = scorer.sections_by_topics(scores);
        let inputs = section_inputs(&example.inputs.section_amounts, &by_topics);
        let mut targets = vec![0.0; scorer.sections().len()];
        for (rank, section) in example.sections.iter().enumerate() {
            targets[*section] = if rank == 0 { 1.0 } else { SECOND };
        }
        let sum: f64 = targets.iter().sum();
        targets.iter_mut().for_each(|target| *target /= sum);
        SectionRow {
            vector: example
                .inputs
                .vector
                .iter()
                .map(|x| f64::from(*x) * VECTOR)
                .collect(),
            inputs: inputs
                .iter()
                .map(|input| input.values().map(f64::from).to_vec())
                .collect(),
            targets,
        }
    }

    /// The row with these inputs alone, and with or without the vector.
    pub fn only(&self, inputs: &[usize], has_vector: bool) -> SectionRow {
        let choose = |own: &Vec<f64>| inputs.iter().map(|input| own[*input]).collect();
        SectionRow {
            vector: if has_vector {
                self.vector.clone()
            } else {
                Vec::new()
            },
            inputs: self.inputs.iter().map(choose).collect(),
            targets: self.targets.clone(),
        }
    }

    /// What each section's softmax gets.
    pub fn scores(&self, parameters: &[f64]) -> Vec<f64> {
        let width = self.vector.len() + 1;
        let (own, shared) = parameters.split_at(self.inputs.len() * width);
        own.chunks(width)
            .zip(&self.inputs)
            .map(|(own, inputs)| own[0] + dot(&own[1..], &self.vector) + dot(shared, inputs))
            .collect()
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn softmax(scores: &[f64]) -> Vec<f64> {
    let best = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let raised: Vec<f64> = scores.iter().map(|score| (score - best).exp()).collect();
    let sum: f64 = raised.iter().sum();
    raised.iter().map(|raised| raised / sum).collect()
}

/// Four decimals: a file that can be read and compared.
fn rounded(weight: f64) -> f32 {
    ((weight * 1e4).round() / 1e4) as f32
}
