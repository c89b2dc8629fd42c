//! The sample articles of `data/samples`, and how they are sent.

use std::thread;
use std::time::Duration;

use anyhow::Context as _;
use rdkafka::config::ClientConfig;
use rdkafka::producer::{BaseRecord, DefaultProducerContext, Producer as _, ThreadedProducer};

use super::cluster::Address;

/// A message of the demo: its key, and an article or what should be one.
pub struct Sample {
    pub key: &'static str,
    pub value: &'static [u8],
}

macro_rules! samples {
    ($($name:literal)+) => {
        &[$(Sample {
            key: $name,
            value: include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/data/samples/", $name, ".json")),
        }),+]
    };
}

/// Every sample, in the order in which they are sent.
pub fn all() -> &'static [Sample] {
    samples! {
        "01-japan-us-defence"
        "02-military-aid-package"
        "03-sanctions-price-cap"
        "04-summit"
        "05-peace-talks"
        "06-air-strikes"
        "07-nuclear-plant-safety"
        "08-grain-exports"
        "09-elections"
        "10-cyber-attack"
        "11-sport"
        "12-culture-celebrity"
        "13-weather"
        "14-science"
        "15-arms-export-policy"
        "16-ukrainian"
        "17-no-text"
        "18-broken"
    }
}

/// Sends them one after the other, and waits until the broker has them.
///
/// # Errors
/// The broker does not take one.
pub fn send(cluster: &Address, samples: &[Sample], pace: Duration) -> anyhow::Result<()> {
    let producer: ThreadedProducer<DefaultProducerContext> = ClientConfig::new()
        .set("bootstrap.servers", &cluster.bootstrap_servers)
        .set("partitioner", "murmur2_random")
        .create()
        .context("cannot make a producer for the samples")?;
    for sample in samples {
        let message = BaseRecord::to(&cluster.input_topic)
            .key(sample.key)
            .payload(sample.value);
        producer
            .send(message)
            .map_err(|(error, _)| error)
            .with_context(|| format!("cannot send sample {}", sample.key))?;
        thread::sleep(pace);
    }
    producer
        .flush(Duration::from_secs(30))
        .context("the samples were not taken")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_of_the_folder_is_sent() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/data/samples");
        let mut files: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter_map(|name| name.strip_suffix(".json").map(str::to_owned))
            .collect();
        files.sort();
        let keys: Vec<&str> = all().iter().map(|sample| sample.key).collect();
        assert_eq!(files, keys);
    }
}
