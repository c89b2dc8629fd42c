//! Taxonomy files and what the built-in one makes of short texts.

use newsmill::text::document::{Document, Span};
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

    fn lint(&self) -> Vec<lint::Finding> {
        lint::run(self.scorer.taxonomy(), |title, text| {
            let doc = Document::new(Some(title), text);
            self.scorer.touched(&self.lexicon.scan(&doc))
        })
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
    let trials = check::run(&analyser.scorer, |title, text| analyser.score(title, text));
    let errors = trials.iter().filter_map(check::Trial::error);
    let lines: Vec<String> = errors.map(|error| error.to_string()).collect();
    assert!(lines.is_empty(), "{}", lines.join("\n"));
    assert!(trials.len() >= 40 * 7);
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
            "rules = [{ weight = 1, any = [\n  \"a\",\n  \"b ~\",\n] }]",
            "t.toml:8: unexpected '~' in pattern \"b ~\"",
        ),
        (
            "rules = []\nimplies_parent = true",
            "t.toml:3: topic \"a\" implies a parent and names none; name it as `parent`",
        ),
        (
            "rules = []\nreplaced_by = \"b\"",
            "t.toml:3: topic \"a\" is replaced and not deprecated; add `deprecated = true`",
        ),
        (
            "rules = []\n[[cues]]\nkind = \"negated\"\nfactor = 1.5\nany = [\"not\"]",
            "t.toml:9: factor 1.5 of a cue is outside 0 to 1; 0.5 leaves half",
        ),
        (
            "rules = []\n[[cues]]\nkind = \"historical\"\nfactor = 0.5",
            "t.toml:9: a cue without words; fill `any`, or remove the cue",
        ),
        (
            "rules = []\n[[cues]]\nkind = \"quoted\"\nfactor = 0.5\nany = [\"said\"]",
            "t.toml:9: a `quoted` cue with words; take `any` out",
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
[[topic.rules]]
weight = 0.375
any = ["dreadnought"]
in = "lead"
[[topic.rules]]
weight = 0.125
any = ["dreadnought"]
in = "body"
[[topic.rules]]
weight = -0.625
any = ["toy weapon~"]
[[topic.rules]]
weight = 0.875
any = ["=Patriot (missile)? ..1 (battery|unit)~", "armour ..0 plate", "siege of .. (the town|<place>)"]
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
        ("x", "Dreadnought in port.\nIt left.", vec![0.375]),
        ("x", "It left.\nDreadnought in port.", vec![0.125]),
        ("dreadnought", "It left.", vec![]),
        ("x", "He buys toy weapons.", vec![-0.625]),
        ("x", "A Patriot missile battery.", vec![0.875]),
        ("x", "A Patriot unit.", vec![0.875]),
        ("x", "A patriot unit.", vec![]),
        ("x", "The Patriots unit.", vec![]),
        ("x", "Armor plate.", vec![0.875]),
        ("x", "Armour and plate.", vec![]),
        ("x", "The siege of Paris.", vec![0.875]),
        ("x", "He did not send weapons.", vec![0.5]),
        (
            "x",
            "He did not, as he had said before, send weapons.",
            vec![1.0],
        ),
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
fn a_percent_sign_is_a_percent() {
    let analyser = Analyser::built_in();
    for (title, topic) in [
        ("Chile puts 25% on steel from Brazil", "trade-policy"),
        ("Incumbent wins with 61% in second round", "elections"),
    ] {
        for title in [title.to_owned(), title.replace('%', " per cent")] {
            assert_eq!(analyser.reported(&title, ""), [topic], "{title}");
        }
    }
}

/// An editor's new topic has it without a word about it.
#[test]
fn counter_evidence_of_the_taxonomy_speaks_against_every_topic() {
    let content = |weight: &str| {
        format!(
            "name = \"t\"\n[[counter_evidence]]\nweight = {weight}\nany = [\"goalkeeper~\"]\n\
             [[topic]]\nid = \"wide\"\nname = \"W\"\ndefinition = \"d\"\nrules = [{{ weight = 1, any = [\"offensive\"] }}]\n\
             [[topic]]\nid = \"narrow\"\nname = \"N\"\ndefinition = \"d\"\nparent = \"wide\"\nimplies_parent = true\n\
             rules = [{{ weight = 1, any = [\"siege\"] }}]\n"
        )
    };
    let analyser = Analyser::new(parse(&content("-1")).expect("a correct file"));
    assert_eq!(analyser.reported("A siege", ""), ["wide", "narrow"]);
    assert_eq!(analyser.reported("A siege of the goalkeepers", ""), [""; 0]);
    let scores = analyser.score("A siege of the goalkeepers", "");
    for topic in &scores.topics {
        let weights: Vec<f32> = topic.contributions.iter().map(|one| one.weight).collect();
        assert_eq!(weights, [1.0, -1.0], "each once, in each topic");
    }
    let (_, place) = analyser.scorer.rule_of(&scores.topics[0].contributions[1]);
    assert_eq!((place.file.as_str(), place.line), ("t.toml", 3));
    let told = parse(&content("0.5")).unwrap_err();
    assert!(
        told.contains("t.toml:3: counter-evidence of weight 0.5; write a weight below zero"),
        "{told}"
    );
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
  { weight = 0.5, any = ["film sanctions", "e f"], unless = ["(film|novel)", "g"], with = ["h", "(k|l)", "(l|k)"] },
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
[[counter_evidence]]
weight = -0.5
any = ["m", "m"]
"#;
    let analyser = Analyser::new(parse(content).expect("a correct file"));
    let findings: Vec<String> = analyser
        .lint()
        .into_iter()
        .map(|found| {
            format!(
                "{}:{}: {}; {}",
                found.file, found.line, found.problem, found.hint
            )
        })
        .collect();
    for expected in [
        "t.toml:4: class \"unused\" is used by nothing; use it in a pattern, or take it out",
        "t.toml:6: code \"medtop:99999999\" of \"a\": no Media Topic has this code; correct the code",
        "t.toml:11: \"impose~ .. sanctions\" never counts in \"a\"; \"sanctions\" in line 11 takes its words",
        "t.toml:12: \"(b|a) c\" stands twice in \"a\"; \"(a|b) c\" in line 11 takes its words",
        "t.toml:13: \"film sanctions\" never counts in \"a\"; \"(film|novel)\" in line 13 is in its own words, under `unless`: keep one of the two",
        "t.toml:13: \"(l|k)\" stands twice among the conditions of a rule in \"a\"; \"(k|l)\" in line 13 is the same",
        "t.toml:26: \"m\" stands twice in the counter-evidence of every topic; \"m\" in line 26 takes its words",
        "t.toml:23: \"sanctions\" counts fully in \"b\" and in \"a\"; if that is not meant, narrow one of the two; the other is at t.toml:11",
        "t.toml:6: only 1 of 3 examples under not_about of \"a\" use words of its rules; make half of them near misses",
        "t.toml:19: topic \"b\" has 0 of 3 examples under about; write more",
    ] {
        assert!(
            findings.iter().any(|finding| finding.starts_with(expected)),
            "{expected}\n{findings:#?}"
        );
    }
}

#[test]
fn the_built_in_taxonomy_is_clean() {
    let analyser = Analyser::built_in();
    let mut warnings = analyser.lint();
    warnings.retain(|finding| finding.severity == lint::Severity::Warning);
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
    let [lost] = flip.lost.try_into().expect("one pattern is lost");
    assert_eq!((lost.pattern.as_str(), lost.weight), ("truce", 1.0));
    assert_eq!(lost.places, [[Span { start: 0, end: 5 }]]);
    assert_eq!(flip.gained, []);
}

#[test]
fn a_topic_of_its_own_threshold_and_one_that_is_deprecated() {
    let topic = |id: &str, rest: &str| {
        format!(
            "[[topic]]\nid = \"{id}\"\nname = \"N\"\ndefinition = \"d\"\n{rest}\nrules = [{{ weight = 1, any = [\"truce\"] }}]\n\
             [topic.examples]\nabout = [\"Truce holds\"]\n"
        )
    };
    let content = [
        "name = \"t\"\n".to_owned(),
        topic("usual", ""),
        topic("strict", "threshold = 1.0"),
        topic("gone", "deprecated = true\nreplaced_by = \"usual\""),
        topic("heir", "parent = \"gone\"\nimplies_parent = true"),
    ]
    .concat();
    let analyser = Analyser::new(parse(&content).expect("a correct file"));
    // What is deprecated stays so where another topic implies it.
    assert_eq!(analyser.reported("Truce holds", ""), ["usual", "heir"]);
    // The examples of what is deprecated are not run; that of the strict one tells where and why it fails.
    let trials = check::run(&analyser.scorer, |title, text| analyser.score(title, text));
    let errors: Vec<String> = trials
        .iter()
        .filter_map(check::Trial::error)
        .map(|error| error.to_string())
        .collect();
    let [error] = errors.as_slice() else {
        panic!("{errors:#?}")
    };
    assert!(
        error.starts_with("t.toml:17: \"Truce holds\" should be about strict, and scores 0."),
        "{error}"
    );
    assert!(
        error.contains(" of 1.00 by \"truce\"; raise the weight"),
        "{error}"
    );
}

/// What docs/taxonomy.md shows is a topic that works: beside the built-in ones, at once, without training.
#[test]
fn the_topic_of_the_docs_works_at_once() {
    let docs = include_str!("../../docs/taxonomy.md");
    let (_, rest) = docs.split_once("```toml\n").expect("a topic is shown");
    let (space, _) = rest.split_once("```").expect("the topic ends");
    let own = Source {
        file: "space.toml",
        content: space,
    };
    let built_in = Taxonomy::built_in_sources();
    let sources: Vec<Source> = built_in.iter().copied().chain([own]).collect();
    let analyser = Analyser::new(Taxonomy::parse(&sources).expect("correct files"));
    let trials = check::run(&analyser.scorer, |title, text| analyser.score(title, text));
    let errors: Vec<_> = trials.iter().filter_map(check::Trial::error).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    let space: Vec<_> = analyser
        .lint()
        .into_iter()
        .filter(|finding| finding.file == "space.toml")
        .collect();
    assert!(space.is_empty(), "{space:#?}");
    let text = "The government wants a space programme of its own. The minister said that the space budget would grow. A satellite is to reach orbit next year.";
    assert!(
        analyser
            .reported("Cabinet approves space programme", text)
            .contains(&"space-policy")
    );
}
