//! Normalised text: NFC, no invisible characters, one newline between paragraphs, one space between words.
//!
//! A line break of any kind (CR LF, CR, LF, vertical tab, form feed, NEL, U+2028, U+2029) ends a paragraph, and a run of
//! them is one. Any other run of white space or control characters is one space, and there is none beside a newline.
//! Typed spaces carry no meaning in an article, and stages need not ask which of Unicode's 25 stands between two words.

use std::borrow::Cow;

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// Appends `raw` with line breaks as spaces.
pub fn append_line(raw: &str, out: &mut String) {
    append(raw, ' ', out);
}

/// Appends `raw` with its paragraphs separated by one newline.
pub fn append_paragraphs(raw: &str, out: &mut String) {
    append(raw, '\n', out);
}

fn append(raw: &str, line_break: char, out: &mut String) {
    let visible = without_invisible(raw);
    let composed: Cow<str> = match is_nfc_quick(visible.chars()) {
        IsNormalized::Yes => visible,
        IsNormalized::No | IsNormalized::Maybe => Cow::Owned(visible.nfc().collect()),
    };

    let start = out.len();
    let mut gap = None;
    let mut run = 0;
    for (at, c) in composed.char_indices() {
        let space = if is_line_break(c) {
            line_break
        } else if c.is_whitespace() || c.is_control() {
            ' '
        } else {
            continue;
        };
        if at > run {
            append_run(&composed[run..at], gap.take(), start, out);
        }
        run = at + c.len_utf8();
        if gap.is_none() || space == line_break {
            gap = Some(space);
        }
    }
    if run < composed.len() {
        append_run(&composed[run..], gap, start, out);
    }
}

/// Appends characters without a gap; the gap before them counts unless they are the first since `start`.
fn append_run(run: &str, gap: Option<char>, start: usize, out: &mut String) {
    if out.len() > start {
        out.extend(gap);
    }
    out.push_str(run);
}

fn without_invisible(raw: &str) -> Cow<'_, str> {
    if raw.contains(is_invisible) {
        Cow::Owned(raw.chars().filter(|c| !is_invisible(*c)).collect())
    } else {
        Cow::Borrowed(raw)
    }
}

/// Soft hyphen, zero-width space, word joiner, byte order mark and direction marks: typesetting left over from web
/// pages. A name must not differ by one of them. The joiners U+200C and U+200D stay: they are spelling in Persian and
/// Hindi and glue in emoji.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{AD}' | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'
        | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

fn is_line_break(c: char) -> bool {
    matches!(
        c,
        '\n' | '\r' | '\u{0B}' | '\u{0C}' | '\u{85}' | '\u{2028}' | '\u{2029}'
    )
}
