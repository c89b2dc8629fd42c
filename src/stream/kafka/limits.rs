//! How large a message the output topics take.

use std::time::Duration;

use rdkafka::admin::{AdminClient, AdminOptions, ConfigResource, ResourceSpecifier};
use rdkafka::client::DefaultClientContext;
use rdkafka::config::ClientConfig;
use rdkafka::error::KafkaError;

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
    /// Asks the broker. A topic that is missing or whose configuration may not be read counts with Kafka's default: a
    /// wrong guess costs a rewind, not a message.
    pub fn ask(settings: &Settings) -> Self {
        let topics = [
            settings.kafka.output_topic.as_str(),
            settings.kafka.dead_letter_topic.as_str(),
        ];
        let [output, dead_letter] = match max_message_bytes(settings, topics) {
            Ok(limits) => limits,
            Err(error) => {
                tracing::warn!(%error, "cannot read max.message.bytes of the output topics");
                [None, None]
            }
        };
        let or_default = |limit: Option<usize>| limit.unwrap_or(DEFAULT_MAX_BYTES);
        Limits {
            output: or_default(output),
            dead_letter: or_default(dead_letter),
        }
    }
}

fn max_message_bytes(
    settings: &Settings,
    topics: [&str; 2],
) -> Result<[Option<usize>; 2], KafkaError> {
    let mut config = ClientConfig::new();
    for (name, value) in settings.kafka.producer() {
        config.set(name, value);
    }
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
