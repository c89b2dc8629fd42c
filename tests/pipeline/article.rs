//! Decoding: what comes out of each shape, and what is refused with which code and path.

use newsmill::text::article::{self, Article, Code, Format, Input, Rejection, Shape, Status};
use newsmill::text::warning::Warning;
use proptest::prelude::*;
use serde_json::{Value, json};

fn decode_bytes(value: &[u8], format: Format) -> Result<Article, Rejection> {
    let input = Input {
        value,
        headers: &[],
        source: None,
    };
    article::decode(&input, format)
}

fn decode(value: &Value) -> Result<Article, Rejection> {
    decode_bytes(value.to_string().as_bytes(), Format::Auto)
}

fn article(value: Value) -> Article {
    decode(&value).expect("it is an article")
}

fn refused(value: &Value) -> (Code, Option<String>) {
    let rejection = decode(value).expect_err("it is no article");
    (rejection.code, rejection.path)
}

#[test]
fn flat() {
    let article = article(json!({
        "id": 4711, "url": "https://example.org/a", "title": " Bridge reopens ", "body": "The bridge is open.",
        "source": {"id": "gazette", "name": "The Gazette"}, "author": [{"name": "A. Mason"}, "B. Potter", ""],
        "language": "en-GB", "published_at": "2024-03-27T09:12:00+02:00", "updated_at": "2024-03-28T00:00:00Z",
        "keywords": ["bridges", "roads"],
    }));
    assert_eq!(article.shape, Shape::Flat);
    assert_eq!(article.id.as_deref(), Some("4711"));
    assert_eq!(article.url.as_deref(), Some("https://example.org/a"));
    assert_eq!(article.title.as_deref(), Some("Bridge reopens"));
    assert_eq!(article.text, "The bridge is open.");
    assert_eq!(article.publisher.as_deref(), Some("The Gazette"));
    assert_eq!(article.authors, ["A. Mason", "B. Potter"]);
    assert_eq!(article.language.as_deref(), Some("en"));
    let dates =
        [article.published_at, article.updated_at].map(|at| at.expect("a date").to_string());
    assert_eq!(dates, ["2024-03-27T07:12:00Z", "2024-03-28T00:00:00Z"]);
    assert_eq!(article.keywords, ["bridges", "roads"]);
    assert_eq!(article.warnings, []);
}

/// The names stand in the order of the format's description; the first with a value counts.
#[test]
fn flat_names_have_an_order() {
    let names = |field: fn(&Article) -> String, names: &[&str]| {
        for (at, first) in names.iter().enumerate() {
            let mut value = json!({"body": "The bridge is open."});
            for later in names[at..].iter().rev() {
                value[later] = json!(format!("from {later}"));
            }
            for earlier in &names[..at] {
                value[earlier] = json!("");
            }
            assert_eq!(field(&article(value)), format!("from {first}"));
        }
    };
    names(
        |article| article.text.clone(),
        &[
            "body",
            "text",
            "content",
            "maintext",
            "articleBody",
            "body_text",
        ],
    );
    names(
        |article| article.id.clone().unwrap_or_default(),
        &["id", "uri"],
    );
    names(
        |article| article.url.clone().unwrap_or_default(),
        &["url", "link"],
    );
    names(
        |article| article.title.clone().unwrap_or_default(),
        &["title", "headline"],
    );
    names(
        |article| article.publisher.clone().unwrap_or_default(),
        &["source", "publisher", "source_domain"],
    );
}

#[test]
fn ninjs_3() {
    let article = article(json!({
        "uri": "urn:example:1", "pubStatus": "withheld", "language": "en",
        "firstCreated": "2024-03-27T09:00:00Z", "versionCreated": "2024-03-27T10:00:00Z",
        "headlines": [{"role": "short", "value": "Open"}, {"role": "main", "value": "Bridge reopens"}],
        "bodies": [{"role": "summary", "value": "Short."}, {"contentType": "text/plain; charset=utf-8", "value": "Long."}],
        "by": "A. Mason", "infoSources": [{"name": "The Gazette"}], "subjects": [{"name": "bridges"}],
    }));
    assert_eq!(article.shape, Shape::Ninjs);
    assert_eq!(article.id.as_deref(), Some("urn:example:1"));
    assert_eq!(article.title.as_deref(), Some("Bridge reopens"));
    assert_eq!(article.text, "Long.");
    assert_eq!(article.status, Status::Withheld);
    assert_eq!(article.publisher.as_deref(), Some("The Gazette"));
    assert_eq!(article.authors, ["A. Mason"]);
    assert_eq!(article.keywords, ["bridges"]);
    let dates =
        [article.published_at, article.updated_at].map(|at| at.expect("a date").to_string());
    assert_eq!(dates, ["2024-03-27T09:00:00Z", "2024-03-27T10:00:00Z"]);
}

