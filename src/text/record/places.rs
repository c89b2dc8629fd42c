//! From spans of the document to passages of the record.

use super::{Passage, Ruler, SpanUnit};
use crate::text::document::{Document, Field, Span};

/// Turns spans of the document into passages of the record.
pub struct Places<'a> {
    document: &'a Document,
    title: Ruler<'a>,
    text: Ruler<'a>,
}

impl<'a> Places<'a> {
    pub fn new(document: &'a Document, unit: SpanUnit) -> Self {
        Places {
            document,
            title: Ruler::new(document.title().unwrap_or_default(), unit),
            text: Ruler::new(document.text(), unit),
        }
    }

    pub fn passage(&self, span: Span) -> Passage {
        let (field, bytes) = self.document.locate(span);
        let ruler = match field {
            Field::Title => &self.title,
            Field::Text => &self.text,
        };
        Passage {
            field,
            start: ruler.at(bytes.start),
            end: ruler.at(bytes.end),
            text: self.document.slice(span).to_owned(),
        }
    }
}
