//! Articles to send: the project's own corpus, or short texts made up from parts.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

/// The project's own articles, a JSON object a line.
const CORPUS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../corpus");

/// Stands where each article's id will be.
const PLACE: &str = "@@id@@";

/// Distinct articles that can be sent again and again under new ids.
pub struct Samples {
    /// The JSON before and after the id.
    articles: Vec<(String, String)>,
}

impl Samples {
    /// Every article of the corpus, in the order of its files.
    pub fn corpus() -> Result<Samples> {
        let mut files = Vec::new();
        for entry in fs::read_dir(CORPUS).with_context(|| format!("cannot read {CORPUS}"))? {
            let path = entry?.path();
            if path
                .extension()
                .is_some_and(|extension| extension == "jsonl")
            {
                files.push(path);
            }
        }
        files.sort();
        let mut articles = Vec::new();
        for file in &files {
            articles.extend(read(file)?);
        }
        if articles.is_empty() {
            bail!("no article in {CORPUS}");
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

fn read(file: &Path) -> Result<Vec<(String, String)>> {
    let text = fs::read_to_string(file)?;
    let lines = (1..)
        .zip(text.lines())
        .filter(|(_, line)| !line.trim().is_empty());
    lines
        .map(|(number, line)| {
            let at = || format!("{} line {number}", file.display());
            let mut article: Value = serde_json::from_str(line).with_context(at)?;
            let fields = article.as_object_mut().with_context(at)?;
            // ninjs calls its id a uri; in flat JSON a uri stands in for a missing id.
            let name = if fields.contains_key("uri") && !fields.contains_key("id") {
                "uri"
            } else {
                "id"
            };
            fields.insert(name.to_owned(), PLACE.into());
            Ok(split(&article))
        })
        .collect()
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
}
