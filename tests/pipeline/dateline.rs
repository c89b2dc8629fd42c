//! Place, date and agency at the head of a text.

use newsmill::text::document::Document;

#[test]
fn datelines_are_recognised() {
    for (dateline, rest) in [
        ("KYIV, March 27 (Reuters) -", " The river rose."),
        ("KYIV –", " The river rose."),
        ("KYIV-", " The river rose."),
        ("KYIV—", "The river rose."),
        (
            "WASHINGTON, D.C., March 27, 2024 (The Associated Press) --",
            " The river rose.",
        ),
        ("NEW YORK (AP) —", " “The river rose.”"),
        ("Kyiv (Reuters) -", " The river rose."),
        (
            "Kyiv. Ukraine. March 27 (Interfax-Ukraine) –",
            " The river rose.",
        ),
        ("MOSCOW, March 27. /TASS/.", " The river rose."),
        ("Kyiv • UNN", "\nThe river rose."),
    ] {
        let document = Document::new(Some("River - rising"), &format!("{dateline}{rest}"));
        assert_eq!(
            document.dateline().map(|span| document.slice(span)),
            Some(dateline)
        );
    }
}

#[test]
fn other_beginnings_are_no_datelines() {
    for text in [
        "",
        "The river rose.",
        "NATO – The alliance met.",
        "KYIV – the capital of Ukraine – was flooded.",
        "UPDATE - The river rose.",
        "Kyiv - The river rose.",
        "The mayor (left) - A friend of the river.",
        "KYIV said - The river rose.",
        "KYIV-BASED reporters met.",
        "KYIV",
        "- The river rose.",
    ] {
        assert_eq!(
            Document::new(Some("Title"), text).dateline(),
            None,
            "{text}"
        );
    }
}
