//! Redriving dead letters: through the pipeline to the output topic, or back to their input topic.
//!
//! Each letter that is sent back is named by a mark of the same transaction ([`mark`]). One that is refused again
//! becomes a new letter with its attempts counted on; it stands behind the end that this job saw at its start, so no
//! job meets its own failures, and a limit of attempts ends them for good.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crossbeam_channel::Receiver;

use super::letters::{Letters, Place};
use super::reader::Reader;
use super::run::{Means, Run, Sending, Task};
use super::{Counts, Done, Error, Part, Speed, name, open};
use crate::stream::config::Settings;
use crate::stream::dead_letter::{self, Letter, letter, mark, original};
use crate::stream::event::Inbox;
use crate::stream::handler::Handler;
use crate::stream::kafka::limits::Limits;
use crate::stream::message::{DeadLetter, Handled, Message, Outcome, Output};
use crate::stream::pool;
use crate::stream::worker::Shutdown;

/// Which letters are meant; what is not given excludes none.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub places: BTreeSet<Place>,
    pub codes: BTreeSet<String>,
    pub source_topics: BTreeSet<String>,
    pub keys: BTreeSet<Vec<u8>>,
    /// Timestamps of messages, in milliseconds since 1970: from this one on, and before that one.
    pub since_ms: Option<i64>,
    pub until_ms: Option<i64>,
}

impl Filter {
    pub fn matches(&self, letter: &Letter) -> bool {
        let key = || {
            letter
                .key
                .as_ref()
                .is_some_and(|key| self.keys.contains(key))
        };
        let place = (letter.partition, letter.offset);
        let source = letter.source.input_topic.as_ref();
        // A letter without a timestamp is of no time.
        let since = |ms| letter.timestamp_ms.is_some_and(|at| at >= ms);
        let until = |ms| letter.timestamp_ms.is_some_and(|at| at < ms);
        (self.places.is_empty() || self.places.contains(&place))
            && (self.codes.is_empty() || self.codes.contains(&letter.code))
            && (self.source_topics.is_empty() || self.source_topics.contains(source))
            && (self.keys.is_empty() || key())
            && self.since_ms.is_none_or(since)
            && self.until_ms.is_none_or(until)
    }
}

/// Where letters go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// Through the pipeline to the output topic: only its readers see them.
    Pipeline,
    /// Back to the input topic, into the partition they came from: every group that reads it sees them.
    Input,
}

/// What is to be redriven, and how.
#[derive(Clone, Debug)]
pub struct Order {
    pub filter: Filter,
    pub way: Way,
    /// A letter with as many attempts or more is left alone.
    pub max_attempts: u32,
    pub speed: Speed,
}

/// Why a letter that the filter means is left alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Left {
    Redriven,
    TooManyAttempts,
    /// Its value was cut, so the message is not there any more.
    Cut,
    /// `--to-input`, and its input topic is none of `kafka.input_topics`.
    NotOurInput,
}

/// What an order comes to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    chosen: BTreeMap<i32, BTreeSet<i64>>,
    /// Chosen letters by code.
    pub by_code: BTreeMap<String, u64>,
    /// Letters that the filter means and that stay.
    pub left: BTreeMap<Left, u64>,
    /// Letters that the filter does not mean.
    pub others: u64,
    /// Messages of the topic that are no dead letters.
    pub foreign: u64,
}

impl Selection {
    fn new(letters: &Letters, order: &Order, settings: &Settings) -> Self {
        let mut selection = Selection {
            foreign: letters.foreign,
            ..Selection::default()
        };
        for letter in letters.iter() {
            if !order.filter.matches(letter) {
                selection.others += 1;
                continue;
            }
            let source = letter.source.input_topic.as_ref();
            let is_ours = || {
                settings
                    .kafka
                    .input_topics
                    .iter()
                    .any(|name| name == source)
            };
            let left = if letters.is_redriven(letter) {
                Left::Redriven
            } else if letter.is_cut {
                Left::Cut
            } else if letter.attempt >= order.max_attempts {
                Left::TooManyAttempts
            } else if order.way == Way::Input && !is_ours() {
                Left::NotOurInput
            } else {
                let chosen = selection.chosen.entry(letter.partition).or_default();
                chosen.insert(letter.offset);
                *selection.by_code.entry(letter.code.clone()).or_default() += 1;
                continue;
            };
            *selection.left.entry(left).or_default() += 1;
        }
        selection
    }

