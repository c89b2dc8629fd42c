//! The two Kafka clients, as narrow as the worker needs them.
//!
//! Built without system libraries, with every codec: a consumer does not choose its producers' codec, and a batch in
//! one that it was built without stops its partition for ever.

pub mod connection;
pub mod consumer;
pub mod errors;
pub mod limits;
pub(super) mod native;
pub mod producer;
pub mod topics;

use std::future::Future;

use rdkafka::config::RDKafkaLogLevel;

/// How often a client says how it is, in milliseconds: lag and queues as fresh as a scrape every 15 s can show them.
const STATISTICS: (&str, &str) = ("statistics.interval.ms", "5000");

/// librdkafka's own log lines, through tracing.
fn log(level: RDKafkaLogLevel, facility: &str, message: &str) {
    match level {
        RDKafkaLogLevel::Emerg
        | RDKafkaLogLevel::Alert
        | RDKafkaLogLevel::Critical
        | RDKafkaLogLevel::Error => {
            tracing::error!(target: "librdkafka", facility, "{message}");
        }
        RDKafkaLogLevel::Warning => tracing::warn!(target: "librdkafka", facility, "{message}"),
        RDKafkaLogLevel::Notice | RDKafkaLogLevel::Info => {
            tracing::info!(target: "librdkafka", facility, "{message}");
        }
        RDKafkaLogLevel::Debug => tracing::debug!(target: "librdkafka", facility, "{message}"),
    }
}

/// Waits for an answer of the admin client, whose own thread does the work.
pub(super) fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .build()
        .expect("a runtime without I/O or timers needs nothing of the system")
        .block_on(future)
}
