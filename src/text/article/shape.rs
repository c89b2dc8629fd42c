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
}

/// How a shape is told and read.
struct Rule {
    shape: Shape,
    /// The format that pins it.
    format: Format,
    fits: fn(&Root) -> bool,
    read: fn(&Root) -> Result<Article, Rejection>,
}

/// In the order in which they are tried: those with the most telling fields first.
const RULES: [Rule; 6] = [
    Rule {
        shape: Shape::JsonLd,
        format: Format::JsonLd,
        fits: json_ld::fits,
        read: json_ld::read,
    },
    Rule {
        shape: Shape::Ninjs,
        format: Format::Ninjs,
        fits: ninjs::fits,
        read: ninjs::read,
    },
    Rule {
        shape: Shape::Ninjs1,
        format: Format::Ninjs,
        fits: ninjs_1::fits,
        read: ninjs_1::read,
    },
    Rule {
        shape: Shape::Newsapi,
        format: Format::Newsapi,
        fits: newsapi::fits,
        read: newsapi::read,
    },
    Rule {
        shape: Shape::NewsPlease,
        format: Format::NewsPlease,
        fits: news_please::fits,
        read: news_please::read,
    },
    Rule {
        shape: Shape::Flat,
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
