//! Two configurations side by side.

use std::collections::BTreeMap;

use serde::Serialize;

use super::figures::Figures;
use super::sections::Sections;
use super::tally::{Row, rounded};
use super::{Case, Side};
use crate::text::topics::Scores;
use crate::text::topics::diff::{self, Evidence, Flip};

/// What another configuration would change.
#[derive(Serialize)]
pub struct Comparison {
    /// The figures that differ, before and after.
    pub figures: BTreeMap<String, Change>,
    /// Topics that only one of the two reports, in the articles' order.
    pub flips: Vec<FlippedTopic>,
    pub sections: Vec<FlippedSection>,
}

#[derive(Serialize)]
pub struct Change {
    pub before: Option<f64>,
    pub after: Option<f64>,
}

#[derive(Serialize)]
pub struct FlippedTopic {
    pub article: String,
    pub topic: String,
    pub before: f64,
    pub after: f64,
    pub appears: bool,
    pub verdict: Verdict,
    /// Patterns that count only before, or only after.
    pub lost: Vec<String>,
    pub gained: Vec<String>,
}

/// What a flip does to an article.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    Better,
    Worse,
    /// The article touches the topic: reporting it is neither right nor wrong.
    Neither,
}

#[derive(Serialize)]
pub struct FlippedSection {
    pub article: String,
    pub before: Option<String>,
    pub after: Option<String>,
    pub verdict: Verdict,
}

impl Comparison {
    pub fn of(before: &Side, after: &Side) -> Self {
        let mut comparison = Comparison {
            figures: changes(before, after),
            flips: Vec::new(),
            sections: Vec::new(),
        };
        let nothing = Scores::default();
        for (old, new) in before.cases.iter().zip(&after.cases) {
            let flips = diff::compare(
                &side_of(before, old.scores().unwrap_or(&nothing)),
                &side_of(after, new.scores().unwrap_or(&nothing)),
            );
            let flips = flips.into_iter().map(|flip| flipped_topic(old, flip));
            comparison.flips.extend(flips);
            comparison.sections.extend(flipped_section(old, new));
        }
        comparison
    }
}

fn side_of<'a>(side: &Side<'a>, scores: &'a Scores) -> diff::Side<'a> {
    diff::Side {
        scorer: side.pipeline.scorer(),
        scores,
    }
}

fn flipped_topic(case: &Case, flip: Flip) -> FlippedTopic {
    let is_in = |ids: &[String]| ids.contains(&flip.topic);
    let verdict = match (is_in(&case.gold.topics), is_in(&case.gold.topics_minor)) {
        (false, true) => Verdict::Neither,
        (about, _) if about == flip.appears => Verdict::Better,
        _ => Verdict::Worse,
    };
    FlippedTopic {
        article: case.gold.id.clone(),
        before: rounded(flip.before.into()),
        after: rounded(flip.after.into()),
        topic: flip.topic,
        appears: flip.appears,
        verdict,
        lost: patterns(flip.lost),
        gained: patterns(flip.gained),
    }
}

fn patterns(evidence: Vec<Evidence>) -> Vec<String> {
    let patterns = evidence.into_iter().map(|evidence| evidence.pattern);
    patterns.collect()
}

fn flipped_section(old: &Case, new: &Case) -> Option<FlippedSection> {
    let id = |case: &Case| case.section().map(|(id, _)| id.to_owned());
    let (before, after) = (id(old), id(new));
    if before == after {
        return None;
    }
    let verdict = match (old.is_section_right(), new.is_section_right()) {
        (false, true) => Verdict::Better,
        (true, false) => Verdict::Worse,
        _ => Verdict::Neither,
    };
    Some(FlippedSection {
        article: old.gold.id.clone(),
        before,
        after,
        verdict,
    })
}

fn changes(before: &Side, after: &Side) -> BTreeMap<String, Change> {
    let (before, after) = (numbers(before), numbers(after));
    let names = before.keys().chain(after.keys()).cloned();
    let changes = names.map(|name| {
        let number = |side: &BTreeMap<String, f64>| side.get(&name).copied();
        let change = Change {
            before: number(&before),
            after: number(&after),
        };
        (name, change)
    });
    changes
        .filter(|(_, change)| change.before != change.after)
        .collect()
}

/// Each table's figures by name.
fn numbers(side: &Side) -> BTreeMap<String, f64> {
    let figures = Figures::of(&side.cases);
    let sections = Sections::of(&side.cases);
    let mut numbers = BTreeMap::from([
        ("sections_accuracy".to_owned(), figures.sections_accuracy),
        ("sections_macro_f1".to_owned(), sections.macro_f1),
    ]);
    numbers.extend(
        figures
            .topics_macro_f1
            .map(|f1| ("topics_macro_f1".to_owned(), f1)),
    );
    let rows = [
        ("topics_micro", figures.topics_micro),
        ("topics_strict", figures.topics_strict),
        ("entities_core", figures.entities_core),
        ("entities_all", figures.entities_all),
        ("entities_any_kind", figures.entities_any_kind),
        ("entities_overlap", figures.entities_overlap),
        ("amounts", figures.amounts),
    ];
    let rows = rows.map(|(name, row)| (name.to_owned(), row)).into_iter();
    let topics = figures.by_topic.into_iter();
    let kinds = figures.by_entity_kind.into_iter();
    let rows = rows
        .chain(topics.map(|(id, row)| (format!("topic {id}"), row)))
        .chain(kinds.map(|(kind, row)| (format!("entity {kind}"), row)));
    for (name, Row { p, r, f1, .. }) in rows {
        numbers.extend(p.map(|p| (format!("{name} P"), p)));
        numbers.extend(r.map(|r| (format!("{name} R"), r)));
        numbers.insert(format!("{name} F1"), f1);
    }
    numbers
}