    /// How many letters are chosen.
    pub fn total(&self) -> u64 {
        self.by_code.values().sum()
    }

    fn has(&self, message: &Message) -> bool {
        let position = &message.position;
        let chosen = self.chosen.get(&position.partition);
        chosen.is_some_and(|offsets| offsets.contains(&position.offset))
    }

    /// The part of the topic that holds the chosen letters.
    fn part(&self) -> Part {
        let ranges = self.chosen.iter().filter_map(|(partition, offsets)| {
            Some((*partition, *offsets.first()?..offsets.last()? + 1))
        });
        ranges.collect()
    }
}

/// What would happen: nothing is written, and nobody is disturbed.
///
/// # Errors
/// The brokers do not answer, or the dead-letter topic cannot be read.
pub fn rehearse(
    settings: &Settings,
    order: &Order,
    handler: Arc<dyn Handler>,
    progress: &mut dyn FnMut(u64),
) -> Result<(Selection, Counts), Error> {
    let (events, inbox) = Inbox::new();
    let mut reader = Reader::open(settings, &settings.kafka.dead_letter_topic, events)?;
    let part = reader.whole()?;
    let letters = Letters::read(&mut reader, &inbox, &part, progress)?;
    let selection = Selection::new(&letters, order, settings);
    let limits = limits(settings)?;
    let task = Redrive::new(settings, order.way, selection, limits);
    let handler = order.way.handler(handler);
    let mut counts = Counts::default();
    reader.read_all(&inbox, &task.selection.part(), |message| {
        if task.takes(&message) {
            let handled = pool::handle(handler.as_ref(), &message);
            counts.add(task.outcome(&message, &handled).0);
        }
    })?;
    Ok((task.selection, counts))
}

