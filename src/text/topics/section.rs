//! The 17 sections of a newspaper: the top level of IPTC Media Topics.

/// Their ids, as records carry them.
pub const IDS: [&str; 17] = [
    "arts",
    "conflict",
    "crime",
    "disaster",
    "economy",
    "education",
    "environment",
    "health",
    "human-interest",
    "labour",
    "lifestyle",
    "politics",
    "religion",
    "science-technology",
    "society",
    "sport",
    "weather",
];
