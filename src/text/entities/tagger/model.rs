//! The model: weights of features, in one file that is built in.

use thiserror::Error;

use super::exp::exp;
use super::label::{LABELS, may_follow};
use super::slots::Slots;

/// Weights in steps of [`Model::step`].
pub struct Model {
    slots: Slots,
    /// By the slots' rows.
    rows: Vec<Row>,
    transitions: [[i16; LABELS]; LABELS],
    /// The transitions' odds.
    odds: [[f32; LABELS]; LABELS],
    /// What one unit of a weight is worth, as a logarithm of odds.
    step: f32,
    /// Hashes of the small words that names hold, sorted.
    inner: Vec<u32>,
}

/// Weights that are kept of a row in memory: [`LABELS`], padded to a power of two, so that no row lies in two lines of
/// the processor's cache.
pub const ROW: usize = 16;

#[derive(Clone, Copy, Default)]
#[repr(align(16))]
struct Row([i8; ROW]);

/// Why bytes are no model.
#[derive(Debug, Error)]
pub enum ModelError {
    #[error("the entity model does not begin with \"{MAGIC}\"")]
    Magic,
    #[error("the entity model ends after {0} bytes, in the middle of a field")]
    Short(usize),
    #[error("the entity model has {0} words of slots, which is no power of two")]
    Slots(usize),
    #[error("the entity model goes on after its last field, at byte {0}")]
    Long(usize),
}

/// Name and version of the format.
const MAGIC: &str = "newsmill entities 2\n";

impl Model {
    /// `weights` by the slots' rows.
    pub fn new(
        slots: Slots,
        weights: &[[f32; LABELS]],
        transitions: &[[f32; LABELS]; LABELS],
        inner: Vec<u32>,
    ) -> Self {
        let largest = weights
            .iter()
            .flatten()
            .fold(0.0_f32, |largest, weight| largest.max(weight.abs()));
        // The few largest weights are cut, so that the many small ones keep their differences.
        let step = (largest / f32::from(i8::MAX)).clamp(f32::MIN_POSITIVE, LARGEST_STEP);
        let whole = |weight: f32| (weight / step).round();
        let limit = f32::from(i8::MAX);
        let transitions = transitions.map(|row| row.map(|weight| whole(weight) as i16));
        Model {
            slots,
            rows: weights
                .iter()
                .map(|row| {
                    let mut whole_row = Row::default();
                    for (cell, weight) in whole_row.0.iter_mut().zip(row) {
                        *cell = whole(*weight).clamp(-limit, limit) as i8;
                    }
                    whole_row
                })
                .collect(),
            transitions,
            odds: odds(&transitions, step),
            step,
            inner,
        }
    }

    /// Reads what [`Model::to_bytes`] wrote.
    ///
    /// # Errors
    ///
    /// Where the bytes are of another format or cut.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, ModelError> {
        let mut reader = Reader { bytes, at: 0 };
        if reader.take(MAGIC.len())? != MAGIC.as_bytes() {
            return Err(ModelError::Magic);
        }
        let step = f32::from_bits(reader.u32()?);
        let mut inner = Vec::new();
        for _ in 0..reader.u32()? {
            inner.push(reader.u32()?);
        }
        let mut transitions = [[0; LABELS]; LABELS];
        for cell in transitions.iter_mut().flatten() {
            *cell = i16::from_le_bytes(reader.array()?);
        }
        let mut words = Vec::new();
        for _ in 0..reader.u32()? {
            words.push(u64::from_le_bytes(reader.array()?));
        }
        if !words.len().is_power_of_two() {
            return Err(ModelError::Slots(words.len()));
        }
        let slots = Slots::of_words(words);
        let mut rows = Vec::with_capacity(slots.rows());
        for _ in 0..slots.rows() {
            let mut row = Row::default();
            for (cell, byte) in row.0.iter_mut().zip(reader.take(LABELS)?) {
                *cell = i8::from_le_bytes([*byte]);
            }
            rows.push(row);
        }
        if reader.at < bytes.len() {
            return Err(ModelError::Long(reader.at));
        }
        let odds = odds(&transitions, step);
        Ok(Model {
            slots,
            rows,
            transitions,
            odds,
            step,
            inner,
        })
    }

    /// Little-endian throughout: magic, step, inner words, transitions, slots, rows.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = MAGIC.as_bytes().to_vec();
        bytes.extend(self.step.to_bits().to_le_bytes());
        bytes.extend((self.inner.len() as u32).to_le_bytes());
        bytes.extend(self.inner.iter().flat_map(|word| word.to_le_bytes()));
        bytes.extend(
            self.transitions
                .iter()
                .flatten()
                .flat_map(|weight| weight.to_le_bytes()),
        );
        bytes.extend((self.slots.words().len() as u32).to_le_bytes());
        bytes.extend(
            self.slots
                .words()
                .iter()
                .flat_map(|word| word.to_le_bytes()),
        );
        bytes.extend(
            self.rows
                .iter()
                .flat_map(|row| &row.0[..LABELS])
                .flat_map(|weight| weight.to_le_bytes()),
        );
        bytes
    }

    pub fn inner(&self) -> &[u32] {
        &self.inner
    }

    pub fn step(&self) -> f32 {
        self.step
    }

    pub fn transitions(&self) -> &[[i16; LABELS]; LABELS] {
        &self.transitions
    }

    pub fn odds(&self) -> &[[f32; LABELS]; LABELS] {
        &self.odds
    }

    /// A feature's weights, if it has any.
    pub fn row(&self, feature: u64) -> Option<&[i8; ROW]> {
        self.slots.row(feature).map(|row| &self.rows[row].0)
    }
}

/// Transitions that cannot be have no odds.
fn odds(transitions: &[[i16; LABELS]; LABELS], step: f32) -> [[f32; LABELS]; LABELS] {
    let mut odds = [[0.0; LABELS]; LABELS];
    for previous in 0..LABELS {
        for next in (0..LABELS).filter(|&next| may_follow(previous, next)) {
            odds[previous][next] = exp(f32::from(transitions[previous][next]) * step);
        }
    }
    odds
}

/// Weights beyond 127 steps are cut; a log-odds of 3 by one feature is as good as certain.
const LARGEST_STEP: f32 = 3.0 / 127.0;

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> Result<&'a [u8], ModelError> {
        let part = self
            .bytes
            .get(self.at..self.at + count)
            .ok_or(ModelError::Short(self.bytes.len()))?;
        self.at += count;
        Ok(part)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], ModelError> {
        let mut array = [0; N];
        array.copy_from_slice(self.take(N)?);
        Ok(array)
    }

    fn u32(&mut self) -> Result<u32, ModelError> {
        Ok(u32::from_le_bytes(self.array()?))
    }
}
