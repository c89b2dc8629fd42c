//! What the analyses found, as a record carries it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::text::document::Field;
use crate::text::entities::{Form, Kind, Office};

/// One of IPTC Media Topics' top level.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Section {
    pub id: String,
    /// `medtop:` and eight digits.
    #[schemars(regex(pattern = "^medtop:[0-9]{8}$"))]
    pub code: String,
    #[schemars(range(min = 0, max = 1))]
    pub score: f64,
}

/// One of the taxonomy's topics.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Topic {
    pub id: String,
    pub name: String,
    /// Calibrated: of the topics reported near 0.8, about 80 % are right.
    #[schemars(range(min = 0, max = 1))]
    pub score: f64,
    pub codes: Codes,
    /// The words that speak for it, in text order.
    pub evidence: Vec<Passage>,
}

/// A topic in other vocabularies; empty where one has no word for it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Codes {
    pub iptc: Vec<String>,
    pub cameo: Vec<String>,
    pub plover: Vec<String>,
    pub gdelt: Vec<String>,
}

/// A place in the article: `field[start..end] == text`, counted in the record's `span_unit`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Passage {
    pub field: Field,
    pub start: u32,
    pub end: u32,
    #[schemars(length(min = 1))]
    pub text: String,
}

/// One named thing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Entity {
    /// `e1`, `e2`, ... in the order of the record.
    #[schemars(regex(pattern = "^e[1-9][0-9]*$"))]
    pub id: String,
    pub kind: Kind,
    /// The usual English name where it is linked, else the fullest form in the article.
    #[schemars(length(min = 1))]
    pub name: String,
    #[schemars(regex(pattern = "^Q[1-9][0-9]*$"))]
    pub wikidata: Option<String>,
    /// ISO 3166-1 alpha-2.
    #[schemars(regex(pattern = "^[A-Z]{2}$"))]
    pub iso: Option<String>,
    /// How much the article is about it.
    #[schemars(range(min = 0, max = 1))]
    pub salience: f64,
    pub roles: Vec<Role>,
    /// In text order.
    #[schemars(length(min = 1))]
    pub mentions: Vec<Mention>,
}

/// A place in the article that names an entity.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Mention {
    #[serde(flatten)]
    pub passage: Passage,
    pub form: Form,
}

/// An office that the article states.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Role {
    /// The words of the article.
    #[schemars(length(min = 1))]
    pub text: String,
    pub office: Office,
    /// Id of the entity whose office it is; left out where the article does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", regex(pattern = "^e[1-9][0-9]*$"))]
    pub of: Option<String>,
}

/// Money, as the article states it; a range is two amounts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Amount {
    #[serde(flatten)]
    pub passage: Passage,
    /// Decimal, in full units; null where the article tells a magnitude alone ("billions of dollars").
    #[schemars(regex(pattern = r"^[0-9]+(\.[0-9]+)?$"))]
    pub value: Option<String>,
    /// ISO 4217; null where it is not sure which currency is meant.
    #[schemars(regex(pattern = "^[A-Z]{3}$"))]
    pub currency: Option<String>,
    /// "about", "more than" and the like stand before it.
    pub approx: bool,
}

/// A date, resolved against the day of publication.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DateMention {
    #[serde(flatten)]
    pub passage: Passage,
    /// ISO 8601: a day, a month, a year, or first and last day with a slash between; as precise as the text.
    #[schemars(regex(
        pattern = r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2}(/[0-9]{4}-[0-9]{2}-[0-9]{2})?)?)?$"
    ))]
    pub value: String,
}
