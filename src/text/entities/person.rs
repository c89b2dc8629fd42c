//! Persons by pattern: capitalised words after a title or a given name.

use std::ops::Range;

use super::sighting::{Sighting, Source, Target};
use super::text::{Style, Text, listed};
use super::{Form, Kind};
use crate::text::document::{Case, TokenKind};
use crate::text::knowledge::{Knowledge, Title};

/// Persons that follow a title or begin with a given name. `closed` marks tokens that a name cannot hold: names of
/// states, organizations and the like.
pub fn find(
    text: &Text,
    titles: &[(Range<usize>, &Title)],
    closed: &[bool],
    knowledge: &Knowledge,
) -> Vec<Sighting> {
    let mut sightings = Vec::new();
    for (title, _) in titles {
        if text.style(title.start) == Style::AllCaps {
            continue;
        }
        let start = skip_dot(text, title.end);
        if let Some(end) = name_end(text, start, closed)
            && (end - start > 1 || is_surname(text, start, knowledge))
        {
            sightings.push(sighting(start..end));
        }
    }
    let mut at = 0;
    while at < text.len() {
        let opens = text.is_capital(at)
            && !closed[at]
            && text.style(at) == Style::Normal
            && knowledge.given_names.get(text.word(at)) == Some(&false);
        match opens.then(|| name_end(text, at, closed)).flatten() {
            Some(end) if end - at > 1 => {
                sightings.push(sighting(at..end));
                at = end;
            }
            _ => at += 1,
        }
    }
    sightings
}

fn sighting(tokens: Range<usize>) -> Sighting {
    Sighting {
        form: if tokens.len() == 1 {
            Form::ShortName
        } else {
            Form::Name
        },
        tokens,
        kind: Kind::Person,
        target: Target::Unknown,
        source: Source::PersonName,
        probability: 1.0,
    }
}

/// After an abbreviated title: "Gen." is two tokens.
fn skip_dot(text: &Text, at: usize) -> usize {
    at + usize::from(at < text.len() && text.word(at) == "." && !text.token(at).spaced)
}

/// The end of the name that begins here: capitalised words, initials, particles between them, a suffix.
fn name_end(text: &Text, start: usize, closed: &[bool]) -> Option<usize> {
    let limit = text
        .sentence(start.min(text.len().checked_sub(1)?))
        .end
        .min(start + LONGEST_NAME);
    let (mut at, mut end, mut words) = (start, start, 0);
    while at < limit {
        let word = text.word(at);
        if closed[at] {
            break;
        } else if is_initial(text, at) {
            at += 1 + usize::from(text.after(&(at..at + 1), 1) == ".");
            continue;
        } else if at > start && (is_particle(word) || (word == "-" && !text.token(at).spaced)) {
            at += 1;
            continue;
        } else if is_name_word(text, at) {
            at += 1;
            end = at;
            words += 1;
        } else {
            break;
        }
    }
    (words > 0 && end > start).then(|| with_suffix(text, end))
}

/// Tokens of the longest name: "Luiz Inácio Lula da Silva", "Annegret Kramp-Karrenbauer", initials and their dots.
const LONGEST_NAME: usize = 8;

/// "Jr.", "III".
fn with_suffix(text: &Text, end: usize) -> usize {
    if listed(
        &["jr", "jr.", "sr", "ii", "iii", "iv", "xiv"],
        text.after(&(end - 1..end), 1),
    ) {
        end + 1
    } else {
        end
    }
}

fn is_initial(text: &Text, at: usize) -> bool {
    let word = text.word(at);
    let mut letters = word.chars();
    letters.next().is_some_and(char::is_uppercase)
        && (word.chars().count() == 1 || word.ends_with('.'))
}

/// Small words within names.
fn is_particle(word: &str) -> bool {
    listed(
        &[
            "von", "van", "der", "den", "de", "la", "le", "del", "della", "di", "da", "dos", "du",
            "bin", "ibn", "al", "el", "ben", "ter", "zu", "bint", "ul", "ur", "e", "y",
        ],
        word,
    ) && word.chars().next().is_some_and(char::is_lowercase)
}

fn is_name_word(text: &Text, at: usize) -> bool {
    let token = text.token(at);
    token.kind == TokenKind::Word
        && matches!(token.case, Case::Capitalized | Case::Mixed)
        && !listed(NO_NAMES, text.word(at))
}

/// One word after a title: a surname unless it is a word of the language at the head of a sentence, or a given name
/// that is one too.
fn is_surname(text: &Text, at: usize, knowledge: &Knowledge) -> bool {
    text.word(at).len() > 2 && !knowledge.heads.contains_key(text.word(at))
}

/// Capitalised words that are no part of a person's name.
const NO_NAMES: &[&str] = &[
    "The",
    "A",
    "An",
    "In",
    "On",
    "At",
    "Of",
    "And",
    "But",
    "For",
    "From",
    "With",
    "By",
    "To",
    "As",
    "If",
    "It",
    "He",
    "She",
    "They",
    "We",
    "You",
    "I",
    "His",
    "Her",
    "Their",
    "Our",
    "This",
    "That",
    "These",
    "Those",
    "Who",
    "What",
    "When",
    "Where",
    "Why",
    "How",
    "After",
    "Before",
    "During",
    "While",
    "Since",
    "Also",
    "Not",
    "No",
    "Says",
    "Said",
    "Will",
    "Has",
    "Is",
    "Was",
    "Are",
    "Were",
    "January",
    "February",
    "March",
    "April",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
    "President",
    "Minister",
    "Prime",
    "Foreign",
    "Secretary",
    "General",
    "Deputy",
    "Vice",
    "Former",
    "Senator",
    "Chancellor",
    "Ambassador",
    "Speaker",
    "Chairman",
    "Director",
    "Governor",
    "Mayor",
    "Western",
    "European",
    "Arab",
    "Muslim",
    "Christian",
    "Jewish",
    "National",
    "International",
    "Federal",
    "State",
    "Government",
    "Administration",
    "Council",
    "Committee",
    "Party",
    "House",
    "Senate",
    "Congress",
    "Parliament",
    "Ministry",
    "Department",
    "Office",
    "Army",
    "Navy",
    "Air",
    "Defense",
    "Defence",
    "Security",
    "War",
    "Day",
    "Street",
    "University",
    "Bank",
    "Union",
    "Today",
    "Yesterday",
    "Republican",
    "Democrat",
    "Democratic",
    "Sir",
    "Mr",
    "Mrs",
    "Ms",
    "Dr",
    "Meets",
    "Meet",
    "Calls",
    "Tells",
];
