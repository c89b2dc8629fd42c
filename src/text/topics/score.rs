//! From evidence to scores: how much an article is about each topic, and where it belongs in a newspaper.

use super::evidence::{
    Contribution, Gatherer, GathererBuilder, Subject, SubjectEvidence, has_title,
};
use super::matcher::PatternId;
use super::taxonomy::{Taxonomy, Topic};
use crate::text::document::Document;
use crate::text::entities::Entity;
use crate::text::lexicon::{Builder, Hits};

/// Scores articles by a taxonomy and the built-in sections.
pub struct Scorer {
    taxonomy: Taxonomy,
    sections: Taxonomy,
    gatherer: Gatherer,
    /// For topics without a threshold of their own.
    min_score: f32,
}

/// How much an article is about one topic.
#[derive(Clone, Debug)]
pub struct TopicScore {
    /// Index into [`Scorer::topics`].
    pub topic: usize,
    /// 0 to 1, calibrated: of the topics near 0.8, about 80 % are right.
    pub score: f32,
    /// Whether the score reaches the topic's threshold, and the topic is not deprecated.
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
    pub score: f32,
}

/// Everything that an article has evidence for, best first.
#[derive(Clone, Debug, Default)]
pub struct Scores {
    pub topics: Vec<TopicScore>,
    pub sections: Vec<SectionScore>,
    pub by_section: Vec<f32>,
}

impl Scores {
    /// The topics that go into the record, best first.
    pub fn reported(&self) -> impl Iterator<Item = &TopicScore> {
        self.topics.iter().filter(|topic| topic.reported)
    }
}

/// One topic's evidence in one article, in numbers that mean the same for every topic.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Features {
    /// Evidence in the headline, -1 to 1.
    pub title: f32,
    /// Evidence in the first two sentences of the text, -2 to 2.
    pub lead: f32,
    /// Evidence in all sentences of the text, summed.
    pub text: f32,
    /// Sentences of the text that are about it.
    pub strong: f32,
    /// Sentences that hint at it.
    pub weak: f32,
    /// Different patterns that matched.
    pub patterns: f32,
    /// Sentences of the text.
    pub sentences: f32,
    /// The share of the article's section evidence that lies in the topic's sections.
    pub fit: f32,
}

/// Sentences of a text's lead.
const LEAD: u32 = 2;

impl Features {
    fn of(doc: &Document, evidence: &SubjectEvidence, fit: f32) -> Features {
        let titles = if has_title(doc) { doc.paragraphs()[0].sentences.end } else { 0 };
        let sentences = (doc.sentences().len() as u32 - titles) as f32;
        let mut features = Features { sentences, fit, ..Features::default() };
        for &(sentence, sum) in &evidence.sentences {
            if sentence < titles {
                features.title += sum;
                continue;
            }
            features.text += sum;
            if sentence < titles + LEAD {
                features.lead += sum;
            }
            features.strong += f32::from(sum >= 0.75);
            features.weak += f32::from((0.2..0.75).contains(&sum));
        }
        features.title = features.title.clamp(-1.0, 1.0);
        let mut patterns: Vec<PatternId> =
            evidence.contributions.iter().map(|found| found.pattern).collect();
        patterns.sort_unstable();
        patterns.dedup();
        features.patterns = patterns.len() as f32;
        features
    }

    /// The headline counts as two sentences, as in the annotation guide.
    fn total(&self) -> f32 {
        2.0 * self.title + 0.5 * self.lead + self.text
    }

    fn score(&self) -> f32 {
        let needed = 2.0 + 0.5 * (self.sentences / 10.0).max(1.0).ln();
        logistic(2.0 * (self.total() - needed))
    }
}

impl Scorer {
    pub fn new(taxonomy: Taxonomy, min_score: f32, lexicon: &mut Builder) -> Scorer {
        let sections = super::sections();
        let mut builder = GathererBuilder::default();
        builder.topics(&taxonomy, 0);
        builder.topics(&sections, taxonomy.topics.len() as Subject);
        builder.cues(&taxonomy);
        let gatherer = builder.build(lexicon);
        Scorer {
            taxonomy,
            sections,
            gatherer,
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

    pub fn score(&self, doc: &Document, hits: &Hits, entities: &[Entity]) -> Scores {
        let gathered = self.gatherer.gather(doc, hits, entities);
        let first_section = self.taxonomy.topics.len() as Subject;
        let (topics, sections) = gathered.split_at(gathered.partition_point(|found| found.subject < first_section));
        let mut by_section = vec![0.0; self.sections.topics.len()];
        for found in sections {
            by_section[(found.subject - first_section) as usize] = Features::of(doc, found, 0.0).total().max(0.0);
        }
        let mut scores = Scores { by_section: by_section.clone(), ..Scores::default() };
        for found in topics {
            let topic = found.subject as usize;
            let features = Features::of(doc, found, self.fit(topic, &by_section));
            scores.topics.push(self.topic_score(topic, features, found.contributions.clone()));
        }
        scores.topics.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.topic.cmp(&b.topic)));
        self.add_topics(&scores.topics, &mut by_section);
        scores.sections = section_scores(&by_section);
        scores
    }

    fn fit(&self, topic: usize, by_section: &[f32]) -> f32 {
        let total: f32 = by_section.iter().sum();
        let own = self.taxonomy.topics[topic].sections.iter();
        let own: f32 = own.filter_map(|id| self.sections.topics.iter().position(|section| section.id == *id)).map(|section| by_section[section]).sum();
        if total > 0.0 { own / total } else { 0.0 }
    }

    fn topic_score(
        &self,
        topic: usize,
        features: Features,
        contributions: Vec<Contribution>,
    ) -> TopicScore {
        let Topic {
            threshold,
            deprecated,
            ..
        } = &self.taxonomy.topics[topic];
        let score = features.score();
        let reported = !deprecated && score >= threshold.unwrap_or(self.min_score);
        TopicScore {
            topic,
            score,
            reported,
            features,
            contributions,
        }
    }

    /// A topic speaks for its sections, the first above all.
    fn add_topics(&self, topics: &[TopicScore], by_section: &mut [f32]) {
        for topic in topics {
            for (rank, id) in self.taxonomy.topics[topic.topic]
                .sections
                .iter()
                .enumerate()
            {
                if let Some(section) = self
                    .sections
                    .topics
                    .iter()
                    .position(|section| section.id == *id)
                {
                    by_section[section] += topic.score * SECTION_OF_TOPIC / (rank + 1) as f32;
                }
            }
        }
    }
}

/// What a topic that is surely there adds to its first section, in sentences.
const SECTION_OF_TOPIC: f32 = 3.0;

/// A second section is reported at half the evidence of the best.
const SECOND_SECTION: f32 = 0.5;

fn section_scores(by_section: &[f32]) -> Vec<SectionScore> {
    let total: f32 = by_section.iter().map(|evidence| evidence.max(0.0)).sum();
    let best = by_section.iter().copied().fold(0.0, f32::max);
    let mut scores: Vec<SectionScore> = by_section
        .iter()
        .enumerate()
        .filter(|&(_, &evidence)| evidence > 0.0 && evidence >= best * SECOND_SECTION)
        .map(|(section, evidence)| SectionScore {
            section,
            score: evidence / total,
        })
        .collect();
    scores.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.section.cmp(&b.section)));
    scores
}

fn logistic(x: f32) -> f32 {
    1.0 / (1.0 + (-x).exp())
}
