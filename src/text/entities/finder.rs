//! From a document to its entities: the order of the steps.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use jiff::civil::Date;
use sha2::{Digest, Sha256};

use super::person_names::PersonNames;
use super::rules::{Rules, Seen, mark};
use super::sighting::{self, Sighting, Source, Target};
use super::tagger::{self, Clues, Features, Model, Tagged};
use super::text::{Style, Text};
use super::{Entity, Form, Kind, head_noun, language, namesake, occasion, resolve, role, trim};
use crate::text::document::{Case, Document};
use crate::text::knowledge::Knowledge;
use crate::text::lexicon::{Builder, Hits};

/// What `newsmill train entities` made; `models/entities-en.md` says of what.
const MODEL: &[u8] = include_bytes!("../../../models/entities-en.bin");

/// Counted up with every change to the tagger's features or labels.
const MODEL_NAME: &str = "en-2";

/// Finds the entities of documents; built once, shared between threads.
pub struct Finder {
    rules: Rules,
    model: Model,
    model_id: String,
}

impl Finder {
    /// Asks the lexicon for every name and title that the tables hold, and reads the built-in model.
    pub fn new(knowledge: Arc<Knowledge>, builder: &mut Builder) -> Self {
        let model = Model::from_bytes(MODEL).expect("the tests read the built-in model");
        Self::with_model(knowledge, builder, model)
    }

    /// With a model of one's own.
    pub fn with_model(knowledge: Arc<Knowledge>, builder: &mut Builder, model: Model) -> Self {
        let digest = Sha256::digest(model.to_bytes());
        let hash: String = digest
            .iter()
            .take(4)
            .map(|byte| format!("{byte:02x}"))
            .collect();
        Finder {
            rules: Rules::new(knowledge, builder),
            model,
            model_id: format!("{MODEL_NAME}@{hash}"),
        }
    }

    /// The model's name and the first eight hex digits of its SHA-256.
    pub fn model_id(&self) -> &str {
        &self.model_id
    }

    /// The document's entities, most salient first.
    ///
    /// Linear in the document's length and the number of hits, but for sorting.
    pub fn find(&self, document: &Document, hits: &Hits) -> Vec<Entity> {
        self.find_at(document, hits, None)
    }

    /// As [`find`](Self::find), with the day of publication, which tells who was in office.
    pub fn find_at(
        &self,
        document: &Document,
        hits: &Hits,
        published: Option<Date>,
    ) -> Vec<Entity> {
        let text = Text::new(document);
        let seen = self.rules.see(&text, hits);
        let clues = self.rules.clues(document, hits, &seen);
        let mut sightings = self.join(&text, &seen, &clues);
        occasion::name_storms(&text, &mut sightings);
        let persons = PersonNames::collect(&text, &sightings, &self.rules.knowledge);
        for sighting in &mut sightings {
            if namesake::is_person(&text, sighting, &persons) {
                *sighting = surname_sighting(sighting.tokens.clone());
            }
        }
        let more = short_forms(&text, &sightings, &persons);
        if !more.is_empty() {
            sightings.extend(more);
            sightings = sighting::join(sightings, text.len());
        }
        let roles = role::find(&text, &seen.titles, &sightings);
        resolve::resolve(&text, &sightings, &roles, published, &self.rules.knowledge)
    }

    /// The tables' names joined with the tagger's. Patterns are clues to the tagger, which knows better where a name ends.
    fn join(&self, text: &Text, seen: &Seen, clues: &Clues) -> Vec<Sighting> {
        let tagged = tagger::tag(&Features::new(text.document(), clues), &self.model)
            .into_iter()
            .map(|tagged| tagged_sighting(text, tagged))
            .collect();
        // An unsure tag does not go on behind a name of the tables ("Boeing plant"), nor around one of its kind. In
        // headlines of capitals, where the tagger sees little, it takes no words from one, a known surname counts, and a
        // person's name does not go on behind a surname ("Zelensky Meets Macron").
        let named = Sorted::new(seen.sightings.iter().filter(|sighting| {
            matches!(
                sighting.source,
                Source::Name | Source::Election | Source::Storm
            ) || (sighting.source == Source::UnsureName && is_sure_here(text, sighting))
        }));
        let patterns = seen.sightings.iter();
        let patterns = Sorted::new(patterns.filter(|sighting| sighting.source == Source::HeadNoun));
        let mut sightings = trim::trim(text, tagged, &seen.titles);
        // What a pattern sees too, with the same words and kind, is no guess any more.
        for tag in &mut sightings {
            let mut near = patterns.overlapping(&tag.tokens);
            if near.any(|other| other.tokens == tag.tokens && other.kind == tag.kind) {
                tag.probability = tag.probability.max(resolve::MIN_PROBABILITY);
            }
        }
        sightings.retain(|tag| {
            let mut near = named.overlapping(&tag.tokens);
            let is_headline = text.style(tag.tokens.start) != Style::Normal;
            if tag.probability >= resolve::MIN_PROBABILITY {
                !(is_headline && near.any(|name| goes_on_behind(name, tag)))
            } else if is_headline {
                near.next().is_none()
            } else {
                !near.any(|name| name.tokens.start == tag.tokens.start || is_of_its_kind(name, tag))
            }
        });
        sightings.extend(named.sightings);
        // "US$20,000" names no state.
        sightings.retain(|sighting| {
            (text.after(&sighting.tokens, 1) != "$" || text.token(sighting.tokens.end).spaced)
                && !language::is_language(text, sighting)
        });
        sighting::join(sightings, text.len())
    }
}

