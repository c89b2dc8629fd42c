//! How large a message the output topics take.

use std::time::Duration;

use rdkafka::admin::{AdminClient, AdminOptions, ConfigResource, ResourceSpecifier};
use rdkafka::client::DefaultClientContext;
use rdkafka::config::ClientConfig;
use rdkafka::error::KafkaResult;

use super::connection;
use super::consumer::code_of;
use super::errors::is_unreachable;
use crate::stream::config::Settings;

/// Kafka's default of `message.max.bytes`: 1 MiB and the batch's overhead.
const DEFAULT_MAX_BYTES: usize = 1_048_588;

const TIMEOUT: Duration = Duration::from_secs(5);

/// `max.message.bytes` of the two topics.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    pub output: usize,
    pub dead_letter: usize,
}

impl Limits {
    /// Asks the broker; to be called again after an error. A topic that is missing or whose configuration may not be
    /// read counts with Kafka's default: a wrong guess costs a rewind, not a message.
    pub fn ask(settings: &Settings) -> KafkaResult<Self> {
        let mut config = ClientConfig::new();
        for (name, value) in settings.kafka.producer() {
            config.set(name, value);
        }
        let topics = [
            settings.kafka.output_topic.as_str(),
            settings.kafka.dead_letter_topic.as_str(),
        ];
        let limits = match max_message_bytes(&config, topics) {
            // Nobody answers at all.
            Err(error)
                if is_unreachable(code_of(&error))
                    && connection::ask(&config, Some(topics[0]), TIMEOUT).is_err() =>
            {
                return Err(error);
            }
            // Brokers that do not tell, or not us: the embedded one, which leaves this question without an answer.
            Err(error) => {
                tracing::debug!(%error, "the brokers do not describe topics");
                [None, None]
            }
            Ok(limits) => limits,
        };
        let [output, dead_letter] = std::array::from_fn(|index| {
            limits[index].unwrap_or_else(|| {
                tracing::info!(
                    topic = topics[index],
                    assumed = DEFAULT_MAX_BYTES,
                    "cannot read max.message.bytes of a topic"
                );
                DEFAULT_MAX_BYTES
            })
        });
        Ok(Limits {
            output,
            dead_letter,
        })
    }
}

fn max_message_bytes(config: &ClientConfig, topics: [&str; 2]) -> KafkaResult<[Option<usize>; 2]> {
    let client: AdminClient<DefaultClientContext> = config.create()?;
    let resources = topics.map(ResourceSpecifier::Topic);
    let options = AdminOptions::new().request_timeout(Some(TIMEOUT));
    let described = super::block_on(client.describe_configs(&resources, &options))?;
    let limit = |index: usize| -> Option<usize> {
        let resource: &ConfigResource = described.get(index)?.as_ref().ok()?;
        let entry = resource.get("max.message.bytes")?;
        entry.value.as_ref()?.parse().ok()
    };
    Ok([limit(0), limit(1)])
}
