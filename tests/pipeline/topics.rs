//! Taxonomy files and what the built-in one makes of short texts.

use newsmill::text::document::Document;
use newsmill::text::entities::Finder;
use newsmill::text::knowledge::Knowledge;
use newsmill::text::lexicon::{Builder, Lexicon};
use newsmill::text::topics::{Scorer, Scores, Source, Taxonomy, check, diff, lint};
use std::sync::Arc;

const MIN_SCORE: f32 = 0.5;

struct Analyser {
    finder: Finder,
    scorer: Scorer,
    lexicon: Lexicon,
}

impl Analyser {
    fn new(taxonomy: Taxonomy) -> Analyser {
        let mut builder = Builder::new();
        let finder = Finder::new(Arc::new(Knowledge::built_in()), &mut builder);
        let scorer = Scorer::new(taxonomy, MIN_SCORE, &mut builder);
        Analyser {
            finder,
            scorer,
            lexicon: builder.build(),
        }
    }

    fn built_in() -> Analyser {
        Analyser::new(Taxonomy::built_in())
    }

    fn score(&self, title: &str, text: &str) -> Scores {
        let doc = Document::new(Some(title), text);
        let hits = self.lexicon.scan(&doc);
        self.scorer
            .score(&doc, &hits, &self.finder.find(&doc, &hits))
    }

    fn reported(&self, title: &str, text: &str) -> Vec<&str> {
        let scores = self.score(title, text);
        let ids: Vec<&str> = scores
            .reported()
            .map(|score| &*self.scorer.topics()[score.topic].id)
            .collect();
        ids
    }

    fn topic_score(&self, id: &str, title: &str, text: &str) -> f32 {
        let scores = self.score(title, text);
        let found = scores
            .topics
            .iter()
            .find(|score| self.scorer.topics()[score.topic].id == id);
        found.map_or(0.0, |score| score.score)
    }

    fn section(&self, title: &str, text: &str) -> &str {
        let scores = self.score(title, text);
        scores
            .sections
            .first()
            .map_or("", |score| &self.scorer.sections()[score.section].id)
    }
}

fn parse(content: &str) -> Result<Taxonomy, String> {
    Taxonomy::parse(&[Source {
        file: "t.toml",
        content,
    }])
    .map_err(|errors| errors.iter().map(|error| format!("{error}\n")).collect())
}

#[test]
fn every_example_of_the_built_in_taxonomy_holds() {
    let analyser = Analyser::built_in();
    let failures = check::run(analyser.scorer.taxonomy(), |title, text| {
        analyser.score(title, text)
    });
    let lines: Vec<String> = failures
        .iter()
        .map(|failure| {
            let wanted = if failure.about { "missed" } else { "false" };
            format!(
                "{wanted} {} {:.2}: {}",
                failure.topic.id, failure.score, failure.example
            )
        })
        .collect();
    assert!(lines.is_empty(), "{}", lines.join("\n"));
}

#[test]
fn the_built_in_taxonomy_is_complete() {
    let taxonomy = Taxonomy::built_in();
    assert_eq!(taxonomy.topics.len(), 40);
    for topic in &taxonomy.topics {
        assert!(!topic.sections.is_empty(), "{} names no section", topic.id);
        assert!(
            topic.about.len() >= 3 && topic.not_about.len() >= 4,
            "{} has too few examples",
            topic.id
        );
        assert!(
            !topic.codes.iptc.is_empty(),
            "{} has no IPTC code",
            topic.id
        );
    }
    assert!(taxonomy.version().starts_with("newsmill@"));
}

