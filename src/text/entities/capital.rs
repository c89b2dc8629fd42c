//! Capitals and seats of government: the state or the place, as the sentence has it.
//!
//! The words next to the name decide; the lists were written from general knowledge.

use std::ops::Range;

use super::text::{Style, Text, listed};
use crate::text::document::Case;

/// What a capital's name means in its sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    State,
    Place,
    /// Joined by "and" or a comma to another capital, which decides.
    Joined,
    Unsure,
}

/// How the sentence around a capital's name reads.
pub fn read(text: &Text, name: &Range<usize>) -> Reading {
    let before = text.before(name.start, 1);
    let next = text.after(name, 1);
    if is_dateline(text, name) {
        return Reading::Place;
    }
    if is_hyphen(next) && !text.token(name.end).spaced {
        return compound(text, name);
    }
    if is_possessive(next) {
        return if listed(LOCAL, text.after(name, 2)) {
            Reading::Place
        } else {
            Reading::State
        };
    }
    if listed(LOCAL, next) || listed(PLACE_BEFORE, before) || listed(VISITED, before) {
        return Reading::Place;
    }
    if listed(&["to", "from", "on", "of", "for"], before) {
        return after_preposition(text, name, before);
    }
    if listed(STATE_BEFORE, before) {
        return Reading::State;
    }
    if listed(VERBS, next) || (text.style(name.start) != Style::AllCaps && is_verb_form(next)) {
        return if listed(STRUCK, text.after(name, 2)) || listed(STRUCK, text.after(name, 3)) {
            Reading::Place
        } else {
            Reading::State
        };
    }
    if listed(&["and", "or", "&"], before) || listed(&["and", "or", "&"], next) {
        return Reading::Joined;
    }
    Reading::Unsure
}

/// How the sentence around a seat's name ("the Kremlin") reads.
pub fn read_seat(text: &Text, name: &Range<usize>) -> Reading {
    let the = usize::from(text.before(name.start, 1).eq_ignore_ascii_case("the"));
    let inside = listed(PLACE_BEFORE, text.before(name.start, the + 1));
    let next = text.after(name, 1);
    let owned = is_possessive(next) && listed(LOCAL, text.after(name, 2));
    if inside || owned || listed(LOCAL, next) {
        Reading::Place
    } else {
        Reading::State
    }
}

/// "KYIV, May 5 -", "Kyiv • UNN": where a report was written, at the head of its paragraph.
fn is_dateline(text: &Text, name: &Range<usize>) -> bool {
    let sentence = text.sentence(name.start);
    sentence.start == name.start
        && (name.end..sentence.end.min(name.end + DATELINE_TOKENS)).any(|at| {
            matches!(text.word(at), "–" | "—" | "•" | "|")
                || (text.word(at) == "-" && text.token(at).spaced)
                || text.word(at) == "("
        })
        && (text.token(name.start).case == Case::Upper
            || matches!(text.after(name, 1), "–" | "—" | "•" | "|" | "(")
            || (text.after(name, 1) == "-" && text.token(name.end).spaced))
}

/// Tokens between a dateline's place and the dash after it: ", March 25 (Reuters)".
const DATELINE_TOKENS: usize = 8;

/// "Moscow-backed" is the state, "Moscow-based" the city; "Moscow-Beijing ties" the states.
fn compound(text: &Text, name: &Range<usize>) -> Reading {
    let word = text.after(name, 2);
    if listed(&["based", "born", "area", "region"], word) {
        Reading::Place
    } else if word.ends_with("ed") || listed(&["led", "run", "friendly"], word) {
        Reading::State
    } else {
        Reading::Joined
    }
}

/// "to", "from", "on", "of", "for": what is moved or put there decides.
fn after_preposition(text: &Text, name: &Range<usize>, preposition: &str) -> Reading {
    let sentence = text.sentence(name.start);
    let from = name.start.saturating_sub(WINDOW + 1).max(sentence.start);
    // The nearest word decides.
    for at in (from..name.start - 1).rev() {
        let word = text.word(at);
        if listed(TRAVEL, word) || (preposition.eq_ignore_ascii_case("on") && listed(STRIKES, word))
        {
            return Reading::Place;
        }
        if listed(DEALINGS, word) {
            return Reading::State;
        }
    }
    Reading::Unsure
}

/// Words looked back at from a preposition.
const WINDOW: usize = 5;

fn is_verb_form(word: &str) -> bool {
    word.len() > 4 && word.ends_with("ed") && word.chars().all(char::is_lowercase)
}

