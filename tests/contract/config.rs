//! The configuration: the example file against the code, and what is said of files that are wrong.

use std::ffi::OsString;
use std::path::Path;

use newsmill::config::{Config, ConfigError, keys};
use newsmill::stream::config::{Guarantee, KafkaConfig};

const EXAMPLE: &str = include_str!("../../newsmill.example.toml");

const KAFKA: &str = "[kafka]\nbootstrap_servers = \"localhost:9092\"\ninput_topics = [\"in\"]\n\
                     output_topic = \"out\"\ndead_letter_topic = \"dead\"\n";

fn read(file: &str, environment: &[(&str, &str)]) -> Result<Config, ConfigError> {
    let environment = environment
        .iter()
        .map(|(name, value)| (OsString::from(name), OsString::from(value)));
    Config::from_sources(Some((Path::new("newsmill.toml"), file)), environment)
}

/// What is said of a configuration that must be refused.
fn refusal(file: &str, environment: &[(&str, &str)]) -> String {
    match read(file, environment) {
        Ok(_) => panic!("taken: {file} {environment:?}"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn the_example_gives_every_key_its_default() {
    let example = read(EXAMPLE, &[]).unwrap();
    let kafka = KafkaConfig::new(
        "localhost:9092",
        "articles.raw",
        "articles.enriched",
        "articles.dead-letters",
    );
    let mut defaults = Config::default();
    defaults.kafka = Some(kafka);
    assert_eq!(example.effective(), defaults.effective());
}

#[test]
fn the_example_names_every_key_with_a_comment() {
    let table: toml::Table = EXAMPLE.parse().unwrap();
    for key in keys::all() {
        let mut value = Some(&toml::Value::Table(table.clone())).cloned();
        for name in key.path.split('.') {
            value = value.and_then(|value| value.get(name).cloned());
        }
        assert!(value.is_some(), "{} is missing in the example", key.path);
    }
    let mut before = "";
    for line in EXAMPLE.lines() {
        let bare = !line.is_empty() && !line.starts_with('#');
        assert!(!bare || before.starts_with('#'), "no comment above: {line}");
        before = line;
    }
}

#[test]
fn every_key_is_documented_where_it_is_declared() {
    for key in keys::all() {
        let told = key.description.contains("Default") || key.description.contains("Required");
        let told = told || key.path == "kafka.group_id";
        assert!(
            told,
            "{}: no default is told: {}",
            key.path, key.description
        );
    }
}

#[test]
fn the_smallest_configuration_is_kafka_alone() {
    let config = read(KAFKA, &[]).unwrap();
    assert_eq!(config.kafka.as_ref().unwrap().group_id, "newsmill");
    assert_eq!(config.delivery.guarantee, Guarantee::ExactlyOnce);
    assert!(config.stream().is_ok());
    let without = read("", &[]).unwrap();
    let error = without.stream().unwrap_err().to_string();
    for key in [
        "bootstrap_servers",
        "input_topics",
        "output_topic",
        "dead_letter_topic",
    ] {
        assert!(error.contains(&format!("kafka.{key}: missing")), "{error}");
    }
}

/// Each row: a file's end, and what the refusal must say.
#[test]
fn what_is_wrong_is_told_with_place_reason_and_hint() {
    for (file, told) in [
        (
            "output_topik = \"x\"",
            "newsmill.toml:6: kafka.output_topik: unknown key",
        ),
        (
            "output_topik = \"x\"",
            "hint: did you mean `kafka.output_topic`?",
        ),
        ("min_score = 0.3", "hint: did you mean `topics.min_score`?"),
        (
            "[delivry]\nguarantee = \"at_least_once\"",
            "hint: did you mean `delivery.guarantee`?",
        ),
        (
            "linger.ms = 5",
            "hint: librdkafka's properties belong to `[kafka.properties]`",
        ),
        (
            "[delivery]\nguarantee = \"exactly_onec\"",
            "newsmill.toml:7: delivery.guarantee: ",
        ),
        (
            "[delivery]\nguarantee = \"exactly_onec\"",
            "hint: did you mean `exactly_once`?",
        ),
        (
            "[delivery]\ncommit_interval_ms = \"soon\"",
            "delivery.commit_interval_ms: invalid type",
        ),
        (
            "[delivery]\ncommit_interval_ms = -1",
            "delivery.commit_interval_ms: invalid value",
        ),
        (
            "[delivery]\nstart_from = \"yesterday\"",
            "delivery.start_from: expected `earliest`",
        ),
        ("[admin]\nlisten = \"9464\"", "admin.listen: "),
        (
            "[telemetry]\notlp_endpoint = \"https://x:4318\"",
            "telemetry.otlp_endpoint: ",
        ),
        ("delivery = 3", "kafka.delivery: unknown key"),
        (
            "[record]\nspan_unit = \"bytes\"",
            "hint: did you mean `byte`?",
        ),
        (
            "[topics]\nmin_score = 1.5",
            "newsmill.toml:7: topics.min_score: must be 0 to 1",
        ),
        ("group_id = \"a\" \"b\"", "newsmill.toml:6: no TOML: "),
        (
            "[kafka.properties]\nacks = 1",
            "kafka.properties.acks: the worker sets this itself: ",
        ),
        (
            "[kafka.properties]\n\"enable.auto.commit\" = true",
            "the worker sets this itself: ",
        ),
        (
            "[kafka.properties]\nlinger.sm = 5",
            "kafka.properties.linger.sm: librdkafka knows no such property",
        ),
        (
            "[kafka.properties]\n\"sasl.mechanism\" = \"OAUTHBEARER\"",
            "newsmill.toml:7: kafka.properties.sasl.mechanism: no token would ever come",
        ),
        (
            "[kafka.producer_properties]\nlinger.ms = [5]",
            "expected a string, an integer or a boolean",
        ),
        (
            "group_protocol = \"consumer\"\n[kafka.consumer_properties]\n\"session.timeout.ms\" = 6000",
            "kafka.consumer_properties.session.timeout.ms: the broker decides this",
        ),
        (
            "[kafka.properties]\n\"sasl.password_file\" = \"/no/such/file\"",
            "cannot read /no/such/file",
        ),
    ] {
        let refusal = refusal(&format!("{KAFKA}{file}"), &[]);
        assert!(
            refusal.contains(told),
            "{file}\nmust say: {told}\nsays: {refusal}"
        );
    }
}

/// The samples in `deploy/` and on the README; secrets stand in files that are not here.
#[test]
fn every_sample_is_taken() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let secret = tempfile::NamedTempFile::new().unwrap();
    let mut samples = Vec::new();
    let mut folders = vec![root.join("deploy")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.ends_with("newsmill.toml") {
                samples.push(std::fs::read_to_string(path).unwrap());
            }
        }
    }
    assert!(samples.len() >= 2, "the samples were not found");
    let readme = std::fs::read_to_string(root.join("README.md")).unwrap();
    let blocks = readme.split("```toml\n").skip(1);
    samples.extend(blocks.map(|block| block.split("```").next().unwrap().to_owned()));
    for sample in samples {
        let sample: Vec<String> = sample
            .lines()
            .map(|line| match line.split_once("_file\" = ") {
                Some((key, _)) => format!("{key}_file\" = {:?}", secret.path()),
                None => line.to_owned(),
            })
            .collect();
        let config = read(&sample.join("\n"), &[]).unwrap();
        assert!(config.stream().is_ok());
    }
}

#[test]
fn topics_that_feed_each_other_are_refused() {
    for (from, to) in [
        ("\"out\"", "\"in\""),
        ("\"dead\"", "\"in\""),
        ("\"dead\"", "\"out\""),
    ] {
        refusal(&KAFKA.replace(from, to), &[]);
    }
}

#[test]
fn all_that_is_wrong_is_told_at_once() {
    let file = format!(
        "{KAFKA}grup_id = \"x\"\n[topics]\nmin_score = 7\n[log]\nlevel = \"loud\"\nformat = 3"
    );
    let refusal = refusal(&file, &[("NEWSMILL_ADMIN__LISTN", "x")]);
    for key in [
        "kafka.grup_id",
        "topics.min_score",
        "log.level",
        "log.format",
        "NEWSMILL_ADMIN__LISTN: admin.listn",
    ] {
        assert!(refusal.contains(key), "{key} is not told: {refusal}");
    }
}

#[test]
fn the_environment_wins_and_is_read_by_the_kind_of_each_key() {
    let config = read(
        KAFKA,
        &[
            ("NEWSMILL_KAFKA__INPUT_TOPICS", "a, b"),
            ("NEWSMILL_KAFKA__GROUP_ID", "7"),
            ("NEWSMILL_KAFKA__PROPERTIES__LINGER_MS", "7"),
            ("NEWSMILL_DELIVERY__BREAKER__MAX_RUN", "7"),
            ("NEWSMILL_RECORD__INCLUDE_TEXT", "false"),
            ("NEWSMILL_TOPICS__MIN_SCORE", "1"),
            // No key: it has no two underscores.
            ("NEWSMILL_TEST_BOOTSTRAP_SERVERS", "x"),
            ("OTHER__THING", "x"),
        ],
    )
    .unwrap();
    let kafka = config.kafka.as_ref().unwrap();
    assert_eq!(kafka.input_topics, ["a", "b"]);
    assert_eq!(kafka.group_id, "7");
    assert_eq!(kafka.consumer()["linger.ms"], "7");
    assert_eq!(config.delivery.breaker.max_run, 7);
    assert!(!config.record.include_text);
    assert_eq!(config.topics.min_score, 1.0);
    let refusal = refusal(KAFKA, &[("NEWSMILL_DELIVERY__COMMIT_INTERVAL_MS", "soon")]);
    assert!(
        refusal.contains("NEWSMILL_DELIVERY__COMMIT_INTERVAL_MS: delivery.commit_interval_ms"),
        "{refusal}"
    );
}

#[test]
fn properties_may_be_written_as_toml_reads_dots() {
    let file = format!("{KAFKA}[kafka.properties]\nsasl.username = \"me\"\n\"linger.ms\" = 5");
    let config = read(&file, &[]).unwrap();
    let kafka = config.kafka.as_ref().unwrap();
    assert_eq!(kafka.producer()["sasl.username"], "me");
    assert_eq!(kafka.producer()["linger.ms"], "5");
}

#[test]
fn secrets_come_from_files_and_are_never_shown() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("password");
    std::fs::write(&path, "hunter2\n").unwrap();
    let path = path.to_str().unwrap();
    let file = format!(
        "{KAFKA}group_id_file = {path:?}\n[kafka.properties]\n\"sasl.password_file\" = {path:?}\n\
         \"client.id_file\" = {path:?}\n\"ssl.key.password\" = \"hunter2\""
    );
    let config = read(&file, &[]).unwrap();
    assert_eq!(
        config.kafka.as_ref().unwrap().consumer()["sasl.password"],
        "hunter2"
    );
    let shown = format!(
        "{config:?} {} {:?}",
        config.effective(),
        config.kafka.as_ref().unwrap().properties
    );
    assert!(!shown.contains("hunter2"), "{shown}");

    let variable = ("NEWSMILL_KAFKA__PROPERTIES__SASL_PASSWORD_FILE", path);
    let config = read(KAFKA, &[variable]).unwrap();
    assert_eq!(
        config.kafka.as_ref().unwrap().consumer()["sasl.password"],
        "hunter2"
    );

    // The environment replaces what the file says of the same key, whichever way each says it.
    let config = read(
        &file,
        &[("NEWSMILL_KAFKA__PROPERTIES__SASL_PASSWORD", "other")],
    )
    .unwrap();
    assert_eq!(
        config.kafka.as_ref().unwrap().consumer()["sasl.password"],
        "other"
    );
    assert!(refusal(&format!("{file}\n\"sasl.password\" = \"x\""), &[]).contains("given twice"));
}

#[test]
fn no_error_repeats_a_secret() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("secret");
    std::fs::write(&path, "hunter2").unwrap();
    let path = path.to_str().unwrap();
    for file in [
        format!("{KAFKA}[log]\nlevel_file = {path:?}"),
        format!("{KAFKA}[topics]\nmin_score_file = {path:?}"),
        format!("{KAFKA}[delivery]\nstart_from_file = {path:?}"),
        format!("{KAFKA}[kafka.properties]\n\"linger.ms_file\" = {path:?}"),
        format!("{KAFKA}output_topic_file = {path:?}"),
        format!("{KAFKA}[kafka.properties]\n\"sasl.password\" = \"hunter2"),
        format!("{KAFKA}[kafka.properties]\n\"sasl.password\" = {{ value = [\"hunter2\"] }}"),
    ] {
        let refusal = refusal(&file, &[]);
        assert!(!refusal.contains("hunter2"), "{file}\n{refusal}");
    }
}
