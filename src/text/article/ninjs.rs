//! ninjs 2.x and 3.x: lists of headlines and bodies, each with a role and a media type.
//!
//! Standard: IPTC ninjs 3.1; 2.x writes the same names in lower case where 3.x has inner capitals.

use serde_json::Value;

use super::body::{self, Body, Markup};
use super::fields::Object;
use super::{Article, Rejection, Shape, Status};

/// Is there a list of bodies or headlines?
pub fn fits(object: &Object) -> bool {
    ["bodies", "headlines"]
        .iter()
        .any(|name| object.get(name).is_some_and(Value::is_array))
}

/// Reads the article.
///
/// `published_at` is when the first version was created, `updated_at` when this one was; an item that states only the
/// latter was published then.
pub fn read(object: &Object) -> Result<Article, Rejection> {
    let text = body::text(&bodies(object))?;

    let mut article = Article::new(Shape::Ninjs, text);
    article.id = object.identifier(&["uri"]);
    article.title = headline(object);
    article.publisher = object.name(&["infoSources", "infosources"]);
    article.authors = object.names(&["by"]);
    article.language = object.language(&["language"]);
    article.keywords = object.names(&["subjects"]);
    article.status = match object.text(&["pubStatus", "pubstatus"]) {
        Some("withheld") => Status::Withheld,
        Some("canceled") => Status::Canceled,
        _ => Status::Usable,
    };
    let first = object.first(&["firstCreated", "firstcreated"]);
    let version = object.first(&["versionCreated", "versioncreated"]);
    let content = object.first(&["contentCreated", "contentcreated"]);
    article.published(first.or(version).or(content));
    if first.is_some() {
        article.updated(version);
    }
    Ok(article)
}

/// The bodies, best first: the main one before those without a role and those before any other (a summary, say), and
/// plain text before HTML.
fn bodies<'a>(object: &Object<'a>) -> Vec<Body<'a>> {
    let mut bodies: Vec<(u8, Body)> = object
        .objects("bodies")
        .into_iter()
        .filter_map(|body| {
            let body_of = Body {
                path: body.path("value"),
                markup: Markup::of(content_type(&body)),
                value: body.get("value")?,
            };
            Some((role_rank(&body), body_of))
        })
        .collect();
    bodies.sort_by_key(|(rank, body)| (*rank, body.markup));
    bodies.into_iter().map(|(_, body)| body).collect()
}

/// The best plain headline, else the item's title, which is meant for editors.
fn headline(object: &Object) -> Option<String> {
    let mut headlines = object.objects("headlines");
    headlines.retain(|headline| Markup::of(content_type(headline)) == Markup::Plain);
    headlines.sort_by_key(role_rank);
    headlines
        .iter()
        .find_map(|headline| headline.text(&["value"]))
        .or_else(|| object.text(&["title"]))
        .map(str::to_owned)
}

fn content_type<'a>(part: &Object<'a>) -> Option<&'a str> {
    part.text(&["contentType", "contenttype"])
}

/// ninjs leaves roles to the sender; `main` is what its examples call the text proper.
fn role_rank(part: &Object) -> u8 {
    match part.text(&["role"]) {
        Some("main") => 0,
        None => 1,
        Some(_) => 2,
    }
}
