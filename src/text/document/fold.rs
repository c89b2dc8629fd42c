//! Words as they are compared: in lower case, with typed apostrophes and hyphens.

/// Appends a word. It is lowered as a whole, because a Greek sigma at its end has a form of its own.
pub fn append(word: &str, out: &mut String) {
    if word.is_ascii() {
        let start = out.len();
        out.push_str(word);
        out[start..].make_ascii_lowercase();
    } else {
        out.extend(word.to_lowercase().chars().map(typed));
    }
}

/// The sign on a keyboard for a typographic apostrophe or hyphen; any other character as it is.
pub fn typed(c: char) -> char {
    match c {
        '’' => '\'',
        _ if is_hyphen(c) => '-',
        _ => c,
    }
}

/// The hyphens, and the dash that joins names ("Russia–Ukraine talks").
pub fn is_hyphen(c: char) -> bool {
    matches!(c, '-' | '\u{2010}' | '\u{2011}' | '\u{2013}')
}
