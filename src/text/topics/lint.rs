//! What is suspicious in a taxonomy that is correct: rules that can never count, words that two topics claim, codes
//! that no vocabulary has, examples that prove little.

use super::codes;
use super::pattern::{Item, Join, Node, Pattern};
use super::phrases::{self, Phrase};
use super::taxonomy::{Codes, Example, Rule, Taxonomy, Topic};
use crate::text::entities::Kind;
use std::collections::BTreeSet;

/// Something to look at.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    pub file: String,
    /// From 1.
    pub line: usize,
    pub severity: Severity,
    pub problem: String,
    /// What to do about it.
    pub hint: String,
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

/// Looks the taxonomy over. `touches` gets headline and text, and tells which topics (by index) have any word of their
/// rules in them.
pub fn run(taxonomy: &Taxonomy, touches: impl Fn(&str, &str) -> Vec<usize>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let topics: Vec<Vec<Flat>> = taxonomy
        .topics
        .iter()
        .map(|topic| flatten_all(&topic.rules, taxonomy))
        .collect();
    for (index, topic) in taxonomy.topics.iter().enumerate() {
        check_codes(topic, &mut findings);
        let touched =
            |example: &Example| touches(&example.headline, &example.text).contains(&index);
        check_examples(topic, touched, &mut findings);
        let place = format!("{:?}", topic.id);
        check_dead(&place, &topics[index], &mut findings);
        check_conditions(&place, &topic.rules, taxonomy, &mut findings);
    }
    let place = "the counter-evidence of every topic";
    let shared = flatten_all(&taxonomy.counter_evidence, taxonomy);
    check_dead(place, &shared, &mut findings);
    check_conditions(place, &taxonomy.counter_evidence, taxonomy, &mut findings);
    check_overlaps(taxonomy, &topics, &mut findings);
    check_classes(taxonomy, &mut findings);
    findings.sort();
    findings
}

/// A problem, and what to do about it.
type Advice = (String, String);

fn finding(topic: &Topic, line: usize, severity: Severity, (problem, hint): Advice) -> Finding {
    Finding {
        file: topic.file.clone(),
        line,
        severity,
        problem,
        hint,
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
                let advice = (
                    format!("code {code:?} of {:?}: {problem}", topic.id),
                    "correct the code, or take it out".to_owned(),
                );
                findings.push(finding(topic, topic.line, Severity::Warning, advice));
            }
        }
    };
    check(iptc, codes::iptc);
    check(cameo, codes::cameo);
    check(plover, codes::plover);
    check(gdelt, codes::gdelt);
    if iptc.is_empty() {
        let advice = (
            format!("topic {:?} has no IPTC code", topic.id),
            "consumers that know Media Topics only will not find it: give it the nearest one"
                .to_owned(),
        );
        findings.push(finding(topic, topic.line, Severity::Note, advice));
    }
}

fn check_examples(topic: &Topic, touched: impl Fn(&Example) -> bool, findings: &mut Vec<Finding>) {
    if topic.deprecated {
        return;
    }
    let mut warn = |advice| findings.push(finding(topic, topic.line, Severity::Warning, advice));
    for (kind, list) in [("about", &topic.about), ("not_about", &topic.not_about)] {
        if list.len() < MIN_EXAMPLES {
            warn((
                format!(
                    "topic {:?} has {} of {MIN_EXAMPLES} examples under {kind}",
                    topic.id,
                    list.len()
                ),
                "write more: they hold the rules to their meaning".to_owned(),
            ));
        }
    }
    let near = topic
        .not_about
        .iter()
        .filter(|example| touched(example))
        .count();
    if near * 2 < topic.not_about.len() {
        warn((
            format!(
                "only {near} of {} examples under not_about of {:?} use words of its rules",
                topic.not_about.len(),
                topic.id
            ),
            "make half of them near misses: its words in another meaning, or in passing".to_owned(),
        ));
    }
}

