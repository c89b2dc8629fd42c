//! ninjs 2.x and 3.x: lists of headlines and bodies, each with a role and a media type.
//!
//! Standard: IPTC ninjs 3.1; 2.x writes the same names in lower case where 3.x has inner capitals.

use serde_json::Value;

use super::body::{self, Body, Markup};
use super::fields::{Object, Root};
use super::{Article, Rejection, Status, html};

/// Is there a list of bodies or headlines?
pub fn fits(root: &Root) -> bool {
    let is_list = |object: &Object, name| object.get(name).is_some_and(Value::is_array);
    root.object()
        .is_ok_and(|object| is_list(&object, "bodies") || is_list(&object, "headlines"))
}

/// Reads the article.
///
/// `published_at` is when the first version was created, `updated_at` when this one was; an item that states only the
/// latter was published then.
pub fn read(root: &Root) -> Result<Article, Rejection> {
    let object = root.object()?;
    let mut bodies = parts(&object, "bodies");
    let summaries = parts(&object, "descriptions").into_iter();
    bodies.extend(summaries.map(Body::summary));
    let text = body::text(&bodies)?;

    let mut article = Article::new(text);
    article.id = object.identifier(&["uri"]);
    article.title = headline(&object);
    article.publisher = object.name(&["infoSources", "infosources"]);
    article.authors = object.authors(&["by"]);
    article.language = object.language(&["language"]);
    article.keywords = object.names(&["subjects"]);
    article.status = Status::of(object.text(&["pubStatus", "pubstatus"]));
    article.versions(
        object.first(&["firstCreated", "firstcreated"]),
        object.first(&["versionCreated", "versioncreated"]),
        object.first(&["contentCreated", "contentcreated"]),
    );
    Ok(article)
}

/// The texts of a list, best first: the main one before those without a role and those before any other (a summary,
/// say), and plain text before HTML.
fn parts<'a>(object: &Object<'a>, list: &str) -> Vec<Body<'a>> {
    let mut parts: Vec<(u8, Body)> = object
        .objects(list)
        .into_iter()
        .filter_map(|part| Some((role_rank(&part), Body::of(&part, "value", markup(&part))?)))
        .collect();
    parts.sort_by_key(|(rank, part)| (*rank, part.markup));
    parts.into_iter().map(|(_, part)| part).collect()
}

/// The best headline, else the item's title, which is meant for editors.
fn headline(object: &Object) -> Option<String> {
    let mut headlines = object.objects("headlines");
    headlines.sort_by_key(|headline| (role_rank(headline), markup(headline)));
    headlines
        .iter()
        .find_map(|headline| {
            let value = headline.string(&["value"])?;
            match markup(headline) {
                Markup::Html => Some(html::text(&value)),
                Markup::Plain | Markup::Unmarked => Some(value),
                Markup::Other => None,
            }
        })
        .or_else(|| object.string(&["title"]))
}

fn markup(part: &Object) -> Markup {
    Markup::of(part.text(&["contentType", "contenttype"]))
}

/// ninjs leaves roles to the sender; `main` is what its examples call the text proper.
fn role_rank(part: &Object) -> u8 {
    match part.text(&["role"]) {
        Some("main") => 0,
        None => 1,
        Some(_) => 2,
    }
}