#[test]
fn mistakes_name_file_line_and_remedy() {
    let topic = "name = \"t\"\n[[topic]]\nid = \"a\"\nname = \"A\"\ndefinition = \"d\"\n";
    for (rest, expected) in [
        ("rulez = []", "t.toml:6: unknown field `rulez`"),
        (
            "rules = [{ weight = 1, any = [\"{amrs}\"] }]",
            "t.toml:6: unknown class {amrs}; define it under [classes]",
        ),
        (
            "rules = [{ weight = 1, any = [\"a (b\"] }]",
            "t.toml:6: ( without ); close the alternatives",
        ),
        (
            "rules = [{ weight = 1, any = [\"a .. <town>\"] }]",
            "t.toml:6: unknown slot <town>; use one of person,",
        ),
        (
            "rules = [{ weight = 1, any = [\"a ..99 b\"] }]",
            "t.toml:6: gap ..99 is wider than 20 tokens; write `&`",
        ),
        (
            "rules = [{ weight = 1, any = [] }]",
            "t.toml:6: a rule without patterns; fill `any`, or remove the rule",
        ),
        (
            "rules = [{ weight = 7, any = [\"a\"] }]",
            "t.toml:6: weight 7 of a rule; 1 makes a sentence",
        ),
        (
            "rules = []\nsections = [\"sports\"]",
            "t.toml:7: unknown section \"sports\"; use one of arts,",
        ),
        (
            "rules = []\nthreshold = 2.0",
            "t.toml:7: threshold 2 is outside 0 to 1; 0.5 is the usual one",
        ),
        (
            "rules = []\nparent = \"b\"",
            "t.toml:7: topic \"a\" refers to \"b\", which is no other topic; name an id",
        ),
        (
            "rules = []\n[[topic]]\nid = \"a\"\nname = \"A\"\ndefinition = \"d\"\nrules = []",
            "t.toml:8: topic \"a\" is defined twice; the first is at t.toml:3",
        ),
        (
            "rules = []\nparent = \"b\"\n[[topic]]\nid = \"b\"\nname = \"B\"\ndefinition = \"d\"\nrules = []\nparent = \"a\"",
            "t.toml:3: topic \"a\" is its own ancestor; take one `parent` of the circle out",
        ),
        (
            "rules = []\n[classes]\nx = [\"{y}\"]\ny = [\"{x}\"]",
            "class \"x\" refers to itself, directly or through others",
        ),
    ] {
        let errors = parse(&format!("{topic}{rest}")).expect_err(rest);
        assert!(
            errors.contains(expected),
            "{rest}\n  wanted {expected}\n  got {errors}"
        );
    }
}

#[test]
fn the_hash_follows_the_content() {
    let with = |definition: &str| {
        let content = format!(
            "name = \"t\"\n[[topic]]\nid = \"a\"\nname = \"A\"\ndefinition = \"{definition}\"\nrules = [{{ weight = 1, any = [\"a\"] }}]"
        );
        parse(&content).expect("a correct file").version()
    };
    assert_eq!(with("d"), with("d"));
    assert_ne!(with("d"), with("e"));
    assert_eq!(with("d").len(), "t@".len() + 8);
}

const SMALL: &str = r#"
name = "small"
[classes]
ARMS = ["weapon~", "tanks"]
[[cues]]
kind = "negated"
factor = 0.5
any = ["not", "no"]
[[cues]]
kind = "historical"
factor = 0.5
any = ["century"]
[[cues]]
kind = "quoted"
factor = 0.5
[[topic]]
id = "arms"
name = "Arms"
definition = "d"
[[topic.rules]]
weight = 1.0
any = ["(send|ship)~ .. {ARMS}", "{ARMS} & <country>"]
unless = ["museum"]
[[topic.rules]]
weight = 0.5
any = ["rearmament"]
with = ["ministry"]
[[topic.rules]]
weight = 0.25
any = ["fleet && port"]
[[topic.rules]]
weight = 0.75
any = ["gunboat"]
in = "title"
"#;

#[test]
fn rules_mean_what_they_say() {
    let analyser = Analyser::new(parse(SMALL).expect("a correct file"));
    for (title, text, weights) in [
        ("x", "He sends many weapons.", vec![1.0]),
        (
            "x",
            "They shipped all of their very old and quite rusty but deadly weapons.",
            vec![],
        ),
        ("x", "Weapons for China.", vec![1.0]),
        ("x", "China came. Weapons went.", vec![]),
        ("x", "The museum sends weapons.", vec![]),
        ("x", "Rearmament begins.", vec![]),
        ("x", "Rearmament begins. The ministry said so.", vec![0.5]),
        ("x", "The fleet is out. The port is empty.", vec![0.25]),
        ("x", "The fleet is out.\nThe port is empty.", vec![]),
        ("gunboat", "y", vec![0.75]),
        ("x", "A gunboat.", vec![]),
        ("x", "He did not send weapons.", vec![0.5]),
        ("x", "In that century he sent weapons.", vec![0.5]),
        ("x", "He \"will send weapons\" soon.", vec![0.5]),
        ("x", "He sends weapons and ships tanks.", vec![1.0, 1.0]),
    ] {
        let scores = analyser.score(title, text);
        let found: Vec<f32> = scores
            .topics
            .iter()
            .flat_map(|topic| &topic.contributions)
            .map(|found| found.weight)
            .collect();
        assert_eq!(found, weights, "{title} / {text}");
    }
}

