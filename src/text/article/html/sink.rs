//! Tokens to text: which elements are open, and what that means for what is between them.

use std::convert::Infallible;

use html5gum::emitters::callback::{Callback, CallbackEvent};
use html5gum::{Span, State};

use super::element::{self, ELEMENTS, Effect};
use super::page::{Mark, Page};

/// How words in the `class` or `itemprop` of a credit under a picture start or end ("imgCredit", "copyrightHolder").
/// Written from general knowledge of how news sites name them.
const CREDIT: [&str; 5] = ["credit", "credits", "copyright", "photographer", "byline"];

/// The standard's elements without content and thus without an end tag, but for those that end lines.
const VOID: [&[u8]; 11] = [
    b"area", b"base", b"col", b"embed", b"img", b"input", b"link", b"meta", b"source", b"track",
    b"wbr",
];

/// An open element.
struct Open {
    /// Index into [`ELEMENTS`].
    element: usize,
    dropped: bool,
    /// The part of the page that it marks.
    part: Option<usize>,
}

/// What a start tag says, gathered from its events.
#[derive(Default)]
struct Tag {
    name: Vec<u8>,
    attribute: Vec<u8>,
    hidden: bool,
    credit: bool,
    main: bool,
    article_body: bool,
}

/// A credit that is being left out: it ends with its own end tag or with the figure.
struct Credit {
    name: Vec<u8>,
    /// Elements of that name that are open in it, itself included.
    depth: usize,
}

/// Writes a page's text as its tokens come in.
pub struct Sink<'a> {
    page: &'a mut Page,
    tag: Tag,
    stack: Vec<Open>,
    /// Open elements of each kind in the stack: an end tag without a start costs nothing.
    open: [usize; ELEMENTS.len()],
    /// Dropped elements in the stack.
    dropped: usize,
    credit: Option<Credit>,
    next_state: Option<State>,
}

impl<'a> Sink<'a> {
    pub fn new(page: &'a mut Page) -> Self {
        Sink {
            page,
            tag: Tag::default(),
            stack: Vec::new(),
            open: [0; ELEMENTS.len()],
            dropped: 0,
            credit: None,
            next_state: None,
        }
    }

    /// How the content of the element that was just opened is to be read; given out once.
    pub fn next_state(&mut self) -> Option<State> {
        self.next_state.take()
    }

    fn is_open(&self, effect: Effect) -> bool {
        ELEMENTS
            .iter()
            .zip(self.open)
            .any(|((_, other), open)| open > 0 && *other == effect)
    }

    fn text(&mut self, text: &[u8]) {
        if self.dropped > 0 || self.credit.is_some() {
            return;
        }
        let text = String::from_utf8_lossy(text);
        if self.is_open(Effect::Preformatted) {
            self.page.push(&text);
        } else {
            self.page.push_running(&text);
        }
    }

    fn start(&mut self, self_closing: bool) {
        let tag = std::mem::take(&mut self.tag);
        if let Some(credit) = &mut self.credit {
            credit.depth += usize::from(credit.name == tag.name && !self_closing);
        }
        let Some(element) = element::index(&tag.name) else {
            self.start_inline(tag, self_closing);
            return;
        };
        match ELEMENTS[element].1 {
            Effect::Line => {
                self.page.end_line();
                self.start_inline(tag, self_closing);
            }
            Effect::Cell => self.text(b" "),
            Effect::Quotation => self.text("\u{201c}".as_bytes()),
            Effect::Page => self.page.whole = true,
            _ if self_closing => self.page.end_line(),
            effect => self.push(element, effect, &tag),
        }
    }

    /// An element that is not kept: all that it can be is a credit.
    fn start_inline(&mut self, tag: Tag, self_closing: bool) {
        let has_content = !self_closing && !VOID.contains(&tag.name.as_slice());
        if tag.credit && has_content && self.credit.is_none() && self.is_open(Effect::Figure) {
            self.credit = Some(Credit {
                name: tag.name,
                depth: 1,
            });
        }
    }

