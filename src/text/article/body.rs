//! The body: the field of an article that holds its text.

use serde_json::Value;

use super::fields::{Object, type_name};
use super::html;
use super::{Code, Rejection};

/// How a body is written; better to read ones first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Markup {
    Plain,
    /// Nobody said: HTML where its tags say so, else plain.
    Unmarked,
    /// HTML or XHTML.
    Html,
    /// Anything else that it may be marked as.
    Other,
}

impl Markup {
    /// What a media type (`text/html; charset=utf-8`) says.
    pub fn of(media_type: Option<&str>) -> Self {
        let Some(media_type) = media_type else {
            return Markup::Unmarked;
        };
        let essence = media_type.split(';').next().unwrap_or_default().trim();
        match essence.to_ascii_lowercase().as_str() {
            "text/plain" => Markup::Plain,
            "text/html" | "application/xhtml+xml" => Markup::Html,
            _ => Markup::Other,
        }
    }
}

/// A field that may hold the text.
#[derive(Debug)]
pub struct Body<'a> {
    path: String,
    pub markup: Markup,
    value: &'a Value,
    /// It is a description, which stands in where there is no text.
    is_summary: bool,
}

impl<'a> Body<'a> {
    /// The field, if it is there.
    pub fn of(object: &Object<'a>, name: &str, markup: Markup) -> Option<Self> {
        Some(Body {
            path: object.path(name),
            markup,
            value: object.get(name)?,
            is_summary: false,
        })
    }

    /// The fields that are there, in the order of their names.
    pub fn candidates(object: &Object<'a>, names: &[&str], markup: Markup) -> Vec<Self> {
        names
            .iter()
            .filter_map(|name| Body::of(object, name, markup))
            .collect()
    }

    /// The same field as one that stands in where no other has a text.
    pub fn summary(self) -> Self {
        Body {
            is_summary: true,
            ..self
        }
    }

    fn plain(&self) -> Result<String, Rejection> {
        let reject = |code, message: &str| Err(Rejection::at(code, self.path.as_str(), message));
        let Value::String(raw) = self.value else {
            let found = type_name(self.value);
            return reject(
                Code::NotAnArticle,
                &format!("expected a string, found {found}"),
            );
        };
        let text = match self.markup {
            Markup::Html => html::text(raw),
            Markup::Unmarked if html::is_likely(raw) => html::text(raw),
            Markup::Plain | Markup::Unmarked => raw.clone(),
            Markup::Other => {
                return reject(Code::UnsupportedBody, "neither plain text nor HTML");
            }
        };
        if !text.chars().any(char::is_alphanumeric) {
            return reject(Code::EmptyText, "no letter and no digit in the text");
        }
        Ok(text)
    }
}

/// An article's text.
#[derive(Debug)]
pub struct Text {
    pub plain: String,
    pub is_summary: bool,
}

/// The plain text of the first body that has one; a summary stands in where the others are missing or empty, but not
/// where one of them cannot be read.
///
/// Where none has, the rejection is about the first body: what stands there is what the sender meant to be the text.
pub fn text(bodies: &[Body]) -> Result<Text, Rejection> {
    let mut refused: Option<Rejection> = None;
    for body in bodies {
        let unreadable = refused
            .as_ref()
            .is_some_and(|rejection| rejection.code != Code::EmptyText);
        if body.is_summary && unreadable {
            break;
        }
        match body.plain() {
            Ok(plain) => {
                return Ok(Text {
                    plain,
                    is_summary: body.is_summary,
                });
            }
            Err(rejection) => refused = refused.or(Some(rejection)),
        }
    }
    Err(refused.unwrap_or_else(|| Rejection::new(Code::EmptyText, "no field holds a text")))
}
