//! The references in `docs/`, made from the same schemas that `newsmill schema` prints.
//!
//! After a change that is meant: `NEWSMILL_WRITE_DOCS=1 cargo test --release --test contract reference`.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use newsmill::{config, text};
use serde_json::Value;

const CONFIGURATION: &str = "\
# Configuration

Every key, from the code. `newsmill.example.toml` has the same as a file to start from; `newsmill schema config` prints the
JSON Schema. Only `[kafka]` is required.

An environment variable overrides a key: `NEWSMILL_KAFKA__BOOTSTRAP_SERVERS` is `kafka.bootstrap_servers`. Lists are separated
by commas there; in names of librdkafka properties `_` stands for each dot: `NEWSMILL_KAFKA__PROPERTIES__SASL_PASSWORD`. A key
that ends in `_file` takes its value from that file, which is never shown: `\"sasl.password_file\" = \"/run/secrets/password\"`.
";

const RECORD: &str = "\
# The record, version 1

Every field, from the code; `newsmill schema record` prints the JSON Schema. Within the version fields may be added; none
changes its meaning. A field that may be left out is marked so: it was not looked for. An empty list means that none was found.
Spans are half-open, counted in `span_unit`. The same article and the same version give the same bytes.
";

#[test]
fn the_configuration_reference_is_the_codes_own() {
    holds("configuration.md", CONFIGURATION, &config::schema());
}

#[test]
fn the_record_reference_is_the_codes_own() {
    holds("record.md", RECORD, &text::record::schema());
}

fn holds(file: &str, introduction: &str, schema: &Value) {
    let mut reference = Reference {
        schema,
        seen: BTreeSet::new(),
        text: introduction.to_owned(),
    };
    reference.section(schema);
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("docs")
        .join(file);
    if std::env::var_os("NEWSMILL_WRITE_DOCS").is_some() {
        std::fs::write(&path, &reference.text).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap();
    for (number, (made, written)) in reference.text.lines().zip(written.lines()).enumerate() {
        assert_eq!(made, written, "docs/{file}:{}", number + 1);
    }
    assert_eq!(reference.text, written, "docs/{file}");
}

/// Markdown of a schema: a table for each object, the root's first, each once.
struct Reference<'a> {
    schema: &'a Value,
    seen: BTreeSet<String>,
    text: String,
}

impl<'a> Reference<'a> {
    fn section(&mut self, object: &'a Value) {
        let required = |name: &str| {
            let names = object["required"].as_array();
            names.is_some_and(|names| names.iter().any(|each| each == name))
        };
        let fields = object["properties"].as_object().unwrap();
        let mut inner = Vec::new();
        let mut table = String::new();
        for (name, field) in fields {
            let (kind, referred) = self.kind(field);
            inner.extend(referred);
            let mut meaning = words(field);
            if meaning.is_empty() {
                meaning = words(self.resolve(field).1);
            }
            let optional = if required(name) || field.get("default").is_some() {
                ""
            } else {
                ", may be left out"
            };
            writeln!(table, "| `{name}` | {kind}{optional} | {meaning} |").unwrap();
        }
        writeln!(
            self.text,
            "\n| name | what | meaning |\n|---|---|---|\n{table}"
        )
        .unwrap();
        for (name, object) in inner {
            if self.seen.insert(name.to_owned()) {
                writeln!(self.text, "## {}\n\n{}", title(name, object), words(object)).unwrap();
                self.section(object);
            }
        }
    }

    /// What a field holds, and the objects with sections of their own in it.
    fn kind(&self, field: &'a Value) -> (String, Vec<(&'a str, &'a Value)>) {
        let (name, target) = self.resolve(field);
        if let Some(alternatives) = field["anyOf"].as_array() {
            let kinds = alternatives.iter().map(|each| self.kind(each));
            let (kinds, inner): (Vec<_>, Vec<_>) = kinds.unzip();
            return (kinds.join(" or "), inner.concat());
        }
        if target["properties"].is_object() {
            // Without a definition of its own it has a name of its own: a section's.
            let name = name.or(target["description"].as_str()).unwrap_or_default();
            let title = title(name, target);
            let anchor = title.to_lowercase().replace(['[', ']', '`', '.'], "");
            return (format!("[{title}](#{anchor})"), vec![(name, target)]);
        }
        let choices = choices(target);
        if !choices.is_empty() {
            let choices: Vec<String> = choices.iter().map(|word| format!("`{word}`")).collect();
            return (choices.join(", "), Vec::new());
        }
        match &target["type"] {
            Value::String(kind) if kind == "array" => {
                let (kind, inner) = self.kind(&target["items"]);
                (format!("list of {kind}"), inner)
            }
            Value::String(kind) => (kind.clone(), Vec::new()),
            Value::Array(kinds) => {
                let kinds: Vec<&str> = kinds.iter().filter_map(Value::as_str).collect();
                (kinds.join(" or "), Vec::new())
            }
            _ => ("any".to_owned(), Vec::new()),
        }
    }

    /// Follows a reference: the definition's name, where it was one, and what it is.
    fn resolve(&self, field: &'a Value) -> (Option<&'a str>, &'a Value) {
        let Some(reference) = field["$ref"].as_str() else {
            return (None, field);
        };
        let target = self.schema.pointer(reference.trim_start_matches('#'));
        (reference.rsplit('/').next(), target.unwrap())
    }
}

/// A section of the configuration file by its name there, any other object by its type's.
fn title(name: &str, object: &Value) -> String {
    let description = object["description"].as_str().unwrap_or_default();
    match description
        .strip_prefix('`')
        .and_then(|rest| rest.split_once("`: "))
    {
        Some((section, _)) => format!("`{section}`"),
        None => name.to_owned(),
    }
}

/// An object's description, without the section's name before it.
fn words(object: &Value) -> String {
    let description = object["description"].as_str().unwrap_or_default();
    let description = match description
        .strip_prefix("`[")
        .and_then(|rest| rest.split_once("`: "))
    {
        Some((_, rest)) => rest,
        None => description,
    };
    let text = description.replace('\n', " ").replace('|', "\\|");
    let mut letters = text.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => text,
    }
}

fn choices(schema: &Value) -> Vec<&str> {
    let alternatives = schema["oneOf"].as_array().into_iter().flatten();
    alternatives
        .chain(std::iter::once(schema))
        .flat_map(|each| {
            let listed = each["enum"].as_array().into_iter().flatten();
            listed.chain(each.get("const")).filter_map(Value::as_str)
        })
        .collect()
}
