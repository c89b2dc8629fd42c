//! A worker process: the binary under test with a configuration of its own.

use std::fs::{self, File};
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::Value;
use toml::Table;

use crate::ports;
use crate::process::Process;
use crate::scrape::{self, Answer, Metrics};
use crate::wait;

/// How long a worker may take to answer on its admin port.
const START_DEADLINE: Duration = Duration::from_secs(60);

/// How long a worker may take to end after SIGTERM: its own deadline of 20 s, and what a loaded machine adds.
const STOP_DEADLINE: Duration = Duration::from_secs(60);

/// The delivery guarantees, under the configuration's names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guarantee {
    AtLeastOnce,
    ExactlyOnce,
}

impl Guarantee {
    pub fn as_str(self) -> &'static str {
        match self {
            Guarantee::AtLeastOnce => "at_least_once",
            Guarantee::ExactlyOnce => "exactly_once",
        }
    }
}

/// The configuration of a worker, key by key.
#[derive(Clone, Debug)]
pub struct Config(Table);

impl Config {
    /// The required keys, and a port for the admin endpoint.
    pub fn new(
        bootstrap_servers: &str,
        group: &str,
        input: &str,
        output: &str,
        dead_letters: &str,
        guarantee: Guarantee,
    ) -> Config {
        Config(Table::new())
            .with("kafka.bootstrap_servers", bootstrap_servers)
            .with("kafka.group_id", group)
            .with("kafka.input_topics", vec![input.to_owned()])
            .with("kafka.output_topic", output)
            .with("kafka.dead_letter_topic", dead_letters)
            .with("delivery.guarantee", guarantee.as_str())
            .with("log.level", "info")
            .with("log.format", "json")
    }

    /// Sets a key, named as in the documentation: `delivery.instance_id`.
    pub fn with(mut self, key: &str, value: impl Into<toml::Value>) -> Config {
        let (section, name) = split_key(key);
        let mut table = &mut self.0;
        for part in section {
            table = table
                .entry(part)
                .or_insert_with(|| Table::new().into())
                .as_table_mut()
                .expect("sections hold keys");
        }
        table.insert(name.to_owned(), value.into());
        self
    }

    /// Writes it to a file.
    pub fn write(&self, file: &Path) -> Result<()> {
        Ok(fs::write(file, self.0.to_string())?)
    }

    /// Takes a key out again.
    pub fn without(mut self, key: &str) -> Config {
        let (section, name) = split_key(key);
        let table = section.iter().try_fold(&mut self.0, |table, part| {
            table.get_mut(*part)?.as_table_mut()
        });
        if let Some(table) = table {
            table.remove(name);
        }
        self
    }
}

/// The sections and the name of a key. Names of librdkafka's properties hold dots of their own.
fn split_key(key: &str) -> (Vec<&str>, &str) {
    for section in [
        "kafka.properties.",
        "kafka.consumer_properties.",
        "kafka.producer_properties.",
    ] {
        if let Some(name) = key.strip_prefix(section) {
            return (section.trim_end_matches('.').split('.').collect(), name);
        }
    }
    let (section, name) = key.rsplit_once('.').expect("every key stands in a section");
    (section.split('.').collect(), name)
}

/// A running worker.
pub struct Worker {
    process: Process,
    log: PathBuf,
    admin_port: u16,
}

impl Worker {
    /// Starts a worker whose files go to the folder under its name, and waits until its admin port answers.
    pub fn start(binary: &Path, folder: &Path, name: &str, config: Config) -> Result<Worker> {
        let mut worker = Worker::spawn(binary, folder, name, config)?;
        wait::until(format!("the admin port of {name}"), START_DEADLINE, || {
            if let Some(status) = worker.process.ended()? {
                bail!("{name} ended at its start ({status}): {}", worker.log_end());
            }
            Ok(worker.get("/livez").ok().map(|_| ()))
        })?;
        Ok(worker)
    }

    /// Starts a worker without waiting for anything.
    pub fn spawn(binary: &Path, folder: &Path, name: &str, config: Config) -> Result<Worker> {
        let admin_port = ports::free()?;
        let config = config.with("admin.listen", format!("127.0.0.1:{admin_port}"));
        let file = folder.join(format!("{name}.toml"));
        config.write(&file)?;
        let log = folder.join(format!("{name}.log"));
        let process = Process::spawn(
            Command::new(binary).arg("run").arg("--config").arg(&file),
            &log,
        )?;
        Ok(Worker {
            process,
            log,
            admin_port,
        })
    }

    pub fn process(&self) -> &Process {
        &self.process
    }

    pub fn admin_port(&self) -> u16 {
        self.admin_port
    }

    /// GET on the admin port.
    pub fn get(&self, path: &str) -> Result<Answer> {
        scrape::get(self.admin_port, path)
    }

    pub fn metrics(&self) -> Result<Metrics> {
        Ok(Metrics::parse(&self.get("/metrics")?.body))
    }

    /// How many input partitions it holds.
    pub fn partitions(&self) -> Result<usize> {
        Ok(self.metrics()?.count("newsmill_consumer_lag_messages"))
    }

