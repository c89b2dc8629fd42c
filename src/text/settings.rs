//! What can be set about the text side.

use super::article::Format as ArticleFormat;
use super::record::{Format as RecordFormat, SpanUnit};

/// The settings that a pipeline is built with; the configuration makes them from its own tables.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// The one shape that articles come in, or `Auto`: recognise each by its fields.
    pub article_format: ArticleFormat,
    pub record_format: RecordFormat,
    /// What spans in a record count.
    pub span_unit: SpanUnit,
    /// Whether a record carries the article's text.
    pub include_text: bool,
    /// 0 to 1: the least score of a reported topic whose taxonomy file states no threshold.
    pub min_score: f64,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            article_format: ArticleFormat::default(),
            record_format: RecordFormat::default(),
            span_unit: SpanUnit::default(),
            include_text: true,
            min_score: 0.5,
        }
    }
}
