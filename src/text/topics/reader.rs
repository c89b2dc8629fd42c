//! Reading a taxonomy's files: every mistake is found in one go, with its place and its remedy.

use super::classes::{self, ClassSource, Classes};
use super::error::TaxonomyError;
use super::file::{CueFile, CueKind, RuleFile, TaxonomyFile, TopicFile};
use super::pattern::{Pattern, PatternError};
use super::phrases;
use super::section;
use super::taxonomy::{Codes, Cue, Example, Rule, Source, Topic};
use std::collections::BTreeMap;
use toml::Spanned;

/// What all files hold together.
pub struct Contents {
    pub name: String,
    pub classes: Classes,
    pub class_sources: BTreeMap<String, ClassSource>,
    pub cues: Vec<Cue>,
    pub counter_evidence: Vec<Rule>,
    pub topics: Vec<Topic>,
}

/// Reads the files in the order given. All mistakes that can be told apart are returned.
pub fn read(sources: &[&Source]) -> Result<Contents, Vec<TaxonomyError>> {
    let mut reader = Reader::default();
    let files: Vec<(Lines, TaxonomyFile)> = sources
        .iter()
        .filter_map(|source| reader.file(source))
        .collect();
    let name = reader.name(&files);
    reader.classes(&files);
    // Without the classes every rule that uses one would be reported too.
    if !reader.errors.is_empty() {
        return Err(reader.errors);
    }
    let mut cues = Vec::new();
    let mut counter_evidence = Vec::new();
    let mut topics = Vec::new();
    for (lines, file) in &files {
        cues.extend(file.cues.iter().map(|cue| reader.cue(lines, cue)));
        let against = file.counter_evidence.iter();
        counter_evidence.extend(against.map(|rule| reader.counter_evidence(lines, rule)));
        topics.extend(file.topics.iter().map(|topic| reader.topic(lines, topic)));
    }
    reader.references(&files, &topics);
    if !reader.errors.is_empty() {
        return Err(reader.errors);
    }
    Ok(Contents {
        name,
        classes: reader.classes,
        class_sources: reader.class_sources,
        cues,
        counter_evidence,
        topics,
    })
}

/// Weights beyond this are no evidence of one sentence any more.
const MAX_WEIGHT: f32 = 2.0;

/// A file's name and text, to find lines.
#[derive(Clone, Copy)]
struct Lines<'a> {
    file: &'a str,
    content: &'a str,
}

impl Lines<'_> {
    fn line(&self, at: usize) -> usize {
        self.content
            .as_bytes()
            .iter()
            .take(at)
            .filter(|&&byte| byte == b'\n')
            .count()
            + 1
    }
}

/// Collects what the files hold and what is wrong with them.
#[derive(Default)]
struct Reader {
    errors: Vec<TaxonomyError>,
    class_sources: BTreeMap<String, ClassSource>,
    classes: Classes,
}

impl Reader {
    fn error(
        &mut self,
        lines: &Lines,
        at: usize,
        problem: impl Into<String>,
        hint: impl Into<String>,
    ) {
        let (problem, hint) = (problem.into(), hint.into());
        self.errors.push(TaxonomyError {
            file: lines.file.to_owned(),
            line: lines.line(at),
            problem,
            hint,
        });
    }

