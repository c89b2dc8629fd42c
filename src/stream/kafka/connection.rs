//! Whether a broker answers, and if none does, why and how to mend that.

use std::sync::Mutex;
use std::time::Duration;

use rdkafka::client::ClientContext;
use rdkafka::config::{ClientConfig, RDKafkaLogLevel};
use rdkafka::error::KafkaError;
use rdkafka::metadata::Metadata;
use rdkafka::producer::{BaseProducer, DeliveryResult, Producer as _, ProducerContext};

/// Why no broker answers.
#[derive(Debug, thiserror::Error)]
pub enum NoAnswer {
    #[error("librdkafka makes no client of these properties: {0}")]
    NoClient(KafkaError),
    #[error("no broker answers at {servers}: {reason}")]
    Silence {
        servers: String,
        /// librdkafka's word on the last connection that failed.
        reason: String,
    },
}

impl NoAnswer {
    /// How to mend it.
    pub fn mend(&self) -> &'static str {
        match self {
            NoAnswer::NoClient(_) => "mend [kafka.properties] and [kafka.producer_properties]",
            NoAnswer::Silence { reason, .. } => {
                let found = MENDS.iter().find(|(said, _)| reason.contains(said));
                found.map_or("mend `kafka.bootstrap_servers` or the way to it", |row| {
                    row.1
                })
            }
        }
    }
}

/// What librdkafka says when a connection fails, and how to mend that; the first row that fits counts.
const MENDS: &[(&str, &str)] = &[
    (
        "Connection refused",
        "nothing listens there: start the broker, or mend `kafka.bootstrap_servers`",
    ),
    (
        "Failed to resolve",
        "no such host: mend the name in `kafka.bootstrap_servers`, or DNS",
    ),
    (
        "certificate verify failed",
        "the broker's certificate is not trusted: set \"ssl.ca.location\" in [kafka.properties] to its CA, and reach \
         the broker by a name that stands in its certificate",
    ),
    // What a broker says that ends a handshake of its own accord.
    (
        "SSL alert number",
        "the broker refuses this client's certificate, or misses it: \"ssl.certificate.location\" and \
         \"ssl.key.location\" in [kafka.properties], signed by a CA that the broker trusts",
    ),
    (
        "SSL handshake failed",
        "the port may not speak TLS, or wants a client certificate: \"security.protocol\", \
         \"ssl.certificate.location\" and \"ssl.key.location\" in [kafka.properties]",
    ),
    (
        "Authentication failed",
        "mend \"sasl.username\" and \"sasl.password\" (or \"sasl.password_file\") in [kafka.properties]",
    ),
    (
        "SASL",
        "mend \"sasl.mechanism\", \"sasl.username\" and \"sasl.password\" in [kafka.properties]",
    ),
    (
        "security.protocol",
        "the port may speak TLS or SASL: set \"security.protocol\" in [kafka.properties]",
    ),
    (
        "closed by peer",
        "the port may speak TLS or SASL: set \"security.protocol\" in [kafka.properties]",
    ),
    (
        "timed out",
        "nothing answers there: a firewall, or a wrong address in `kafka.bootstrap_servers`",
    ),
];

/// Asks for the cluster's metadata: of one topic, or of all.
///
/// # Errors
/// No broker answers within `timeout`, or librdkafka does not even take the properties.
pub fn ask(
    config: &ClientConfig,
    topic: Option<&str>,
    timeout: Duration,
) -> Result<Metadata, NoAnswer> {
    let mut config = config.clone();
    // rdkafka's default is silence.
    config.set_log_level(RDKafkaLogLevel::Info);
    let client: BaseProducer<Listener> = config
        .create_with_context(Listener::default())
        .map_err(NoAnswer::NoClient)?;
    client
        .client()
        .fetch_metadata(topic, timeout)
        .map_err(|error| {
            // What librdkafka has logged comes by polling.
            client.poll(Duration::from_millis(100));
            let servers = config.get("bootstrap.servers").unwrap_or_default();
            NoAnswer::Silence {
                servers: servers.to_owned(),
                reason: client.context().last().unwrap_or_else(|| error.to_string()),
            }
        })
}

/// Keeps what librdkafka says about failed connections: the only place where it tells why.
#[derive(Default)]
struct Listener(Mutex<Option<String>>);

impl Listener {
    fn last(&self) -> Option<String> {
        self.0.lock().ok()?.take()
    }
}

impl ClientContext for Listener {
    fn log(&self, _level: RDKafkaLogLevel, facility: &str, message: &str) {
        if facility == "FAIL"
            && let Ok(mut last) = self.0.lock()
        {
            *last = Some(bare(message).to_owned());
        }
    }
}

impl ProducerContext for Listener {
    type DeliveryOpaque = ();

    fn delivery(&self, _: &DeliveryResult<'_>, (): ()) {}
}

/// librdkafka's line without the name of its thread, and without how long this try took.
fn bare(line: &str) -> &str {
    let line = match line.strip_prefix("[thrd:") {
        Some(rest) => rest.split_once("]: ").map_or(line, |(_, line)| line),
        None => line,
    };
    match line.rsplit_once(" (after ") {
        Some((said, tail)) if tail.ends_with(')') => said,
        _ => line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_the_same_at_every_try() {
        for line in [
            "[thrd:ssl://a:1/bootstrap]: ssl://a:1/bootstrap: Connect failed (after 3ms in state CONNECT)",
            "ssl://a:1/bootstrap: Connect failed (after 0ms in state CONNECT, 1 identical error(s) suppressed)",
            "ssl://a:1/bootstrap: Connect failed",
        ] {
            assert_eq!(bare(line), "ssl://a:1/bootstrap: Connect failed");
        }
    }
}
