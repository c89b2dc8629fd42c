//! What is suspicious in a taxonomy that is correct: rules that can never count, words that two topics claim, codes
//! that no vocabulary has, examples that prove little.

use super::codes;
use super::pattern::{Item, Join, Node, Pattern};
use super::phrases::{self, Phrase};
use super::taxonomy::{Codes, Rule, Taxonomy, Topic};
use crate::text::entities::Kind;
use std::collections::BTreeSet;

/// Something to look at.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    pub file: String,
    /// From 1.
    pub line: usize,
    pub severity: Severity,
    pub message: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Something is wrong, or does nothing.
    Warning,
    /// May be meant so.
    Note,
}

/// How many examples of each side a topic should have.
const MIN_EXAMPLES: usize = 3;

/// Looks the taxonomy over. `touches` tells which topics (by index) have any word of their rules in a text.
pub fn run(taxonomy: &Taxonomy, touches: impl Fn(&str) -> Vec<usize>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let topics: Vec<Vec<Flat>> = taxonomy
        .topics
        .iter()
        .map(|topic| flatten(topic, taxonomy))
        .collect();
    for (index, topic) in taxonomy.topics.iter().enumerate() {
        check_codes(topic, &mut findings);
        check_examples(topic, |text| touches(text).contains(&index), &mut findings);
        check_dead(topic, &topics[index], &mut findings);
    }
    check_overlaps(taxonomy, &topics, &mut findings);
    check_classes(taxonomy, &mut findings);
    findings.sort();
    findings
}

fn finding(topic: &Topic, line: usize, severity: Severity, message: String) -> Finding {
    Finding {
        file: topic.file.clone(),
        line,
        severity,
        message,
    }
}

fn check_codes(topic: &Topic, findings: &mut Vec<Finding>) {
    let Codes {
        iptc,
        cameo,
        plover,
        gdelt,
    } = &topic.codes;
    let mut check = |list: &[String], problem_of: fn(&str) -> Option<String>| {
        for code in list {
            if let Some(problem) = problem_of(code) {
                let message = format!("topic {:?}, code {code:?}: {problem}", topic.id);
                findings.push(finding(topic, topic.line, Severity::Warning, message));
            }
        }
    };
    check(iptc, codes::iptc);
    check(cameo, codes::cameo);
    check(plover, codes::plover);
    check(gdelt, codes::gdelt);
    if iptc.is_empty() {
        let message = format!("topic {:?} has no IPTC code", topic.id);
        findings.push(finding(topic, topic.line, Severity::Note, message));
    }
}

fn check_examples(topic: &Topic, touched: impl Fn(&str) -> bool, findings: &mut Vec<Finding>) {
    if topic.deprecated {
        return;
    }
    let mut note = |message| findings.push(finding(topic, topic.line, Severity::Warning, message));
    for (kind, list) in [("about", &topic.about), ("not_about", &topic.not_about)] {
        if list.len() < MIN_EXAMPLES {
            note(format!(
                "topic {:?} has {} examples under {kind}; give it {MIN_EXAMPLES}",
                topic.id,
                list.len()
            ));
        }
    }
    let near = topic.not_about.iter().filter(|text| touched(text)).count();
    if near * 2 < topic.not_about.len() {
        note(format!(
            "only {near} of {} examples under not_about of {:?} use words of its rules; half should be near misses",
            topic.not_about.len(),
            topic.id
        ));
    }
}

/// A pattern with what it stands for.
struct Flat<'a> {
    rule: &'a Rule,
    source: &'a str,
    joins: &'a [Join],
    parts: Vec<(BTreeSet<Phrase>, &'a [Kind])>,
}

impl Flat<'_> {
    /// Whether it always counts, wherever it stands.
    fn is_unconditional(&self) -> bool {
        let Rule {
            with,
            unless,
            place,
            ..
        } = self.rule;
        with.is_empty() && unless.is_empty() && place.is_none()
    }

    fn equals(&self, other: &Flat) -> bool {
        self.joins == other.joins && self.parts == other.parts
    }

    /// Whether every match of this one has words that `other` takes first.
    fn is_covered_by(&self, other: &Flat) -> bool {
        let [(phrases, slots)] = other.parts.as_slice() else {
            return false;
        };
        other.is_unconditional()
            && slots.is_empty()
            && other.rule.weight >= self.rule.weight
            && self
                .parts
                .iter()
                .any(|(own, slots)| slots.is_empty() && own.is_subset(phrases))
    }
}

