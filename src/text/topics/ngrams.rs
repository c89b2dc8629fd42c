//! Words and pairs of words as evidence: how much likelier each is in articles of a class than in others.

use std::collections::HashMap;

use crate::text::document::{Document, TokenKind};

/// The different words and pairs of neighbouring words of a document, as hashes, ascending.
pub fn of(document: &Document) -> Vec<u64> {
    let mut found = Vec::new();
    let mut before = None;
    for (index, token) in document.tokens().iter().enumerate() {
        if token.kind != TokenKind::Word {
            before = None;
            continue;
        }
        let word = hash(SEED, document.token_text(index).to_lowercase().as_bytes());
        found.push(word);
        found.extend(before.map(|before| hash(before, &word.to_le_bytes())));
        before = Some(word);
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// The constants of FNV-1a, 64 bits.
const SEED: u64 = 0xcbf2_9ce4_8422_2325;
const PRIME: u64 = 0x0100_0000_01b3;

fn hash(seed: u64, bytes: &[u8]) -> u64 {
    bytes.iter().fold(seed, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(PRIME)
    })
}

/// In how many articles of each class each n-gram stands.
pub struct NGrams {
    /// Articles of each class; of all.
    sizes: Vec<f64>,
    size: f64,
    /// For each n-gram the classes' counts, then that of all.
    counts: HashMap<u64, Vec<f64>>,
}

/// What is rarer says nothing.
const MIN_COUNT: f64 = 3.0;
/// As many articles as if each n-gram had stood in half of them.
const SMOOTHING: f64 = 1.0;

impl NGrams {
    /// `labels` are the classes of each article.
    pub fn learn<'a>(
        articles: impl Iterator<Item = &'a [u64]>,
        labels: &[&[usize]],
        classes: usize,
    ) -> NGrams {
        let mut learned = NGrams {
            sizes: vec![0.0; classes],
            size: labels.len() as f64,
            counts: HashMap::new(),
        };
        for (ngrams, labels) in articles.zip(labels) {
            labels.iter().for_each(|class| learned.sizes[*class] += 1.0);
            for ngram in ngrams {
                let counts = learned.counts.entry(*ngram);
                let counts = counts.or_insert_with(|| vec![0.0; classes + 1]);
                labels.iter().for_each(|class| counts[*class] += 1.0);
                counts[classes] += 1.0;
            }
        }
        learned
            .counts
            .retain(|_, counts| counts[classes] >= MIN_COUNT);
        learned
    }

    /// The mean, over an article's n-grams, of the logarithm of how much likelier each is in the class than outside of
    /// it. `own` says of an article that was learned from whether it is of the class, and takes it out again.
    pub fn score(&self, class: usize, ngrams: &[u64], own: Option<bool>) -> f64 {
        let inside = if own == Some(true) { 1.0 } else { 0.0 };
        let all = if own.is_some() { 1.0 } else { 0.0 };
        let likelihood = |count: f64, size: f64| (count + SMOOTHING / 2.0) / (size + SMOOTHING);
        let size = self.sizes[class] - inside;
        let rest = self.size - all - size;
        let mut sum = 0.0;
        let mut known = 0.0;
        for counts in ngrams.iter().filter_map(|ngram| self.counts.get(ngram)) {
            let count = counts[class] - inside;
            let outside = counts[self.sizes.len()] - all - count;
            sum += (likelihood(count, size) / likelihood(outside, rest)).ln();
            known += 1.0;
        }
        if known > 0.0 { sum / known } else { 0.0 }
    }
}