/// Sightings by where they begin.
struct Sorted {
    sightings: Vec<Sighting>,
    /// Tokens of the longest one.
    longest: usize,
}

impl Sorted {
    fn new<'a>(sightings: impl Iterator<Item = &'a Sighting>) -> Self {
        let mut sightings: Vec<Sighting> = sightings.cloned().collect();
        sightings.sort_by_key(|sighting| sighting.tokens.start);
        let lengths = sightings.iter().map(|sighting| sighting.tokens.len());
        Sorted {
            longest: lengths.max().unwrap_or(0),
            sightings,
        }
    }

    fn overlapping(&self, tokens: &Range<usize>) -> impl Iterator<Item = &Sighting> {
        let begins_before = |at: usize| self.sightings.partition_point(|one| one.tokens.start < at);
        let first = begins_before(tokens.start.saturating_sub(self.longest));
        let near = &self.sightings[first..begins_before(tokens.end)];
        let start = tokens.start;
        near.iter().filter(move |one| one.tokens.end > start)
    }
}

/// Whether a person's tag goes on behind a person whom the tables know.
fn goes_on_behind(name: &Sighting, tag: &Sighting) -> bool {
    tag.kind == Kind::Person
        && name.kind == Kind::Person
        && tag.tokens.contains(&name.tokens.start)
        && name.tokens.end < tag.tokens.end
}

/// Whether a tag lies around a name of its kind: "eastern Donbas" around "Donbas".
fn is_of_its_kind(name: &Sighting, tag: &Sighting) -> bool {
    name.kind == tag.kind || (name.kind, tag.kind) == (Kind::Country, Kind::Place)
}

/// An unsure name where its sentence leaves little doubt: a known surname in a headline of capitals, a place after "in".
fn is_sure_here(text: &Text, sighting: &Sighting) -> bool {
    let at = sighting.tokens.start;
    match sighting.kind {
        Kind::Person => text.style(at) != Style::Normal,
        Kind::Place => {
            text.style(at) == Style::Normal && matches!(text.before(at, 1), "in" | "near" | "In")
        }
        _ => false,
    }
}

fn tagged_sighting(text: &Text, tagged: Tagged) -> Sighting {
    let single = tagged.tokens.len() == 1;
    Sighting {
        form: match tagged.kind {
            Kind::Person if single => Form::ShortName,
            _ if single && text.token(tagged.tokens.start).case == Case::Upper => Form::Acronym,
            _ => Form::Name,
        },
        tokens: tagged.tokens,
        kind: tagged.kind,
        target: Target::Unknown,
        source: Source::Tagger,
        probability: tagged.probability,
    }
}

/// Surnames of persons named in full, and acronyms explained in brackets, where nothing else was seen.
fn short_forms(text: &Text, sightings: &[Sighting], persons: &PersonNames) -> Vec<Sighting> {
    let mut acronyms: BTreeMap<&str, &Sighting> = BTreeMap::new();
    for sighting in sightings {
        if !matches!(sighting.kind, Kind::Person | Kind::Country)
            && let Some(at) = head_noun::acronym_after(text, &sighting.tokens)
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
            more.push(surname_sighting(tokens));
        }
    }
    more
}

fn surname_sighting(tokens: Range<usize>) -> Sighting {
    Sighting {
        tokens,
        kind: Kind::Person,
        form: Form::ShortName,
        target: Target::Unknown,
        source: Source::PersonName,
        probability: 1.0,
    }
}
