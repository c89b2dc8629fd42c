//! schema.org's NewsArticle as JSON-LD: alone, in a list or in a graph.

use std::collections::BTreeMap;

use serde_json::Value;

use super::body::{self, Body, Markup};
use super::fields::{Object, Root};
use super::{Article, Rejection};

/// Types of schema.org that are articles without saying so in their name; all others end in "Article".
const TYPES: [&str; 4] = [
    "Report",
    "SocialMediaPosting",
    "BlogPosting",
    "LiveBlogPosting",
];

/// Fields that may hold the text, by precedence.
const BODY: [&str; 2] = ["articleBody", "text"];

/// Is an article among the nodes?
pub fn fits(root: &Root) -> bool {
    nodes(root).iter().any(is_article)
}

/// Reads the first article that has a text, else the first. Names that another node of the graph holds are looked up
/// there.
pub fn read(root: &Root) -> Result<Article, Rejection> {
    let nodes = nodes(root);
    let articles = || nodes.iter().filter(|node| is_article(node));
    let with_text = articles().find(|node| node.has(&BODY));
    let Some(node) = with_text.or_else(|| articles().next()) else {
        return Err(root.rejection("no node is an article"));
    };
    let mut bodies = Body::candidates(node, &BODY, Markup::Unmarked);
    let summaries = Body::candidates(node, &["description"], Markup::Unmarked).into_iter();
    bodies.extend(summaries.map(Body::summary));
    let text = body::text(&bodies)?;

    let graph = Graph::new(&nodes);
    let mut article = Article::new(text);
    article.id = node.identifier(&["@id", "identifier"]);
    article.url = node
        .string(&["url"])
        .or_else(|| page(node.get("mainEntityOfPage")?));
    article.title = ["headline", "name"]
        .iter()
        .find_map(|name| literal(node.get(name)?).map(str::to_owned));
    article.publisher = graph.names(node.get("publisher")).into_iter().next();
    article.authors = graph.names(node.first(&["author", "creator"]));
    article.language = node.language(&["inLanguage"]);
    article.keywords = node.keywords(&["keywords"]);
    article.published(node.first(&["datePublished", "dateCreated"]));
    article.updated(node.first(&["dateModified"]));
    Ok(article)
}

/// The objects at the top and those in their graphs.
fn nodes<'a>(root: &Root<'a>) -> Vec<Object<'a>> {
    let top = root.objects();
    let graphs: Vec<Object> = top.iter().flat_map(|node| node.objects("@graph")).collect();
    top.into_iter().chain(graphs).collect()
}

fn is_article(node: &Object) -> bool {
    let is_article = |value: &Value| {
        // "NewsArticle", "schema:NewsArticle" and "https://schema.org/NewsArticle" are one.
        let name = value
            .as_str()
            .and_then(|name| name.rsplit([':', '/', '#']).next());
        name.is_some_and(|name| name.ends_with("Article") || TYPES.contains(&name))
    };
    match node.get("@type") {
        Some(Value::Array(types)) => types.iter().any(is_article),
        Some(one) => is_article(one),
        None => false,
    }
}

/// A string, alone, as a value object (`{"@value": ...}`) or first in a list.
fn literal(value: &Value) -> Option<&str> {
    let value = match value {
        Value::Array(items) => items.first()?,
        value => value,
    };
    let text = match value {
        Value::Object(fields) => fields.get("@value")?.as_str(),
        value => value.as_str(),
    };
    text.map(str::trim).filter(|text| !text.is_empty())
}

/// The address of a page, given as such or as a node.
fn page(value: &Value) -> Option<String> {
    let address = match value {
        Value::Object(fields) => fields.get("@id").or_else(|| fields.get("url"))?,
        value => value,
    };
    address.as_str().map(str::to_owned)
}

/// The nodes by their `@id`.
struct Graph<'a>(BTreeMap<&'a str, &'a Value>);

impl<'a> Graph<'a> {
    /// Names of the nodes that have both an id and a name.
    fn new(nodes: &[Object<'a>]) -> Self {
        let named = |node: &Object<'a>| Some((node.text(&["@id"])?, node.get("name")?));
        Graph(nodes.iter().filter_map(named).collect())
    }

    /// Names of people or organizations: strings, nodes with a name, references to such nodes, or lists of them.
    fn names(&self, value: Option<&Value>) -> Vec<String> {
        let items = match value {
            Some(Value::Array(items)) => items.as_slice(),
            Some(one) => std::slice::from_ref(one),
            None => &[],
        };
        items.iter().filter_map(|item| self.name(item)).collect()
    }

    fn name(&self, item: &Value) -> Option<String> {
        let name = match item {
            Value::Object(fields) => match fields.get("name") {
                Some(name) => name,
                None => self.0.get(fields.get("@id")?.as_str()?)?,
            },
            item => item,
        };
        literal(name).map(str::to_owned)
    }
}
