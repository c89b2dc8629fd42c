//! `newsmill analyze`: what goes in, what comes out, and in which order.

use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader, Read as _};
use std::process::Stdio;

use serde_json::{Value, json};

use crate::{newsmill, output, stderr, stdout};

/// Articles of different length, so that CPU threads finish them in another order.
fn articles(count: usize) -> String {
    let mut lines = String::new();
    for id in 0..count {
        let text = "The minister met the ambassador in Berlin on Monday. ".repeat(1 + id % 17 * 5);
        let article = json!({"id": format!("a-{id}"), "title": "Talks", "body": text});
        writeln!(lines, "{article}").unwrap();
    }
    lines
}

fn ids(records: &str) -> Vec<String> {
    let id = |line: &str| -> String {
        let record: Value = serde_json::from_str(line).unwrap();
        record["article"]["id"].as_str().unwrap().to_owned()
    };
    records.lines().map(id).collect()
}

#[test]
fn records_come_in_input_order_and_the_same_with_any_number_of_threads() {
    let input = articles(300);
    let one = output(newsmill(&["analyze", "--threads", "1"]), &input);
    let eight = output(newsmill(&["analyze", "--threads", "8", "-"]), &input);
    assert_eq!(one.status.code(), Some(0), "{}", stderr(&one));
    assert!(
        one.stdout == eight.stdout,
        "1 and 8 threads give different bytes"
    );
    let expected: Vec<String> = (0..300).map(|id| format!("a-{id}")).collect();
    assert_eq!(ids(&stdout(&one)), expected);
}

#[test]
fn every_layout_of_articles_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let article = |id: &str| json!({"id": id, "title": "Talks", "body": "They met in Berlin."});
    let file = |name: &str, text: String| -> String {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let files = [
        file(
            "lines.jsonl",
            format!("{}\n\n{}\n", article("1"), article("2")),
        ),
        file(
            "array.json",
            format!("{:#}", json!([article("3"), article("4")])),
        ),
        file(
            "pretty.json",
            format!("{:#}\n{:#}", article("5"), article("6")),
        ),
    ];
    let mut arguments = vec!["analyze"];
    arguments.extend(files.iter().map(String::as_str));
    let result = output(newsmill(&arguments), "");
    assert_eq!(result.status.code(), Some(0), "{}", stderr(&result));
    assert_eq!(ids(&stdout(&result)), ["1", "2", "3", "4", "5", "6"]);

    let text = file(
        "speech.txt",
        "They met in Berlin.\n\nNothing was agreed.".to_owned(),
    );
    let result = output(newsmill(&["analyze", &text]), "");
    let record: Value = serde_json::from_str(&stdout(&result)).unwrap();
    assert_eq!(
        record["article"]["text"],
        "They met in Berlin.\nNothing was agreed."
    );
}

#[test]
fn a_rejection_is_told_with_its_place_and_the_others_go_on() {
    let good = json!({"id": "1", "body": "They met in Berlin."});
    let large = json!({"id": "2", "body": "x".repeat(300)});
    let input =
        format!("{good}\n{{\"id\": \"broken\n{{\"id\": 3, \"body\": \"\"}}\n{large}\n{good}\n");
    let mut command = newsmill(&["analyze"]);
    command.env("NEWSMILL_PIPELINE__MAX_ARTICLE_BYTES", "200");
    let result = output(command, &input);
    assert_eq!(result.status.code(), Some(3));
    assert_eq!(ids(&stdout(&result)), ["1", "1"]);
    let told = stderr(&result);
    for start in [
        "-:2: invalid_json: ",
        "-:3: empty_text: ",
        "-:4: too_large: ",
    ] {
        assert!(
            told.lines().any(|line| line.starts_with(start)),
            "{start} is missing: {told}"
        );
    }
    assert_eq!(told.lines().count(), 3, "{told}");
}

#[test]
fn a_reader_that_goes_away_ends_it_quietly() {
    let mut child = newsmill(&["analyze"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    // More than pipes and buffers hold.
    let input = articles(3000);
    let writer = std::thread::spawn(move || {
        // It closes its input early: that is what is tested.
        let _ = std::io::Write::write_all(&mut stdin, input.as_bytes());
    });
    let mut line = String::new();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    stdout.read_line(&mut line).unwrap();
    drop(stdout);
    let mut told = String::new();
    child
        .stderr
        .take()
        .unwrap()
        .read_to_string(&mut told)
        .unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert_eq!(told, "");
    writer.join().unwrap();
}

#[test]
fn a_file_that_is_not_there_is_told_before_anything_is_read() {
    let result = output(
        newsmill(&["analyze", "-", "/no/such/file.jsonl"]),
        &articles(1),
    );
    assert_eq!(result.status.code(), Some(1));
    assert!(stderr(&result).contains("cannot open /no/such/file.jsonl"));
    assert_eq!(stdout(&result), "");
}
