//! `newsmill eval`: figures that a second, simpler count of the records must give too.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use serde_json::{Value, json};

use crate::{newsmill, output, stderr, stdout};

fn path(name: &str) -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(name);
    path.to_str().unwrap().to_owned()
}

/// The report as JSON.
fn report(arguments: &[&str]) -> Value {
    let result = output(newsmill(&[&["eval", "--json"][..], arguments].concat()), "");
    assert_eq!(result.status.code(), Some(0), "{}", stderr(&result));
    serde_json::from_str(&stdout(&result)).unwrap()
}

fn lines(text: &str) -> Vec<Value> {
    let lines = text.lines();
    lines
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn ids(list: &Value) -> BTreeSet<String> {
    let ids = list.as_array().into_iter().flatten();
    ids.map(|id| id.as_str().unwrap().to_owned()).collect()
}

/// An annotated article, what the record reports, each with its score.
struct Pair {
    id: String,
    gold: Value,
    topics: BTreeMap<String, f64>,
    section: String,
}

/// The corpus that may be read while tuning, through `newsmill analyze`.
fn pairs() -> Vec<Pair> {
    let file = path("tests/corpus/tune.jsonl");
    let records = output(newsmill(&["analyze", &file]), "");
    let gold = lines(&std::fs::read_to_string(&file).unwrap());
    let pairs = gold.into_iter().zip(lines(&stdout(&records)));
    pairs
        .map(|(gold, record)| Pair {
            id: gold["id"].as_str().unwrap().to_owned(),
            gold,
            topics: record["topics"]
                .as_array()
                .unwrap()
                .iter()
                .map(|topic| {
                    let id = topic["id"].as_str().unwrap().to_owned();
                    (id, topic["score"].as_f64().unwrap())
                })
                .collect(),
            section: record["sections"][0]["id"].as_str().unwrap().to_owned(),
        })
        .collect()
}

fn near(a: f64, b: f64) -> bool {
    (a - b).abs() < 0.0006
}

#[test]
fn figures_are_those_of_the_records() {
    let file = path("tests/corpus/tune.jsonl");
    let report = report(&[&file, &file, "--worst", "1000"]);
    let pairs = pairs();
    let (mut right, mut falsely, mut minor, mut missed) = (0, 0, 0, 0);
    let (mut sections, mut wrong) = (0, BTreeSet::new());
    for Pair {
        id,
        gold,
        topics,
        section,
    } in &pairs
    {
        let (about, touched) = (ids(&gold["topics"]), ids(&gold["topics_minor"]));
        for topic in topics.keys() {
            if about.contains(topic) {
                right += 1;
            } else if touched.contains(topic) {
                minor += 1;
            } else {
                falsely += 1;
                wrong.insert((id.clone(), topic.clone()));
            }
        }
        for topic in about.iter().filter(|topic| !topics.contains_key(*topic)) {
            missed += 1;
            wrong.insert((id.clone(), topic.clone()));
        }
        sections += usize::from(ids(&gold["sections"]).contains(section));
    }
    assert!(right > 100 && falsely > 4 && minor > 10 && missed > 10);
    let part = |part: i32, all: i32| f64::from(part) / f64::from(all);
    let micro = &report["topics_micro"];
    assert!(
        near(micro["p"].as_f64().unwrap(), part(right, right + falsely)),
        "{micro}"
    );
    assert!(
        near(micro["r"].as_f64().unwrap(), part(right, right + missed)),
        "{micro}"
    );
    let strict = &report["topics_strict"];
    assert!(
        near(
            strict["p"].as_f64().unwrap(),
            part(right, right + falsely + minor)
        ),
        "{strict}"
    );
    let accuracy = sections as f64 / pairs.len() as f64;
    assert!(near(
        report["sections_accuracy"].as_f64().unwrap(),
        accuracy
    ));
    let worst = report["worst"]["topics"].as_array().unwrap();
    let told = worst.iter().map(|error| {
        let of = |key: &str| error[key].as_str().unwrap().to_owned();
        (of("article"), of("topic"))
    });
    assert_eq!(told.collect::<BTreeSet<_>>(), wrong);
}

#[test]
fn reliability_counts_every_reported_topic_once() {
    let file = path("tests/corpus/tune.jsonl");
    let report = report(&[&file, &file]);
    let bins = report["topics_calibration"]["bins"].as_array().unwrap();
    assert!(bins.len() >= 4, "{bins:?}");
    let mut scored: Vec<(f64, bool)> = Vec::new();
    for Pair { gold, topics, .. } in pairs() {
        let (about, touched) = (ids(&gold["topics"]), ids(&gold["topics_minor"]));
        for (topic, score) in topics {
            if about.contains(&topic) || !touched.contains(&topic) {
                scored.push((score, about.contains(&topic)));
            }
        }
    }
    // From 0.6 on everything that is scored is reported. A record's scores have three decimals: what stands on a border
    // may lie on either side of it.
    for bin in 6..10 {
        let (from, to) = (f64::from(bin) / 10.0, f64::from(bin + 1) / 10.0);
        let told = bins
            .iter()
            .find(|told| near(told["from"].as_f64().unwrap(), from))
            .unwrap();
        let inside = |margin: f64| {
            let top = if bin == 9 { 2.0 } else { to + margin };
            let scored = scored.iter();
            scored.filter(move |(score, _)| (from - margin..top).contains(score))
        };
        let count = told["count"].as_u64().unwrap() as usize;
        let (least, most) = (inside(-0.0006).count(), inside(0.0006).count());
        assert!((least..=most).contains(&count), "{least} to {most}: {told}");
        let right = |margin: f64| inside(margin).filter(|(_, right)| *right).count() as f64;
        let told_right = told["right"].as_f64().unwrap() * count as f64;
        assert!(
            right(-0.0006) - 0.1 < told_right && told_right < right(0.0006) + 0.1,
            "{told}"
        );
    }
}

#[test]
fn entities_and_amounts_are_counted_thing_by_thing() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, value: &Value| {
        let path = folder.path().join(name);
        std::fs::write(&path, format!("{value}\n")).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let articles = file(
        "articles.jsonl",
        &json!({
            "id": "a",
            "language": "en",
            "title": "Joe Biden meets Emmanuel Macron",
            "body": "Joe Biden met Emmanuel Macron in Germany on Monday. France will give $60 billion.",
        }),
    );
    let gold = |entities: Value, amounts: Value| {
        json!({"id": "a", "sections": ["politics"], "topics": [], "topics_minor": [], "frames": [],
               "entities": entities, "amounts": amounts})
    };
    let entity = |kind: &str, name: &str, aliases: &[&str]| json!({"kind": kind, "name": name, "aliases": aliases});
    let gold = file(
        "gold.jsonl",
        &gold(
            json!([
                entity("person", "Biden", &["Joe Biden"]),
                // Right as a thing, not in its kind.
                entity("organization", "Emmanuel Macron", &[]),
                entity("country", "France", &[]),
                entity("country", "Germany", &[]),
                // In the article under no form of it.
                entity("place", "Paris", &[]),
                // Passed over.
                entity("place", "Western", &[]),
            ]),
            json!([{"value": 60_000_000_000_i64, "currency": "USD"}, {"value": 5, "currency": "EUR"}]),
        ),
    );
    let report = report(&[&gold, &articles]);
    let row = |name: &str| {
        let row = &report[name];
        (
            row["reported"].as_u64().unwrap(),
            row["gold"].as_u64().unwrap(),
            row["f1"].as_f64().unwrap(),
        )
    };
    // Reported: Biden, Macron, France, Germany; right: all but Macron. Wanted: five that count.
    assert_eq!(row("entities_core"), (4, 5, 0.667), "{report:#}");
    // Six are wanted here, as the shared scorer counts; four are found.
    assert_eq!(row("entities_any_kind"), (4, 6, 0.8));
    assert_eq!(row("amounts"), (1, 2, 0.667));
    // Either order of the files will do.
    assert_eq!(report, self::report(&[&articles, &gold]));
}

#[test]
fn another_configuration_is_compared_by_what_it_flips() {
    let file = path("tests/corpus/tune.jsonl");
    let folder = tempfile::tempdir().unwrap();
    let stricter = folder.path().join("stricter.toml");
    // Between two scores that a record can have: they are rounded to thousandths there, after the comparison.
    const MIN_SCORE: f64 = 0.7505;
    std::fs::write(&stricter, format!("[topics]\nmin_score = {MIN_SCORE}\n")).unwrap();
    let report = report(&[&file, &file, "--compare", stricter.to_str().unwrap()]);
    let flips = report["comparison"]["flips"].as_array().unwrap();
    let told = flips.iter().map(|flip| {
        assert_eq!(flip["appears"], false, "{flip}");
        let of = |key: &str| flip[key].as_str().unwrap().to_owned();
        (of("article"), of("topic"), of("verdict"))
    });
    let mut expected = BTreeSet::new();
    for Pair {
        id, gold, topics, ..
    } in pairs()
    {
        for (topic, _) in topics.into_iter().filter(|(_, score)| *score < MIN_SCORE) {
            let verdict = if ids(&gold["topics"]).contains(&topic) {
                "worse"
            } else if ids(&gold["topics_minor"]).contains(&topic) {
                "neither"
            } else {
                "better"
            };
            expected.insert((id.clone(), topic, verdict.to_owned()));
        }
    }
    assert!(expected.len() > 10, "{expected:?}");
    assert_eq!(told.collect::<BTreeSet<_>>(), expected);
    let change = &report["comparison"]["figures"]["topics_micro R"];
    assert!(
        change["before"].as_f64() > change["after"].as_f64(),
        "{change}"
    );
}

#[test]
fn the_same_taxonomy_in_a_folder_flips_nothing() {
    let file = path("tests/corpus/tune.jsonl");
    let arguments = ["eval", &file, &file, "--compare", &path("data/taxonomy")];
    let result = output(newsmill(&arguments), "");
    assert_eq!(result.status.code(), Some(0), "{}", stderr(&result));
    let shown = stdout(&result);
    assert!(
        shown.contains("no figure differs, no topic flips"),
        "{shown}"
    );
}

#[test]
fn tables_show_ids_and_scores_and_no_text() {
    let file = path("tests/corpus/tune.jsonl");
    let result = output(newsmill(&["eval", &file, &file]), "");
    let shown = stdout(&result);
    for told in [
        "topics_micro",
        "sections_macro_f1",
        "always \"politics\"",
        "Reliability of topics",
        "expected calibration error",
        "Worst topics",
        "military-aid",
    ] {
        assert!(shown.contains(told), "{told} is missing:\n{shown}");
    }
    for article in lines(&std::fs::read_to_string(&file).unwrap()) {
        let words: Vec<&str> = article["body"]
            .as_str()
            .unwrap()
            .split(' ')
            .take(4)
            .collect();
        assert!(!shown.contains(&words.join(" ")), "{words:?}");
    }
}

#[test]
fn what_is_no_annotation_is_told_with_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let gold = folder.path().join("gold.jsonl");
    std::fs::write(&gold, "{\"id\": \"a\", \"sections\": []}\n").unwrap();
    let articles = path("tests/corpus/spans.jsonl");
    let result = output(newsmill(&["eval", gold.to_str().unwrap(), &articles]), "");
    assert_eq!(result.status.code(), Some(1));
    let told = stderr(&result);
    assert!(
        told.contains("gold.jsonl:1: no annotation; it needs id, sections, topics"),
        "{told}"
    );
}
