//! `newsmill explain`: what a person sees of one article.

use std::path::PathBuf;

use serde_json::json;

use crate::{newsmill, output, stderr, stdout};

/// A file of this repository.
fn path(name: &str) -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(name);
    path.to_str().unwrap().to_owned()
}

/// What is shown of a file, with these arguments.
fn shown(file: &str, arguments: &[&str]) -> String {
    let file = path(file);
    let mut all = vec!["explain", file.as_str()];
    all.extend(arguments);
    let result = output(newsmill(&all), "");
    assert_eq!(result.status.code(), Some(0), "{}", stderr(&result));
    stdout(&result)
}

/// The first number on a line, behind its label.
fn number(line: &str) -> Option<f64> {
    let label = line.char_indices().nth(16)?.0;
    line[label..].split_whitespace().next()?.parse().ok()
}

/// The block of one topic: the lines from its heading to the next empty one.
fn block<'a>(shown: &'a str, id: &str) -> Vec<&'a str> {
    let heading = format!(" {id} · ");
    let lines = shown.lines().skip_while(|line| !line.contains(&heading));
    lines.take_while(|line| !line.is_empty()).collect()
}

#[test]
fn the_numbers_on_the_screen_add_up_to_the_score() {
    let shown = shown("data/samples/01-japan-us-defence.json", &[]);
    for id in ["military-aid", "ammunition", "diplomacy"] {
        let block = block(&shown, id);
        let (mut shares, mut terms, mut sum, mut evidence) = (0.0, 0.0, None, None);
        for line in &block[1..] {
            let label = line[2..].split("  ").next().unwrap_or_default();
            let Some(number) = number(line).filter(|_| !label.is_empty()) else {
                continue;
            };
            match label {
                "sum" => sum = Some(number),
                "evidence" | "patterns" | "hints" | "fit" | "rank" | "bias" => terms += number,
                _ => shares += number,
            }
            if let Some((_, after)) = line.split_once("ln(1 + ")
                && label == "evidence"
            {
                evidence = after.split(')').next().unwrap().parse::<f64>().ok();
            }
        }
        let text = block.join("\n");
        let sum = sum.unwrap_or_else(|| panic!("{id} has no sum:\n{text}"));
        assert!(
            (shares - evidence.unwrap()).abs() < 0.01,
            "{id}: {shares}\n{text}"
        );
        assert!((terms - sum).abs() < 0.01, "{id}: {terms}\n{text}");
        let score = 1.0 / (1.0 + (-sum).exp());
        assert!(
            block[0].contains(&format!("{score:.3}")),
            "{id}: {score}\n{text}"
        );
    }
}

#[test]
fn near_misses_are_shown_with_what_they_lack() {
    let shown = shown("data/samples/01-japan-us-defence.json", &[]);
    let heading = block(&shown, "diplomacy")[0];
    assert!(heading.contains("not reported: below 0.50"), "{heading}");
    assert!(shown.contains("far below"), "{shown}");
}

#[test]
fn evidence_is_marked_in_the_text() {
    let article =
        json!({"title": "Germany sends tanks to Ukraine", "text": "They met.", "language": "en"});
    let result = output(
        newsmill(&["explain", "-", "--topic", "military-aid"]),
        &article.to_string(),
    );
    let shown = stdout(&result);
    let marked = shown.lines().find(|line| line.starts_with("  title"));
    assert_eq!(
        marked,
        Some("  title         Germany sends¹ tanks¹ to¹ Ukraine¹"),
        "{shown}"
    );
}

#[test]
fn the_rule_that_recognised_the_shape_is_told() {
    for (folder, shape) in [
        ("flat", "flat"),
        ("newsapi", "newsapi"),
        ("news_please", "news_please"),
        ("ninjs_1", "ninjs_1"),
        ("ninjs_2", "ninjs"),
        ("ninjs_3", "ninjs"),
        ("json_ld", "json_ld"),
        ("cloudevents", "flat"),
    ] {
        let folder_path = path(&format!("tests/articles/{folder}"));
        let mut files: Vec<_> = std::fs::read_dir(folder_path)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| name.starts_with("good") && name.ends_with(".json"))
            .filter(|name| folder != "cloudevents" || name == "good-structured.json")
            .collect();
        files.sort();
        let shown = shown(&format!("tests/articles/{folder}/{}", files[0]), &[]);
        let line = shown.lines().find(|line| line.starts_with("  shape"));
        let line = line.unwrap_or_else(|| panic!("{folder}: {shown}"));
        assert!(line.contains(&format!(" {shape}  by ")), "{folder}: {line}");
        assert_eq!(
            shown.contains("in a CloudEvent"),
            folder == "cloudevents",
            "{shown}"
        );
    }
}

