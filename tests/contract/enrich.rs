//! What becomes of a message: its outcome, key and headers.

use std::sync::{Arc, LazyLock};

use newsmill::enrich::Enricher;
use newsmill::metrics::Metrics;
use newsmill::stream::{DeadLetter, Handled, Handler, Header, Message, Output, Position};
use newsmill::text::Settings;
use newsmill::text::pipeline::Pipeline;
use newsmill::text::record::SpanUnit;
use newsmill::text::topics::Taxonomy;
use serde_json::Value;

const MAX_ARTICLE_BYTES: usize = 5_242_880;

/// Built once: compiling the taxonomy takes longer than a test.
static ENRICHER: LazyLock<Enricher> = LazyLock::new(|| {
    let pipeline = Pipeline::new(&Settings::default(), Taxonomy::built_in());
    Enricher::new(pipeline, MAX_ARTICLE_BYTES, Metrics::new())
});

fn handle(message: &Message) -> Handled {
    ENRICHER.handle(message)
}

fn message(key: Option<&str>, value: Option<&[u8]>, headers: &[(&str, &str)]) -> Message {
    Message {
        position: Position {
            input_topic: Arc::from("articles.raw"),
            partition: 3,
            offset: 42,
        },
        timestamp_ms: Some(1_712_000_000_000),
        key: key.map(|key| key.as_bytes().to_vec()),
        value: value.map(<[u8]>::to_vec),
        headers: headers
            .iter()
            .map(|&(name, value)| Header::text(name, value))
            .collect(),
    }
}

fn record(message: &Message) -> (Output, Value) {
    match handle(message) {
        Handled::Record(output) => {
            let value = output.value.as_deref().expect("a record has a value");
            let record = serde_json::from_slice(value).expect("a record is JSON");
            (output, record)
        }
        other => panic!("expected a record, found {other:?}"),
    }
}

fn dead_letter(message: &Message) -> DeadLetter {
    match handle(message) {
        Handled::DeadLetter(letter) => letter,
        other => panic!("expected a dead letter, found {other:?}"),
    }
}

const ARTICLE: &[u8] = br#"{"id": "a-1", "language": "en", "title": "Bridge reopens",
    "body": "The bridge over the river was opened again on Tuesday after two years of repairs, the city council said."}"#;

fn header<'a>(headers: &'a [Header], name: &str) -> Option<&'a str> {
    let mut found = headers.iter().filter(|header| header.name == name);
    let value = found.next()?.value.as_deref().expect("a value");
    assert!(found.next().is_none(), "{name} stands there once");
    Some(std::str::from_utf8(value).expect("text"))
}

#[test]
fn a_record_says_where_its_message_stood() {
    let (_, record) = record(&message(None, Some(ARTICLE), &[]));
    let source =
        r#"{"input_topic":"articles.raw","offset":42,"partition":3,"timestamp_ms":1712000000000}"#;
    assert_eq!(record["source"].to_string(), source);
}

#[test]
fn the_key_is_the_messages_or_the_articles_id() {
    let (output, _) = record(&message(Some("k"), Some(ARTICLE), &[]));
    assert_eq!(output.key.as_deref(), Some(b"k".as_slice()));
    let (output, _) = record(&message(None, Some(ARTICLE), &[]));
    assert_eq!(output.key.as_deref(), Some(b"a-1".as_slice()));
}

#[test]
fn headers_are_carried_over_replaced_and_added() {
    let sent = [
        ("traceparent", "00-1-2-01"),
        ("tenant", "a"),
        ("tenant", "b"),
        ("Content-Type", "application/cloudevents+json"),
        ("newsmill-language", "xx"),
        ("newsmill-error-code", "empty_text"),
        ("ce_id", "1"),
    ];
    let (output, _) = record(&message(None, Some(ARTICLE), &sent));
    let carried: Vec<&Header> = output.headers.iter().take(3).collect();
    assert_eq!(
        carried,
        [
            &Header::text("traceparent", "00-1-2-01"),
            &Header::text("tenant", "a"),
            &Header::text("tenant", "b"),
        ]
    );
    let header = |name| header(&output.headers, name);
    assert_eq!(header("content-type"), Some("application/json"));
    assert_eq!(header("newsmill-schema"), Some("newsmill.record.v1"));
    assert_eq!(header("newsmill-language"), Some("en"));
    for name in ["Content-Type", "newsmill-error-code", "ce_id"] {
        assert_eq!(header(name), None);
    }
}

