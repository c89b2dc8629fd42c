//! The record: what newsmill publishes about an article.
//!
//! The types here are the wire format: field names, their order and what is null or left out are all decided by them,
//! and the published JSON Schema is made from them. Within a version of the format fields may be added; none changes
//! its meaning.

mod analysis;
mod article;
mod assemble;
mod format;
mod identity;
mod ninjs;
mod places;
mod schema;
mod unit;

pub use analysis::{Amount, Codes, DateMention, Entity, Mention, Passage, Role, Section, Topic};
pub use article::Article;
pub use assemble::{Context, Findings, Language, Parts, assemble};
pub use format::Format;
pub use schema::schema;
pub use unit::{Ruler, SpanUnit};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

use super::warning::Warning;

/// What newsmill publishes about one article.
///
/// An analysis that is not built, or that was not run (see `coverage`), leaves its field out; an empty array means that
/// it was looked for and none was found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Record {
    /// The name and version of this format.
    pub schema: SchemaName,
    /// The first 16 bytes, as hex digits, of SHA-256 over the article's own id or else its url (empty where it has
    /// neither), its title and its text, each followed by a zero byte.
    #[schemars(regex(pattern = "^[0-9a-f]{32}$"))]
    pub id: String,
    /// Where the message stood; left out where the article did not come from Kafka.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Source")]
    pub source: Option<Source>,
    pub article: Article,
    /// What `start` and `end` of every span count.
    pub span_unit: SpanUnit,
    pub coverage: Coverage,
    /// IPTC Media Topics' top level, best first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Vec<Section>")]
    pub sections: Option<Vec<Section>>,
    /// Topics of the taxonomy at or above their threshold, best first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Vec<Topic>")]
    pub topics: Option<Vec<Topic>>,
    /// Named things, the most salient first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Vec<Entity>")]
    pub entities: Option<Vec<Entity>>,
    /// Money, in text order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Vec<Amount>")]
    pub amounts: Option<Vec<Amount>>,
    /// Dates, in text order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Vec<DateMention>")]
    pub dates: Option<Vec<DateMention>>,
    /// 64-bit SimHash of the text, as hex digits: near-duplicates differ in few bits.
    #[schemars(regex(pattern = "^[0-9a-f]{16}$"))]
    pub fingerprint: String,
    /// Stable codes of what is odd about the article.
    pub warnings: Vec<Warning>,
    pub pipeline: PipelineInfo,
}

/// The name and version of the wire format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum SchemaName {
    #[serde(rename = "newsmill.record.v1")]
    V1,
}

impl SchemaName {
    /// The name as it stands in a record and in the header `newsmill-schema`.
    pub fn as_str(self) -> &'static str {
        match self {
            SchemaName::V1 => "newsmill.record.v1",
        }
    }
}

/// Where the message stood that brought the article.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Source {
    pub input_topic: String,
    #[schemars(range(min = 0))]
    pub partition: i32,
    #[schemars(range(min = 0))]
    pub offset: i64,
    /// Milliseconds since 1970; null where the topic keeps no timestamps.
    pub timestamp_ms: Option<i64>,
}

/// How much of the analysis was run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Coverage {
    Full,
    /// No analysis knows the article's language, so none was run.
    LanguageUnsupported,
}

/// What made the record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PipelineInfo {
    /// newsmill's version.
    pub version: String,
    /// The taxonomy's name and a hash of its content (`name@hash`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub taxonomy: Option<String>,
    /// The knowledge tables' name and a hash of their content, the configuration's own tables included (`name@hash`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub knowledge: Option<String>,
    /// Trained models by the stage that uses them (`name@hash`).
    pub models: BTreeMap<String, String>,
}

/// The bytes that are published in a format: JSON on one line, without a line break.
pub fn encode(record: &Record, format: Format) -> Vec<u8> {
    let encoded = match format {
        Format::Newsmill => serde_json::to_vec(record),
        Format::Ninjs => serde_json::to_vec(&ninjs::Item::of(record)),
    };
    encoded.expect("a record has string keys only and serialises into memory")
}