#[test]
fn entities_are_shown_with_links_forms_and_roles() {
    let shown = shown("data/samples/01-japan-us-defence.json", &[]);
    for told in [
        "https://www.wikidata.org/wiki/Q17",
        "Tokyo (metonym) ×2",
        "Japanese (demonym)",
        "(head_of_state of e",
    ] {
        assert!(shown.contains(told), "{told} is missing:\n{shown}");
    }
}

#[test]
fn one_of_several_articles_is_chosen_by_id_or_line() {
    let input = ["first", "second", "third"]
        .map(|id| json!({"id": id, "title": format!("The {id}"), "text": "They met."}).to_string())
        .join("\n");
    for (arguments, title) in [
        (&[][..], "The first"),
        (&["--line", "2"], "The second"),
        (&["--article", "third"], "The third"),
    ] {
        let arguments = [&["explain", "-"][..], arguments].concat();
        let shown = stdout(&output(newsmill(&arguments), &input));
        assert!(shown.starts_with(&format!("▌ {title}\n")), "{shown}");
    }
    for (arguments, reason) in [
        (["--line", "4"], "-: no article begins on line 4"),
        (["--article", "x"], "-: no article has the id x"),
        (["--topic", "militry-aid"], "did you mean military-aid?"),
    ] {
        let result = output(
            newsmill(&[&["explain", "-"][..], &arguments].concat()),
            &input,
        );
        assert_eq!(result.status.code(), Some(1));
        assert!(stderr(&result).contains(reason), "{}", stderr(&result));
    }
}

#[test]
fn a_rejected_article_says_why_and_nothing_of_its_text() {
    let result = output(
        newsmill(&["explain", "-"]),
        r#"{"id": "a", "headline": "Confidential"}"#,
    );
    assert_eq!(result.status.code(), Some(3));
    assert_eq!(stdout(&result), "");
    let told = stderr(&result);
    assert!(told.starts_with("-:1: not_an_article: "), "{told}");
    assert!(!told.contains("Confidential"), "{told}");
}

#[test]
fn nothing_that_was_sent_reaches_the_terminal_as_a_command() {
    let article = json!({
        "id": "a\u{1b}[2Jb",
        "title": "Talks\u{1b}]0;owned\u{7} in Berlin",
        "text": "The \u{1b}[31mminister\u{9b}31m met Vladimir Putin.",
        "publisher": "Wire\u{1b}[2J\u{8}",
    });
    let mut command = newsmill(&["explain", "-"]);
    // As on a terminal: elsewhere all styles are stripped, and what looks like one with them.
    command.env("CLICOLOR_FORCE", "1");
    let result = output(command, &article.to_string());
    assert_eq!(result.status.code(), Some(0));
    let shown = stdout(&result);
    assert!(shown.contains("\u{1b}["), "{shown:?}");
    // Its own styles are "ESC [ numbers m", and nothing that was sent is one.
    for (at, control) in shown.match_indices(|c: char| c.is_control() && c != '\n') {
        let behind = &shown[at + control.len()..];
        let numbers = behind
            .strip_prefix('[')
            .map(|style| style.trim_start_matches(|c: char| c.is_ascii_digit() || c == ';'));
        let is_style = control == "\u{1b}" && numbers.is_some_and(|rest| rest.starts_with('m'));
        assert!(is_style, "{control:?} before {:?}", behind.get(..20));
    }
}

/// The page of an article, read back from its file.
fn page(article: &serde_json::Value) -> String {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("page.html");
    let arguments = ["explain", "-", "--html", out.to_str().unwrap()];
    let result = output(newsmill(&arguments), &article.to_string());
    assert_eq!(result.status.code(), Some(0), "{}", stderr(&result));
    assert_eq!(stdout(&result), "");
    std::fs::read_to_string(out).unwrap()
}

