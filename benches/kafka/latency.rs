//! Latency at half load, open loop: messages are sent on a schedule whether or not the worker keeps up, and counted
//! from their scheduled time.

use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use anyhow::{Result, ensure};
use newsmill::stream::config::Guarantee;
use rdkafka::Message as _;
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::producer::{BaseRecord, DefaultProducerContext, ThreadedProducer};
use support::observer::{Observer, client};

use crate::worker::{Running, enricher};
use crate::{PARTITIONS, Run, articles};

const MESSAGES: u32 = 10_000;

/// Sent first and not counted, all through before the schedule begins: the join, and caches that fill.
const WARM_UP: u32 = 2_000;

/// For all messages of one part.
const DEADLINE: Duration = Duration::from_secs(300);

/// `rate`: messages a second; producer, broker and reader share the machine.
pub fn report(servers: &str, observer: &Observer, rate: u32) -> Result<()> {
    println!("\nlatency at {rate} messages/s, ms: p50, p99");
    for (name, guarantee) in [
        ("at least once", Guarantee::AtLeastOnce),
        ("exactly once", Guarantee::ExactlyOnce),
    ] {
        let run = Run {
            servers,
            name: format!("latency-{}", name.replace(' ', "-")),
            messages: (WARM_UP + MESSAGES) as usize,
        };
        let input = format!("bench.{}.in", run.name);
        for topic in [&input, &run.output(), &run.dead_letters()] {
            observer.create_topic(topic, PARTITIONS, 1, &[])?;
        }
        let running = Running::start(&run, &input, guarantee, enricher()?)?;
        let reader = Reader::new(&run)?;
        send(servers, &input, WARM_UP, rate)?;
        reader.read(WARM_UP)?;
        let mut latencies = thread::scope(|scope| {
            let sender = scope.spawn(|| send(servers, &input, MESSAGES, rate));
            let latencies = reader.read(MESSAGES);
            sender.join().expect("the sender does not panic")?;
            latencies
        })?;
        running.stop()?;
        latencies.sort();
        let at = |share: f64| latencies[(latencies.len() as f64 * share) as usize].as_millis();
        println!("{name:34} {:>6} {:>6}", at(0.5), at(0.99));
    }
    Ok(())
}

fn send(servers: &str, input: &str, messages: u32, rate: u32) -> Result<()> {
    let articles = articles()?;
    let producer: ThreadedProducer<DefaultProducerContext> =
        client(servers).set("linger.ms", "0").create()?;
    let begun = Instant::now();
    let begun_at = SystemTime::now().duration_since(UNIX_EPOCH)?;
    for number in 0..messages {
        let after = Duration::from_secs(1) * number / rate;
        thread::sleep((begun + after).saturating_duration_since(Instant::now()));
        let scheduled_ms = (begun_at + after).as_millis() as i64;
        let article = &articles[number as usize % articles.len()];
        let key = format!("key-{number}");
        let record = BaseRecord::to(input)
            .key(&key)
            .payload(article)
            .timestamp(scheduled_ms);
        producer.send(record).map_err(|(error, _)| error)?;
    }
    use rdkafka::producer::Producer as _;
    producer.flush(Duration::from_secs(30))?;
    Ok(())
}

struct Reader(BaseConsumer);

impl Reader {
    fn new(run: &Run<'_>) -> Result<Self> {
        let consumer: BaseConsumer = client(run.servers)
            .set("group.id", format!("{}-reader", run.name))
            .set("auto.offset.reset", "earliest")
            .set("isolation.level", "read_committed")
            .set("fetch.wait.max.ms", "5")
            .create()?;
        consumer.subscribe(&[&run.output()])?;
        Ok(Reader(consumer))
    }

    /// How long each of the next messages was under way.
    fn read(&self, messages: u32) -> Result<Vec<Duration>> {
        let mut latencies = Vec::new();
        let begun = Instant::now();
        while latencies.len() < messages as usize {
            ensure!(
                begun.elapsed() < DEADLINE,
                "{} of {messages} messages came out",
                latencies.len()
            );
            let Some(message) = self.0.poll(Duration::from_millis(100)) else {
                continue;
            };
            let message = message?;
            let now = SystemTime::now().duration_since(UNIX_EPOCH)?;
            let sent_ms = message.timestamp().to_millis().unwrap_or_default();
            let sent = Duration::from_millis(sent_ms.unsigned_abs());
            latencies.push(now.saturating_sub(sent));
        }
        Ok(latencies)
    }
}
