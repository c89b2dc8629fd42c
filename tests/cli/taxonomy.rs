//! `newsmill taxonomy`: what an editor sees.

use std::fs;
use std::path::Path;

use crate::{newsmill, output, stderr, stdout};

const TRUCE: &str = r#"name = "small"
[[topic]]
id = "truce"
name = "Truces"
definition = "Fighting that stops."
sections = ["conflict"]
codes.iptc = ["medtop:20000053"]
[[topic.rules]]
weight = 1.0
any = [
  "truce~",
  "ceasefire",
]
unless = ["price war"]
[topic.examples]
about = ["Truce holds", "Ceasefire agreed", "Truces broken"]
not_about = ["Talks go on", "Truce in price war", "Ceasefire in price war of supermarkets"]
"#;

/// Runs `newsmill taxonomy` with a folder that holds this file: status, standard output, standard error.
fn taxonomy(arguments: &[&str], content: &str) -> (Option<i32>, String, String) {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("topics.toml"), content).unwrap();
    let path = folder.path().to_str().unwrap();
    let arguments: Vec<&str> = [&["taxonomy"], arguments, &["--taxonomy", path]].concat();
    let result = output(newsmill(&arguments), "");
    let plain = |text: String| text.replace(path, "FOLDER");
    (
        result.status.code(),
        plain(stdout(&result)),
        plain(stderr(&result)),
    )
}

#[test]
fn test_tells_which_examples_fail_where_and_why() {
    let (status, told, _) = taxonomy(
        &["test"],
        &TRUCE.replace("\"Talks go on\"", "\"Truce of bankers\""),
    );
    assert_eq!(status, Some(1), "{told}");
    for words in [
        "small@",
        "FOLDER: 1 topic",
        "✗ truce",
        "FOLDER/topics.toml:17: \"Truce of bankers\" should not be about truce, and scores 0.",
        " by \"truce~\"",
        "mend: narrow the pattern",
        "5 examples as they should be, 1 not",
    ] {
        assert!(told.contains(words), "{words} is missing:\n{told}");
    }
}

#[test]
fn the_built_in_taxonomy_holds() {
    for command in ["test", "lint"] {
        let result = output(newsmill(&["taxonomy", command]), "");
        assert_eq!(result.status.code(), Some(0), "{}", stdout(&result));
        assert!(stdout(&result).contains("built in: 40 topics"));
    }
}

#[test]
fn lint_tells_what_does_nothing() {
    let (status, told, _) = taxonomy(&["lint"], &TRUCE.replace("\"ceasefire\"", "\"truce~\""));
    assert_eq!(status, Some(1), "{told}");
    for words in [
        "✗ FOLDER/topics.toml:12: \"truce~\" stands twice in \"truce\"",
        "mend: \"truce~\" in line 11 takes its words",
        "2 to mend, 0 to look at",
    ] {
        assert!(told.contains(words), "{words} is missing:\n{told}");
    }
}

#[test]
fn show_tells_all_of_a_topic() {
    let (status, told, _) = taxonomy(&["show", "truce"], TRUCE);
    assert_eq!(status, Some(0));
    for words in [
        "truce  Truces  FOLDER/topics.toml:3",
        "Fighting that stops.",
        "threshold  0.50 (topics.min_score)",
        "IPTC       medtop:20000053",
        "  +1.00\n    truce~\n    ceasefire\n",
        "must not be reported\n    Talks go on\n",
    ] {
        assert!(told.contains(words), "{words} is missing:\n{told}");
    }
    let (status, _, told) = taxonomy(&["show", "truse"], TRUCE);
    assert_eq!(status, Some(2));
    assert!(
        told.contains("no topic \"truse\"; the nearest is \"truce\""),
        "{told}"
    );
}

