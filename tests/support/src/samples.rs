//! Articles to send: the project's own corpus, or short texts made up from parts.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};
use serde_json::{Value, json};

/// The project's own articles, a JSON object a line.
const CORPUS: [&str; 2] = [
    concat!(env!("CARGO_MANIFEST_DIR"), "/../corpus/held-out.jsonl"),
    concat!(env!("CARGO_MANIFEST_DIR"), "/../corpus/tune.jsonl"),
];

/// The demo's articles, a file each; in several shapes.
const DEMO: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/samples");

/// Those of the demo's that end as dead letters, and one in a shape that has no id of its own to tell it by.
const LEFT_OUT: [&str; 3] = ["08-grain-exports.json", "17-no-text.json", "18-broken.json"];

/// Stands where each article's id will be.
const PLACE: &str = "@@id@@";

/// Distinct articles that can be sent again and again under new ids.
pub struct Samples {
    /// The JSON before and after the id.
    articles: Vec<(String, String)>,
}

impl Samples {
    /// Every article of the corpus and of the demo, in the order of their files.
    pub fn corpus() -> Result<Samples> {
        let mut articles = Vec::new();
        for file in CORPUS {
            let text = fs::read_to_string(file).with_context(|| format!("cannot read {file}"))?;
            let lines = (1..).zip(text.lines());
            for (number, line) in lines.filter(|(_, line)| !line.trim().is_empty()) {
                let at = || format!("{file} line {number}");
                articles.push(with_place(line).with_context(at)?);
            }
        }
        for file in demo()? {
            let at = || file.display().to_string();
            articles.push(with_place(&fs::read_to_string(&file)?).with_context(at)?);
        }
        Ok(Samples { articles })
    }

    /// 240 articles of about 300 bytes: short, so that many fit into a run of minutes.
    pub fn short() -> Samples {
        const WHO: [&str; 8] = [
            "Japan",
            "The United States",
            "Prime Minister Anna Berg",
            "The Kenyan government",
            "Poland's defence ministry",
            "The city council of Lyon",
            "President Carlos Duarte",
            "The World Bank",
        ];
        const WHAT: [&str; 6] = [
            "announced a new package of military aid",
            "rejected the proposed trade agreement",
            "opened talks on a ceasefire",
            "raised interest rates for the third time this year",
            "sent rescue teams after the earthquake",
            "won the opening match of the tournament",
        ];
        const REST: [&str; 5] = [
            "Officials said that details would follow on Monday.",
            "The decision came after weeks of talks in Geneva.",
            "\u{201c}We did what had to be done,\u{201d} a spokesperson said.",
            "Critics called the step late; others caf\u{e9}-side welcomed it \u{1f642}.",
            "The sum of $2.5 million was named by Mr. Stone, a lawyer in the U.S. capital.",
        ];
        let mut articles = Vec::new();
        for who in WHO {
            for what in WHAT {
                for rest in REST {
                    articles.push(split(&json!({
                        "id": PLACE,
                        "title": format!("{who} {what}"),
                        "text": format!("{who} {what} on Tuesday.\n\n{rest} Nothing else was known at first."),
                        "published_at": "2024-03-27T09:12:00Z",
                        "language": "en",
                    })));
                }
            }
        }
        Samples { articles }
    }

    pub fn len(&self) -> usize {
        self.articles.len()
    }

    pub fn is_empty(&self) -> bool {
        self.articles.is_empty()
    }

    /// An article as one line of JSON, under an id.
    pub fn line(&self, sample: usize, id: &str) -> String {
        let (before, after) = &self.articles[sample];
        [before, id, after].concat()
    }
}

/// The demo's articles, by name.
fn demo() -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(DEMO).with_context(|| format!("cannot read {DEMO}"))? {
        let path = entry?.path();
        let is_article = path
            .extension()
            .is_some_and(|extension| extension == "json")
            && !LEFT_OUT.iter().any(|name| path.ends_with(name));
        if is_article {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// The article with a place for its id.
fn with_place(json: &str) -> Result<(String, String)> {
    let mut article: Value = serde_json::from_str(json)?;
    let fields = article.as_object_mut().context("no JSON object")?;
    // ninjs calls its id a uri; in flat JSON a uri stands in for a missing id.
    let name = if fields.contains_key("uri") && !fields.contains_key("id") {
        "uri"
    } else {
        "id"
    };
    fields.insert(name.to_owned(), PLACE.into());
    Ok(split(&article))
}

fn split(article: &Value) -> (String, String) {
    let line = article.to_string();
    let (before, after) = line.split_once(PLACE).expect("the id was just put there");
    (before.to_owned(), after.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_article_comes_with_its_id() {
        let samples = Samples::short();
        assert_eq!(samples.len(), 240);
        let article: Value = serde_json::from_str(&samples.line(7, "run-12")).unwrap();
        assert_eq!(article["id"], "run-12");
        assert_ne!(samples.line(7, "a"), samples.line(8, "a"));
    }

    #[test]
    fn the_corpus_is_there_in_both_formats() {
        let samples = Samples::corpus().unwrap();
        assert!(samples.len() > 150, "{}", samples.len());
        let lines: Vec<String> = (0..samples.len())
            .map(|sample| samples.line(sample, "x"))
            .collect();
        assert!(lines.iter().any(|line| line.contains("\"uri\":\"x\"")));
        assert!(lines.iter().any(|line| line.contains("\"id\":\"x\"")));
    }
}
