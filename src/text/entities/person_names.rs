//! Which person a name means: surnames, given names and full names, in both directions.

use std::collections::BTreeMap;

use super::Kind;
use super::sighting::{Sighting, Target};
use super::text::Text;
use crate::text::document::Case;
use crate::text::knowledge::Knowledge;

/// The full names of an article's persons, by the short forms that mean them.
pub struct PersonNames<'k> {
    knowledge: &'k Knowledge,
    fulls: Vec<Full>,
    /// By last word, in lower case; spellings of the tables too.
    by_surname: BTreeMap<String, Vec<usize>>,
    /// By every other word.
    by_given: BTreeMap<String, Vec<usize>>,
    by_target: BTreeMap<Target, usize>,
    by_words: BTreeMap<String, usize>,
}

/// A name of two words or more.
struct Full {
    /// In lower case, one space between.
    words: String,
    /// The one of them that means the person alone.
    surname: String,
    target: Target,
    /// The first token that names it.
    first: usize,
    /// The fullest name of the same person: an index into the full names.
    fullest: usize,
}

/// Who a sighting means.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Who {
    /// Index of a full name in this article.
    Full(usize),
    /// A person of the tables, named by surname alone.
    Known(Target),
    /// A single word that nothing else speaks of, in lower case.
    Word(String),
}

impl<'k> PersonNames<'k> {
    /// Reads the full names among the sightings.
    pub fn collect(text: &Text, sightings: &[Sighting], knowledge: &'k Knowledge) -> Self {
        let mut names = PersonNames {
            knowledge,
            fulls: Vec::new(),
            by_surname: BTreeMap::new(),
            by_given: BTreeMap::new(),
            by_target: BTreeMap::new(),
            by_words: BTreeMap::new(),
        };
        for sighting in sightings
            .iter()
            .filter(|sighting| sighting.kind == Kind::Person)
        {
            let words = text.lower(&sighting.tokens);
            if !words.contains(' ') {
                continue;
            }
            if let Some(&known) = names.by_words.get(&words) {
                let full = &mut names.fulls[known];
                if full.target == Target::Unknown {
                    full.target = sighting.target;
                }
                continue;
            }
            names.by_words.insert(words.clone(), names.fulls.len());
            names.fulls.push(Full {
                surname: if is_surname_first(text, sighting, knowledge) {
                    words.split(' ').next().unwrap_or(&words).to_owned()
                } else {
                    surname(&words).to_owned()
                },
                words,
                target: sighting.target,
                first: sighting.tokens.start,
                fullest: names.fulls.len(),
            });
        }
        names.index();
        names.link();
        names
    }

    fn index(&mut self) {
        for (index, full) in self.fulls.iter().enumerate() {
            let own = full.surname.as_str();
            self.by_surname
                .entry(own.to_owned())
                .or_default()
                .push(index);
            for word in full
                .words
                .split(' ')
                .filter(|&word| word != own && word.len() > 1 && !word.ends_with('.'))
            {
                self.by_given
                    .entry(word.to_owned())
                    .or_default()
                    .push(index);
            }
            if let Target::Person(person) = full.target {
                let person = &self.knowledge.persons[person as usize];
                for other in std::iter::once(&person.name).chain(&person.other_names) {
                    let other = person.surname_of(other).unwrap_or(other).to_lowercase();
                    if other != own {
                        self.by_surname.entry(other).or_default().push(index);
                    }
                }
            }
        }
    }

    /// Joins the names of one person: "Antony Blinken", "Antony J. Blinken"; "Mykhailo Podolyak", "Mykhailo Podoliak".
    fn link(&mut self) {
        for index in 0..self.fulls.len() {
            let words = &self.fulls[index].words;
            let fullest = self
                .by_surname
                .get(&self.fulls[index].surname)
                .into_iter()
                .flatten()
                .take(MOST_BEARERS)
                .copied()
                .filter(|&other| is_short_of(words, &self.fulls[other].words))
                .max_by_key(|&other| (self.fulls[other].words.len(), std::cmp::Reverse(other)));
            let spelt = || {
                self.by_given
                    .get(words.split(' ').next().unwrap_or(words))
                    .into_iter()
                    .flatten()
                    .take(MOST_BEARERS)
                    .copied()
                    .find(|&other| other < index && is_spelling_of(words, &self.fulls[other].words))
            };
            if let Some(fullest) = fullest.or_else(spelt) {
                self.fulls[index].fullest = fullest;
            }
        }
        for index in 0..self.fulls.len() {
            let target = self.fulls[index].target;
            if target == Target::Unknown {
                continue;
            }
            // Two names that the tables give to one person are one, whatever their letters.
            let fullest = *self
                .by_target
                .entry(target)
                .or_insert(self.fulls[index].fullest);
            self.fulls[index].fullest = fullest;
            self.fulls[fullest].target = target;
        }
    }

