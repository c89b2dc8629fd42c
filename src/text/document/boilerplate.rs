//! Boilerplate: paragraphs that belong to the page around an article, not to the article.
//!
//! Told by vocabulary (`data/boilerplate.txt`), position and shape. In doubt a paragraph is the article's: evidence
//! lost is worse than a teaser read.

use std::collections::HashSet;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use super::{Document, Paragraph, ParagraphKind, Token, TokenKind, fold};

static VOCABULARY: LazyLock<Vocabulary> =
    LazyLock::new(|| Vocabulary::parse(include_str!("../../../data/boilerplate.txt")));

/// In tokens. A longer paragraph tells something: cookie notices and sign-offs of agencies are the longest, with about
/// 60.
const LONGEST: usize = 80;

/// In words. A longer paragraph that has such a phrase inside tells something besides.
const LONGEST_AROUND: usize = 30;

/// In words. A longer line below "Related articles" is no headline: of 14,827 titles of news and official releases 2 %
/// are longer.
const LONGEST_HEADLINE: usize = 25;

/// How many paragraphs make up an article's end.
const TAIL: usize = 3;

/// Where in a paragraph a phrase must stand.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Start,
    End,
    Inside,
    Whole,
    List,
}

struct Vocabulary {
    phrases: AhoCorasick,
    /// By the automaton's pattern number.
    places: Vec<Place>,
    bar: HashSet<&'static str>,
}

impl Vocabulary {
    fn parse(file: &'static str) -> Vocabulary {
        let mut bar = HashSet::new();
        let mut places = Vec::new();
        let mut phrases = Vec::new();
        for line in file
            .lines()
            .filter(|line| !line.is_empty() && !line.starts_with('#'))
        {
            let (place, phrase) = line
                .split_once(": ")
                .expect("every line of the built-in vocabulary has a colon");
            places.push(match place {
                "start" => Place::Start,
                "end" => Place::End,
                "inside" => Place::Inside,
                "whole" => Place::Whole,
                "list" => Place::List,
                "bar" => {
                    bar.insert(phrase);
                    continue;
                }
                _ => unreachable!("the built-in vocabulary has no place {place:?}"),
            });
            phrases.push(format!(" {} ", phrase.replace(':', " :")));
        }
        let phrases = AhoCorasick::new(phrases).expect("the built-in vocabulary is small");
        Vocabulary {
            phrases,
            places,
            bar,
        }
    }

    /// The place of a phrase that says a paragraph of these words is boilerplate.
    fn find(&self, words: &str, length: usize, at_end: bool) -> Option<Place> {
        let all = words.strip_suffix(": ").unwrap_or(words);
        if all.trim().split(' ').all(|word| self.bar.contains(word)) {
            return Some(Place::Whole);
        }
        self.phrases.find_overlapping_iter(words).find_map(|found| {
            let place = self.places[found.pattern().as_usize()];
            let fits = match place {
                Place::Start => found.start() == 0,
                Place::End => found.start() == 0 && at_end,
                Place::Inside => length <= LONGEST_AROUND,
                Place::Whole | Place::List => found.start() == 0 && found.end() == all.len(),
            };
            fits.then_some(place)
        })
    }
}

/// Marks the paragraphs of a text.
pub fn mark(document: &mut Document) {
    let mut words = String::new();
    let mut in_list = false;
    let count = document.paragraphs.len();
    for at in 0..count {
        let paragraph = &document.paragraphs[at];
        if paragraph.kind == ParagraphKind::Title {
            continue;
        }
        let tokens = document.tokens_of(paragraph);
        if tokens.len() > LONGEST {
            in_list = false;
            continue;
        }
        let length = write_words(document, tokens, &mut words);
        let found = VOCABULARY.find(&words, length, at + TAIL >= count);
        let listed = in_list && length <= LONGEST_HEADLINE && !ends_with_stop(document, paragraph);
        in_list = listed || found == Some(Place::List);
        if listed || found.is_some() {
            document.paragraphs[at].kind = ParagraphKind::Boilerplate;
        }
    }
}

/// Writes what the vocabulary's phrases are compared with, folded and with a space around each: words, numbers, colons
/// and copyright signs. Returns how many words and numbers there are.
fn write_words(document: &Document, tokens: &[Token], out: &mut String) -> usize {
    out.clear();
    out.push(' ');
    let mut length = 0;
    for token in tokens {
        let text = document.slice(token.span);
        if token.kind != TokenKind::Symbol {
            length += 1;
        } else if !matches!(text, ":" | "©") {
            continue;
        }
        fold::append(text, out);
        out.push(' ');
    }
    length
}

fn ends_with_stop(document: &Document, paragraph: &Paragraph) -> bool {
    document
        .slice(paragraph.span)
        .ends_with(['.', '!', '…', '”', '"'])
}
