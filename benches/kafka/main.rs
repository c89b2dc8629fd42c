//! The worker against a bare copy loop, on one broker, in one run: ratios, never times of different days.
//!
//! `cargo bench --bench kafka [-- ROUNDS MESSAGES]` starts a broker of its own, fills a topic with articles of about
//! 3 KB, and drains it by turns: a bare loop, the worker with a handler that only copies, the worker with the whole
//! text side, each at least once and exactly once. The output of every drain is counted. Then latency at half load.

mod bare;
mod latency;
mod worker;

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use newsmill::stream::config::Guarantee;
use rdkafka::producer::DefaultProducerContext;
use rdkafka::producer::{BaseRecord, Producer, ThreadedProducer};
use support::cluster::Cluster;
use support::observer::{Observer, client};
use support::reader;

const PARTITIONS: i32 = 4;

/// Codec and batching, the same for everyone: compressing real text is most of a copy loop's work.
pub const PRODUCER: &[(&str, &str)] = &[
    ("compression.type", "lz4"),
    ("linger.ms", "5"),
    ("batch.size", "1000000"),
    ("partitioner", "murmur2_random"),
];

/// One drain: what is measured of it.
#[derive(Clone, Copy, Debug)]
pub struct Drained {
    /// From the first message consumed to the last one settled.
    pub wall: Duration,
    /// Of this process, clients included.
    pub cpu: Duration,
}

fn main() -> Result<()> {
    let mut numbers = std::env::args().skip(1).filter_map(|arg| arg.parse().ok());
    let rounds: usize = numbers.next().unwrap_or(5);
    let messages: usize = numbers.next().unwrap_or(40_000);

    let cluster = Cluster::start(Path::new(env!("CARGO_TARGET_TMPDIR")), "bench", 1)?;
    let servers = cluster.bootstrap_servers().to_owned();
    let observer = Observer::new(&servers)?;
    observer.create_topic("bench.in", PARTITIONS, 1, &[])?;
    let bytes = fill(&servers, "bench.in", messages)?;
    println!("{messages} messages, {} bytes each", bytes / messages);

    use Guarantee::{AtLeastOnce, ExactlyOnce};
    type Drain = fn(&Run) -> Result<Drained>;
    let contenders: [(&str, Drain); 5] = [
        ("bare copy loop, at least once", bare::drain),
        ("worker, copy, at least once", |run| {
            worker::copy(run, AtLeastOnce)
        }),
        ("worker, copy, exactly once", |run| {
            worker::copy(run, ExactlyOnce)
        }),
        ("worker, text, at least once", |run| {
            worker::text(run, AtLeastOnce)
        }),
        ("worker, text, exactly once", |run| {
            worker::text(run, ExactlyOnce)
        }),
    ];
    let mut all: Vec<Vec<Drained>> = vec![Vec::new(); contenders.len()];
    for round in 0..rounds {
        for (index, (name, drain)) in contenders.iter().enumerate() {
            let run = Run {
                servers: &servers,
                name: format!("r{round}-{index}"),
                messages,
            };
            observer.create_topic(&run.output(), PARTITIONS, 1, &[])?;
            observer.create_topic(&run.dead_letters(), PARTITIONS, 1, &[])?;
            let drained = drain(&run)?;
            let mut counted = 0;
            reader::read(&servers, &observer, &run.output(), |_| counted += 1)?;
            ensure!(
                counted == messages,
                "{name}: {counted} of {messages} came out"
            );
            all[index].push(drained);
        }
    }
    let rates = report(&contenders.map(|(name, _)| name), &all, messages);
    // Half of what the slowest worker with the text side does.
    latency::report(&servers, &observer, (rates[3].min(rates[4]) / 2.0) as u32)
}

/// One drain of the input topic.
pub struct Run<'a> {
    pub servers: &'a str,
    pub name: String,
    pub messages: usize,
}

impl Run<'_> {
    pub fn output(&self) -> String {
        format!("bench.{}.out", self.name)
    }

    pub fn dead_letters(&self) -> String {
        format!("bench.{}.dead", self.name)
    }
}

