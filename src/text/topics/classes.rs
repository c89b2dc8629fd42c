//! Classes: words and phrases that rules use under one name.

use super::pattern::{Item, Node, Pattern, PatternError};
use super::phrases::{self, Phrase};
use std::collections::BTreeMap;

/// The phrases of every class, its references to other classes followed.
pub type Classes = BTreeMap<String, Vec<Phrase>>;

/// A class as it is written.
#[derive(Clone, Debug)]
pub struct ClassSource {
    pub patterns: Vec<Pattern>,
    /// Where it is defined.
    pub file: String,
    pub line: usize,
}

/// The classes' phrases. `sources` maps a class to its patterns.
pub fn expand(sources: &BTreeMap<String, ClassSource>) -> Result<Classes, (String, PatternError)> {
    let mut classes = Classes::new();
    // Each round settles the classes whose references are settled; a round without progress means a cycle.
    while classes.len() < sources.len() {
        let before = classes.len();
        for (name, ClassSource { patterns, .. }) in sources {
            if classes.contains_key(name)
                || !patterns.iter().all(|p| references(p, &classes, sources))
            {
                continue;
            }
            let mut phrases = Vec::new();
            for pattern in patterns {
                let items = pattern.as_phrase().ok_or_else(|| {
                    let problem =
                        format!("class {name:?} holds a gap or a slot: {:?}", pattern.source);
                    (
                        name.clone(),
                        PatternError::new(problem, "use gaps in rules only"),
                    )
                })?;
                phrases.extend(
                    phrases::expand(items, &classes).map_err(|error| (name.clone(), error))?,
                );
            }
            classes.insert(name.clone(), phrases);
        }
        if classes.len() == before {
            let name = sources
                .keys()
                .find(|name| !classes.contains_key(*name))
                .expect("some class is unsettled");
            let problem = format!("class {name:?} refers to itself, directly or through others");
            return Err((name.clone(), PatternError::new(problem, "break the circle")));
        }
    }
    Ok(classes)
}

/// Whether every class that `pattern` names is settled. An unknown name counts as settled: `expand` reports it.
fn references(pattern: &Pattern, settled: &Classes, all: &BTreeMap<String, ClassSource>) -> bool {
    fn ok(items: &[Item], settled: &Classes, all: &BTreeMap<String, ClassSource>) -> bool {
        items.iter().all(|item| match &item.node {
            Node::Word { .. } | Node::Slot(_) => true,
            Node::Class(name) => settled.contains_key(name) || !all.contains_key(name),
            Node::Choice(choices) => choices.iter().all(|items| ok(items, settled, all)),
        })
    }
    pattern
        .as_phrase()
        .is_none_or(|items| ok(items, settled, all))
}
