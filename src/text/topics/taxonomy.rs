//! A taxonomy: its files read, checked and ready to be compiled.

use super::classes::{ClassSource, Classes};
use super::error::TaxonomyError;
use super::file::{CueKind, Place};
use super::pattern::Pattern;
use super::reader;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// A file of the folder: its name and content.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    pub file: &'a str,
    pub content: &'a str,
}

/// Topics and what their rules share.
#[derive(Clone, Debug)]
pub struct Taxonomy {
    pub name: String,
    /// Eight hex digits of the SHA-256 over the files' names and contents.
    pub hash: String,
    pub classes: Classes,
    /// The classes as they are written.
    pub class_sources: BTreeMap<String, ClassSource>,
    pub cues: Vec<Cue>,
    /// What speaks against every topic.
    pub counter_evidence: Vec<Rule>,
    /// In the order of the files' names, then as written.
    pub topics: Vec<Topic>,
}

#[derive(Clone, Debug)]
pub struct Cue {
    pub kind: CueKind,
    pub factor: f32,
    pub any: Vec<Pattern>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Topic {
    pub id: String,
    pub name: String,
    pub definition: String,
    pub deprecated: bool,
    pub replaced_by: Option<String>,
    pub parent: Option<String>,
    pub implies_parent: bool,
    pub threshold: Option<f32>,
    /// Ids of sections, the likeliest first.
    pub sections: Vec<String>,
    pub codes: Codes,
    pub rules: Vec<Rule>,
    /// Texts that are about it.
    pub about: Vec<Example>,
    /// Texts that are not.
    pub not_about: Vec<Example>,
    /// Where it is defined.
    pub file: String,
    pub line: usize,
}

/// The same notion in other vocabularies.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Codes {
    pub iptc: Vec<String>,
    pub cameo: Vec<String>,
    pub plover: Vec<String>,
    pub gdelt: Vec<String>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    pub weight: f32,
    pub any: Vec<Pattern>,
    pub with: Vec<Pattern>,
    pub unless: Vec<Pattern>,
    pub place: Option<Place>,
    pub file: String,
    pub line: usize,
}

/// A short text that holds the rules to their meaning.
#[derive(Clone, Debug, PartialEq)]
pub struct Example {
    pub headline: String,
    /// Empty where the example is a headline alone.
    pub text: String,
    /// Where it stands in its topic's file.
    pub line: usize,
}

impl Topic {
    /// Every example, and whether it must be reported.
    pub fn examples(&self) -> impl Iterator<Item = (&Example, bool)> {
        let about = self.about.iter().map(|example| (example, true));
        about.chain(self.not_about.iter().map(|example| (example, false)))
    }
}

impl Taxonomy {
    /// Parses and checks the files. All mistakes that can be told apart are returned, in the files' order.
    pub fn parse(sources: &[Source]) -> Result<Taxonomy, Vec<TaxonomyError>> {
        let mut sources: Vec<&Source> = sources.iter().collect();
        sources.sort_by_key(|source| source.file);
        let hash = hash(&sources);
        let contents = reader::read(&sources)?;
        Ok(Taxonomy {
            name: contents.name,
            hash,
            classes: contents.classes,
            class_sources: contents.class_sources,
            cues: contents.cues,
            counter_evidence: contents.counter_evidence,
            topics: contents.topics,
        })
    }

    /// The one that comes with the program.
    pub fn built_in() -> Taxonomy {
        Taxonomy::parse(&super::built_in::TAXONOMY).expect("a test parses the built-in taxonomy")
    }

    /// The files of the built-in one, to be written somewhere and changed.
    pub fn built_in_sources() -> &'static [Source<'static>] {
        &super::built_in::TAXONOMY
    }

    pub fn index_of(&self, id: &str) -> Option<usize> {
        self.topics.iter().position(|topic| topic.id == id)
    }

    /// Indices of a topic and of all that it implies. Parents never form a circle: the reader sees to it.
    pub fn with_implied(&self, topic: &Topic) -> Vec<usize> {
        let mut indices: Vec<usize> = self.index_of(&topic.id).into_iter().collect();
        let mut next = Some(topic);
        while let Some(topic) = next.filter(|topic| topic.implies_parent) {
            let parent = topic.parent.as_deref().and_then(|id| self.index_of(id));
            indices.extend(parent);
            next = parent.map(|index| &self.topics[index]);
        }
        indices
    }

    /// As records carry it: name@hash.
    pub fn version(&self) -> String {
        format!("{}@{}", self.name, self.hash)
    }
}

fn hash(sources: &[&Source]) -> String {
    let mut sha = Sha256::new();
    for source in sources {
        for text in [source.file, source.content] {
            sha.update(text);
            sha.update([0]);
        }
    }
    sha.finalize()
        .iter()
        .take(4)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
