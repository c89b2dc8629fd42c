//! Flat JSON: one object, one field for each thing, by any of the names that feeds use.

use super::body::{self, Body, Markup};
use super::fields::Root;
use super::{Article, Rejection};

/// Fields that may hold the text, by precedence.
const BODY: [&str; 6] = [
    "body",
    "text",
    "content",
    "maintext",
    "articleBody",
    "body_text",
];

/// Fields that may hold the date of publication, by precedence.
pub const PUBLISHED: [&str; 5] = [
    "published_at",
    "publishedAt",
    "date_publish",
    "pubDate",
    "datePublished",
];

/// Does any field stand there that could hold a text?
pub fn fits(root: &Root) -> bool {
    root.object().is_ok_and(|object| object.has(&BODY))
}

/// Reads the article; where several names stand for one thing, the first with a value counts.
///
/// `content_type`, `contentType` or `mimetype` may say how the body is written.
pub fn read(root: &Root) -> Result<Article, Rejection> {
    let object = root.object()?;
    let markup = Markup::of(object.text(&["content_type", "contentType", "mimetype"]));
    let text = body::text(&Body::candidates(&object, &BODY, markup))?;

    let mut article = Article::new(text);
    article.id = object.identifier(&["id", "uri"]);
    article.url = object.string(&["url", "link"]);
    article.title = object.string(&["title", "headline"]);
    article.publisher = object.name(&["source", "publisher", "source_domain"]);
    article.authors = object.authors(&["author", "authors"]);
    article.language = object.language(&["language", "lang"]);
    article.keywords = object.keywords(&["keywords", "tags"]);
    article.published(object.first(&PUBLISHED));
    article.updated(object.first(&["updated_at", "updatedAt", "date_modify", "dateModified"]));
    Ok(article)
}
