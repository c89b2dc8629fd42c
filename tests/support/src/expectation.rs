//! What has to come out for what was sent.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;

use anyhow::{Context, Result, bail};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::reader::Header;
use crate::samples::Samples;

/// The first half of a SHA-256: bytes are compared without being kept.
pub type Digest = u128;

pub fn digest(bytes: &[u8]) -> Digest {
    let hash = Sha256::digest(bytes);
    let half: [u8; 16] = hash[..16].try_into().expect("a SHA-256 has 32 bytes");
    u128::from_be_bytes(half)
}

/// A message that was sent, and what is expected of it.
#[derive(Clone, Debug)]
pub struct Expected {
    /// Where it stands in the input topic.
    pub partition: i32,
    pub offset: i64,
    pub timestamp_ms: i64,
    pub key: Option<Vec<u8>>,
    /// Headers that are carried over as they are.
    pub carried: Vec<Header>,
    pub outcome: Outcome,
}

/// The one outcome of a message.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// The record of a sample under the id; what it looks like is known once [`analyze`] was asked.
    Record {
        sample: usize,
        id: String,
        record: Option<RecordExpected>,
    },
    /// The message as it was, under a code.
    DeadLetter {
        code: &'static str,
        value: Option<Digest>,
    },
    /// A null value under the same key.
    Tombstone,
}

/// A record, as `newsmill analyze` gives it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordExpected {
    /// Of its bytes; it has no `source`.
    pub digest: Digest,
    /// What its routing headers must say.
    pub topics: String,
    pub sections: String,
    pub language: Option<String>,
}

impl RecordExpected {
    pub fn of(record: &[u8]) -> Result<RecordExpected> {
        let parsed: Value = serde_json::from_slice(record).context("a record is no JSON")?;
        let ids = |field: &str| {
            let items = parsed[field].as_array().map_or(&[][..], Vec::as_slice);
            let ids: Vec<&str> = items
                .iter()
                .filter_map(|item| item["id"].as_str())
                .collect();
            ids.join(",")
        };
        Ok(RecordExpected {
            digest: digest(record),
            topics: ids("topics"),
            sections: ids("sections"),
            language: parsed["article"]["language"].as_str().map(str::to_owned),
        })
    }
}

/// Asks `newsmill analyze` for the record of every article that has none yet.
pub fn analyze(binary: &Path, samples: &Samples, expected: &mut [Expected]) -> Result<()> {
    let mut wanted = Vec::new();
    let mut lines = Vec::new();
    for message in expected {
        if let Outcome::Record { sample, id, record } = &mut message.outcome
            && record.is_none()
        {
            lines.push(samples.line(*sample, id));
            wanted.push(record);
        }
    }
    let mut child = Command::new(binary)
        .args(["analyze", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .context("cannot start newsmill analyze")?;
    let mut input = child.stdin.take().context("no standard input")?;
    let output = child.stdout.take().context("no standard output")?;
    // Written beside the reading, or both sides would wait on full pipes.
    let writer = thread::spawn(move || lines.iter().try_for_each(|line| writeln!(input, "{line}")));
    let mut records = BufReader::new(output).split(b'\n');
    let count = wanted.len();
    for (number, place) in wanted.into_iter().enumerate() {
        let record = records
            .next()
            .with_context(|| format!("analyze gave {number} records for {count} articles"))??;
        *place = Some(RecordExpected::of(&record)?);
    }
    if records.next().is_some() {
        bail!("analyze gave more records than articles");
    }
    writer.join().expect("the writing thread cannot panic")?;
    let status = child.wait()?;
    if !status.success() {
        bail!("analyze ended with {status}");
    }
    Ok(())
}

/// The record's bytes without its `source`, and that `source`; nothing if there is none where it belongs.
pub fn without_source(record: &[u8]) -> Option<(Vec<u8>, Value)> {
    const START: &[u8] = b"\"source\":{";
    // Behind schema and id, before anything that comes from the article.
    let start = record
        .windows(START.len())
        .take(200)
        .position(|window| window == START)?;
    let object = start + START.len() - 1;
    // The names of topics hold no brace.
    let end = object + record[object..].iter().position(|byte| *byte == b'}')? + 1;
    let source = serde_json::from_slice(&record[object..end]).ok()?;
    let rest = record[end..].strip_prefix(b",")?;
    Some(([&record[..start], rest].concat(), source))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_source_is_cut_out_and_nothing_else() {
        let with = br#"{"schema":"s","id":"5f","source":{"input_topic":"t","partition":0,"offset":4},"article":{"text":"\"source\":{}"}}"#;
        let without = br#"{"schema":"s","id":"5f","article":{"text":"\"source\":{}"}}"#;
        let (bytes, source) = without_source(with).unwrap();
        assert_eq!(bytes, without);
        assert_eq!(source["offset"], 4);
        assert!(without_source(without).is_none());
    }

    #[test]
    fn a_record_tells_its_routing_headers() {
        let record =
            br#"{"article":{"language":"en"},"topics":[{"id":"a"},{"id":"b"}],"sections":[]}"#;
        let expected = RecordExpected::of(record).unwrap();
        assert_eq!(expected.topics, "a,b");
        assert_eq!(expected.sections, "");
        assert_eq!(expected.language.as_deref(), Some("en"));
    }
}
