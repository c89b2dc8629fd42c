//! The taxonomy and the sections that come with the program.

use super::taxonomy::Source;

macro_rules! sources {
    ($($file:literal),* $(,)?; $folder:literal) => {
        [$(Source { file: $file, content: include_str!(concat!("../../../data/", $folder, "/", $file)) }),*]
    };
}

pub static TAXONOMY: [Source; 9] = sources![
    "taxonomy.toml",
    "arms.toml",
    "aid.toml",
    "diplomacy.toml",
    "economy.toml",
    "law.toml",
    "security.toml",
    "society.toml",
    "war.toml"; "taxonomy"
];

pub static SECTIONS: [Source; 1] = sources!["sections.toml"; "sections"];
