//! `newsmill duplicates`: which articles are told together.

use serde_json::{Value, json};

use crate::{newsmill, output, stderr, stdout};

const BRIDGE: &str = "The bridge over the Orla was closed on Monday after engineers found cracks in two of its pillars. \
    Lorries are sent over the old road, which adds an hour to the way to the port. The ministry of transport said that \
    repairs would take until the autumn, and that a ferry would carry cars in the meantime.";
const HARVEST: &str = "Farmers in the south expect the best harvest of plums for ten years. A mild spring and rain in June \
    have helped, the chamber of agriculture said on Thursday. Prices are likely to fall, which worries the smaller farms.";

/// Six articles: two versions of one, two of another, one alone, and one that is none.
fn articles() -> String {
    let typo = BRIDGE.replace("engineers", "enginers");
    let articles = [
        json!({"id": "b-1", "title": "Bridge closed", "body": BRIDGE}),
        json!({"id": "h-1", "title": "Plums", "body": HARVEST}),
        json!({"id": "alone", "title": "Bridge", "body": "A bridge is to be built in the north, not in the south."}),
        json!({"url": "https://example.org/h", "body": format!("{HARVEST}\nRead also: Plum prices fall")}),
        json!({"id": "b-2", "title": "Cracks found\tin bridge", "body": typo}),
        json!({"id": "broken", "title": "No text"}),
    ];
    articles.map(|article| format!("{article}\n")).concat()
}

#[test]
fn versions_are_told_together() {
    let result = output(newsmill(&["duplicates"]), &articles());
    assert_eq!(result.status.code(), Some(3), "{}", stderr(&result));
    assert!(
        stderr(&result).starts_with("-:6: "),
        "the rejected article: {}",
        stderr(&result)
    );
    let bits = stdout(&result)
        .lines()
        .nth(1)
        .and_then(|line| line.split('\t').next()?.parse::<u32>().ok());
    assert!(
        bits.is_some_and(|bits| (1..=10).contains(&bits)),
        "{bits:?}"
    );
    let bits = bits.unwrap_or_default();
    assert_eq!(
        stdout(&result),
        format!(
            "0\t-:1\tb-1\tBridge closed\n{bits}\t-:5\tb-2\tCracks found in bridge\n\n\
             0\t-:2\th-1\tPlums\n0\t-:4\thttps://example.org/h\t-\n"
        )
    );
}

#[test]
fn bits_say_how_near() {
    let result = output(
        newsmill(&["duplicates", "--bits", "0", "--json"]),
        &articles(),
    );
    let groups: Vec<Value> = stdout(&result)
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(groups.len(), 1, "{groups:?}");
    let ids: Vec<_> = groups[0]
        .as_array()
        .unwrap()
        .iter()
        .map(|member| &member["id"])
        .collect();
    assert_eq!(ids, ["h-1", "https://example.org/h"]);
    assert_eq!(groups[0][0]["fingerprint"], groups[0][1]["fingerprint"]);
}
