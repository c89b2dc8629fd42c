//! The worst errors: where scores were surest and wrong.

use serde::Serialize;

use super::Case;
use super::tally::rounded;

/// The worst first; ids and scores alone.
#[derive(Serialize)]
pub struct Worst {
    pub topics: Vec<WrongTopic>,
    pub sections: Vec<WrongSection>,
}

#[derive(Serialize)]
pub struct WrongTopic {
    pub article: String,
    pub topic: String,
    pub error: Error,
    /// 0 where there is no evidence at all.
    pub score: f64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Error {
    /// Reported, and the article does not even touch it.
    False,
    /// The article is about it, and it is not reported.
    Missed,
}

#[derive(Serialize)]
pub struct WrongSection {
    pub article: String,
    pub said: String,
    pub score: f64,
    pub gold: Vec<String>,
}

impl Worst {
    /// At most so many of each.
    pub fn of(cases: &[Case], count: usize) -> Self {
        let mut topics: Vec<WrongTopic> = cases.iter().flat_map(wrong_topics).collect();
        let size = |wrong: &WrongTopic| match wrong.error {
            Error::False => wrong.score,
            Error::Missed => 1.0 - wrong.score,
        };
        topics.sort_by(|a, b| size(b).total_cmp(&size(a)));
        topics.truncate(count);
        let mut sections: Vec<WrongSection> = cases.iter().filter_map(wrong_section).collect();
        sections.sort_by(|a, b| b.score.total_cmp(&a.score));
        sections.truncate(count);
        Worst { topics, sections }
    }
}

fn wrong_topics(case: &Case) -> Vec<WrongTopic> {
    let about = |topic: &str| case.gold.topics.iter().any(|gold| gold == topic);
    let touched = |topic: &str| case.gold.topics_minor.iter().any(|gold| gold == topic);
    let wrong = |topic: &str, error, score: f32| WrongTopic {
        article: case.gold.id.clone(),
        topic: topic.to_owned(),
        error,
        score: rounded(score.into()),
    };
    let mut found = Vec::new();
    for score in case.scores().iter().flat_map(|scores| scores.reported()) {
        let id = case.topic_id(score.topic);
        if !about(id) && !touched(id) {
            found.push(wrong(id, Error::False, score.score));
        }
    }
    for id in &case.gold.topics {
        if case.reported().all(|reported| reported != id) {
            found.push(wrong(id, Error::Missed, case.topic_score(id)));
        }
    }
    found
}

fn wrong_section(case: &Case) -> Option<WrongSection> {
    let (said, score) = case.section()?;
    (!case.is_section_right()).then(|| WrongSection {
        article: case.gold.id.clone(),
        said: said.to_owned(),
        score: rounded(score.into()),
        gold: case.gold.sections.clone(),
    })
}
