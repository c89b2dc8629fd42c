//! From matches to evidence: what each sentence of the text says for and against each subject.
//!
//! The arithmetic is meant to be followed by hand: a pattern adds its rule's weight to its sentence, less under a cue
//! (negated, historical, quoted); no word counts twice for one subject; a sentence's sum is kept between -1 and 1, so
//! that 1 reads "this sentence is about it".

use super::file::{CueKind, Place};
use super::matcher::{Match, Matcher, MatcherBuilder, PatternId};
use super::pattern::Pattern;
use super::taxonomy::{Cue, Rule, Taxonomy};
use crate::text::document::{Document, ParagraphKind, Span};
use crate::text::entities::Entity;
use crate::text::lexicon::{Builder, Hits};
use std::collections::BTreeMap;
use std::ops::Range;

/// A negation reaches this many tokens on: "did not impose any new sanctions".
const NEGATION_REACH: u32 = 4;

/// What evidence is gathered for: a topic or a section, numbered by the caller.
pub type Subject = u32;

/// One pattern that counted.
#[derive(Clone, Debug, PartialEq)]
pub struct Contribution {
    /// The pattern as the taxonomy has it.
    pub pattern: PatternId,
    pub sentence: u32,
    /// The rule's weight times the cues' factors.
    pub weight: f32,
    /// Why it is less than the rule's weight, where it is.
    pub cues: Cues,
    /// Where its parts stand.
    pub spans: Vec<Span>,
}

/// What stands around a pattern and makes it count less.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cues {
    pub negated: bool,
    pub historical: bool,
    pub quoted: bool,
}

/// All evidence for one subject.
#[derive(Clone, Debug)]
pub struct SubjectEvidence {
    pub subject: Subject,
    /// In text order.
    pub contributions: Vec<Contribution>,
    /// Sentence and its sum, kept within -1 and 1; in text order.
    pub sentences: Vec<(u32, f32)>,
}

/// Gathers evidence by the rules of one or more taxonomies.
pub struct Gatherer {
    matcher: Matcher,
    /// For each pattern, what it is for.
    uses: Vec<Use>,
    /// The patterns as written, by id.
    sources: Vec<String>,
    rules: Vec<CompiledRule>,
    quoted: f32,
}

#[derive(Clone, Copy)]
enum Use {
    /// Of the rule with this index.
    Evidence(u32),
    /// Of every rule that names the pattern under `with` or `unless`.
    Condition,
    Cue(CueKind, f32),
}

struct CompiledRule {
    /// What it speaks for, or against.
    subjects: Vec<Subject>,
    weight: f32,
    written: Written,
    place: Option<Place>,
    /// Patterns one of which the article must hold; none: nothing is asked.
    with: Vec<PatternId>,
    /// Patterns none of which the sentence may hold.
    unless: Vec<PatternId>,
}

/// Where a rule is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    pub file: String,
    pub line: usize,
}

#[derive(Default)]
pub struct GathererBuilder {
    matcher: MatcherBuilder,
    uses: Vec<Use>,
    sources: Vec<String>,
    rules: Vec<CompiledRule>,
    quoted: Option<f32>,
}

impl GathererBuilder {
    /// Adds the rules of every topic of `taxonomy`; they become the subjects from `first` on. What speaks for a topic
    /// that implies its parent speaks for the parent too; counter-evidence speaks against every topic. A deprecated
    /// topic has no rules any more: it must not outrank those that are reported.
    pub fn topics(&mut self, taxonomy: &Taxonomy, first: Subject) {
        let mut conditions = Conditions::new();
        let is_in_use = |&index: &usize| !taxonomy.topics[index].deprecated;
        let subjects = |indices: Vec<usize>| -> Vec<Subject> {
            let indices = indices.into_iter().filter(is_in_use);
            indices.map(|index| first + index as Subject).collect()
        };
        for topic in taxonomy.topics.iter().filter(|topic| !topic.deprecated) {
            for rule in &topic.rules {
                let subjects = subjects(taxonomy.with_implied(topic));
                self.rule(rule, taxonomy, subjects, &mut conditions);
            }
        }
        for rule in &taxonomy.counter_evidence {
            let subjects = subjects((0..taxonomy.topics.len()).collect());
            self.rule(rule, taxonomy, subjects, &mut conditions);
        }
    }

