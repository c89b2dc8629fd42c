//! The checker is fed each fault that it is there to find.

use super::*;

const RECORD: &[u8] = br#"{"schema":"newsmill.record.v1","id":"5f","article":{"language":"en"},"topics":[{"id":"aid"}],"sections":[{"id":"politics"}]}"#;

fn lanes() -> Lanes {
    Lanes {
        input_topic: "in".to_owned(),
        output_partitions: 1,
        dead_letter_partitions: 1,
    }
}

/// Eight messages of one input partition: records, but for message 3, a dead letter, and message 5, a tombstone.
fn sent() -> Vec<Expected> {
    (0..8)
        .map(|number: usize| Expected {
            partition: 0,
            offset: number as i64,
            timestamp_ms: 1_000 + number as i64,
            key: Some(b"k".to_vec()),
            carried: vec![
                (SEQUENCE.to_owned(), Some(number.to_string().into_bytes())),
                ("trace".to_owned(), None),
            ],
            outcome: match number {
                3 => Outcome::DeadLetter {
                    code: "invalid_json",
                    value: Some(digest(b"{")),
                },
                5 => Outcome::Tombstone,
                _ => Outcome::Record {
                    sample: 0,
                    id: format!("id-{number}"),
                    record: Some(RecordExpected::of(RECORD).unwrap()),
                },
            },
        })
        .collect()
}

/// What a faultless worker makes of a message.
fn made(sent: &Expected) -> (Side, Seen) {
    let mut headers = sent.carried.clone();
    let mut add = |name: &str, value: &str| {
        headers.push((name.to_owned(), Some(value.as_bytes().to_vec())));
    };
    let (side, value) = match &sent.outcome {
        Outcome::Record { .. } => {
            add("content-type", "application/json");
            add("newsmill-schema", "newsmill.record.v1");
            add("newsmill-topics", "aid");
            add("newsmill-sections", "politics");
            add("newsmill-language", "en");
            let source = format!(
                r#""source":{{"input_topic":"in","partition":0,"offset":{},"timestamp_ms":{}}},"article""#,
                sent.offset, sent.timestamp_ms
            );
            let record = std::str::from_utf8(RECORD).unwrap();
            let value = record.replacen("\"article\"", &source, 1).into_bytes();
            (Side::Output, Some(value))
        }
        Outcome::Tombstone => (Side::Output, None),
        Outcome::DeadLetter { code, .. } => {
            add("newsmill-error-code", code);
            add("newsmill-error-message", "unexpected end");
            add("newsmill-error-stage", "decode");
            add("newsmill-source-topic", "in");
            add("newsmill-source-partition", "0");
            add("newsmill-source-offset", &sent.offset.to_string());
            add(
                "newsmill-source-timestamp-ms",
                &sent.timestamp_ms.to_string(),
            );
            add("newsmill-attempt", "1");
            add("newsmill-version", "0.1.0");
            (Side::DeadLetters, Some(b"{".to_vec()))
        }
    };
    let seen = Seen {
        partition: 0,
        offset: sent.offset,
        key: sent.key.clone(),
        value,
        headers,
        timestamp_ms: Some(sent.timestamp_ms),
    };
    (side, seen)
}

/// The findings of a run whose output is what the numbers say, in that order.
fn run(order: &[usize]) -> Findings {
    run_with(order, |_, _| {})
}

/// The same, with a change to what was made of each message.
fn run_with(order: &[usize], change: impl Fn(usize, &mut (Side, Seen))) -> Findings {
    let sent = sent();
    let mut checker = Checker::new(lanes(), &sent);
    for &number in order {
        let mut seen = made(&sent[number]);
        change(number, &mut seen);
        checker.see(seen.0, &seen.1);
    }
    checker.finish()
}

/// The counts: lost, doubled, reordered, altered.
fn counts(findings: &Findings) -> [u64; 4] {
    [
        findings.lost.count,
        findings.doubled.count,
        findings.reordered.count,
        findings.altered.count,
    ]
}

#[test]
fn a_faultless_run_holds_both_guarantees() {
    let findings = run(&[0, 1, 2, 3, 4, 5, 6, 7]);
    assert_eq!(counts(&findings), [0; 4], "{findings}");
    assert_eq!(
        (findings.records, findings.dead_letters, findings.tombstones),
        (6, 1, 1)
    );
    findings.hold(Guarantee::ExactlyOnce).unwrap();
    findings.hold(Guarantee::AtLeastOnce).unwrap();
}

