//! Persons whom news names often, with the office they hold or held.

use super::table::{Table, TableError};
use crate::text::entities::Office;

const COLUMNS: [&str; 7] = [
    "name",
    "other_names",
    "office",
    "of",
    "from",
    "until",
    "wikidata",
];

/// One person, with one office: the highest.
#[derive(Clone, Debug)]
pub struct Person {
    /// The usual English name.
    pub name: String,
    pub other_names: Vec<String>,
    pub office: Office,
    /// ISO 3166-1 alpha-2 of a state, or an organization's acronym.
    pub of: Option<String>,
    /// An ISO date or year.
    pub from: Option<String>,
    /// An ISO date or year; none while in office.
    pub until: Option<String>,
    pub wikidata: Option<String>,
}

/// Reads `persons.tsv` or `office_holders.tsv`.
pub fn parse(table: &str, text: &str) -> Result<Vec<Person>, TableError> {
    let table = Table::parse(table, text, &COLUMNS)?;
    let mut persons = Vec::with_capacity(table.rows().len());
    for row in table.rows() {
        let optional = |column| row.optional(column).map(str::to_owned);
        persons.push(Person {
            name: row.cell(0).to_owned(),
            other_names: row.list(1).map(str::to_owned).collect(),
            office: row.wire(2, "office")?,
            of: optional(3),
            from: optional(4),
            until: optional(5),
            wikidata: optional(6),
        });
    }
    Ok(persons)
}
