//! Looking fields up in the JSON of strangers: several names for one thing, and more than one type for a value.

use serde_json::{Map, Value};

use super::{Code, Rejection};

/// A JSON value that may be an article, and where it stands in the message.
#[derive(Clone, Debug)]
pub struct Root<'a> {
    path: &'static str,
    value: &'a Value,
}

impl<'a> Root<'a> {
    /// The message itself.
    pub fn message(value: &'a Value) -> Self {
        Root { path: "", value }
    }

    /// The content of an envelope's field.
    pub fn content(path: &'static str, value: &'a Value) -> Self {
        Root { path, value }
    }

    /// The object that it is.
    pub fn object(&self) -> Result<Object<'a>, Rejection> {
        match self.value {
            Value::Object(fields) => Ok(Object {
                path: self.path.to_owned(),
                fields,
            }),
            other => {
                let found = type_name(other);
                Err(self.rejection(&format!("expected an object, found {found}")))
            }
        }
    }

    /// That it is no article.
    pub fn rejection(&self, message: &str) -> Rejection {
        Rejection {
            code: Code::NotAnArticle,
            path: (!self.path.is_empty()).then(|| self.path.to_owned()),
            message: message.to_owned(),
        }
    }

    /// The objects in it: itself, or those that it lists.
    pub fn objects(&self) -> Vec<Object<'a>> {
        match self.value {
            Value::Array(items) => listed(self.path, items),
            _ => self.object().into_iter().collect(),
        }
    }
}

/// A JSON object and where it stands in the message.
#[derive(Clone, Debug)]
pub struct Object<'a> {
    path: String,
    fields: &'a Map<String, Value>,
}

impl<'a> Object<'a> {
    /// The path of one of its fields.
    pub fn path(&self, name: &str) -> String {
        match self.path.as_str() {
            "" => name.to_owned(),
            path => format!("{path}.{name}"),
        }
    }

    /// The names of its fields, in alphabetical order.
    pub fn field_names(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.fields.keys().map(String::as_str)
    }

    /// Whether one of the fields is there and not null.
    pub fn has(&self, names: &[&str]) -> bool {
        names.iter().any(|name| self.get(name).is_some())
    }

    /// A field, unless it is missing or null.
    pub fn get(&self, name: &str) -> Option<&'a Value> {
        self.fields.get(name).filter(|value| !value.is_null())
    }

    /// The first of the fields that says anything: not null, not blank, not empty.
    pub fn first(&self, names: &[&str]) -> Option<&'a Value> {
        names
            .iter()
            .filter_map(|name| self.get(name))
            .find(|value| match value {
                Value::String(text) => !text.trim().is_empty(),
                Value::Array(items) => !items.is_empty(),
                Value::Object(fields) => !fields.is_empty(),
                _ => true,
            })
    }

    /// The first of the fields that is a string with more than white space, trimmed.
    pub fn text(&self, names: &[&str]) -> Option<&'a str> {
        names
            .iter()
            .find_map(|name| self.get(name).and_then(Value::as_str).and_then(filled))
    }

    /// As [`text`](Self::text), in a string of its own.
    pub fn string(&self, names: &[&str]) -> Option<String> {
        self.text(names).map(str::to_owned)
    }

    /// The first of the fields that is a string or a number, as a string.
    pub fn identifier(&self, names: &[&str]) -> Option<String> {
        names
            .iter()
            .find_map(|name| self.get(name).and_then(identifier))
    }

    /// The first of the fields that gives a name: a string, an object with a `name`, or a list whose first gives one.
    pub fn name(&self, names: &[&str]) -> Option<String> {
        self.names(names).into_iter().next()
    }

    /// The names in the first of the fields that has any: strings, objects with a `name`, or lists of them.
    pub fn names(&self, names: &[&str]) -> Vec<String> {
        names
            .iter()
            .filter_map(|name| self.get(name))
            .map(|value| match value {
                Value::Array(items) => items.iter().filter_map(named).collect(),
                value => named(value).into_iter().collect(),
            })
            .find(|found: &Vec<String>| !found.is_empty())
            .unwrap_or_default()
    }

    /// The language in the first of the fields that states one, as ISO 639-1 (`en` for `en-GB`).
    pub fn language(&self, names: &[&str]) -> Option<String> {
        names.iter().find_map(|name| {
            let tag = self.get(name)?.as_str()?.trim();
            let primary = tag.split(['-', '_']).next()?;
            let two_letters =
                primary.len() == 2 && primary.bytes().all(|b| b.is_ascii_alphabetic());
            two_letters.then(|| primary.to_ascii_lowercase())
        })
    }

    /// Keywords in the first of the fields that has any: a list, or a string that commas or semicolons part.
    pub fn keywords(&self, names: &[&str]) -> Vec<String> {
        let parts = self
            .text(names)
            .map(|text| text.split([',', ';']).filter_map(filled));
        match parts {
            Some(parts) => parts.map(str::to_owned).collect(),
            None => self.names(names),
        }
    }

    /// Authors as [`names`](Self::names) has them, without the "By" of a byline.
    pub fn authors(&self, names: &[&str]) -> Vec<String> {
        let by = |name: &String| {
            name.get(..3)
                .is_some_and(|by| by.eq_ignore_ascii_case("by "))
        };
        let mut authors = self.names(names);
        for author in &mut authors {
            if by(author) {
                *author = author[3..].trim_start().to_owned();
            }
        }
        authors
    }

    /// The objects in a list; none where the field is no list.
    pub fn objects(&self, name: &str) -> Vec<Object<'a>> {
        match self.get(name) {
            Some(Value::Array(items)) => listed(&self.path(name), items),
            _ => Vec::new(),
        }
    }
}

fn listed<'a>(path: &str, items: &'a [Value]) -> Vec<Object<'a>> {
    let object = |(at, item): (usize, &'a Value)| {
        Some(Object {
            path: format!("{path}[{at}]"),
            fields: item.as_object()?,
        })
    };
    items.iter().enumerate().filter_map(object).collect()
}

/// What JSON calls the type of a value, for messages.
pub fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

fn filled(text: &str) -> Option<&str> {
    Some(text.trim()).filter(|text| !text.is_empty())
}

fn identifier(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => filled(text).map(str::to_owned),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn named(value: &Value) -> Option<String> {
    let name = match value {
        Value::Object(fields) => fields.get("name")?,
        value => value,
    };
    name.as_str().and_then(filled).map(str::to_owned)
}
