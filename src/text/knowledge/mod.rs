//! What is known of the world: tables of states, persons, organizations and other named things, and of the words that
//! names are made of.
//!
//! The tables are plain text in `data/knowledge`, each with a header that says where its rows come from. They are built
//! in; a configuration may add tables of its own, which the caller has read ([`OwnTable`]).

mod currency;
mod name;
mod own;
mod person;
mod spelling;
mod state;
mod table;
mod thing;
mod word;

use std::collections::{BTreeMap, BTreeSet};

pub use currency::Currency;
pub use name::{Meaning, Name, StateName};
pub use own::OwnTable;
pub use person::Person;
pub use state::State;
pub use table::TableError;
pub use thing::Thing;
pub use word::{Head, Title};

use rustc_hash::FxHashMap;
use sha2::{Digest, Sha256};

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
    /// What a record says of the tables: a name and a hash of all of them.
    pub version: String,
    /// What the user's own tables speak of.
    own: BTreeSet<Meaning>,
    /// The one person whom a surname means, in lower case.
    pub surnames: BTreeMap<String, u32>,
    /// All office holders by surname, in lower case.
    pub bearers: BTreeMap<String, Vec<u32>>,
    /// Every phrase that names something, with what it may mean.
    pub names: Vec<Name>,
}

macro_rules! built_in {
    ($($name:ident = $table:literal),+ $(,)?) => {
        $(const $name: &str = include_str!(concat!("../../../data/knowledge/", $table, ".tsv"));)+
        /// The text of every table that comes with the program.
        const BUILT_IN: &[&str] = &[$($name),+];
    };
}

built_in! {
    AGREEMENTS = "agreements",
    CITIES = "cities",
    CURRENCIES = "currencies",
    EQUIPMENT = "equipment",
    EVENTS = "events",
    GIVEN_NAMES = "given_names",
    GROUPS = "groups",
    HEADS = "heads",
    MEDIA = "media",
    OFFICE_HOLDERS = "office_holders",
    ORGANIZATIONS = "organizations",
    PERSONS = "persons",
    PLACES = "places",
    STATES = "states",
    TITLES = "titles",
}

impl Knowledge {
    /// The tables that come with the program.
    pub fn built_in() -> Knowledge {
        Self::with_tables(&[]).expect("the tests read every built-in table")
    }

    /// With tables of the user's own beside the built-in ones. A phrase of theirs means what they say, whatever a built-in
    /// table says of it.
    ///
    /// # Errors
    ///
    /// The first row of the user's that cannot be read, with its file and line.
    pub fn with_tables(tables: &[OwnTable]) -> Result<Knowledge, TableError> {
        let mut persons = person::parse("persons", PERSONS)?;
        persons.extend(person::parse("office_holders", OFFICE_HOLDERS)?);
        let mut things = Vec::new();
        for (table, kind, text) in [
            ("organizations", Kind::Organization, ORGANIZATIONS),
            ("media", Kind::Media, MEDIA),
            ("places", Kind::Place, PLACES),
            ("groups", Kind::Group, GROUPS),
            ("equipment", Kind::Equipment, EQUIPMENT),
            ("events", Kind::Event, EVENTS),
            ("agreements", Kind::Agreement, AGREEMENTS),
        ] {
            things.extend(thing::parse(table, kind, text)?);
        }
        things.extend(thing::parse_cities(CITIES)?);
        let mut knowledge = Knowledge {
            states: state::parse(STATES)?,
            persons,
            things,
            titles: word::parse_titles(TITLES)?,
            given_names: word::parse_given_names(GIVEN_NAMES)?,
            heads: word::parse_heads(HEADS)?,
            currencies: currency::parse(CURRENCIES)?,
            version: version(tables),
            own: BTreeSet::new(),
            surnames: BTreeMap::new(),
            bearers: BTreeMap::new(),
            names: Vec::new(),
        };
        own::add(&mut knowledge, tables)?;
        knowledge.names = name::collect(&knowledge);
        knowledge.bearers = name::bearers(&knowledge);
        for name in &knowledge.names {
            if let Meaning::Surname(person) = name.meaning {
                knowledge
                    .surnames
                    .insert(name.phrase.to_lowercase(), person);
            }
        }
        Ok(knowledge)
    }

    /// Adds a person of the user's, or what they say of one of the built-in table.
    fn add_person(&mut self, person: Person) {
        let known = self
            .persons
            .iter()
            .position(|known| known.name == person.name);
        let index = match known {
            Some(index) => {
                self.persons[index].update(person);
                index
            }
            None => {
                self.persons.push(person);
                self.persons.len() - 1
            }
        };
        self.own.insert(Meaning::Person(index as u32));
    }

    /// Adds a thing of the user's, or what they say of one of the built-in table.
    fn add_thing(&mut self, thing: Thing) {
        let known = self
            .things
            .iter()
            .position(|known| known.name == thing.name && known.kind == thing.kind);
        let index = match known {
            Some(index) => {
                self.things[index].update(thing);
                index
            }
            None => {
                self.things.push(thing);
                self.things.len() - 1
            }
        };
        self.own.insert(Meaning::Thing(index as u32));
    }
}

/// `newsmill@` and eight hex digits of the SHA-256 over all tables.
fn version(tables: &[OwnTable]) -> String {
    let mut sha = Sha256::new();
    for text in BUILT_IN
        .iter()
        .copied()
        .chain(tables.iter().map(|own| own.text.as_str()))
    {
        sha.update(text);
        sha.update([0]);
    }
    let digits: String = sha
        .finalize()
        .iter()
        .take(4)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    format!("newsmill@{digits}")
}
