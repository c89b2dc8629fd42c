//! What a change of the taxonomy does to an article.

use super::score::{Scorer, Scores, TopicScore};
use std::collections::{BTreeMap, BTreeSet};

/// A topic that only one of two taxonomies reports for an article.
#[derive(Clone, Debug, PartialEq)]
pub struct Flip {
    pub topic: String,
    /// Its scores before and after; 0 without any evidence or where the taxonomy does not have it.
    pub before: f32,
    pub after: f32,
    /// Whether it is reported after the change.
    pub appears: bool,
    /// Patterns, as written, that count only before.
    pub lost: Vec<String>,
    /// Patterns, as written, that count only after.
    pub gained: Vec<String>,
}

/// A taxonomy's scorer, and what it makes of the article.
pub struct Side<'a> {
    pub scorer: &'a Scorer,
    pub scores: &'a Scores,
}

/// The topics that flip, by id.
pub fn compare(before: &Side, after: &Side) -> Vec<Flip> {
    let old = before.by_id();
    let new = after.by_id();
    let ids: BTreeSet<&str> = old.keys().chain(new.keys()).copied().collect();
    let flips = ids.into_iter().filter_map(|id| {
        let (old, new) = (old.get(id).copied(), new.get(id).copied());
        let is_reported = |score: Option<&TopicScore>| score.is_some_and(|score| score.reported);
        if is_reported(old) == is_reported(new) {
            return None;
        }
        let (was, is) = (before.patterns(old), after.patterns(new));
        Some(Flip {
            topic: id.to_owned(),
            before: old.map_or(0.0, |score| score.score),
            after: new.map_or(0.0, |score| score.score),
            appears: is_reported(new),
            lost: was
                .difference(&is)
                .map(|pattern| (*pattern).to_owned())
                .collect(),
            gained: is
                .difference(&was)
                .map(|pattern| (*pattern).to_owned())
                .collect(),
        })
    });
    flips.collect()
}

impl<'a> Side<'a> {
    fn by_id(&self) -> BTreeMap<&'a str, &'a TopicScore> {
        let scores = self.scores.topics.iter();
        scores
            .map(|score| (&*self.scorer.topics()[score.topic].id, score))
            .collect()
    }

    fn patterns(&self, score: Option<&TopicScore>) -> BTreeSet<&'a str> {
        let found = score
            .map(|score| score.contributions.as_slice())
            .unwrap_or_default();
        found
            .iter()
            .map(|contribution| self.scorer.source(contribution.pattern))
            .collect()
    }
}
