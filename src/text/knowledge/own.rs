//! Tables of the user's own: what they hold, and how it joins the built-in tables.

use super::Knowledge;
use super::person::{self, Person};
use super::table::{Row, Table, TableError};
use super::thing::Thing;
use crate::text::entities::{Kind, Office};

/// A table as given: the name of its file, and its text.
#[derive(Clone, Debug)]
pub struct OwnTable {
    pub file: String,
    pub text: String,
}

/// Columns of a table of named things of any kind. One of office holders has those of `persons.tsv`.
pub const COLUMNS: [&str; 6] = [
    "kind",
    "name",
    "other_names",
    "unsure",
    "country",
    "wikidata",
];

/// Adds the rows of the tables. A row whose name is a built-in row's of its kind adds to that one: names are joined, other
/// cells that are not empty win.
///
/// # Errors
///
/// The first row that cannot be read, with its file and line.
pub fn add(knowledge: &mut Knowledge, tables: &[OwnTable]) -> Result<(), TableError> {
    for own in tables {
        let (persons, things) = if Table::has_columns(&own.text, &person::COLUMNS) {
            (person::parse(&own.file, &own.text)?, Vec::new())
        } else {
            parse(own)?
        };
        persons
            .into_iter()
            .for_each(|person| knowledge.add_person(person));
        things
            .into_iter()
            .for_each(|thing| knowledge.add_thing(thing));
    }
    Ok(())
}

fn parse(own: &OwnTable) -> Result<(Vec<Person>, Vec<Thing>), TableError> {
    let table = Table::parse(&own.file, &own.text, &COLUMNS)?;
    let (mut persons, mut things) = (Vec::new(), Vec::new());
    for row in table.rows() {
        let kind: Kind = row.wire(0, "kind")?;
        let name = row.required(1, "name")?.to_owned();
        let country = row.matching(4, "country", is_country)?;
        let wikidata = row.matching(5, "wikidata", is_wikidata)?;
        if kind == Kind::Person {
            persons.push(Person {
                name,
                other_names: row.list(2).map(str::to_owned).collect(),
                office: Office::Other,
                of: country,
                from: None,
                until: None,
                wikidata,
            });
        } else {
            things.push(thing(row, kind, name, country, wikidata));
        }
    }
    Ok((persons, things))
}

fn thing(
    row: &Row,
    kind: Kind,
    name: String,
    country: Option<String>,
    wikidata: Option<String>,
) -> Thing {
    let unsure: Vec<String> = row.list(3).map(str::to_owned).collect();
    let sure = std::iter::once(name.as_str())
        .chain(row.list(2))
        .filter(|other| !unsure.iter().any(|unsure| unsure == other))
        .map(str::to_owned)
        .collect();
    Thing {
        kind,
        name,
        sure,
        unsure,
        country,
        wikidata,
    }
}

fn is_country(cell: &str) -> Result<(), &'static str> {
    let is_code = cell.len() == 2 && cell.bytes().all(|byte| byte.is_ascii_uppercase());
    is_code
        .then_some(())
        .ok_or("expected two capital letters, as ISO 3166-1 has them, or nothing")
}

fn is_wikidata(cell: &str) -> Result<(), &'static str> {
    cell.strip_prefix('Q')
        .filter(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
        .map(|_| ())
        .ok_or("expected Q and a number, or nothing")
}
