//! A world around the state machine that is too simple to be wrong: each partition is an endless log with gaps, and
//! what is settled is written down.

use std::collections::BTreeMap;
use std::time::Instant;

use newsmill::stream::state::{Budget, Emission, Receipt, Source, State, Ticket};
use newsmill::stream::{Handled, Message, Outcome, Output, Position};

/// The offsets of a partition's log: every third one is missing, as after compaction or behind a transaction marker.
fn exists(offset: i64) -> bool {
    offset % 3 != 2
}

/// The first offset from this one on that exists.
fn existing(mut offset: i64) -> i64 {
    while !exists(offset) {
        offset += 1;
    }
    offset
}

/// A message has 100 bytes, its outcome 50 or as many as are set aside for it: two large ones fit into the half that is
/// for outcomes.
const BUDGET: usize = 6_600;
const OUTCOME: usize = 50;
const LARGE: usize = 1_600;

/// How what was emitted gets settled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settling {
    ByAcknowledgement,
    ByCommit,
}

/// One message that the model knows to be in flight.
struct InFlight {
    offset: i64,
    ticket: Ticket,
    /// When it was read, among all messages.
    turn: usize,
    computing: bool,
    done: bool,
    /// Of its outcome.
    bytes: usize,
    emitted: bool,
    acknowledged: bool,
}

#[derive(Default)]
struct Partition {
    assigned: bool,
    reading: bool,
    /// Where the consumer reads on.
    position: i64,
    in_flight: Vec<InFlight>,
}

pub struct World {
    settling: Settling,
    state: State,
    partitions: BTreeMap<Source, Partition>,
    /// By partition: the group's committed offset, which outlives an assignment.
    committed: BTreeMap<Source, i64>,
    /// Tickets of messages that the state has forgotten.
    stale: Vec<Ticket>,
    turns: usize,
    settled: usize,
    receipts: usize,
    now: Instant,
}

impl World {
    pub fn new(settling: Settling) -> Self {
        World {
            settling,
            state: State::new(Budget::new(20, BUDGET), 0),
            partitions: BTreeMap::new(),
            committed: BTreeMap::new(),
            stale: Vec::new(),
            turns: 0,
            settled: 0,
            receipts: 0,
            now: Instant::now(),
        }
    }

    /// One event; `choice` picks among whatever the event can be about.
    pub fn step(&mut self, event: u8, partition: u8, choice: u8) {
        let source = Source {
            topic: u16::from(partition % 2),
            partition: i32::from(partition % 3),
        };
        match event % 16 {
            0 => self.assign(source),
            1..=4 => self.read(source),
            5 | 6 => self.compute(),
            7 | 8 => self.finish(source, choice),
            9..=11 => self.emit(choice),
            12 | 13 => self.settle(source, choice),
            14 => match choice % 5 {
                0 => self.rewind(),
                1 => self.stop_reading(source),
                2 => self.remove(source),
                3 => self.drop_unemitted(source),
                _ => self.repeat(source),
            },
            _ => self.stale(choice),
        }
        self.check();
    }

    fn assign(&mut self, source: Source) {
        if self.partitions.get(&source).is_some_and(|p| p.assigned) {
            return;
        }
        let position = *self.committed.entry(source).or_insert(0);
        self.state.assign(source, position);
        let partition = self.partitions.entry(source).or_default();
        partition.assigned = true;
        partition.reading = true;
        partition.position = position;
    }

    fn read(&mut self, source: Source) {
        let Some(partition) = self.partitions.get_mut(&source) else {
            return;
        };
        if !partition.assigned {
            assert!(self.state.push(source, message(0), self.now).is_none());
            return;
        }
        let offset = existing(partition.position);
        partition.position = offset + 1;
        match self.state.push(source, message(offset), self.now) {
            Some(ticket) => {
                assert!(partition.reading, "read after it was told to stop");
                self.turns += 1;
                partition.in_flight.push(InFlight {
                    offset,
                    ticket,
                    turn: self.turns,
                    computing: false,
                    done: false,
                    bytes: 0,
                    emitted: false,
                    acknowledged: false,
                });
            }
            None => assert!(!partition.reading, "offset {offset} was dropped"),
        }
    }

    /// The client delivers something again that was taken already.
    fn repeat(&mut self, source: Source) {
        let Some(partition) = self.partitions.get(&source) else {
            return;
        };
        if let Some(last) = partition.in_flight.last() {
            let again = self.state.push(source, message(last.offset), self.now);
            assert!(again.is_none(), "offset {} was taken twice", last.offset);
        }
    }

