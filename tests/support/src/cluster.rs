//! The Kafka that the tests talk to: brokers of their own, or a cluster that is there already.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use tempfile::TempDir;

use crate::broker::{Broker, Ports};
use crate::jars;
use crate::observer::Observer;
use crate::proxy::Proxy;
use crate::random::Random;
use crate::security::Security;
use crate::wait;

/// How long brokers may take to answer after a start: 4 s on a free machine, much more on a loaded one.
const READY_DEADLINE: Duration = Duration::from_secs(120);

/// One broker or several on this machine, or an existing cluster.
pub struct Cluster {
    bootstrap_servers: String,
    proxied_bootstrap_servers: String,
    brokers: Vec<Mutex<Broker>>,
    proxies: Vec<Proxy>,
    /// Where the brokers log; nothing where they are somebody else's.
    logs: Option<PathBuf>,
    secured: Option<Secured>,
    // Last, so that the brokers are gone before their files.
    _folder: Option<TempDir>,
}

/// What a secured cluster has beside its brokers.
pub struct Secured {
    pub security: Security,
    /// Kafka's own scripts.
    pub scripts: PathBuf,
}

impl Cluster {
    /// Starts `size` brokers that replicate to one another, and waits until they answer. The name is that of the folder
    /// with their logs.
    pub fn start(cache: &Path, name: &str, size: usize) -> Result<Cluster> {
        let logs = format!("broker-logs-{name}-{size}");
        Cluster::start_in(folder()?, cache, &logs, size, None)
    }

    /// Starts one broker that also has listeners that ask who comes.
    pub fn start_secured(cache: &Path) -> Result<Cluster> {
        let folder = folder()?;
        let security = Security::new(folder.path())?;
        Cluster::start_in(folder, cache, "broker-logs-secured", 1, Some(security))
    }

    fn start_in(
        folder: TempDir,
        cache: &Path,
        logs: &str,
        size: usize,
        security: Option<Security>,
    ) -> Result<Cluster> {
        let jars = jars::fetch(cache)?;
        let logs = cache.join(logs);
        if logs.exists() {
            fs::remove_dir_all(&logs)?;
        }
        fs::create_dir_all(&logs)?;
        let ports = (0..size)
            .map(|_| Ports::free())
            .collect::<Result<Vec<_>>>()?;
        let cluster_id = cluster_id();
        let mut brokers = Vec::new();
        let mut proxies = Vec::new();
        for (id, node) in (1..).zip(&ports) {
            let mut broker = Broker::format(
                folder.path(),
                &logs,
                &jars,
                &cluster_id,
                id,
                &ports,
                security.as_ref(),
            )?;
            broker.start()?;
            brokers.push(Mutex::new(broker));
            proxies.push(Proxy::start(node.proxy, node.behind_proxy)?);
        }
        let addresses = |port: fn(&Ports) -> u16| {
            let addresses: Vec<String> = ports
                .iter()
                .map(|node| format!("127.0.0.1:{}", port(node)))
                .collect();
            addresses.join(",")
        };
        let secured = match security {
            Some(security) => Some(Secured {
                scripts: security.scripts(&jars)?,
                security,
            }),
            None => None,
        };
        let cluster = Cluster {
            secured,
            bootstrap_servers: addresses(|node| node.plain),
            proxied_bootstrap_servers: addresses(|node| node.proxy),
            brokers,
            proxies,
            logs: Some(logs),
            _folder: Some(folder),
        };
        cluster.wait_ready()?;
        Ok(cluster)
    }

    /// A cluster that somebody else runs: its brokers cannot be stopped from here.
    pub fn existing(bootstrap_servers: &str) -> Cluster {
        Cluster {
            bootstrap_servers: bootstrap_servers.to_owned(),
            proxied_bootstrap_servers: bootstrap_servers.to_owned(),
            brokers: Vec::new(),
            proxies: Vec::new(),
            logs: None,
            secured: None,
            _folder: None,
        }
    }

    pub fn bootstrap_servers(&self) -> &str {
        &self.bootstrap_servers
    }

    /// The same brokers by way of the proxies.
    pub fn proxied_bootstrap_servers(&self) -> &str {
        &self.proxied_bootstrap_servers
    }

    /// What a secured cluster has.
    pub fn secured(&self) -> Result<&Secured> {
        self.secured
            .as_ref()
            .context("this cluster asks nobody who comes")
    }

    /// How many brokers are the tests' own.
    pub fn size(&self) -> usize {
        self.brokers.len()
    }

    /// Replicas of a topic of the tests.
    pub fn replication(&self) -> i32 {
        // An existing cluster decides by its own default.
        if self.brokers.is_empty() {
            -1
        } else {
            self.brokers.len() as i32
        }
    }

    /// The broker with this id, from 1.
    pub fn broker(&self, id: usize) -> MutexGuard<'_, Broker> {
        // A test that failed while it held a broker says so itself.
        self.brokers[id - 1]
            .lock()
            .unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    /// The proxies, one before each broker.
    pub fn proxies(&self) -> &[Proxy] {
        &self.proxies
    }

    /// Copies the brokers' logs: the next cluster of this size begins new ones.
    pub fn copy_logs(&self, to: &Path) -> Result<()> {
        fs::create_dir_all(to)?;
        for entry in self.logs.iter().flat_map(fs::read_dir).flatten() {
            let entry = entry?;
            fs::copy(entry.path(), to.join(entry.file_name()))?;
        }
        Ok(())
    }

    /// Waits until the metadata lists every broker: an open port is not enough.
    pub fn wait_ready(&self) -> Result<()> {
        let observer = Observer::new(&self.bootstrap_servers)?;
        wait::until("all brokers in the metadata", READY_DEADLINE, || {
            for id in 1..=self.size() {
                self.broker(id).fail_if_ended()?;
            }
            Ok((observer.brokers() >= self.size().max(1)).then_some(()))
        })
    }

    /// An error if a broker broke a transaction by itself: the run is void, whatever it shows.
    pub fn fail_if_void(&self) -> Result<()> {
        let dropped = (1..=self.size()).find_map(|id| self.broker(id).dropped_marker());
        match dropped {
            Some(line) => bail!("void: the broker itself dropped a transaction's marker: {line}"),
            None => Ok(()),
        }
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // All at once and without ceremony: the last controller alone has no quorum, and a clean stop would hang.
        for id in 1..=self.size() {
            // Its process may have ended already; there is nothing left to stop then.
            let _ = self.broker(id).kill();
        }
    }
}

fn folder() -> Result<TempDir> {
    Ok(tempfile::Builder::new()
        .prefix("newsmill-kafka-")
        .tempdir()?)
}

/// 16 random bytes in url-safe base64; never with a leading `-`, which would be taken for an option.
fn cluster_id() -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
    let mut random = Random::new(u64::from(std::process::id()));
    let letters = (0..21).map(|_| char::from(*random.pick(&ALPHABET[..62])));
    // 22 letters hold 132 bits; the last may only use the first two of its own.
    letters.chain(['A']).collect()
}
