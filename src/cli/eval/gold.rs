//! Articles as a person has annotated them.

use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::Path;

use anyhow::Context as _;
use serde::Deserialize;

/// What a person says of one article. What is missing was not annotated; an empty list means that there is none.
#[derive(Deserialize)]
pub struct Gold {
    pub id: String,
    /// Best first.
    pub sections: Vec<String>,
    /// What it is about.
    pub topics: Vec<String>,
    /// What it touches: reporting one is neither right nor wrong.
    pub topics_minor: Vec<String>,
    pub entities: Option<Vec<GoldEntity>>,
    pub amounts: Option<Vec<GoldAmount>>,
    #[serde(rename = "frames")]
    pub facts: Option<Vec<GoldFact>>,
}

#[derive(Deserialize)]
pub struct GoldEntity {
    pub kind: String,
    pub name: String,
    #[serde(default)]
    pub aliases: Vec<String>,
}

#[derive(Deserialize)]
pub struct GoldAmount {
    /// None where the article tells a magnitude alone.
    pub value: Option<f64>,
    pub currency: Option<String>,
}

#[derive(Deserialize)]
pub struct GoldFact {
    #[serde(rename = "type")]
    pub kind: String,
}

/// Whether a file holds annotations: those have topics, and articles that have none may be any shape.
///
/// # Errors
/// The file cannot be read.
pub fn is_gold(path: &Path) -> anyhow::Result<bool> {
    let mut line = Vec::new();
    let file = File::open(path).with_context(|| format!("cannot open {}", path.display()))?;
    BufReader::new(file).read_until(b'\n', &mut line)?;
    Ok(serde_json::from_slice::<Gold>(&line).is_ok())
}

/// Reads annotations, one a line.
///
/// # Errors
/// The file cannot be read, or a line is none.
pub fn read(path: &Path) -> anyhow::Result<Vec<Gold>> {
    let name = path.display();
    let file = File::open(path).with_context(|| format!("cannot open {name}"))?;
    let mut gold = Vec::new();
    for (number, line) in (1..).zip(BufReader::new(file).lines()) {
        let line = line.with_context(|| format!("cannot read {name}"))?;
        if line.trim().is_empty() {
            continue;
        }
        let one = serde_json::from_str(&line).with_context(|| {
            format!("{name}:{number}: no annotation; it needs id, sections, topics, topics_minor")
        })?;
        gold.push(one);
    }
    anyhow::ensure!(!gold.is_empty(), "{name}: holds no annotation");
    Ok(gold)
}
