//! news-please: what the crawler of that name extracts from a page.

use super::body::{self, Body, Markup};
use super::fields::Root;
use super::{Article, Rejection};

/// Is there a text by news-please's name, and one of its other names?
pub fn fits(root: &Root) -> bool {
    root.object().is_ok_and(|object| {
        object.has(&["maintext"]) && object.has(&["date_publish", "date_download", "source_domain"])
    })
}

/// Reads the article.
pub fn read(root: &Root) -> Result<Article, Rejection> {
    let object = root.object()?;
    let mut bodies = Body::candidates(&object, &["maintext", "text"], Markup::Unmarked);
    let summaries = Body::candidates(&object, &["description"], Markup::Unmarked).into_iter();
    bodies.extend(summaries.map(Body::summary));
    let text = body::text(&bodies)?;

    let mut article = Article::new(text);
    article.url = object.string(&["url"]);
    article.title = object.string(&["title"]);
    article.publisher = object.name(&["source_domain"]);
    article.authors = object.authors(&["authors"]);
    article.language = object.language(&["language"]);
    article.published(object.first(&["date_publish"]));
    article.updated(object.first(&["date_modify"]));
    Ok(article)
}
