//! The CPU threads: each takes a message, runs the handler on it, and sends the outcome back.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Weak};
use std::thread;
use std::time::Instant;

use crossbeam_channel::{Receiver, Sender, unbounded};

use super::event::{Event, Events};
use super::handler::Handler;
use super::health::Health;
use super::message::{DeadLetter, Handled, Message};
use super::state::Ticket;
use crate::metrics::{Metrics, Stage};

/// Threads that live as long as the pool; one that is stuck in a message is left behind.
pub struct Pool {
    /// Without a bound of its own: the budget bounds what is in it.
    jobs: Sender<Job>,
    metrics: Metrics,
}

struct Job {
    ticket: Ticket,
    /// Gone when the partition was rewound or given up meanwhile: nobody waits for it then.
    message: Weak<Message>,
    bytes: i64,
    queued_at: Instant,
}

impl Pool {
    pub fn new(
        threads: usize,
        handler: &Arc<dyn Handler>,
        events: &Events,
        metrics: &Metrics,
        health: &Health,
    ) -> std::io::Result<Self> {
        let (jobs, receiver) = unbounded();
        for index in 0..threads {
            let thread = Thread {
                index,
                jobs: receiver.clone(),
                handler: Arc::clone(handler),
                events: events.clone(),
                metrics: metrics.clone(),
                health: health.clone(),
            };
            thread::Builder::new()
                .name(format!("cpu-{index}"))
                .spawn(move || thread.run())?;
        }
        Ok(Pool {
            jobs,
            metrics: metrics.clone(),
        })
    }

    pub fn compute(&self, ticket: Ticket, message: &Arc<Message>) {
        let bytes = i64::try_from(message.bytes()).unwrap_or(i64::MAX);
        self.metrics.queue_messages.inc();
        self.metrics.queue_bytes.add(bytes);
        // The threads hold the other end as long as the pool lives, and none of them can end by a panic.
        let _ = self.jobs.send(Job {
            ticket,
            message: Arc::downgrade(message),
            bytes,
            queued_at: Instant::now(),
        });
    }
}

struct Thread {
    index: usize,
    jobs: Receiver<Job>,
    handler: Arc<dyn Handler>,
    events: Events,
    metrics: Metrics,
    health: Health,
}

impl Thread {
    fn run(self) {
        let stages = &self.metrics.processing_seconds;
        for job in &self.jobs {
            self.metrics.queue_messages.dec();
            self.metrics.queue_bytes.sub(job.bytes);
            let Some(message) = job.message.upgrade() else {
                continue;
            };
            let begun = Instant::now();
            let queued = begun.duration_since(job.queued_at);
            stages.of(Stage::Queue).observe(queued.as_secs_f64());
            let computing = self.health.computing(self.index);
            let handled = handle(self.handler.as_ref(), &message);
            drop(computing);
            stages
                .of(Stage::Handle)
                .observe(begun.elapsed().as_secs_f64());
            let ticket = job.ticket;
            self.events.send(Event::Done { ticket, handled });
        }
    }
}

/// Runs the handler; a panic is the message's outcome, not the thread's end.
pub fn handle(handler: &dyn Handler, message: &Message) -> Handled {
    catch_unwind(AssertUnwindSafe(|| handler.handle(message))).unwrap_or_else(|_| {
        Handled::DeadLetter(DeadLetter {
            code: "panic",
            message: "the pipeline panicked on this message; please report it".to_owned(),
            stage: "handle",
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stream::message::Position;

    struct Panics;

    impl Handler for Panics {
        fn handle(&self, _: &Message) -> Handled {
            panic!("on purpose");
        }
    }

    #[test]
    fn a_panic_is_a_dead_letter() {
        let message = Message {
            position: Position {
                input_topic: "articles".into(),
                partition: 0,
                offset: 1,
            },
            timestamp_ms: None,
            key: None,
            value: None,
            headers: Vec::new(),
        };
        let Handled::DeadLetter(letter) = handle(&Panics, &message) else {
            panic!("no dead letter");
        };
        assert_eq!((letter.code, letter.stage), ("panic", "handle"));
    }
}