fn is_possessive(word: &str) -> bool {
    matches!(word, "'s" | "’s" | "'S" | "’S" | "'" | "’")
}

fn is_hyphen(word: &str) -> bool {
    matches!(word, "-" | "\u{2010}" | "\u{2011}" | "–")
}

/// Nouns of cities: after the name they make it the place.
const LOCAL: &[&str] = &[
    "region",
    "oblast",
    "district",
    "province",
    "airport",
    "time",
    "suburb",
    "suburbs",
    "street",
    "streets",
    "metro",
    "mayor",
    "residents",
    "resident",
    "outskirts",
    "city",
    "area",
    "summit",
    "conference",
    "forum",
    "court",
    "stadium",
    "university",
    "hospital",
    "hospitals",
    "subway",
    "population",
    "centre",
    "center",
    "downtown",
    "bureau",
    "office",
    "museum",
    "theatre",
    "theater",
    "square",
    "state",
    "post",
    "times",
    "exchange",
    "marathon",
    "zoo",
    "skyline",
    "hotel",
    "embassy",
    "governor",
    "police",
    "municipality",
    "hall",
    "halls",
    "wall",
    "walls",
    "building",
    "grounds",
    "towers",
    "railway",
    "station",
    "protocol",
    "agreement",
    "memorandum",
    "treaty",
    "accords",
    "school",
    "schools",
    "apartment",
    "neighbourhood",
    "neighborhood",
    "visit",
    "meeting",
    "talks",
    "declaration",
    "security",
    "olympics",
    "stock",
    "bridge",
    "military",
    "d.c",
    "d.c.",
    "dc",
];

/// Words that put something in a place.
const PLACE_BEFORE: &[&str] = &[
    "in",
    "at",
    "near",
    "outside",
    "around",
    "across",
    "into",
    "through",
    "throughout",
    "inside",
    "towards",
    "toward",
    "over",
    "central",
    "downtown",
    "northern",
    "southern",
    "eastern",
    "western",
    "within",
    "surrounding",
    "north",
    "south",
    "east",
    "west",
    "encircle",
    "greater",
    "via",
];

/// Verbs that take a place.
const VISITED: &[&str] = &[
    "visit",
    "visited",
    "visiting",
    "visits",
    "left",
    "leave",
    "leaving",
    "reached",
    "reach",
    "entered",
    "enter",
    "capture",
    "captured",
    "capturing",
    "seize",
    "seized",
    "take",
    "bomb",
    "bombed",
    "bombing",
    "shelled",
    "shelling",
    "hit",
    "struck",
    "encircled",
    "besieged",
    "occupied",
    "liberated",
    "attack",
    "attacked",
    "attacking",
    "defend",
    "defended",
    "surround",
    "surrounded",
];

/// Words after which a capital acts or is acted upon as a state.
const STATE_BEFORE: &[&str] = &[
    "with",
    "by",
    "against",
    "between",
    "urge",
    "urged",
    "urges",
    "urging",
    "tell",
    "told",
    "accuse",
    "accused",
    "accuses",
    "accusing",
    "blame",
    "blamed",
    "blames",
    "warn",
    "warned",
    "warns",
    "pressure",
    "pressured",
    "help",
    "helps",
    "helped",
    "helping",
    "arm",
    "arming",
    "support",
    "supports",
    "supporting",
    "supported",
    "allow",
    "allows",
    "allowed",
    "official",
    "because",
    "that",
    "if",
    "while",
    "whether",
    "as",
    "but",
    "than",
    "says",
    "said",
    "give",
    "giving",
    "gives",
    "gave",
    "let",
    "provide",
    "providing",
    "provided",
    "force",
    "forcing",
    "forced",
    "ally",
    "allies",
    "isolate",
    "isolating",
    "punish",
    "deter",
    "hostile",
];

