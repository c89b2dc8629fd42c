//! What `--help` shows.

use crate::{newsmill, output, stderr, stdout};

const COMMANDS: &[&str] = &[
    "run",
    "demo",
    "analyze",
    "duplicates",
    "explain",
    "eval",
    "check",
    "dead-letters",
    "replay",
    "schema",
    "taxonomy",
];

#[test]
fn every_command_shows_examples_and_what_its_statuses_mean() {
    let all = stdout(&output(newsmill(&["--help"]), ""));
    for command in COMMANDS {
        assert!(
            all.contains(&format!("  {command} ")),
            "{command} is not listed"
        );
        let result = output(newsmill(&[command, "--help"]), "");
        assert_eq!(result.status.code(), Some(0));
        let help = stdout(&result);
        for told in [
            "Examples:",
            &format!("  newsmill {command}"),
            "Exit statuses:",
        ] {
            assert!(help.contains(told), "{command}: {told} is missing:\n{help}");
        }
    }
}

#[test]
fn wrong_usage_is_status_2() {
    for arguments in [
        &[][..],
        &["anlyze"],
        &["analyze", "--thread", "2"],
        &["analyze", "--threads", "0"],
        &["schema", "nothing"],
        &["dead-letters"],
        &["dead-letters", "show", "17"],
        &["dead-letters", "redrive", "--rate", "0"],
        &["dead-letters", "list", "--since", "yesterday"],
        &["replay"],
        &["replay", "--into", "x", "--from", "0@1,2"],
    ] {
        let result = output(newsmill(arguments), "");
        assert_eq!(result.status.code(), Some(2), "{arguments:?}");
        assert_eq!(stdout(&result), "", "{arguments:?}");
    }
    assert!(stderr(&output(newsmill(&["anlyze"]), "")).contains("'analyze'"));
}

#[test]
fn schemas_are_json() {
    for of in ["record", "config", "taxonomy"] {
        let result = output(newsmill(&["schema", of]), "");
        let schema: serde_json::Value = serde_json::from_str(&stdout(&result)).unwrap();
        assert!(schema["properties"].is_object(), "{of}");
    }
}
