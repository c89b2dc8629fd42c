//! Whether the brokers answer, and at the addresses that they advertise.

use std::io;
use std::net::{TcpStream, ToSocketAddrs};
use std::time::Duration;

use rdkafka::config::ClientConfig;
use rdkafka::error::KafkaError;
use rdkafka::metadata::{Metadata, MetadataBroker};

use super::{Finding, TIMEOUT};
use crate::stream::config::Settings;
use crate::stream::kafka::connection::{self, NoAnswer};
use crate::stream::properties::is_secret;

/// A connection within a data centre takes milliseconds, around the world a second.
const CONNECT: Duration = Duration::from_secs(3);

/// The cluster's metadata, if a broker answers.
pub fn look(config: &ClientConfig, settings: &Settings) -> (Option<Metadata>, Vec<Finding>) {
    let servers = &settings.kafka.bootstrap_servers;
    let metadata = match connection::ask(config, None, TIMEOUT) {
        Ok(metadata) => metadata,
        Err(error) => {
            let what = match &error {
                NoAnswer::NoClient(refused) => said(refused, settings),
                NoAnswer::Silence { .. } => error.to_string(),
            };
            return (None, vec![Finding::wrong(what, error.mend())]);
        }
    };
    let count = metadata.brokers().len();
    let answer = format!("{servers} answers; brokers in the cluster: {count}");
    let mut findings = vec![Finding::good(answer)];
    findings.extend(metadata.brokers().iter().filter_map(unreachable));
    (Some(metadata), findings)
}

/// Why librdkafka makes no client, with the value of the property that it names: it does not tell the file.
fn said(error: &KafkaError, settings: &Settings) -> String {
    let told = NoAnswer::NoClient(error.clone()).to_string();
    let named = settings
        .kafka
        .producer()
        .into_iter()
        .find(|(name, _)| told.contains(name) && !is_secret(name));
    match named {
        Some((name, value)) => format!("{told} ({name} is {value})"),
        None => told,
    }
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
