//! Which shape an article has, told by its fields.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::fields::Root;
use super::{Article, Rejection, flat, json_ld, news_please, newsapi, ninjs, ninjs_1};

/// What the configuration asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "ArticleFormat")]
pub enum Format {
    /// Recognise each article by its fields.
    #[default]
    Auto,
    Flat,
    Ninjs,
    Newsapi,
    NewsPlease,
    JsonLd,
    Cloudevents,
}

/// The rule that recognised an article.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// schema.org's NewsArticle and its relatives.
    JsonLd,
    /// ninjs 2.x and 3.x, which differ in the case of a few names.
    Ninjs,
    Ninjs1,
    /// NewsAPI.org.
    Newsapi,
    NewsPlease,
    Flat,
}

impl Shape {
    /// A stable name, for logs and explanations.
    pub fn as_str(self) -> &'static str {
        match self {
            Shape::JsonLd => "json_ld",
            Shape::Ninjs => "ninjs",
            Shape::Ninjs1 => "ninjs_1",
            Shape::Newsapi => "newsapi",
            Shape::NewsPlease => "news_please",
            Shape::Flat => "flat",
        }
    }

    /// What it is recognised by, in words.
    pub fn told_by(self) -> &'static str {
        let rule = RULES.iter().find(|rule| rule.shape == self);
        rule.map_or("", |rule| rule.told_by)
    }
}

/// How a shape is told and read.
struct Rule {
    shape: Shape,
    /// What `fits` looks for, in words.
    told_by: &'static str,
    /// The format that pins it.
    format: Format,
    fits: fn(&Root) -> bool,
    read: fn(&Root) -> Result<Article, Rejection>,
}

/// In the order in which they are tried: those with the most telling fields first.
const RULES: [Rule; 6] = [
    Rule {
        shape: Shape::JsonLd,
        told_by: "a node whose @type is an article",
        format: Format::JsonLd,
        fits: json_ld::fits,
        read: json_ld::read,
    },
    Rule {
        shape: Shape::Ninjs,
        told_by: "a list of bodies or headlines",
        format: Format::Ninjs,
        fits: ninjs::fits,
        read: ninjs::read,
    },
    Rule {
        shape: Shape::Ninjs1,
        told_by: "a uri, a body_* or description_* field, and no date by a flat name",
        format: Format::Ninjs,
        fits: ninjs_1::fits,
        read: ninjs_1::read,
    },
    Rule {
        shape: Shape::Newsapi,
        told_by: "a source that is an object, publishedAt, and content or description",
        format: Format::Newsapi,
        fits: newsapi::fits,
        read: newsapi::read,
    },
    Rule {
        shape: Shape::NewsPlease,
        told_by: "maintext, and date_publish, date_download or source_domain",
        format: Format::NewsPlease,
        fits: news_please::fits,
        read: news_please::read,
    },
    Rule {
        shape: Shape::Flat,
        told_by: "a field that may hold a text, and nothing more telling",
        format: Format::Flat,
        fits: flat::fits,
        read: flat::read,
    },
];

/// Reads an article by the first rule that fits, among those that the format allows.
pub fn read(root: &Root, format: Format) -> Result<Article, Rejection> {
    let rule = RULES
        .iter()
        .filter(|rule| format == Format::Auto || format == rule.format)
        .find(|rule| (rule.fits)(root));
    match rule {
        Some(rule) => Ok(Article {
            shape: rule.shape,
            ..(rule.read)(root)?
        }),
        None => Err(root.rejection(match format {
            Format::Auto => "its fields are those of no known shape",
            _ => "its fields are not those of the configured format",
        })),
    }
}
