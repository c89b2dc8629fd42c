//! States and territories.

use super::table::{Table, TableError};
use crate::text::entities::Kind;

const COLUMNS: [&str; 9] = [
    "name",
    "kind",
    "iso",
    "wikidata",
    "other_names",
    "adjectives",
    "people",
    "capital",
    "seats",
];

/// A state, a territory or a disputed region, with what news calls it.
#[derive(Clone, Debug)]
pub struct State {
    /// The usual English name.
    pub name: String,
    /// Country, or place for territories and disputed regions.
    pub kind: Kind,
    /// ISO 3166-1 alpha-2.
    pub iso: Option<String>,
    pub wikidata: Option<String>,
    pub other_names: Vec<String>,
    /// "Ukrainian".
    pub adjectives: Vec<String>,
    /// "Ukrainians".
    pub people: Vec<String>,
    /// The capital, in all spellings: a place, or the state.
    pub capital: Vec<String>,
    /// "Kremlin": the state, unless the building is meant.
    pub seats: Vec<String>,
}

/// Reads `states.tsv`.
pub fn parse(text: &str) -> Result<Vec<State>, TableError> {
    let table = Table::parse("states", text, &COLUMNS)?;
    let mut states = Vec::with_capacity(table.rows().len());
    for row in table.rows() {
        let list = |column| row.list(column).map(str::to_owned).collect();
        states.push(State {
            name: row.cell(0).to_owned(),
            kind: match row.cell(1) {
                "country" => Kind::Country,
                "place" => Kind::Place,
                _ => return Err(row.wrong(1, "kind", "expected country or place")),
            },
            iso: row.optional(2).map(str::to_owned),
            wikidata: row.optional(3).map(str::to_owned),
            other_names: list(4),
            adjectives: list(5),
            people: list(6),
            capital: list(7),
            seats: list(8),
        });
    }
    Ok(states)
}