#[test]
fn the_pipeline_can_be_exchanged() {
    let pipeline = |span_unit| {
        let settings = Settings {
            span_unit,
            ..Settings::default()
        };
        Pipeline::new(&settings, Taxonomy::built_in())
    };
    let enricher = Enricher::new(pipeline(SpanUnit::Byte), MAX_ARTICLE_BYTES, Metrics::new());
    let unit = || match enricher.handle(&message(None, Some(ARTICLE), &[])) {
        Handled::Record(output) => {
            let value = output.value.expect("a record has a value");
            let record: Value = serde_json::from_slice(&value).expect("a record is JSON");
            record["span_unit"].clone()
        }
        other => panic!("expected a record, found {other:?}"),
    };
    assert_eq!(unit(), "byte");
    enricher.replace(pipeline(SpanUnit::Utf16));
    assert_eq!(unit(), "utf16");
}

/// A stated language is whatever its sender wrote: it makes no series of its own unless a detector knows it.
#[test]
fn records_are_counted_by_what_they_say() {
    let metrics = Metrics::new();
    let pipeline = Pipeline::new(&Settings::default(), Taxonomy::built_in());
    let enricher = Enricher::new(pipeline, MAX_ARTICLE_BYTES, metrics.clone());
    for value in [
        ARTICLE,
        br#"{"id": "1", "text": "12 34", "language": "qq"}"#,
        br#"{"id": "2", "text": "12 34", "language": "uk"}"#,
        br#"{"id": "3", "text": "12 34"}"#,
    ] {
        let handled = enricher.handle(&message(None, Some(value), &[]));
        assert!(matches!(handled, Handled::Record(_)), "{handled:?}");
    }
    let text = metrics.render().unwrap();
    for line in [
        r#"newsmill_language_records_total{language="en"} 1"#,
        r#"newsmill_language_records_total{language="other"} 1"#,
        r#"newsmill_language_records_total{language="uk"} 1"#,
        r#"newsmill_language_records_total{language="none"} 1"#,
        "newsmill_record_entities_count 1",
        r#"newsmill_processing_seconds_count{stage="analyse"} 4"#,
        r#"newsmill_build_info{taxonomy="newsmill@"#,
    ] {
        assert!(text.contains(line), "{line} is missing in:\n{text}");
    }
}

#[test]
fn a_null_value_with_a_key_is_a_tombstone() {
    let sent = [("tenant", "a"), ("ce_id", "1")];
    assert_eq!(
        handle(&message(Some("k"), None, &sent)),
        Handled::Tombstone(Output {
            key: Some(b"k".to_vec()),
            value: None,
            headers: vec![Header::text("tenant", "a")],
        })
    );
}

#[test]
fn what_is_no_article_is_a_dead_letter() {
    let deep = "[".repeat(10_000);
    let large = vec![b' '; MAX_ARTICLE_BYTES + 1];
    for (value, code) in [
        (None, "no_value"),
        (Some(large.as_slice()), "too_large"),
        (Some(b"\x00\xff\x17".as_slice()), "invalid_utf8"),
        (Some(deep.as_bytes()), "too_deep"),
        (Some(b"".as_slice()), "invalid_json"),
        (Some(b"[]".as_slice()), "not_an_article"),
        (Some(br#"{"body": " "}"#.as_slice()), "empty_text"),
    ] {
        let letter = dead_letter(&message(None, value, &[]));
        assert_eq!((letter.code, letter.stage), (code, "decode"));
    }
}

#[test]
fn a_dead_letter_names_the_field_and_not_its_text() {
    let value = br#"{"bodies": [{"value": "<p>secret</p>", "contentType": "application/secret"}]}"#;
    let letter = dead_letter(&message(None, Some(value), &[]));
    assert_eq!(letter.code, "unsupported_body");
    assert!(
        letter.message.starts_with("bodies[0].value: "),
        "{}",
        letter.message
    );
    assert!(!letter.message.contains("secret"), "{}", letter.message);
}

/// A stage whose time grows with the square of the length would not end within a test run.
#[test]
fn long_articles_become_records() {
    for text in [
        "a".repeat(1_000_000),
        "The minister said so. ".repeat(MAX_ARTICLE_BYTES / 23),
        "\u{301}".repeat(500_000) + "a",
        "word\n".repeat(500_000),
    ] {
        let value = serde_json::json!({"id": "long", "body": text}).to_string();
        record(&message(None, Some(value.as_bytes()), &[]));
    }
}
