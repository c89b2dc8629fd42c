//! Which shape an article has, told by its fields.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::fields::Object;
use super::{Code, Rejection, flat, ninjs};

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
    Flat,
    /// ninjs 2.x and 3.x, which differ in the case of a few names.
    Ninjs,
}

impl Shape {
    /// A stable name, for logs and explanations.
    pub fn as_str(self) -> &'static str {
        match self {
            Shape::Flat => "flat",
            Shape::Ninjs => "ninjs",
        }
    }
}

/// How a shape is told.
struct Rule {
    shape: Shape,
    /// The format that pins it.
    format: Format,
    fits: fn(&Object) -> bool,
}

/// In the order in which they are tried: those with the most telling fields first.
const RULES: [Rule; 2] = [
    Rule {
        shape: Shape::Ninjs,
        format: Format::Ninjs,
        fits: ninjs::fits,
    },
    Rule {
        shape: Shape::Flat,
        format: Format::Flat,
        fits: flat::fits,
    },
];

/// Finds the shape, among those that the format allows.
pub fn recognise(object: &Object, format: Format) -> Result<Shape, Rejection> {
    RULES
        .iter()
        .filter(|rule| format == Format::Auto || format == rule.format)
        .find(|rule| (rule.fits)(object))
        .map(|rule| rule.shape)
        .ok_or_else(|| {
            Rejection::new(
                Code::NotAnArticle,
                match format {
                    Format::Auto => "its fields are those of no known shape",
                    _ => "its fields are not those of the configured format",
                },
            )
        })
}
