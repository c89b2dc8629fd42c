//! Looking fields up in the JSON of strangers: several names for one thing, and more than one type for a value.

use serde_json::{Map, Value};

use super::{Code, Rejection};

/// A JSON object and where it stands in the message.
#[derive(Clone, Debug)]
pub struct Object<'a> {
    path: String,
    fields: &'a Map<String, Value>,
}

impl<'a> Object<'a> {
    /// The message itself.
    pub fn root(value: &'a Value) -> Result<Self, Rejection> {
        match value {
            Value::Object(fields) => Ok(Object {
                path: String::new(),
                fields,
            }),
            other => Err(Rejection::new(
                Code::NotAnArticle,
                format!("expected an object, found {}", type_name(other)),
            )),
        }
    }

    /// The path of one of its fields.
    pub fn path(&self, name: &str) -> String {
        match self.path.as_str() {
            "" => name.to_owned(),
            path => format!("{path}.{name}"),
        }
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

    /// The objects in a list; none where the field is no list.
    pub fn objects(&self, name: &str) -> Vec<Object<'a>> {
        let Some(Value::Array(items)) = self.get(name) else {
            return Vec::new();
        };
        items
            .iter()
            .enumerate()
            .filter_map(|(i, item)| {
                Some(Object {
                    path: format!("{}[{i}]", self.path(name)),
                    fields: item.as_object()?,
                })
            })
            .collect()
    }
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
