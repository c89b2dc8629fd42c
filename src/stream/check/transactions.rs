//! Whether the cluster does transactions for this principal.

use rdkafka::config::ClientConfig;
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::producer::{BaseProducer, Producer as _};

use super::{Finding, TIMEOUT};
use crate::stream::config::Settings;

pub fn look(settings: &Settings) -> Vec<Finding> {
    // An id of its own: the worker's would fence a replica that runs.
    let id = format!("{}-check-{}", settings.kafka.group_id, std::process::id());
    vec![match begin(settings, &id) {
        Ok(()) => Finding::good(format!(
            "the cluster takes a producer with transactional id {id}"
        )),
        Err(error) => refused(settings, &id, &error),
    }]
}

fn begin(settings: &Settings, id: &str) -> Result<(), KafkaError> {
    let mut config = ClientConfig::new();
    config.set(
        "transaction.timeout.ms",
        settings.transaction_timeout().as_millis().to_string(),
    );
    for (name, value) in settings.kafka.producer() {
        config.set(name, value);
    }
    let producer: BaseProducer = config.set("transactional.id", id).create()?;
    producer.init_transactions(TIMEOUT)
}

fn refused(settings: &Settings, id: &str, error: &KafkaError) -> Finding {
    let what = format!("the cluster takes no producer with transactional id {id}: {error}");
    match error.rdkafka_error_code() {
        Some(RDKafkaErrorCode::TransactionalIdAuthorizationFailed) => {
            let group = &settings.kafka.group_id;
            let mend = format!(
                "kafka-acls.sh --add --allow-principal User:NAME --operation Write --operation Describe \
                 --transactional-id {group}- --resource-pattern-type prefixed"
            );
            // Rights on the one id of this replica are enough for the worker, and cannot be seen from here.
            if settings.delivery.instance_id.is_empty() {
                Finding::wrong(what, mend)
            } else {
                Finding::doubtful(what, mend)
            }
        }
        Some(RDKafkaErrorCode::InvalidTransactionTimeout) => {
            let mend = "lower `delivery.transaction_timeout_ms`, or raise the brokers' `transaction.max.timeout.ms`";
            Finding::wrong(what, mend)
        }
        Some(RDKafkaErrorCode::OperationTimedOut) => {
            let mend = "the transaction log may want more brokers than there are: set the brokers' \
                        `transaction.state.log.replication.factor` and `transaction.state.log.min.isr`; or set \
                        `delivery.guarantee` to \"at_least_once\"";
            Finding::wrong(what, mend)
        }
        _ => Finding::wrong(
            what,
            "mend that, or set `delivery.guarantee` to \"at_least_once\"",
        ),
    }
}
