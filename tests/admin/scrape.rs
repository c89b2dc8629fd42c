//! `/metrics`, as Prometheus reads it.

use std::io::Write as _;
use std::process::{Command, Stdio};

use crate::tool;
use crate::worker::Working;

/// Both clients say how they are, and records are counted by what they say.
#[test]
fn a_worker_at_work_fills_its_metrics() {
    let working = Working::start();
    working.until("both clients' statistics", |scraped| {
        ["consumer", "producer"].iter().all(|client| {
            let label = format!("client=\"{client}\"");
            scraped.sum("newsmill_broker_round_trip_seconds", &[&label]) > 0.0
        })
    });
    working.until("nothing to be left in a queue", |scraped| {
        let queues = [
            "newsmill_queue_messages",
            "newsmill_queue_bytes",
            "newsmill_in_flight_messages",
        ];
        queues.iter().all(|name| scraped.sum(name, &[]) == 0.0)
    });
    let scraped = support::scrape::Metrics::parse(&working.get("/metrics").body);
    for (name, label, at_least) in [
        (
            "newsmill_news_topic_records_total",
            "news_topic=\"military-aid\"",
            1.0,
        ),
        ("newsmill_section_records_total", "section=\"sport\"", 1.0),
        ("newsmill_language_records_total", "language=\"uk\"", 1.0),
        ("newsmill_record_entities_count", "", 10.0),
        ("newsmill_build_info", "taxonomy=\"newsmill@", 1.0),
        ("newsmill_outcomes_total", "code=\"invalid_json\"", 1.0),
        (
            "newsmill_processing_seconds_count",
            "stage=\"decode\"",
            10.0,
        ),
        ("newsmill_process_resident_memory_bytes", "", 1.0),
    ] {
        let found = scraped.sum(name, &[label]);
        assert!(found >= at_least, "{name} {label}: {found}");
    }
    working.stop();
}

#[test]
fn promtool_finds_nothing_wrong() {
    let Some(promtool) = tool::find(&["promtool"], "prometheus") else {
        return;
    };
    let working = Working::start();
    let text = working.get("/metrics").body;
    working.stop();
    let mut child = Command::new(promtool)
        .args(["check", "metrics"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(text.as_bytes())
        .unwrap();
    let output = child.wait_with_output().unwrap();
    let found = [output.stdout, output.stderr].concat();
    assert!(
        output.status.success() && found.is_empty(),
        "{}\n{text}",
        String::from_utf8_lossy(&found)
    );
}
