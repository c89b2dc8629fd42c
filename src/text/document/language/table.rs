//! The table of `data/languages.txt`: which languages a word, an ending or a letter speaks for.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::script::{self, Script};

/// A set of languages, one bit for each; the file has 38.
pub type Languages = u64;

pub static TABLE: LazyLock<Table> =
    LazyLock::new(|| Table::parse(include_str!("../../../../data/languages.txt")));

/// The longest ending that is looked up, in characters.
const LONGEST_ENDING: usize = 6;

/// How much longer than its ending a word must be, in characters.
const SHORTEST_STEM: usize = 2;

#[derive(Default)]
pub struct Table {
    codes: Vec<&'static str>,
    scripts: Vec<Script>,
    words: FxHashMap<&'static str, Languages>,
    endings: FxHashMap<&'static str, Languages>,
    letters: FxHashMap<char, Languages>,
}

/// What the letters of a word say.
#[derive(Default)]
pub struct Letters {
    /// The languages that share the letter which the fewest have; none where all letters are common ones.
    pub rarest: Languages,
    /// The languages that lack one of the letters.
    pub lacking: Languages,
}

impl Table {
    fn parse(file: &'static str) -> Table {
        let mut table = Table::default();
        for line in file
            .lines()
            .filter(|line| !line.is_empty() && !line.starts_with('#'))
        {
            let (head, entries) = line
                .split_once(": ")
                .expect("every line of the built-in table has a colon");
            let (code, kind) = head
                .split_once(' ')
                .expect("every line of the built-in table has a code and a kind");
            let language = 1 << table.index(code, entries);
            for entry in entries.split(' ') {
                match kind {
                    "words" => *table.words.entry(entry).or_default() |= language,
                    "endings" => *table.endings.entry(entry).or_default() |= language,
                    "letters" => {
                        let letter = entry.chars().next().expect("entries are not empty");
                        *table.letters.entry(letter).or_default() |= language;
                    }
                    _ => unreachable!("the built-in table has no kind {kind:?}"),
                }
            }
        }
        table
    }

    /// The language's number; a new one is written in the script of its first entries.
    fn index(&mut self, code: &'static str, entries: &str) -> usize {
        self.codes
            .iter()
            .position(|known| *known == code)
            .unwrap_or_else(|| {
                self.codes.push(code);
                self.scripts
                    .push(script::detect(entries).expect("the built-in table has letters"));
                self.codes.len() - 1
            })
    }

    pub fn code(&self, language: usize) -> &'static str {
        self.codes[language]
    }

    pub fn has(&self, code: &str) -> bool {
        self.codes.contains(&code)
    }

    pub fn written_in(&self, script: Script) -> Languages {
        self.scripts
            .iter()
            .enumerate()
            .filter(|(_, written)| **written == script)
            .fold(0, |set, (language, _)| set | 1 << language)
    }

    pub fn by_word(&self, word: &str) -> Option<Languages> {
        self.words.get(word).copied()
    }

    /// By the longest ending listed.
    pub fn by_ending(&self, word: &str) -> Option<Languages> {
        let length = word.chars().count();
        let first = length.saturating_sub(LONGEST_ENDING).max(SHORTEST_STEM);
        word.char_indices()
            .skip(first)
            .find_map(|(at, _)| self.endings.get(&word[at..]).copied())
    }

    pub fn by_letters(&self, word: &str) -> Letters {
        let mut found = Letters::default();
        for letter in word.chars().filter(|letter| !letter.is_ascii()) {
            if let Some(set) = self.letters.get(&letter) {
                if found.rarest == 0 || set.count_ones() < found.rarest.count_ones() {
                    found.rarest = *set;
                }
                found.lacking |= !set;
            }
        }
        found
    }
}
