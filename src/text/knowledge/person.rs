//! Persons whom news names often, with the office they hold or held.

use super::table::{Table, TableError};
use crate::text::entities::Office;

/// Columns of `persons.tsv`, of `office_holders.tsv`, and of tables of the user's own.
pub const COLUMNS: [&str; 7] = [
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

impl Person {
    /// Takes over what another row says of the same person.
    pub(super) fn update(&mut self, other: Person) {
        self.other_names.extend(other.other_names);
        if other.office != Office::Other {
            self.office = other.office;
            self.from = other.from;
            self.until = other.until;
        }
        self.of = other.of.or(self.of.take());
        self.wikidata = other.wikidata.or(self.wikidata.take());
    }

    /// Whether the surname comes first: "Xi Jinping", "Kim Jong-un". Japan's are written the other way in English news.
    pub fn is_surname_first(&self) -> bool {
        self.of
            .as_deref()
            .is_some_and(|state| SURNAME_FIRST.contains(&state))
    }

    /// The surname of one of the person's full names.
    pub fn surname_of<'n>(&self, name: &'n str) -> Option<&'n str> {
        if self.is_surname_first() {
            name.split_once(' ').map(|(surname, _)| surname)
        } else {
            name.rsplit_once(' ').map(|(_, surname)| surname)
        }
    }

    /// Whether the person was in office on a day, as far as the table tells.
    pub fn is_in_office(&self, day: jiff::civil::Date) -> bool {
        // An ISO date, month or year compares as text with as much of the day as it tells.
        let day = day.to_string();
        let part = |date: &str| day[..date.len().min(day.len())].to_owned();
        let has_begun = self
            .from
            .as_deref()
            .is_none_or(|from| part(from).as_str() >= from);
        let goes_on = self
            .until
            .as_deref()
            .is_none_or(|until| part(until).as_str() <= until);
        has_begun && goes_on
    }
}

/// States whose persons' surname comes first.
const SURNAME_FIRST: [&str; 6] = ["CN", "TW", "KR", "KP", "VN", "KH"];

/// Reads `persons.tsv` or `office_holders.tsv`.
pub fn parse(table: &str, text: &str) -> Result<Vec<Person>, TableError> {
    let table = Table::parse(table, text, &COLUMNS)?;
    let mut persons = Vec::with_capacity(table.rows().len());
    for row in table.rows() {
        let optional = |column| row.optional(column).map(str::to_owned);
        persons.push(Person {
            name: row.required(0, "name")?.to_owned(),
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