fn flatten<'a>(topic: &'a Topic, taxonomy: &Taxonomy) -> Vec<Flat<'a>> {
    let flat = |rule: &'a Rule, pattern: &'a Pattern| Flat {
        rule,
        source: &pattern.source,
        joins: &pattern.joins,
        parts: pattern
            .parts
            .iter()
            .map(|part| {
                // A taxonomy is checked when it is read.
                let phrases = phrases::expand(&part.phrase, &taxonomy.classes).unwrap_or_default();
                (phrases.into_iter().collect(), part.slots.as_slice())
            })
            .collect(),
    };
    topic
        .rules
        .iter()
        .flat_map(|rule| rule.any.iter().map(move |pattern| flat(rule, pattern)))
        .collect()
}

fn check_dead(topic: &Topic, patterns: &[Flat], findings: &mut Vec<Finding>) {
    for (index, pattern) in patterns.iter().enumerate() {
        let twin = patterns[..index].iter().find(|other| pattern.equals(other));
        let cover = patterns
            .iter()
            .enumerate()
            .find(|(at, other)| *at != index && pattern.is_covered_by(other));
        let message = match (twin, cover) {
            (Some(other), _) => format!(
                "{:?} stands twice in {:?}: also as {:?}",
                pattern.source, topic.id, other.source
            ),
            (None, Some((_, other))) => {
                format!(
                    "{:?} never counts in {:?}: {:?} takes its words",
                    pattern.source, topic.id, other.source
                )
            }
            (None, None) => continue,
        };
        findings.push(finding(
            topic,
            pattern.rule.line,
            Severity::Warning,
            message,
        ));
    }
}

/// A full weight for the same words in two topics.
fn check_overlaps(taxonomy: &Taxonomy, topics: &[Vec<Flat>], findings: &mut Vec<Finding>) {
    for (index, patterns) in topics.iter().enumerate() {
        for pattern in patterns.iter().filter(|pattern| pattern.rule.weight >= 1.0) {
            for (other_index, others) in topics[..index].iter().enumerate() {
                let twin = others
                    .iter()
                    .find(|other| other.rule.weight >= 1.0 && pattern.equals(other));
                if let Some(twin) = twin {
                    let (topic, other) = (&taxonomy.topics[index], &taxonomy.topics[other_index]);
                    let message = format!(
                        "{:?} counts fully in {:?} and in {:?}",
                        twin.source, topic.id, other.id
                    );
                    findings.push(finding(topic, pattern.rule.line, Severity::Note, message));
                }
            }
        }
    }
}

fn check_classes(taxonomy: &Taxonomy, findings: &mut Vec<Finding>) {
    let mut used = BTreeSet::new();
    let rules = taxonomy.topics.iter().flat_map(|topic| &topic.rules);
    let patterns = rules.flat_map(|rule| rule.any.iter().chain(&rule.with).chain(&rule.unless));
    let cues = taxonomy.cues.iter().flat_map(|cue| &cue.any);
    for pattern in patterns.chain(cues).chain(
        taxonomy
            .class_sources
            .values()
            .flat_map(|source| &source.patterns),
    ) {
        pattern
            .parts
            .iter()
            .for_each(|part| collect_classes(&part.phrase, &mut used));
    }
    for (name, source) in &taxonomy.class_sources {
        if !used.contains(name.as_str()) {
            findings.push(Finding {
                file: source.file.clone(),
                line: source.line,
                severity: Severity::Warning,
                message: format!("class {name:?} is used by nothing"),
            });
        }
    }
}

fn collect_classes<'a>(items: &'a [Item], used: &mut BTreeSet<&'a str>) {
    for item in items {
        match &item.node {
            Node::Class(name) => {
                used.insert(name);
            }
            Node::Choice(choices) => choices
                .iter()
                .for_each(|items| collect_classes(items, used)),
            Node::Word { .. } | Node::Slot(_) => {}
        }
    }
}
