//! A worker in this process with its admin port, on librdkafka's mock cluster.

use std::fs;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crossbeam_channel::{Sender, bounded};
use newsmill::admin::{AdminConfig, Server};
use newsmill::enrich::Enricher;
use newsmill::metrics::Metrics;
use newsmill::stream::config::{DeliveryConfig, Guarantee, KafkaConfig, PipelineConfig};
use newsmill::stream::{Health, Settings, Shutdown, Worker};
use newsmill::text;
use newsmill::text::pipeline::Pipeline;
use newsmill::text::topics::Taxonomy;
use rdkafka::ClientConfig;
use rdkafka::mocking::MockCluster;
use rdkafka::producer::{BaseProducer, BaseRecord, DefaultProducerContext, Producer as _};
use support::scrape;
use support::wait::until;

pub const DEADLINE: Duration = Duration::from_secs(60);

pub const INPUT: &str = "articles.raw";

/// A worker that has done the sample articles, two of which are none.
pub struct Working {
    pub health: Health,
    pub cluster: MockCluster<'static, DefaultProducerContext>,
    server: Server,
    stop: Sender<Shutdown>,
    thread: JoinHandle<()>,
}

impl Working {
    pub fn start() -> Working {
        let cluster = MockCluster::new(1).unwrap();
        for topic in [INPUT, "articles.enriched", "articles.dead-letters"] {
            cluster.create_topic(topic, 2, 1).unwrap();
        }
        let mut kafka = KafkaConfig::new(
            &cluster.bootstrap_servers(),
            INPUT,
            "articles.enriched",
            "articles.dead-letters",
        );
        kafka.properties.set("statistics.interval.ms", "100");
        kafka.consumer_properties.set("fetch.wait.max.ms", "20");
        let settings = Settings {
            kafka,
            delivery: DeliveryConfig {
                // The mock cluster does no transactions.
                guarantee: Guarantee::AtLeastOnce,
                ..DeliveryConfig::default()
            },
            pipeline: PipelineConfig::default(),
        };
        let metrics = Metrics::new();
        let health = Health::new(settings.workers());
        let admin = AdminConfig {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
        };
        let server = Server::start(&admin, health.clone(), metrics.clone()).unwrap();
        let pipeline = Pipeline::new(&text::Settings::default(), Taxonomy::built_in());
        let enricher = Enricher::new(pipeline, 5_242_880, metrics.clone());
        let worker = Worker::new(settings, Arc::new(enricher), metrics, health.clone()).unwrap();
        let (stop, told) = bounded(1);
        let thread = thread::spawn(move || {
            worker.run(&told).unwrap();
        });
        let working = Working {
            health,
            cluster,
            server,
            stop,
            thread,
        };
        let sent = working.send_samples();
        working.until("every sample to be settled", |scraped| {
            scraped.sum("newsmill_outcomes_total", &[]) >= sent as f64
        });
        working
    }

    fn send_samples(&self) -> usize {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/samples");
        let producer: BaseProducer = ClientConfig::new()
            .set("bootstrap.servers", self.cluster.bootstrap_servers())
            .create()
            .unwrap();
        let mut sent = 0;
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path
                .extension()
                .is_some_and(|extension| extension == "json")
            {
                let value = fs::read(&path).unwrap();
                let key = path.file_name().unwrap().to_str().unwrap();
                let record = BaseRecord::to(INPUT).key(key).payload(&value);
                producer.send(record).map_err(|(error, _)| error).unwrap();
                sent += 1;
            }
        }
        producer.flush(DEADLINE).unwrap();
        assert!(sent > 10, "the samples were not found");
        sent
    }

    /// Waits until a scrape says so.
    pub fn until(&self, what: &str, mut done: impl FnMut(&scrape::Metrics) -> bool) {
        until(what, DEADLINE, || {
            let scraped = scrape::Metrics::parse(&self.get("/metrics").body);
            Ok(done(&scraped).then_some(()))
        })
        .unwrap();
    }

    pub fn get(&self, path: &str) -> scrape::Answer {
        scrape::get(self.server.local_addr().port(), path).unwrap()
    }

    /// The address of the status page.
    pub fn page(&self) -> String {
        format!("http://{}/", self.server.local_addr())
    }

    pub fn stop(self) {
        self.stop.send(Shutdown::Drain).unwrap();
        self.thread.join().unwrap();
    }
}
