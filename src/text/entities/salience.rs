//! Salience: how much the article is about an entity.

use std::ops::Range;

use super::text::Text;
use crate::text::document::{Field, ParagraphKind};

/// 0 to 1, from where an entity is named and how often. The weights were set by hand. What only boilerplate names (a
/// teaser, a caption, a call to subscribe) has none.
pub fn of(text: &Text, mentions: &[Range<usize>], most: usize) -> f32 {
    let document = text.document();
    let is_told = |tokens: &&Range<usize>| {
        let paragraph = document.paragraph_of(tokens.start);
        document.paragraphs()[paragraph].kind != ParagraphKind::Boilerplate
    };
    let mentions: Vec<&Range<usize>> = mentions.iter().filter(is_told).collect();
    if mentions.is_empty() {
        return 0.0;
    }
    let lead = document
        .paragraphs()
        .iter()
        .find(|paragraph| {
            !matches!(
                paragraph.kind,
                ParagraphKind::Title | ParagraphKind::Boilerplate
            )
        })
        .map_or(0, |paragraph| paragraph.span.end);
    let span = |tokens: &Range<usize>| text.token(tokens.start).span;
    let in_title = mentions
        .iter()
        .any(|tokens| text.len() > tokens.start && document.locate(span(tokens)).0 == Field::Title);
    let in_lead = mentions
        .iter()
        .any(|tokens| document.locate(span(tokens)).0 == Field::Text && span(tokens).start < lead);
    let count = mentions.len() as f32 / most.max(1) as f32;
    let first = mentions.first().map_or(0, |tokens| tokens.start);
    let last = mentions.last().map_or(0, |tokens| tokens.start);
    let spread = (last - first) as f32 / text.len().max(1) as f32;
    let score = f32::from(u8::from(in_title)) * TITLE
        + f32::from(u8::from(in_lead)) * LEAD
        + count.sqrt() * COUNT
        + spread * SPREAD;
    (score * 1000.0).round() / 1000.0
}

const TITLE: f32 = 0.35;
const LEAD: f32 = 0.2;
const COUNT: f32 = 0.3;
const SPREAD: f32 = 0.15;
