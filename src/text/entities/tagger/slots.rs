//! Which features have weights: a bit for each slot that a feature's hash can fall into, and the row of each bit.
//!
//! Most features of a new text were never learned. The bits are small enough for the processor's second cache, so that
//! the answer "none" costs no look into the weights, and no stranger's weights are taken for the feature's own.

/// A power of two of slots; rows are numbered in the order of the slots that are taken.
#[derive(Clone, Debug)]
pub struct Slots {
    taken: Vec<u64>,
    /// How many slots are taken before each word of `taken`.
    before: Vec<u32>,
}

impl Slots {
    /// `2^bits` slots, of which these features' are taken. At least one word: `bits` is 6 or more.
    pub fn new(bits: u8, features: impl Iterator<Item = u64>) -> Self {
        let mut taken = vec![0_u64; 1 << (bits - 6)];
        let mask = taken.len() - 1;
        for feature in features {
            taken[(feature >> 6) as usize & mask] |= 1 << (feature % 64);
        }
        Self::of_words(taken)
    }

    /// From what [`Slots::words`] gave.
    pub fn of_words(taken: Vec<u64>) -> Self {
        let before = taken
            .iter()
            .scan(0, |count, word| {
                let before = *count;
                *count += word.count_ones();
                Some(before)
            })
            .collect();
        Slots { taken, before }
    }

    pub fn words(&self) -> &[u64] {
        &self.taken
    }

    /// How many are taken: the number of rows.
    pub fn rows(&self) -> usize {
        self.taken
            .iter()
            .map(|word| word.count_ones() as usize)
            .sum()
    }

    /// The row of a feature, if its slot is taken.
    pub fn row(&self, feature: u64) -> Option<usize> {
        let at = (feature >> 6) as usize & (self.taken.len() - 1);
        let bit = 1 << (feature % 64);
        let word = self.taken[at];
        (word & bit != 0).then(|| (self.before[at] + (word & (bit - 1)).count_ones()) as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_numbered_by_slot_and_others_have_none() {
        let slots = Slots::new(8, [200, 3, 64, 3 + (1 << 8)].into_iter());
        assert_eq!(slots.rows(), 3);
        let rows: Vec<_> = [3, 64, 200, 4, 3 + (1 << 8)]
            .map(|feature| slots.row(feature))
            .into();
        assert_eq!(rows, [Some(0), Some(1), Some(2), None, Some(0)]);
        assert_eq!(Slots::of_words(slots.words().to_vec()).row(200), Some(2));
    }
}
