//! Whether the principal may do what the worker does. The broker is asked what it allows; nothing is tried.

use std::thread;
use std::time::{Duration, Instant};

use rdkafka::bindings::rd_kafka_AclOperation_t as Operation;
use rdkafka::error::RDKafkaErrorCode;

use super::{Client, Finding, TIMEOUT};
use crate::stream::config::Settings;
use crate::stream::kafka::native::{self, Rights};

/// The wait before the group is asked after again.
const ASK_AGAIN: Duration = Duration::from_millis(500);

const READ: Operation = Operation::RD_KAFKA_ACL_OPERATION_READ;
const WRITE: Operation = Operation::RD_KAFKA_ACL_OPERATION_WRITE;

pub fn look(client: &Client, settings: &Settings) -> Vec<Finding> {
    let kafka = &settings.kafka;
    let mut topics: Vec<(&str, Operation)> = kafka
        .input_topics
        .iter()
        .map(|name| (name.as_str(), READ))
        .collect();
    topics.push((&kafka.output_topic, WRITE));
    topics.push((&kafka.dead_letter_topic, WRITE));
    let names: Vec<&str> = topics.iter().map(|(name, _)| *name).collect();

    let mut findings: Vec<Finding> = match native::topic_rights(client, &names, TIMEOUT) {
        Ok(all) => topics
            .iter()
            .zip(all)
            .filter_map(|((name, needed), rights)| finding("topic", name, *needed, &rights))
            .collect(),
        Err(code) => vec![unknown("topics", &code.to_string())],
    };
    match group_rights(client, &kafka.group_id) {
        Ok(rights) => findings.extend(finding("group", &kafka.group_id, READ, &rights)),
        Err(code) => findings.push(unknown("group", &code.to_string())),
    }
    findings
}

/// What the principal may do with the group. On a new cluster the first question about a group makes the brokers choose
/// who answers for it, which takes some seconds.
fn group_rights(client: &Client, group: &str) -> Result<Rights, RDKafkaErrorCode> {
    let until = Instant::now() + TIMEOUT;
    loop {
        let rights = native::group_rights(client, group, TIMEOUT)?;
        let is_choosing = matches!(
            rights,
            Err(RDKafkaErrorCode::NotCoordinator
                | RDKafkaErrorCode::CoordinatorNotAvailable
                | RDKafkaErrorCode::CoordinatorLoadInProgress)
        );
        if !is_choosing || Instant::now() > until {
            return Ok(rights);
        }
        thread::sleep(ASK_AGAIN);
    }
}

/// What there is to say of one resource; nothing of a topic that does not exist, which has been said elsewhere.
fn finding(kind: &str, name: &str, needed: Operation, rights: &Rights) -> Option<Finding> {
    let operation = match needed {
        WRITE => "Write",
        _ => "Read",
    };
    let wrong = || {
        let what = format!(
            "this principal may not {} {kind} {name}",
            operation.to_lowercase()
        );
        let mend = format!(
            "kafka-acls.sh --add --allow-principal User:NAME --operation {operation} --{kind} {name}"
        );
        Finding::wrong(what, mend)
    };
    match rights {
        Ok(allowed) if allowed.contains(&needed) => Some(Finding::good(format!(
            "{} {kind} {name}",
            operation.to_lowercase()
        ))),
        Ok(_) => Some(wrong()),
        Err(
            RDKafkaErrorCode::TopicAuthorizationFailed | RDKafkaErrorCode::GroupAuthorizationFailed,
        ) => Some(wrong()),
        Err(RDKafkaErrorCode::UnknownTopicOrPartition) => None,
        // A group that has never been used; whether it may be is seen at the first join.
        Err(RDKafkaErrorCode::GroupIdNotFound) => {
            Some(Finding::good(format!("{kind} {name} is new")))
        }
        Err(code) => Some(unknown(&format!("{kind} {name}"), &code.to_string())),
    }
}

fn unknown(what: &str, reason: &str) -> Finding {
    let what = format!("the broker does not say what this principal may do with {what}: {reason}");
    let mend = "look at the ACLs yourself: Read on the input topics and the group, Write on the output topics";
    Finding::doubtful(what, mend)
}
