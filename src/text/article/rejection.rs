//! Why a message is no article.

use std::fmt;

/// A stable name for each reason: metric label, dead-letter header, row in the docs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Code {
    /// The text of every field that could hold it has no letter and no digit.
    EmptyText,
    /// The value is not JSON.
    InvalidJson,
    /// The value is neither UTF-8 nor UTF-16 with its byte order mark.
    InvalidUtf8,
    /// A null value without a key: neither an article nor a tombstone.
    NoValue,
    /// JSON, but not of a shape that is known, or not of the one that the configuration asks for.
    NotAnArticle,
    /// JSON nested deeper than 128 levels, `serde_json`'s limit; the deepest known shape needs about ten.
    TooDeep,
    /// More bytes than `[pipeline] max_article_bytes`.
    TooLarge,
    /// The text is marked as something that cannot be turned into plain text.
    UnsupportedBody,
}

impl Code {
    /// Every code, in alphabetical order.
    pub const ALL: [Code; 8] = [
        Code::EmptyText,
        Code::InvalidJson,
        Code::InvalidUtf8,
        Code::NoValue,
        Code::NotAnArticle,
        Code::TooDeep,
        Code::TooLarge,
        Code::UnsupportedBody,
    ];

    /// The stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Code::EmptyText => "empty_text",
            Code::InvalidJson => "invalid_json",
            Code::InvalidUtf8 => "invalid_utf8",
            Code::NoValue => "no_value",
            Code::NotAnArticle => "not_an_article",
            Code::TooDeep => "too_deep",
            Code::TooLarge => "too_large",
            Code::UnsupportedBody => "unsupported_body",
        }
    }
}

/// Why a message is no article. `Display` gives message and path; neither holds text of the article.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct Rejection {
    pub code: Code,
    /// The field that is at fault (`bodies[0].value`), where it is one.
    pub path: Option<String>,
    pub message: String,
}

impl Rejection {
    /// A rejection that is about the message as a whole.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Rejection {
            code,
            path: None,
            message: message.into(),
        }
    }

    /// The same rejection, of what stands in a field.
    pub fn within(self, path: &str) -> Self {
        Rejection {
            path: Some(path.to_owned()),
            ..self
        }
    }

    /// A rejection that is about one field.
    pub fn at(code: Code, path: impl Into<String>, message: impl Into<String>) -> Self {
        Rejection {
            code,
            path: Some(path.into()),
            message: message.into(),
        }
    }
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.path {
            Some(path) => write!(f, "{path}: {}", self.message),
            None => f.write_str(&self.message),
        }
    }
}