    fn push(&mut self, element: usize, effect: Effect, tag: &Tag) {
        self.page.end_line();
        self.next_state = match effect {
            Effect::DroppedRaw if tag.name == b"script" => Some(State::ScriptData),
            Effect::DroppedRaw => Some(State::RawText),
            Effect::DroppedTitle => Some(State::RcData),
            _ => None,
        };
        let dropped = tag.hidden
            || matches!(
                effect,
                Effect::Dropped | Effect::DroppedRaw | Effect::DroppedTitle
            )
            || (tag.credit && self.is_open(Effect::Figure));
        let mark = match effect {
            _ if self.dropped > 0 || dropped => None,
            _ if tag.article_body => Some(Mark::ArticleBody),
            _ if tag.main => Some(Mark::Main),
            Effect::Main => Some(Mark::Main),
            Effect::Article if self.open[element] == 0 => Some(Mark::Article),
            _ => None,
        };
        self.open[element] += 1;
        self.dropped += usize::from(dropped);
        self.stack.push(Open {
            element,
            dropped,
            part: mark.map(|mark| self.page.open(mark)),
        });
    }

    fn end(&mut self, name: &[u8]) {
        if let Some(credit) = &mut self.credit {
            credit.depth -= usize::from(credit.name == name);
            if credit.depth == 0 {
                self.credit = None;
            }
        }
        let Some(element) = element::index(name) else {
            return;
        };
        match ELEMENTS[element].1 {
            Effect::Line => self.page.end_line(),
            Effect::Cell | Effect::Page => {}
            Effect::Quotation => self.text("\u{201d}".as_bytes()),
            _ => self.pop_to(element),
        }
    }

    /// Closes the innermost open element of a kind, and with it what is open in it.
    fn pop_to(&mut self, element: usize) {
        self.page.end_line();
        while self.open[element] > 0 {
            let Some(closed) = self.stack.pop() else {
                return;
            };
            self.open[closed.element] -= 1;
            self.dropped -= usize::from(closed.dropped);
            if let Some(part) = closed.part {
                self.page.close(part);
            }
            if ELEMENTS[closed.element].1 == Effect::Figure {
                self.credit = None;
            }
            if closed.element == element {
                return;
            }
        }
    }
}

impl Tag {
    /// An attribute without a value.
    fn attribute(&mut self, name: &[u8]) {
        self.attribute.clear();
        self.attribute.extend_from_slice(name);
        self.hidden |= name == b"hidden";
    }

    fn value(&mut self, value: &[u8]) {
        let value = String::from_utf8_lossy(value).to_ascii_lowercase();
        match self.attribute.as_slice() {
            b"class" | b"itemprop" => {
                self.credit |= value
                    .split(|c: char| !c.is_ascii_alphanumeric())
                    .any(is_credit);
                self.article_body |= value.split_whitespace().any(|name| name == "articlebody");
            }
            b"role" => self.main |= value == "main",
            b"style" => {
                let hidden = ["display:none", "display: none"];
                self.hidden |= hidden.iter().any(|style| value.contains(style));
            }
            _ => {}
        }
    }
}

impl Callback<Infallible, ()> for Sink<'_> {
    fn handle_event(&mut self, event: CallbackEvent<'_>, _: Span<()>) -> Option<Infallible> {
        match event {
            CallbackEvent::String { value } => self.text(value),
            CallbackEvent::OpenStartTag { name } => {
                self.tag = Tag::default();
                self.tag.name.extend_from_slice(name);
            }
            CallbackEvent::AttributeName { name } => self.tag.attribute(name),
            CallbackEvent::AttributeValue { value } => self.tag.value(value),
            CallbackEvent::CloseStartTag { self_closing } => self.start(self_closing),
            CallbackEvent::EndTag { name } => self.end(name),
            CallbackEvent::Comment { .. }
            | CallbackEvent::Doctype { .. }
            | CallbackEvent::Error(_) => {}
        }
        None
    }
}

fn is_credit(word: &str) -> bool {
    CREDIT
        .iter()
        .any(|credit| word.starts_with(credit) || word.ends_with(credit))
}