    fn rule(
        &mut self,
        rule: &Rule,
        taxonomy: &Taxonomy,
        subjects: Vec<Subject>,
        conditions: &mut Conditions,
    ) {
        let id = self.rules.len() as u32;
        for pattern in &rule.any {
            self.pattern(pattern, taxonomy, Use::Evidence(id));
        }
        let mut of = |patterns: &[Pattern]| -> Vec<PatternId> {
            let ids = patterns.iter().map(|pattern| {
                // Many rules ask for the same context: it is looked for once.
                *conditions
                    .entry(pattern.source.clone())
                    .or_insert_with(|| self.pattern(pattern, taxonomy, Use::Condition))
            });
            ids.collect()
        };
        let (with, unless) = (of(&rule.with), of(&rule.unless));
        self.rules.push(CompiledRule {
            subjects,
            weight: rule.weight,
            written: Written {
                file: rule.file.clone(),
                line: rule.line,
            },
            place: rule.place,
            with,
            unless,
        });
    }

    /// Adds the cues of `taxonomy`: they hold for all subjects.
    pub fn cues(&mut self, taxonomy: &Taxonomy) {
        for Cue { kind, factor, any } in &taxonomy.cues {
            match kind {
                CueKind::Quoted => self.quoted = Some(*factor),
                _ => {
                    for pattern in any {
                        self.pattern(pattern, taxonomy, Use::Cue(*kind, *factor));
                    }
                }
            }
        }
    }

    fn pattern(&mut self, pattern: &Pattern, taxonomy: &Taxonomy, role: Use) -> PatternId {
        self.uses.push(role);
        self.sources.push(pattern.source.clone());
        self.matcher.pattern(pattern, &taxonomy.classes)
    }

    pub fn build(self, lexicon: &mut Builder) -> Gatherer {
        Gatherer {
            matcher: self.matcher.build(lexicon),
            uses: self.uses,
            sources: self.sources,
            rules: self.rules,
            quoted: self.quoted.unwrap_or(1.0),
        }
    }
}

/// The patterns of conditions as they are written in one taxonomy, each once.
type Conditions = BTreeMap<String, PatternId>;

impl Gatherer {
    /// A pattern as it is written in its file.
    pub fn source(&self, pattern: PatternId) -> &str {
        &self.sources[pattern as usize]
    }

    /// The weight of the rule that a contribution comes from, and where that is written.
    pub fn rule_of(&self, contribution: &Contribution) -> (f32, &Written) {
        let Use::Evidence(rule) = self.uses[contribution.pattern as usize] else {
            unreachable!("only evidence contributes");
        };
        let rule = &self.rules[rule as usize];
        (rule.weight, &rule.written)
    }

    /// The subjects, ascending, that have any word of what speaks for them in a text.
    pub fn touched(&self, hits: &Hits) -> Vec<Subject> {
        let patterns = self.matcher.touched(hits).into_iter();
        let rules = patterns.filter_map(|pattern| match self.uses[pattern as usize] {
            Use::Evidence(rule) => Some(&self.rules[rule as usize]),
            Use::Condition | Use::Cue(..) => None,
        });
        let speak_for = rules.filter(|rule| rule.weight > 0.0);
        let subjects = speak_for.flat_map(|rule| rule.subjects.iter().copied());
        let mut subjects: Vec<Subject> = subjects.collect();
        subjects.sort_unstable();
        subjects.dedup();
        subjects
    }

