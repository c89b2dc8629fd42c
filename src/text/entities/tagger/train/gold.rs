//! From annotations to labels of tokens.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::text::document::Document;
use crate::text::entities::Kind;
use crate::text::entities::tagger::label::{self, Label, OUTSIDE};

/// Names with their kind, each wherever it stands in the article.
pub type Names = Vec<(String, Kind)>;

/// Byte ranges in the document's buffer with their kind.
pub type Spans = Vec<(Range<u32>, Kind)>;

/// What annotators say of an article.
pub enum Annotation {
    /// Surface forms for the whole article, as in the gold sets.
    Names(Names),
    /// Places in the text, as in the silver set.
    Spans(Spans),
}

/// By token: its label; none where the annotation does not tell.
pub fn labels(document: &Document, annotation: &Annotation) -> Vec<Option<Label>> {
    match annotation {
        Annotation::Names(names) => by_names(document, names),
        Annotation::Spans(spans) => by_spans(document, spans),
    }
}

fn by_spans(document: &Document, spans: &Spans) -> Vec<Option<Label>> {
    let tokens = document.tokens();
    let mut labels = vec![Some(OUTSIDE); tokens.len()];
    for (span, kind) in spans {
        let first = tokens.partition_point(|token| token.span.end <= span.start);
        let end = tokens.partition_point(|token| token.span.start < span.end);
        let fits = first < end
            && tokens[first].span.start == span.start
            && tokens[end - 1].span.end == span.end;
        for (n, label) in labels[first..end].iter_mut().enumerate() {
            *label = fits.then(|| label::label(*kind, n == 0));
        }
    }
    labels
}

/// A name's words, and the kinds that it is annotated as.
type Form<'a> = (&'a Vec<String>, &'a Vec<Kind>);

/// The longest name wins where several stand; a form of two kinds tells nothing.
fn by_names(document: &Document, names: &Names) -> Vec<Option<Label>> {
    let mut forms: BTreeMap<Vec<String>, Vec<Kind>> = BTreeMap::new();
    for (name, kind) in names {
        let form = Document::new(Some(name), "");
        let words: Vec<String> = (0..form.tokens().len())
            .map(|at| form.token_text(at).to_owned())
            .collect();
        let kinds = forms.entry(words).or_default();
        if !kinds.contains(kind) {
            kinds.push(*kind);
        }
    }
    let mut by_first: BTreeMap<&str, Vec<Form>> = BTreeMap::new();
    for (words, kinds) in &forms {
        if let Some(first) = words.first() {
            by_first.entry(first).or_default().push((words, kinds));
        }
    }
    let count = document.tokens().len();
    let mut labels = vec![Some(OUTSIDE); count];
    let mut at = 0;
    while at < count {
        let found = by_first
            .get(document.token_text(at))
            .into_iter()
            .flatten()
            .filter(|(words, _)| {
                at + words.len() <= count
                    && words
                        .iter()
                        .enumerate()
                        .all(|(n, word)| document.token_text(at + n) == word)
            })
            .max_by_key(|(words, _)| words.len());
        let Some((words, kinds)) = found else {
            at += 1;
            continue;
        };
        for n in 0..words.len() {
            labels[at + n] = match kinds.as_slice() {
                [kind] => Some(label::label(*kind, n == 0)),
                _ => None,
            };
        }
        at += words.len();
    }
    labels
}
