//! Flat JSON: one object, one field for each thing, by any of the names that feeds use.

use super::body::{self, Body, Markup};
use super::fields::Object;
use super::{Article, Rejection, Shape};

/// Fields that may hold the text, by precedence.
const BODY: [&str; 6] = [
    "body",
    "text",
    "content",
    "maintext",
    "articleBody",
    "body_text",
];

/// Does any field stand there that could hold a text?
pub fn fits(object: &Object) -> bool {
    BODY.iter().any(|name| object.get(name).is_some())
}

/// Reads the article; where several names stand for one thing, the first with a value counts.
///
/// A body is plain text unless `content_type`, `contentType` or `mimetype` marks it.
pub fn read(object: &Object) -> Result<Article, Rejection> {
    let markup = Markup::of(object.text(&["content_type", "contentType", "mimetype"]));
    let text = body::text(&Body::candidates(object, &BODY, markup))?;

    let mut article = Article::new(Shape::Flat, text);
    article.id = object.identifier(&["id", "uri"]);
    article.url = object.text(&["url", "link"]).map(str::to_owned);
    article.title = object.text(&["title", "headline"]).map(str::to_owned);
    article.publisher = object.name(&["source", "publisher", "source_domain"]);
    article.authors = object.names(&["author", "authors"]);
    article.language = object.language(&["language", "lang"]);
    article.keywords = object.names(&["keywords", "tags"]);
    article.published(object.first(&[
        "published_at",
        "publishedAt",
        "date_publish",
        "pubDate",
        "datePublished",
    ]));
    article.updated(object.first(&["updated_at", "updatedAt", "date_modify", "dateModified"]));
    Ok(article)
}
