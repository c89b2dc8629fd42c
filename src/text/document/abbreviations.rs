//! What a full stop after a word means: the abbreviations of `data/abbreviations.txt`.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

/// What may follow a word and its full stop within the same sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Abbreviation {
    /// A name does, always: "Mr. Smith".
    BeforeName,
    /// A number does: "No. 5"; before anything else the full stop ends the sentence.
    BeforeNumber,
    /// Anything may, but a word that begins sentences does not: "Acme Inc. The".
    Anywhere,
}

static TABLE: LazyLock<Table> =
    LazyLock::new(|| Table::parse(include_str!("../../../data/abbreviations.txt")));

struct Table {
    abbreviations: FxHashMap<&'static str, Abbreviation>,
    openers: FxHashMap<&'static str, ()>,
}

impl Table {
    fn parse(file: &'static str) -> Table {
        let mut table = Table {
            abbreviations: FxHashMap::default(),
            openers: FxHashMap::default(),
        };
        let lines = file
            .lines()
            .filter(|line| !line.is_empty() && !line.starts_with('#'));
        for line in lines {
            let (class, words) = line.split_once(": ").unwrap_or((line, ""));
            for word in words.split(' ') {
                let abbreviation = match class {
                    "before-name" => Abbreviation::BeforeName,
                    "before-number" => Abbreviation::BeforeNumber,
                    "anywhere" => Abbreviation::Anywhere,
                    "opener" => {
                        table.openers.insert(word, ());
                        continue;
                    }
                    _ => unreachable!(
                        "data/abbreviations.txt is built in and has no class {class:?}"
                    ),
                };
                table.abbreviations.insert(word, abbreviation);
            }
        }
        table
    }
}

/// The class of a word that stands before a full stop. An entry with a capital is found as it stands alone ("Mass." is
/// a state, "mass." is not), one in lower case in any case.
pub fn find(word: &str) -> Option<Abbreviation> {
    let exact = TABLE.abbreviations.get(word).copied();
    exact.or_else(|| with_lower(word, |lower| TABLE.abbreviations.get(lower).copied()).flatten())
}

/// Whether a word, capitalised after an abbreviation, says that a new sentence has begun.
pub fn is_opener(word: &str) -> bool {
    with_lower(word, |lower| TABLE.openers.contains_key(lower)).unwrap_or(false)
}

/// All words of the table are ASCII, and shorter than this.
const LONGEST: usize = 16;

fn with_lower<T>(word: &str, look_up: impl FnOnce(&str) -> T) -> Option<T> {
    let mut lower = [0; LONGEST];
    let lower = lower.get_mut(..word.len())?;
    lower.copy_from_slice(word.as_bytes());
    lower.make_ascii_lowercase();
    std::str::from_utf8(lower).ok().map(look_up)
}
