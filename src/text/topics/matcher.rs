//! Rules compiled for the lexicon: from the phrases that were found to the patterns that hold.
//!
//! A part of a pattern is an *atom*: a set of phrases, or an entity slot. Equal parts of different patterns share one
//! atom. The lexicon finds the phrases; here their hits become atom occurrences, and each pattern whose atoms all
//! occur is tried: for every occurrence of its first part the nearest fitting one of each further part is taken,
//! without going back, so that the work stays linear in the hits.

use super::classes::Classes;
use super::pattern::{Join, Part, Pattern};
use super::phrases::{self, Phrase};
use crate::text::document::{Document, Span};
use crate::text::entities::{Entity, Kind};
use crate::text::lexicon::{Builder, Casing, Hits, Namespace};
use std::collections::BTreeMap;
use std::ops::Range;

/// Index of a pattern, in the order in which [`MatcherBuilder::pattern`] got them.
pub type PatternId = u32;

/// A pattern that holds.
#[derive(Clone, Debug)]
pub struct Match {
    pub pattern: PatternId,
    /// That of its first part.
    pub sentence: u32,
    /// Token ranges of its parts, as written.
    pub parts: Vec<Range<u32>>,
}

pub struct Matcher {
    patterns: Vec<Compiled>,
    /// For each phrase of the lexicon, its atoms.
    atoms_of: Vec<Vec<u32>>,
    slots: Vec<(Kind, u32)>,
    /// For each atom, the patterns to try when it occurs.
    anchored: Vec<Vec<PatternId>>,
}

struct Compiled {
    atoms: Vec<u32>,
    joins: Vec<Join>,
}

/// Where an atom occurs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Occurrence {
    atom: u32,
    start: u32,
    end: u32,
    sentence: u32,
}

/// Collects patterns, then compiles them.
#[derive(Default)]
pub struct MatcherBuilder {
    patterns: Vec<Compiled>,
    atoms: BTreeMap<AtomKey, u32>,
}

/// Equal keys are one atom.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct AtomKey {
    phrases: Vec<Phrase>,
    slots: Vec<Kind>,
}

impl MatcherBuilder {
    /// Adds a pattern of a checked taxonomy.
    pub fn pattern(&mut self, pattern: &Pattern, classes: &Classes) -> PatternId {
        let atoms = pattern
            .parts
            .iter()
            .map(|part| self.atom(part, classes))
            .collect();
        self.patterns.push(Compiled {
            atoms,
            joins: pattern.joins.clone(),
        });
        self.patterns.len() as PatternId - 1
    }

    fn atom(&mut self, part: &Part, classes: &Classes) -> u32 {
        // A taxonomy is checked when it is read: a part that cannot be expanded is empty and never occurs.
        let phrases = phrases::expand(&part.phrase, classes).unwrap_or_default();
        let slots = part.slots.clone();
        let key = AtomKey { phrases, slots };
        let next = self.atoms.len() as u32;
        *self.atoms.entry(key).or_insert(next)
    }

    pub fn build(self, lexicon: &mut Builder) -> Matcher {
        let mut phrases: BTreeMap<Phrase, Vec<u32>> = BTreeMap::new();
        let mut slots = Vec::new();
        let atoms = self.atoms.len();
        for (key, atom) in self.atoms {
            slots.extend(key.slots.into_iter().map(|kind| (kind, atom)));
            for phrase in key.phrases {
                phrases.entry(phrase).or_default().push(atom);
            }
        }
        let mut atoms_of = Vec::with_capacity(phrases.len());
        for (id, (phrase, atoms)) in phrases.into_iter().enumerate() {
            let casing = if phrase.exact {
                Casing::Exact
            } else {
                Casing::Any
            };
            lexicon.add(Namespace::Topics, id as u32, &phrase.text, casing);
            atoms_of.push(atoms);
        }
        let anchored = anchor(&self.patterns, atoms);
        Matcher {
            patterns: self.patterns,
            atoms_of,
            slots,
            anchored,
        }
    }
}

/// Hangs each pattern on the atom that the fewest patterns use: the likeliest to be absent.
fn anchor(patterns: &[Compiled], atoms: usize) -> Vec<Vec<PatternId>> {
    let mut uses = vec![0u32; atoms];
    for atom in patterns.iter().flat_map(|pattern| &pattern.atoms) {
        uses[*atom as usize] += 1;
    }
    let mut anchored = vec![Vec::new(); atoms];
    for (id, pattern) in patterns.iter().enumerate() {
        let rarest = pattern
            .atoms
            .iter()
            .min_by_key(|&&atom| uses[atom as usize])
            .expect("a pattern has a part");
        anchored[*rarest as usize].push(id as PatternId);
    }
    anchored
}

impl Matcher {
    /// Every pattern that holds in the text, in the order of atoms, then of the text.
    pub fn find(&self, doc: &Document, hits: &Hits, entities: &[Entity]) -> Vec<Match> {
        let (occurrences, starts) = self.by_atom(&self.occurrences(doc, hits, entities));
        let of = |atom: u32| {
            let atom = atom as usize;
            &occurrences[starts[atom] as usize..starts[atom + 1] as usize]
        };
        let mut matches = Vec::new();
        for atom in occurrences.chunk_by(|a, b| a.atom == b.atom) {
            for &id in &self.anchored[atom[0].atom as usize] {
                let pattern = &self.patterns[id as usize];
                if pattern.atoms.iter().all(|&atom| !of(atom).is_empty()) {
                    self.try_pattern(id, pattern, doc, &of, &mut matches);
                }
            }
        }
        matches
    }

