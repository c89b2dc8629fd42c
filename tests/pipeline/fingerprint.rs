//! Near-duplicates are near, other texts are far.

use newsmill::text::Settings;
use newsmill::text::article::Input;
use newsmill::text::document::Document;
use newsmill::text::document::fingerprint::{NEAR, distance, simhash};
use newsmill::text::pipeline::Pipeline;
use newsmill::text::topics::Taxonomy;
use serde_json::json;

const FLOOD: &str = "\
The river Orla rose by two metres overnight and flooded four villages in the south of the province, the regional \
government said on Tuesday.
Rescue teams in boats reached the last of the villages at noon. Some three hundred people were taken to a school in the \
town of Verin, where the Red Cross had put up beds and a kitchen.
Nobody was hurt, according to the mayor, Ana Belin. She said that water stood in more than two hundred houses, and that \
it would take weeks until the roads could be used again.
The weather service expects more rain until Friday. It warned of landslides in the hills west of the river, where two \
bridges have already been closed.
A dam that was to protect the valley has been planned for twelve years. The government in the capital promised in March \
to start building it before the end of the year, but no contract has been signed so far.
Farmers in the valley fear for the harvest. Maize and sunflowers stand under water on about nine hundred hectares.
";

const SAME_FLOOD: &str = "\
Four villages were under water on Tuesday morning after heavy rain had swollen the Orla to its highest level in thirty \
years.
Firefighters and volunteers brought residents to safety by boat; most of them spend the night in the gym of a school in \
Verin, as the provincial authorities announced.
\"We have lost everything on the ground floor, but we are alive,\" a woman told reporters there. Mayor Ana Belin spoke \
of two hundred damaged houses and asked the army for help.
Meteorologists see no end of the downpour before the weekend. Roads in the hills are threatened by landslides.
Opposition politicians accused the government of having delayed the construction of a dam that was decided on in 2012. \
The ministry of water rejected this: the contract was being examined by lawyers, a spokesman said.
The harvest of maize is thought to be lost in a large part of the valley, a farmers' union estimates.
";

fn print(title: &str, text: &str) -> u64 {
    simhash(&Document::new(Some(title), text))
}

#[test]
fn versions_of_a_text_are_near() {
    let original = print("Villages flooded", FLOOD);
    let cut: String = FLOOD
        .lines()
        .filter(|line| !line.starts_with("Farmers"))
        .map(|line| format!("{line}\n"))
        .collect();
    for (edit, title, text, most) in [
        ("headline", "Orla floods four villages", FLOOD.to_owned(), 0),
        (
            "capitals and quotes",
            "Villages flooded",
            FLOOD.to_uppercase().replace('.', " ."),
            0,
        ),
        (
            "boilerplate",
            "Villages flooded",
            format!("Share\n{FLOOD}Read also: Dam delayed again\nSubscribe to our newsletter"),
            0,
        ),
        (
            "typo",
            "Villages flooded",
            FLOOD.replacen("hundred people", "hundered people", 1),
            NEAR,
        ),
        (
            "number",
            "Villages flooded",
            FLOOD.replace("two hundred", "three hundred"),
            NEAR,
        ),
        ("paragraph cut", "Villages flooded", cut, NEAR),
        (
            "sentence added",
            "Villages flooded",
            format!("{FLOOD}The army sent two helicopters.\n"),
            NEAR,
        ),
    ] {
        let bits = distance(original, print(title, &text));
        assert!(bits <= most, "{edit}: {bits} bits");
    }
}

#[test]
fn another_article_about_the_same_event_is_far() {
    let bits = distance(
        print("Villages flooded", FLOOD),
        print("Villages flooded", SAME_FLOOD),
    );
    assert!(bits > 2 * NEAR, "{bits} bits");
}

#[test]
fn the_record_carries_it_in_every_language() {
    let pipeline = Pipeline::new(&Settings::default(), Taxonomy::built_in());
    for text in [
        "The river rose by two metres.",
        "Річка піднялася на два метри.",
    ] {
        let value = json!({ "title": "A title", "body": text }).to_string();
        let input = Input {
            value: value.as_bytes(),
            headers: &[],
            source: None,
        };
        let record = pipeline.process(&input).expect("it is an article");
        let hex = format!("{:016x}", print("A title", text));
        assert_eq!(record.fingerprint, hex, "{text}");
    }
}

/// Consumers store fingerprints: a change here needs a new version of the record.
#[test]
fn the_fingerprint_is_stable() {
    assert_eq!(
        format!("{:016x}", print("Villages flooded", FLOOD)),
        "567d1e7d3acd51b5"
    );
    assert_eq!(print("A title", ""), 0);
    assert_ne!(print("", "One"), print("", "Two"));
}
