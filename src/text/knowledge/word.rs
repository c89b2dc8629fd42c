//! Words that announce a name or are part of one: titles, given names, head nouns.

use rustc_hash::FxHashMap;

use super::table::{Table, TableError};
use crate::text::entities::{Kind, Office};

/// "Foreign Minister", "Mr".
#[derive(Clone, Debug)]
pub struct Title {
    pub words: String,
    pub office: Office,
    /// Announces a person and is no role of theirs.
    pub courtesy: bool,
}

/// Reads `titles.tsv`.
pub fn parse_titles(text: &str) -> Result<Vec<Title>, TableError> {
    let table = Table::parse("titles", text, &["title", "office", "courtesy"])?;
    let mut titles = Vec::with_capacity(table.rows().len());
    for row in table.rows() {
        titles.push(Title {
            words: row.cell(0).to_owned(),
            office: row.wire(1, "office")?,
            courtesy: row.yes(2, "courtesy")?,
        });
    }
    Ok(titles)
}

/// Given names; true where it is another word too.
pub fn parse_given_names(text: &str) -> Result<FxHashMap<String, bool>, TableError> {
    let table = Table::parse("given_names", text, &["name", "unsure"])?;
    let mut names = FxHashMap::default();
    for row in table.rows() {
        let unsure = row.yes(1, "unsure")?;
        names.insert(row.cell(0).to_owned(), unsure);
    }
    Ok(names)
}

/// What a head noun says, by where it stands in the name.
#[derive(Clone, Copy, Debug, Default)]
pub struct Head {
    /// As the last word: "Foreign Ministry".
    pub end: Option<Kind>,
    /// Before "of": "Ministry of Defence".
    pub start: Option<Kind>,
}

/// Reads `heads.tsv`.
pub fn parse_heads(text: &str) -> Result<FxHashMap<String, Head>, TableError> {
    let table = Table::parse("heads", text, &["noun", "kind", "position"])?;
    let mut heads: FxHashMap<String, Head> = FxHashMap::default();
    for row in table.rows() {
        let kind = row.wire(1, "kind")?;
        let head = heads.entry(row.cell(0).to_owned()).or_default();
        match row.cell(2) {
            "end" => head.end = Some(kind),
            "start" => head.start = Some(kind),
            _ => return Err(row.wrong(2, "position", "expected end or start")),
        }
    }
    Ok(heads)
}
