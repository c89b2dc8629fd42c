//! Replaying a range of the input: through the present pipeline into another topic.
//!
//! The worker's group is not touched. A replay has a group of its own, which nobody joins and which is named by what
//! the replay does: the same range, target and pipeline are the same replay, and it goes on where its last transaction
//! ended. What is no article is counted and goes nowhere: it is a dead letter already.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crossbeam_channel::Receiver;
use sha2::{Digest, Sha256};

use super::reader::Reader;
use super::run::{Means, Run, Sending, Task};
use super::{Counts, Done, Error, Part, Speed, name, open};
use crate::stream::config::Settings;
use crate::stream::dead_letter;
use crate::stream::event::Inbox;
use crate::stream::handler::Handler;
use crate::stream::kafka::limits::Limits;
use crate::stream::message::{Handled, Message, Outcome};
use crate::stream::worker::Shutdown;

/// A begin or an end of a range.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Bound {
    /// The first message with this timestamp or a later one, in milliseconds since 1970, as the broker's index finds it.
    TimestampMs(i64),
    /// By partition. Partitions that no bound names are not read then.
    Offsets(BTreeMap<i32, i64>),
}

/// What is to be replayed, and where to.
#[derive(Clone, Debug)]
pub struct Order {
    /// One input topic.
    pub topic: String,
    /// `None`: what the topic has first.
    pub from: Option<Bound>,
    /// Not included. `None`: all that is there at the start.
    pub to: Option<Bound>,
    pub into: String,
    /// What the pipeline is, whatever makes its records differ.
    pub pipeline: String,
    /// Begins at the range's begin, wherever an earlier run of this replay came to.
    pub again: bool,
    pub speed: Speed,
}

/// What an order comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The range as it was asked for, within what the topic has.
    pub range: Part,
    /// What of it is left to do.
    pub rest: Part,
    /// Offsets that were asked for and that the topic no longer has.
    pub gone: u64,
    /// The group that keeps how far the replay is.
    pub group: String,
}

impl Plan {
    /// Offsets in a part: messages, and some markers of transactions.
    pub fn size(part: &Part) -> u64 {
        let sizes = part.values().map(|range| range.end - range.start);
        sizes.map(|size| u64::try_from(size).unwrap_or(0)).sum()
    }

    fn new(order: &Order, reader: &Reader, group: String) -> Result<Plan, Error> {
        let whole = reader.whole()?;
        let (mut from, named_from) = offsets(reader, order.from.as_ref())?;
        let (to, named_to) = offsets(reader, order.to.as_ref())?;
        let named: BTreeSet<i32> = named_from.union(&named_to).copied().collect();
        if let Some(&partition) = named.iter().find(|name| !whole.contains_key(name)) {
            let topic = order.topic.clone();
            return Err(Error::NoPartition { topic, partition });
        }
        if matches!(order.from, Some(Bound::TimestampMs(_))) {
            // No message of that time or later: nothing of the partition.
            for (partition, all) in &whole {
                from.entry(*partition).or_insert(all.end);
            }
        }
        let committed = if order.again {
            BTreeMap::new()
        } else {
            reader.committed()?
        };
        let (mut range, mut rest, mut gone) = (Part::new(), Part::new(), 0);
        for (partition, all) in whole {
            if !named.is_empty() && !named.contains(&partition) {
                continue;
            }
            let asked = from.get(&partition).copied().unwrap_or(all.start);
            let start = asked.clamp(all.start, all.end);
            let end = to.get(&partition).copied().unwrap_or(all.end);
            let end = end.clamp(start, all.end);
            gone += u64::try_from(start - asked).unwrap_or(0);
            let next = committed.get(&partition).copied().unwrap_or(start);
            range.insert(partition, start..end);
            rest.insert(partition, next.clamp(start, end)..end);
        }
        Ok(Plan {
            range,
            rest,
            gone,
            group,
        })
    }
}

