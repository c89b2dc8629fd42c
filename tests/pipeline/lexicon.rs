//! Phrases and where they are found.

use newsmill::text::document::Document;
use newsmill::text::lexicon::{Builder, Casing, Namespace};
use proptest::prelude::*;

/// Phrases, a text, and what is found in it, in order: a phrase in capitals must match exactly.
fn check(phrases: &[&str], text: &str, expected: &[&str]) {
    let mut builder = Builder::new();
    for (id, phrase) in phrases.iter().enumerate() {
        let exact = phrase.chars().all(|c| !c.is_lowercase());
        let casing = if exact { Casing::Exact } else { Casing::Any };
        builder.add(Namespace::Topics, id as u32, phrase, casing);
    }
    let document = Document::new(None, text);
    let hits = builder.build().scan(&document);
    let found: Vec<_> = hits
        .of(Namespace::Topics)
        .iter()
        .map(|hit| document.slice(document.span_of(hit.tokens.clone())))
        .collect();
    assert_eq!(found, expected, "{phrases:?} in {text:?}");
}

#[test]
fn phrases_are_found_as_words() {
    check(
        &["military aid", "aid"],
        "Military aid, first aids; AID.",
        &["Military aid", "aid", "AID"],
    );
    check(
        &["cease-fire"],
        "A cease-fire, a cease fire, a ceasefire",
        &["cease-fire", "cease fire"],
    );
    check(
        &["F-16 jets"],
        "F-16 jets and F–16\tjets",
        &["F-16 jets", "F–16\tjets".replace('\t', " ").as_str()],
    );
    check(
        &["Russia Ukraine talks"],
        "Russia–Ukraine talks. Russia - Ukraine talks",
        &["Russia–Ukraine talks"],
    );
    check(
        &["people's republic"],
        "the People’s\u{A0}Republic",
        &["People’s Republic"],
    );
    check(&["U.S. aid", "u.s."], "U.S. aid", &["U.S.", "U.S. aid"]);
}

#[test]
fn exact_phrases_ask_for_their_own_letters() {
    check(&["US", "WHO"], "US and us, who and WHO", &["US", "WHO"]);
    check(&["B-52"], "B-52, b-52, B 52", &["B-52", "B 52"]);
}

#[test]
fn a_hit_stays_in_its_paragraph() {
    check(
        &["military aid"],
        "the military\n\naid came; military\taid",
        &["military aid"],
    );
    check(
        &["military\naid"],
        "the military\n\naid came; military aid",
        &["military aid"],
    );
}

#[test]
fn letters_whose_lower_case_has_another_length_keep_the_places() {
    check(
        &["aid", "istanbul"],
        "İİİ aid İSTANBUL ẞ aid",
        &["aid", "aid"],
    );
    check(&["i\u{307}stanbul"], "ẞẞ İSTANBUL", &["İSTANBUL"]);
    check(
        &["Οδυσσεύς"],
        "ΟΔΥΣΣΕΎΣ and Οδυσσεύς",
        &["ΟΔΥΣΣΕΎΣ", "Οδυσσεύς"],
    );
}

#[test]
fn an_empty_lexicon_or_phrase_finds_nothing() {
    check(&[], "text", &[]);
    check(&["", " "], "text  text", &[]);
}

#[test]
fn namespaces_are_apart_and_equal_hits_are_one() {
    let mut builder = Builder::new();
    builder.add(Namespace::Topics, 7, "Air strike", Casing::Any);
    builder.add(Namespace::Topics, 3, "air-strike", Casing::Any);
    builder.add(Namespace::Topics, 3, "air strike", Casing::Exact);
    builder.add(Namespace::Entities, 1, "strike", Casing::Any);
    let hits = builder
        .build()
        .scan(&Document::new(Some("An air strike"), "strike"));
    let topics: Vec<_> = hits
        .of(Namespace::Topics)
        .iter()
        .map(|hit| (hit.tokens.clone(), hit.id))
        .collect();
    assert_eq!(topics, [(1..3, 3), (1..3, 7)]);
    let entities: Vec<_> = hits
        .of(Namespace::Entities)
        .iter()
        .map(|hit| hit.tokens.clone())
        .collect();
    assert_eq!(entities, [2..3, 3..4]);
    assert!(hits.of(Namespace::Titles).is_empty());
}

proptest! {
    /// Against the plain way: compare every run of words with every phrase.
    #[test]
    fn a_scan_finds_what_a_search_finds(
        phrases in proptest::collection::vec("[ab]( [ab]){0,3}", 0..6),
        text in "[abAB. \n]{0,40}",
    ) {
        let mut builder = Builder::new();
        for (id, phrase) in phrases.iter().enumerate() {
            builder.add(Namespace::Titles, id as u32, phrase, Casing::Any);
        }
        let document = Document::new(None, &text);
        let mut expected = Vec::new();
        for start in 0..document.tokens().len() {
            for end in start + 1..=document.tokens().len() {
                let words: Vec<_> = (start..end).map(|token| document.token_text(token).to_lowercase()).collect();
                let together = document.paragraph_of(start) == document.paragraph_of(end - 1);
                for (id, phrase) in phrases.iter().enumerate() {
                    if together && words.join(" ") == *phrase {
                        expected.push((start as u32..end as u32, id as u32));
                    }
                }
            }
        }
        let hits = builder.build().scan(&document);
        let found: Vec<_> = hits.of(Namespace::Titles).iter().map(|hit| (hit.tokens.clone(), hit.id)).collect();
        prop_assert_eq!(found, expected);
    }
}
