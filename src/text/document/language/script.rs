//! Which script most of a text is written in.

/// The scripts that this module decides about itself; a text in any other is told by its script.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Script {
    Latin,
    Cyrillic,
    Arabic,
    Devanagari,
    /// Han characters without kana.
    Chinese,
    /// Kana, with Han characters or without.
    Japanese,
    Hangul,
    Other,
}

/// A Han character stands for as much as three letters, a Hangul syllable for two: by the lengths of translations.
const HAN: u32 = 3;
const HANGUL: u32 = 2;

/// Chinese texts name a Japanese brand now and then; a Japanese sentence has more kana than one character in ten.
const KANA_SHARE: u32 = 10;

/// The script of most letters; `None` for a text without letters.
pub fn detect(text: &str) -> Option<Script> {
    let (mut latin, mut cyrillic, mut arabic, mut devanagari) = (0, 0, 0, 0);
    let (mut han, mut kana, mut hangul, mut other) = (0, 0, 0, 0);
    for c in text.chars().filter(|c| c.is_alphabetic()) {
        match c {
            '\0'..='\u{24F}' | '\u{1E00}'..='\u{1EFF}' => latin += 1,
            '\u{400}'..='\u{52F}' => cyrillic += 1,
            '\u{600}'..='\u{6FF}' | '\u{750}'..='\u{77F}' | '\u{FB50}'..='\u{FEFC}' => arabic += 1,
            '\u{900}'..='\u{97F}' => devanagari += 1,
            '\u{3040}'..='\u{30FF}' => kana += 1,
            '\u{3005}'..='\u{3007}'
            | '\u{3400}'..='\u{9FFF}'
            | '\u{F900}'..='\u{FAFF}'
            | '\u{20000}'..='\u{3FFFF}' => {
                han += 1;
            }
            '\u{1100}'..='\u{11FF}' | '\u{AC00}'..='\u{D7A3}' => hangul += HANGUL,
            _ => other += 1,
        }
    }
    let east_asian = if kana * KANA_SHARE > kana + han {
        Script::Japanese
    } else {
        Script::Chinese
    };
    let counts = [
        (latin, Script::Latin),
        (cyrillic, Script::Cyrillic),
        (arabic, Script::Arabic),
        (devanagari, Script::Devanagari),
        ((han + kana) * HAN, east_asian),
        (hangul, Script::Hangul),
        (other, Script::Other),
    ];
    let (count, script) = counts.into_iter().max_by_key(|(count, _)| *count)?;
    (count > 0).then_some(script)
}
