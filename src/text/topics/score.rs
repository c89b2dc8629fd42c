//! From evidence to scores: how much an article is about each topic, and where it belongs in a newspaper.

use super::account::{SectionAccount, TopicAccount};
use super::evidence::{Contribution, Gatherer, GathererBuilder, Subject, SubjectEvidence, Written};
use super::features::{self, Features};
use super::matcher::PatternId;
use super::model::{Model, SectionInput};
use super::taxonomy::{Taxonomy, Topic};
use super::words::{Vector, Words};
use crate::text::document::Document;
use crate::text::entities::Entity;
use crate::text::lexicon::{Builder, Hits};

/// Scores articles by a taxonomy and the built-in sections.
pub struct Scorer {
    taxonomy: Taxonomy,
    sections: Taxonomy,
    /// For each topic, the indices of its sections, the likeliest first.
    sections_of: Vec<Vec<usize>>,
    gatherer: Gatherer,
    words: Words,
    model: Model,
    /// Where neither a topic nor the taxonomy states a threshold.
    min_score: f32,
}

/// How much an article is about one topic.
#[derive(Clone, Debug)]
pub struct TopicScore {
    /// Index into [`Scorer::topics`].
    pub topic: usize,
    /// 0 to 1, calibrated: of the topics near 0.8, about 80 % are right.
    pub score: f32,
    /// What the score is to reach.
    pub threshold: f32,
    /// Whether it does.
    pub reported: bool,
    /// What the score is computed from.
    pub features: Features,
    /// In text order.
    pub contributions: Vec<Contribution>,
}

/// How much an article belongs to one section.
#[derive(Clone, Debug)]
pub struct SectionScore {
    /// Index into [`Scorer::sections`].
    pub section: usize,
    /// 0 to 1; those of all sections sum to 1.
    pub score: f32,
    /// What speaks for it besides the words at large.
    pub input: SectionInput,
    /// By the section's own rules, in text order.
    pub contributions: Vec<Contribution>,
}

/// What an article is about, best first.
#[derive(Clone, Debug, Default)]
pub struct Scores {
    /// Every topic that there is any evidence for.
    pub topics: Vec<TopicScore>,
    /// Every section; none where a text has no known word and no evidence.
    pub sections: Vec<SectionScore>,
}

/// A second section is reported from here on.
const MIN_SECTION_SCORE: f32 = 0.25;

impl Scores {
    /// The topics that go into the record, best first.
    pub fn reported(&self) -> impl Iterator<Item = &TopicScore> {
        self.topics.iter().filter(|topic| topic.reported)
    }

    /// The sections that go into the record: the best one, and what comes near.
    pub fn reported_sections(&self) -> impl Iterator<Item = &SectionScore> {
        let rest = self
            .sections
            .iter()
            .skip(1)
            .take_while(|section| section.score >= MIN_SECTION_SCORE);
        self.sections.first().into_iter().chain(rest)
    }
}

/// All that the scores are computed from.
#[derive(Clone, Debug)]
pub struct Inputs {
    /// Topic, its features, its contributions.
    pub topics: Vec<(usize, Features, Vec<Contribution>)>,
    pub vector: Vector,
    /// Sentences' worth of evidence by each section's rules.
    pub section_amounts: Vec<f32>,
    section_contributions: Vec<Vec<Contribution>>,
}

impl Scorer {
    pub fn new(taxonomy: Taxonomy, min_score: f32, lexicon: &mut Builder) -> Scorer {
        let sections = super::sections();
        let mut builder = GathererBuilder::default();
        builder.topics(&taxonomy, 0);
        builder.topics(&sections, taxonomy.topics.len() as Subject);
        builder.cues(&taxonomy);
        let gatherer = builder.build(lexicon);
        let index = |id: &String| sections.topics.iter().position(|section| section.id == *id);
        let sections_of = taxonomy
            .topics
            .iter()
            .map(|topic| topic.sections.iter().filter_map(index).collect());
        Scorer {
            sections_of: sections_of.collect(),
            taxonomy,
            sections,
            gatherer,
            words: Words::built_in(),
            model: Model::built_in(),
            min_score,
        }
    }

    pub fn taxonomy(&self) -> &Taxonomy {
        &self.taxonomy
    }

    pub fn topics(&self) -> &[Topic] {
        &self.taxonomy.topics
    }

    pub fn sections(&self) -> &[Topic] {
        &self.sections.topics
    }

    /// A pattern as it is written in its file.
    pub fn source(&self, pattern: PatternId) -> &str {
        self.gatherer.source(pattern)
    }

    /// The weight of the rule that a contribution comes from, and where that is written.
    pub fn rule_of(&self, contribution: &Contribution) -> (f32, &Written) {
        self.gatherer.rule_of(contribution)
    }

