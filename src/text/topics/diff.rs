//! What a change of the taxonomy does to an article.

use super::score::{Scorer, Scores, TopicScore};
use crate::text::document::Span;
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
    /// What the scores are to reach; `None` as above.
    pub threshold_before: Option<f32>,
    pub threshold_after: Option<f32>,
    /// What counts only before, or with another weight.
    pub lost: Vec<Evidence>,
    /// What counts only after, or with another weight.
    pub gained: Vec<Evidence>,
}

/// A pattern that counted, and where.
#[derive(Clone, Debug, PartialEq)]
pub struct Evidence {
    /// As written.
    pub pattern: String,
    /// What it added, over all its places.
    pub weight: f32,
    /// The words of each place.
    pub places: Vec<Vec<Span>>,
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
        let (was, is) = (before.evidence(old), after.evidence(new));
        let only = |one: &[Evidence], other: &[Evidence]| {
            let of_one = one.iter().filter(|evidence| !other.contains(evidence));
            of_one.cloned().collect::<Vec<_>>()
        };
        Some(Flip {
            topic: id.to_owned(),
            before: old.map_or(0.0, |score| score.score),
            after: new.map_or(0.0, |score| score.score),
            appears: is_reported(new),
            threshold_before: old.map(|score| score.threshold),
            threshold_after: new.map(|score| score.threshold),
            lost: only(&was, &is),
            gained: only(&is, &was),
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

    /// What counted, by pattern, in the order of the patterns' first places.
    fn evidence(&self, score: Option<&TopicScore>) -> Vec<Evidence> {
        let mut all: Vec<Evidence> = Vec::new();
        for found in score.iter().flat_map(|score| &score.contributions) {
            let pattern = self.scorer.source(found.pattern);
            let at = all.iter().position(|evidence| evidence.pattern == pattern);
            let at = at.unwrap_or_else(|| {
                all.push(Evidence {
                    pattern: pattern.to_owned(),
                    weight: 0.0,
                    places: Vec::new(),
                });
                all.len() - 1
            });
            all[at].weight += found.weight;
            all[at].places.push(found.spans.clone());
        }
        all
    }
}