#[test]
fn ninjs_2_writes_names_in_lower_case() {
    let article = article(json!({
        "uri": "urn:example:1", "pubstatus": "canceled", "versioncreated": "2024-03-27T10:00:00Z",
        "headlines": [{"contenttype": "text/plain", "value": "Bridge reopens"}],
        "bodies": [{"contenttype": "text/plain", "value": "Long."}],
        "infosources": [{"name": "The Gazette"}],
    }));
    assert_eq!(article.status, Status::Canceled);
    assert_eq!(article.title.as_deref(), Some("Bridge reopens"));
    assert_eq!(article.publisher.as_deref(), Some("The Gazette"));
    assert_eq!(
        article.published_at.expect("a date").to_string(),
        "2024-03-27T10:00:00Z"
    );
    assert_eq!(article.updated_at, None);
}

#[test]
fn what_is_odd_about_dates_is_a_warning() {
    for (published, expected) in [
        (json!("2024-03-27T09:12:00Z"), vec![]),
        (Value::Null, vec![Warning::MissingPublishedAt]),
        (json!("  "), vec![Warning::MissingPublishedAt]),
        (json!("some time ago"), vec![Warning::UnreadablePublishedAt]),
        (json!("2024-03-27"), vec![Warning::AssumedUtc]),
        (json!(0), vec![Warning::ImplausiblePublishedAt]),
    ] {
        let article = article(json!({"body": "Text.", "published_at": published}));
        assert_eq!(article.warnings, expected, "{published}");
    }
    let article =
        article(json!({"body": "Text.", "published_at": 1711530720, "updated_at": "now"}));
    assert_eq!(article.warnings, [Warning::UnreadableUpdatedAt]);
}

#[test]
fn a_date_long_after_the_message_is_implausible() {
    let at = |timestamp_ms| {
        let input = Input {
            value: br#"{"body": "Text.", "published_at": "2024-03-27T09:12:00Z"}"#,
            headers: &[],
            source: Some(newsmill::text::record::Source {
                input_topic: "articles".into(),
                partition: 0,
                offset: 0,
                timestamp_ms,
            }),
        };
        article::decode(&input, Format::Auto)
            .expect("it is an article")
            .warnings
    };
    let day = 86_400_000;
    assert_eq!(at(Some(1_711_530_720_000 - day)), []);
    assert_eq!(
        at(Some(1_711_530_720_000 - 3 * day)),
        [Warning::ImplausiblePublishedAt]
    );
    assert_eq!(at(None), []);
    assert_eq!(at(Some(i64::MIN)), []);
}

#[test]
fn what_is_refused() {
    let path = |path: &str| Some(path.to_owned());
    for (value, code, at) in [
        (json!([1, 2]), Code::NotAnArticle, None),
        (json!("text"), Code::NotAnArticle, None),
        (json!(null), Code::NotAnArticle, None),
        (json!({}), Code::NotAnArticle, None),
        (json!({"title": "Bridge reopens"}), Code::NotAnArticle, None),
        (
            json!({"body": {"html": "x"}}),
            Code::NotAnArticle,
            path("body"),
        ),
        (json!({"text": 12}), Code::NotAnArticle, path("text")),
        (json!({"body": " \n\t"}), Code::EmptyText, path("body")),
        (
            json!({"content": "\u{200b} -- "}),
            Code::EmptyText,
            path("content"),
        ),
        (
            json!({"body": "<p>x</p>", "content_type": "text/markdown"}),
            Code::UnsupportedBody,
            path("body"),
        ),
        (
            json!({"headlines": [{"value": "x"}]}),
            Code::EmptyText,
            None,
        ),
        (json!({"bodies": []}), Code::EmptyText, None),
        (
            json!({"bodies": [{"value": ""}]}),
            Code::EmptyText,
            path("bodies[0].value"),
        ),
        (
            json!({"bodies": [{}, {"value": 1}]}),
            Code::NotAnArticle,
            path("bodies[1].value"),
        ),
        (
            json!({"bodies": [{"value": "<p>x</p>", "contentType": "Application/PDF; x=y"}]}),
            Code::UnsupportedBody,
            path("bodies[0].value"),
        ),
        (
            json!({"bodies": [{"value": "<p>x</p>", "contentType": "application/nitf+xml"}]}),
            Code::UnsupportedBody,
            path("bodies[0].value"),
        ),
    ] {
        assert_eq!(refused(&value), (code, at), "{value}");
    }
}