    /// Messages are computed in the order in which they were read, each once.
    fn compute(&mut self) {
        let room = !self.holds_outcomes();
        let waiting = self
            .partitions
            .values_mut()
            .flat_map(|partition| &mut partition.in_flight)
            .filter(|message| !message.computing);
        let first = waiting.min_by_key(|message| message.turn);
        match (self.state.next_to_compute(), first) {
            (Some((ticket, message)), Some(first)) => {
                assert_eq!(ticket, first.ticket, "computed out of turn");
                assert_eq!(message.position.offset, first.offset);
                first.computing = true;
            }
            (Some((ticket, _)), None) => panic!("{ticket:?} does not wait"),
            (None, Some(_)) => assert!(!room, "nothing is computed, with room"),
            (None, None) => {}
        }
    }

    /// Whether anything holds the half of the budget that is for outcomes.
    fn holds_outcomes(&self) -> bool {
        let mut in_flight = self.partitions.values().flat_map(|p| &p.in_flight);
        in_flight.any(|message| message.computing)
    }

    fn finish(&mut self, source: Source, choice: u8) {
        let Some(partition) = self.partitions.get_mut(&source) else {
            return;
        };
        let mut computing: Vec<_> = partition
            .in_flight
            .iter_mut()
            .filter(|m| m.computing && !m.done)
            .collect();
        if computing.is_empty() {
            return;
        }
        let index = usize::from(choice) % computing.len();
        computing[index].done = true;
        let bytes = if choice.is_multiple_of(8) {
            LARGE
        } else {
            OUTCOME
        };
        let ticket = computing[index].ticket;
        computing[index].bytes = bytes;
        assert!(self.state.done(ticket, record(bytes), self.now));
    }

    fn emit(&mut self, choice: u8) {
        let Some(emission) = self.state.next_to_emit() else {
            for (source, partition) in &self.partitions {
                let next = partition.in_flight.iter().find(|m| !m.emitted);
                assert!(
                    !next.is_some_and(|m| m.done),
                    "{source:?} has something to emit"
                );
            }
            return;
        };
        let source = emission.ticket.source;
        let partition = self.partitions.get_mut(&source).unwrap();
        let next = partition.in_flight.iter_mut().find(|m| !m.emitted).unwrap();
        assert_eq!(
            emission.message.position.offset, next.offset,
            "out of order"
        );
        assert!(next.done, "emitted before it was computed");
        if choice.is_multiple_of(4) {
            self.state.put_back(emission);
            return;
        }
        next.emitted = true;
        let Emission { ticket, .. } = emission;
        let bytes = next.bytes;
        self.state.emitted(ticket, receipt(bytes, self.now));
    }

    fn settle(&mut self, source: Source, choice: u8) {
        match self.settling {
            Settling::ByAcknowledgement => self.acknowledge(source, choice),
            Settling::ByCommit => self.commit(),
        }
    }

    fn acknowledge(&mut self, source: Source, choice: u8) {
        let Some(partition) = self.partitions.get_mut(&source) else {
            return;
        };
        let mut waiting: Vec<_> = partition
            .in_flight
            .iter_mut()
            .filter(|m| m.emitted && !m.acknowledged)
            .collect();
        if waiting.is_empty() {
            return;
        }
        let index = usize::from(choice) % waiting.len();
        waiting[index].acknowledged = true;
        let moved = self.state.acknowledge(waiting[index].ticket);
        let prefix = partition
            .in_flight
            .iter()
            .take_while(|m| m.acknowledged)
            .count();
        let gone: Vec<InFlight> = partition.in_flight.drain(..prefix).collect();
        let expected = gone.last().map(|m| (source, m.offset + 1));
        assert_eq!(
            moved, expected,
            "the watermark is not behind the acknowledged prefix"
        );
        self.write_down(source, &gone);
    }

    fn commit(&mut self) {
        let expected: Vec<_> = self
            .partitions
            .iter()
            .filter_map(|(source, partition)| {
                let last = partition.in_flight.iter().rfind(|m| m.emitted)?;
                Some((*source, last.offset + 1))
            })
            .collect();
        assert_eq!(self.state.emitted_offsets(), expected);
        self.state.settle_emitted();
        for (source, _) in expected {
            let partition = self.partitions.get_mut(&source).unwrap();
            let emitted = partition.in_flight.iter().filter(|m| m.emitted).count();
            let gone: Vec<InFlight> = partition.in_flight.drain(..emitted).collect();
            self.write_down(source, &gone);
        }
    }

