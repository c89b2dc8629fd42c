//! What is known of the world: tables of states, persons, organizations and other named things, and of the words that
//! names are made of.
//!
//! The tables are plain text in `data/knowledge`, each with a header that says where its rows come from. They are built
//! in; nothing is read at run time.

mod currency;
mod name;
mod person;
mod state;
mod table;
mod thing;
mod word;

use std::collections::BTreeMap;

pub use currency::Currency;
pub use name::{Meaning, Name, StateName};
pub use person::Person;
pub use state::State;
pub use table::TableError;
pub use thing::Thing;
pub use word::{Head, Title};

use rustc_hash::FxHashMap;

use crate::text::entities::Kind;

/// All tables, and every name in them.
#[derive(Debug)]
pub struct Knowledge {
    pub states: Vec<State>,
    pub persons: Vec<Person>,
    pub things: Vec<Thing>,
    pub titles: Vec<Title>,
    /// True where the given name is another word too ("April").
    pub given_names: FxHashMap<String, bool>,
    pub heads: FxHashMap<String, Head>,
    pub currencies: Vec<Currency>,
    /// The one person whom a surname means, in lower case.
    pub surnames: BTreeMap<String, u32>,
    /// Every phrase that names something, with what it may mean.
    pub names: Vec<Name>,
}

macro_rules! built_in {
    ($table:literal) => {
        include_str!(concat!("../../../data/knowledge/", $table, ".tsv"))
    };
}

impl Knowledge {
    /// The tables that come with the program.
    pub fn built_in() -> Knowledge {
        Self::parse_built_in().expect("the tests read every built-in table")
    }

    fn parse_built_in() -> Result<Knowledge, TableError> {
        let mut persons = person::parse("persons", built_in!("persons"))?;
        persons.extend(person::parse(
            "office_holders",
            built_in!("office_holders"),
        )?);
        let mut things = Vec::new();
        for (table, kind, text) in [
            (
                "organizations",
                Kind::Organization,
                built_in!("organizations"),
            ),
            ("media", Kind::Media, built_in!("media")),
            ("places", Kind::Place, built_in!("places")),
            ("groups", Kind::Group, built_in!("groups")),
            ("equipment", Kind::Equipment, built_in!("equipment")),
            ("events", Kind::Event, built_in!("events")),
            ("agreements", Kind::Agreement, built_in!("agreements")),
        ] {
            things.extend(thing::parse(table, kind, text)?);
        }
        things.extend(thing::parse_cities(built_in!("cities"))?);
        let mut knowledge = Knowledge {
            states: state::parse(built_in!("states"))?,
            persons,
            things,
            titles: word::parse_titles(built_in!("titles"))?,
            given_names: word::parse_given_names(built_in!("given_names"))?,
            heads: word::parse_heads(built_in!("heads"))?,
            currencies: currency::parse(built_in!("currencies"))?,
            surnames: BTreeMap::new(),
            names: Vec::new(),
        };
        knowledge.names = name::collect(&knowledge);
        for name in &knowledge.names {
            if let Meaning::Surname(person) = name.meaning {
                knowledge
                    .surnames
                    .insert(name.phrase.to_lowercase(), person);
            }
        }
        Ok(knowledge)
    }
}
