//! The text of a page as it is gathered, and which part of it is the article.

/// A part of the text that the page marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// schema.org's `itemprop="articleBody"`.
    ArticleBody,
    Article,
    Main,
}

#[derive(Debug)]
struct Part {
    mark: Mark,
    start: usize,
    /// Where it ends; to the end of the text while it is open.
    end: Option<usize>,
}

/// Lines of text, and the marked parts of them.
#[derive(Debug, Default)]
pub struct Page {
    text: String,
    parts: Vec<Part>,
    /// It is a whole page, with all that surrounds an article there.
    pub whole: bool,
}

impl Page {
    pub fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// Appends running text, in which a line break is white space like any other.
    pub fn push_running(&mut self, text: &str) {
        let space = |c: char| if c.is_ascii_whitespace() { ' ' } else { c };
        self.text.extend(text.chars().map(space));
    }

    /// Ends the line, if there is one.
    pub fn end_line(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            self.text.push('\n');
        }
    }

    /// Starts a marked part; the number ends it again.
    pub fn open(&mut self, mark: Mark) -> usize {
        self.parts.push(Part {
            mark,
            start: self.text.len(),
            end: None,
        });
        self.parts.len() - 1
    }

    pub fn close(&mut self, part: usize) {
        self.parts[part].end = Some(self.text.len());
    }

    /// The article's text: of a whole page the part that it marks as such, else everything.
    pub fn into_text(self) -> String {
        let text = self.text.as_str();
        if !self.whole {
            return self.text;
        }
        let within = self.longest(Mark::Main, text).unwrap_or(text);
        // Teasers and comments are often articles of their own; one that is not half of the rest is likely such.
        let article = self
            .longest(Mark::Article, text)
            .filter(|article| article.len() * 2 >= within.len());
        let body = self.longest(Mark::ArticleBody, text);
        body.or(article).unwrap_or(within).to_owned()
    }

    fn longest<'a>(&self, mark: Mark, text: &'a str) -> Option<&'a str> {
        self.parts
            .iter()
            .filter(|part| part.mark == mark)
            .map(|part| &text[part.start..part.end.unwrap_or(text.len())])
            .filter(|text| text.chars().any(char::is_alphanumeric))
            .max_by_key(|text| text.len())
    }
}