    /// Every pattern that has at least one part in the text: more than [`Matcher::find`] finds.
    pub fn touched(&self, hits: &Hits) -> Vec<PatternId> {
        let mut present = vec![false; self.anchored.len()];
        for hit in hits.of(Namespace::Topics) {
            for &atom in &self.atoms_of[hit.id as usize] {
                present[atom as usize] = true;
            }
        }
        let patterns = self.patterns.iter().zip(0..);
        let touched = patterns
            .filter(|(pattern, _)| pattern.atoms.iter().any(|&atom| present[atom as usize]));
        touched.map(|(_, id)| id).collect()
    }

    fn occurrences(&self, doc: &Document, hits: &Hits, entities: &[Entity]) -> Vec<Occurrence> {
        let mut occurrences = Vec::new();
        let mut sentence = 0;
        for hit in hits.of(Namespace::Topics) {
            sentence = sentence_from(doc, sentence, hit.tokens.start);
            for &atom in &self.atoms_of[hit.id as usize] {
                occurrences.push(Occurrence {
                    atom,
                    start: hit.tokens.start,
                    end: hit.tokens.end,
                    sentence,
                });
            }
        }
        for entity in entities {
            let atoms = || self.slots.iter().filter(|(kind, _)| *kind == entity.kind);
            if atoms().next().is_none() {
                continue;
            }
            for mention in &entity.mentions {
                let tokens = tokens_of(doc, mention.span);
                if tokens.is_empty() {
                    continue;
                }
                let sentence = doc.sentence_of(tokens.start as usize) as u32;
                occurrences.extend(atoms().map(|&(_, atom)| Occurrence {
                    atom,
                    start: tokens.start,
                    end: tokens.end,
                    sentence,
                }));
            }
        }
        occurrences
    }

    /// The occurrences atom by atom, those of each in text order, and where each atom's begin, with the end behind the
    /// last. Hits come in text order, so that counting does most of the sorting.
    fn by_atom(&self, found: &[Occurrence]) -> (Vec<Occurrence>, Vec<u32>) {
        let mut starts = vec![0; self.anchored.len() + 1];
        for one in found {
            starts[one.atom as usize + 1] += 1;
        }
        for atom in 1..starts.len() {
            starts[atom] += starts[atom - 1];
        }
        let mut next = starts.clone();
        let mut sorted = found.to_vec();
        for one in found {
            let place = &mut next[one.atom as usize];
            sorted[*place as usize] = *one;
            *place += 1;
        }
        for atom in sorted.chunk_by_mut(|a, b| a.atom == b.atom) {
            atom.sort_unstable();
        }
        (sorted, starts)
    }

    fn try_pattern<'a>(
        &self,
        id: PatternId,
        pattern: &Compiled,
        doc: &Document,
        of: &impl Fn(u32) -> &'a [Occurrence],
        matches: &mut Vec<Match>,
    ) {
        for first in of(pattern.atoms[0]) {
            let mut parts = Vec::with_capacity(pattern.atoms.len());
            parts.push(first.start..first.end);
            let mut last = *first;
            for (&join, &atom) in pattern.joins.iter().zip(&pattern.atoms[1..]) {
                match next(join, &last, &parts, of(atom), doc) {
                    Some(found) => {
                        parts.push(found.start..found.end);
                        last = found;
                    }
                    None => break,
                }
            }
            if parts.len() == pattern.atoms.len() {
                matches.push(Match {
                    pattern: id,
                    sentence: first.sentence,
                    parts,
                });
            }
        }
    }
}

/// The tokens that a mention covers.
fn tokens_of(doc: &Document, span: Span) -> Range<u32> {
    let start = doc
        .tokens()
        .partition_point(|token| token.span.end <= span.start);
    let end = doc
        .tokens()
        .partition_point(|token| token.span.start < span.end);
    start as u32..end as u32
}

/// The sentence that holds `token`, at or after sentence `from`.
fn sentence_from(doc: &Document, from: u32, token: u32) -> u32 {
    let rest = &doc.sentences()[from as usize..];
    from + rest
        .iter()
        .take_while(|sentence| sentence.tokens.end <= token)
        .count() as u32
}

/// How many occurrences of one atom in one paragraph are looked at for one match: a paragraph of thousands of
/// repetitions must not cost their square.
const MAX_TRIES: usize = 32;

/// The first occurrence in `candidates` that `join` binds to `last` and that overlaps no part found so far.
fn next(
    join: Join,
    last: &Occurrence,
    parts: &[Range<u32>],
    candidates: &[Occurrence],
    doc: &Document,
) -> Option<Occurrence> {
    let free = |found: &Occurrence| {
        parts
            .iter()
            .all(|part| found.end <= part.start || part.end <= found.start)
    };
    match join {
        Join::Within(gap) => {
            let from = candidates.partition_point(|found| found.start < last.end);
            let found = candidates.get(from)?;
            (found.start <= last.end + gap && found.sentence == last.sentence && free(found))
                .then_some(*found)
        }
        Join::Sentence => {
            let from = candidates.partition_point(|found| found.sentence < last.sentence);
            let rest = candidates[from..]
                .iter()
                .take_while(|found| found.sentence == last.sentence);
            rest.take(MAX_TRIES).find(|found| free(found)).copied()
        }
        Join::Paragraph => {
            let paragraph = doc.sentences()[last.sentence as usize].paragraph;
            let sentences = &doc.paragraphs()[paragraph as usize].sentences;
            let from = candidates.partition_point(|found| found.sentence < sentences.start);
            let rest = candidates[from..]
                .iter()
                .take_while(|found| found.sentence < sentences.end);
            rest.take(MAX_TRIES).find(|found| free(found)).copied()
        }
    }
}
