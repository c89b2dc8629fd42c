//! Exactly once: records, dead letters and offsets in one transaction.

use std::sync::Arc;
use std::time::{Duration, Instant};

use rdkafka::TopicPartitionList;
use rdkafka::consumer::ConsumerGroupMetadata;
use rdkafka::error::RDKafkaErrorCode;

use super::{SLICE, Trouble};
use crate::metrics::{CommitResult, Metrics, TransactionResult};
use crate::stream::config::DeliveryConfig;
use crate::stream::kafka::consumer::Consumer;
use crate::stream::kafka::producer::{Producer, SendError};
use crate::stream::message::Outgoing;
use crate::stream::state::NextOffset;

/// Longer than the others: offsets that the group's coordinator has not taken within it abort the transaction.
const OFFSETS_SLICE: Duration = Duration::from_secs(10);

/// When a call that should have ended is taken for one that never will.
const OFFSETS_DEADLINE: Duration = Duration::from_secs(15);

pub struct ExactlyOnce {
    producer: Producer,
    interval: Duration,
    max_messages: u64,
    max_bytes: u64,
    open: Option<Transaction>,
    metrics: Metrics,
}

/// The open transaction.
struct Transaction {
    since: Instant,
    messages: u64,
    bytes: u64,
}

impl ExactlyOnce {
    pub fn new(producer: Producer, config: &DeliveryConfig, metrics: Metrics) -> Self {
        ExactlyOnce {
            producer,
            interval: Duration::from_millis(config.commit_interval_ms),
            max_messages: config.max_transaction_messages,
            max_bytes: config.max_transaction_bytes,
            open: None,
            metrics,
        }
    }

    /// Fences any earlier producer with the same transactional id, and ends what it left open.
    pub fn open(&mut self) -> Result<(), Trouble> {
        self.producer
            .init_transactions(SLICE)
            .map_err(|error| Trouble::of("init transactions", &error))
    }

    /// Begins a transaction unless one is open.
    pub fn begin(&mut self, now: Instant) -> Result<(), Trouble> {
        if self.open.is_none() {
            self.producer
                .begin_transaction()
                .map_err(|error| Trouble::of("begin transaction", &error))?;
            tracing::debug!("transaction begun");
            self.open = Some(Transaction {
                since: now,
                messages: 0,
                bytes: 0,
            });
        }
        Ok(())
    }

    pub fn emit(&mut self, outgoing: &Outgoing<'_>) -> Result<(), SendError> {
        self.producer.send(outgoing)?;
        if let Some(transaction) = &mut self.open {
            transaction.messages += 1;
            transaction.bytes += outgoing.output.bytes() as u64;
        }
        Ok(())
    }

    pub fn is_open(&self) -> bool {
        self.open.is_some()
    }

    pub fn is_full(&self) -> bool {
        self.open.as_ref().is_some_and(|transaction| {
            transaction.messages >= self.max_messages || transaction.bytes >= self.max_bytes
        })
    }

    pub fn is_due(&self, now: Instant) -> bool {
        self.is_full() || self.due_at().is_some_and(|due_at| now >= due_at)
    }

    pub fn due_at(&self) -> Option<Instant> {
        Some(self.open.as_ref()?.since + self.interval)
    }

    /// Commits the open transaction with these offsets in it.
    ///
    /// Each call to the broker runs in slices, with `keep_going` between them, so that the group sees polls however
    /// long the coordinator takes; where it says no, the commit is left as it stands, to be called again or abandoned.
    pub fn settle(
        &mut self,
        consumer: &Consumer,
        offsets: &[NextOffset],
        keep_going: &mut dyn FnMut() -> bool,
    ) -> Result<(), Trouble> {
        let list = consumer
            .list(offsets)
            .map_err(|error| Trouble::rebuild("list offsets", &error))?;
        // By then the partitions may be another member's: what it has read already must not be committed by us too.
        let lost = |code| Trouble::Rewind {
            what: "commit transaction",
            code,
        };
        if consumer.assignment_lost() {
            return Err(lost(RDKafkaErrorCode::AssignmentLost));
        }
        let group = consumer
            .group()
            .map(Arc::new)
            .ok_or_else(|| lost(RDKafkaErrorCode::UnknownMemberId))?;

        self.flush(keep_going)?;
        tracing::debug!("transaction sending offsets");
        self.send_offsets(&list, &group, keep_going)?;
        self.commit(keep_going)?;
        tracing::debug!(partitions = offsets.len(), "transaction committed");
        Ok(())
    }