/// A bound as offsets, and the partitions that it names.
fn offsets(
    reader: &Reader,
    bound: Option<&Bound>,
) -> Result<(BTreeMap<i32, i64>, BTreeSet<i32>), Error> {
    Ok(match bound {
        None => Default::default(),
        Some(Bound::TimestampMs(timestamp_ms)) => {
            (reader.first_at(*timestamp_ms)?, BTreeSet::new())
        }
        Some(Bound::Offsets(offsets)) => (offsets.clone(), offsets.keys().copied().collect()),
    })
}

/// What a replay would do; nothing is written.
///
/// # Errors
/// The brokers do not answer, or a topic or partition is not there.
pub fn plan(settings: &Settings, order: &Order) -> Result<Plan, Error> {
    let settings = settings_of(settings, order);
    let (events, _inbox) = Inbox::new();
    // A missing target would show only when the first record is sent.
    Reader::open(&settings, &order.into, events.clone())?;
    let reader = Reader::open(&settings, &order.topic, events)?;
    Plan::new(order, &reader, settings.kafka.group_id)
}

/// What happens during a replay.
pub enum Progress<'a> {
    Planned(&'a Plan),
    /// So far, committed.
    Replayed(&'a Counts),
}

/// Replays. Told to stop, it commits what is done; the same order given again does the rest.
///
/// # Errors
/// Trouble with the brokers. What was committed stands, and the same order given again does the rest.
pub fn execute(
    settings: &Settings,
    order: &Order,
    handler: &Arc<dyn Handler>,
    shutdown: &Receiver<Shutdown>,
    progress: &mut dyn FnMut(Progress<'_>),
) -> Result<Done, Error> {
    let settings = settings_of(settings, order);
    let limits = Limits::ask(&settings).map_err(|source| Error::Unanswered {
        what: format!("what {} takes", order.into),
        source,
    })?;
    let (events, inbox) = Inbox::new();
    let group = settings.kafka.group_id.clone();
    // Before the offsets are asked for: from here on nobody else moves them.
    let delivery = open(&settings, &group, limits, events.clone())?;
    let reader = Reader::open(&settings, &order.topic, events.clone())?;
    let plan = Plan::new(order, &reader, group)?;
    progress(Progress::Planned(&plan));
    let task = Replay {
        into: order.into.as_str().into(),
        limits,
    };
    let means = Means {
        reader,
        delivery,
        events,
        inbox,
    };
    let run = Run::new(&settings, &task, handler, means, order.speed)?;
    run.run(&plan.rest, shutdown, &mut |counts| {
        progress(Progress::Replayed(counts));
    })
}

/// The worker's settings with the replay's own target and group.
fn settings_of(settings: &Settings, order: &Order) -> Settings {
    let mut settings = super::settings(settings);
    let group = name(&settings, &format!("replay-{}", identity(order)));
    settings.kafka.group_id = group;
    settings.kafka.output_topic.clone_from(&order.into);
    settings
}

/// What tells a replay from others: 8 hex digits of what it does.
fn identity(order: &Order) -> String {
    let what = format!(
        "{:?}",
        (
            &order.topic,
            &order.from,
            &order.to,
            &order.into,
            &order.pipeline
        )
    );
    let digest = Sha256::digest(what.as_bytes());
    digest[..4]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

struct Replay {
    into: Arc<str>,
    limits: Limits,
}

impl Task for Replay {
    fn takes(&self, _: &Message) -> bool {
        true
    }

    fn outcome<'m>(
        &self,
        message: &'m Message,
        handled: &'m Handled,
    ) -> (Outcome, Option<Sending<'m>>) {
        let (Handled::Record(output) | Handled::Tombstone(output)) = handled else {
            return (handled.outcome(), None);
        };
        if let Some(why) = dead_letter::too_large(output, self.limits.output) {
            return (Outcome::DeadLetter(why.code), None);
        }
        let sending = Sending {
            topic: Arc::clone(&self.into),
            partition: None,
            output: Cow::Borrowed(output),
            timestamp_ms: message.timestamp_ms,
        };
        (handled.outcome(), Some(sending))
    }

    fn commits_offsets(&self) -> bool {
        true
    }
}
