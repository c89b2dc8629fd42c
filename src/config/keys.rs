//! Every key that the configuration knows, read from the schema of [`Config`](super::Config).

use std::sync::LazyLock;

use serde_json::Value;

use super::error::Problem;
use super::layers::Entries;

/// A key that can be set.
#[derive(Clone, Debug)]
pub struct Key {
    /// The full path, `kafka.output_topic`.
    pub path: String,
    pub kind: Kind,
    /// It has no default, and its section is of no use without it.
    pub required: bool,
    /// Meaning, unit, default and why.
    pub description: String,
}

/// What a key takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    Text,
    /// One of these words.
    Choice(Vec<String>),
    Integer,
    Number,
    Boolean,
    List,
    /// A table whose keys are librdkafka's.
    Properties,
}

static KEYS: LazyLock<Vec<Key>> = LazyLock::new(|| {
    let schema = super::schema();
    let mut keys = Vec::new();
    collect(&schema, &schema, "", &mut keys);
    keys
});

/// Similarity, 0 to 1, from which on a name is taken for a misspelling of another: two slips in a word of eight.
const SIMILAR: f64 = 0.7;

/// Every key, in the order of the schema.
pub fn all() -> &'static [Key] {
    &KEYS
}

/// The key of this path; for a librdkafka property the table that it stands in.
pub fn find(path: &str) -> Option<&'static Key> {
    match property(path) {
        Some((map, _)) => KEYS.iter().find(|key| key.path == map),
        None => KEYS
            .iter()
            .find(|key| key.path == path && key.kind != Kind::Properties),
    }
}

/// Splits the path of a librdkafka property into its table and its name.
pub fn property(path: &str) -> Option<(&str, &str)> {
    let maps = KEYS.iter().filter(|key| key.kind == Kind::Properties);
    maps.map(|key| key.path.len()).find_map(|end| {
        let (map, name) = path.split_at_checked(end)?;
        let known = KEYS
            .iter()
            .any(|key| key.kind == Kind::Properties && key.path == map);
        Some((map, name.strip_prefix('.')?)).filter(|_| known)
    })
}

/// Why this path is no key, and a hint at the one that was meant.
pub fn unknown(path: &str) -> Option<(String, Option<String>)> {
    if find(path).is_some() {
        return None;
    }
    if is_section(path) {
        return Some(("this is a section, not a key".to_owned(), None));
    }
    Some(("unknown key".to_owned(), meant(path)))
}

/// The required keys that are not given.
pub fn missing(given: &Entries) -> Vec<Problem> {
    let required = KEYS
        .iter()
        .filter(|key| key.required && !given.contains_key(&key.path));
    required
        .map(|key| Problem::new(&key.path, "missing, and it has no default"))
        .collect()
}

/// The choice of a key that is spelt most like this value.
pub fn nearest_choice(path: &str, value: &str) -> Option<String> {
    let Kind::Choice(choices) = &find(path)?.kind else {
        return None;
    };
    let nearest = nearest(value, choices.iter().map(String::as_str))?;
    Some(format!("did you mean `{nearest}`?"))
}

/// The word most like this one, if any is alike.
pub fn nearest<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    known
        .map(|each| (strsim::normalized_damerau_levenshtein(word, each), each))
        .filter(|(similarity, _)| *similarity >= SIMILAR)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, each)| each)
}

fn meant(path: &str) -> Option<String> {
    let paths = || KEYS.iter().map(|key| key.path.as_str());
    let name = last(path);
    if let Some(misplaced) = paths().find(|known| last(known) == name) {
        return Some(format!("did you mean `{misplaced}`?"));
    }
    if let Some(nearest) = nearest(path, paths()) {
        return Some(format!("did you mean `{nearest}`?"));
    }
    // Only librdkafka's names have dots of their own.
    if path.starts_with("kafka.") && path.matches('.').count() > 1 {
        return Some("librdkafka's properties belong to `[kafka.properties]`".to_owned());
    }
    let nearest = paths().find(|known| nearest(name, std::iter::once(last(known))).is_some())?;
    Some(format!("did you mean `{nearest}`?"))
}

fn last(path: &str) -> &str {
    path.rsplit_once('.').map_or(path, |(_, name)| name)
}

fn is_section(path: &str) -> bool {
    KEYS.iter().any(|key| {
        let rest = key.path.strip_prefix(path);
        rest.is_some_and(|rest| {
            rest.starts_with('.') || (rest.is_empty() && key.kind == Kind::Properties)
        })
    })
}

fn collect(root: &Value, schema: &Value, prefix: &str, keys: &mut Vec<Key>) {
    let Some(properties) = schema["properties"].as_object() else {
        return;
    };
    for (name, property) in properties {
        let path = if prefix.is_empty() {
            name.clone()
        } else {
            format!("{prefix}.{name}")
        };
        let resolved = resolve(root, property);
        if resolved.get("properties").is_some() {
            collect(root, resolved, &path, keys);
            continue;
        }
        let required = schema["required"].as_array();
        keys.push(Key {
            kind: kind(resolved),
            required: required.is_some_and(|names| names.iter().any(|each| each == name)),
            // What the field says; the type's own description is of the kind of value.
            description: property["description"]
                .as_str()
                .unwrap_or_default()
                .to_owned(),
            path,
        });
    }
}

/// Follows a reference into the schema's definitions.
fn resolve<'a>(root: &'a Value, schema: &'a Value) -> &'a Value {
    let target = schema["$ref"]
        .as_str()
        .and_then(|reference| root.pointer(reference.trim_start_matches('#')));
    target.unwrap_or(schema)
}

fn kind(schema: &Value) -> Kind {
    if let Some(choices) = choices(schema) {
        return Kind::Choice(choices);
    }
    match schema["type"].as_str() {
        Some("integer") => Kind::Integer,
        Some("number") => Kind::Number,
        Some("boolean") => Kind::Boolean,
        Some("array") => Kind::List,
        Some("object") => Kind::Properties,
        _ => Kind::Text,
    }
}

/// The words of an enum: one list, or one alternative a word where the words have comments.
fn choices(schema: &Value) -> Option<Vec<String>> {
    let words = |value: &Value| -> Vec<String> {
        let single = value["const"].as_str().into_iter();
        let listed = value["enum"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str);
        single.chain(listed).map(str::to_owned).collect()
    };
    let found = match schema["oneOf"].as_array() {
        Some(alternatives) => alternatives.iter().flat_map(words).collect(),
        None => words(schema),
    };
    Some(found).filter(|found: &Vec<String>| !found.is_empty())
}
