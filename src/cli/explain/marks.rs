//! What stands where in the text: evidence, mentions, amounts and dates, which may overlap.

use crate::text::document::{Paragraph, ParagraphKind, Span};
use crate::text::entities::{Form, Kind};

use super::sheet::Sheet;

/// What a place in the text is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Mark {
    /// Evidence for the topic of this index in [`Sheet::topics`], or against it where the weight is below zero.
    Topic { index: usize, weight: f32 },
    /// A mention of the entity of this index.
    Entity {
        index: usize,
        kind: Kind,
        form: Form,
    },
    /// The amount of this index.
    Amount(usize),
    /// The date of this index.
    Date(usize),
}

/// A mark and its place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Marked {
    pub span: Span,
    pub mark: Mark,
}

/// A stretch of text that all its marks cover from end to end.
#[derive(Debug, PartialEq)]
pub struct Run {
    pub span: Span,
    pub marks: Vec<Marked>,
}

/// Everything that is marked, in text order.
pub fn all(sheet: &Sheet) -> Vec<Marked> {
    let mut marks = Vec::new();
    for (index, topic) in sheet.topics.iter().enumerate() {
        for contribution in &topic.score.contributions {
            let weight = contribution.weight;
            let mark = Mark::Topic { index, weight };
            let spans = contribution.spans.iter();
            marks.extend(spans.map(|&span| Marked { span, mark }));
        }
    }
    if let Some(findings) = &sheet.explanation.findings {
        for (index, entity) in findings.entities.iter().enumerate() {
            marks.extend(entity.mentions.iter().map(|mention| Marked {
                span: mention.span,
                mark: Mark::Entity {
                    index,
                    kind: entity.kind,
                    form: mention.form,
                },
            }));
        }
        let amounts = findings.amounts.iter().enumerate();
        marks.extend(amounts.map(|(index, amount)| Marked {
            span: amount.span,
            mark: Mark::Amount(index),
        }));
        let dates = findings.dates.iter().enumerate();
        marks.extend(dates.map(|(index, date)| Marked {
            span: date.span,
            mark: Mark::Date(index),
        }));
    }
    marks.sort_by_key(|marked| marked.span);
    marks
}

/// The document's paragraphs, each cut where a mark begins or ends. `marks` are in text order.
pub fn paragraphs(sheet: &Sheet, marks: &[Marked]) -> Vec<(ParagraphKind, Vec<Run>)> {
    let paragraphs = sheet.explanation.document.paragraphs().iter();
    let mut rest = marks;
    paragraphs
        .map(|paragraph| {
            let inside = rest.partition_point(|marked| marked.span.start < paragraph.span.end);
            let (own, behind) = rest.split_at(inside);
            rest = behind;
            (paragraph.kind, runs(paragraph, own))
        })
        .collect()
}

fn runs(paragraph: &Paragraph, marks: &[Marked]) -> Vec<Run> {
    let Span { start, end } = paragraph.span;
    let mut borders: Vec<u32> = marks
        .iter()
        .flat_map(|marked| [marked.span.start, marked.span.end.min(end)])
        .chain([start, end])
        .collect();
    borders.sort_unstable();
    borders.dedup();
    let mut waiting = marks.iter().peekable();
    let mut open: Vec<Marked> = Vec::new();
    borders
        .windows(2)
        .map(|pair| {
            let span = Span {
                start: pair[0],
                end: pair[1],
            };
            open.retain(|marked| marked.span.end > span.start);
            while let Some(marked) = waiting.next_if(|marked| marked.span.start <= span.start) {
                open.push(*marked);
            }
            Run {
                span,
                marks: open.clone(),
            }
        })
        .collect()
}