    /// Whether a word means a person named in full in this article by surname.
    pub fn knows(&self, surname: &str) -> bool {
        self.by_surname.contains_key(&surname.to_lowercase())
    }

    /// Who a sighting of a person means.
    pub fn who(&self, text: &Text, sighting: &Sighting) -> Who {
        if let Some(&full) = self.by_target.get(&sighting.target) {
            return Who::Full(full);
        }
        let words = text.lower(&sighting.tokens);
        let full = if words.contains(' ') {
            self.by_words.get(&words).copied()
        } else {
            self.by_surname
                .get(surname(&words))
                .or_else(|| self.by_given.get(&words))
                .and_then(|bearers| self.nearest(bearers, sighting.tokens.start))
        };
        match (full, sighting.target) {
            (Some(full), _) => Who::Full(self.fulls[full].fullest),
            (None, Target::Unknown) => match self.knowledge.surnames.get(&words) {
                Some(&person) => self.known(Target::Person(person)),
                None => Who::Word(words),
            },
            (None, target) => Who::Known(target),
        }
    }

    fn known(&self, target: Target) -> Who {
        self.by_target
            .get(&target)
            .map_or(Who::Known(target), |&full| Who::Full(full))
    }

    /// The bearer named in full last before a token, else the first after it.
    fn nearest(&self, bearers: &[usize], token: usize) -> Option<usize> {
        bearers
            .iter()
            .rev()
            .find(|&&full| self.fulls[full].first <= token)
            .or_else(|| bearers.first())
            .copied()
    }

    pub fn target(&self, who: &Who) -> Target {
        match who {
            Who::Full(full) => self.fulls[*full].target,
            Who::Known(target) => *target,
            Who::Word(_) => Target::Unknown,
        }
    }
}

/// Persons of East Asian states, and others whose second name is two syllables with a hyphen ("Kim Tae-hyo").
fn is_surname_first(text: &Text, sighting: &Sighting, knowledge: &Knowledge) -> bool {
    if let Target::Person(person) = sighting.target {
        return knowledge.persons[person as usize].is_surname_first();
    }
    let last = sighting.tokens.end - 1;
    sighting.tokens.len() == 4
        && text.word(last - 1) == "-"
        && !text.token(last).spaced
        && text.token(last).case == Case::Lower
}

/// Names of one surname (or given name) that are compared with each other; an article has few, a hostile text many.
const MOST_BEARERS: usize = 16;

/// The last word, without a suffix; a hyphenated surname is one word.
fn surname(name: &str) -> &str {
    let name = [" jr.", " jr", " sr.", " ii", " iii", " iv"]
        .iter()
        .find_map(|suffix| name.strip_suffix(suffix))
        .unwrap_or(name);
    name.rsplit(' ').next().unwrap_or(name)
}

/// The same name with words left out: at the head, or between given name and surname.
fn is_short_of(short: &str, long: &str) -> bool {
    let given = |name: &str| name.split(' ').next().map(str::to_owned);
    long.len() > short.len()
        && (long.ends_with(&format!(" {short}"))
            || (given(short) == given(long) && surname(short) == surname(long)))
}

/// The same given name, and surnames that differ by one letter: another transliteration.
fn is_spelling_of(a: &str, b: &str) -> bool {
    let (surname_a, surname_b) = (surname(a), surname(b));
    a.split(' ').next() == b.split(' ').next()
        && surname_a.len().min(surname_b.len()) >= SHORTEST_MISSPELT
        && strsim::levenshtein(surname_a, surname_b) <= 1
}

/// Letters of the shortest surname that may be spelt in two ways: "Caby" and "Cary" are two persons.
const SHORTEST_MISSPELT: usize = 6;
