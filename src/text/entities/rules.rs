//! What tables and patterns see in a text: every sighting, overlapping, and clues for the tagger.

use std::ops::Range;
use std::sync::Arc;

use super::sighting::{Sighting, Source};
use super::tagger::Clues;
use super::text::Text;
use super::{Form, Kind, head_noun, known, namesake, occasion, person};
use crate::text::document::{Case, Document, TokenKind};
use crate::text::knowledge::{Knowledge, Meaning, Title};
use crate::text::lexicon::{Builder, Casing, Hits, Namespace};

/// The tables, ready to be looked for.
pub struct Rules {
    pub(super) knowledge: Arc<Knowledge>,
    /// By name: how many of its words are written with a capital.
    capitals: Vec<u8>,
}

/// What the rules see in one text.
pub(super) struct Seen<'a> {
    /// Titles that do not overlap, in text order.
    pub titles: Vec<(Range<usize>, &'a Title)>,
    /// Overlapping, in no order.
    pub sightings: Vec<Sighting>,
}

impl Rules {
    /// Asks the lexicon for every name and title that the tables hold.
    pub fn new(knowledge: Arc<Knowledge>, builder: &mut Builder) -> Self {
        let mut capitals = Vec::with_capacity(knowledge.names.len());
        for (id, name) in knowledge.names.iter().enumerate() {
            builder.add(Namespace::Entities, id as u32, &name.phrase, name.casing);
            let document = Document::new(Some(&name.phrase), "");
            let all = 0..document.tokens().len();
            capitals.push(u8::try_from(count_capitals(&document, all)).unwrap_or(u8::MAX));
        }
        for (id, title) in knowledge.titles.iter().enumerate() {
            builder.add(Namespace::Titles, id as u32, &title.words, Casing::Any);
        }
        Rules {
            knowledge,
            capitals,
        }
    }

    /// What the tagger is told of each token of a document, as training asks for it.
    pub fn read(&self, document: &Document, hits: &Hits) -> Clues {
        let seen = self.see(&Text::new(document), hits);
        self.clues(document, hits, &seen)
    }

    /// What tables and patterns see.
    pub(super) fn see(&self, text: &Text, hits: &Hits) -> Seen<'_> {
        let knowledge = &*self.knowledge;
        let titles = longest_titles(hits, knowledge);
        let known = known::read(
            text,
            hits.of(Namespace::Entities),
            knowledge,
            &self.capitals,
        );
        let mut sightings = known.sightings;
        namesake::settle_places(text, &mut sightings, knowledge);
        sightings.extend(known::settle_capitals(known.capitals, knowledge));
        let closed = mark(&sightings, text.len(), |sighting| {
            sighting.source == Source::Name && !matches!(sighting.kind, Kind::Person | Kind::Place)
        });
        sightings.extend(person::find(text, &titles, &closed, knowledge));
        let persons = mark(&sightings, text.len(), |sighting| {
            sighting.kind == Kind::Person
        });
        let named = mark(&sightings, text.len(), |sighting| {
            sighting.source == Source::Name && sighting.kind != Kind::Person
        });
        sightings.extend(head_noun::find_state_bodies(text, &sightings));
        sightings.extend(occasion::find(text, &named, &persons, knowledge));
        sightings.extend(head_noun::find(text, &persons, knowledge));
        Seen { titles, sightings }
    }

    /// What the tagger is told of each token.
    pub(super) fn clues(&self, document: &Document, hits: &Hits, seen: &Seen) -> Clues {
        let knowledge = &*self.knowledge;
        let tokens = document.tokens();
        let mut clues = Clues::new(tokens.len());
        for hit in hits.of(Namespace::Entities) {
            let at = hit.tokens.start as usize..hit.tokens.end as usize;
            let name = &knowledge.names[hit.id as usize];
            if count_capitals(document, at.clone()) < usize::from(self.capitals[hit.id as usize]) {
                continue;
            }
            clues.name(
                at,
                match name.meaning {
                    Meaning::State(_, form) => Clues::STATE + form as u32,
                    Meaning::Person(_) => Clues::PERSON,
                    Meaning::Surname(_) => Clues::SURNAME,
                    Meaning::Thing(_) if !name.sure => Clues::UNSURE,
                    Meaning::Thing(thing) => {
                        Clues::THING + knowledge.things[thing as usize].kind as u32
                    }
                },
            );
        }
        for sighting in &seen.sightings {
            let category = match (sighting.source, sighting.form, sighting.kind) {
                (_, Form::Metonym, _) => Clues::METONYM,
                (Source::PersonName, ..) => Clues::PERSON_PATTERN,
                (Source::HeadNoun, _, Kind::Organization) => Clues::ORGANIZATION_PATTERN,
                (Source::HeadNoun, ..) => Clues::OTHER_PATTERN,
                _ => continue,
            };
            clues.name(sighting.tokens.clone(), category);
        }
        for (title, _) in &seen.titles {
            title.clone().for_each(|at| clues.set(at, Clues::IN_TITLE));
            if title.end < tokens.len() {
                clues.set(title.end, Clues::AFTER_TITLE);
            }
        }
        for (at, token) in tokens.iter().enumerate() {
            if token.kind == TokenKind::Word && token.case != Case::Lower {
                let word = document.token_text(at);
                match knowledge.given_names.get(word) {
                    Some(true) => clues.set(at, Clues::UNSURE_GIVEN_NAME),
                    Some(false) => clues.set(at, Clues::GIVEN_NAME),
                    None => {}
                }
                if knowledge.heads.contains_key(word) {
                    clues.set(at, Clues::HEAD_NOUN);
                }
            }
        }
        clues
    }
}

/// Which tokens the sightings cover that `which` picks.
pub(super) fn mark(
    sightings: &[Sighting],
    tokens: usize,
    which: impl Fn(&Sighting) -> bool,
) -> Vec<bool> {
    let mut marks = vec![false; tokens];
    for sighting in sightings.iter().filter(|sighting| which(sighting)) {
        marks[sighting.tokens.clone()].fill(true);
    }
    marks
}

fn count_capitals(document: &Document, mut tokens: Range<usize>) -> usize {
    let is_capital = |&at: &usize| document.tokens()[at].case != Case::Lower;
    tokens.by_ref().filter(is_capital).count()
}

/// Titles that do not overlap, the longest first.
fn longest_titles<'a>(hits: &Hits, knowledge: &'a Knowledge) -> Vec<(Range<usize>, &'a Title)> {
    let mut titles: Vec<(Range<usize>, &Title)> = Vec::new();
    for hit in hits.of(Namespace::Titles) {
        let tokens = hit.tokens.start as usize..hit.tokens.end as usize;
        let title = &knowledge.titles[hit.id as usize];
        match titles.last_mut() {
            Some(last) if tokens.start < last.0.end => {
                if tokens.len() > last.0.len() {
                    *last = (tokens, title);
                }
            }
            _ => titles.push((tokens, title)),
        }
    }
    titles
}