#[test]
fn contributions_point_at_their_words() {
    let analyser = Analyser::new(parse(SMALL).expect("a correct file"));
    let doc = Document::new(Some("x"), "He sends many weapons.");
    let scores = analyser
        .scorer
        .score(&doc, &analyser.lexicon.scan(&doc), &[]);
    let found = &scores.topics[0].contributions[0];
    assert_eq!(
        analyser.scorer.source(found.pattern),
        "(send|ship)~ .. {ARMS}"
    );
    let words: Vec<&str> = found.spans.iter().map(|span| doc.slice(*span)).collect();
    assert_eq!(words, ["sends", "weapons"]);
}

#[test]
fn a_topic_is_what_the_article_is_about() {
    let analyser = Analyser::built_in();
    let filler =
        "The minister opened the new library. Children sang, and the mayor gave a short speech. ";
    let passing = format!("{filler}She had come from a debate on sanctions. {filler}");
    let main = format!(
        "{filler}Ministers agreed on new sanctions against six banks. The sanctions freeze all assets. "
    );
    assert!(
        !analyser
            .reported("Library opens in old mill", &passing)
            .contains(&"sanctions")
    );
    assert!(
        analyser
            .reported("Library opens in old mill", &main)
            .contains(&"sanctions")
    );
    assert!(
        analyser
            .reported("Union tightens sanctions", filler)
            .contains(&"sanctions")
    );
    let negated = analyser.topic_score("sanctions", "x", "No sanctions were imposed.");
    assert!(negated < analyser.topic_score("sanctions", "x", "Harsh sanctions were imposed."));
}

#[test]
fn articles_of_other_worlds_have_a_section_and_no_topics() {
    let analyser = Analyser::built_in();
    for (section, title, text) in [
        (
            "sport",
            "United strike late to win cup",
            "The striker fired home in the last minute of the final. The goalkeeper had no defence against the shot. The coach praised his team after the match, and the captain lifted the trophy before 60,000 fans in the stadium.",
        ),
        (
            "lifestyle",
            "Lemon and garlic chicken in one pan",
            "Preheat the oven to 200 degrees. Rub the chicken with garlic, lemon and a tablespoon of oil. Bake for an hour and serve with a green salad. This recipe feeds four.",
        ),
        (
            "science-technology",
            "Version 4.2 of editor released",
            "The release notes list forty bug fixes. The software now starts faster, and a new algorithm finds conflicts in the source code. Users should update.",
        ),
        (
            "weather",
            "Snow and frost on the way",
            "The weather service expects heavy snow in the north. Temperatures will fall to minus ten degrees Celsius. The forecast for Sunday is sunny but cold.",
        ),
        (
            "arts",
            "Star of stage and screen to sing at festival",
            "The actress will sing songs from her new album. Her last film won three awards, and critics praised the soundtrack. Tickets for the concert sold out in an hour.",
        ),
    ] {
        assert_eq!(analyser.section(title, text), section, "{title}");
        assert_eq!(
            analyser.reported(title, text),
            Vec::<&str>::new(),
            "{title}"
        );
    }
}

#[test]
fn hostile_texts_take_linear_time() {
    let analyser = Analyser::built_in();
    // Ten times the text in one sentence and paragraph: a quadratic step would not come back within the test's patience.
    for unit in [
        "sanctions ",
        "ministers meet China ",
        "\"not send weapons\" ",
        "fleet drones Kyiv ",
    ] {
        let text = unit.repeat(1_000_000 / unit.len());
        assert!(analyser.score("x", &text).topics.len() <= 40, "{unit}");
    }
}

