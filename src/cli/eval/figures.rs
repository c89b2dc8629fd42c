//! The tables: how good the records of annotated articles are. The same counts as the shared scorer's.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::Case;
use super::entities::{CORE, Entities};
use super::gold::GoldAmount;
use super::tally::{Row, Tally, rounded};
use crate::text::record::Amount;

/// Topics that are annotated less often than this are left out of the mean over topics: one article would swing it.
const FREQUENT: usize = 3;

/// Figures over all articles.
#[derive(Serialize)]
pub struct Figures {
    pub articles: usize,
    pub missing_records: usize,
    /// A minor topic may be reported or not.
    pub topics_micro: Row,
    /// A minor topic that is reported is false.
    pub topics_strict: Row,
    /// The mean F1 of topics that are annotated three times or more.
    pub topics_macro_f1: Option<f64>,
    /// The first section is one of the annotated.
    pub sections_accuracy: f64,
    pub entities_core: Row,
    pub entities_all: Row,
    pub entities_any_kind: Row,
    pub entities_overlap: Row,
    pub amounts: Row,
    pub facts: Row,
    pub facts_status_accuracy: Option<f64>,
    pub facts_details_accuracy: Option<f64>,
    pub by_topic: BTreeMap<String, Row>,
    pub by_entity_kind: BTreeMap<String, Row>,
    pub by_fact_kind: BTreeMap<String, Row>,
}

impl Figures {
    pub fn of(cases: &[Case]) -> Self {
        let mut topics: BTreeMap<String, Tally> = BTreeMap::new();
        let (mut strict, mut amounts) = (Tally::default(), Tally::default());
        let mut entities = Entities::default();
        // Records carry no facts yet: what is annotated is missed.
        let mut facts: BTreeMap<String, Tally> = BTreeMap::new();
        let mut sections = 0;
        for case in cases {
            add_topics(case, &mut topics, &mut strict);
            sections += usize::from(case.is_section_right());
            let record = case.explanation.as_ref().map(|found| &found.record);
            if let Some(gold) = &case.gold.entities {
                let reported = record.and_then(|record| record.entities.as_deref());
                entities.add(gold, reported.unwrap_or_default());
            }
            if let Some(gold) = &case.gold.amounts {
                let reported = record.and_then(|record| record.amounts.as_deref());
                amounts += tally_amounts(gold, reported.unwrap_or_default());
            }
            for fact in case.gold.facts.iter().flatten() {
                facts.entry(fact.kind.clone()).or_default().gold += 1;
            }
        }
        let frequent: Vec<f64> = topics
            .values()
            .filter(|tally| tally.gold >= FREQUENT)
            .map(|tally| tally.row().f1)
            .collect();
        let mean = |values: &[f64]| {
            (!values.is_empty()).then(|| rounded(values.iter().sum::<f64>() / values.len() as f64))
        };
        Figures {
            articles: cases.len(),
            missing_records: cases
                .iter()
                .filter(|case| case.explanation.is_none())
                .count(),
            topics_micro: sum(&topics).row(),
            topics_strict: strict.row(),
            topics_macro_f1: mean(&frequent),
            sections_accuracy: rounded(sections as f64 / cases.len() as f64),
            entities_core: entities.total(Some(&CORE)).row(),
            entities_all: entities.total(None).row(),
            entities_any_kind: entities.any_kind.row(),
            entities_overlap: entities.overlapping.row(),
            amounts: amounts.row(),
            facts: sum(&facts).row(),
            facts_status_accuracy: None,
            facts_details_accuracy: None,
            by_topic: rows(topics),
            by_entity_kind: rows(entities.by_kind),
            by_fact_kind: rows(facts),
        }
    }
}

fn sum(tallies: &BTreeMap<String, Tally>) -> Tally {
    let mut total = Tally::default();
    for tally in tallies.values() {
        total += *tally;
    }
    total
}

fn rows(tallies: BTreeMap<String, Tally>) -> BTreeMap<String, Row> {
    let rows = tallies.into_iter();
    rows.map(|(name, tally)| (name, tally.row())).collect()
}

fn add_topics(case: &Case, by_topic: &mut BTreeMap<String, Tally>, strict: &mut Tally) {
    let reported: BTreeSet<&str> = case.reported().collect();
    let required: BTreeSet<&str> = case.gold.topics.iter().map(String::as_str).collect();
    let both = reported.intersection(&required).count();
    *strict += Tally::new(both, reported.len(), required.len());
    for topic in reported.union(&required) {
        let (is_reported, is_required) = (reported.contains(topic), required.contains(topic));
        let right = is_reported && is_required;
        let is_minor = case.gold.topics_minor.iter().any(|minor| minor == topic);
        let false_one = is_reported && !is_required && !is_minor;
        *by_topic.entry((*topic).to_owned()).or_default() += Tally::new(
            usize::from(right),
            usize::from(right || false_one),
            usize::from(is_required),
        );
    }
}

/// Right when value and currency are equal; each sum counts once an article, and one without a value not at all.
fn tally_amounts(gold: &[GoldAmount], reported: &[Amount]) -> Tally {
    let gold = gold.iter().filter_map(|amount| {
        let value = amount.value.filter(|value| *value != 0.0)?;
        Some((value, amount.currency.as_deref()))
    });
    let reported = reported.iter().filter_map(|amount| {
        let value: f64 = amount.value.as_ref()?.parse().ok()?;
        Some((value, amount.currency.as_deref()))
    });
    let (gold, reported) = (distinct(gold), distinct(reported));
    let same = |a: &(f64, Option<&str>), b: &(f64, Option<&str>)| {
        a.1 == b.1 && (a.0 - b.0).abs() <= TOLERANCE * a.0.abs().max(1.0)
    };
    let right = reported
        .iter()
        .filter(|amount| gold.iter().any(|other| same(amount, other)));
    let found = gold
        .iter()
        .filter(|amount| reported.iter().any(|other| same(other, amount)));
    Tally {
        right: right.count(),
        reported: reported.len(),
        gold: gold.len(),
        found: found.count(),
    }
}

/// Values that differ by less than this part are one: annotators round.
const TOLERANCE: f64 = 0.01;

fn distinct<'a>(
    amounts: impl Iterator<Item = (f64, Option<&'a str>)>,
) -> Vec<(f64, Option<&'a str>)> {
    let mut kept = Vec::new();
    for amount in amounts {
        if !kept.contains(&amount) {
            kept.push(amount);
        }
    }
    kept
}