    fn file<'a>(&mut self, source: &Source<'a>) -> Option<(Lines<'a>, TaxonomyFile)> {
        let lines = Lines {
            file: source.file,
            content: source.content,
        };
        match toml::from_str(source.content) {
            Ok(file) => Some((lines, file)),
            Err(error) => {
                let at = error.span().map_or(0, |span| span.start);
                let problem = error.message().replace('\n', " ");
                self.error(
                    &lines,
                    at,
                    problem,
                    "`newsmill schema taxonomy` prints what a file may hold",
                );
                None
            }
        }
    }

    fn name(&mut self, files: &[(Lines, TaxonomyFile)]) -> String {
        let named: Vec<(&Lines, &Spanned<String>)> = files
            .iter()
            .filter_map(|(lines, file)| file.name.as_ref().map(|name| (lines, name)))
            .collect();
        for (lines, name) in named.iter().skip(1) {
            self.error(
                lines,
                name.span().start,
                "a second name for the taxonomy",
                "keep one of them",
            );
        }
        if let (None, Some((lines, _))) = (named.first(), files.first()) {
            self.error(
                lines,
                0,
                "no file names the taxonomy",
                "write `name = \"...\"` at the top of one of them",
            );
        }
        named
            .first()
            .map(|(_, name)| name.get_ref().clone())
            .unwrap_or_default()
    }

    fn classes(&mut self, files: &[(Lines, TaxonomyFile)]) {
        for (lines, file) in files {
            for (name, phrases) in &file.classes {
                let at = phrases.first().map_or(0, |phrase| phrase.span().start);
                let source = ClassSource {
                    patterns: self.patterns(lines, phrases),
                    file: lines.file.to_owned(),
                    line: lines.line(at),
                };
                if self.class_sources.insert(name.clone(), source).is_some() {
                    let problem = format!("class {name:?} is defined twice");
                    self.error(lines, at, problem, "join the two lists");
                }
            }
        }
        match classes::expand(&self.class_sources) {
            Ok(classes) => self.classes = classes,
            Err((name, PatternError { problem, hint })) => {
                let ClassSource { file, line, .. } = self.class_sources[&name].clone();
                self.errors.push(TaxonomyError {
                    file,
                    line,
                    problem,
                    hint,
                });
            }
        }
    }

    fn patterns(&mut self, lines: &Lines, sources: &[Spanned<String>]) -> Vec<Pattern> {
        let mut patterns = Vec::new();
        for source in sources {
            let at = source.span().start;
            match Pattern::parse(source.get_ref()) {
                Ok(pattern) => patterns.push(Pattern {
                    line: lines.line(at),
                    ..pattern
                }),
                Err(PatternError { problem, hint }) => self.error(lines, at, problem, hint),
            }
        }
        patterns
    }

    /// Patterns whose phrases can be expanded.
    fn rules_patterns(&mut self, lines: &Lines, sources: &[Spanned<String>]) -> Vec<Pattern> {
        let mut patterns = Vec::new();
        for source in sources {
            let at = source.span().start;
            let checked = Pattern::parse(source.get_ref()).and_then(|pattern| {
                for part in &pattern.parts {
                    phrases::expand(&part.phrase, &self.classes)?;
                }
                Ok(pattern)
            });
            match checked {
                Ok(pattern) => patterns.push(Pattern {
                    line: lines.line(at),
                    ..pattern
                }),
                Err(PatternError { problem, hint }) => self.error(lines, at, problem, hint),
            }
        }
        patterns
    }

    fn cue(&mut self, lines: &Lines, cue: &CueFile) -> Cue {
        let at = cue.factor.span().start;
        let factor = *cue.factor.get_ref();
        if !(0.0..=1.0).contains(&factor) {
            let problem = format!("factor {factor} of a cue is outside 0 to 1");
            let hint = "0.5 leaves half of a weight, 1 all of it";
            self.error(lines, at, problem, hint);
        }
        if (cue.kind == CueKind::Quoted) != cue.any.is_empty() {
            let (problem, hint) = match cue.kind {
                CueKind::Quoted => (
                    "a `quoted` cue with words",
                    "take `any` out: quotation marks are its cue",
                ),
                _ => ("a cue without words", "fill `any`, or remove the cue"),
            };
            self.error(lines, at, problem, hint);
        }
        Cue {
            kind: cue.kind,
            factor,
            any: self.rules_patterns(lines, &cue.any),
        }
    }

    fn threshold(&mut self, lines: &Lines, threshold: &Spanned<f32>) -> f32 {
        let value = *threshold.get_ref();
        if !(0.0..=1.0).contains(&value) {
            let problem = format!("threshold {value} is outside 0 to 1");
            self.error(
                lines,
                threshold.span().start,
                problem,
                "0.5 is the usual one",
            );
        }
        value
    }

    fn topic(&mut self, lines: &Lines, topic: &TopicFile) -> Topic {
        let id = topic.id.get_ref();
        let at = topic.id.span().start;
        let well_formed = id.split('-').all(|word| {
            !word.is_empty()
                && word
                    .bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        });
        if !well_formed {
            self.error(
                lines,
                at,
                format!("topic id {id:?}"),
                "write lower-case words joined by hyphens",
            );
        }
        if topic.implies_parent && topic.parent.is_none() {
            let problem = format!("topic {id:?} implies a parent and names none");
            let hint = "name it as `parent`, or take `implies_parent` out";
            self.error(lines, at, problem, hint);
        }
        if topic.replaced_by.is_some() && !topic.deprecated {
            let problem = format!("topic {id:?} is replaced and not deprecated");
            let hint = "add `deprecated = true`, or take `replaced_by` out";
            self.error(lines, at, problem, hint);
        }
        for section in &topic.sections {
            if !section::IDS.contains(&section.get_ref().as_str()) {
                let hint = format!("use one of {}", section::IDS.join(", "));
                self.error(
                    lines,
                    section.span().start,
                    format!("unknown section {:?}", section.get_ref()),
                    hint,
                );
            }
        }
        let rules = topic
            .rules
            .iter()
            .map(|rule| self.rule(lines, rule))
            .collect();
        let texts = |list: &[Spanned<String>]| {
            list.iter()
                .map(|text| text.get_ref().clone())
                .collect::<Vec<_>>()
        };
        let examples = |list: &[Spanned<String>]| {
            list.iter()
                .map(|example| self::example(lines, example))
                .collect::<Vec<_>>()
        };
        Topic {
            id: id.clone(),
            name: topic.name.clone(),
            definition: topic.definition.clone(),
            deprecated: topic.deprecated,
            replaced_by: topic.replaced_by.as_ref().map(|id| id.get_ref().clone()),
            parent: topic.parent.as_ref().map(|id| id.get_ref().clone()),
            implies_parent: topic.implies_parent,
            threshold: topic
                .threshold
                .as_ref()
                .map(|threshold| self.threshold(lines, threshold)),
            sections: texts(&topic.sections),
            codes: Codes {
                iptc: texts(&topic.codes.iptc),
                cameo: texts(&topic.codes.cameo),
                plover: texts(&topic.codes.plover),
                gdelt: texts(&topic.codes.gdelt),
            },
            rules,
            about: examples(&topic.examples.about),
            not_about: examples(&topic.examples.not_about),
            file: lines.file.to_owned(),
            line: lines.line(at),
        }
    }

    fn counter_evidence(&mut self, lines: &Lines, rule: &RuleFile) -> Rule {
        let weight = *rule.weight.get_ref();
        if weight > 0.0 {
            let problem = format!("counter-evidence of weight {weight}");
            let hint = "write a weight below zero: it counts in every topic";
            self.error(lines, rule.weight.span().start, problem, hint);
        }
        self.rule(lines, rule)
    }

    fn rule(&mut self, lines: &Lines, rule: &RuleFile) -> Rule {
        let at = rule.weight.span().start;
        let weight = *rule.weight.get_ref();
        if weight == 0.0 || weight.abs() > MAX_WEIGHT {
            let problem = format!("weight {weight} of a rule");
            self.error(
                lines,
                at,
                problem,
                "1 makes a sentence one about the topic; below zero is counter-evidence",
            );
        }
        if rule.any.is_empty() {
            self.error(
                lines,
                at,
                "a rule without patterns",
                "fill `any`, or remove the rule",
            );
        }
        Rule {
            weight,
            any: self.rules_patterns(lines, &rule.any),
            with: self.rules_patterns(lines, &rule.with),
            unless: self.rules_patterns(lines, &rule.unless),
            place: rule.place,
            file: lines.file.to_owned(),
            line: lines.line(at),
        }
    }

    /// Ids are unique, and what refers to one finds it.
    fn references(&mut self, files: &[(Lines, TaxonomyFile)], topics: &[Topic]) {
        let mut first: BTreeMap<&str, &Topic> = BTreeMap::new();
        for topic in topics {
            first.entry(&topic.id).or_insert(topic);
        }
        for (lines, file) in files {
            for topic in &file.topics {
                let at = topic.id.span().start;
                let id = topic.id.get_ref();
                let known = first[id.as_str()];
                if (known.file.as_str(), known.line) != (lines.file, lines.line(at)) {
                    let hint = format!("the first is at {}:{}", known.file, known.line);
                    self.error(lines, at, format!("topic {id:?} is defined twice"), hint);
                }
                for other in topic.parent.iter().chain(&topic.replaced_by) {
                    let at = other.span().start;
                    let other = other.get_ref();
                    if !first.contains_key(other.as_str()) || other == id {
                        let problem =
                            format!("topic {id:?} refers to {other:?}, which is no other topic");
                        self.error(lines, at, problem, "name an id of this taxonomy");
                    }
                }
                if is_own_ancestor(id, &first) {
                    let problem = format!("topic {id:?} is its own ancestor");
                    self.error(lines, at, problem, "take one `parent` of the circle out");
                }
            }
        }
    }
}

fn example(lines: &Lines, example: &Spanned<String>) -> Example {
    let whole = example.get_ref();
    let (headline, text) = whole.split_once('\n').unwrap_or((whole, ""));
    Example {
        headline: headline.to_owned(),
        text: text.to_owned(),
        line: lines.line(example.span().start),
    }
}

fn is_own_ancestor(id: &str, topics: &BTreeMap<&str, &Topic>) -> bool {
    let parent = |id: &str| topics.get(id).and_then(|topic| topic.parent.as_deref());
    let ancestors = std::iter::successors(parent(id), |id| parent(id));
    // A longer way up goes round a circle.
    ancestors.take(topics.len()).any(|ancestor| ancestor == id)
}
