//! Whether the topics are there, can be written, and take what will be sent.

use std::collections::BTreeMap;

use rdkafka::admin::{AdminOptions, ResourceSpecifier};
use rdkafka::metadata::{Metadata, MetadataTopic};

use super::{Client, Finding, TIMEOUT};
use crate::stream::config::{KafkaConfig, Settings};
use crate::stream::kafka::block_on;

/// What a record or dead letter adds to its article at most: analyses, headers, framing. Measured records are under
/// three times their article; very long ones under one and a half.
const OVERHEAD: u64 = 64 * 1024;

pub fn look(client: &Client, settings: &Settings, metadata: &Metadata) -> Vec<Finding> {
    let kafka = &settings.kafka;
    let mut findings = Vec::new();
    for name in &kafka.input_topics {
        match there(metadata, name) {
            Some(topic) => findings.extend(partitions(topic)),
            None => findings.push(missing(kafka, "kafka.input_topics", name)),
        }
    }
    for (key, name) in [
        ("kafka.output_topic", &kafka.output_topic),
        ("kafka.dead_letter_topic", &kafka.dead_letter_topic),
    ] {
        let Some(topic) = there(metadata, name) else {
            findings.push(missing(kafka, key, name));
            continue;
        };
        findings.extend(partitions(topic));
        match configuration(client, name) {
            Ok(values) => findings.extend(written(settings, key, topic, &values)),
            Err(reason) => {
                let mend = "grant DescribeConfigs on the topic, or look at it yourself: max.message.bytes, \
                            min.insync.replicas, cleanup.policy";
                let what = format!("{name}: its configuration cannot be read: {reason}");
                findings.push(Finding::doubtful(what, mend));
            }
        }
    }
    findings
}

fn there<'a>(metadata: &'a Metadata, name: &str) -> Option<&'a MetadataTopic> {
    let found = metadata
        .topics()
        .iter()
        .find(|topic| topic.name() == name)?;
    // A topic that is being deleted, or that may not be described, is listed with an error.
    found.error().is_none().then_some(found)
}

fn missing(kafka: &KafkaConfig, key: &str, name: &str) -> Finding {
    let what = format!("{name} ({key}) does not exist, or this principal may not describe it");
    let servers = &kafka.bootstrap_servers;
    let mend = format!(
        "kafka-topics.sh --bootstrap-server {servers} --create --topic {name} --partitions 4, or mend {key}, or grant \
         Describe"
    );
    Finding::wrong(what, mend)
}

fn partitions(topic: &MetadataTopic) -> Vec<Finding> {
    let name = topic.name();
    let all = topic.partitions();
    let replicas = all.iter().map(|partition| partition.replicas().len()).min();
    let counts = format!(
        "{name}: {} partitions, replicas: {}",
        all.len(),
        replicas.unwrap_or_default()
    );
    let mut findings = vec![Finding::good(counts)];
    // librdkafka says -1 where there is no leader.
    for partition in all.iter().filter(|partition| partition.leader() < 0) {
        let what = format!("{name}: partition {} has no leader", partition.id());
        let mend = "its replicas are down: start those brokers again";
        findings.push(Finding::wrong(what, mend));
    }
    findings
}

/// What is wrong with a topic that the worker writes to.
fn written(
    settings: &Settings,
    key: &str,
    topic: &MetadataTopic,
    values: &BTreeMap<String, String>,
) -> Vec<Finding> {
    let name = topic.name();
    let alter = |change: String| {
        let servers = &settings.kafka.bootstrap_servers;
        format!(
            "kafka-configs.sh --bootstrap-server {servers} --alter --entity-type topics --entity-name {name} \
             --add-config {change}"
        )
    };
    let number = |name: &str| values.get(name).and_then(|value| value.parse::<u64>().ok());
    let mut findings = Vec::new();

    let largest = settings.pipeline.max_article_bytes + OVERHEAD;
    if let Some(limit) = number("max.message.bytes").filter(|limit| *limit < largest) {
        let fate = if key == "kafka.output_topic" {
            "a record that is larger becomes a dead letter"
        } else {
            "a dead letter that is larger is cut"
        };
        let what = format!(
            "{name} takes messages of {limit} bytes, articles may have {} (pipeline.max_article_bytes): {fate}",
            settings.pipeline.max_article_bytes
        );
        let mend = format!(
            "{}, or lower pipeline.max_article_bytes",
            alter(format!("max.message.bytes={largest}"))
        );
        findings.push(Finding::doubtful(what, mend));
    }

    let replicas = topic
        .partitions()
        .iter()
        .map(|partition| partition.replicas().len() as u64);
    let replicas = replicas.min().unwrap_or_default();
    if let Some(in_sync) = number("min.insync.replicas").filter(|in_sync| *in_sync > replicas) {
        let what =
            format!("{name} wants {in_sync} replicas in sync and has {replicas}: it takes nothing");
        let mend = format!(
            "give it more replicas, or {}",
            alter(format!("min.insync.replicas={replicas}"))
        );
        findings.push(Finding::wrong(what, mend));
    }

    let compacted = values
        .get("cleanup.policy")
        .is_some_and(|policy| policy.contains("compact"));
    if compacted && key == "kafka.dead_letter_topic" {
        let what = format!("{name} is compacted: of dead letters with one key only the last stays");
        let mend = alter("cleanup.policy=delete".to_owned());
        findings.push(Finding::doubtful(what, mend));
    }
    findings
}

fn configuration(client: &Client, topic: &str) -> Result<BTreeMap<String, String>, String> {
    let resource = ResourceSpecifier::Topic(topic);
    let options = AdminOptions::new().request_timeout(Some(TIMEOUT));
    let described = block_on(client.describe_configs([&resource], &options));
    let described = described.map_err(|error| error.to_string())?;
    match described.into_iter().next() {
        // Without the right the answer comes without entries.
        Some(Ok(resource)) if resource.entries.is_empty() => {
            Err("this principal may not describe it".to_owned())
        }
        Some(Ok(resource)) => Ok(resource
            .entries
            .into_iter()
            .filter_map(|entry| Some((entry.name, entry.value?)))
            .collect()),
        Some(Err(code)) => Err(code.to_string()),
        None => Err("no answer".to_owned()),
    }
}
