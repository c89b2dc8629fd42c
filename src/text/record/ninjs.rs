//! A record as an item of ninjs 3.1, the IPTC's news exchange format.
//!
//! What ninjs has no field for is left out: evidence, spans, roles, agreements, groups, warnings.

use serde::Serialize;

use super::{Entity, Record, Topic};
use crate::text::article::Status;
use crate::text::entities::Kind;

/// Where the schema of the standard is published.
const SCHEMA: &str = "http://www.iptc.org/std/ninjs/ninjs-schema_3.1.json#";

/// Who is named as the creator of a subject.
const CREATOR: &str = "newsmill";

/// A ninjs item with the fields that a record can fill.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Item<'a> {
    standard: Standard,
    uri: String,
    #[serde(rename = "type")]
    kind: &'static str,
    representation_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    first_created: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    version_created: Option<&'a str>,
    pub_status: Status,
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    headlines: Vec<Text<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    bodies: Vec<Text<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    info_sources: Vec<Thing<'a>>,
    subjects: Vec<Subject<'a>>,
    people: Vec<Thing<'a>>,
    organisations: Vec<Thing<'a>>,
    places: Vec<Thing<'a>>,
    events: Vec<Thing<'a>>,
    objects: Vec<Thing<'a>>,
    alt_ids: Vec<AltId<'a>>,
}

#[derive(Debug, Serialize)]
struct Standard {
    name: &'static str,
    version: &'static str,
    schema: &'static str,
}

/// A headline or a body.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Text<'a> {
    role: &'static str,
    content_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    char_count: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    word_count: Option<u32>,
    value: &'a str,
}

/// A section or a topic.
#[derive(Debug, Serialize)]
struct Subject<'a> {
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    uri: Option<String>,
    literal: &'a str,
    creator: &'static str,
    /// Per cent.
    confidence: u8,
}

/// A named thing.
#[derive(Debug, Serialize)]
struct Thing<'a> {
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    uri: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    literal: Option<&'a str>,
}

#[derive(Debug, Serialize)]
struct AltId<'a> {
    role: &'static str,
    value: &'a str,
}

impl<'a> Item<'a> {
    pub fn of(record: &'a Record) -> Self {
        let article = &record.article;
        let things = |kinds: &[Kind]| {
            let entities = record.entities.iter().flatten();
            entities
                .filter(|entity| kinds.contains(&entity.kind))
                .map(thing)
                .collect()
        };
        let mut alt_ids = vec![AltId {
            role: "newsmill",
            value: &record.id,
        }];
        if !is_uri(&article.id) && article.id != record.id {
            alt_ids.push(AltId {
                role: "article",
                value: &article.id,
            });
        }
        Item {
            standard: Standard {
                name: "ninjs",
                version: "3.1",
                schema: SCHEMA,
            },
            uri: uri(record),
            kind: "text",
            representation_type: match article.text {
                Some(_) => "full",
                None => "partial",
            },
            first_created: article.published_at.as_deref(),
            version_created: article
                .updated_at
                .as_deref()
                .or(article.published_at.as_deref()),
            pub_status: article.status,
            language: article.language.as_deref(),
            by: (!article.authors.is_empty()).then(|| article.authors.join(", ")),
            headlines: article.title.iter().map(|title| headline(title)).collect(),
            bodies: article
                .text
                .iter()
                .map(|text| body(text, article.words))
                .collect(),
            info_sources: article
                .publisher
                .iter()
                .map(|name| Thing {
                    name,
                    uri: None,
                    literal: None,
                })
                .collect(),
            subjects: subjects(record),
            people: things(&[Kind::Person]),
            organisations: things(&[Kind::Organization, Kind::Media]),
            places: things(&[Kind::Country, Kind::Place]),
            events: things(&[Kind::Event]),
            objects: things(&[Kind::Equipment]),
            alt_ids,
        }
    }
}

/// The article's id or url where it is a URI, as ninjs asks for; else a name made of the record's id.
fn uri(record: &Record) -> String {
    let own = [Some(&record.article.id), record.article.url.as_ref()];
    match own.into_iter().flatten().find(|id| is_uri(id)) {
        Some(uri) => uri.clone(),
        None => format!("urn:newsmill:{}", record.id),
    }
}

/// A scheme, a colon and characters that RFC 3986 allows.
fn is_uri(id: &str) -> bool {
    let Some((scheme, rest)) = id.split_once(':') else {
        return false;
    };
    let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    let is_rest = |byte: u8| byte.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(&byte);
    is_scheme && !rest.is_empty() && rest.bytes().all(is_rest)
}

fn headline(title: &str) -> Text<'_> {
    Text {
        role: "main",
        content_type: "text/plain",
        char_count: None,
        word_count: None,
        value: title,
    }
}

fn body(text: &str, words: u32) -> Text<'_> {
    Text {
        char_count: Some(text.chars().count()),
        word_count: Some(words),
        ..headline(text)
    }
}

/// The sections, then the topics: one subject for each of a topic's Media Topics, or one without a URI where it has
/// none.
fn subjects(record: &Record) -> Vec<Subject<'_>> {
    let sections = record.sections.iter().flatten().map(|section| Subject {
        name: &section.id,
        uri: media_topic(&section.code),
        literal: &section.code,
        creator: CREATOR,
        confidence: per_cent(section.score),
    });
    let topics = record.topics.iter().flatten().flat_map(topic_subjects);
    sections.chain(topics).collect()
}

fn topic_subjects(topic: &Topic) -> Vec<Subject<'_>> {
    let subject = |uri| Subject {
        name: &topic.name,
        uri,
        literal: &topic.id,
        creator: CREATOR,
        confidence: per_cent(topic.score),
    };
    match topic.codes.iptc.as_slice() {
        [] => vec![subject(None)],
        codes => codes
            .iter()
            .map(|code| subject(media_topic(code)))
            .collect(),
    }
}

/// The concept URI of a code like `medtop:20000643`.
fn media_topic(code: &str) -> Option<String> {
    let digits = code.strip_prefix("medtop:")?;
    Some(format!("http://cv.iptc.org/newscodes/mediatopic/{digits}"))
}

fn thing(entity: &Entity) -> Thing<'_> {
    let wikidata = |id| format!("http://www.wikidata.org/entity/{id}");
    Thing {
        name: &entity.name,
        uri: entity.wikidata.as_ref().map(wikidata),
        literal: entity.iso.as_deref(),
    }
}

fn per_cent(score: f64) -> u8 {
    // A score is between 0 and 1, so this fits.
    (score * 100.0).round() as u8
}
