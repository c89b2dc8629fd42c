//! Entities: who, which states, which organizations, with every place in the text that means them.

mod capital;
mod finder;
mod head_noun;
mod known;
mod language;
mod namesake;
mod occasion;
mod office;
mod person;
mod person_names;
mod resolve;
mod role;
mod rules;
mod salience;
mod short_names;
mod sighting;
pub mod tagger;
mod text;
mod trim;

pub use finder::Finder;
pub use rules::Rules;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::document::Span;

/// What kind of thing an entity is.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Person,
    Organization,
    Country,
    Place,
    Group,
    Equipment,
    Event,
    Agreement,
    Media,
}

/// How a mention names its entity.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    Name,
    /// A surname, or a shortened organization name.
    ShortName,
    Acronym,
    /// "Russian" in "Russian forces".
    Demonym,
    /// "Tokyo", "the Kremlin" for a state.
    Metonym,
}

#[derive(Clone, Debug)]
pub struct Mention {
    pub span: Span,
    pub form: Form,
}

/// The closed list of offices that a role can name.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Office {
    HeadOfState,
    HeadOfGovernment,
    ForeignMinister,
    DefenceMinister,
    Minister,
    Ambassador,
    MilitaryCommander,
    Spokesperson,
    Legislator,
    Leader,
    Official,
    Other,
}

/// An office as the article states it.
#[derive(Clone, Debug)]
pub struct Role {
    /// The words of the article ("Japanese Prime Minister").
    pub text: String,
    pub office: Office,
    /// Index of the entity whose office it is.
    pub of: Option<usize>,
}

/// One thing that the article names.
#[derive(Clone, Debug)]
pub struct Entity {
    pub kind: Kind,
    /// The usual English name where it is linked, else the fullest form in the article.
    pub name: String,
    pub wikidata: Option<String>,
    /// ISO 3166-1 alpha-2.
    pub iso: Option<String>,
    /// 0 to 1: how much the article is about it.
    pub salience: f32,
    pub roles: Vec<Role>,
    /// In text order; never empty.
    pub mentions: Vec<Mention>,
}
