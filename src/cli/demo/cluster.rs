//! The demo's brokers and topics: embedded, or of a real cluster.

use std::thread::{self, JoinHandle};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, bail};
use crossbeam_channel::{Receiver, Sender, bounded};
use rdkafka::admin::{AdminClient, AdminOptions, NewTopic, TopicReplication};
use rdkafka::client::DefaultClientContext;
use rdkafka::config::ClientConfig;
use rdkafka::error::KafkaResult;
use rdkafka::mocking::MockCluster;

use crate::stream::config::Guarantee;

/// Partitions of the input and output topics: enough to see that order is kept within each.
const PARTITIONS: i32 = 4;

/// How long a real cluster may take to make the topics.
const TIMEOUT: Duration = Duration::from_secs(20);

/// Where everything is.
#[derive(Clone)]
pub struct Address {
    pub bootstrap_servers: String,
    pub group_id: String,
    pub input_topic: String,
    pub output_topic: String,
    pub dead_letter_topic: String,
}

impl Address {
    fn new(bootstrap_servers: String, prefix: &str) -> Self {
        Address {
            bootstrap_servers,
            group_id: format!("{prefix}.worker"),
            input_topic: format!("{prefix}.articles"),
            output_topic: format!("{prefix}.records"),
            dead_letter_topic: format!("{prefix}.dead-letters"),
        }
    }

    /// The topics with their numbers of partitions.
    fn topics(&self) -> [(&str, i32); 3] {
        [
            (&self.input_topic, PARTITIONS),
            (&self.output_topic, PARTITIONS),
            (&self.dead_letter_topic, 1),
        ]
    }
}

/// Brokers that have the demo's topics; embedded ones are gone when this is dropped.
pub struct Cluster {
    address: Address,
    embedded: Option<Embedded>,
}

/// The mock cluster, which holds raw pointers and so stays on the thread that made it.
struct Embedded {
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Cluster {
    /// librdkafka's mock cluster with one broker, in this process.
    pub fn embedded() -> anyhow::Result<Cluster> {
        let (started, starting) = bounded(1);
        let (stop, stopped) = bounded(0);
        let thread = thread::Builder::new()
            .name("embedded broker".to_owned())
            .spawn(move || keep(&started, &stopped))
            .context("cannot start a thread for the embedded broker")?;
        let embedded = Embedded {
            stop: Some(stop),
            thread: Some(thread),
        };
        let address = starting
            .recv()
            .context("the embedded broker has ended")?
            .context("cannot start the embedded broker")?;
        Ok(Cluster {
            address,
            embedded: Some(embedded),
        })
    }

    /// A real cluster, with topics that nobody else has.
    ///
    /// # Errors
    /// It does not answer, or does not make them.
    pub fn real(bootstrap_servers: &str) -> anyhow::Result<Cluster> {
        // The time and the process are unique enough for topics that somebody looks at once.
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        let prefix = format!("newsmill-demo-{}-{}", now.as_secs(), std::process::id());
        let address = Address::new(bootstrap_servers.to_owned(), &prefix);
        make_topics(&address)
            .with_context(|| format!("cannot make topics on {bootstrap_servers}"))?;
        Ok(Cluster {
            address,
            embedded: None,
        })
    }

    pub fn address(&self) -> Address {
        self.address.clone()
    }

    /// What the worker promises here.
    pub fn guarantee(&self) -> Guarantee {
        match self.embedded {
            Some(_) => Guarantee::AtLeastOnce,
            None => Guarantee::ExactlyOnce,
        }
    }

    /// What it is, for people.
    pub fn describe(&self) -> String {
        let servers = &self.address.bootstrap_servers;
        match self.embedded {
            Some(_) => format!("{servers}, embedded in this process (librdkafka's mock broker)"),
            None => servers.clone(),
        }
    }

    /// Whether it stays when the demo has ended, with the demo's topics.
    pub fn stays(&self) -> bool {
        self.embedded.is_none()
    }
}

impl Drop for Embedded {
    fn drop(&mut self) {
        // Dropping the sender is the signal.
        self.stop.take();
        if let Some(thread) = self.thread.take() {
            // A panic of the thread has been told when it happened.
            let _ = thread.join();
        }
    }
}

/// Makes the mock cluster, says where it is, and keeps it until told to stop.
fn keep(started: &Sender<KafkaResult<Address>>, stopped: &Receiver<()>) {
    let made = || {
        let cluster = MockCluster::new(1)?;
        let address = Address::new(cluster.bootstrap_servers(), "demo");
        for (topic, partitions) in address.topics() {
            cluster.create_topic(topic, partitions, 1)?;
        }
        Ok((cluster, address))
    };
    match made() {
        Ok((cluster, address)) => {
            // Whoever asked for it waits for both words; if it is gone, so is the need.
            let _ = started.send(Ok(address));
            let _ = stopped.recv();
            drop(cluster);
        }
        Err(error) => {
            let _ = started.send(Err(error));
        }
    }
}

fn make_topics(address: &Address) -> anyhow::Result<()> {
    let client: AdminClient<DefaultClientContext> = ClientConfig::new()
        .set("bootstrap.servers", &address.bootstrap_servers)
        .create()?;
    // -1: as many replicas as the cluster makes by default.
    let topics = address
        .topics()
        .map(|(topic, partitions)| NewTopic::new(topic, partitions, TopicReplication::Fixed(-1)));
    let options = AdminOptions::new()
        .request_timeout(Some(TIMEOUT))
        .operation_timeout(Some(TIMEOUT));
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    for made in runtime.block_on(client.create_topics(&topics, &options))? {
        if let Err((topic, code)) = made {
            bail!("{topic}: {code}");
        }
    }
    Ok(())
}