    /// How a topic's score comes about.
    pub fn topic_account<'a>(&self, doc: &Document, score: &'a TopicScore) -> TopicAccount<'a> {
        TopicAccount::new(doc, score, &self.model.topics)
    }

    /// How a section's score comes about.
    pub fn section_account(&self, doc: &Document, score: &SectionScore) -> SectionAccount {
        SectionAccount::new(&self.words.vector(doc), score, &self.model.sections)
    }

    /// The topics that have any word of their rules in a text, whether it counts or not.
    pub fn touched(&self, hits: &Hits) -> Vec<usize> {
        let subjects = self
            .gatherer
            .touched(hits)
            .into_iter()
            .map(|subject| subject as usize);
        subjects
            .filter(|subject| *subject < self.taxonomy.topics.len())
            .collect()
    }

    pub fn score(&self, doc: &Document, hits: &Hits, entities: &[Entity]) -> Scores {
        self.score_inputs(self.inputs(doc, hits, entities), &self.model)
    }

    /// Gathers what the scores are computed from.
    pub fn inputs(&self, doc: &Document, hits: &Hits, entities: &[Entity]) -> Inputs {
        let gathered = self.gatherer.gather(doc, hits, entities);
        let mut inputs = Inputs {
            topics: Vec::new(),
            vector: self.words.vector(doc),
            section_amounts: vec![0.0; self.sections.topics.len()],
            section_contributions: vec![Vec::new(); self.sections.topics.len()],
        };
        for SubjectEvidence {
            subject,
            contributions,
            sentences,
        } in gathered
        {
            let index = subject as usize;
            let amount = features::amount(doc, &sentences);
            match index.checked_sub(self.taxonomy.topics.len()) {
                Some(section) => {
                    inputs.section_amounts[section] = amount.max(0.0);
                    inputs.section_contributions[section] = contributions;
                }
                None => {
                    let patterns = features::patterns(&contributions);
                    let features = Features {
                        evidence: amount,
                        patterns,
                        hints: features::hints(&sentences),
                        fit: 0.0,
                        rank: 0.0,
                    };
                    inputs.topics.push((index, features, contributions));
                }
            }
        }
        self.compare(&mut inputs);
        inputs
    }

    /// Fills in what is known only when all evidence is there.
    fn compare(&self, inputs: &mut Inputs) {
        let all: f32 = inputs.section_amounts.iter().sum();
        let best = inputs
            .topics
            .iter()
            .map(|(_, features, _)| features.evidence)
            .fold(0.0, f32::max);
        for (topic, features, _) in &mut inputs.topics {
            let own: f32 = self.sections_of[*topic]
                .iter()
                .map(|section| inputs.section_amounts[*section])
                .sum();
            features.fit = part(own, all);
            features.rank = part(features.evidence.max(0.0), best);
        }
    }

    /// Turns inputs into scores by a model.
    pub fn score_inputs(&self, inputs: Inputs, model: &Model) -> Scores {
        let mut topics: Vec<TopicScore> = inputs
            .topics
            .into_iter()
            .map(|(topic, features, contributions)| {
                let score = features.score(&model.topics);
                let threshold = self.taxonomy.topics[topic].threshold;
                let threshold = threshold.unwrap_or(self.min_score);
                let reported = score >= threshold;
                TopicScore {
                    topic,
                    score,
                    threshold,
                    reported,
                    features,
                    contributions,
                }
            })
            .collect();
        let by_topics =
            self.sections_by_topics(topics.iter().map(|topic| (topic.topic, topic.score)));
        topics.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.topic.cmp(&b.topic)));
        let known = inputs.vector.iter().any(|x| *x != 0.0);
        let mut sections = Vec::new();
        let section_inputs = section_inputs(&inputs.section_amounts, &by_topics);
        if known
            || section_inputs
                .iter()
                .any(|input| input.evidence + input.topics > 0.0)
        {
            let scores = model
                .sections
                .probabilities(&inputs.vector, &section_inputs);
            let rows = scores
                .into_iter()
                .zip(section_inputs)
                .zip(inputs.section_contributions);
            sections.extend(
                rows.enumerate()
                    .map(|(section, ((score, input), contributions))| SectionScore {
                        section,
                        score,
                        input,
                        contributions,
                    }),
            );
            sections.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.section.cmp(&b.section)));
        }
        Scores { topics, sections }
    }

    /// What the topics say for each section: a topic speaks for its first section fully, for the second half as loud.
    pub fn sections_by_topics(&self, topics: impl Iterator<Item = (usize, f32)>) -> Vec<f32> {
        let mut by_topics = vec![0.0; self.sections.topics.len()];
        for (topic, score) in topics {
            for (rank, section) in self.sections_of[topic].iter().enumerate() {
                by_topics[*section] += score / (rank + 1) as f32;
            }
        }
        by_topics
    }
}

/// Puts what speaks for each section side by side.
pub fn section_inputs(amounts: &[f32], by_topics: &[f32]) -> Vec<SectionInput> {
    // Below one whole topic in sum there is little to go by.
    let all = by_topics.iter().sum::<f32>().max(1.0);
    let rows = amounts.iter().zip(by_topics);
    rows.map(|(evidence, topics)| SectionInput {
        evidence: *evidence,
        topics: topics / all,
    })
    .collect()
}

fn part(own: f32, all: f32) -> f32 {
    if all > 0.0 { own / all } else { 0.0 }
}