/// What happens while letters are redriven.
pub enum Progress<'a> {
    /// So many messages of the dead-letter topic have been read.
    Looking(u64),
    /// These will be redriven.
    Chosen(&'a Selection),
    /// So far, committed.
    Redriven(&'a Counts),
}

/// Redrives. Told to stop, it commits what is done; the same order given again does the rest.
///
/// # Errors
/// Trouble with the brokers. What was committed stands, and the same order given again does the rest.
pub fn execute(
    settings: &Settings,
    order: &Order,
    handler: Arc<dyn Handler>,
    shutdown: &Receiver<Shutdown>,
    progress: &mut dyn FnMut(Progress<'_>),
) -> Result<Done, Error> {
    let settings = super::settings(settings);
    let limits = limits(&settings)?;
    let (events, inbox) = Inbox::new();
    // Before the marks are read: from here on nobody else sets any.
    let delivery = open(
        &settings,
        &name(&settings, "redrive"),
        limits,
        events.clone(),
    )?;
    let topic = &settings.kafka.dead_letter_topic;
    let mut reader = Reader::open(&settings, topic, events.clone())?;
    let whole = reader.whole()?;
    let letters = Letters::read(&mut reader, &inbox, &whole, &mut |count| {
        progress(Progress::Looking(count));
    })?;
    let selection = Selection::new(&letters, order, &settings);
    drop(letters);
    progress(Progress::Chosen(&selection));
    let part = selection.part();
    let task = Redrive::new(&settings, order.way, selection, limits);
    let means = Means {
        reader,
        delivery,
        events,
        inbox,
    };
    let run = Run::new(
        &settings,
        &task,
        &order.way.handler(handler),
        means,
        order.speed,
    )?;
    run.run(&part, shutdown, &mut |counts| {
        progress(Progress::Redriven(counts));
    })
}

fn limits(settings: &Settings) -> Result<Limits, Error> {
    Limits::ask(settings).map_err(|source| Error::Unanswered {
        what: "what the output topics take".to_owned(),
        source,
    })
}

impl Way {
    fn handler(self, pipeline: Arc<dyn Handler>) -> Arc<dyn Handler> {
        match self {
            Way::Pipeline => Arc::new(Again(pipeline)),
            Way::Input => Arc::new(Back),
        }
    }
}

/// The handler of the worker, on the message that the letter was.
struct Again(Arc<dyn Handler>);

impl Handler for Again {
    fn handle(&self, letter: &Message) -> Handled {
        self.0.handle(&message(letter))
    }
}

/// The message that the letter was, as it came.
struct Back;

impl Handler for Back {
    fn handle(&self, letter: &Message) -> Handled {
        let message = message(letter);
        Handled::Record(Output {
            key: message.key,
            value: message.value,
            headers: message.headers,
        })
    }
}

fn message(letter: &Message) -> Message {
    original(letter).expect(READ)
}

/// Why what a letter says of its message can be read.
const READ: &str = "only letters that could be read are chosen";

struct Redrive {
    way: Way,
    selection: Selection,
    limits: Limits,
    output_topic: Arc<str>,
    dead_letter_topic: Arc<str>,
}

impl Redrive {
    fn new(settings: &Settings, way: Way, selection: Selection, limits: Limits) -> Self {
        Redrive {
            way,
            selection,
            limits,
            output_topic: settings.kafka.output_topic.as_str().into(),
            dead_letter_topic: settings.kafka.dead_letter_topic.as_str().into(),
        }
    }

    fn to_output<'m>(&self, letter: &Message, output: &'m Output) -> Sending<'m> {
        Sending {
            topic: Arc::clone(&self.output_topic),
            partition: None,
            output: Cow::Borrowed(output),
            timestamp_ms: letter::timestamp_ms(letter),
        }
    }

    /// The producer of the message chose its partition, by whatever rule. It gets the present time: with its own it
    /// might be of an age at which retention takes it away before it is read.
    fn to_input<'m>(letter: &Message, output: &'m Output) -> Sending<'m> {
        let position = letter::source(letter).expect(READ);
        Sending {
            topic: position.input_topic,
            partition: Some(position.partition),
            output: Cow::Borrowed(output),
            timestamp_ms: None,
        }
    }

    fn refused(&self, letter: &Message, why: &DeadLetter) -> Sending<'static> {
        let message = message(letter);
        Sending {
            topic: Arc::clone(&self.dead_letter_topic),
            partition: None,
            output: Cow::Owned(dead_letter::of(&message, why, self.limits.dead_letter)),
            timestamp_ms: message.timestamp_ms,
        }
    }
}

impl Task for Redrive {
    fn takes(&self, message: &Message) -> bool {
        self.selection.has(message)
    }

    fn outcome<'m>(
        &self,
        letter: &'m Message,
        handled: &'m Handled,
    ) -> (Outcome, Option<Sending<'m>>) {
        let (outcome, sending) = match (self.way, handled) {
            (Way::Input, Handled::Record(output)) => {
                (Outcome::Record, Self::to_input(letter, output))
            }
            (_, Handled::Record(output) | Handled::Tombstone(output)) => {
                match dead_letter::too_large(output, self.limits.output) {
                    Some(why) => (Outcome::DeadLetter(why.code), self.refused(letter, &why)),
                    None => (handled.outcome(), self.to_output(letter, output)),
                }
            }
            (_, Handled::DeadLetter(why)) => {
                (Outcome::DeadLetter(why.code), self.refused(letter, why))
            }
        };
        (outcome, Some(sending))
    }

    fn marks(&self, partition: i32, offsets: &[i64]) -> Vec<Sending<'static>> {
        let marks = mark::of(partition, offsets).into_iter();
        let marks = marks.map(|output| Sending {
            topic: Arc::clone(&self.dead_letter_topic),
            partition: Some(partition),
            output: Cow::Owned(output),
            timestamp_ms: None,
        });
        marks.collect()
    }
}
