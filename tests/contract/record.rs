//! The record's schema: what is published, what it accepts and what it refuses.

use jsonschema::Validator;
use newsmill::text::record::{self, Format};
use serde_json::{Value, json};

fn validator() -> Validator {
    jsonschema::validator_for(&record::schema()).expect("the schema is valid")
}

fn example() -> Value {
    serde_json::from_str(include_str!("record.example.json")).expect("the example is JSON")
}

/// The committed file was read by a person; a change of it is a change for every consumer. After one that is meant:
/// `cargo run --release -- schema record > tests/contract/record.schema.json`.
#[test]
fn the_schema_is_the_published_one() {
    let published = include_str!("record.schema.json");
    let made = serde_json::to_string_pretty(&record::schema()).expect("JSON values serialise");
    for (number, (made, published)) in made.lines().zip(published.lines()).enumerate() {
        assert_eq!(made, published, "line {}", number + 1);
    }
    assert_eq!(made + "\n", published);
}

#[test]
fn the_example_of_the_format_validates() {
    let errors: Vec<String> = validator()
        .iter_errors(&example())
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert_eq!(errors, [] as [String; 0]);
}

#[test]
fn the_example_is_read_and_written_back() {
    let example = example();
    let record: record::Record = serde_json::from_value(example.clone()).expect("it is a record");
    let written: Value =
        serde_json::from_slice(&record::encode(&record, Format::Newsmill)).expect("it is JSON");
    for (name, value) in written.as_object().expect("a record is an object") {
        assert_eq!(value, &example[name], "{name}");
    }
}

#[test]
fn mutated_records_do_not_validate() {
    let validator = validator();
    for (pointer, value) in [
        ("/schema", json!("newsmill.record.v2")),
        ("/id", json!("5f1c0e6a")),
        ("/id", json!("5F1C0E6A9D3B4C7E8A2B1D0F4E6C8A97")),
        ("/source/offset", json!(-1)),
        ("/source/partition", json!("0")),
        ("/source", Value::Null),
        ("/topics", Value::Null),
        ("/entities/1/roles/0/of", Value::Null),
        ("/article/id", Value::Null),
        ("/article/authors", json!("UNN")),
        ("/article/language", json!("eng")),
        ("/article/language_confidence", json!(1.5)),
        ("/article/published_at", json!("27 March 2024")),
        ("/article/published_at", json!("2024-03-27T09:12:00+02:00")),
        ("/article/status", json!("killed")),
        ("/article/words", json!(-3)),
        ("/article/words", json!(1.5)),
        ("/span_unit", json!("char")),
        ("/coverage", json!("none")),
        ("/sections", json!({})),
        ("/sections/0/code", json!("11000000")),
        ("/sections/0/score", json!("0.91")),
        ("/topics/0/score", json!(-0.1)),
        ("/topics/0/codes/iptc", json!("medtop:20000643")),
        ("/topics/0/evidence/0/field", json!("body")),
        ("/topics/0/evidence/0/start", json!(-1)),
        ("/entities/0/id", json!("e0")),
        ("/entities/0/kind", json!("state")),
        ("/entities/0/wikidata", json!("17")),
        ("/entities/0/iso", json!("jp")),
        ("/entities/0/mentions", json!([])),
        ("/entities/0/mentions/0/form", json!("alias")),
        ("/entities/1/roles/0/office", json!("premier")),
        ("/fingerprint", json!("9f3a")),
        ("/warnings", json!(["it is odd"])),
        ("/pipeline/version", Value::Null),
    ] {
        let mut record = example();
        let target = record.pointer_mut(pointer);
        *target.expect("the example has the field") = value.clone();
        assert!(!validator.is_valid(&record), "{pointer} = {value}");
    }
}

#[test]
fn a_record_without_a_required_field_does_not_validate() {
    let validator = validator();
    for (pointer, name) in [
        ("", "schema"),
        ("", "id"),
        ("", "article"),
        ("", "span_unit"),
        ("", "coverage"),
        ("", "fingerprint"),
        ("", "warnings"),
        ("", "pipeline"),
        ("/article", "title"),
        ("/article", "published_at"),
        ("/article", "status"),
        ("/entities/0", "wikidata"),
        ("/entities/0/mentions/0", "start"),
    ] {
        let mut record = example();
        let holder = record.pointer_mut(pointer).and_then(Value::as_object_mut);
        let removed = holder.expect("the example has the object").remove(name);
        assert!(removed.is_some(), "the example has {pointer}/{name}");
        assert!(!validator.is_valid(&record), "without {pointer}/{name}");
    }
}

#[test]
fn later_versions_may_add_fields() {
    let mut record = example();
    record["article"]["desk"] = json!("world");
    assert!(validator().is_valid(&record));
}