#[test]
fn a_folder_that_is_no_taxonomy_is_status_2_everywhere() {
    let empty = tempfile::tempdir().unwrap();
    let wrong = tempfile::tempdir().unwrap();
    fs::write(wrong.path().join("a.toml"), "name = \"t\"\nrulez = 1\n").unwrap();
    let file = wrong.path().join("a.toml");
    let told = [
        (
            Path::new("/no/such/folder"),
            "cannot read the taxonomy /no/such/folder (topics.taxonomy): No such file".to_owned(),
        ),
        (empty.path(), "holds no file that ends in .toml".to_owned()),
        (
            wrong.path(),
            format!("{}:2: unknown field `rulez`", file.display()),
        ),
    ];
    for (folder, words) in told {
        let kafka = "[kafka]\nbootstrap_servers = \"127.0.0.1:1\"\ninput_topics = [\"in\"]\noutput_topic = \"out\"\n\
                     dead_letter_topic = \"dead\"\n";
        let config = empty.path().join("newsmill.conf");
        fs::write(&config, format!("{kafka}[topics]\ntaxonomy = {folder:?}\n")).unwrap();
        let config = config.to_str().unwrap();
        for command in [
            &["run"][..],
            &["check"],
            &["analyze"],
            &["taxonomy", "test"],
            &["taxonomy", "show"],
        ] {
            let arguments = [command, &["--config", config]].concat();
            let result = output(newsmill(&arguments), "");
            assert_eq!(result.status.code(), Some(2), "{command:?}");
            assert!(
                stderr(&result).contains(&words),
                "{command:?}: {}",
                stderr(&result)
            );
        }
    }
}

/// A restart must not bring in what a running worker refuses.
#[test]
fn a_worker_does_not_start_with_examples_that_fail() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(
        folder.path().join("a.toml"),
        TRUCE.replace("Truces broken", "Peace"),
    )
    .unwrap();
    let more = format!("[topics]\ntaxonomy = {:?}\n", folder.path());
    let config = crate::configuration(folder.path(), &more);
    fs::rename(&config, folder.path().join("newsmill.conf")).unwrap();
    let config = folder.path().join("newsmill.conf");
    for command in ["run", "check"] {
        let result = output(
            newsmill(&[command, "--config", config.to_str().unwrap()]),
            "",
        );
        assert_eq!(result.status.code(), Some(2), "{command}");
        let told = stderr(&result);
        assert!(
            told.contains("a.toml:16: \"Peace\" should be about truce, and no rule"),
            "{told}"
        );
    }
}

#[test]
fn a_copy_of_the_built_in_taxonomy_is_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("copy");
    let copy = copy.to_str().unwrap();
    let result = output(newsmill(&["taxonomy", "copy", copy]), "");
    assert_eq!(result.status.code(), Some(0), "{}", stderr(&result));
    assert!(stdout(&result).contains(&format!("taxonomy = {copy:?}")));
    let title = |arguments: &[&str]| {
        let shown = stdout(&output(newsmill(arguments), ""));
        shown.split(',').next().unwrap().to_owned()
    };
    assert_eq!(
        title(&["taxonomy", "show"]),
        title(&["taxonomy", "show", "--taxonomy", copy])
    );
    let again = output(newsmill(&["taxonomy", "copy", copy]), "");
    assert_eq!(again.status.code(), Some(1));
    assert!(stderr(&again).contains("the folder is not empty"));
}

#[test]
fn diff_lists_what_flips_with_the_evidence() {
    let folder = tempfile::tempdir().unwrap();
    let [old, new] = ["old", "new"].map(|name| folder.path().join(name));
    for (folder, content) in [
        (&old, TRUCE.to_owned()),
        (&new, TRUCE.replace("\"truce~\"", "\"armistice\"")),
    ] {
        fs::create_dir(folder).unwrap();
        fs::write(folder.join("topics.toml"), content).unwrap();
    }
    let articles = [
        r#"{"title": "Truces hold", "language": "en", "text": "The long truce holds. Nobody shoots."}"#,
        r#"{"title": "Ceasefire and armistice", "language": "en", "text": "The ceasefire holds. Nobody shoots."}"#,
        r#"{"title": "Peremyrja", "language": "uk", "text": "Перемир'я тримається, ніхто не стріляє в місті."}"#,
        "{}",
    ];
    let arguments = [
        "taxonomy",
        "diff",
        old.to_str().unwrap(),
        new.to_str().unwrap(),
        "-",
    ];
    let result = output(newsmill(&arguments), &articles.join("\n"));
    assert_eq!(result.status.code(), Some(0), "{}", stderr(&result));
    let told = stdout(&result);
    for words in [
        "Truces hold  -:1\n  - truce  0.",
        "→ no evidence\n      - +2.00  Truces | truce  truce~\n",
        "truce  +0 -1\n\n1 of 2 articles flip; 2 rejected or not in a language that is analysed",
    ] {
        assert!(told.contains(words), "{words} is missing:\n{told}");
    }
}