#[test]
fn a_pinned_format_accepts_nothing_else() {
    let flat = json!({"body": "Text."});
    let ninjs = json!({"bodies": [{"value": "Text."}]});
    let ninjs_1 = json!({"uri": "urn:x:1", "body_xhtml": "<p>Text.</p>"});
    let event = json!({"specversion": "1.0", "id": "1", "source": "s", "type": "t", "data": flat});
    for (value, format, accepted) in [
        (&flat, Format::Auto, true),
        (&flat, Format::Flat, true),
        (&flat, Format::Ninjs, false),
        (&flat, Format::Newsapi, false),
        (&flat, Format::Cloudevents, false),
        (&ninjs, Format::Ninjs, true),
        (&ninjs, Format::Flat, false),
        (&ninjs_1, Format::Ninjs, true),
        (&ninjs_1, Format::JsonLd, false),
        (&event, Format::Auto, true),
        (&event, Format::Cloudevents, true),
        (&event, Format::Flat, false),
    ] {
        let decoded = decode_bytes(value.to_string().as_bytes(), format);
        assert_eq!(decoded.is_ok(), accepted, "{value} as {format:?}");
        if let Err(rejection) = decoded {
            assert_eq!(rejection.code, Code::NotAnArticle);
        }
    }
}

#[test]
fn a_binary_event_is_told_by_its_headers() {
    let value = br#"{"body": "Text."}"#;
    let headers: [(&str, Option<&[u8]>); 5] = [
        ("ce_specversion", Some(b"1.0")),
        ("ce_id", Some(b"1")),
        ("ce_source", Some(b"/s")),
        ("ce_type", Some(b"t")),
        ("ce_time", None),
    ];
    for (format, accepted) in [
        (Format::Auto, true),
        (Format::Cloudevents, true),
        (Format::Flat, true),
        (Format::Ninjs, false),
    ] {
        let input = Input {
            value,
            headers: &headers,
            source: None,
        };
        let decoded = article::decode(&input, format);
        assert_eq!(decoded.is_ok(), accepted, "{format:?}");
        let event = decoded.ok().and_then(|article| article.cloudevent);
        assert_eq!(event.is_some(), accepted);
    }
}

/// Codes are metric labels and header values: two reasons must not share one.
#[test]
fn codes_are_distinct_snake_case() {
    let mut names = Code::ALL.map(Code::as_str).to_vec();
    for name in &names {
        assert!(
            name.bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_'),
            "{name}"
        );
    }
    names.dedup();
    assert_eq!(names.len(), Code::ALL.len());
    assert!(names.is_sorted());
}

/// JSON whose names are often those that shapes look for.
fn json_values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
        "<[a-z]{1,4}>.{0,6}".prop_map(Value::from),
    ];
    let name = prop_oneof![
        Just("body"),
        Just("bodies"),
        Just("headlines"),
        Just("value"),
        Just("contentType"),
        Just("role"),
        Just("title"),
        Just("published_at"),
        Just("author"),
        Just("name"),
        Just("source"),
        Just("language"),
        Just("id"),
        Just("firstCreated"),
        Just("@type"),
        Just("@graph"),
        Just("articleBody"),
        Just("specversion"),
        Just("data"),
        Just("type"),
        Just("uri"),
        Just("body_text"),
        Just("description"),
        Just("publishedAt"),
        Just("maintext"),
    ];
    leaf.prop_recursive(4, 40, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((name.clone(), inner), 0..6).prop_map(|fields| {
                fields
                    .into_iter()
                    .map(|(name, value)| (name.to_owned(), value))
                    .collect()
            }),
        ]
    })
}

proptest! {
    #[test]
    fn any_bytes_are_an_article_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = decode_bytes(&bytes, Format::Auto);
    }

    #[test]
    fn any_json_is_an_article_with_text_or_refused(value in json_values()) {
        if let Ok(article) = decode(&value) {
            prop_assert!(article.text.chars().any(char::is_alphanumeric));
            prop_assert!(article.title.is_none_or(|title| !title.trim().is_empty()));
        }
    }
}
