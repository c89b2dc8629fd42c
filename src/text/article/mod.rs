//! The article: what a message's bytes say, whichever shape they came in.
//!
//! Bytes become JSON ([`json`]), an envelope is taken off ([`cloudevents`]), the JSON's fields say which [`shape`] it
//! is, and that shape's file reads it: one file a shape, each with a `fits` and a `read`. What they share is in
//! [`fields`], [`date`], [`body`] and [`html`]. This is the only stage that can fail, and every failure is a
//! [`Rejection`] with a stable code.

mod body;
mod date;
mod fields;
mod html;
mod json;
mod rejection;
mod shape;

mod cloudevents;
mod flat;
mod json_ld;
mod news_please;
mod newsapi;
mod ninjs;
mod ninjs_1;

pub use rejection::{Code, Rejection};
pub use shape::{Format, Shape};

use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::record::Source;
use super::warning::Warning;
use body::Text;
use fields::Root;

/// A message as the text side sees it.
#[derive(Clone, Debug)]
pub struct Input<'a> {
    pub value: &'a [u8],
    /// Names and values; a value may be null.
    pub headers: &'a [(&'a str, Option<&'a [u8]>)],
    /// Where the message stood, if it came from Kafka.
    pub source: Option<Source>,
}

/// An article, whichever shape it came in. Strings are trimmed and never empty; title and text are as they came, the
/// document normalises them.
#[derive(Clone, Debug, PartialEq)]
pub struct Article {
    /// The rule that recognised it.
    pub shape: Shape,
    pub id: Option<String>,
    pub url: Option<String>,
    pub title: Option<String>,
    /// Plain text with at least one letter or digit.
    pub text: String,
    pub publisher: Option<String>,
    pub authors: Vec<String>,
    /// ISO 639-1, as the article states it.
    pub language: Option<String>,
    pub published_at: Option<Timestamp>,
    pub updated_at: Option<Timestamp>,
    pub status: Status,
    pub keywords: Vec<String>,
    pub cloudevent: Option<CloudEvent>,
    pub warnings: Vec<Warning>,
}

/// May it be published? Carried into the record, never acted upon.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    #[default]
    Usable,
    Withheld,
    /// A kill notice.
    Canceled,
}

/// The envelope of an article that came as a CloudEvent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CloudEvent {
    pub id: String,
    pub source: String,
    #[serde(rename = "type")]
    pub kind: String,
    /// As the event states it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub time: Option<String>,
}

impl Status {
    /// What ninjs says; anything else is usable.
    fn of(status: Option<&str>) -> Self {
        match status {
            Some("withheld") => Status::Withheld,
            Some("canceled") => Status::Canceled,
            _ => Status::Usable,
        }
    }
}

/// Reads an article.
///
/// # Errors
///
/// [`Rejection`] where the bytes are no article of the asked-for format.
pub fn decode(input: &Input, format: Format) -> Result<Article, Rejection> {
    let value = json::parse(input.value)?;
    let root = Root::message(&value);
    let enveloped = matches!(format, Format::Auto | Format::Cloudevents);
    let (event, mut article) = match cloudevents::of_message(&root).filter(|_| enveloped) {
        Some(event) => {
            let data = cloudevents::data(&root)?;
            (Some(event), shape::read(&data.root(), Format::Auto)?)
        }
        None => {
            let event = cloudevents::of_headers(input.headers);
            let format = match format {
                Format::Cloudevents if event.is_some() => Format::Auto,
                format => format,
            };
            (event, shape::read(&root, format)?)
        }
    };
    article.cloudevent = event;
    article.complete(input.source.as_ref());
    Ok(article)
}

/// Where a date of publication starts to be plausible: news has been published as data since about then, and the zero
/// of every usual epoch lies before it.
const EARLIEST: Timestamp = Timestamp::constant(631_152_000, 0);

/// How much later than its message an article may be published: zones left out or misread make a day, and a
/// schedule another.
const AHEAD: SignedDuration = SignedDuration::from_hours(48);

impl Article {
    /// An article that so far has a text; its shape is that of the rule that reads it.
    fn new(text: Text) -> Self {
        let from_description = text.is_summary.then_some(Warning::TextFromDescription);
        Article {
            shape: Shape::Flat,
            id: None,
            url: None,
            title: None,
            text: text.plain,
            publisher: None,
            authors: Vec::new(),
            language: None,
            published_at: None,
            updated_at: None,
            status: Status::Usable,
            keywords: Vec::new(),
            cloudevent: None,
            warnings: from_description.into_iter().collect(),
        }
    }

    /// Takes over ninjs' dates: when the first version of an item was created, when this one was, when its content
    /// was. The first that is stated is the date of publication; a version's own date after a first one is a change.
    fn versions(
        &mut self,
        first: Option<&Value>,
        version: Option<&Value>,
        content: Option<&Value>,
    ) {
        self.published(first.or(version).or(content));
        if first.is_some() {
            self.updated(version);
        }
    }

    /// What all shapes have in common: an id that is a web address is the url too, and dates must be plausible.
    fn complete(&mut self, source: Option<&Source>) {
        if self.url.is_none() {
            let is_address = |id: &&String| id.starts_with("https://") || id.starts_with("http://");
            self.url = self.id.as_ref().filter(is_address).cloned();
        }
        self.judge_dates(source);
    }

    /// Takes over when it was published; one that cannot be read is a warning.
    fn published(&mut self, date: Option<&Value>) {
        let Some(date) = date else { return };
        match date::read(date) {
            Some(date) => self.published_at = Some(self.in_utc(date)),
            None => self.warnings.push(Warning::UnreadablePublishedAt),
        }
    }

    /// Takes over when it was last changed; one that cannot be read is a warning.
    fn updated(&mut self, date: Option<&Value>) {
        let Some(date) = date else { return };
        match date::read(date) {
            Some(date) => self.updated_at = Some(self.in_utc(date)),
            None => self.warnings.push(Warning::UnreadableUpdatedAt),
        }
    }

    fn judge_dates(&mut self, source: Option<&Source>) {
        let Some(published) = self.published_at else {
            if !self.warnings.contains(&Warning::UnreadablePublishedAt) {
                self.warnings.push(Warning::MissingPublishedAt);
            }
            return;
        };
        let consumed = source
            .and_then(|source| source.timestamp_ms)
            .and_then(|milliseconds| Timestamp::from_millisecond(milliseconds).ok());
        let ahead = consumed.is_some_and(|consumed| published.duration_since(consumed) > AHEAD);
        if published < EARLIEST || ahead {
            self.warnings.push(Warning::ImplausiblePublishedAt);
        }
    }

    fn in_utc(&mut self, date: date::Date) -> Timestamp {
        if date.assumed_utc {
            self.warnings.push(Warning::AssumedUtc);
        }
        date.at
    }
}
