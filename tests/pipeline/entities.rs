//! Entities: which things a text names, as which kind, by which words.

use std::sync::{Arc, LazyLock};

use jiff::civil::Date;
use newsmill::text::document::Document;
use newsmill::text::entities::{Entity, Finder, Form};
use newsmill::text::knowledge::Knowledge;
use newsmill::text::lexicon::{Builder, Lexicon};

static STAGE: LazyLock<(Finder, Lexicon)> = LazyLock::new(|| {
    let mut builder = Builder::new();
    let finder = Finder::new(Arc::new(Knowledge::built_in()), &mut builder);
    (finder, builder.build())
});

pub fn find(title: Option<&str>, text: &str) -> (Document, Vec<Entity>) {
    find_at(title, text, None)
}

pub fn find_at(
    title: Option<&str>,
    text: &str,
    published: Option<Date>,
) -> (Document, Vec<Entity>) {
    let document = Document::new(title, text);
    let (finder, lexicon) = &*STAGE;
    let entities = finder.find_at(&document, &lexicon.scan(&document), published);
    (document, entities)
}

fn word(value: impl serde::Serialize) -> String {
    serde_json::to_value(value)
        .ok()
        .and_then(|value| value.as_str().map(str::to_owned))
        .expect("kinds, forms and offices are written as words")
}

/// An entity as `kind Name: words/form, words/form`.
fn line(document: &Document, entity: &Entity) -> String {
    let mentions: Vec<String> = entity
        .mentions
        .iter()
        .map(|mention| match mention.form {
            Form::Name => document.slice(mention.span).to_owned(),
            form => format!("{}/{}", document.slice(mention.span), word(form)),
        })
        .collect();
    format!(
        "{} {}: {}",
        word(entity.kind),
        entity.name,
        mentions.join(", ")
    )
}

/// The entities of a text, in any order, one a line.
fn check(text: &str, expected: &[&str]) {
    let (document, entities) = find(None, text);
    let mut found: Vec<String> = entities
        .iter()
        .map(|entity| line(&document, entity))
        .collect();
    let mut expected: Vec<String> = expected.iter().map(|&line| line.to_owned()).collect();
    found.sort();
    expected.sort();
    assert_eq!(found, expected, "{text}");
}

#[test]
fn a_capital_is_the_state_where_it_acts_and_the_place_where_something_is_there() {
    for (text, expected) in [
        (
            "It could ease Tokyo's restrictions on exports.",
            "country Japan: Tokyo/metonym",
        ),
        (
            "The arms which Washington has promised are late.",
            "country United States: Washington/metonym",
        ),
        (
            "Aid was sent, Kyiv said on Monday.",
            "country Ukraine: Kyiv/metonym",
        ),
        (
            "Kiev rejected the ultimatum.",
            "country Ukraine: Kiev/metonym",
        ),
        (
            "A new round of weapons to Kyiv is planned.",
            "country Ukraine: Kyiv/metonym",
        ),
        (
            "A Moscow-backed party won.",
            "country Russia: Moscow/metonym",
        ),
        (
            "The ministers met in Washington.",
            "place Washington: Washington",
        ),
        ("He arrived in Kyiv on Friday.", "place Kyiv: Kyiv"),
        ("They flew to Beijing on Friday.", "place Beijing: Beijing"),
        ("The strikes on Kyiv killed two.", "place Kyiv: Kyiv"),
        ("The Tokyo-based company grew.", "place Tokyo: Tokyo"),
        ("Kyiv's mayor spoke of the blackout.", "place Kyiv: Kyiv"),
        ("The Kremlin denied it.", "country Russia: Kremlin/metonym"),
        (
            "The meeting in the Kremlin was short.",
            "place Kremlin: Kremlin",
        ),
    ] {
        check(text, &[expected]);
    }
    check(
        "The ties between Moscow and Beijing are close, and Moscow wants more.",
        &[
            "country Russia: Moscow/metonym, Moscow/metonym",
            "country China: Beijing/metonym",
        ],
    );
    check(
        "Tokyo and Washington are considering a deal before the summit in Washington.",
        &[
            "country Japan: Tokyo/metonym",
            "country United States: Washington/metonym",
            "place Washington: Washington",
        ],
    );
}

