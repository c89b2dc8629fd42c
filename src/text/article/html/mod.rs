//! HTML and XHTML to plain text, one line a paragraph.
//!
//! The tokens of the HTML standard's tokenizer go straight into text, without a tree: what a reader sees as a block of
//! its own becomes a line, what is no article text (scripts, navigation, forms, credits) is left out. A tree builder
//! would need time with the square of the nesting depth and recursion to be dropped; here both are linear, whatever
//! strangers nest.

mod element;
mod emitter;
mod page;
mod sink;

use html5gum::Tokenizer;

use emitter::TextEmitter;
use page::Page;
use sink::Sink;

/// The text of a page or a fragment of one.
///
/// Of a whole page it is what the page itself marks as its article, where it does.
pub fn text(html: &str) -> String {
    let mut page = Page::default();
    let emitter = TextEmitter::new(Sink::new(&mut page));
    let Ok(()) = Tokenizer::new_with_emitter(html, emitter).finish();
    page.into_text()
}

/// Whether a text that nobody marked is HTML: it has a tag without attributes that ends lines (`<br>`, `</p>`). Inline
/// tags are not enough, nor is a name after "<", since that is also how people compare.
pub fn is_likely(text: &str) -> bool {
    text.match_indices('<').any(|(at, _)| {
        let rest = &text[at + 1..];
        let rest = rest.strip_prefix('/').unwrap_or(rest);
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric());
        let (name, rest) = rest.split_at(end.unwrap_or(rest.len()));
        let closed = [">", "/>", " />"].iter().any(|end| rest.starts_with(end));
        closed && element::ends_lines(name)
    })
}
