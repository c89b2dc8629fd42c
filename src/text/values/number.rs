//! Numbers in a text: digits or words, with their scale ("60bn", "1.2 trillion", "half a million", "500 crore").

use super::decimal::Decimal;
use super::passage::{Passage, lower};
use crate::text::document::TokenKind;

/// A number as written.
#[derive(Clone, Debug)]
pub struct Number {
    /// Without its scale.
    pub value: Decimal,
    /// A power of ten, where one is written.
    pub scale: Option<i32>,
    /// The token after it.
    pub end: usize,
}

/// The number that begins at a token, its scale included.
pub fn read(passage: &Passage, at: usize) -> Option<Number> {
    let (value, attached, end) = digits(passage, at).or_else(|| words(passage, at))?;
    let (scale, end) = match attached {
        Some(scale) => (Some(scale), end),
        None => scale_after(passage, end).map_or((None, end), |(scale, end)| (Some(scale), end)),
    };
    Some(Number { value, scale, end })
}

/// "1.2", "60bn".
fn digits(passage: &Passage, at: usize) -> Option<(Decimal, Option<i32>, usize)> {
    let token = passage.tokens().get(at)?;
    let text = passage.token_text(at);
    // "1’234" is no 234.
    let is_rest = !token.spaced && matches!(passage.text_before(at, 1), "'" | "’");
    if token.kind == TokenKind::Symbol || is_rest {
        return None;
    }
    let cut = text.find(|c: char| c.is_alphabetic()).unwrap_or(text.len());
    let value = Decimal::parse(&text[..cut])?;
    match &text[cut..] {
        "" => Some((value, None, at + 1)),
        suffix => Some((value, Some(scale(suffix)?), at + 1)),
    }
}

/// "five", "a", "half a".
fn words(passage: &Passage, at: usize) -> Option<(Decimal, Option<i32>, usize)> {
    let first = passage.word(at);
    if first == "half" {
        let article = passage.word(at + 1) == "a";
        let end = at + 1 + usize::from(article);
        return scale_after(passage, end).map(|_| (Decimal::half(), None, end));
    }
    if first == "a" || first == "an" {
        // "A million dollars", but not "a dollar".
        return scale_after(passage, at + 1).map(|_| (Decimal::whole(1), None, at + 1));
    }
    let value = small(&first)?;
    // "two and a half billion"
    let is_and_a_half = ["and", "a", "half"]
        .iter()
        .zip(at + 1..)
        .all(|(expected, at)| passage.word(at) == *expected);
    if is_and_a_half && scale_after(passage, at + 4).is_some() {
        return Decimal::parse(&format!("{value}.5")).map(|value| (value, None, at + 4));
    }
    // "twenty-five"
    if value >= 20
        && passage.word(at + 1) == "-"
        && let Some(unit) = small(&passage.word(at + 2)).filter(|unit| (1..10).contains(unit))
    {
        return Some((Decimal::whole(value + unit), None, at + 3));
    }
    Some((Decimal::whole(value), None, at + 1))
}

/// The scale word at a token, after a hyphen or not: "billion", "-billion". Two may follow each other ("thousand
/// billion").
fn scale_after(passage: &Passage, at: usize) -> Option<(i32, usize)> {
    let tokens = passage.tokens();
    let at = match tokens.get(at) {
        Some(token) if !token.spaced && passage.token_text(at) == "-" => at + 1,
        _ => at,
    };
    let power = scale(tokens.get(at).map(|_| passage.token_text(at))?)?;
    // A letter after a space is a unit of length or a grade.
    if passage.token_text(at).len() == 1 {
        return None;
    }
    match tokens
        .get(at + 1)
        .and_then(|_| scale(passage.token_text(at + 1)))
    {
        Some(more) if passage.token_text(at + 1).len() > 2 && power < more => {
            Some((power + more, at + 2))
        }
        _ => Some((power, at + 1)),
    }
}

/// The power of ten that a word stands for.
pub fn scale(word: &str) -> Option<i32> {
    Some(match &*lower(word) {
        "thousand" | "k" => 3,
        "lakh" | "lakhs" => 5,
        "million" | "mn" | "mln" | "mio" | "m" => 6,
        "crore" | "crores" => 7,
        "billion" | "bn" | "bln" | "b" => 9,
        "trillion" | "tn" | "trn" | "trln" | "t" => 12,
        "quadrillion" => 15,
        _ => return None,
    })
}

/// "millions", "hundreds": a magnitude without a number.
pub fn is_magnitude(word: &str) -> bool {
    matches!(
        &*lower(word),
        "hundreds" | "thousands" | "millions" | "billions" | "trillions" | "tens" | "dozens"
    )
}

/// What a number word below a hundred stands for.
fn small(word: &str) -> Option<u32> {
    Some(match word {
        "zero" => 0,
        "one" => 1,
        "two" => 2,
        "three" => 3,
        "four" => 4,
        "five" => 5,
        "six" => 6,
        "seven" => 7,
        "eight" => 8,
        "nine" => 9,
        "ten" => 10,
        "eleven" => 11,
        "twelve" => 12,
        "thirteen" => 13,
        "fourteen" => 14,
        "fifteen" => 15,
        "sixteen" => 16,
        "seventeen" => 17,
        "eighteen" => 18,
        "nineteen" => 19,
        "twenty" => 20,
        "thirty" => 30,
        "forty" => 40,
        "fifty" => 50,
        "sixty" => 60,
        "seventy" => 70,
        "eighty" => 80,
        "ninety" => 90,
        _ => return None,
    })
}