#[test]
fn an_implied_parent_gets_its_childs_evidence() {
    let topic = |id: &str, rest: &str| {
        format!("[[topic]]\nid = \"{id}\"\nname = \"N\"\ndefinition = \"d\"\n{rest}\n")
    };
    let content = [
        "name = \"t\"\n".to_owned(),
        topic("war", "rules = [{ weight = 1, any = [\"war\"] }]"),
        topic(
            "siege",
            "parent = \"war\"\nimplies_parent = true\nrules = [{ weight = 1, any = [\"siege\"] }]",
        ),
        topic(
            "truce",
            "parent = \"war\"\nrules = [{ weight = 1, any = [\"truce\"] }]",
        ),
    ]
    .concat();
    let analyser = Analyser::new(parse(&content).expect("a correct file"));
    for (title, expected) in [
        ("Siege of the town", vec!["siege", "war"]),
        ("Truce agreed", vec!["truce"]),
    ] {
        let mut found = analyser.reported(title, "");
        found.sort_unstable();
        assert_eq!(found, expected);
    }
}

#[test]
fn lint_finds_what_does_nothing() {
    let content = r#"
name = "t"
[classes]
unused = ["x"]
[[topic]]
id = "a"
name = "A"
definition = "d"
codes.iptc = ["medtop:99999999"]
rules = [
  { weight = 1, any = ["sanctions", "impose~ .. sanctions", "(a|b) c"] },
  { weight = 0.5, any = ["(b|a) c"] },
]
[topic.examples]
about = ["Sanctions imposed", "Sanctions lifted", "a c"]
not_about = ["Rain", "Snow", "No sanctions for referee"]
[[topic]]
id = "b"
name = "B"
definition = "d"
codes.iptc = ["medtop:20000642"]
rules = [{ weight = 1, any = ["sanctions"] }]
"#;
    let analyser = Analyser::new(parse(content).expect("a correct file"));
    let touched = |text: &str| {
        analyser
            .scorer
            .touched(&analyser.lexicon.scan(&Document::new(Some(text), "")))
    };
    let findings = lint::run(analyser.scorer.taxonomy(), touched);
    for expected in [
        "class \"unused\" is used by nothing",
        "topic \"a\", code \"medtop:99999999\": no Media Topic has this code",
        "\"impose~ .. sanctions\" never counts in \"a\": \"sanctions\" takes its words",
        "\"(b|a) c\" stands twice in \"a\": also as \"(a|b) c\"",
        "\"sanctions\" counts fully in \"b\" and in \"a\"",
        "only 1 of 3 examples under not_about of \"a\" use words of its rules; half should be near misses",
        "topic \"b\" has 0 examples under about; give it 3",
    ] {
        assert!(
            findings.iter().any(|finding| finding.message == expected),
            "{expected}\n{findings:#?}"
        );
    }
}

#[test]
fn the_built_in_taxonomy_is_clean() {
    let analyser = Analyser::built_in();
    let touched = |text: &str| {
        let (title, text) = text.split_once('\n').unwrap_or((text, ""));
        analyser
            .scorer
            .touched(&analyser.lexicon.scan(&Document::new(Some(title), text)))
    };
    let findings = lint::run(analyser.scorer.taxonomy(), touched);
    let warnings: Vec<_> = findings
        .iter()
        .filter(|finding| finding.severity == lint::Severity::Warning)
        .collect();
    assert!(warnings.is_empty(), "{warnings:#?}");
}

#[test]
fn diff_names_what_flips_and_why() {
    let taxonomy = |phrase: &str| {
        let content = format!(
            "name = \"t\"\n[[topic]]\nid = \"a\"\nname = \"A\"\ndefinition = \"d\"\nrules = [{{ weight = 1, any = [\"{phrase}\"] }}]"
        );
        Analyser::new(parse(&content).expect("a correct file"))
    };
    let (before, after) = (taxonomy("truce"), taxonomy("ceasefire"));
    let flips = |title: &str| {
        let (old, new) = (before.score(title, ""), after.score(title, ""));
        diff::compare(
            &diff::Side {
                scorer: &before.scorer,
                scores: &old,
            },
            &diff::Side {
                scorer: &after.scorer,
                scores: &new,
            },
        )
    };
    assert_eq!(flips("Ceasefire and truce"), []);
    let [flip] = flips("Truce holds").try_into().expect("one topic flips");
    assert_eq!(
        (flip.topic.as_str(), flip.appears, flip.after),
        ("a", false, 0.0)
    );
    assert_eq!((flip.lost, flip.gained), (vec!["truce".to_owned()], vec![]));
}
