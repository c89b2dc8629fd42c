//! The taxonomy's own examples, run: do the rules mean what the editor meant?

use super::score::Scores;
use super::taxonomy::{Taxonomy, Topic};

/// An example that is not as it should be.
#[derive(Clone, Debug, PartialEq)]
pub struct Failure<'a> {
    pub topic: &'a Topic,
    pub example: &'a str,
    /// Whether the example is of those that must be reported.
    pub about: bool,
    /// The topic's score, 0 where there is no evidence at all.
    pub score: f32,
}

/// Runs every example of every topic. `score` gets headline and text; the first line of an example is its headline.
pub fn run(taxonomy: &Taxonomy, score: impl Fn(&str, &str) -> Scores) -> Vec<Failure<'_>> {
    let mut failures = Vec::new();
    for (index, topic) in taxonomy.topics.iter().enumerate() {
        let about = topic.about.iter().map(|example| (example, true));
        for (example, about) in about.chain(topic.not_about.iter().map(|example| (example, false)))
        {
            let (title, text) = example.split_once('\n').unwrap_or((example, ""));
            let scores = score(title, text);
            let found = scores.topics.iter().find(|score| score.topic == index);
            if found.is_some_and(|score| score.reported) != about {
                let score = found.map_or(0.0, |score| score.score);
                failures.push(Failure {
                    topic,
                    example,
                    about,
                    score,
                });
            }
        }
    }
    failures
}
