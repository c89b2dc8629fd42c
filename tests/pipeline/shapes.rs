//! The samples under `tests/articles`, shape by shape, and the page that documents the shapes.
//!
//! Next to each sample stands what becomes of it: the record without its analyses, which have tests of their own, or the
//! rejection. After a change that is meant: `INSTA_UPDATE=always cargo test --release --test pipeline shapes`.

use std::fs;
use std::path::{Path, PathBuf};

use newsmill::text::Settings;
use newsmill::text::article::{self, Code, Format, Input, Shape};
use newsmill::text::pipeline::Pipeline;
use newsmill::text::topics::Taxonomy;
use newsmill::text::warning::Warning;
use serde_json::{Value, json};

/// Directories of samples.
const DIRECTORIES: [&str; 8] = [
    "flat",
    "ninjs_3",
    "ninjs_2",
    "ninjs_1",
    "newsapi",
    "news_please",
    "json_ld",
    "cloudevents",
];

fn samples(directory: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/articles")
        .join(directory);
    let entries = fs::read_dir(&folder).expect("the directory is there");
    let mut samples: Vec<PathBuf> = entries
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "json")
        })
        .collect();
    samples.sort();
    samples
}

/// The headers beside a sample, one `name: value` a line.
fn headers(sample: &Path) -> Vec<(String, String)> {
    let lines = fs::read_to_string(sample.with_extension("headers")).unwrap_or_default();
    let pair = |line: &str| {
        let (name, value) = line.split_once(": ").expect("name and value");
        (name.to_owned(), value.to_owned())
    };
    lines.lines().map(pair).collect()
}

/// What becomes of a sample.
fn outcome(sample: &Path, pipeline: &Pipeline) -> Value {
    let value = fs::read(sample).expect("the sample is there");
    let headers = headers(sample);
    let headers: Vec<(&str, Option<&[u8]>)> = headers
        .iter()
        .map(|(name, value)| (name.as_str(), Some(value.as_bytes())))
        .collect();
    let input = Input {
        value: &value,
        headers: &headers,
        source: None,
    };
    match pipeline.decode(&input) {
        Ok(article) => {
            let shape = article.shape.as_str();
            json!({"shape": shape, "record": record(article, pipeline)})
        }
        Err(rejection) => {
            json!({"rejected": rejection.code.as_str(), "message": rejection.to_string()})
        }
    }
}

fn record(article: article::Article, pipeline: &Pipeline) -> Value {
    let record = pipeline.record(article, None);
    json!({"id": record.id, "article": record.article, "coverage": record.coverage, "warnings": record.warnings})
}

#[test]
fn samples_become_what_stands_beside_them() {
    let pipeline = Pipeline::new(&Settings::default(), Taxonomy::built_in());
    for directory in DIRECTORIES {
        for sample in samples(directory) {
            let name = sample
                .file_stem()
                .and_then(|name| name.to_str())
                .expect("a name");
            insta::with_settings!({
                snapshot_path => format!("../articles/{directory}"),
                prepend_module_to_snapshot => false,
                omit_expression => true,
            }, {
                insta::assert_json_snapshot!(name, outcome(&sample, &pipeline));
            });
        }
    }
}

#[test]
fn every_shape_has_good_sparse_odd_and_broken_samples() {
    let pipeline = Pipeline::new(&Settings::default(), Taxonomy::built_in());
    for directory in DIRECTORIES {
        let samples = samples(directory);
        assert!(samples.len() >= 6, "{directory}");
        for kind in ["good", "sparse", "odd", "broken"] {
            let of_kind = samples.iter().filter(|path| {
                path.file_name()
                    .is_some_and(|name| name.to_string_lossy().starts_with(kind))
            });
            for sample in of_kind.clone() {
                let rejected = outcome(sample, &pipeline).get("rejected").is_some();
                assert_eq!(rejected, kind == "broken", "{}", sample.display());
            }
            assert!(of_kind.count() > 0, "{directory}: {kind}");
        }
    }
}

const PAGE: &str = include_str!("../../docs/shapes.md");

const SHAPES: [Shape; 6] = [
    Shape::JsonLd,
    Shape::Ninjs,
    Shape::Ninjs1,
    Shape::Newsapi,
    Shape::NewsPlease,
    Shape::Flat,
];

/// The rows of the table below a heading, as cells.
fn rows(heading: &str) -> Vec<Vec<&'static str>> {
    let (_, section) = PAGE.split_once(heading).expect("the page has the section");
    let table = section.lines().skip_while(|line| !line.starts_with('|'));
    table
        .take_while(|line| line.starts_with('|'))
        .skip(2)
        .map(|line| line.trim_matches('|').split('|').map(str::trim).collect())
        .collect()
}

/// What stands in backticks.
fn names(cell: &str) -> Vec<&str> {
    cell.split('`').skip(1).step_by(2).collect()
}

#[test]
fn the_pages_table_of_shapes_is_true() {
    let rows = rows("# What goes in");
    let shapes: Vec<&str> = rows.iter().map(|row| names(row[0])[0]).collect();
    assert_eq!(shapes, SHAPES.map(Shape::as_str));
    for row in rows {
        let format = serde_json::from_value(json!(names(row[1])[0])).expect("a format");
        let example = names(row[3])[0];
        let input = Input {
            value: example.as_bytes(),
            headers: &[],
            source: None,
        };
        for format in [Format::Auto, format] {
            let article = article::decode(&input, format).expect("the example is an article");
            assert_eq!(article.shape.as_str(), names(row[0])[0]);
            assert_eq!(article.text, "Text.");
        }
    }
}

#[test]
fn the_pages_field_names_are_in_the_code() {
    let sources = [
        include_str!("../../src/text/article/flat.rs"),
        include_str!("../../src/text/article/ninjs.rs"),
        include_str!("../../src/text/article/ninjs_1.rs"),
        include_str!("../../src/text/article/newsapi.rs"),
        include_str!("../../src/text/article/news_please.rs"),
        include_str!("../../src/text/article/json_ld.rs"),
    ];
    for row in rows("## Where each thing") {
        assert_eq!(row.len(), 1 + sources.len(), "{}", row[0]);
        for (cell, source) in row[1..].iter().zip(sources) {
            for name in names(cell) {
                let literal = match name.strip_suffix("...") {
                    Some(prefix) => format!("\"{prefix}"),
                    None => format!("\"{name}\""),
                };
                // ninjs 1 puts names together from a prefix and a kind.
                let kind = name.split_once('_').map(|(_, kind)| format!("\"{kind}\""));
                let found =
                    source.contains(&literal) || kind.is_some_and(|kind| source.contains(&kind));
                assert!(found, "{}: {name}", row[0]);
            }
        }
    }
}

#[test]
fn the_page_names_every_code_and_warning() {
    let listed = |heading: &str| {
        let mut listed: Vec<&str> = rows(heading).iter().flat_map(|row| names(row[0])).collect();
        listed.sort_unstable();
        listed
    };
    assert_eq!(listed("## What is no article"), Code::ALL.map(Code::as_str));
    let warnings = Warning::ALL.map(|warning| json!(warning).as_str().expect("a name").to_owned());
    assert_eq!(listed("## Warnings"), warnings);
}
