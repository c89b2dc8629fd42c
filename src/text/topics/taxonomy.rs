//! A taxonomy: its files read, checked and ready to be compiled.

use super::error::TaxonomyError;
use super::file::{CueKind, Place};
use super::pattern::Pattern;
use super::phrases::Classes;
use super::reader;
use sha2::{Digest, Sha256};

/// A file of the folder: its name and content.
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
    pub cues: Vec<Cue>,
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
    /// Texts that are about it; the first line is the headline.
    pub about: Vec<String>,
    /// Texts that are not.
    pub not_about: Vec<String>,
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
    pub line: usize,
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
            cues: contents.cues,
            topics: contents.topics,
        })
    }

    /// The one that comes with the program.
    pub fn built_in() -> Taxonomy {
        Taxonomy::parse(&super::built_in::TAXONOMY).expect("a test parses the built-in taxonomy")
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
