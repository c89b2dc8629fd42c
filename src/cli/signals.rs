//! SIGTERM, SIGINT and SIGHUP, as the worker understands them.

use std::io;
use std::process;
use std::thread;
use std::time::Duration;

use crossbeam_channel::{Receiver, Sender, bounded};
use tokio::runtime;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::time::{sleep, timeout};

use super::Status;
use crate::stream::Shutdown;

/// A signal that comes this soon after the first is the same one: supervisors such as timeout(1) send it to the process
/// and again to its group.
const SAME: Duration = Duration::from_millis(500);

/// How long the process may stay after it was told to stop at once.
const AT_ONCE: Duration = Duration::from_secs(2);

/// What the signals say.
pub struct Heard {
    pub shutdown: Receiver<Shutdown>,
    /// SIGHUP: the taxonomy's files are to be read again. Several that come together are one.
    pub reload: Receiver<()>,
}

/// Listens from now on: the first SIGTERM or SIGINT asks for a drain, the second to stop at once.
///
/// A process that is still there `deadline` after the first hangs, and is ended here, with the status of a failure: a
/// client that does not close must not keep it until someone kills it.
///
/// # Errors
/// The system gives no thread or no signals.
pub fn listen(deadline: Duration) -> io::Result<Heard> {
    let runtime = runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let entered = runtime.enter();
    let mut signals = Signals {
        terminate: signal(SignalKind::terminate())?,
        interrupt: signal(SignalKind::interrupt())?,
    };
    let hangups = signal(SignalKind::hangup())?;
    drop(entered);
    // Room for both words, so that this thread never waits for the worker.
    let (told, shutdown) = bounded(2);
    let (asked, reload) = bounded(1);
    thread::Builder::new()
        .name("signals".to_owned())
        .spawn(move || {
            runtime.spawn(relay_hangups(hangups, asked));
            runtime.block_on(relay(&mut signals, &told, deadline))
        })?;
    Ok(Heard { shutdown, reload })
}

async fn relay_hangups(mut hangups: Signal, asked: Sender<()>) {
    while hangups.recv().await.is_some() {
        // One that waits to be heard stands for this one too.
        let _ = asked.try_send(());
    }
}

async fn relay(signals: &mut Signals, told: &Sender<Shutdown>, deadline: Duration) {
    let name = signals.next().await;
    tracing::info!(signal = name, "draining; a second signal stops at once");
    // A worker that has ended by itself listens no more, and the process ends.
    let _ = told.send(Shutdown::Drain);
    let _ = timeout(SAME, signals.ignore()).await;
    tokio::select! {
        name = signals.next() => {
            tracing::warn!(signal = name, "stopping at once");
            let _ = told.send(Shutdown::Now);
            sleep(AT_ONCE).await;
        }
        () = sleep(deadline) => {}
    }
    tracing::error!("the worker does not stop; ending the process");
    process::exit(Status::Failed.code());
}

struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    async fn ignore(&mut self) {
        loop {
            self.next().await;
        }
    }

    /// The next signal's name.
    async fn next(&mut self) -> &'static str {
        tokio::select! {
            _ = self.terminate.recv() => "SIGTERM",
            _ = self.interrupt.recv() => "SIGINT",
        }
    }
}
