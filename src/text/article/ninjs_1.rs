//! ninjs 1.x: one field a body, its name says how it is written.
//!
//! Standard: IPTC ninjs 1.6.

use super::body::{self, Body, Markup};
use super::fields::{Object, Root};
use super::{Article, Rejection, Status, flat};

/// Is there a `uri`, the standard's only required field, and a body of ninjs 1? An item of only such fields that flat
/// JSON has too is one all the same, unless it has a date by a flat name.
pub fn fits(root: &Root) -> bool {
    root.object().is_ok_and(|object| {
        object.has(&["uri"])
            && !object.has(&flat::PUBLISHED)
            && object
                .field_names()
                .any(|name| name.starts_with("body_") || name.starts_with("description_"))
    })
}

/// Reads the article; dates as in later versions.
pub fn read(root: &Root) -> Result<Article, Rejection> {
    let object = root.object()?;
    let mut bodies = parts(&object, "body_");
    let summaries = parts(&object, "description_").into_iter();
    bodies.extend(summaries.map(Body::summary));
    let text = body::text(&bodies)?;

    let mut article = Article::new(text);
    article.id = object.identifier(&["uri"]);
    article.title = headline(&object);
    article.publisher = object.name(&["infosource"]);
    article.authors = object.authors(&["byline"]);
    article.language = object.language(&["language"]);
    article.keywords = object.names(&["subject"]);
    article.status = Status::of(object.text(&["pubstatus"]));
    article.versions(
        object.first(&["firstcreated"]),
        object.first(&["versioncreated"]),
        object.first(&["contentcreated"]),
    );
    Ok(article)
}

/// The fields whose names start so, plain text before HTML before what the name does not tell.
fn parts<'a>(object: &Object<'a>, prefix: &str) -> Vec<Body<'a>> {
    let mut parts: Vec<(u8, Body)> = object
        .field_names()
        .filter_map(|name| {
            let (rank, markup) = match name.strip_prefix(prefix)? {
                "text" => (0, Markup::Unmarked),
                "xhtml" => (1, Markup::Html),
                "html" => (2, Markup::Html),
                _ => (3, Markup::Unmarked),
            };
            Some((rank, Body::of(object, name, markup)?))
        })
        .collect();
    parts.sort_by_key(|(rank, _)| *rank);
    parts.into_iter().map(|(_, part)| part).collect()
}

/// `headline`, else the first of the further headlines by name, else the item's title, which is meant for editors.
fn headline(object: &Object) -> Option<String> {
    let mut names = vec!["headline"];
    names.extend(
        object
            .field_names()
            .filter(|name| name.starts_with("headline_")),
    );
    names.push("title");
    object.string(&names)
}
