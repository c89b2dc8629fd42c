//! From the article, its document and what the stages found to a record.

use super::identity::record_id;
use super::{
    Article, Coverage, Entity, Mention, Passage, PipelineInfo, Record, Role, Ruler, SchemaName,
    Source,
};
use crate::text::document::{Document, Field, Span};
use crate::text::settings::Settings;
use crate::text::{article, entities};

/// The language of an article, as far as it is known.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Language {
    /// ISO 639-1.
    pub code: Option<String>,
    /// 0 to 1; `None` where the article only says so.
    pub confidence: Option<f64>,
}

/// What the stages found.
pub struct Findings {
    pub entities: Vec<entities::Entity>,
}

/// Everything that goes into a record; `findings` is `None` where no analysis knows the language.
pub struct Parts<'a> {
    pub article: article::Article,
    pub document: &'a Document,
    pub language: Language,
    pub findings: Option<Findings>,
    pub source: Option<Source>,
}

/// Puts a record together. Spans become counts of the settings' unit here and nowhere else.
pub fn assemble(parts: Parts, settings: &Settings, pipeline: &PipelineInfo) -> Record {
    let places = Places::new(parts.document, settings);
    let mut warnings = parts.article.warnings.clone();
    warnings.sort_unstable();
    warnings.dedup();
    let own = parts.article.id.as_deref().or(parts.article.url.as_deref());
    let id = record_id(own, parts.document.title(), parts.document.text());
    let coverage = match parts.findings {
        Some(_) => Coverage::Full,
        None => Coverage::LanguageUnsupported,
    };
    Record {
        schema: SchemaName::V1,
        article: article_fields(&parts, &id, settings),
        id,
        source: parts.source,
        span_unit: settings.span_unit,
        coverage,
        sections: None,
        topics: None,
        entities: parts
            .findings
            .as_ref()
            .map(|findings| wire_entities(&findings.entities, &places)),
        fingerprint: None,
        warnings,
        pipeline: pipeline.clone(),
    }
}

fn article_fields(parts: &Parts, record_id: &str, settings: &Settings) -> Article {
    let article = &parts.article;
    let own = article.id.as_deref().or(article.url.as_deref());
    Article {
        id: own.unwrap_or(record_id).to_owned(),
        url: article.url.clone(),
        title: parts.document.title().map(str::to_owned),
        publisher: article.publisher.clone(),
        authors: article.authors.clone(),
        language: parts.language.code.clone(),
        language_confidence: parts.language.confidence.map(rounded),
        published_at: article.published_at.map(|at| at.to_string()),
        updated_at: article.updated_at.map(|at| at.to_string()),
        status: article.status,
        keywords: article.keywords.clone(),
        words: u32::try_from(parts.document.words()).unwrap_or(u32::MAX),
        cloudevent: article.cloudevent.clone(),
        text: settings
            .include_text
            .then(|| parts.document.text().to_owned()),
    }
}

fn wire_entities(entities: &[entities::Entity], places: &Places) -> Vec<Entity> {
    entities
        .iter()
        .enumerate()
        .map(|(index, entity)| Entity {
            id: entity_id(index),
            kind: entity.kind,
            name: entity.name.clone(),
            wikidata: entity.wikidata.clone(),
            iso: entity.iso.clone(),
            salience: rounded(entity.salience.into()),
            roles: entity.roles.iter().map(wire_role).collect(),
            mentions: entity
                .mentions
                .iter()
                .map(|mention| Mention {
                    passage: places.passage(mention.span),
                    form: mention.form,
                })
                .collect(),
        })
        .collect()
}

fn wire_role(role: &entities::Role) -> Role {
    Role {
        text: role.text.clone(),
        office: role.office,
        of: role.of.map(entity_id),
    }
}

fn entity_id(index: usize) -> String {
    format!("e{}", index + 1)
}

/// Three decimals: more would claim a precision that no score has.
fn rounded(score: f64) -> f64 {
    (score.clamp(0.0, 1.0) * 1000.0).round() / 1000.0
}

/// Turns spans of the document into passages of the record.
struct Places<'a> {
    document: &'a Document,
    title: Ruler<'a>,
    text: Ruler<'a>,
}

impl<'a> Places<'a> {
    fn new(document: &'a Document, settings: &Settings) -> Self {
        Places {
            document,
            title: Ruler::new(document.title().unwrap_or_default(), settings.span_unit),
            text: Ruler::new(document.text(), settings.span_unit),
        }
    }

    fn passage(&self, span: Span) -> Passage {
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
