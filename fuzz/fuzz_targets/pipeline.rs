//! Any English text becomes a record that its schema accepts and whose spans hold, in every unit, twice the same.

#![no_main]

use std::sync::LazyLock;

use jsonschema::Validator;
use libfuzzer_sys::fuzz_target;
use newsmill::text::Settings;
use newsmill::text::article::Input;
use newsmill::text::document::Field;
use newsmill::text::pipeline::Pipeline;
use newsmill::text::record::{self, Passage, Record, SpanUnit};
use newsmill::text::topics::Taxonomy;
use serde_json::json;

static PIPELINES: LazyLock<[Pipeline; 3]> = LazyLock::new(|| {
    [SpanUnit::CodePoint, SpanUnit::Utf16, SpanUnit::Byte].map(|span_unit| {
        let settings = Settings {
            span_unit,
            ..Settings::default()
        };
        Pipeline::new(&settings, Taxonomy::built_in())
    })
});

static SCHEMA: LazyLock<Validator> =
    LazyLock::new(|| jsonschema::validator_for(&record::schema()).expect("the schema is valid"));

/// What makes the language English whatever else the text holds, so that the analyses run.
const ENGLISH: &str = "The government said on Tuesday that it would send more of them to the country this year.\n";

fuzz_target!(|text: &str| {
    let (title, body) = text.split_once('\n').unwrap_or(("", text));
    let value = json!({"title": title, "body": ENGLISH.to_owned() + body, "language": "en"}).to_string();
    let input = Input {
        value: value.as_bytes(),
        headers: &[],
        source: None,
    };
    for pipeline in PIPELINES.iter() {
        let record = pipeline.process(&input).expect("there is a text");
        let encoded = pipeline.encode(&record);
        let json = serde_json::from_slice(&encoded).expect("a record is JSON");
        assert!(SCHEMA.is_valid(&json));
        for passage in passages(&record) {
            assert_eq!(cut(&record, passage), passage.text);
        }
        let again = pipeline.process(&input).expect("there is a text");
        assert_eq!(pipeline.encode(&again), encoded);
    }
});

fn passages(record: &Record) -> impl Iterator<Item = &Passage> {
    let topics = record.topics.iter().flatten();
    let entities = record.entities.iter().flatten();
    let mentions = entities.flat_map(|entity| &entity.mentions);
    topics
        .flat_map(|topic| &topic.evidence)
        .chain(mentions.map(|mention| &mention.passage))
}

fn cut(record: &Record, passage: &Passage) -> String {
    let whole = match passage.field {
        Field::Title => record.article.title.as_deref(),
        Field::Text => record.article.text.as_deref(),
    };
    let whole = whole.expect("the field is there");
    let range = passage.start as usize..passage.end as usize;
    match record.span_unit {
        SpanUnit::CodePoint => whole.chars().skip(range.start).take(range.len()).collect(),
        SpanUnit::Utf16 => {
            let units: Vec<u16> = whole.encode_utf16().collect();
            String::from_utf16(&units[range]).expect("spans do not split a pair")
        }
        SpanUnit::Byte => whole[range].to_owned(),
    }
}