    /// The law: every offset of the log is settled once, in order, none left out.
    fn write_down(&mut self, source: Source, gone: &[InFlight]) {
        let committed = self.committed.get_mut(&source).unwrap();
        for message in gone {
            let next = existing(*committed);
            assert_eq!(message.offset, next, "{source:?} lost or doubled an offset");
            *committed = message.offset + 1;
            self.settled += 1;
            self.stale.push(message.ticket);
        }
    }

    fn rewind(&mut self) {
        let rewound: BTreeMap<Source, i64> = self.state.rewind().into_iter().collect();
        for (source, partition) in &mut self.partitions {
            let first = partition.in_flight.first().map(|m| m.offset);
            match rewound.get(source) {
                Some(offset) => {
                    let expected = first.unwrap_or(self.committed[source]);
                    assert_eq!(existing(*offset), existing(expected));
                    partition.position = *offset;
                }
                None => assert_eq!(first, None, "{source:?} has messages to be read again"),
            }
            self.stale
                .extend(partition.in_flight.drain(..).map(|m| m.ticket));
        }
    }

    fn stop_reading(&mut self, source: Source) {
        self.state.stop_reading(source);
        if let Some(partition) = self.partitions.get_mut(&source) {
            partition.reading = false;
        }
    }

    fn drop_unemitted(&mut self, source: Source) {
        let dropped = self.state.drop_unemitted(source);
        let Some(partition) = self.partitions.get_mut(&source) else {
            assert_eq!(dropped, 0);
            return;
        };
        partition.reading = false;
        let (kept, gone): (Vec<_>, Vec<_>) = partition.in_flight.drain(..).partition(|m| m.emitted);
        partition.in_flight = kept;
        assert_eq!(dropped, gone.len());
        self.stale.extend(gone.into_iter().map(|m| m.ticket));
    }

    fn remove(&mut self, source: Source) {
        self.state.remove(source);
        if let Some(partition) = self.partitions.get_mut(&source) {
            self.stale
                .extend(partition.in_flight.drain(..).map(|m| m.ticket));
            partition.assigned = false;
            partition.reading = false;
        }
    }

    /// Results and acknowledgements that come too late.
    fn stale(&mut self, choice: u8) {
        if self.stale.is_empty() {
            return;
        }
        let ticket = self
            .stale
            .swap_remove(usize::from(choice) % self.stale.len());
        if self.state.offset_of(ticket).is_none() {
            assert!(
                !self.state.done(ticket, record(OUTCOME), self.now),
                "a stale result was taken"
            );
            assert_eq!(
                self.state.acknowledge(ticket),
                None,
                "a stale acknowledgement counted"
            );
        }
    }

    fn check(&mut self) {
        let in_flight: usize = self.partitions.values().map(|p| p.in_flight.len()).sum();
        assert_eq!(self.state.budget().messages(), in_flight);
        assert_eq!(self.state.budget().bytes() == 0, in_flight == 0);
        for (source, partition) in &self.partitions {
            let drained = partition.in_flight.iter().all(|m| m.emitted);
            assert_eq!(self.state.is_drained(*source), drained);
            assert_eq!(
                self.state.is_settled(*source),
                partition.in_flight.is_empty()
            );
        }
        let outcomes = self.partitions.values().flat_map(|p| &p.in_flight);
        let made: usize = outcomes.filter(|m| m.done).map(|m| m.bytes).sum();
        assert!(made <= BUDGET / 2, "outcomes of {made} bytes are held");
        self.receipts += self.state.take_settled().count();
        assert_eq!(
            self.receipts, self.settled,
            "one receipt for each message settled"
        );
    }

    /// Lets everything finish: nothing may be stuck.
    pub fn finish_all(&mut self) {
        let sources: Vec<Source> = self.partitions.keys().copied().collect();
        while self.partitions.values().any(|p| !p.in_flight.is_empty()) {
            self.compute();
            for source in &sources {
                self.finish(*source, 1);
            }
            self.emit(1);
            for source in &sources {
                self.settle(*source, 0);
            }
        }
        self.check();
        assert_eq!(self.state.budget().bytes(), 0);
    }
}

fn message(offset: i64) -> Message {
    Message {
        position: Position {
            input_topic: "articles".into(),
            partition: 0,
            offset,
        },
        timestamp_ms: None,
        key: None,
        value: Some(vec![b'x'; 100]),
        headers: Vec::new(),
    }
}

fn record(bytes: usize) -> Handled {
    Handled::Record(Output {
        key: None,
        value: Some(vec![b'y'; bytes]),
        headers: Vec::new(),
    })
}

fn receipt(bytes: usize, now: Instant) -> Receipt {
    Receipt {
        outcome: Outcome::Record,
        bytes,
        timestamp_ms: None,
        emitted_at: now,
    }
}