#[test]
fn a_lost_message_breaks_both() {
    let findings = run(&[0, 1, 3, 4, 5, 6, 7]);
    assert_eq!(counts(&findings), [1, 0, 0, 0], "{findings}");
    assert!(findings.hold(Guarantee::AtLeastOnce).is_err());
    assert!(findings.hold(Guarantee::ExactlyOnce).is_err());
}

#[test]
fn a_whole_replay_breaks_only_exactly_once() {
    // 3 is the dead letter, on a topic of its own.
    let findings = run(&[0, 1, 2, 3, 4, 1, 2, 4, 5, 6, 7]);
    assert_eq!(counts(&findings), [0, 3, 0, 0], "{findings}");
    assert_eq!(findings.replays, 1);
    findings.hold(Guarantee::AtLeastOnce).unwrap();
    assert!(findings.hold(Guarantee::ExactlyOnce).is_err());
}

#[test]
fn a_doubled_message_breaks_exactly_once() {
    let findings = run(&[0, 1, 2, 2, 3, 4, 5, 6, 7]);
    assert_eq!(counts(&findings), [0, 1, 0, 0], "{findings}");
    assert!(findings.hold(Guarantee::ExactlyOnce).is_err());
}

#[test]
fn a_replay_that_another_worker_takes_over_is_whole() {
    let findings = run(&[0, 1, 2, 3, 4, 1, 2, 5, 6, 7]);
    assert_eq!(counts(&findings), [0, 2, 0, 0], "{findings}");
}

#[test]
fn a_replay_with_a_gap_is_no_whole_replay() {
    let findings = run(&[0, 1, 2, 3, 4, 5, 6, 1, 5, 6, 7]);
    assert_eq!(counts(&findings), [0, 3, 1, 0], "{findings}");
    assert!(findings.hold(Guarantee::AtLeastOnce).is_err());
}

#[test]
fn swapped_messages_break_both() {
    let findings = run(&[0, 2, 1, 3, 4, 5, 6, 7]);
    assert!(findings.reordered.count > 0, "{findings}");
    assert!(findings.hold(Guarantee::AtLeastOnce).is_err());
    assert!(findings.hold(Guarantee::ExactlyOnce).is_err());
}

#[test]
fn anything_altered_breaks_both() {
    type Change = fn(&mut (Side, Seen));
    let changes: [(usize, Change); 12] = [
        (0, |made| made.1.value.as_mut().unwrap()[2] = b'S'),
        (0, |made| made.1.key = Some(b"other".to_vec())),
        (0, |made| made.1.timestamp_ms = Some(1)),
        (0, |made| {
            made.1.headers.retain(|(name, _)| name != "newsmill-topics")
        }),
        (0, |made| {
            made.1
                .headers
                .push(("newsmill-language".to_owned(), Some(b"zz".to_vec())))
        }),
        (0, |made| made.1.headers.retain(|(name, _)| name != "trace")),
        (0, |made| made.0 = Side::DeadLetters),
        (1, |made| {
            made.1.headers.retain(|(name, _)| name != SEQUENCE)
        }),
        (3, |made| made.1.value = Some(b"[".to_vec())),
        (3, |made| {
            made.1
                .headers
                .retain(|(name, _)| name != "newsmill-source-offset")
        }),
        (3, |made| made.0 = Side::Output),
        (5, |made| made.1.value = Some(Vec::new())),
    ];
    for (index, (target, change)) in changes.into_iter().enumerate() {
        let findings = run_with(&[0, 1, 2, 3, 4, 5, 6, 7], |number, made| {
            if number == target {
                change(made);
            }
        });
        assert_eq!(findings.altered.count, 1, "change {index}: {findings}");
        assert!(findings.hold(Guarantee::AtLeastOnce).is_err());
    }
}

#[test]
fn a_record_from_another_position_is_altered() {
    let findings = run_with(&[0, 1, 2, 3, 4, 5, 6, 7], |number, made| {
        if number == 1 {
            let value = String::from_utf8(made.1.value.take().unwrap()).unwrap();
            made.1.value = Some(value.replace("\"offset\":1", "\"offset\":2").into_bytes());
        }
    });
    assert_eq!(counts(&findings), [0, 0, 0, 1], "{findings}");
}

#[test]
fn keys_go_where_java_clients_look_for_them() {
    // The vectors of Kafka's own UtilsTest.testMurmur2,.
    for (key, hash) in [
        ("21", -973_932_308_i32),
        ("foobar", -790_332_482),
        ("a-little-bit-long-string", -985_981_536),
        ("abc", 479_470_107),
    ] {
        for partitions in [1, 3, 1000] {
            let expected = (hash & 0x7fff_ffff) % partitions;
            assert_eq!(
                java_partition(key.as_bytes(), partitions),
                expected,
                "{key}"
            );
        }
    }
}
