//! The kinds of faults.

/// What can go wrong around a worker, and to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// SIGKILL of a worker at a random moment; a successor under the same name.
    KillWorker,
    /// SIGKILL of a worker while the broker that leads an output partition stands still: what was sent is not
    /// acknowledged, and the group's coordinator takes commits all the same.
    KillUnacknowledged,
    /// SIGKILL of a worker in a phase of a transaction.
    KillInTransaction(Phase),
    /// SIGSTOP of a worker past its session time-out, then SIGCONT: others own its partitions by then.
    Zombie,
    /// Workers join under load, 1 -> 4, and leave again, 4 -> 1.
    Scale,
    /// SIGKILL of the broker that leads an output partition, and its restart.
    KillBroker,
    /// The same, away for longer than the session and the transaction time-out.
    LoseBroker,
    /// SIGKILL of all brokers, for longer than the session time-out.
    KillAllBrokers,
    /// SIGSTOP of the broker that leads an output partition, long enough that others lead instead.
    StallBroker,
    /// A clean stop of the broker that coordinates the group.
    MoveCoordinator,
    /// A clean stop of the broker that leads an output partition.
    MoveLeader,
    /// Connections held up for longer than the session and the transaction time-out.
    Isolate,
    /// Connections ended.
    CutConnections,
    /// Connections held up for some seconds.
    StallConnections,
    /// Each piece of data some tenths of a second late.
    DelayConnections,
    /// A run of messages that are no articles.
    Poison,
}

/// Where in a transaction a worker is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    Begun,
    Flushing,
    SendingOffsets,
    Committing,
    Committed,
}

impl Phase {
    pub const ALL: [Phase; 5] = [
        Phase::Begun,
        Phase::Flushing,
        Phase::SendingOffsets,
        Phase::Committing,
        Phase::Committed,
    ];

    /// What the worker logs at its beginning.
    pub fn event(self) -> &'static str {
        match self {
            Phase::Begun => "transaction begun",
            Phase::Flushing => "transaction flushing",
            Phase::SendingOffsets => "transaction sending offsets",
            Phase::Committing => "transaction committing",
            Phase::Committed => "transaction committed",
        }
    }
}

impl Fault {
    /// The kind's name in reports; a phase does not make a kind of its own.
    pub fn name(self) -> &'static str {
        match self {
            Fault::KillWorker => "worker killed",
            Fault::KillUnacknowledged => "worker killed while a broker stands still",
            Fault::KillInTransaction(_) => "worker killed in a phase of its transaction",
            Fault::Zombie => "worker stopped past its session, then continued",
            Fault::Scale => "workers 1 -> 4 -> 1",
            Fault::KillBroker => "broker killed and restarted",
            Fault::LoseBroker => "broker away for longer than session and transaction",
            Fault::KillAllBrokers => "all brokers killed and restarted",
            Fault::StallBroker => "broker stopped, then continued",
            Fault::MoveCoordinator => "coordinator moved",
            Fault::MoveLeader => "leader moved",
            Fault::Isolate => "no connection for longer than session and transaction",
            Fault::CutConnections => "connections cut",
            Fault::StallConnections => "connections stalled",
            Fault::DelayConnections => "connections delayed",
            Fault::Poison => "burst of poison",
        }
    }
}