    /// The evidence of a text, by subject; subjects without any are left out.
    pub fn gather(&self, doc: &Document, hits: &Hits, entities: &[Entity]) -> Vec<SubjectEvidence> {
        let matches = self.matcher.find(doc, hits, entities);
        let context = Context::new(self, doc, &matches);
        let mut found: Vec<Found> = Vec::new();
        for hit in &matches {
            let Use::Evidence(rule) = self.uses[hit.pattern as usize] else {
                continue;
            };
            let rule = &self.rules[rule as usize];
            if context.allows(rule, hit) {
                let (factor, cues) = context.factor(hit);
                found.extend(rule.subjects.iter().map(|&subject| Found {
                    subject,
                    weight: rule.weight * factor,
                    cues,
                    hit,
                }));
            }
        }
        // The weightiest first: it takes the words it needs.
        found.sort_by(|a, b| {
            let key = |found: &Found| (found.subject, found.hit.sentence);
            let order =
                |Found { hit, .. }: &Found| (hit.parts[0].start, hit.parts[0].end, hit.pattern);
            key(a)
                .cmp(&key(b))
                .then(b.weight.abs().total_cmp(&a.weight.abs()))
                .then_with(|| order(a).cmp(&order(b)))
        });
        let subjects = found.chunk_by(|a, b| a.subject == b.subject);
        subjects.map(|found| subject_evidence(doc, found)).collect()
    }
}

/// A match that counts for a subject, unless a weightier one takes its words.
struct Found<'a> {
    subject: Subject,
    weight: f32,
    cues: Cues,
    hit: &'a Match,
}

fn subject_evidence(doc: &Document, found: &[Found]) -> SubjectEvidence {
    let mut evidence = SubjectEvidence {
        subject: found[0].subject,
        contributions: Vec::new(),
        sentences: Vec::new(),
    };
    let mut taken: Vec<Range<u32>> = Vec::new();
    for sentence in found.chunk_by(|a, b| a.hit.sentence == b.hit.sentence) {
        taken.clear();
        let from = evidence.contributions.len();
        let mut sum = 0.0;
        for Found {
            weight, cues, hit, ..
        } in sentence
        {
            // Enough is known of a sentence that is full: a list of thousands of hits must not cost their square.
            if taken.len() >= MAX_PARTS || hit.parts.iter().any(|part| overlaps(&taken, part)) {
                continue;
            }
            taken.extend_from_slice(&hit.parts);
            sum += weight;
            let spans = hit.parts.iter().map(|part| span_of(doc, part)).collect();
            let (pattern, sentence) = (hit.pattern, hit.sentence);
            evidence.contributions.push(Contribution {
                pattern,
                sentence,
                weight: *weight,
                cues: *cues,
                spans,
            });
        }
        evidence.contributions[from..].sort_by_key(|contribution| contribution.spans[0]);
        evidence
            .sentences
            .push((sentence[0].hit.sentence, sum.clamp(-1.0, 1.0)));
    }
    evidence
}

/// Parts of one sentence that are looked at for one subject.
const MAX_PARTS: usize = 64;

fn overlaps(taken: &[Range<u32>], part: &Range<u32>) -> bool {
    taken
        .iter()
        .any(|other| part.start < other.end && other.start < part.end)
}

fn span_of(doc: &Document, tokens: &Range<u32>) -> Span {
    let first = doc.tokens()[tokens.start as usize].span;
    let last = doc.tokens()[tokens.end as usize - 1].span;
    Span {
        start: first.start,
        end: last.end,
    }
}

/// What stands around a match.
struct Context<'a> {
    doc: &'a Document,
    /// Conditions, and the sentences that hold them.
    conditions: Vec<(PatternId, u32)>,
    /// Sentences of historical cues, with the factor.
    historical: Vec<(u32, f32)>,
    /// Tokens where a negation ends, with the factor.
    negations: Vec<(u32, f32)>,
    quotes: Vec<Range<u32>>,
    quoted: f32,
}

