//! Edges of the tagger's names: titles and small words that do not belong to them.

use std::ops::Range;

use super::sighting::Sighting;
use super::text::{Text, listed};
use super::{Form, Kind};
use crate::text::document::Case;
use crate::text::knowledge::Title;

/// Cuts titles off persons' names and small words off all, and joins two halves of a name that "and" or "of" parts.
///
/// `titles` do not overlap and stand in text order.
pub fn trim(
    text: &Text,
    sightings: Vec<Sighting>,
    titles: &[(Range<usize>, &Title)],
) -> Vec<Sighting> {
    let mut trimmed: Vec<Sighting> = Vec::with_capacity(sightings.len());
    for mut sighting in sightings {
        if let Some(last) = trimmed.last_mut()
            && last.kind == sighting.kind
            && last.tokens.end == sighting.tokens.start
            && listed(&["and", "of", "for", "&"], text.word(last.tokens.end - 1))
        {
            last.tokens.end = sighting.tokens.end;
            last.probability = last.probability.min(sighting.probability);
            continue;
        }
        cut_tail(text, trimmed.last_mut());
        if sighting.kind == Kind::Person {
            cut_tail(text, Some(&mut sighting));
            sighting.tokens.end = with_second_syllable(text, &sighting.tokens);
            sighting.tokens = without_titles(text, sighting.tokens, titles);
            if sighting.tokens.len() == 1 {
                sighting.form = Form::ShortName;
            }
        }
        trimmed.push(sighting);
    }
    cut_tail(text, trimmed.last_mut());
    trimmed
}

fn cut_tail(text: &Text, sighting: Option<&mut Sighting>) {
    if let Some(sighting) = sighting {
        while sighting.tokens.len() > 1
            && listed(
                &[
                    "and", "of", "for", "&", "the", "-", "–", "/", "'s", "’s", "in", "on", "to",
                ],
                text.word(sighting.tokens.end - 1),
            )
        {
            sighting.tokens.end -= 1;
        }
    }
}

/// "Kim Tae" before "-hyo": the name goes on behind the hyphen.
fn with_second_syllable(text: &Text, tokens: &Range<usize>) -> usize {
    let hyphen = tokens.end;
    let joined = text.after(tokens, 1) == "-"
        && !text.token(hyphen).spaced
        && !text.after(tokens, 2).is_empty()
        && !text.token(hyphen + 1).spaced
        && text.token(hyphen + 1).case == Case::Lower;
    // "The Biden-led alliance" has one word before the hyphen.
    if joined && tokens.len() > 1 {
        hyphen + 2
    } else {
        hyphen
    }
}

/// Titles that announce a person are in the tables, and no part of the name.
fn without_titles(
    text: &Text,
    mut tokens: Range<usize>,
    titles: &[(Range<usize>, &Title)],
) -> Range<usize> {
    loop {
        let first = titles.partition_point(|(title, _)| title.start < tokens.start);
        let start = match titles.get(first) {
            Some((title, _)) if title.start == tokens.start => title.end,
            _ if text.word(tokens.start) == "." => tokens.start + 1,
            _ => return tokens,
        };
        if start >= tokens.end {
            return tokens;
        }
        tokens.start = start;
    }
}
