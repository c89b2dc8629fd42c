//! Languages: a state's adjective that stands for its language ("wrote in French", "spoke Greek and Italian") names no
//! state.

use super::Form;
use super::sighting::Sighting;
use super::text::{Text, listed};
use crate::text::document::TokenKind;

/// Whether an adjective means a language: its noun is a language's, or a word before it, or before the list that it stands
/// in, speaks of languages, and no noun follows that it could belong to.
pub fn is_language(text: &Text, sighting: &Sighting) -> bool {
    let tokens = &sighting.tokens;
    if sighting.form != Form::Demonym || !listed(NAMES, text.word(tokens.start)) {
        return false;
    }
    let mut first = tokens.start;
    for _ in 0..LONGEST_LIST {
        let link = text.before(first, 1);
        let linked = matches!(link, "," | "and" | "or");
        let back = if linked && text.before(first, 2) == "," {
            3
        } else {
            2
        };
        if !linked || !listed(NAMES, text.before(first, back)) {
            break;
        }
        first -= back;
    }
    let mut last = tokens.clone();
    for _ in 0..LONGEST_LIST {
        let linked = matches!(text.after(&last, 1), "," | "and" | "or");
        let ahead = if linked && matches!(text.after(&last, 2), "and" | "or") {
            3
        } else {
            2
        };
        if !linked || !listed(NAMES, text.after(&last, ahead)) {
            break;
        }
        last = last.end + ahead - 1..last.end + ahead;
    }
    let next = text.after(&last, 1);
    // "(Greek: ...)", "Russian syntax"
    (next == ":" && !text.token(last.end).spaced)
        || listed(OF_LANGUAGE, next)
        || (next == "-" && listed(HYPHENATED, text.after(&last, 2)))
        || (listed(SPEAKING, text.before(first, 1)) && ends_phrase(text, last.end, next))
}

/// Languages of one list that are followed: an article's longest has a few.
const LONGEST_LIST: usize = 6;

fn ends_phrase(text: &Text, at: usize, next: &str) -> bool {
    next.is_empty()
        || (text.token(at).kind == TokenKind::Symbol && next != "-")
        || listed(AFTER, next)
}

/// Adjectives of states that are names of languages.
#[rustfmt::skip]
const NAMES: &[&str] = &[
    "Albanian", "Armenian", "Azerbaijani", "Belarusian", "Bulgarian", "Chinese", "Croatian", "Czech", "Danish", "Dutch",
    "English", "Estonian", "Finnish", "French", "Georgian", "German", "Greek", "Hungarian", "Icelandic", "Indonesian",
    "Irish", "Italian", "Japanese", "Kazakh", "Korean", "Kyrgyz", "Latvian", "Lithuanian", "Macedonian", "Mongolian",
    "Norwegian", "Polish", "Portuguese", "Romanian", "Russian", "Serbian", "Slovak", "Slovenian", "Spanish", "Swedish",
    "Tajik", "Thai", "Turkish", "Turkmen", "Ukrainian", "Uzbek", "Vietnamese", "Welsh",
];

/// Words before a language.
#[rustfmt::skip]
const SPEAKING: &[&str] = &[
    "in", "into", "from", "of", "some", "like", "speak", "speaks", "speaking", "spoke", "spoken", "learn", "learns",
    "learned", "learnt", "learning", "teach", "teaches", "taught", "teaching", "study", "studied", "studying", "himself",
    "herself", "themselves", "ancient", "modern", "fluent", "understand", "understands", "understood", "know", "knows",
    "knew", "written", "translated",
];

/// What a language has and a state has not.
#[rustfmt::skip]
const OF_LANGUAGE: &[&str] = &[
    "language", "languages", "alphabet", "grammar", "syntax", "vocabulary", "spelling", "pronunciation", "orthography",
    "dialect", "dialects", "word", "words", "verb", "verbs", "noun", "nouns", "phrase", "phrases", "translation",
    "translations", "subtitles", "dictionary", "lessons", "Wikipedia",
];

/// The same after a hyphen: "Ukrainian-language", "Russian-speaking".
const HYPHENATED: &[&str] = &["language", "speaking", "speakers", "speaker"];

/// Words after one that are no noun of it.
#[rustfmt::skip]
const AFTER: &[&str] = &[
    "and", "or", "but", "was", "were", "is", "are", "has", "had", "have", "at", "by", "in", "on", "to", "for", "from",
    "with", "as", "that", "which", "who", "when", "while", "because", "than", "only", "well", "too", "fluently", "under",
    "before", "after", "until", "during", "into", "he", "she", "they", "it",
];
