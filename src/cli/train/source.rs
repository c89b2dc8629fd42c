//! The annotated articles that a model learns from.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{BufRead as _, BufReader};
use std::ops::Range;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use flate2::read::GzDecoder;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::text::document::Document;
use crate::text::entities::Kind;
use crate::text::entities::tagger::train::{Annotation, Spans};

/// An article with its annotation.
pub struct Annotated {
    pub document: Document,
    pub annotation: Annotation,
}

#[derive(Deserialize)]
struct Article {
    id: String,
    title: Option<String>,
    body: String,
}

#[derive(Deserialize)]
struct Gold {
    id: String,
    entities: Vec<GoldEntity>,
}

#[derive(Deserialize)]
struct GoldEntity {
    kind: Kind,
    name: String,
    aliases: Vec<String>,
}

/// Spans in code points.
#[derive(Deserialize)]
struct Silver {
    id: String,
    title: Vec<(usize, usize, Kind)>,
    body: Vec<(usize, usize, Kind)>,
}

/// `eval/train.*`: names for whole articles, made by reading.
pub fn gold(folder: &Path) -> anyhow::Result<Vec<Annotated>> {
    let articles: Vec<Article> = lines(&folder.join("eval/train.articles.jsonl"))?;
    let gold: Vec<Gold> = lines(&folder.join("eval/train.gold.jsonl"))?;
    let mut names: BTreeMap<String, Vec<GoldEntity>> = gold
        .into_iter()
        .map(|gold| (gold.id, gold.entities))
        .collect();
    Ok(articles
        .into_iter()
        .filter_map(|article| {
            let entities = names.remove(&article.id)?;
            let names = entities
                .into_iter()
                .flat_map(|entity| {
                    let forms = std::iter::once(entity.name).chain(entity.aliases);
                    forms.map(move |form| (form, entity.kind))
                })
                .collect();
            Some(Annotated {
                document: document(&article),
                annotation: Annotation::Names(names),
            })
        })
        .collect())
}

/// `corpus`: spans that another model marked, but for articles that the gold set has.
pub fn silver(folder: &Path) -> anyhow::Result<Vec<Annotated>> {
    let corpus = folder.join("corpus");
    let gold: Vec<Article> = lines(&folder.join("eval/train.articles.jsonl"))?;
    let silver: Vec<Silver> = lines(&corpus.join("silver.jsonl.gz"))?;
    let mut marked: BTreeMap<String, Silver> = silver
        .into_iter()
        .map(|silver| (silver.id.clone(), silver))
        .collect();
    for article in gold {
        marked.remove(&article.id);
    }
    let mut files: Vec<PathBuf> = fs::read_dir(&corpus)
        .with_context(|| corpus.display().to_string())?
        .map(|entry| Ok(entry?.path()))
        .collect::<std::io::Result<_>>()?;
    files.retain(|file| {
        file.to_string_lossy().ends_with(".jsonl.gz") && !file.ends_with("silver.jsonl.gz")
    });
    files.sort();
    let mut annotated = Vec::new();
    for file in files {
        for article in lines::<Article>(&file)? {
            if let Some(silver) = marked.remove(&article.id) {
                let document = document(&article);
                let annotation = Annotation::Spans(spans(&document, &article, &silver));
                annotated.push(Annotated {
                    document,
                    annotation,
                });
            }
        }
    }
    Ok(annotated)
}

fn document(article: &Article) -> Document {
    Document::new(article.title.as_deref(), &article.body)
}

/// Marks of a field whose text the document had to change are left out: they would point elsewhere.
fn spans(document: &Document, article: &Article, silver: &Silver) -> Spans {
    let mut spans = Vec::new();
    let text_start = document.buffer().len() - document.text().len();
    let title = article.title.as_deref().unwrap_or_default();
    for (raw, normal, base, marks) in [
        (
            title,
            document.title().unwrap_or_default(),
            0,
            &silver.title,
        ),
        (&article.body, document.text(), text_start, &silver.body),
    ] {
        if raw != normal {
            continue;
        }
        let bytes: Vec<usize> = raw
            .char_indices()
            .map(|(at, _)| at)
            .chain([raw.len()])
            .collect();
        for &(start, end, kind) in marks {
            let range: Range<u32> = (base + bytes[start]) as u32..(base + bytes[end]) as u32;
            spans.push((range, kind));
        }
    }
    spans
}

/// Reads JSON lines, gzipped or not.
fn lines<T: DeserializeOwned>(path: &Path) -> anyhow::Result<Vec<T>> {
    let name = || path.display().to_string();
    let file = File::open(path).with_context(name)?;
    let reader: Box<dyn std::io::Read> =
        if path.extension().is_some_and(|extension| extension == "gz") {
            Box::new(GzDecoder::new(file))
        } else {
            Box::new(file)
        };
    let mut values = Vec::new();
    for (index, line) in BufReader::new(reader).lines().enumerate() {
        let line = line.with_context(name)?;
        let value =
            serde_json::from_str(&line).with_context(|| format!("{}:{}", name(), index + 1))?;
        values.push(value);
    }
    Ok(values)
}