    /// Waits until the broker has all that was emitted.
    pub fn flush(&self, keep_going: &mut dyn FnMut() -> bool) -> Result<(), Trouble> {
        tracing::debug!("transaction flushing");
        let what = "flush";
        loop {
            match self.producer.flush(SLICE) {
                Ok(true) => return Ok(()),
                Ok(false) if keep_going() => {}
                Ok(false) => {
                    let code = RDKafkaErrorCode::OperationTimedOut;
                    return Err(Trouble::Again { what, code });
                }
                Err(code) => return Err(Trouble::Rebuild { what, code }),
            }
        }
    }

    /// Commits the open transaction, which is flushed and has its offsets.
    pub fn commit(&mut self, keep_going: &mut dyn FnMut() -> bool) -> Result<(), Trouble> {
        tracing::debug!("transaction committing");
        in_slices(keep_going, || {
            self.producer
                .commit_transaction(SLICE)
                .map_err(|error| Trouble::of("commit transaction", &error))
        })?;
        if let Some(transaction) = self.open.take() {
            let seconds = transaction.since.elapsed().as_secs_f64();
            self.metrics.transaction_seconds.observe(seconds);
        }
        let transactions = &self.metrics.transactions_total;
        transactions.of(TransactionResult::Committed).inc();
        self.metrics.commits_total.of(CommitResult::Committed).inc();
        Ok(())
    }

    /// Sends the offsets into the transaction, and waits for the answer no longer than [`OFFSETS_DEADLINE`].
    ///
    /// librdkafka's own time-out is not kept: the call has not returned when the group's coordinator moved (librdkafka
    /// #5456, #5511, in 2.12 and later). It runs on a thread of its own, which is left behind then with its producer;
    /// the next producer of the same transactional id fences that one.
    pub fn send_offsets(
        &self,
        list: &TopicPartitionList,
        group: &Arc<ConsumerGroupMetadata>,
        keep_going: &mut dyn FnMut() -> bool,
    ) -> Result<(), Trouble> {
        let what = "send offsets";
        let since = Instant::now();
        let mut answer = self.producer.send_offsets(list, group, OFFSETS_SLICE);
        loop {
            match answer.recv_timeout(SLICE) {
                Ok(Ok(())) => return Ok(()),
                Ok(Err(error)) => match Trouble::of(what, &error) {
                    Trouble::Again { .. } if since.elapsed() < OFFSETS_DEADLINE && keep_going() => {
                        answer = self.producer.send_offsets(list, group, OFFSETS_SLICE);
                    }
                    trouble => return Err(trouble),
                },
                Err(_) if since.elapsed() < OFFSETS_DEADLINE && keep_going() => {}
                Err(_) => {
                    let code = RDKafkaErrorCode::OperationTimedOut;
                    return Err(Trouble::Rebuild { what, code });
                }
            }
        }
    }

    /// Aborts the open transaction, if there is one.
    pub fn abort(&mut self, keep_going: &mut dyn FnMut() -> bool) -> Result<(), Trouble> {
        if self.open.take().is_none() {
            return Ok(());
        }
        in_slices(keep_going, || {
            self.producer
                .abort_transaction(SLICE)
                .map_err(|error| Trouble::of("abort transaction", &error))
        })?;
        let transactions = &self.metrics.transactions_total;
        transactions.of(TransactionResult::Aborted).inc();
        tracing::debug!("transaction aborted");
        Ok(())
    }
}

/// Makes the same call until it succeeds or fails for good.
fn in_slices(
    keep_going: &mut dyn FnMut() -> bool,
    mut call: impl FnMut() -> Result<(), Trouble>,
) -> Result<(), Trouble> {
    loop {
        match call() {
            Err(trouble @ Trouble::Again { .. }) => {
                tracing::debug!(%trouble, "transaction call goes on");
                if !keep_going() {
                    return Err(trouble);
                }
            }
            result => return result,
        }
    }
}
