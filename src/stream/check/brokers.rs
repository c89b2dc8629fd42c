//! Whether the brokers answer, and at the addresses that they advertise.

use std::io;
use std::net::{TcpStream, ToSocketAddrs};
use std::sync::Mutex;
use std::time::Duration;

use rdkafka::client::ClientContext;
use rdkafka::config::{ClientConfig, RDKafkaLogLevel};
use rdkafka::metadata::{Metadata, MetadataBroker};
use rdkafka::producer::{BaseProducer, DeliveryResult, Producer as _, ProducerContext};

use super::{Finding, TIMEOUT, no_client};
use crate::stream::config::Settings;

/// A connection within a data centre takes milliseconds, around the world a second.
const CONNECT: Duration = Duration::from_secs(3);

/// What librdkafka says when a connection fails, and how to mend that.
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
        "the broker's certificate is not trusted: set \"ssl.ca.location\" in [kafka.properties] to its CA",
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

/// The cluster's metadata, if a broker answers.
pub fn look(config: &ClientConfig, settings: &Settings) -> (Option<Metadata>, Vec<Finding>) {
    let servers = &settings.kafka.bootstrap_servers;
    let mut config = config.clone();
    // rdkafka's default is silence.
    config.set_log_level(RDKafkaLogLevel::Info);
    let client: BaseProducer<Listener> = match config.create_with_context(Listener::default()) {
        Ok(client) => client,
        Err(error) => return (None, vec![no_client(&error)]),
    };
    let metadata = match client.client().fetch_metadata(None, TIMEOUT) {
        Ok(metadata) => metadata,
        Err(error) => {
            // What librdkafka has logged comes by polling.
            client.poll(Duration::from_millis(100));
            let reason = client.context().last().unwrap_or_else(|| error.to_string());
            let what = format!("no broker answers at {servers}: {reason}");
            return (None, vec![Finding::wrong(what, mend(&reason))]);
        }
    };
    let count = metadata.brokers().len();
    let answer = format!("{servers} answers; brokers in the cluster: {count}");
    let mut findings = vec![Finding::good(answer)];
    findings.extend(metadata.brokers().iter().filter_map(unreachable));
    (Some(metadata), findings)
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
            *last = Some(without_thread(message));
        }
    }
}

impl ProducerContext for Listener {
    type DeliveryOpaque = ();

    fn delivery(&self, _: &DeliveryResult<'_>, (): ()) {}
}

/// A broker that cannot be reached where it says that it is.
fn unreachable(broker: &MetadataBroker) -> Option<Finding> {
    let error = connect(broker).err()?;
    let what = format!(
        "broker {} advertises {}:{}, which cannot be reached from here: {error}",
        broker.id(),
        broker.host(),
        broker.port()
    );
    let mend = "set the broker's `advertised.listeners` to an address that its clients can reach";
    Some(Finding::wrong(what, mend))
}

fn connect(broker: &MetadataBroker) -> io::Result<()> {
    let port = u16::try_from(broker.port()).map_err(io::Error::other)?;
    let mut last = io::Error::new(io::ErrorKind::NotFound, "the name has no address");
    for address in (broker.host(), port).to_socket_addrs()? {
        match TcpStream::connect_timeout(&address, CONNECT) {
            Ok(_) => return Ok(()),
            Err(error) => last = error,
        }
    }
    Err(last)
}

fn mend(reason: &str) -> &'static str {
    let found = MENDS.iter().find(|(said, _)| reason.contains(said));
    found.map_or(
        "mend `kafka.bootstrap_servers` or the way to it",
        |(_, mend)| mend,
    )
}

/// librdkafka's line without the name of its thread.
fn without_thread(line: &str) -> String {
    match line
        .strip_prefix("[thrd:")
        .and_then(|rest| rest.split_once("]: "))
    {
        Some((_, line)) => line.to_owned(),
        None => line.to_owned(),
    }
}
