//! From a written phrase to every sequence of words that it stands for.

use super::classes::Classes;
use super::inflection;
use super::pattern::{Item, Node, PatternError};

/// One sequence of words for the lexicon.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Phrase {
    pub text: String,
    /// Only in these capitals.
    pub exact: bool,
}

impl Phrase {
    /// Whether a text that holds this one holds `other`: its words stand in a row within these.
    pub fn contains(&self, other: &Phrase) -> bool {
        (self.exact || !other.exact)
            && format!(" {} ", self.text).contains(&format!(" {} ", other.text))
    }
}

/// More phrases than this out of one part is a mistake (a product of long classes): the automaton would swell.
const MAX_PHRASES: usize = 5000;

/// Every phrase that `items` stand for, sorted, each once.
pub fn expand(items: &[Item], classes: &Classes) -> Result<Vec<Phrase>, PatternError> {
    let mut phrases = vec![Phrase {
        text: String::new(),
        exact: false,
    }];
    for item in items {
        let choices = expand_item(item, classes)?;
        if phrases.len() * (choices.len() + 1) > MAX_PHRASES {
            return Err(PatternError::new(
                format!("a phrase stands for more than {MAX_PHRASES} sequences of words"),
                "put a gap (`..0`) between its parts, or split it",
            ));
        }
        let mut longer: Vec<Phrase> = phrases
            .iter()
            .flat_map(|head| choices.iter().map(move |tail| joined(head, tail)))
            .collect();
        if item.optional {
            longer.append(&mut phrases);
        }
        phrases = longer;
    }
    phrases.retain(|phrase| !phrase.text.is_empty());
    phrases.sort_unstable();
    phrases.dedup();
    Ok(phrases)
}

fn expand_item(item: &Item, classes: &Classes) -> Result<Vec<Phrase>, PatternError> {
    let phrases = match &item.node {
        // The parser sets slots apart.
        Node::Slot(_) => Vec::new(),
        Node::Word { text, exact } => return Ok(expand_word(text, *exact, item.inflected)),
        Node::Class(name) => classes.get(name).cloned().ok_or_else(|| {
            let near = |known: &&String| strsim::levenshtein(known, name) <= 2;
            let nearest = classes.keys().find(near);
            let hint = match nearest {
                Some(known) => format!("did you mean {{{known}}}? classes stand under [classes]"),
                None => "define it under [classes]".to_owned(),
            };
            PatternError::new(format!("unknown class {{{name}}}"), hint)
        })?,
        Node::Choice(choices) => {
            let mut phrases = Vec::new();
            for items in choices {
                phrases.extend(expand(items, classes)?);
            }
            phrases
        }
    };
    if !item.inflected {
        return Ok(phrases);
    }
    // Of several words the last one changes: "(machine gun|rifle)~".
    let inflect = |phrase: Phrase| {
        let (head, last) = phrase
            .text
            .rfind(' ')
            .map_or(("", &*phrase.text), |at| phrase.text.split_at(at + 1));
        let words = expand_word(last, phrase.exact, true).into_iter();
        words
            .map(|word| Phrase {
                text: format!("{head}{}", word.text),
                ..word
            })
            .collect::<Vec<_>>()
    };
    Ok(phrases.into_iter().flat_map(inflect).collect())
}

fn expand_word(text: &str, exact: bool, inflected: bool) -> Vec<Phrase> {
    // Of a compound the last word changes.
    let (head, last) = text
        .rfind('-')
        .map_or(("", text), |hyphen| text.split_at(hyphen + 1));
    let lasts = if inflected {
        inflection::forms(last)
    } else {
        vec![last.to_owned()]
    };
    let words = lasts
        .iter()
        .flat_map(|last| inflection::spellings(&format!("{head}{last}")));
    words.map(|text| Phrase { text, exact }).collect()
}

fn joined(head: &Phrase, tail: &Phrase) -> Phrase {
    let space = if head.text.is_empty() || tail.text.is_empty() {
        ""
    } else {
        " "
    };
    Phrase {
        text: format!("{}{space}{}", head.text, tail.text),
        exact: head.exact || tail.exact,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::topics::pattern::Pattern;

    fn texts(source: &str) -> Vec<String> {
        let classes = Classes::from([(
            "arms".to_owned(),
            vec![Phrase {
                text: "tanks".into(),
                exact: false,
            }],
        )]);
        let pattern = Pattern::parse(source).unwrap();
        expand(pattern.as_phrase().unwrap(), &classes)
            .unwrap()
            .into_iter()
            .map(|p| p.text)
            .collect()
    }

    #[test]
    fn phrases_expand() {
        assert_eq!(
            texts("military (aid|assistance)"),
            ["military aid", "military assistance"]
        );
        assert_eq!(
            texts("(machine gun)~"),
            [
                "machine gun",
                "machine gunned",
                "machine gunning",
                "machine guns"
            ]
        );
        assert_eq!(
            texts("(air|missile)? strikes"),
            ["air strikes", "missile strikes", "strikes"]
        );
        assert_eq!(
            texts("send~ {arms}"),
            ["send tanks", "sending tanks", "sends tanks", "sent tanks"]
        );
        assert_eq!(texts("air-defence"), ["air-defence", "air-defense"]);
    }

    #[test]
    fn mistakes_come_with_a_hint() {
        for (source, hint) in [
            ("{arm}", "did you mean {arms}"),
            ("{arms} (a", "close the alternatives"),
        ] {
            let error = Pattern::parse(source)
                .and_then(|p| {
                    expand(
                        p.as_phrase().unwrap(),
                        &Classes::from([("arms".to_owned(), vec![])]),
                    )
                })
                .unwrap_err();
            assert!(error.hint.contains(hint), "{source}: {error:?}");
        }
    }
}
