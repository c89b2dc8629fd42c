//! From the article, its document and what the stages found to a record.

use super::identity::record_id;
use super::places::Places;
use super::{
    Amount, Article, Codes, Coverage, DateMention, Entity, Mention, Passage, PipelineInfo, Record,
    Role, SchemaName, Section, Source, Topic,
};
use crate::text::document::{Document, Span, fingerprint};
use crate::text::settings::Settings;
use crate::text::topics::{Contribution, Scorer, Scores};
use crate::text::warning::Warning;
use crate::text::{article, entities, values};

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
    pub scores: Scores,
    pub amounts: Vec<values::Amount>,
    pub dates: Vec<values::DateValue>,
}

/// Everything that goes into a record; `findings` is `None` where no analysis knows the language.
pub struct Parts<'a> {
    pub article: &'a article::Article,
    pub document: &'a Document,
    pub language: Language,
    pub findings: Option<&'a Findings>,
    pub source: Option<Source>,
}

/// What is the same for every record of a pipeline.
pub struct Context<'a> {
    pub settings: &'a Settings,
    pub info: &'a PipelineInfo,
    /// Knows the names and codes of what was scored.
    pub scorer: &'a Scorer,
}

/// Puts a record together. Spans become counts of the settings' unit here and nowhere else.
pub fn assemble(parts: Parts, context: &Context) -> Record {
    let settings = context.settings;
    let places = Places::new(parts.document, settings.span_unit);
    let mut warnings = parts.article.warnings.clone();
    let amounts = parts.findings.iter().flat_map(|findings| &findings.amounts);
    if amounts.clone().any(|amount| amount.currency.is_none()) {
        warnings.push(Warning::UnresolvedCurrency);
    }
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
        sections: parts
            .findings
            .map(|findings| wire_sections(&findings.scores, context.scorer)),
        topics: parts
            .findings
            .map(|findings| wire_topics(&findings.scores, context.scorer, &places)),
        entities: parts
            .findings
            .map(|findings| wire_entities(&findings.entities, &places)),
        amounts: parts
            .findings
            .map(|findings| wire_amounts(&findings.amounts, &places)),
        dates: parts
            .findings
            .map(|findings| wire_dates(&findings.dates, &places)),
        fingerprint: format!("{:016x}", fingerprint::simhash(parts.document)),
        warnings,
        pipeline: context.info.clone(),
    }
}

fn article_fields(parts: &Parts, record_id: &str, settings: &Settings) -> Article {
    let article = parts.article;
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

fn wire_sections(scores: &Scores, scorer: &Scorer) -> Vec<Section> {
    scores
        .reported_sections()
        .map(|score| {
            let section = &scorer.sections()[score.section];
            Section {
                id: section.id.clone(),
                code: section.codes.iptc.first().cloned().unwrap_or_default(),
                score: rounded(score.score.into()),
            }
        })
        .collect()
}

fn wire_topics(scores: &Scores, scorer: &Scorer, places: &Places) -> Vec<Topic> {
    scores
        .reported()
        .map(|score| {
            let topic = &scorer.topics()[score.topic];
            Topic {
                id: topic.id.clone(),
                name: topic.name.clone(),
                score: rounded(score.score.into()),
                codes: Codes {
                    iptc: topic.codes.iptc.clone(),
                    cameo: topic.codes.cameo.clone(),
                    plover: topic.codes.plover.clone(),
                    gdelt: topic.codes.gdelt.clone(),
                },
                evidence: evidence(&score.contributions, places),
            }
        })
        .collect()
}

/// Passages of evidence that a topic carries at most: a page full of one word must not make a record many times as
/// long as its article, and nobody reads more.
const MAX_EVIDENCE: usize = 50;

/// The first passages that speak for a topic, each once.
fn evidence(contributions: &[Contribution], places: &Places) -> Vec<Passage> {
    let mut spans: Vec<Span> = contributions
        .iter()
        .filter(|contribution| contribution.weight > 0.0)
        .flat_map(|contribution| contribution.spans.iter().copied())
        .collect();
    spans.sort_unstable();
    spans.dedup();
    spans.truncate(MAX_EVIDENCE);
    spans.into_iter().map(|span| places.passage(span)).collect()
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

fn wire_amounts(amounts: &[values::Amount], places: &Places) -> Vec<Amount> {
    amounts
        .iter()
        .map(|amount| Amount {
            passage: places.passage(amount.span),
            value: amount.value.clone(),
            currency: amount.currency.clone(),
            approx: amount.approx,
        })
        .collect()
}

fn wire_dates(dates: &[values::DateValue], places: &Places) -> Vec<DateMention> {
    dates
        .iter()
        .map(|date| DateMention {
            passage: places.passage(date.span),
            value: date.value.clone(),
        })
        .collect()
}

fn entity_id(index: usize) -> String {
    format!("e{}", index + 1)
}

/// Three decimals: more would claim a precision that no score has.
fn rounded(score: f64) -> f64 {
    (score.clamp(0.0, 1.0) * 1000.0).round() / 1000.0
}