#[test]
fn a_state_is_one_entity_in_all_its_forms() {
    check(
        "Japan, US and Czechia met. The U.S. side, the Czech minister and Japanese firms agreed; Japan's aid is Russian-made.",
        &[
            "country Japan: Japan, Japanese/demonym, Japan",
            "country United States: US/acronym, U.S./acronym",
            "country Czech Republic: Czechia, Czech/demonym",
            "country Russia: Russian/demonym",
        ],
    );
    check(
        "Ukrainians and Russians fled.",
        &["group Ukrainians: Ukrainians", "group Russians: Russians"],
    );
    check("He told us in Russian that they speak English.", &[]);
}

#[test]
fn a_surname_means_the_person_named_in_full_before_or_after() {
    check(
        "Kuleba urged allies to act. Foreign Minister Dmytro Kuleba spoke, and Mr Kuleba left.",
        &["person Dmytro Kuleba: Kuleba/short_name, Dmytro Kuleba, Kuleba/short_name"],
    );
    check(
        "Anna Holmquist won. Then Peter Holmquist lost, and Holmquist wept.",
        &[
            "person Anna Holmquist: Anna Holmquist",
            "person Peter Holmquist: Peter Holmquist, Holmquist/short_name",
        ],
    );
    check(
        "The talks with Ursula von der Leyen and Gen. Oskar Brandt went on; Brandt was late.",
        &[
            "person Ursula von der Leyen: Ursula von der Leyen",
            "person Oskar Brandt: Oskar Brandt, Brandt/short_name",
        ],
    );
}

#[test]
fn roles_are_stated_with_their_office_and_owner() {
    for (text, role, office, of) in [
        (
            "Japanese Prime Minister Fumio Kishida spoke.",
            "Japanese Prime Minister",
            "head_of_government",
            "Japan",
        ),
        (
            "US President Joe Biden spoke.",
            "US President",
            "head_of_state",
            "United States",
        ),
        (
            "Ukraine's Foreign Minister Dmytro Kuleba spoke.",
            "Ukraine's Foreign Minister",
            "foreign_minister",
            "Ukraine",
        ),
        (
            "Fumio Kishida, the prime minister of Japan, spoke.",
            "prime minister of Japan",
            "head_of_government",
            "Japan",
        ),
        (
            "NATO Secretary General Jens Stoltenberg spoke.",
            "NATO Secretary General",
            "leader",
            "NATO",
        ),
        (
            "Former US President Joe Biden spoke.",
            "US President",
            "other",
            "United States",
        ),
    ] {
        let (_, entities) = find(None, text);
        let roles: Vec<_> = entities
            .iter()
            .flat_map(|entity| &entity.roles)
            .map(|role| {
                let of = role.of.map(|of| entities[of].name.as_str());
                (role.text.as_str(), word(role.office), of)
            })
            .collect();
        assert_eq!(roles, [(role, office.to_owned(), Some(of))], "{text}");
    }
    let (_, entities) = find(None, "Mr Kishida met Gen. Oskar Brandt.");
    let kishida = entities
        .iter()
        .find(|entity| entity.name == "Fumio Kishida")
        .expect("a known surname");
    assert!(kishida.roles.is_empty(), "a courtesy title is no role");
}

#[test]
fn organizations_take_their_longest_name_and_their_acronym() {
    check(
        "The Norwegian Foreign Ministry answered. The Foreign Ministry was late.",
        &["organization Norwegian Foreign Ministry: Norwegian Foreign Ministry, Foreign Ministry"],
    );
    check(
        "The Baltic Grain Union (BGU) met the Ukrainian army. The BGU was pleased.",
        &[
            "organization Baltic Grain Union: Baltic Grain Union, BGU/acronym, BGU/acronym",
            "organization Ukrainian army: Ukrainian army",
        ],
    );
    check(
        "NATO, or the North Atlantic Treaty Organization, and the Ministry of Health and Social Affairs agreed.",
        &[
            "organization NATO: NATO/acronym, North Atlantic Treaty Organization",
            "organization Ministry of Health and Social Affairs: Ministry of Health and Social Affairs",
        ],
    );
}

