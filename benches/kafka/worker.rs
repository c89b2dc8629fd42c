//! The worker in this process, with one handler or another.

use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Instant;

use anyhow::{Result, anyhow};
use crossbeam_channel::{Sender, bounded};
use newsmill::metrics::{Destination, Metrics};
use newsmill::stream::config::{DeliveryConfig, Guarantee, KafkaConfig, PipelineConfig};
use newsmill::stream::{
    Handled, Handler, Health, Message, Output, Settings, Shutdown, Summary, Worker,
};

use crate::{Drained, PRODUCER, Run, cpu, until};

struct Copy;

impl Handler for Copy {
    fn handle(&self, message: &Message) -> Handled {
        Handled::Record(Output {
            key: message.key.clone(),
            value: message.value.clone(),
            headers: message.headers.clone(),
        })
    }
}

pub fn copy(run: &Run<'_>, guarantee: Guarantee) -> Result<Drained> {
    drain(run, guarantee, Arc::new(Copy))
}

pub fn text(run: &Run<'_>, guarantee: Guarantee) -> Result<Drained> {
    drain(run, guarantee, enricher()?)
}

/// The whole text side, as `run` has it by default.
pub fn enricher() -> Result<Arc<dyn Handler>> {
    let pipeline = newsmill::text::pipeline::Pipeline::new(
        &Default::default(),
        newsmill::text::topics::Taxonomy::built_in(),
    );
    let max_article_bytes = usize::try_from(PipelineConfig::default().max_article_bytes)?;
    Ok(Arc::new(newsmill::enrich::Enricher::new(
        pipeline,
        max_article_bytes,
        Metrics::new(),
    )))
}

fn drain(run: &Run<'_>, guarantee: Guarantee, handler: Arc<dyn Handler>) -> Result<Drained> {
    let running = Running::start(run, "bench.in", guarantee, handler)?;
    let metrics = &running.metrics;
    until(|| metrics.input_messages_total.get() > 0)?;
    let (wall, busy) = (Instant::now(), cpu());
    let messages = run.messages as u64;
    until(|| metrics.output_messages_total.of(Destination::Output).get() >= messages)?;
    let drained = Drained {
        wall: wall.elapsed(),
        cpu: cpu() - busy,
    };
    running.stop()?;
    Ok(drained)
}

/// A worker on a thread of its own.
pub struct Running {
    pub metrics: Metrics,
    shutdown: Sender<Shutdown>,
    thread: JoinHandle<Result<Summary, newsmill::stream::worker::Error>>,
}

impl Running {
    pub fn start(
        run: &Run<'_>,
        input: &str,
        guarantee: Guarantee,
        handler: Arc<dyn Handler>,
    ) -> Result<Running> {
        let mut kafka = KafkaConfig::new(run.servers, input, &run.output(), &run.dead_letters());
        kafka.group_id = run.name.clone();
        for (name, value) in PRODUCER.iter().filter(|(name, _)| *name != "partitioner") {
            kafka.producer_properties.set(name, *value);
        }
        let settings = Settings {
            kafka,
            delivery: DeliveryConfig {
                guarantee,
                ..DeliveryConfig::default()
            },
            pipeline: PipelineConfig::default(),
        };
        let metrics = Metrics::new();
        let health = Health::new(settings.workers());
        let worker = Worker::new(settings, handler, metrics.clone(), health)?;
        let (shutdown, told) = bounded(1);
        let thread = thread::spawn(move || worker.run(&told));
        Ok(Running {
            metrics,
            shutdown,
            thread,
        })
    }

    pub fn stop(self) -> Result<Summary> {
        self.shutdown.send(Shutdown::Drain)?;
        let summary = self
            .thread
            .join()
            .map_err(|_| anyhow!("the worker panicked"))?;
        Ok(summary?)
    }
}