/// Auxiliaries and verbs of states.
const VERBS: &[&str] = &[
    "has",
    "had",
    "have",
    "is",
    "was",
    "are",
    "were",
    "will",
    "would",
    "could",
    "should",
    "may",
    "might",
    "must",
    "can",
    "cannot",
    "says",
    "said",
    "wants",
    "want",
    "insists",
    "hopes",
    "plans",
    "seeks",
    "does",
    "did",
    "do",
    "also",
    "denies",
    "claims",
    "believes",
    "expects",
    "needs",
    "considers",
    "intends",
    "continues",
    "remains",
    "rejects",
    "calls",
    "sees",
    "fears",
    "told",
    "began",
    "sent",
    "made",
    "gave",
    "took",
    "sought",
    "says",
    "itself",
    "alone",
    "agrees",
    "threatens",
    "tries",
    "keeps",
    "knows",
    "understands",
    "responds",
    "stands",
    "bears",
    "aims",
    "pledges",
    "vows",
    "urges",
    "warns",
    "accuses",
    "blames",
    "demands",
    "refuses",
    "backs",
    "condemns",
    "welcomes",
    "supports",
    "sends",
    "gives",
    "takes",
    "makes",
    "uses",
    "gets",
    "hits",
    "imposes",
    "bans",
    "expels",
    "summons",
    "eyes",
    "faces",
    "announces",
    "confirms",
    "slams",
    "hails",
    "denounces",
    "dismisses",
    "offers",
    "never",
    "never",
    "often",
    "now",
    "still",
    "then",
    "not",
    "long",
    "repeatedly",
    "first",
];

/// After the verb: what happens to a city, not to a state.
const STRUCK: &[&str] = &[
    "shelled",
    "bombed",
    "hit",
    "struck",
    "attacked",
    "captured",
    "liberated",
    "encircled",
    "located",
    "founded",
    "evacuated",
    "besieged",
    "under",
    "home",
    "held",
];

/// Verbs and nouns of going somewhere.
const TRAVEL: &[&str] = &[
    "travel",
    "travels",
    "traveled",
    "travelled",
    "traveling",
    "travelling",
    "trip",
    "trips",
    "visit",
    "visits",
    "visited",
    "come",
    "came",
    "coming",
    "comes",
    "go",
    "goes",
    "went",
    "going",
    "fly",
    "flies",
    "flew",
    "flying",
    "flight",
    "flights",
    "return",
    "returned",
    "returns",
    "returning",
    "arrive",
    "arrived",
    "arrival",
    "arrives",
    "move",
    "moved",
    "train",
    "trains",
    "road",
    "way",
    "way",
    "back",
    "route",
    "km",
    "kilometers",
    "kilometres",
    "miles",
    "head",
    "headed",
    "heading",
    "drive",
    "drove",
    "bus",
    "sent",
    "summoned",
    "invited",
    "recalled",
    "fled",
    "flee",
    "evacuated",
    "march",
    "advance",
    "close",
    "city",
    "streets",
    "outskirts",
    "mayor",
    "centre",
    "center",
    "north",
    "south",
    "east",
    "west",
    "suburb",
    "suburbs",
    "districts",
    "university",
    "region",
    "capital",
    "part",
    "parts",
    "bishop",
    "patriarch",
    "metropolitan",
    "battle",
    "siege",
    "defence",
    "defense",
    "reporting",
    "left",
];

/// What is given to, wanted from or done to a state.
const DEALINGS: &[&str] = &[
    "aid",
    "weapons",
    "weapon",
    "arms",
    "support",
    "assistance",
    "help",
    "missiles",
    "tanks",
    "deliver",
    "delivered",
    "deliveries",
    "delivery",
    "supplies",
    "supply",
    "supplied",
    "supplying",
    "loan",
    "loans",
    "concessions",
    "ultimatum",
    "loyal",
    "ties",
    "according",
    "message",
    "signal",
    "pressure",
    "sanctions",
    "imposed",
    "dependence",
    "dependent",
    "depends",
    "reliance",
    "threat",
    "threats",
    "provide",
    "provided",
    "providing",
    "response",
    "reaction",
    "guarantees",
    "gas",
    "money",
    "funds",
    "ammunition",
    "equipment",
    "signals",
    "allies",
    "ally",
    "independence",
    "demands",
    "demand",
    "control",
    "policy",
    "opposed",
    "allegiance",
    "important",
    "advantage",
    "cost",
    "costs",
    "blame",
    "orders",
    "instructions",
    "permission",
    "approval",
    "pressure",
    "relations",
    "attitude",
    "exports",
    "transfer",
    "transferred",
    "part",
    "behalf",
    "side",
    "hands",
];

/// Nouns of attack, before "on".
const STRIKES: &[&str] = &[
    "strike",
    "strikes",
    "attack",
    "attacks",
    "march",
    "marched",
    "assault",
    "advance",
    "advancing",
    "missiles",
    "rockets",
    "drones",
    "bombs",
    "fired",
    "dropped",
    "raid",
    "raids",
    "shelling",
    "offensive",
    "attacked",
    "fell",
    "rained",
    "based",
    "launched",
];
