//! Which language a text is written in.
//!
//! A language that has its [`script`] to itself is told by it. Where many share one (Latin, Cyrillic, Arabic, Devanagari),
//! small words, endings and letters are weighed ([`evidence`]): news is short and full of foreign names, in which
//! trigrams see other languages. Trigrams answer where the evidence is too thin.

mod codes;
mod evidence;
mod scores;
mod script;
mod table;

use script::Script;

/// A text's language as far as the text itself says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Language {
    /// ISO 639-1: two letters.
    pub code: &'static str,
    /// 0 to 1: how often such an answer is right.
    pub confidence: f64,
    /// Whether to act on it; a guess from too short a text is not.
    pub reliable: bool,
}

/// How many characters of a text are looked at: an article's first paragraphs, some 300 words. More changes nothing.
const SAMPLE: usize = 2_000;

/// The language of a text; `None` where it has no letters.
pub fn detect(text: &str) -> Option<Language> {
    let end = text
        .char_indices()
        .nth(SAMPLE)
        .map_or(text.len(), |(end, _)| end);
    let sample = &text[..end];
    let weighed = match script::detect(sample)? {
        Script::Chinese => return Some(by_script("zh")),
        Script::Japanese => return Some(by_script("ja")),
        Script::Hangul => return Some(by_script("ko")),
        Script::Other => None,
        shared => evidence::weigh(sample, shared),
    };
    let is_reliable = |found: &Language| found.reliable;
    if weighed.as_ref().is_some_and(is_reliable) {
        return weighed;
    }
    let guessed = guess(sample);
    guessed.filter(is_reliable).or(weighed).or(guessed)
}

/// Whether [`detect`] can give this code.
pub fn is_known(code: &str) -> bool {
    let by_trigrams = || whatlang::Lang::all().iter().map(|lang| codes::code(*lang));
    table::TABLE.has(code) || by_trigrams().any(|known| known == code)
}

fn by_script(code: &'static str) -> Language {
    Language {
        code,
        confidence: 1.0,
        reliable: true,
    }
}

/// By trigrams.
fn guess(sample: &str) -> Option<Language> {
    let info = whatlang::detect(sample)?;
    Some(Language {
        code: codes::code(info.lang()),
        confidence: info.confidence(),
        reliable: info.is_reliable(),
    })
}
