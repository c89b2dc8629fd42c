//! Counting what is right.

use std::ops::AddAssign;

use serde::Serialize;

/// What was reported and what should have been.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Reported and right.
    pub right: usize,
    pub reported: usize,
    /// What should be reported.
    pub gold: usize,
    /// That of it which was; not always `right`: two reports may be one thing.
    pub found: usize,
}

impl Tally {
    pub fn new(right: usize, reported: usize, gold: usize) -> Self {
        Tally {
            right,
            reported,
            gold,
            found: right,
        }
    }

    pub fn row(self) -> Row {
        let part = |part: usize, all: usize| (all > 0).then(|| part as f64 / all as f64);
        let (precision, recall) = (part(self.right, self.reported), part(self.found, self.gold));
        let f1 = match (precision, recall) {
            (Some(p), Some(r)) if p > 0.0 && r > 0.0 => 2.0 * p * r / (p + r),
            _ => 0.0,
        };
        Row {
            p: precision.map(rounded),
            r: recall.map(rounded),
            f1: rounded(f1),
            reported: self.reported,
            gold: self.gold,
        }
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Tally) {
        self.right += other.right;
        self.reported += other.reported;
        self.gold += other.gold;
        self.found += other.found;
    }
}

/// A row of a table: precision, recall (none where nothing was reported, or nothing should be), F1.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Row {
    pub p: Option<f64>,
    pub r: Option<f64>,
    pub f1: f64,
    pub reported: usize,
    pub gold: usize,
}

/// Three decimals, as every table here has them.
pub fn rounded(number: f64) -> f64 {
    let text = format!("{number:.3}");
    text.parse().expect("a number that was just written")
}
