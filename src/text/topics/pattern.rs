//! The pattern language of evidence rules: what an editor writes between quotes.
//!
//! ```text
//! military (aid|assistance)          these words in a row, one of the alternatives
//! weapon~                            any inflection: weapon, weapons; send~: send, sends, sent, sending
//! (air defence|anti-aircraft)?       may be absent; a hyphen and a space are the same
//! {arms}                             one of the phrases of the class `arms`
//! {send} .. {arms}                   in this order, at most 6 tokens between, in one sentence (`..3`: at most 3)
//! {arms} & <country>                 in one sentence, in any order; `<country>` is an entity found in the text
//! siege of .. (city|<place>)         a phrase or an entity
//! ceasefire && {talks}               in one paragraph, in any order
//! =Patriot                           in these capitals only; other words match any case
//! ```
//!
//! Words match in British and American spelling alike.

use crate::text::entities::Kind;

/// Tokens that may stand between the sides of a plain `..`: enough for "sends (a new package of long-range) weapons".
const DEFAULT_GAP: u32 = 6;
/// A gap wider than this is a sentence's business: `&` says so more plainly.
const MAX_GAP: u32 = 20;

/// Parts that must all be found, each bound to the one before it.
#[derive(Clone, Debug, PartialEq)]
pub struct Pattern {
    /// As it was written.
    pub source: String,
    /// The line of its file that it stands in, from 1; 0 where it was parsed by itself.
    pub line: usize,
    pub parts: Vec<Part>,
    /// `joins[i]` stands between `parts[i]` and `parts[i + 1]`.
    pub joins: Vec<Join>,
}

/// What stands between two joins: one of some phrases, or a mention of an entity of one of some kinds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Part {
    pub phrase: Vec<Item>,
    pub slots: Vec<Kind>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Join {
    /// After the part before, in its sentence, at most this many tokens between.
    Within(u32),
    Sentence,
    Paragraph,
}

/// One word position of a phrase.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    pub node: Node,
    pub inflected: bool,
    pub optional: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Node {
    Word { text: String, exact: bool },
    Class(String),
    Choice(Vec<Vec<Item>>),
    Slot(Kind),
}

/// What is wrong with a pattern, and how to mend it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PatternError {
    pub problem: String,
    pub hint: String,
}

impl PatternError {
    pub fn new(problem: impl Into<String>, hint: impl Into<String>) -> Self {
        PatternError {
            problem: problem.into(),
            hint: hint.into(),
        }
    }
}

impl Pattern {
    pub fn parse(source: &str) -> Result<Pattern, PatternError> {
        let mut parser = Parser {
            rest: source,
            depth: 0,
        };
        let mut parts = vec![parser.part()?];
        let mut joins = Vec::new();
        while let Some(join) = parser.join()? {
            joins.push(join);
            parts.push(parser.part()?);
        }
        if let Some(c) = parser.peek() {
            return Err(PatternError::new(
                format!("unexpected {c:?} in pattern {source:?}"),
                "close it where it was opened, or leave it out",
            ));
        }
        Ok(Pattern {
            source: source.to_owned(),
            line: 0,
            parts,
            joins,
        })
    }

    /// A pattern without gaps and slots, as the phrases of a class must be.
    pub fn as_phrase(&self) -> Option<&[Item]> {
        match self.parts.as_slice() {
            [part] if part.slots.is_empty() => Some(&part.phrase),
            _ => None,
        }
    }
}

/// Parentheses nest at most this deep: deeper is unreadable, and recursion stays bounded.
const MAX_DEPTH: usize = 4;

struct Parser<'a> {
    rest: &'a str,
    depth: usize,
}