/// Elements that the page is made of; a script is none of them.
const ELEMENTS: [&str; 33] = [
    "!doctype", "a", "b", "body", "br", "code", "details", "div", "em", "footer", "h1", "h2", "h3",
    "head", "header", "html", "i", "input", "label", "li", "main", "mark", "meta", "p", "section",
    "small", "span", "style", "summary", "sup", "table", "title", "ul",
];
const CELLS: [&str; 3] = ["td", "th", "tr"];

/// Each tag of the page, without its brackets.
fn tags(page: &str) -> Vec<&str> {
    let behind = page.split('<').skip(1);
    behind.map(|tag| tag.split('>').next().unwrap()).collect()
}

#[test]
fn a_hostile_article_puts_no_markup_of_its_own_into_the_page() {
    let attack = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'><b onclick=\"x\">";
    let page = page(&json!({
        "id": format!("id {attack}"),
        "title": format!("Germany sends {attack} tanks to Ukraine"),
        "body": format!(
            "Vladimir {attack} Putin of the Acme{attack} Group met Joe \"><svg onload=x> Biden for $5 billion \
             {attack} on Monday. Germany sends tanks {attack} to Ukraine.\n{attack}"
        ),
        "content_type": "text/plain",
        "publisher": format!("Wire {attack}"),
        "language": "en",
    }));
    // It is there, as text.
    assert!(
        page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"),
        "{page}"
    );
    assert!(page.contains("class=\"entity person\""), "{page}");
    for tag in tags(&page) {
        let name = tag
            .trim_start_matches('/')
            .split([' ', '\n'])
            .next()
            .unwrap();
        assert!(ELEMENTS.contains(&name) || CELLS.contains(&name), "<{tag}>");
        // Values stand in quotes; what is left are names.
        let names: Vec<&str> = tag.split('"').step_by(2).collect();
        assert!(!names.join(" ").contains(" on"), "<{tag}>");
    }
}

#[test]
fn the_page_needs_nothing_beside_it() {
    let sample = std::fs::read_to_string(path("data/samples/01-japan-us-defence.json")).unwrap();
    let page = page(&serde_json::from_str(&sample).unwrap());
    for outside in ["src=", "url(", "@import", "<link", "<script", "<iframe"] {
        assert!(!page.contains(outside), "{outside}");
    }
    for link in page.split("href=\"").skip(1) {
        let link = link.split('"').next().unwrap();
        assert!(
            link.starts_with("#e") || link.starts_with("https://www.wikidata.org/wiki/Q"),
            "{link}"
        );
    }
    for told in [
        "default-src 'none'",
        "prefers-color-scheme:dark",
        "name=\"viewport\"",
        "<title>Tokyo and Washington",
        "id=\"show-1\"",
        "https://www.wikidata.org/wiki/Q17",
        "not reported: below 0.50",
    ] {
        assert!(page.contains(told), "{told} is missing");
    }
    // Each link within the page has its place.
    for link in page.split("href=\"#").skip(1) {
        let id = link.split('"').next().unwrap();
        assert!(page.contains(&format!("<li id=\"{id}\">")), "#{id}");
    }
}

#[test]
fn the_page_shows_the_whole_text() {
    let sample = std::fs::read_to_string(path("data/samples/06-air-strikes.json")).unwrap();
    let sample: serde_json::Value = serde_json::from_str(&sample).unwrap();
    let page = page(&sample);
    let text = page.split("<div class=\"text\">").nth(1).unwrap();
    let text = text.split("</div>").next().unwrap();
    let mut plain = String::new();
    // Numbers of topics stand in `sup`, behind the words they are about.
    for part in text.split("<sup").enumerate().map(|(at, part)| match at {
        0 => part,
        _ => part.split_once("</sup>").unwrap().1,
    }) {
        let pieces = part.split('<').enumerate();
        for (at, piece) in pieces {
            plain.push_str(if at == 0 {
                piece
            } else {
                piece.split_once('>').unwrap().1
            });
        }
    }
    for (entity, letter) in [("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")] {
        plain = plain.replace(entity, letter);
    }
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let title = sample["title"].as_str().unwrap();
    let body = sample["body"].as_str().unwrap();
    assert_eq!(words(&plain), words(&format!("{title} {body}")));
}
