//! Words that make a capital the place: what is there, what goes there, what befalls it. Written from general knowledge.

/// Nouns of cities: after the name they make it the place.
#[rustfmt::skip]
pub const LOCAL: &[&str] = &[
    "region", "oblast", "district", "province", "airport", "time", "suburb", "suburbs", "street", "streets",
    "metro", "mayor", "residents", "resident", "outskirts", "city", "area", "summit", "conference", "forum",
    "court", "stadium", "university", "hospital", "hospitals", "subway", "population", "centre", "center",
    "downtown", "bureau", "office", "museum", "theatre", "theater", "square", "state", "post", "times",
    "exchange", "marathon", "zoo", "skyline", "hotel", "embassy", "governor", "police", "municipality", "hall",
    "halls", "wall", "walls", "building", "grounds", "towers", "railway", "station", "protocol", "agreement",
    "memorandum", "treaty", "accords", "school", "schools", "apartment", "neighbourhood", "neighborhood",
    "visit", "meeting", "talks", "declaration", "security", "olympics", "stock", "bridge", "military", "d.c",
    "d.c.", "dc",
];

/// Parts of a city, and what only cities have.
#[rustfmt::skip]
pub const PARTS: &[&str] = &[
    "district", "districts", "suburb", "suburbs", "street", "streets", "neighbourhood", "neighborhood", "quarter", "airport",
    "square", "stadium", "museum", "theatre", "theater", "university", "hospital", "academy", "school", "hotel",
    "cathedral", "market", "park", "station",
];

/// Words that put something in a place.
#[rustfmt::skip]
pub const PLACE_BEFORE: &[&str] = &[
    "in", "at", "near", "outside", "around", "across", "into", "through", "throughout", "inside", "towards",
    "toward", "over", "central", "downtown", "northern", "southern", "eastern", "western", "within",
    "surrounding", "north", "south", "east", "west", "encircle", "greater", "via",
];

/// Verbs that take a place.
#[rustfmt::skip]
pub const VISITED: &[&str] = &[
    "visit", "visited", "visiting", "visits", "left", "leave", "leaving", "reached", "reach", "entered",
    "enter", "capture", "captured", "capturing", "seize", "seized", "take", "bomb", "bombed", "bombing",
    "shelled", "shelling", "hit", "struck", "encircled", "besieged", "occupied", "liberated", "attack",
    "attacked", "attacking", "defend", "defended", "surround", "surrounded",
];

/// After the verb: what happens to a city, not to a state.
#[rustfmt::skip]
pub const STRUCK: &[&str] = &[
    "shelled", "bombed", "hit", "struck", "attacked", "captured", "liberated", "encircled", "located",
    "founded", "evacuated", "besieged", "under", "home", "held",
];

/// Verbs and nouns of going somewhere.
#[rustfmt::skip]
pub const TRAVEL: &[&str] = &[
    "travel", "travels", "traveled", "travelled", "traveling", "travelling", "trip", "trips", "visit", "visits",
    "visited", "come", "came", "coming", "comes", "go", "goes", "went", "going", "fly", "flies", "flew",
    "flying", "flight", "flights", "return", "returned", "returns", "returning", "arrive", "arrived", "arrival",
    "arrives", "move", "moved", "train", "trains", "road", "way", "back", "route", "km", "kilometers",
    "kilometres", "miles", "head", "headed", "heading", "drive", "drove", "bus", "sent", "summoned", "invited",
    "recalled", "fled", "flee", "evacuated", "march", "advance", "close", "city", "streets", "outskirts",
    "mayor", "centre", "center", "north", "south", "east", "west", "suburb", "suburbs", "districts",
    "university", "region", "capital", "part", "parts", "bishop", "patriarch", "metropolitan", "battle",
    "siege", "defence", "defense", "reporting", "left",
];

/// Nouns of attack, before "on".
#[rustfmt::skip]
pub const STRIKES: &[&str] = &[
    "strike", "strikes", "attack", "attacks", "march", "marched", "assault", "advance", "advancing", "missiles",
    "rockets", "drones", "bombs", "fired", "dropped", "raid", "raids", "shelling", "offensive", "attacked",
    "fell", "rained", "based", "launched",
];