/// Prints the table; returns the messages a second of each.
fn report(names: &[&str], all: &[Vec<Drained>], messages: usize) -> Vec<f64> {
    let rate = |drained: &Drained| messages as f64 / drained.wall.as_secs_f64();
    let median = |values: &mut Vec<f64>| {
        values.sort_by(f64::total_cmp);
        values[values.len() / 2]
    };
    let rates: Vec<f64> = all
        .iter()
        .map(|drains| median(&mut drains.iter().map(rate).collect()))
        .collect();
    println!(
        "\n{:34} {:>10} {:>8} {:>10}",
        "", "messages/s", "to bare", "us CPU each"
    );
    for (index, name) in names.iter().enumerate() {
        let cpu = |drained: &Drained| drained.cpu.as_secs_f64() * 1e6 / messages as f64;
        let cpu = median(&mut all[index].iter().map(cpu).collect());
        let ratio = rates[index] / rates[0];
        println!("{name:34} {:>10.0} {ratio:>8.2} {cpu:>10.1}", rates[index]);
    }
    println!(
        "exactly once to at least once: copy {:.2}, text {:.2}",
        rates[2] / rates[1],
        rates[4] / rates[3]
    );
    rates
}

/// Articles of about 3 KB: four short ones of the project's corpus in each, so that no two are the same.
pub fn articles() -> Result<Vec<String>> {
    let corpus = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/corpus/tune.jsonl");
    let short: Vec<serde_json::Value> = std::fs::read_to_string(corpus)?
        .lines()
        .map(serde_json::from_str)
        .collect::<Result<_, _>>()?;
    let text = |index: usize| {
        short[index % short.len()]["body"]
            .as_str()
            .unwrap_or_default()
    };
    let bodies = (0..short.len()).map(|index| {
        [0, 31, 77, 120, 5]
            .map(|step| text(index + step))
            .join("\n")
    });
    Ok(bodies
        .zip(&short)
        .map(|(body, first)| {
            serde_json::json!({
                "id": first["id"], "title": first["title"], "published_at": first["published_at"], "body": body,
            })
            .to_string()
        })
        .collect())
}

fn fill(servers: &str, topic: &str, messages: usize) -> Result<usize> {
    let articles = articles()?;
    let mut config = client(servers);
    for (name, value) in PRODUCER {
        config.set(*name, *value);
    }
    let producer: ThreadedProducer<DefaultProducerContext> = config.create()?;
    let mut bytes = 0;
    for number in 0..messages {
        let article = &articles[number % articles.len()];
        bytes += article.len();
        let key = format!("key-{}", number % 1000);
        let record = BaseRecord::to(topic).key(&key).payload(article);
        let mut unsent = producer.send(record).err().map(|(_, record)| record);
        while let Some(record) = unsent {
            producer.poll(Duration::from_millis(10));
            unsent = producer.send(record).err().map(|(_, record)| record);
        }
    }
    producer.flush(Duration::from_secs(60))?;
    Ok(bytes)
}

/// CPU time of this process, from the kernel's count of ticks.
pub fn cpu() -> Duration {
    /// Ticks a second that Linux counts for user space, whatever the machine (`USER_HZ`).
    const TICKS: u64 = 100;
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = stat.rsplit(')').next().unwrap_or_default();
    let ticks: u64 = after_name
        .split_whitespace()
        .skip(11)
        .take(2)
        .filter_map(|field| field.parse::<u64>().ok())
        .sum();
    Duration::from_millis(ticks * 1000 / TICKS)
}

/// Waits for something that another thread brings about.
pub fn until(mut done: impl FnMut() -> bool) -> Result<()> {
    let deadline = Instant::now() + Duration::from_secs(120);
    while !done() {
        ensure!(Instant::now() < deadline, "nothing came within two minutes");
        std::thread::sleep(Duration::from_millis(1));
    }
    Ok(())
}
