//! What the text side can be told: `[article]`, `[record]`, `[topics]`, `[knowledge]`.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::text::article::Format as ArticleFormat;
use crate::text::record::{Format as RecordFormat, SpanUnit};

/// `[article]`: what comes in.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ArticleConfig {
    /// The one shape that messages have; `auto` recognises each by its fields. Default `auto`: the shapes do not
    /// resemble each other, and sources change.
    pub format: ArticleFormat,
}

/// `[record]`: what goes out.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RecordConfig {
    /// What a record is: `newsmill` as documented, or `ninjs`, an item of ninjs 3.1. Default `newsmill`: ninjs has no
    /// field for spans, evidence and warnings.
    pub format: RecordFormat,
    /// What spans count: `code_point` (Python, SQL), `utf16` (Java, JavaScript), `byte` (Rust, Go; UTF-8). Default
    /// `code_point`.
    pub span_unit: SpanUnit,
    /// Whether a record carries the article's text; its spans refer to it either way. Default true: a record can be
    /// read without the article at hand.
    pub include_text: bool,
}

impl Default for RecordConfig {
    fn default() -> Self {
        RecordConfig {
            format: RecordFormat::default(),
            span_unit: SpanUnit::default(),
            include_text: true,
        }
    }
}

/// `[topics]`: which news topics there are, and from which score on one is reported.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct TopicsConfig {
    /// A folder of taxonomy files, relative to the working directory; a worker reads them again on SIGHUP and when they
    /// change. Default empty: the built-in taxonomy.
    pub taxonomy: PathBuf,
    /// Score, 0 to 1, from which on a topic is reported whose taxonomy file states no threshold. Default 0.5: more
    /// likely right than wrong.
    pub min_score: f64,
}

impl Default for TopicsConfig {
    fn default() -> Self {
        TopicsConfig {
            taxonomy: PathBuf::new(),
            min_score: 0.5,
        }
    }
}

/// `[knowledge]`: which entities there are beside the built-in ones.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct KnowledgeConfig {
    /// Files with tables of one's own, relative to the working directory; docs/knowledge.md shows their columns. Default
    /// none: the built-in tables alone.
    pub tables: Vec<PathBuf>,
}
