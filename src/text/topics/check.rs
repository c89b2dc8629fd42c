//! The taxonomy's own examples, run: do the rules mean what the editor meant?

use super::error::TaxonomyError;
use super::score::{Scorer, Scores};
use super::taxonomy::{Example, Topic};

/// What became of an example.
#[derive(Clone, Debug, PartialEq)]
pub struct Trial<'a> {
    pub topic: &'a Topic,
    pub example: &'a Example,
    /// Whether the example is of those that must be reported.
    pub about: bool,
    /// Whether it is.
    pub reported: bool,
    /// The topic's score, 0 where there is no evidence at all.
    pub score: f32,
    /// What the score is to reach; `None` where there is no evidence at all.
    pub threshold: Option<f32>,
    /// The patterns that counted, as written, in text order.
    pub patterns: Vec<&'a str>,
}

/// Runs every example of every topic that is in use. `score` gets headline and text.
pub fn run(scorer: &Scorer, score: impl Fn(&str, &str) -> Scores) -> Vec<Trial<'_>> {
    let mut trials = Vec::new();
    for (index, topic) in scorer.topics().iter().enumerate() {
        // What is deprecated is never reported; its examples say what it meant.
        if topic.deprecated {
            continue;
        }
        for (example, about) in topic.examples() {
            let scores = score(&example.headline, &example.text);
            let found = scores.topics.iter().find(|score| score.topic == index);
            let contributions = found.iter().flat_map(|score| &score.contributions);
            let mut patterns: Vec<&str> = Vec::new();
            for pattern in contributions.map(|found| scorer.source(found.pattern)) {
                if !patterns.contains(&pattern) {
                    patterns.push(pattern);
                }
            }
            trials.push(Trial {
                topic,
                example,
                about,
                reported: found.is_some_and(|score| score.reported),
                score: found.map_or(0.0, |score| score.score),
                threshold: found.map(|score| score.threshold),
                patterns,
            });
        }
    }
    trials
}

impl Trial<'_> {
    /// What is wrong, where, and how to mend it; `None` where the example is as it should be.
    pub fn error(&self) -> Option<TaxonomyError> {
        if self.reported == self.about {
            return None;
        }
        let (id, headline) = (&self.topic.id, &self.example.headline);
        let patterns = self.patterns.iter().map(|pattern| format!("{pattern:?}"));
        let patterns = patterns.collect::<Vec<_>>().join(" and ");
        let (problem, hint) = match (self.about, self.threshold) {
            (true, None) => (
                format!("{headline:?} should be about {id}, and no rule of it finds anything"),
                "add a phrase that the example uses to a rule, or correct the example",
            ),
            (true, Some(threshold)) => (
                format!(
                    "{headline:?} should be about {id}, and scores {:.2} of {threshold:.2} by {patterns}",
                    self.score
                ),
                "raise the weight, add a pattern that leaves no doubt, or correct the example",
            ),
            (false, _) => (
                format!(
                    "{headline:?} should not be about {id}, and scores {:.2} by {patterns}",
                    self.score
                ),
                "narrow the pattern, give its rule `with` or `unless`, add a rule of negative weight, or correct the \
                 example",
            ),
        };
        Some(TaxonomyError {
            file: self.topic.file.clone(),
            line: self.example.line,
            problem,
            hint: hint.to_owned(),
        })
    }
}