impl Parser<'_> {
    fn peek(&mut self) -> Option<char> {
        self.rest = self.rest.trim_start();
        self.rest.chars().next()
    }

    fn eat(&mut self, token: &str) -> bool {
        let found = self.rest.strip_prefix(token);
        self.rest = found.unwrap_or(self.rest);
        found.is_some()
    }

    fn join(&mut self) -> Result<Option<Join>, PatternError> {
        self.peek();
        if self.eat("&&") {
            return Ok(Some(Join::Paragraph));
        }
        if self.eat("&") {
            return Ok(Some(Join::Sentence));
        }
        if !self.eat("..") {
            return Ok(None);
        }
        let digits = self.rest.len()
            - self
                .rest
                .trim_start_matches(|c: char| c.is_ascii_digit())
                .len();
        let (number, rest) = self.rest.split_at(digits);
        self.rest = rest;
        match number.parse() {
            _ if number.is_empty() => Ok(Some(Join::Within(DEFAULT_GAP))),
            Ok(gap) if gap <= MAX_GAP => Ok(Some(Join::Within(gap))),
            _ => Err(PatternError::new(
                format!("gap ..{number} is wider than {MAX_GAP} tokens"),
                "write `&` for anywhere in the same sentence",
            )),
        }
    }

    fn part(&mut self) -> Result<Part, PatternError> {
        let items = self.items()?;
        if items.is_empty() {
            return Err(PatternError::new(
                "a pattern, or one side of a gap, is empty",
                "write at least one word",
            ));
        }
        if items.iter().all(|item| item.optional) {
            return Err(PatternError::new(
                "every word of the phrase is optional",
                "make one of them required",
            ));
        }
        part_of(items)
    }

    fn slot(&mut self) -> Result<Node, PatternError> {
        let (name, rest) = self.rest[1..]
            .split_once('>')
            .ok_or_else(|| PatternError::new("< without >", "close the slot, as in <country>"))?;
        self.rest = rest;
        let found = SLOTS.iter().find(|(slot, _)| *slot == name);
        found.map(|&(_, kind)| Node::Slot(kind)).ok_or_else(|| {
            let known: Vec<&str> = SLOTS.iter().map(|(slot, _)| *slot).collect();
            PatternError::new(
                format!("unknown slot <{name}>"),
                format!("use one of {}", known.join(", ")),
            )
        })
    }

    fn items(&mut self) -> Result<Vec<Item>, PatternError> {
        let mut items = Vec::new();
        loop {
            let next = self.peek();
            let node = match next {
                _ if self.rest.starts_with("..") => return Ok(items),
                Some('(') => self.choice()?,
                Some('{') => self.class()?,
                Some('<') => self.slot()?,
                Some(c) if c == '=' || is_word(c) => self.word()?,
                _ => return Ok(items),
            };
            let inflected = self.eat("~");
            let optional = self.eat("?");
            items.push(Item {
                node,
                inflected,
                optional,
            });
        }
    }

    fn choice(&mut self) -> Result<Node, PatternError> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(PatternError::new(
                format!("parentheses nested deeper than {MAX_DEPTH}"),
                "name the inner alternatives as a class",
            ));
        }
        self.rest = &self.rest[1..];
        let mut choices = Vec::new();
        loop {
            let items = self.items()?;
            if items.is_empty() {
                return Err(PatternError::new(
                    "an empty alternative",
                    "write `(a|b)?` when it may be absent",
                ));
            }
            choices.push(items);
            self.peek();
            if self.eat(")") {
                self.depth -= 1;
                return Ok(Node::Choice(choices));
            }
            if !self.eat("|") {
                return Err(PatternError::new(
                    "( without )",
                    "close the alternatives, as in (aid|help)",
                ));
            }
        }
    }

    fn class(&mut self) -> Result<Node, PatternError> {
        let (name, rest) = self.rest[1..]
            .split_once('}')
            .ok_or_else(|| PatternError::new("{ without }", "close the class, as in {arms}"))?;
        self.rest = rest;
        Ok(Node::Class(name.to_owned()))
    }

    fn word(&mut self) -> Result<Node, PatternError> {
        let exact = self.eat("=");
        let mut end = self.rest.find(|c| !is_word(c)).unwrap_or(self.rest.len());
        // "a .. b" may be written "a..b": the dots belong to the gap.
        if let Some(gap) = self.rest[..end].find("..") {
            end = gap;
        }
        let (text, rest) = self.rest.split_at(end);
        if text.is_empty() {
            return Err(PatternError::new(
                "= without a word",
                "write it before the word, as in =Patriot",
            ));
        }
        self.rest = rest;
        Ok(Node::Word {
            text: text.to_owned(),
            exact,
        })
    }
}

/// Sets the slots apart: one stands alone, or as an alternative of its own, never in a row with words.
fn part_of(mut items: Vec<Item>) -> Result<Part, PatternError> {
    let mut part = Part::default();
    match items.as_mut_slice() {
        [
            Item {
                node: Node::Slot(kind),
                ..
            },
        ] => {
            part.slots.push(*kind);
            items.clear();
        }
        [
            Item {
                node: Node::Choice(choices),
                ..
            },
        ] => {
            choices.retain(|choice| match choice.as_slice() {
                [
                    Item {
                        node: Node::Slot(kind),
                        ..
                    },
                ] => {
                    part.slots.push(*kind);
                    false
                }
                _ => true,
            });
            if choices.is_empty() {
                items.clear();
            }
        }
        _ => {}
    }
    if has_slot(&items) {
        return Err(PatternError::new(
            "a slot in a row with words",
            "put a gap or `&` between them, as in `ambassador ..2 <country>`",
        ));
    }
    part.phrase = items;
    Ok(part)
}

fn has_slot(items: &[Item]) -> bool {
    items.iter().any(|item| match &item.node {
        Node::Slot(_) => true,
        Node::Choice(choices) => choices.iter().any(|items| has_slot(items)),
        Node::Word { .. } | Node::Class(_) => false,
    })
}

/// What a word may be written with; everything else is punctuation of the language itself.
fn is_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '-' | '\'' | '’' | '.' | ',' | '$' | '%' | '/' | ':')
}

/// The slots' names.
pub const SLOTS: [(&str, Kind); 9] = [
    ("person", Kind::Person),
    ("organization", Kind::Organization),
    ("country", Kind::Country),
    ("place", Kind::Place),
    ("group", Kind::Group),
    ("equipment", Kind::Equipment),
    ("event", Kind::Event),
    ("agreement", Kind::Agreement),
    ("media", Kind::Media),
];
