//! Numbers in a text: digits or words, with their scale ("60bn", "1.2 trillion", "half a million", "500 crore").

use super::decimal::Decimal;
use super::passage::Passage;
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
    if token.kind == TokenKind::Symbol {
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
    let word = |at: usize| {
        (at < passage.tokens().len()).then(|| passage.token_text(at).to_ascii_lowercase())
    };
    let first = word(at)?;
    if first == "half" {
        let article = word(at + 1).is_some_and(|word| word == "a");
        let end = at + 1 + usize::from(article);
        return scale_after(passage, end).map(|_| (Decimal::half(), None, end));
    }
    if first == "a" || first == "an" {
        // "A million dollars", but not "a dollar".
        return scale_after(passage, at + 1).map(|_| (Decimal::whole(1), None, at + 1));
    }
    let small = |word: &str| SMALL.iter().position(|&small| small == word);
    let value = small(&first)? as u32;
    // "twenty-five"
    if value >= 20
        && word(at + 1).is_some_and(|sign| sign == "-")
        && let Some(unit) = word(at + 2)
            .as_deref()
            .and_then(small)
            .filter(|unit| (1..10).contains(unit))
    {
        return Some((Decimal::whole(value + unit as u32), None, at + 3));
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
    Some(match word.to_ascii_lowercase().as_str() {
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
        word.to_ascii_lowercase().as_str(),
        "hundreds" | "thousands" | "millions" | "billions" | "trillions" | "tens" | "dozens"
    )
}

/// By value; tens above twenty stand at their place.
const SMALL: [&str; 91] = {
    let mut words = [""; 91];
    let low = [
        "zero",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen",
        "twenty",
    ];
    let mut at = 0;
    while at < low.len() {
        words[at] = low[at];
        at += 1;
    }
    words[30] = "thirty";
    words[40] = "forty";
    words[50] = "fifty";
    words[60] = "sixty";
    words[70] = "seventy";
    words[80] = "eighty";
    words[90] = "ninety";
    words
};
