//! Paragraphs that belong to the page, not to the article.

use newsmill::text::document::{Document, ParagraphKind};

fn boilerplate(text: &str) -> Vec<String> {
    let document = Document::new(Some("A title"), text);
    let marked = |kind| kind == ParagraphKind::Boilerplate;
    document
        .paragraphs()
        .iter()
        .filter(|paragraph| marked(paragraph.kind))
        .map(|paragraph| document.slice(paragraph.span).to_owned())
        .collect()
}

const BODY: &str = "The river rose by two metres overnight.\nRescue teams reached the last village at noon.\n\
                    Nobody was hurt, the mayor said.\nSchools stay closed until Friday.\n";

#[test]
fn paragraphs_of_the_page_are_marked() {
    for line in [
        "Read also: River falls again after a week of rain",
        "READ ALSO River falls again after a week of rain",
        "• See also: What to do in a flood",
        "Related: Mayor promises new dam",
        "Don’t miss: the ten wettest towns",
        "Subscribe to our newsletter",
        "Sign up for the morning briefing and get the day's news by e-mail.",
        "Follow us on Telegram and Facebook!",
        "Get the most important news first: follow us on Google News",
        "We use cookies to improve your visit. By continuing you accept our privacy policy.",
        "Facebook Twitter WhatsApp Email",
        "Share on Facebook | Tweet | Print",
        "Share this article",
        "Photo: Jane Doe / Agency",
        "(Photo by John Doe/Getty Images)",
        "Illustrative photo: open sources",
        "© 2024 The Example Times",
        "Advertisement",
        "ADVERTISEMENT:",
        "Story continues below advertisement",
        "If you notice an error, select it and press Ctrl + Enter.",
        "The best stories of the week, straight to your inbox.",
        "All rights reserved.",
        "Our Standards: The Thomson Reuters Trust Principles.",
    ] {
        let text = format!("{BODY}{line}\n{BODY}");
        assert_eq!(boilerplate(&text), [line], "in the middle");
        assert_eq!(boilerplate(&format!("{BODY}{line}")), [line], "at the end");
    }
}

#[test]
fn sign_offs_are_marked_at_the_end_alone() {
    for line in [
        "(Reporting by Jane Doe; Editing by John Doe)",
        "With files from agencies",
        "Source: Ministry of Water",
    ] {
        assert_eq!(boilerplate(&format!("{BODY}{line}")), [line]);
        assert!(
            boilerplate(&format!("{BODY}{line}\n{BODY}")).is_empty(),
            "{line}"
        );
    }
}

#[test]
fn headlines_below_a_heading_are_marked_up_to_the_next_paragraph() {
    let text =
        format!("{BODY}Related articles:\nRiver falls again\nMayor promises a new dam\n{BODY}");
    assert_eq!(
        boilerplate(&text),
        [
            "Related articles:",
            "River falls again",
            "Mayor promises a new dam"
        ]
    );
}

#[test]
fn paragraphs_of_the_article_are_not() {
    for line in [
        "Reporting by the newspaper showed that the dam was never built.",
        "Readers also wrote to the mayor.",
        "He used to share this flat with three others.",
        "Twitter said it had removed the post.",
        "The photo shows the bridge before the flood.",
        "The company sells cookies.",
        "Follow US policy and you will see the pattern, he said.",
        "He attacked the US on Twitter.",
        "Related costs rose to two million euros.",
        "Subscribers to the service lost their connection.",
        "Copyright law was changed last year.",
        "Support us in this fight, he told parliament.",
        "The source: a cable that had been cut.",
        "Join our forces, the poster said.",
        "Facebook",
    ] {
        let found = boilerplate(&format!("{BODY}{line}\n{BODY}"));
        let expected: &[&str] = if line == "Facebook" { &[line] } else { &[] };
        assert_eq!(found, expected, "{line}");
    }
    let long = "We use cookies of all kinds in this kitchen, ".repeat(10);
    assert!(boilerplate(&format!("{BODY}{long}")).is_empty());
    assert_eq!(
        Document::new(Some("Read also: this"), "").paragraphs()[0].kind,
        ParagraphKind::Title
    );
}
