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
    Evidence(u32),
    With(u32),
    Unless(u32),
    Cue(CueKind, f32),
}

struct CompiledRule {
    subject: Subject,
    weight: f32,
    written: Written,
    place: Option<Place>,
    has_with: bool,
    has_unless: bool,
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
        for topic in taxonomy.topics.iter().filter(|topic| !topic.deprecated) {
            let mut subjects = taxonomy.with_implied(topic);
            subjects.retain(|&subject| !taxonomy.topics[subject].deprecated);
            for &subject in &subjects {
                for rule in &topic.rules {
                    self.rule(rule, taxonomy, first + subject as Subject);
                }
            }
            // For itself, which comes first: a parent has the same of its own.
            for rule in &taxonomy.counter_evidence {
                self.rule(rule, taxonomy, first + subjects[0] as Subject);
            }
        }
    }

    fn rule(&mut self, rule: &Rule, taxonomy: &Taxonomy, subject: Subject) {
        let written = Written {
            file: rule.file.clone(),
            line: rule.line,
        };
        let id = self.rules.len() as u32;
        self.patterns(&rule.any, taxonomy, Use::Evidence(id));
        self.patterns(&rule.with, taxonomy, Use::With(id));
        self.patterns(&rule.unless, taxonomy, Use::Unless(id));
        self.rules.push(CompiledRule {
            subject,
            weight: rule.weight,
            written,
            place: rule.place,
            has_with: !rule.with.is_empty(),
            has_unless: !rule.unless.is_empty(),
        });
    }

    /// Adds the cues of `taxonomy`: they hold for all subjects.
    pub fn cues(&mut self, taxonomy: &Taxonomy) {
        for Cue { kind, factor, any } in &taxonomy.cues {
            match kind {
                CueKind::Quoted => self.quoted = Some(*factor),
                _ => self.patterns(any, taxonomy, Use::Cue(*kind, *factor)),
            }
        }
    }

    fn patterns(&mut self, patterns: &[Pattern], taxonomy: &Taxonomy, role: Use) {
        for pattern in patterns {
            self.matcher.pattern(pattern, &taxonomy.classes);
            self.uses.push(role);
            self.sources.push(pattern.source.clone());
        }
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

impl Gatherer {
    /// A pattern as it is written in its file.
    pub fn source(&self, pattern: PatternId) -> &str {
        &self.sources[pattern as usize]
    }

    /// The weight of the rule that a contribution comes from, and where that is written.
    pub fn rule_of(&self, contribution: &Contribution) -> (f32, &Written) {
        match self.uses[contribution.pattern as usize] {
            Use::Evidence(rule) | Use::With(rule) | Use::Unless(rule) => {
                let rule = &self.rules[rule as usize];
                (rule.weight, &rule.written)
            }
            Use::Cue(..) => unreachable!("only patterns of rules contribute"),
        }
    }

    /// The subjects, ascending, that have any word of what speaks for them in a text.
    pub fn touched(&self, hits: &Hits) -> Vec<Subject> {
        let patterns = self.matcher.touched(hits).into_iter();
        let subjects = patterns.filter_map(|pattern| match self.uses[pattern as usize] {
            Use::Evidence(rule) => {
                let rule = &self.rules[rule as usize];
                (rule.weight > 0.0).then_some(rule.subject)
            }
            Use::With(_) | Use::Unless(_) | Use::Cue(..) => None,
        });
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
            let compiled = &self.rules[rule as usize];
            if context.allows(rule, compiled, hit) {
                let (factor, cues) = context.factor(hit);
                found.push(Found {
                    subject: compiled.subject,
                    weight: compiled.weight * factor,
                    cues,
                    hit,
                });
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
    /// Rules whose `with` is fulfilled.
    with: Vec<u32>,
    /// Rules and sentences where `unless` holds.
    unless: Vec<(u32, u32)>,
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
            with: Vec::new(),
            unless: Vec::new(),
            historical: Vec::new(),
            negations: Vec::new(),
            quotes,
            quoted: gatherer.quoted,
        };
        for hit in matches {
            match gatherer.uses[hit.pattern as usize] {
                Use::Evidence(_) => {}
                Use::With(rule) => context.with.push(rule),
                Use::Unless(rule) => context.unless.push((rule, hit.sentence)),
                Use::Cue(CueKind::Historical, factor) => {
                    context.historical.push((hit.sentence, factor))
                }
                Use::Cue(_, factor) => context.negations.push((hit.parts[0].end, factor)),
            }
        }
        context.with.sort_unstable();
        context.unless.sort_unstable();
        context.historical.sort_by_key(|(sentence, _)| *sentence);
        context.negations.sort_by_key(|(token, _)| *token);
        context
    }

    fn allows(&self, id: u32, rule: &CompiledRule, hit: &Match) -> bool {
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
            && (!rule.has_with || self.with.binary_search(&id).is_ok())
            && (!rule.has_unless || self.unless.binary_search(&(id, hit.sentence)).is_err())
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
