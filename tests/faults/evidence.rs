//! What a fault hit: only one that met work counts.

use std::fmt;
use std::time::Duration;

use anyhow::Result;
use support::feeder::Feeder;
use support::scenario::Scenario;
use support::wait;

use crate::fleet::Fleet;

/// How long the workers may take to get busy.
const BUSY: Duration = Duration::from_secs(90);

/// What was going on when a fault came.
#[derive(Clone, Debug, Default)]
pub struct Hit {
    /// Messages that the group had yet to commit.
    pub lag: i64,
    /// Bytes of messages that workers had in work.
    pub in_flight: f64,
    /// Output partitions with an open transaction.
    pub open_transactions: usize,
    /// The log of a worker that was killed ends in a transaction, which may not have written anything yet.
    pub in_transaction: bool,
    /// What else is known of it.
    pub detail: String,
}

impl Hit {
    /// Whether it met work.
    pub fn counts(&self) -> bool {
        self.lag > 0 && (self.in_flight > 0.0 || self.open_transactions > 0 || self.in_transaction)
    }
}

impl fmt::Display for Hit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "lag {}, {} bytes in flight, {} partitions in a transaction",
            self.lag, self.in_flight, self.open_transactions
        )?;
        if !self.detail.is_empty() {
            write!(f, "; {}", self.detail)?;
        }
        Ok(())
    }
}

/// Sends a burst, and waits until the workers are at it.
pub fn when_busy(scenario: &Scenario, fleet: &Fleet, feeder: &Feeder, burst: usize) -> Result<Hit> {
    feeder.burst(burst)?;
    wait::until("the workers to be busy", BUSY, || {
        let hit = measure(scenario, fleet)?;
        Ok(hit.counts().then_some(hit))
    })
}

/// What is going on now.
pub fn measure(scenario: &Scenario, fleet: &Fleet) -> Result<Hit> {
    Ok(Hit {
        open_transactions: scenario.observer.open_transactions(&scenario.output)?,
        lag: scenario.observer.lag(&scenario.group, &scenario.input)?,
        in_flight: fleet.in_flight_bytes(),
        ..Hit::default()
    })
}
