//! NewsAPI.org: an article of its responses.

use serde_json::Value;

use super::body::{self, Body, Markup};
use super::fields::Root;
use super::{Article, Code, Rejection};
use crate::text::warning::Warning;

/// What stands in every field of an article that its source has withdrawn.
const REMOVED: &str = "[Removed]";

/// Is the source an object, and is there a date by NewsAPI's name?
pub fn fits(root: &Root) -> bool {
    root.object().is_ok_and(|object| {
        object.get("source").is_some_and(Value::is_object)
            && object.has(&["publishedAt"])
            && object.has(&["content", "description"])
    })
}

/// Reads the article. NewsAPI gives the first 200 characters of a text and says how many more there are; that note is
/// taken off, and the record warns.
pub fn read(root: &Root) -> Result<Article, Rejection> {
    let object = root.object()?;
    if object.text(&["content"]) == Some(REMOVED) {
        let path = object.path("content");
        return Err(Rejection::at(
            Code::EmptyText,
            path,
            "withdrawn by the source",
        ));
    }
    let mut bodies = Body::candidates(&object, &["content"], Markup::Unmarked);
    let summaries = Body::candidates(&object, &["description"], Markup::Unmarked).into_iter();
    bodies.extend(summaries.map(Body::summary));
    let text = body::text(&bodies)?;

    let mut article = Article::new(text);
    if let Some(length) = cut_off(&article.text) {
        article.text.truncate(length);
        article.warnings.push(Warning::TruncatedText);
    }
    article.url = object.string(&["url"]);
    article.title = object.string(&["title"]);
    article.publisher = object.name(&["source"]);
    article.authors = object.authors(&["author"]);
    article.language = object.language(&["language"]);
    article.published(object.first(&["publishedAt"]));
    Ok(article)
}

/// Where the text ends in a note on what was cut off ("… [+1234 chars]"): the length of what stands before it.
fn cut_off(text: &str) -> Option<usize> {
    let (before, note) = text.trim_end().rsplit_once("[+")?;
    let count = note.strip_suffix(" chars]")?;
    let before = before.trim_end_matches(['…', '.', ' ']);
    let has_text = before.chars().any(char::is_alphanumeric);
    (has_text && count.bytes().all(|byte| byte.is_ascii_digit())).then_some(before.len())
}

#[cfg(test)]
mod tests {
    use super::cut_off;

    #[test]
    fn only_newsapis_note_is_cut_off() {
        assert_eq!(cut_off("The brid… [+1234 chars]"), Some(8));
        assert_eq!(cut_off("The brid[+7 chars]\n"), Some(8));
        for whole in [
            "The bridge",
            "See [+many chars]",
            "[+12 chars]",
            "It has [+12 chars] in it",
        ] {
            assert_eq!(cut_off(whole), None, "{whole}");
        }
    }
}
