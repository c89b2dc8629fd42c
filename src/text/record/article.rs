//! The article's own fields in a record.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::text::article::{CloudEvent, Status};

/// What the article says about itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Article {
    /// Its own id; its url where it has none; the record's id where it has neither.
    pub id: String,
    pub url: Option<String>,
    pub title: Option<String>,
    pub publisher: Option<String>,
    pub authors: Vec<String>,
    /// ISO 639-1; null where it is neither stated nor recognised.
    #[schemars(regex(pattern = "^[a-z]{2}$"))]
    pub language: Option<String>,
    /// 0 to 1, of the recognition; null where nothing was recognised.
    #[schemars(range(min = 0, max = 1))]
    pub language_confidence: Option<f64>,
    /// RFC 3339 in UTC.
    #[schemars(regex(pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z$"))]
    pub published_at: Option<String>,
    /// RFC 3339 in UTC.
    #[schemars(regex(pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z$"))]
    pub updated_at: Option<String>,
    pub status: Status,
    pub keywords: Vec<String>,
    /// Words and numbers in the text, without the title.
    pub words: u32,
    /// Where the message was a CloudEvent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "CloudEvent")]
    pub cloudevent: Option<CloudEvent>,
    /// NFC, paragraphs separated by one newline. Left out with `include_text = false`; spans refer to it all the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub text: Option<String>,
}
