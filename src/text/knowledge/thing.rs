//! Things with a name of their own: organizations, media, places, groups, equipment, events, agreements.

use super::table::{Table, TableError};
use crate::text::entities::Kind;

const COLUMNS: [&str; 4] = ["name", "other_names", "unsure", "country"];
const CITY_COLUMNS: [&str; 4] = ["name", "country", "population", "unsure"];

/// One named thing, with what news calls it.
#[derive(Clone, Debug)]
pub struct Thing {
    pub kind: Kind,
    /// The usual English name.
    pub name: String,
    /// Names that stand for it wherever they are capitalised.
    pub sure: Vec<String>,
    /// Names that mean something else too.
    pub unsure: Vec<String>,
    /// ISO 3166-1 alpha-2 of the state it belongs to.
    pub country: Option<String>,
    /// None in the built-in tables: no source gave one.
    pub wikidata: Option<String>,
}

impl Thing {
    /// Takes over what another row says of the same thing.
    pub(super) fn update(&mut self, other: Thing) {
        for (names, more) in [
            (&mut self.sure, other.sure),
            (&mut self.unsure, other.unsure),
        ] {
            for name in more {
                if !names.contains(&name) {
                    names.push(name);
                }
            }
        }
        self.country = other.country.or(self.country.take());
        self.wikidata = other.wikidata.or(self.wikidata.take());
    }
}

/// Reads the table of one kind.
pub fn parse(table: &str, kind: Kind, text: &str) -> Result<Vec<Thing>, TableError> {
    let table = Table::parse(table, text, &COLUMNS)?;
    Ok(table
        .rows()
        .iter()
        .map(|row| {
            let name = row.cell(0);
            let unsure: Vec<String> = row.list(2).map(str::to_owned).collect();
            let sure = std::iter::once(name)
                .chain(row.list(1))
                .filter(|other| !unsure.iter().any(|unsure| unsure == other))
                .map(str::to_owned)
                .collect();
            Thing {
                kind,
                name: name.to_owned(),
                sure,
                unsure,
                country: row.optional(3).map(str::to_owned),
                wikidata: None,
            }
        })
        .collect())
}

/// Reads `cities.tsv`.
pub fn parse_cities(text: &str) -> Result<Vec<Thing>, TableError> {
    let table = Table::parse("cities", text, &CITY_COLUMNS)?;
    let mut cities = Vec::with_capacity(table.rows().len());
    for row in table.rows() {
        let name = row.cell(0).to_owned();
        let (sure, unsure) = if row.yes(3, "unsure")? {
            (Vec::new(), vec![name.clone()])
        } else {
            (vec![name.clone()], Vec::new())
        };
        cities.push(Thing {
            kind: Kind::Place,
            name,
            sure,
            unsure,
            country: row.optional(1).map(str::to_owned),
            wikidata: None,
        });
    }
    Ok(cities)
}
