//! Messages that want to hurt: each ends in its documented outcome, and the worker goes on.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use rdkafka::message::{Header, OwnedHeaders};
use rdkafka::producer::{BaseRecord, DefaultProducerContext, Producer, ThreadedProducer};
use sha2::{Digest, Sha256};
use support::observer::client;
use support::random::Random;
use support::reader::{self, Seen};
use support::scenario::Scenario;
use support::suite::{Stage, Test};
use support::worker::Guarantee;

use crate::GUARANTEES;

const DEADLINE: Duration = Duration::from_secs(120);

/// The header by which each is found again.
const NAME: &str = "hostile";

pub fn tests() -> Vec<Test> {
    Test::for_each_guarantee(
        "hostile::messages_end_as_documented",
        &GUARANTEES,
        end_as_documented,
    )
}

enum Outcome {
    Record,
    Tombstone,
    DeadLetter(&'static str),
}

struct Hostile {
    name: &'static str,
    key: Option<&'static str>,
    value: Option<Vec<u8>>,
    outcome: Outcome,
}

fn messages() -> Vec<Hostile> {
    let keyed = |name, value, outcome| Hostile {
        name,
        key: Some(name),
        value,
        outcome,
    };
    let article = |text: String| {
        let article =
            serde_json::json!({"id": "big", "title": "Big", "text": text, "language": "en"});
        Some(article.to_string().into_bytes())
    };
    let sentence = "The rain went on for days and the roads were closed to all but farm carts. ";
    let mut noise = Random::new(1).bytes(100_000);
    // No UTF-8 begins so.
    noise[0] = 0xc0;
    vec![
        keyed(
            "ten-megabytes",
            article("x ".repeat(5_000_000)),
            Outcome::DeadLetter("too_large"),
        ),
        keyed("noise", Some(noise), Outcome::DeadLetter("invalid_utf8")),
        keyed(
            "deep",
            Some([vec![b'['; 10_000], vec![b']'; 10_000]].concat()),
            Outcome::DeadLetter("too_deep"),
        ),
        keyed("null-with-key", None, Outcome::Tombstone),
        Hostile {
            name: "null-without-key",
            key: None,
            value: None,
            outcome: Outcome::DeadLetter("no_value"),
        },
        keyed("one-word", article("a".repeat(1_000_000)), Outcome::Record),
        keyed(
            "five-megabytes",
            article(sentence.repeat(5_000_000 / sentence.len())),
            Outcome::Record,
        ),
        keyed("sound", article(sentence.to_owned()), Outcome::Record),
    ]
}

fn end_as_documented(stage: &Stage, guarantee: Guarantee) -> Result<()> {
    let scenario = Scenario::new(stage, stage.cluster()?, "hostile", guarantee)?;
    let servers = scenario.cluster.bootstrap_servers();
    let messages = messages();
    send(servers, &scenario.input, &messages)?;
    let mut worker = scenario.start("worker", scenario.config())?;
    scenario.wait_drained([&mut worker], DEADLINE)?;

    let mut records = BTreeMap::new();
    let mut dead_letters = BTreeMap::new();
    for (topic, found) in [
        (&scenario.output, &mut records),
        (&scenario.dead_letters, &mut dead_letters),
    ] {
        reader::read(servers, &scenario.observer, topic, |seen| {
            let name = seen.header_text(NAME).unwrap_or("nameless").to_owned();
            found.insert(name, seen);
        })?;
    }
    ensure!(
        records.len() + dead_letters.len() == messages.len(),
        "{} messages, but {:?} and {:?}",
        messages.len(),
        records.keys(),
        dead_letters.keys()
    );
    for message in &messages {
        judge(message, &records, &dead_letters).with_context(|| message.name.to_owned())?;
    }
    ensure!(worker.stop()?.success(), "a bad status at the end");
    Ok(())
}

fn judge(
    message: &Hostile,
    records: &BTreeMap<String, Seen>,
    dead_letters: &BTreeMap<String, Seen>,
) -> Result<()> {
    match message.outcome {
        Outcome::Record => {
            let seen = records.get(message.name).context("no record")?;
            let record: serde_json::Value =
                serde_json::from_slice(seen.value.as_deref().context("no value")?)?;
            ensure!(record["schema"] == "newsmill.record.v1");
        }
        Outcome::Tombstone => {
            let seen = records.get(message.name).context("no tombstone")?;
            ensure!(seen.value.is_none() && seen.key.as_deref() == message.key.map(str::as_bytes));
        }
        Outcome::DeadLetter(code) => {
            let seen = dead_letters.get(message.name).context("no dead letter")?;
            let said = seen.header_text("newsmill-error-code");
            ensure!(said == Some(code), "its code is {said:?}, not {code}");
            judge_value(seen, message.value.as_deref())?;
        }
    }
    Ok(())
}

/// The value is there byte for byte, or cut, with its length and digest in headers.
fn judge_value(seen: &Seen, sent: Option<&[u8]>) -> Result<()> {
    if seen.value.as_deref() == sent {
        ensure!(
            seen.header("newsmill-value-bytes").is_none(),
            "said to be cut, but is whole"
        );
        return Ok(());
    }
    let (Some(kept), Some(sent)) = (seen.value.as_deref(), sent) else {
        bail!("a null value became another, or the other way round");
    };
    ensure!(
        !kept.is_empty() && sent.starts_with(kept),
        "{} bytes that are no beginning of its value",
        kept.len()
    );
    let bytes = seen.header_text("newsmill-value-bytes");
    ensure!(
        bytes == Some(&sent.len().to_string()),
        "its length is said to be {bytes:?}"
    );
    let sha256: String = Sha256::digest(sent)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let said = seen.header_text("newsmill-value-sha256");
    ensure!(said == Some(&sha256), "its digest is said to be {said:?}");
    Ok(())
}

fn send(bootstrap_servers: &str, topic: &str, messages: &[Hostile]) -> Result<()> {
    let producer: ThreadedProducer<DefaultProducerContext> = client(bootstrap_servers)
        .set("message.max.bytes", "12000000")
        .create()?;
    for message in messages {
        let headers = OwnedHeaders::new().insert(Header {
            key: NAME,
            value: Some(message.name),
        });
        // One partition: each stands in the way of those behind it.
        let mut record = BaseRecord::<str, [u8]>::to(topic)
            .partition(0)
            .headers(headers);
        record.key = message.key;
        record.payload = message.value.as_deref();
        producer.send(record).map_err(|(error, _)| error)?;
    }
    producer.flush(DEADLINE)?;
    Ok(())
}
