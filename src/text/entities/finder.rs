//! From a document to its entities: the order of the steps.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use super::person_names::PersonNames;
use super::sighting::{self, Sighting, Source, Target};
use super::text::{Style, Text};
use super::{Entity, Form, Kind, head_noun, known, person, resolve, role};
use crate::text::document::{Case, Document};
use crate::text::knowledge::{Knowledge, Title};
use crate::text::lexicon::{Builder, Casing, Hits, Namespace};

/// Finds the entities of documents; built once, shared between threads.
pub struct Finder {
    knowledge: Arc<Knowledge>,
    /// By name: how many of its words are written with a capital.
    capitals: Vec<u8>,
}

impl Finder {
    /// Asks the lexicon for every name and title that the tables hold.
    pub fn new(knowledge: Arc<Knowledge>, builder: &mut Builder) -> Self {
        let mut capitals = Vec::with_capacity(knowledge.names.len());
        for (id, name) in knowledge.names.iter().enumerate() {
            builder.add(Namespace::Entities, id as u32, &name.phrase, name.casing);
            let document = Document::new(Some(&name.phrase), "");
            let count = document
                .tokens()
                .iter()
                .filter(|token| token.case != Case::Lower)
                .count();
            capitals.push(u8::try_from(count).unwrap_or(u8::MAX));
        }
        for (id, title) in knowledge.titles.iter().enumerate() {
            builder.add(Namespace::Titles, id as u32, &title.words, Casing::Any);
        }
        Finder {
            knowledge,
            capitals,
        }
    }

    /// The document's entities, most salient first.
    ///
    /// Linear in the document's length and the number of hits, but for sorting.
    pub fn find(&self, document: &Document, hits: &Hits) -> Vec<Entity> {
        let text = Text::new(document);
        let knowledge = &*self.knowledge;
        let titles = longest_titles(hits, knowledge);

        let mut known = known::read(
            &text,
            hits.of(Namespace::Entities),
            knowledge,
            &self.capitals,
        );
        known
            .sightings
            .extend(known::settle_capitals(known.capitals, knowledge));
        let mut sightings = known.sightings;

        let closed = mark(&sightings, text.len(), |sighting| {
            sighting.source == Source::Name
                && sighting.kind != Kind::Person
                && sighting.kind != Kind::Place
        });
        let title_tokens: Vec<Range<usize>> =
            titles.iter().map(|(tokens, _)| tokens.clone()).collect();
        let persons = person::find(&text, &title_tokens, &closed, knowledge);
        sightings.extend(persons);
        let named = mark(&sightings, text.len(), |sighting| {
            sighting.kind == Kind::Person
        });
        sightings.extend(head_noun::find_state_bodies(&text, &sightings));
        sightings.extend(head_noun::find(&text, &named, knowledge));
        let mut sightings = sighting::join(sightings, text.len());

        let more = short_forms(&text, &sightings, knowledge);
        if !more.is_empty() {
            sightings.extend(more);
            sightings = sighting::join(sightings, text.len());
        }
        let roles = role::find(&text, &titles, &sightings);
        resolve::resolve(&text, &sightings, &roles, knowledge)
    }
}

/// Titles that do not overlap, the longest first.
fn longest_titles<'a>(hits: &Hits, knowledge: &'a Knowledge) -> Vec<(Range<usize>, &'a Title)> {
    let mut titles: Vec<(Range<usize>, &Title)> = Vec::new();
    for hit in hits.of(Namespace::Titles) {
        let tokens = hit.tokens.start as usize..hit.tokens.end as usize;
        let title = &knowledge.titles[hit.id as usize];
        match titles.last_mut() {
            Some((last, _)) if tokens.start < last.end => {
                if tokens.len() > last.len() {
                    *titles.last_mut().expect("matched just above") = (tokens, title);
                }
            }
            _ => titles.push((tokens, title)),
        }
    }
    titles
}

fn mark(sightings: &[Sighting], tokens: usize, which: impl Fn(&Sighting) -> bool) -> Vec<bool> {
    let mut marks = vec![false; tokens];
    for sighting in sightings.iter().filter(|sighting| which(sighting)) {
        marks[sighting.tokens.clone()].fill(true);
    }
    marks
}

/// Surnames of persons named in full, and acronyms explained in brackets, where nothing else was seen.
fn short_forms(text: &Text, sightings: &[Sighting], knowledge: &Knowledge) -> Vec<Sighting> {
    let persons = PersonNames::collect(text, sightings, knowledge);
    let mut acronyms: BTreeMap<&str, &Sighting> = BTreeMap::new();
    for sighting in sightings {
        if matches!(
            sighting.kind,
            Kind::Organization | Kind::Agreement | Kind::Event
        ) && let Some(at) = head_noun::acronym_after(text, &sighting.tokens)
        {
            acronyms.entry(text.word(at)).or_insert(sighting);
        }
    }
    let taken = mark(sightings, text.len(), |_| true);
    let mut more = Vec::new();
    for at in (0..text.len()).filter(|&at| !taken[at] && text.is_capital(at)) {
        let word = text.word(at);
        let tokens = at..at + 1;
        if let Some(full) = acronyms.get(word) {
            more.push(Sighting {
                tokens,
                form: Form::Acronym,
                ..(*full).clone()
            });
        } else if persons.knows(word) && (text.style(at) != Style::AllCaps || word.len() > 3) {
            more.push(Sighting {
                tokens,
                kind: Kind::Person,
                form: Form::ShortName,
                target: Target::Unknown,
                source: Source::PersonName,
            });
        }
    }
    more
}