#[test]
fn headlines_in_title_case_and_in_capitals_name_what_they_name() {
    let (document, entities) = find(
        Some("Biden Tells Zelensky United States Will Stand By Ukraine"),
        "MOSCOW ACCUSES NATO, TELLS US NOTHING\nThe talks went on.",
    );
    let mut found: Vec<String> = entities
        .iter()
        .map(|entity| line(&document, entity))
        .collect();
    found.sort();
    assert_eq!(
        found,
        [
            "country Russia: MOSCOW/metonym",
            "country Ukraine: Ukraine",
            "country United States: United States",
            "organization NATO: NATO",
            "person Joe Biden: Biden/short_name",
            "person Volodymyr Zelenskyy: Zelensky/short_name",
        ]
    );
}

#[test]
fn mentions_lie_in_the_text_without_overlap_and_salience_falls() {
    let (document, entities) = find(
        Some("Japan, US discuss aid to Ukraine - media"),
        "Kyiv • UNN\nJapan's 🇯🇵 Prime Minister Fumio Kishida met President Joe Biden in Washington.",
    );
    let mut last = 0;
    let mut spans: Vec<_> = entities
        .iter()
        .flat_map(|entity| &entity.mentions)
        .map(|mention| mention.span)
        .collect();
    spans.sort();
    for span in spans {
        assert!(span.start >= last && span.end > span.start);
        assert!(!document.slice(span).trim().is_empty());
        last = span.end;
    }
    assert!(
        entities
            .iter()
            .all(|entity| (0.0..=1.0).contains(&entity.salience))
    );
    assert!(
        entities
            .windows(2)
            .all(|pair| pair[0].salience >= pair[1].salience)
    );
    let ids: Vec<_> = entities
        .iter()
        .filter_map(|entity| entity.wikidata.as_deref())
        .collect();
    assert!(ids.contains(&"Q17") && ids.contains(&"Q359480"), "{ids:?}");
}

/// Names that no table and no pattern knows, found by what they stand next to.
#[test]
fn the_tagger_finds_names_that_nobody_listed() {
    for (text, expected) in [
        (
            "Shells fell on the village of Vysokopilske overnight.",
            "place Vysokopilske: Vysokopilske",
        ),
        (
            "Torvald Brevchuk, 34, was wounded, his wife said.",
            "person Torvald Brevchuk: Torvald Brevchuk",
        ),
    ] {
        let (document, entities) = find(None, text);
        let found: Vec<String> = entities
            .iter()
            .map(|entity| line(&document, entity))
            .collect();
        assert!(
            found.iter().any(|line| line.starts_with(expected)),
            "{text}: {found:?}"
        );
    }
}

#[test]
fn short_forms_mean_the_longer_name() {
    check(
        "The Office of Foreign Assets Control acted. OFAC named two firms.",
        &[
            "organization Office of Foreign Assets Control: Office of Foreign Assets Control, OFAC/acronym",
        ],
    );
    check(
        "Antony J. Blinken spoke. Antony Blinken left, and Blinken slept.",
        &["person Antony Blinken: Antony J. Blinken, Antony Blinken, Blinken/short_name"],
    );
}

/// Five megabytes of names and a word of one megabyte: a step that looks at every pair would not come back.
#[test]
fn long_texts_take_linear_time() {
    let names = "President Anna Holmquist of the Baltic Grain Union (BGU) told Kyiv and Moscow that Holmquist ";
    find(None, &names.repeat(5_000_000 / names.len()));
    let known =
        "Joe Biden met Vladimir Putin, Emmanuel Macron and Olaf Scholz in Paris, Kyiv and Tokyo. ";
    find(None, &known.repeat(5_000_000 / known.len()));
    find(None, &"W".repeat(1_000_000));
    find(None, &"A. ".repeat(1_000_000));
    find(
        Some(&"Kyiv ".repeat(200_000)),
        &"Minister of the ".repeat(300_000),
    );
    let different: String = (0..200_000)
        .map(|n| format!("Anna Holm{n} met Union U{n} Council. "))
        .collect();
    find(None, &different);
    let storms: String = (0..50_000)
        .map(|n| {
            format!(
                "Hurricane Holm{} came. Anna Tordal{n} left. ",
                "a".repeat(n % 50)
            )
        })
        .collect();
    find(None, &storms);
}
