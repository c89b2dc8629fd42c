//! What each HTML element means for the text.

/// What an element does to the text in and around it; any other element does nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Ends the line before and after it. Its end tag is often left out, so nothing is remembered about it.
    Line,
    /// Ends the line before and after it, and lasts to its end tag.
    Block,
    /// A block in which line breaks count.
    Preformatted,
    /// A block with a picture; credits in it are left out.
    Figure,
    /// A block that a page marks as an article.
    Article,
    /// A block that a page marks as its main content.
    Main,
    /// Says that this is a whole page.
    Page,
    /// A table's cell: a space apart from the next.
    Cell,
    /// In quotation marks.
    Quotation,
    /// Left out with all that is in it.
    Dropped,
    /// Left out, and its content is no markup.
    DroppedRaw,
    /// Left out, and its content is no markup but for character references.
    DroppedTitle,
}

/// HTML elements by name. Source of what is a block: the HTML standard's rendering section (display types), 2024; what
/// is left out is written from general knowledge: scripts and styles, embedded media, forms, and the parts of a page
/// that the standard describes as navigation, footers or tangential to the content.
pub const ELEMENTS: [(&str, Effect); 69] = [
    ("address", Effect::Block),
    ("article", Effect::Article),
    ("aside", Effect::Dropped),
    ("audio", Effect::Dropped),
    ("blockquote", Effect::Block),
    ("body", Effect::Page),
    ("br", Effect::Line),
    ("button", Effect::Dropped),
    ("canvas", Effect::Dropped),
    ("caption", Effect::Block),
    ("center", Effect::Block),
    ("datalist", Effect::Dropped),
    ("dd", Effect::Line),
    ("details", Effect::Block),
    ("dialog", Effect::Dropped),
    ("dir", Effect::Block),
    ("div", Effect::Block),
    ("dl", Effect::Block),
    ("dt", Effect::Line),
    ("fieldset", Effect::Dropped),
    ("figcaption", Effect::Block),
    ("figure", Effect::Figure),
    ("footer", Effect::Dropped),
    ("form", Effect::Dropped),
    ("frameset", Effect::Dropped),
    ("h1", Effect::Line),
    ("h2", Effect::Line),
    ("h3", Effect::Line),
    ("h4", Effect::Line),
    ("h5", Effect::Line),
    ("h6", Effect::Line),
    ("head", Effect::Dropped),
    ("header", Effect::Block),
    ("hgroup", Effect::Block),
    ("hr", Effect::Line),
    ("html", Effect::Page),
    ("iframe", Effect::DroppedRaw),
    ("li", Effect::Line),
    ("main", Effect::Main),
    ("math", Effect::Dropped),
    ("menu", Effect::Dropped),
    ("nav", Effect::Dropped),
    ("noembed", Effect::DroppedRaw),
    ("noframes", Effect::DroppedRaw),
    ("noscript", Effect::Dropped),
    ("object", Effect::Dropped),
    ("ol", Effect::Block),
    ("p", Effect::Line),
    ("pre", Effect::Preformatted),
    ("q", Effect::Quotation),
    ("script", Effect::DroppedRaw),
    ("search", Effect::Dropped),
    ("section", Effect::Block),
    ("select", Effect::Dropped),
    ("style", Effect::DroppedRaw),
    ("summary", Effect::Line),
    ("svg", Effect::Dropped),
    ("table", Effect::Block),
    ("tbody", Effect::Line),
    ("td", Effect::Cell),
    ("template", Effect::Dropped),
    ("textarea", Effect::DroppedTitle),
    ("tfoot", Effect::Line),
    ("th", Effect::Cell),
    ("thead", Effect::Line),
    ("title", Effect::DroppedTitle),
    ("tr", Effect::Line),
    ("ul", Effect::Block),
    ("video", Effect::Dropped),
];

/// An element's place in [`ELEMENTS`], by its name in lower case.
pub fn index(name: &[u8]) -> Option<usize> {
    ELEMENTS
        .binary_search_by(|(element, _)| element.as_bytes().cmp(name))
        .ok()
}

/// Whether a tag of this name, in any case, ends a line.
pub fn ends_lines(name: &str) -> bool {
    let inline = |effect| matches!(effect, Effect::Quotation | Effect::Cell);
    index(name.to_ascii_lowercase().as_bytes()).is_some_and(|index| !inline(ELEMENTS[index].1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_are_found_by_bisection() {
        assert!(ELEMENTS.is_sorted_by(|a, b| a.0 < b.0));
        for (at, (name, _)) in ELEMENTS.iter().enumerate() {
            assert_eq!(index(name.as_bytes()), Some(at));
        }
    }
}