    /// Bytes of the messages that it is working on.
    pub fn in_flight_bytes(&self) -> Result<f64> {
        Ok(self.metrics()?.sum("newsmill_in_flight_bytes", &[]))
    }

    /// The most memory that it has had in use so far, in bytes; Linux alone says so.
    pub fn peak_bytes(&self) -> Result<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.process.id()))?;
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix("VmHWM:"))
            .context("no VmHWM")?;
        let kib: u64 = line.trim().trim_end_matches(" kB").parse()?;
        Ok(kib * 1024)
    }

    /// Waits until it is ready to take messages.
    pub fn wait_ready(&mut self, deadline: Duration) -> Result<()> {
        wait::until("readiness", deadline, || {
            self.fail_if_ended()?;
            let answer = self.get("/readyz").ok();
            Ok(answer.filter(|answer| answer.status == 200).map(|_| ()))
        })
        .with_context(|| {
            let answer = self.get("/readyz").map(|answer| answer.body);
            format!(
                "not ready: {}",
                answer.unwrap_or_else(|error| error.to_string())
            )
        })
    }

    /// An error, with the end of its log, if it has ended by itself.
    pub fn fail_if_ended(&mut self) -> Result<()> {
        match self.process.ended()? {
            None => Ok(()),
            Some(status) => bail!("the worker ended by itself ({status}): {}", self.log_end()),
        }
    }

    /// SIGKILL.
    pub fn kill(&mut self) -> Result<()> {
        self.process.kill()?;
        Ok(())
    }

    /// SIGTERM, and waits for its end.
    pub fn stop(&mut self) -> Result<ExitStatus> {
        self.process.terminate()?;
        self.process.wait(STOP_DEADLINE)
    }

    /// Its status, if it has ended.
    pub fn ended(&mut self) -> Result<Option<ExitStatus>> {
        self.process.ended()
    }

    /// Waits until it ends by itself.
    pub fn wait(&mut self, deadline: Duration) -> Result<ExitStatus> {
        self.process.wait(deadline)
    }

    /// Its log so far, an event a line.
    pub fn events(&self) -> Result<Vec<Event>> {
        let text = fs::read(&self.log)?;
        let text = String::from_utf8_lossy(&text);
        Ok(text.lines().map(Event::parse).collect())
    }

    /// Its log from now on.
    pub fn tail(&self) -> Result<Tail> {
        let mut file = File::open(&self.log)?;
        file.seek(SeekFrom::End(0))?;
        Ok(Tail {
            file,
            rest: Vec::new(),
        })
    }

    fn log_end(&self) -> String {
        let text = fs::read(&self.log).unwrap_or_default();
        let text = String::from_utf8_lossy(&text);
        let lines: Vec<&str> = text.lines().collect();
        lines[lines.len().saturating_sub(10)..].join("\n")
    }
}

/// What a worker logs from some moment on.
pub struct Tail {
    file: File,
    /// The beginning of a line whose end is not yet written.
    rest: Vec<u8>,
}

impl Tail {
    /// What has been logged since the last call.
    pub fn events(&mut self) -> Result<Vec<Event>> {
        self.file.read_to_end(&mut self.rest)?;
        let whole = self
            .rest
            .iter()
            .rposition(|byte| *byte == b'\n')
            .map_or(0, |end| end + 1);
        let lines: Vec<u8> = self.rest.drain(..whole).collect();
        Ok(String::from_utf8_lossy(&lines)
            .lines()
            .map(Event::parse)
            .collect())
    }
}

/// One line of a worker's log.
#[derive(Clone, Debug)]
pub struct Event {
    /// Nothing where the line is no JSON, such as the message of a panic.
    pub fields: Option<Value>,
    pub line: String,
}

impl Event {
    fn parse(line: &str) -> Event {
        Event {
            fields: serde_json::from_str(line).ok(),
            line: line.to_owned(),
        }
    }

    /// The event's text.
    pub fn message(&self) -> &str {
        let Some(fields) = &self.fields else {
            return &self.line;
        };
        fields["fields"]["message"]
            .as_str()
            .or_else(|| fields["message"].as_str())
            .unwrap_or("")
    }

    /// One of the event's own fields.
    pub fn number(&self, field: &str) -> Option<f64> {
        self.fields.as_ref()?.get(field)?.as_f64()
    }

    pub fn level(&self) -> &str {
        self.fields
            .as_ref()
            .and_then(|fields| fields["level"].as_str())
            .unwrap_or("")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_configuration_keeps_the_dots_of_properties() {
        let config = Config(Table::new())
            .with("delivery.instance_id", "a")
            .with("kafka.properties.session.timeout.ms", "6000");
        assert_eq!(config.0["delivery"]["instance_id"].as_str(), Some("a"));
        assert_eq!(
            config.0["kafka"]["properties"]["session.timeout.ms"].as_str(),
            Some("6000")
        );
        let config = config.without("kafka.properties.session.timeout.ms");
        assert!(
            config.0["kafka"]["properties"]
                .as_table()
                .unwrap()
                .is_empty()
        );
    }
}
