//! Which office holder a surname means that many bear: by the office stated, whose it is, and who held it when the
//! article was published.

use jiff::civil::Date;

use super::Office;
use super::sighting::Target;
use crate::text::knowledge::{Knowledge, Person};

/// An office that the article states of a person, and whose it is.
pub struct Stated {
    pub office: Office,
    pub of: Option<Target>,
}

/// The one holder of the tables whom a surname and an office of theirs mean; none where several fit, or nothing is stated.
pub fn holder(
    surname: &str,
    stated: &[Stated],
    published: Option<Date>,
    knowledge: &Knowledge,
) -> Option<Target> {
    let bearers = knowledge.bearers.get(surname)?;
    let mut fitting = bearers.iter().copied().filter(|&index| {
        let person = &knowledge.persons[index as usize];
        stated.iter().any(|stated| fits(person, stated, knowledge))
            && published.is_none_or(|day| person.is_in_office(day))
    });
    let first = fitting.next()?;
    fitting.next().is_none().then_some(Target::Person(first))
}

/// A stated office without its owner fits too: "Prime Minister Johnson".
fn fits(person: &Person, stated: &Stated, knowledge: &Knowledge) -> bool {
    person.office == stated.office
        && stated.of.is_none_or(|of| match of {
            Target::State(state) => knowledge.states[state as usize].iso == person.of,
            Target::Thing(thing) => {
                let thing = &knowledge.things[thing as usize];
                let names = std::iter::once(&thing.name).chain(&thing.sure);
                names
                    .into_iter()
                    .any(|name| Some(name) == person.of.as_ref())
                    || thing.country.is_some() && thing.country == person.of
            }
            Target::Person(_) | Target::Unknown => false,
        })
}
