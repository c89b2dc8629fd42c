//! Currencies.

use super::table::{Table, TableError};

const COLUMNS: [&str; 6] = ["code", "signs", "words", "minor_words", "state", "usual"];

/// A currency, with how news writes it.
#[derive(Clone, Debug)]
pub struct Currency {
    /// ISO 4217.
    pub code: String,
    /// Signs and codes, before a number or after it.
    pub signs: Vec<String>,
    /// "dollar", "dollars".
    pub words: Vec<String>,
    /// Words of its hundredth part.
    pub minor_words: Vec<String>,
    /// ISO 3166-1 alpha-2 of the state that issues it.
    pub state: Option<String>,
    /// Meant by its words where nothing speaks for another.
    pub usual: bool,
}

/// Reads `currencies.tsv`.
pub fn parse(text: &str) -> Result<Vec<Currency>, TableError> {
    let table = Table::parse("currencies", text, &COLUMNS)?;
    let mut currencies = Vec::with_capacity(table.rows().len());
    for row in table.rows() {
        let list = |column| row.list(column).map(str::to_owned).collect();
        currencies.push(Currency {
            code: row.cell(0).to_owned(),
            signs: list(1),
            words: list(2),
            minor_words: list(3),
            state: row.optional(4).map(str::to_owned),
            usual: row.yes(5, "usual")?,
        });
    }
    Ok(currencies)
}