/// A pattern with what it stands for.
struct Flat<'a> {
    rule: &'a Rule,
    source: &'a str,
    line: usize,
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

    /// What to say of a pattern that another one makes useless.
    fn idle(&self, what: &str, other: &Flat, why: &str) -> Finding {
        let line = match other.rule.file == self.rule.file {
            true => format!("line {}", other.line),
            false => format!("{}:{}", other.rule.file, other.line),
        };
        Finding {
            file: self.rule.file.clone(),
            line: self.line,
            severity: Severity::Warning,
            problem: format!("{:?} {what}", self.source),
            hint: format!("{:?} in {line} {why}: keep one of the two", other.source),
        }
    }

    fn equals(&self, other: &Flat) -> bool {
        self.joins == other.joins && self.parts == other.parts
    }

    /// Whether `other` holds in every sentence that this one does: each phrase of a part has one of `other`'s in it.
    fn contains(&self, other: &Flat) -> bool {
        let [(wanted, slots)] = other.parts.as_slice() else {
            return false;
        };
        if self.joins.contains(&Join::Paragraph) {
            return false;
        }
        let has_one = |phrase: &Phrase| wanted.iter().any(|one| phrase.contains(one));
        slots.is_empty()
            && self
                .parts
                .iter()
                .any(|(own, slots)| slots.is_empty() && own.iter().all(has_one))
    }

    /// Whether every match of this one has words that `other` takes first.
    fn is_covered_by(&self, other: &Flat) -> bool {
        let [(phrases, slots)] = other.parts.as_slice() else {
            return false;
        };
        other.is_unconditional()
            && slots.is_empty()
            && other.rule.weight.abs() >= self.rule.weight.abs()
            && self
                .parts
                .iter()
                .any(|(own, slots)| slots.is_empty() && own.is_subset(phrases))
    }
}

fn flat<'a>(rule: &'a Rule, pattern: &'a Pattern, taxonomy: &Taxonomy) -> Flat<'a> {
    let parts = pattern.parts.iter().map(|part| {
        // A taxonomy is checked when it is read.
        let phrases = phrases::expand(&part.phrase, &taxonomy.classes).unwrap_or_default();
        (phrases.into_iter().collect(), part.slots.as_slice())
    });
    Flat {
        rule,
        source: &pattern.source,
        line: pattern.line,
        joins: &pattern.joins,
        parts: parts.collect(),
    }
}

fn flatten<'a>(rule: &'a Rule, patterns: &'a [Pattern], taxonomy: &Taxonomy) -> Vec<Flat<'a>> {
    let patterns = patterns.iter();
    patterns
        .map(|pattern| flat(rule, pattern, taxonomy))
        .collect()
}

/// The evidence of these rules, each pattern by itself.
fn flatten_all<'a>(rules: &'a [Rule], taxonomy: &Taxonomy) -> Vec<Flat<'a>> {
    let rules = rules.iter();
    rules
        .flat_map(|rule| flatten(rule, &rule.any, taxonomy))
        .collect()
}

/// Patterns that a condition of their own rule keeps from ever counting, and conditions that stand twice. A `with` that a
/// pattern meets by its own words is usual: it is for the others of the rule. `place`: what holds the rules, for a person.
fn check_conditions(place: &str, rules: &[Rule], taxonomy: &Taxonomy, findings: &mut Vec<Finding>) {
    for rule in rules {
        let unless = flatten(rule, &rule.unless, taxonomy);
        for pattern in flatten(rule, &rule.any, taxonomy) {
            if let Some(other) = unless.iter().find(|other| pattern.contains(other)) {
                findings.push(pattern.idle(
                    &format!("never counts in {place}"),
                    other,
                    "is in its own words, under `unless`",
                ));
            }
        }
        for conditions in [flatten(rule, &rule.with, taxonomy), unless] {
            for (index, pattern) in conditions.iter().enumerate() {
                if let Some(twin) = conditions[..index].iter().find(|one| pattern.equals(one)) {
                    findings.push(pattern.idle(
                        &format!("stands twice among the conditions of a rule in {place}"),
                        twin,
                        "is the same",
                    ));
                }
            }
        }
    }
}

fn check_dead(place: &str, patterns: &[Flat], findings: &mut Vec<Finding>) {
    for (index, pattern) in patterns.iter().enumerate() {
        let twin = patterns[..index].iter().find(|other| pattern.equals(other));
        let cover = patterns
            .iter()
            .enumerate()
            .find(|(at, other)| *at != index && pattern.is_covered_by(other));
        let (what, other) = match (twin, cover) {
            (Some(other), _) => ("stands twice", other),
            (None, Some((_, other))) => ("never counts", other),
            (None, None) => continue,
        };
        findings.push(pattern.idle(&format!("{what} in {place}"), other, "takes its words"));
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
                    let advice = (
                        format!(
                            "{:?} counts fully in {:?} and in {:?}",
                            pattern.source, topic.id, other.id
                        ),
                        format!(
                            "if that is not meant, narrow one of the two; the other is at {}:{}",
                            other.file, twin.line
                        ),
                    );
                    findings.push(finding(topic, pattern.line, Severity::Note, advice));
                }
            }
        }
    }
}

fn check_classes(taxonomy: &Taxonomy, findings: &mut Vec<Finding>) {
    let mut used = BTreeSet::new();
    let rules = taxonomy.topics.iter().flat_map(|topic| &topic.rules);
    let rules = rules.chain(&taxonomy.counter_evidence);
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
                problem: format!("class {name:?} is used by nothing"),
                hint: "use it in a pattern, or take it out".to_owned(),
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
