//! Records as ninjs items: one read by hand, and all samples against the official schema.

use std::error::Error;
use std::path::Path;
use std::{env, fs};

use jsonschema::{Retrieve, Uri, Validator};
use newsmill::text::Settings;
use newsmill::text::article::Input;
use newsmill::text::pipeline::Pipeline;
use newsmill::text::record::{self, Format, Record};
use newsmill::text::topics::Taxonomy;
use serde_json::{Value, json};

fn example() -> Record {
    serde_json::from_str(include_str!("record.example.json")).expect("the example is a record")
}

fn item(record: &Record) -> Value {
    serde_json::from_slice(&record::encode(record, Format::Ninjs)).expect("an item is JSON")
}

#[test]
fn an_item_says_what_its_record_says() {
    insta::assert_json_snapshot!(item(&example()));
}

#[test]
fn the_uri_is_the_articles_where_that_is_one() {
    let uri = |id: &str, url: Option<&str>| {
        let mut record = example();
        record.article.id = id.to_owned();
        record.article.url = url.map(str::to_owned);
        item(&record)["uri"].clone()
    };
    let own = "urn:newsmill:5f1c0e6a9d3b4c7e8a2b1d0f4e6c8a97";
    for (id, url, expected) in [
        ("urn:x:1", None, "urn:x:1"),
        (
            "tag:a@b.example,2024:x",
            Some("https://example.org/a"),
            "tag:a@b.example,2024:x",
        ),
        (
            "4711",
            Some("https://example.org/a"),
            "https://example.org/a",
        ),
        ("4711", None, own),
        ("a title: with spaces", None, own),
        (":x", None, own),
        ("12:x", None, own),
        ("urn:", None, own),
        ("urn:ü", Some("https://example.org/ü"), own),
    ] {
        assert_eq!(uri(id, url), json!(expected), "{id} {url:?}");
    }
}

/// Answers the official schema's one outside reference, to GeoJSON, with a schema that accepts anything.
struct Anything;

impl Retrieve for Anything {
    fn retrieve(&self, _: &Uri<String>) -> Result<Value, Box<dyn Error + Send + Sync>> {
        Ok(json!({}))
    }
}

/// The official schema, whose path `NEWSMILL_NINJS_SCHEMA` gives.
fn validator() -> Validator {
    let path = env::var("NEWSMILL_NINJS_SCHEMA").expect("NEWSMILL_NINJS_SCHEMA names the schema");
    let text = fs::read_to_string(path).expect("the schema is there");
    jsonschema::options()
        .with_retriever(Anything)
        .should_validate_formats(true)
        .build(&serde_json::from_str(&text).expect("it is JSON"))
        .expect("the schema is valid")
}

/// Every article in a folder, one a file.
fn articles(folder: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(articles(&path.to_string_lossy()));
        } else if path
            .extension()
            .is_some_and(|extension| extension == "json")
        {
            found.push(fs::read(&path).expect("the file is there"));
        }
    }
    found
}

#[test]
#[ignore = "needs the official schema, in NEWSMILL_NINJS_SCHEMA"]
fn items_of_all_samples_validate() {
    let validator = validator();
    let mut validated = 0;
    for include_text in [true, false] {
        let settings = Settings {
            include_text,
            record_format: Format::Ninjs,
            ..Settings::default()
        };
        let pipeline = Pipeline::new(&settings, Taxonomy::built_in());
        for value in articles("tests/articles")
            .iter()
            .chain(&articles("data/samples"))
        {
            let input = Input {
                value,
                headers: &[],
                source: None,
            };
            let Ok(record) = pipeline.process(&input) else {
                continue;
            };
            let item: Value = serde_json::from_slice(&pipeline.encode(&record)).expect("JSON");
            let errors: Vec<String> = validator
                .iter_errors(&item)
                .map(|error| format!("{}: {error}", error.instance_path()))
                .collect();
            assert!(errors.is_empty(), "{}: {errors:?}", record.article.id);
            validated += 1;
        }
    }
    assert!(validated > 100, "{validated}");
    let mut wrong = item(&example());
    wrong["spans"] = json!([]);
    assert!(
        !validator.is_valid(&wrong),
        "a field that ninjs has not is refused"
    );
}
