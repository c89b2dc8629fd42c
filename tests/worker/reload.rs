//! The real program against librdkafka's mock cluster: its taxonomy is exchanged while messages pass.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use rdkafka::ClientConfig;
use rdkafka::Message as _;
use rdkafka::consumer::{BaseConsumer, Consumer as _};
use rdkafka::mocking::MockCluster;
use rdkafka::producer::{BaseProducer, BaseRecord, DefaultProducerContext, Producer as _};
use serde_json::Value;

const DEADLINE: Duration = Duration::from_secs(60);

const EXCHANGED: &str = "taxonomy exchanged";
const REFUSED: &str = "taxonomy refused, the one in use stays";

/// A worker with a taxonomy of its own.
struct Rig {
    cluster: MockCluster<'static, DefaultProducerContext>,
    folder: tempfile::TempDir,
    worker: Child,
    admin: String,
    log: Receiver<Value>,
    sent: u64,
}

impl Rig {
    /// Starts with the topic `alpha`.
    fn new() -> Rig {
        let cluster = MockCluster::new(1).unwrap();
        for topic in ["in", "out", "dead"] {
            cluster.create_topic(topic, 1, 1).unwrap();
        }
        let folder = tempfile::tempdir().unwrap();
        let taxonomy = folder.path().join("taxonomy");
        fs::create_dir(&taxonomy).unwrap();
        fs::write(taxonomy.join("topics.toml"), topic("alpha")).unwrap();
        let config = folder.path().join("newsmill.toml");
        let text = format!(
            "[kafka]\nbootstrap_servers = {:?}\ninput_topics = [\"in\"]\noutput_topic = \"out\"\n\
             dead_letter_topic = \"dead\"\n[delivery]\nguarantee = \"at_least_once\"\n\
             [topics]\ntaxonomy = {taxonomy:?}\n[admin]\nlisten = \"127.0.0.1:0\"\n",
            cluster.bootstrap_servers()
        );
        fs::write(&config, text).unwrap();
        let mut worker = Command::new(env!("CARGO_BIN_EXE_newsmill"))
            .args(["run", "--config"])
            .arg(&config)
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let (events, log) = mpsc::channel();
        let lines = BufReader::new(worker.stderr.take().unwrap()).lines();
        thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                // A test that has ended reads no more.
                let _ = events.send(serde_json::from_str(&line).unwrap());
            }
        });
        let mut rig = Rig {
            cluster,
            folder,
            worker,
            admin: String::new(),
            log,
            sent: 0,
        };
        rig.admin = rig.logged("admin port open")["listen"]
            .as_str()
            .unwrap()
            .to_owned();
        until("the worker to be ready", || {
            rig.get("/readyz").starts_with("HTTP/1.1 200")
        });
        rig
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("taxonomy/topics.toml")
    }

    /// The next event with this message.
    fn logged(&self, message: &str) -> Value {
        loop {
            let event = self.log.recv_timeout(DEADLINE).expect(message);
            if event["message"] == message {
                return event;
            }
        }
    }

    fn get(&self, path: &str) -> String {
        let mut stream = TcpStream::connect(&self.admin).unwrap();
        write!(
            stream,
            "GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n"
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    fn hang_up(&self) {
        let id = self.worker.id().to_string();
        assert!(
            Command::new("kill")
                .args(["-s", "HUP", &id])
                .status()
                .unwrap()
                .success()
        );
    }

    /// Waits until the log says so of the files, and gives its event; they have been read that often with this outcome.
    fn reloaded(&self, message: &str, outcome: &str, count: u64) -> Value {
        let event = self.logged(message);
        let line = format!("newsmill_taxonomy_reloads_total{{outcome=\"{outcome}\"}} {count}\n");
        until(&line, || self.get("/metrics").contains(&line));
        event
    }

    /// The taxonomy in use, of which `/readyz` and `newsmill_build_info` have to say the same.
    fn taxonomy(&self) -> String {
        let ready = self.get("/readyz");
        let body: Value = serde_json::from_str(ready.split("\r\n\r\n").last().unwrap()).unwrap();
        let taxonomy = body["taxonomy"].as_str().unwrap().to_owned();
        let info = format!("newsmill_build_info{{taxonomy=\"{taxonomy}\"");
        assert!(self.get("/metrics").contains(&info), "{info}");
        taxonomy
    }

    fn send(&mut self, count: u64) {
        let producer: BaseProducer = client(&self.cluster).create().unwrap();
        for _ in 0..count {
            let id = self.sent.to_string();
            let article = serde_json::json!({
                "id": id, "title": "Truce holds", "language": "en",
                "text": "The truce holds in the town. Both sides keep the truce that they have signed.",
            });
            let article = article.to_string();
            let record = BaseRecord::to("in").key(&id).payload(&article);
            producer.send(record).map_err(|(error, _)| error).unwrap();
            self.sent += 1;
        }
        producer.flush(DEADLINE).unwrap();
    }

    /// Every record that was sent for, in the order of the output: taxonomy and topic.
    fn records(&self) -> Vec<(String, String)> {
        let consumer: BaseConsumer = client(&self.cluster)
            .set("group.id", "test")
            .set("auto.offset.reset", "earliest")
            .create()
            .unwrap();
        consumer.subscribe(&["out"]).unwrap();
        let mut records = Vec::new();
        until("every record", || {
            if let Some(message) = consumer.poll(Duration::from_millis(100)) {
                let message = message.unwrap();
                let record: Value = serde_json::from_slice(message.payload().unwrap()).unwrap();
                let id = records.len().to_string();
                assert_eq!(
                    record["article"]["id"], id,
                    "one lost, doubled or out of order"
                );
                let text = |value: &Value| value.as_str().unwrap().to_owned();
                let [topic] = record["topics"].as_array().unwrap().as_slice() else {
                    panic!("{record}")
                };
                records.push((text(&record["pipeline"]["taxonomy"]), text(&topic["id"])));
            }
            records.len() as u64 == self.sent
        });
        records
    }
}

impl Drop for Rig {
    fn drop(&mut self) {
        // It may have ended by itself; the test has said so then.
        let _ = self.worker.kill();
        let _ = self.worker.wait();
    }
}

fn client(cluster: &MockCluster<'_, DefaultProducerContext>) -> ClientConfig {
    let mut config = ClientConfig::new();
    config.set("bootstrap.servers", cluster.bootstrap_servers());
    config
}

fn topic(id: &str) -> String {
    format!(
        "name = \"t\"\n[[topic]]\nid = \"{id}\"\nname = \"N\"\ndefinition = \"d\"\n\
         rules = [{{ weight = 1, any = [\"truce\"] }}]\n[topic.examples]\nabout = [\"Truce holds\"]\n"
    )
}

fn until(what: &str, mut done: impl FnMut() -> bool) {
    let deadline = Instant::now() + DEADLINE;
    while !done() {
        assert!(Instant::now() < deadline, "waited in vain for {what}");
        thread::yield_now();
    }
}

#[test]
fn the_taxonomy_is_exchanged_between_messages() {
    let mut rig = Rig::new();
    let alpha = rig.taxonomy();
    let mut known = vec![(alpha.clone(), "alpha".to_owned())];
    for (round, id) in (1..).zip(["beta", "gamma", "delta"]) {
        rig.send(500);
        fs::write(rig.file(), topic(id)).unwrap();
        rig.hang_up();
        // Some of these are in work while the taxonomy is exchanged.
        rig.send(500);
        rig.reloaded(EXCHANGED, "applied", round);
        known.push((rig.taxonomy(), id.to_owned()));
    }
    rig.send(1);
    let records = rig.records();
    // Each message saw one taxonomy: the topic is that of the one that the record names.
    for record in &records {
        assert!(known.contains(record), "{record:?} is not of {known:?}");
    }
    assert_eq!(records.first(), known.first());
    assert_eq!(records.last(), known.last());
}

#[test]
fn whatever_is_wrong_leaves_the_old_one() {
    let mut rig = Rig::new();
    let alpha = rig.taxonomy();
    let wrong = [
        (topic("beta").replace("truce", "(truce"), 6, "( without )"),
        (
            topic("beta").replace("Truce holds", "Peace at last"),
            8,
            "\"Peace at last\" should be about beta, and no rule of it finds anything",
        ),
    ];
    for (round, (content, line, problem)) in (1..).zip(&wrong) {
        fs::write(rig.file(), content).unwrap();
        rig.hang_up();
        let event = rig.reloaded(REFUSED, "refused", round);
        assert_eq!(event["level"], "ERROR");
        assert_eq!(event["file"], rig.file().to_str().unwrap());
        assert_eq!(
            (&event["line"], &event["in_use"]),
            (&Value::from(*line), &Value::from(&*alpha))
        );
        assert!(
            event["problem"].as_str().unwrap().contains(problem),
            "{event}"
        );
        assert!(!event["mend"].as_str().unwrap().is_empty());
    }
    fs::remove_file(rig.file()).unwrap();
    rig.hang_up();
    rig.reloaded(REFUSED, "refused", 3);
    assert_eq!(rig.taxonomy(), alpha);
    rig.send(3);
    assert_eq!(rig.records(), vec![(alpha, "alpha".to_owned()); 3]);
}

#[test]
fn a_change_of_the_files_is_seen_without_a_signal() {
    let mut rig = Rig::new();
    let alpha = rig.taxonomy();
    // Refused once, however often it is looked at; the first file again is no news; then a new one.
    fs::write(rig.file(), "name = 1").unwrap();
    rig.reloaded(REFUSED, "refused", 1);
    fs::write(rig.file(), topic("alpha")).unwrap();
    rig.reloaded("the taxonomy has not changed", "unchanged", 1);
    assert_eq!(rig.taxonomy(), alpha);
    fs::write(rig.file(), topic("beta")).unwrap();
    rig.reloaded(EXCHANGED, "applied", 1);
    assert!(rig.get("/metrics").contains("outcome=\"refused\"} 1\n"));
    assert_ne!(rig.taxonomy(), alpha);
    rig.send(1);
    assert_eq!(rig.records()[0].1, "beta");
}
