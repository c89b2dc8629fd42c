//! A configuration that is wrong, as the commands tell it.

use crate::{configuration, newsmill, output, stderr};

#[test]
fn a_wrong_configuration_is_status_2_with_place_and_hint() {
    let folder = tempfile::tempdir().unwrap();
    let file = configuration(folder.path(), "output_topik = \"x\"\n");
    for command in ["run", "check", "analyze"] {
        let result = output(newsmill(&[command, "--config", &file]), "");
        assert_eq!(result.status.code(), Some(2), "{command}");
        let told = stderr(&result);
        assert!(
            told.contains(&format!("{file}:6: kafka.output_topik: unknown key")),
            "{told}"
        );
        assert!(
            told.contains("hint: did you mean `kafka.output_topic`?"),
            "{told}"
        );
    }
}

#[test]
fn a_configuration_that_is_not_there_is_status_2() {
    let result = output(newsmill(&["run", "--config", "/no/such/newsmill.toml"]), "");
    assert_eq!(result.status.code(), Some(2));
    assert!(stderr(&result).contains("/no/such/newsmill.toml: No such file"));
}

#[test]
fn running_needs_kafka_and_analyzing_does_not() {
    let result = output(newsmill(&["run"]), "");
    assert_eq!(result.status.code(), Some(2));
    assert!(stderr(&result).contains("kafka.bootstrap_servers: missing"));
    let result = output(newsmill(&["analyze"]), "");
    assert_eq!(result.status.code(), Some(0));
}