impl<'a> Context<'a> {
    fn new(gatherer: &Gatherer, doc: &'a Document, matches: &[Match]) -> Self {
        let quotes = if gatherer.quoted == 1.0 {
            Vec::new()
        } else {
            quotes(doc)
        };
        let mut context = Context {
            doc,
            conditions: Vec::new(),
            historical: Vec::new(),
            negations: Vec::new(),
            quotes,
            quoted: gatherer.quoted,
        };
        for hit in matches {
            match gatherer.uses[hit.pattern as usize] {
                Use::Evidence(_) => {}
                Use::Condition => context.conditions.push((hit.pattern, hit.sentence)),
                Use::Cue(CueKind::Historical, factor) => {
                    context.historical.push((hit.sentence, factor))
                }
                Use::Cue(_, factor) => context.negations.push((hit.parts[0].end, factor)),
            }
        }
        context.conditions.sort_unstable();
        context.historical.sort_by_key(|(sentence, _)| *sentence);
        context.negations.sort_by_key(|(token, _)| *token);
        context
    }

    fn allows(&self, rule: &CompiledRule, hit: &Match) -> bool {
        let sentence = &self.doc.sentences()[hit.sentence as usize];
        let paragraph = &self.doc.paragraphs()[sentence.paragraph as usize];
        let title = paragraph.kind == ParagraphKind::Title;
        let lead = !title && sentence.paragraph <= u32::from(has_title(self.doc));
        paragraph.kind != ParagraphKind::Boilerplate
            && match rule.place {
                None => true,
                Some(Place::Title) => title,
                Some(Place::Lead) => lead,
                Some(Place::Body) => !title && !lead,
            }
            && (rule.with.is_empty() || rule.with.iter().any(|&one| self.holds(one)))
            && !rule
                .unless
                .iter()
                .any(|&one| self.holds_in(one, hit.sentence))
    }

    /// Whether the article holds a condition.
    fn holds(&self, condition: PatternId) -> bool {
        let at = self.conditions.partition_point(|(one, _)| *one < condition);
        self.conditions
            .get(at)
            .is_some_and(|(one, _)| *one == condition)
    }

    fn holds_in(&self, condition: PatternId, sentence: u32) -> bool {
        self.conditions
            .binary_search(&(condition, sentence))
            .is_ok()
    }

    /// What the cues leave of a match's weight, and which cues those are.
    fn factor(&self, hit: &Match) -> (f32, Cues) {
        let mut factor = 1.0;
        let mut cues = Cues::default();
        if let Ok(at) = self
            .historical
            .binary_search_by_key(&hit.sentence, |(sentence, _)| *sentence)
        {
            factor *= self.historical[at].1;
            cues.historical = true;
        }
        let start = hit.parts[0].start;
        let before = self.negations.partition_point(|(token, _)| *token <= start);
        if let Some((token, negated)) = self.negations[..before].last()
            && start - token < NEGATION_REACH
            && *token > self.doc.sentences()[hit.sentence as usize].tokens.start
        {
            factor *= negated;
            cues.negated = true;
        }
        let quote = self.quotes.partition_point(|quote| quote.end <= start);
        if self
            .quotes
            .get(quote)
            .is_some_and(|quote| quote.start < start)
        {
            factor *= self.quoted;
            cues.quoted = true;
        }
        (factor, cues)
    }
}

/// Whether the document's first paragraph is its title.
pub fn has_title(doc: &Document) -> bool {
    doc.paragraphs()
        .first()
        .is_some_and(|paragraph| paragraph.kind == ParagraphKind::Title)
}

/// Token ranges between quotation marks, one paragraph at a time; a mark that is not closed quotes nothing.
fn quotes(doc: &Document) -> Vec<Range<u32>> {
    let mut quotes = Vec::new();
    let mut open: Option<(u32, u32)> = None;
    for sentence in doc.sentences() {
        for index in sentence.tokens.clone() {
            let mark = doc.token_text(index as usize);
            if !matches!(mark, "\"" | "“" | "”" | "«" | "»") {
                continue;
            }
            match open {
                Some((start, paragraph)) if paragraph == sentence.paragraph => {
                    quotes.push(start..index);
                    open = None;
                }
                _ => open = Some((index, sentence.paragraph)),
            }
        }
    }
    quotes
}
