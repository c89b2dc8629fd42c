//! Where a partition is read from: the group's committed offset, or for a partition without one, what
//! `[delivery] start_from` says.

use std::collections::BTreeSet;

use rdkafka::error::KafkaResult;

use super::kafka::consumer::Consumer;
use super::start::StartFrom;
use super::state::{NextOffset, Source};

/// Which partitions the group began with.
///
/// `start_from` is for those alone: a partition that was added later begins at its earliest offset, since its first
/// messages came while the group was at work. Asked before the group is joined, when nobody of this deployment has
/// committed a start of its own yet.
#[derive(Debug, Default)]
pub struct Beginnings {
    /// The partitions of the topics of which no partition had a committed offset. A topic that does not exist yet has
    /// none: it is all new when it comes.
    fresh: BTreeSet<Source>,
}

impl Beginnings {
    /// Asks the broker; to be called again after an error.
    pub fn ask(consumer: &Consumer, start_from: StartFrom) -> KafkaResult<Self> {
        let mut fresh = BTreeSet::new();
        if start_from != StartFrom::Earliest {
            for partitions in consumer.partitions()? {
                let committed = consumer.committed(&partitions)?;
                if committed.iter().all(|(_, offset)| offset.is_none()) {
                    fresh.extend(partitions);
                }
            }
        }
        Ok(Beginnings { fresh })
    }
}

/// Where partitions are read from, and which of these starts the group does not know yet.
#[derive(Debug, Default)]
pub struct Starts {
    pub offsets: Vec<NextOffset>,
    /// To be committed at once: else a crash before the first commit would start somewhere else.
    pub new: Vec<NextOffset>,
}

/// Asks the broker where to read these partitions from; to be called again after an error.
pub fn starts(
    consumer: &Consumer,
    start_from: StartFrom,
    beginnings: &Beginnings,
    sources: &[Source],
) -> KafkaResult<Starts> {
    let mut starts = Starts::default();
    if sources.is_empty() {
        return Ok(starts);
    }
    for (source, committed) in consumer.committed(sources)? {
        let offset = match committed {
            Some(offset) => offset,
            None => {
                let offset = if beginnings.fresh.contains(&source) {
                    chosen(consumer, source, start_from)?
                } else {
                    consumer.watermarks(source)?.0
                };
                starts.new.push((source, offset));
                offset
            }
        };
        starts.offsets.push((source, offset));
    }
    Ok(starts)
}

fn chosen(consumer: &Consumer, source: Source, start_from: StartFrom) -> KafkaResult<i64> {
    let (low, high) = consumer.watermarks(source)?;
    Ok(match start_from {
        StartFrom::Earliest => low,
        StartFrom::Latest => high,
        StartFrom::TimestampMs(timestamp_ms) => consumer
            .offset_at(source, timestamp_ms)?
            // No message is that young yet: the next one is.
            .unwrap_or(high),
    })
}
