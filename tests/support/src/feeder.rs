//! Keeps messages coming while faults happen.

use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender, SyncSender};
use std::sync::{Arc, Weak};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use anyhow::{Context, Result, anyhow};

use crate::expectation::Expected;
use crate::generator::Generator;

/// Between two pieces of the steady stream: short, so that there is always something on its way.
const BEAT: Duration = Duration::from_millis(10);

enum Order {
    Burst(usize),
    Poison(usize),
    /// Let the brokers take what is under way, say so, and send nothing while this lives.
    Rest(SyncSender<()>, Weak<()>),
    /// Send the rest up to so many, and end.
    Finish(usize),
}

/// While it lives, the feeder sends nothing.
pub struct Rest {
    _life: Arc<()>,
}

/// A thread with the generator: it sends a steady stream, and bursts when asked.
pub struct Feeder {
    orders: Sender<Order>,
    thread: JoinHandle<Result<Vec<Expected>>>,
}

impl Feeder {
    /// Begins with a stream of so many messages every ten milliseconds.
    pub fn start(generator: Generator, stream: usize) -> Feeder {
        let (orders, received) = mpsc::channel();
        let thread = thread::spawn(move || feed(generator, stream, &received));
        Feeder { orders, thread }
    }

    /// Sends so many messages at once.
    pub fn burst(&self, messages: usize) -> Result<()> {
        self.order(Order::Burst(messages))
    }

    /// Sends so many messages at once that are no articles.
    pub fn poison(&self, messages: usize) -> Result<()> {
        self.order(Order::Poison(messages))
    }

    /// Waits until the brokers have all that was sent, and sends no more meanwhile.
    pub fn rest(&self) -> Result<Rest> {
        let (resting, rests) = mpsc::sync_channel(1);
        let life = Arc::new(());
        self.order(Order::Rest(resting, Arc::downgrade(&life)))?;
        rests.recv().context("the feeder has ended")?;
        Ok(Rest { _life: life })
    }

    /// Ends with at least so many messages sent, and gives what was sent.
    pub fn finish(self, messages: usize) -> Result<Vec<Expected>> {
        self.order(Order::Finish(messages))?;
        self.thread
            .join()
            .map_err(|_| anyhow!("the feeder panicked"))?
    }

    fn order(&self, order: Order) -> Result<()> {
        self.orders.send(order).context("the feeder has ended")
    }
}

fn feed(
    mut generator: Generator,
    stream: usize,
    orders: &Receiver<Order>,
) -> Result<Vec<Expected>> {
    loop {
        match orders.recv_timeout(BEAT) {
            Ok(Order::Burst(messages)) => generator.send(messages)?,
            Ok(Order::Poison(messages)) => generator.send_poison(messages)?,
            Ok(Order::Rest(resting, life)) => {
                generator.flush()?;
                // Whoever asked may have failed meanwhile; then there is nothing to wait for either.
                let _ = resting.send(());
                while life.strong_count() > 0 {
                    thread::park_timeout(BEAT);
                }
            }
            Ok(Order::Finish(messages)) => {
                generator.send(messages.saturating_sub(generator.sent().len()))?;
                return generator.finish();
            }
            Err(RecvTimeoutError::Timeout) => generator.send(stream)?,
            // The part has failed, and says so itself.
            Err(RecvTimeoutError::Disconnected) => return generator.finish(),
        }
    }
}
