//! Sections: how good each is, and what an answer that never changes would reach.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::Case;
use super::tally::{Row, Tally, rounded};

/// The first section of each article against the annotated ones.
///
/// Where an article has two sections, either is right; an answer that is neither misses the first of them. The mean is
/// over the sections that are the first of any article.
#[derive(Serialize)]
pub struct Sections {
    pub macro_f1: f64,
    pub macro_recall: f64,
    pub by_section: BTreeMap<String, Row>,
    /// The answer that is right most often if it is always given.
    pub constant: Constant,
}

#[derive(Serialize)]
pub struct Constant {
    pub id: String,
    pub accuracy: f64,
    pub macro_f1: f64,
    pub macro_recall: f64,
}

/// An article's sections, and the one that was said of it.
type Answer<'a> = (&'a [String], Option<&'a str>);

impl Sections {
    pub fn of(cases: &[Case]) -> Self {
        let answers = cases.iter().map(|case| {
            let said = case.section().map(|(section, _)| section);
            (case.gold.sections.as_slice(), said)
        });
        let answers: Vec<Answer> = answers.collect();
        let tallies = tallies(&answers);
        let (macro_f1, macro_recall) = means(&answers, &tallies);
        Sections {
            macro_f1,
            macro_recall,
            by_section: tallies
                .into_iter()
                .map(|(id, tally)| (id.to_owned(), tally.row()))
                .collect(),
            constant: constant(&answers),
        }
    }
}

fn constant(answers: &[Answer]) -> Constant {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (gold, _) in answers {
        for section in BTreeSet::from_iter(gold.iter()) {
            *counts.entry(section).or_default() += 1;
        }
    }
    let best = counts
        .iter()
        .max_by_key(|(id, count)| (**count, std::cmp::Reverse(**id)));
    let (id, right) = best.map_or(("", 0), |(id, count)| (*id, *count));
    let always: Vec<Answer> = answers.iter().map(|(gold, _)| (*gold, Some(id))).collect();
    let (macro_f1, macro_recall) = means(&always, &tallies(&always));
    Constant {
        id: id.to_owned(),
        accuracy: rounded(right as f64 / answers.len() as f64),
        macro_f1,
        macro_recall,
    }
}

fn tallies<'a>(answers: &[Answer<'a>]) -> BTreeMap<&'a str, Tally> {
    let mut tallies: BTreeMap<&str, Tally> = BTreeMap::new();
    for (gold, said) in answers {
        let right = said.filter(|said| gold.iter().any(|section| section == said));
        let expected = right.or(gold.first().map(String::as_str));
        if let Some(expected) = expected {
            *tallies.entry(expected).or_default() += Tally::new(usize::from(right.is_some()), 0, 1);
        }
        if let Some(said) = said {
            tallies.entry(said).or_default().reported += 1;
        }
    }
    tallies
}

/// Mean F1 and mean recall.
fn means(answers: &[Answer], tallies: &BTreeMap<&str, Tally>) -> (f64, f64) {
    let first: BTreeSet<&str> = answers
        .iter()
        .filter_map(|(gold, _)| gold.first().map(String::as_str))
        .collect();
    let rows = first.iter().map(|id| {
        let tally = tallies.get(id).copied().unwrap_or_default();
        tally.row()
    });
    let (mut f1, mut recall) = (0.0, 0.0);
    for row in rows {
        f1 += row.f1;
        // A section whose articles all went to their second one has been missed nowhere.
        recall += row.r.unwrap_or(1.0);
    }
    let count = first.len().max(1) as f64;
    (rounded(f1 / count), rounded(recall / count))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn either_section_is_right_and_the_constant_answer_is_told() {
        let two = ["politics".to_owned(), "conflict".to_owned()];
        let sport = ["sport".to_owned()];
        let answers: [Answer; 4] = [
            (&two, Some("conflict")),
            (&two, Some("politics")),
            (&two, Some("sport")),
            (&sport, Some("sport")),
        ];
        let tallies = tallies(&answers);
        assert_eq!(
            tallies["politics"],
            Tally {
                right: 1,
                reported: 1,
                gold: 2,
                found: 1
            }
        );
        assert_eq!(
            tallies["sport"],
            Tally {
                right: 1,
                reported: 2,
                gold: 1,
                found: 1
            }
        );
        // Politics 2 * 1 * 0.5 / 1.5, sport 2 * 0.5 * 1 / 1.5.
        assert_eq!(means(&answers, &tallies), (0.667, 0.75));
        let constant = constant(&answers);
        assert_eq!((&*constant.id, constant.accuracy), ("conflict", 0.75));
    }
}
