//! Records: spans in every unit, and equal bytes for equal input.

use std::sync::LazyLock;

use newsmill::text::article::Input;
use newsmill::text::document::{Document, Span};
use newsmill::text::entities::{Entity, Form, Kind, Mention};
use newsmill::text::lexicon::Builder;
use newsmill::text::pipeline::Pipeline;
use newsmill::text::record::{
    self, Coverage, Findings, Format, Language, Parts, Passage, PipelineInfo, Record, Ruler,
    SpanUnit,
};
use newsmill::text::topics::{Scorer, Scores, Taxonomy};
use newsmill::text::{Settings, article};
use proptest::prelude::*;
use serde_json::json;

/// Built once: compiling the taxonomy takes longer than a test.
static SCORER: LazyLock<Scorer> =
    LazyLock::new(|| Scorer::new(Taxonomy::built_in(), 0.5, &mut Builder::new()));

static PIPELINE: LazyLock<Pipeline> =
    LazyLock::new(|| Pipeline::new(&Settings::default(), Taxonomy::built_in()));

/// The passage's text as someone without newsmill cuts it out of the record.
fn cut(record: &Record, passage: &Passage) -> String {
    let article = serde_json::to_value(&record.article).expect("an article serialises");
    let field = serde_json::to_value(passage.field).expect("a field serialises");
    let whole = article[field.as_str().expect("a name")]
        .as_str()
        .expect("a text");
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

/// A record of the article in which every token of the document is an entity's mention.
fn record_of_tokens(title: Option<&str>, text: &str, span_unit: SpanUnit) -> Record {
    let value = json!({"title": title, "body": text}).to_string();
    let input = Input {
        value: value.as_bytes(),
        headers: &[],
        source: None,
    };
    let article = article::decode(&input, article::Format::Auto).expect("it is an article");
    let document = Document::new(article.title.as_deref(), &article.text);
    let mention = |span: Span| Mention {
        span,
        form: Form::Name,
    };
    let findings = Findings {
        scores: Scores::default(),
        amounts: Vec::new(),
        dates: Vec::new(),
        entities: vec![Entity {
            kind: Kind::Place,
            name: "everything".into(),
            wikidata: None,
            iso: None,
            salience: 0.98765,
            roles: vec![],
            mentions: document
                .tokens()
                .iter()
                .map(|token| mention(token.span))
                .collect(),
        }],
    };
    let settings = Settings {
        span_unit,
        ..Settings::default()
    };
    let info = PipelineInfo {
        version: "0".into(),
        taxonomy: None,
        knowledge: None,
        models: Default::default(),
    };
    let parts = Parts {
        article: &article,
        document: &document,
        language: Language::default(),
        findings: Some(&findings),
        source: None,
    };
    let context = record::Context {
        settings: &settings,
        info: &info,
        scorer: &SCORER,
    };
    record::assemble(parts, &context)
}

const UNITS: [SpanUnit; 3] = [SpanUnit::CodePoint, SpanUnit::Utf16, SpanUnit::Byte];

#[test]
fn spans_hold_in_every_unit() {
    let emoji = "🚢 Ships 👩‍👩‍👧 sail 🇺🇦 again";
    let text = "Ca\u{301}diz \u{1d400} reopened.\r\n\r\nŻółw — “naïve” cafe\u{301}s.\rOne\ttwo\u{2028}three";
    for unit in UNITS {
        for title in [None, Some(emoji)] {
            let record = record_of_tokens(title, text, unit);
            let mentions = &record.entities.as_ref().expect("entities")[0].mentions;
            assert!(mentions.len() >= 12, "{}", mentions.len());
            for mention in mentions {
                assert_eq!(
                    cut(&record, &mention.passage),
                    mention.passage.text,
                    "{unit:?}"
                );
            }
        }
    }
}

#[test]
fn units_differ_where_they_should() {
    let ends = UNITS.map(|unit| {
        let record = record_of_tokens(None, "🚢🚢 é port", unit);
        let entities = record.entities.expect("entities");
        entities[0].mentions.last().expect("a mention").passage.end
    });
    assert_eq!(ends, [9, 11, 16]);
}

#[test]
fn scores_are_rounded() {
    let record = record_of_tokens(None, "Port", SpanUnit::Byte);
    let json = String::from_utf8(record::encode(&record, Format::Newsmill)).expect("it is UTF-8");
    assert!(json.contains(r#""salience":0.988,"#), "{json}");
}

fn process(value: &str) -> Record {
    process_by(&PIPELINE, value)
}

fn process_by(pipeline: &Pipeline, value: &str) -> Record {
    let input = Input {
        value: value.as_bytes(),
        headers: &[],
        source: None,
    };
    pipeline.process(&input).expect("it is an article")
}

#[test]
fn ids_fall_back() {
    let id = |value: &str| {
        let record = process(value);
        (record.article.id == record.id, record.article.id)
    };
    assert_eq!(
        id(r#"{"body": "Text.", "id": 7, "url": "https://example.org/a"}"#),
        (false, "7".into())
    );
    assert_eq!(
        id(r#"{"body": "Text.", "link": "https://example.org/a"}"#),
        (false, "https://example.org/a".into())
    );
    // printf '\0\0Text.\0' | sha256sum
    assert_eq!(
        id(r#"{"body": "Text."}"#),
        (true, "e2b568e493a2c05de42c275977490acf".into())
    );
}

#[test]
fn the_id_does_not_depend_on_how_the_text_was_written() {
    let composed = process(r#"{"id": "1", "title": "Café", "body": "One.\nTwo."}"#);
    let decomposed = process(
        "{\"id\": \"1\", \"title\": \" Cafe\u{301}\", \"body\": \"One. \\r\\n\\r\\nTwo.\"}",
    );
    assert_eq!(composed.id, decomposed.id);
}

#[test]
fn the_text_can_be_left_out() {
    let settings = Settings {
        include_text: false,
        ..Settings::default()
    };
    let record = process_by(
        &Pipeline::new(&settings, Taxonomy::built_in()),
        r#"{"body": "Text."}"#,
    );
    assert_eq!(record.article.text, None);
    assert_eq!(record.article.words, 1);
}

#[test]
fn another_language_has_no_analyses() {
    let text =
        "Міст через річку знову відкрито після ремонту, повідомили в міській раді у вівторок.";
    let record = process(&json!({"body": text}).to_string());
    assert_eq!(record.article.language.as_deref(), Some("uk"));
    assert_eq!(record.coverage, Coverage::LanguageUnsupported);
    assert_eq!(
        (record.topics, record.sections, record.entities),
        (None, None, None)
    );
}

proptest! {
    #[test]
    fn a_ruler_counts_as_the_whole_text_does(text in "\\PC{0,400}") {
        for unit in UNITS {
            let ruler = Ruler::new(&text, unit);
            let borders = text.char_indices().map(|(at, _)| at).chain([text.len()]);
            for at in borders {
                prop_assert_eq!(ruler.at(at as u32), unit.length(&text[..at]));
            }
        }
    }

    #[test]
    fn any_text_gives_spans_that_hold(title in ".{0,30}", text in "(?s).{0,300}a") {
        for unit in UNITS {
            let record = record_of_tokens(Some(&title), &text, unit);
            for mention in &record.entities.as_ref().expect("entities")[0].mentions {
                prop_assert_eq!(cut(&record, &mention.passage), mention.passage.text.clone());
            }
        }
    }

    #[test]
    fn equal_input_gives_equal_bytes(title in ".{0,30}", text in "(?s).{0,300}a") {
        let value = json!({"title": title, "body": text}).to_string();
        let encode = || record::encode(&process(&value), Format::Newsmill);
        prop_assert_eq!(encode(), encode());
    }
}
