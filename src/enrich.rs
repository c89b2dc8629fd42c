//! The only module that knows both sides: a message goes through the text pipeline and becomes an outcome.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Instant;

use tracing::debug;

use crate::metrics::{Metrics, Stage};
use crate::stream::{DeadLetter, Handled, Handler, Header, Message, Output};
use crate::text::article::{Code, Input, Rejection};
use crate::text::document::language;
use crate::text::pipeline::Pipeline;
use crate::text::record::{Record, Source};

/// The stage that a rejection names in its dead letter.
const STAGE: &str = "decode";

/// Turns article messages into record messages.
pub struct Enricher {
    /// Held by a lock so that it can be exchanged while messages are being worked on; each message sees one pipeline.
    pipeline: RwLock<Arc<Pipeline>>,
    max_article_bytes: usize,
    metrics: Metrics,
}

impl Enricher {
    /// `max_article_bytes` bounds a message's value; one byte more is rejected as `too_large`.
    pub fn new(pipeline: Pipeline, max_article_bytes: usize, metrics: Metrics) -> Self {
        show_taxonomy(&metrics, &pipeline);
        Enricher {
            pipeline: RwLock::new(Arc::new(pipeline)),
            max_article_bytes,
            metrics,
        }
    }

    /// Exchanges the pipeline; messages that are being worked on end with the one they began with.
    pub fn replace(&self, pipeline: Pipeline) {
        show_taxonomy(&self.metrics, &pipeline);
        *self
            .pipeline
            .write()
            .unwrap_or_else(PoisonError::into_inner) = Arc::new(pipeline);
    }

    /// The taxonomy in use, its name and a hash of its files (`name@hash`).
    pub fn taxonomy(&self) -> String {
        self.pipeline().taxonomy_version().to_owned()
    }

    fn pipeline(&self) -> Arc<Pipeline> {
        // Nothing can panic while the lock is held, so a poisoned one still holds a whole pipeline.
        let pipeline = self.pipeline.read().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&pipeline)
    }

    fn output(&self, message: &Message, value: &[u8]) -> Result<Output, Rejection> {
        if value.len() > self.max_article_bytes {
            let message = format!(
                "{} bytes, more than max_article_bytes = {}",
                value.len(),
                self.max_article_bytes
            );
            return Err(Rejection::new(Code::TooLarge, message));
        }
        let headers: Vec<_> = message
            .headers
            .iter()
            .map(|header| (header.name.as_str(), header.value.as_deref()))
            .collect();
        let pipeline = self.pipeline();
        let article = self.timed(Stage::Decode, || {
            pipeline.decode(&Input {
                value,
                headers: &headers,
                source: Some(source(message)),
            })
        })?;
        debug!(shape = article.shape.as_str(), "article decoded");
        let record = self.timed(Stage::Analyse, || {
            pipeline.record(article, Some(source(message)))
        });
        let value = self.timed(Stage::Encode, || pipeline.encode(&record));
        self.count(&record);
        let mut headers = carried_over(&message.headers);
        headers.extend(record_headers(&record, pipeline.schema_name()));
        let key = message.key.clone();
        Ok(Output {
            key: key.or_else(|| Some(record.article.id.into_bytes())),
            value: Some(value),
            headers,
        })
    }

    fn timed<T>(&self, stage: Stage, work: impl FnOnce() -> T) -> T {
        let begun = Instant::now();
        let result = work();
        let seconds = begun.elapsed().as_secs_f64();
        self.metrics.processing_seconds.of(stage).observe(seconds);
        result
    }

    fn count(&self, record: &Record) {
        let language = match record.article.language.as_deref() {
            None => "none",
            Some(code) if language::is_known(code) => code,
            // What an article states of itself may be anything, and a series lives as long as the process.
            Some(_) => "other",
        };
        let sections = record.sections.iter().flatten();
        let news_topics = record.topics.iter().flatten();
        self.metrics.record(
            language,
            sections.map(|section| section.id.as_str()),
            news_topics.map(|topic| topic.id.as_str()),
        );
        if let Some(entities) = &record.entities {
            self.metrics.record_entities.observe(entities.len() as f64);
        }
    }
}

impl Handler for Enricher {
    fn handle(&self, message: &Message) -> Handled {
        let Some(value) = &message.value else {
            return without_value(message);
        };
        match self.output(message, value) {
            Ok(output) => Handled::Record(output),
            Err(rejection) => dead_letter(&rejection),
        }
    }
}

fn show_taxonomy(metrics: &Metrics, pipeline: &Pipeline) {
    metrics.set_taxonomy(pipeline.taxonomy_version());
}

/// A null value deletes what has its key, on the output topic as on the input; without a key it says nothing.
fn without_value(message: &Message) -> Handled {
    if message.key.is_none() {
        return dead_letter(&Rejection::new(Code::NoValue, "neither a value nor a key"));
    }
    Handled::Tombstone(Output {
        key: message.key.clone(),
        value: None,
        headers: carried_over(&message.headers),
    })
}

fn dead_letter(rejection: &Rejection) -> Handled {
    Handled::DeadLetter(DeadLetter {
        code: rejection.code.as_str(),
        message: rejection.to_string(),
        stage: STAGE,
    })
}

fn source(message: &Message) -> Source {
    Source {
        input_topic: message.position.input_topic.to_string(),
        partition: message.position.partition,
        offset: message.position.offset,
        timestamp_ms: message.timestamp_ms,
    }
}

/// What a consumer can route by without reading the body. An analysis that was not run has no header; one that found
/// nothing has an empty one.
fn record_headers(record: &Record, schema: &str) -> Vec<Header> {
    let mut headers = vec![
        Header::text("content-type", "application/json"),
        Header::text("newsmill-schema", schema),
    ];
    if let Some(topics) = &record.topics {
        let ids: Vec<&str> = topics.iter().map(|topic| topic.id.as_str()).collect();
        headers.push(Header::text("newsmill-topics", ids.join(",")));
    }
    if let Some(sections) = &record.sections {
        let ids: Vec<&str> = sections.iter().map(|section| section.id.as_str()).collect();
        headers.push(Header::text("newsmill-sections", ids.join(",")));
    }
    if let Some(language) = &record.article.language {
        headers.push(Header::text("newsmill-language", language));
    }
    headers
}

/// The message's headers, without those that are newsmill's to set, those that describe the bytes of the value, and
/// the envelope of a CloudEvent, which a record carries in its body.
fn carried_over(headers: &[Header]) -> Vec<Header> {
    headers
        .iter()
        .filter(|header| !is_replaced(&header.name))
        .cloned()
        .collect()
}

fn is_replaced(name: &str) -> bool {
    // Kafka compares names byte by byte, but senders write "Content-Type" too.
    let name = name.to_ascii_lowercase();
    name == "content-type" || name.starts_with("newsmill-") || name.starts_with("ce_")
}
