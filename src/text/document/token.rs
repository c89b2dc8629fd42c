//! Tokens: words, numbers, symbols.

use unicode_normalization::char::is_combining_mark;

use super::Span;

/// What a token is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// Letters, with inner apostrophes, dots of abbreviations ("U.S.") and digits ("F16").
    Word,
    /// Digits, with inner separators ("1,200", "3.5").
    Number,
    /// Anything else that is not white space, one character a token (with its combining marks).
    Symbol,
}

/// How a word is capitalised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Case {
    /// No upper-case letter, or no letter at all.
    Lower,
    /// The first letter alone.
    Capitalized,
    /// Every letter, and there are two or more.
    Upper,
    /// Anything else ("McDonald", "iPhone").
    Mixed,
}

/// A word, a number or one symbol. Hyphens split words into tokens of their own ("F-16" is `F`, `-`, `16`); a
/// possessive 's is a word of its own, and so is every Chinese character and hiragana letter, as those are written
/// without spaces.
#[derive(Clone, Copy, Debug)]
pub struct Token {
    pub span: Span,
    pub kind: TokenKind,
    pub case: Case,
    /// White space stands between the token before and this one.
    pub spaced: bool,
}

/// Appends the tokens of one paragraph, whose first byte stands at `base` in the buffer.
pub fn append(paragraph: &str, base: u32, tokens: &mut Vec<Token>) {
    let mut at = 0;
    let mut spaced = false;
    // The end of the last word or number: an apostrophe there may begin a possessive.
    let mut word_end = None;
    while let Some(c) = char_at(paragraph, at) {
        if c.is_whitespace() {
            spaced = true;
            at += c.len_utf8();
            continue;
        }
        let scan = match class(c) {
            Class::Letter | Class::Digit | Class::Ideograph => scan_word(paragraph, at),
            Class::Mark | Class::Other if word_end == Some(at) && is_possessive(paragraph, at) => {
                Scan {
                    end: at + c.len_utf8() + 1,
                    kind: TokenKind::Word,
                    case: Case::Lower,
                }
            }
            Class::Mark | Class::Other => {
                let end = skip_marks(paragraph, at + c.len_utf8());
                Scan {
                    end,
                    kind: TokenKind::Symbol,
                    case: Case::Lower,
                }
            }
        };
        tokens.push(Token {
            span: Span {
                start: base + at as u32,
                end: base + scan.end as u32,
            },
            kind: scan.kind,
            case: scan.case,
            spaced,
        });
        if scan.kind != TokenKind::Symbol {
            word_end = Some(scan.end);
        }
        at = scan.end;
        spaced = false;
    }
}

/// The straight apostrophe and the typographic one.
pub fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’')
}

struct Scan {
    end: usize,
    kind: TokenKind,
    case: Case,
}

/// From the first letter or digit of a word or number to its end.
fn scan_word(text: &str, start: usize) -> Scan {
    let mut at = start;
    let mut letters = Letters::default();
    let mut digits = false;
    // Letters and digits since the start or the last inner dot: "U.S." is made of single ones.
    let mut part = 0;
    let mut dotted = false;
    let mut last = Class::Other;
    while let Some(c) = char_at(text, at) {
        let after = at + c.len_utf8();
        match class(c) {
            Class::Letter => {
                letters.count(c);
                part += 1;
                last = Class::Letter;
            }
            Class::Digit => {
                digits = true;
                part += 1;
                last = Class::Digit;
            }
            Class::Ideograph => {
                if at == start {
                    letters.count(c);
                    at = skip_marks(text, after);
                }
                break;
            }
            Class::Mark => {}
            Class::Other => {
                let next = char_at(text, after).map(class);
                let joins = match c {
                    '.' if last == Class::Letter && part == 1 && is_single_letter(text, after) => {
                        dotted = true;
                        part = 0;
                        true
                    }
                    // The last dot of "U.S." belongs to it.
                    '.' if dotted && part == 1 => {
                        at = after;
                        false
                    }
                    '.' | ',' | '٫' | '٬' => last == Class::Digit && next == Some(Class::Digit),
                    _ if is_apostrophe(c) => {
                        last == Class::Letter
                            && next == Some(Class::Letter)
                            && !is_possessive(text, at)
                    }
                    _ => false,
                };
                if !joins {
                    break;
                }
            }
        }
        at = after;
    }
    let kind = if digits && letters.all == 0 {
        TokenKind::Number
    } else {
        TokenKind::Word
    };
    Scan {
        end: at,
        kind,
        case: letters.case(),
    }
}

/// Counts that tell how a word is capitalised.
#[derive(Default)]
struct Letters {
    all: u32,
    upper: u32,
    first_upper: bool,
}

impl Letters {
    fn count(&mut self, c: char) {
        let upper = c.is_uppercase();
        self.first_upper |= upper && self.all == 0;
        self.upper += u32::from(upper);
        self.all += 1;
    }

    fn case(&self) -> Case {
        match self.upper {
            0 => Case::Lower,
            1 if self.first_upper => Case::Capitalized,
            upper if upper == self.all => Case::Upper,
            _ => Case::Mixed,
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Letter,
    Digit,
    /// A letter of a script without spaces, a word by itself.
    Ideograph,
    /// Belongs to the character before it.
    Mark,
    Other,
}

fn class(c: char) -> Class {
    match c {
        'a'..='z' | 'A'..='Z' => Class::Letter,
        '0'..='9' => Class::Digit,
        '\0'..='\x7f' => Class::Other,
        '\u{200C}' | '\u{200D}' => Class::Mark,
        _ if is_ideograph(c) => Class::Ideograph,
        _ if c.is_alphabetic() => Class::Letter,
        _ if c.is_numeric() => Class::Digit,
        _ if is_combining_mark(c) => Class::Mark,
        _ => Class::Other,
    }
}

/// Unicode blocks of Han characters and hiragana. Katakana has words one can see: names and loans are written in it.
fn is_ideograph(c: char) -> bool {
    matches!(c,
        '\u{3005}'..='\u{3007}' | '\u{3041}'..='\u{3096}' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}'
        | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

/// Whether an apostrophe, an s and no further letter or digit stand here.
fn is_possessive(text: &str, at: usize) -> bool {
    let mut chars = text[at..].chars();
    chars.next().is_some_and(is_apostrophe)
        && matches!(chars.next(), Some('s' | 'S'))
        && !chars
            .next()
            .is_some_and(|c| matches!(class(c), Class::Letter | Class::Digit | Class::Mark))
}

/// Whether one letter without further letters or digits stands here.
fn is_single_letter(text: &str, at: usize) -> bool {
    let mut chars = text[at..].chars().map(class);
    chars.next() == Some(Class::Letter)
        && !matches!(chars.next(), Some(Class::Letter | Class::Digit))
}

fn skip_marks(text: &str, mut at: usize) -> usize {
    while let Some(c) = char_at(text, at) {
        if class(c) != Class::Mark {
            break;
        }
        at += c.len_utf8();
    }
    at
}

fn char_at(text: &str, at: usize) -> Option<char> {
    text[at..].chars().next()
}
