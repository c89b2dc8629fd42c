//! Hashes of words and features: the same everywhere, since a model's rows are numbered by them.

/// A word in lower case. FNV-1a, with ASCII letters turned small and others left as they are.
pub fn word(word: &str) -> u32 {
    word.bytes().fold(0x811c_9dc5, |hash, byte| {
        (hash ^ u32::from(byte.to_ascii_lowercase())).wrapping_mul(0x0100_0193)
    })
}

/// A feature: which question was asked, and the answer. The multiplier is the golden ratio's, as in Fibonacci hashing.
pub fn feature(question: u32, answer: u32) -> u64 {
    let mixed = (u64::from(question) << 32 | u64::from(answer)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (mixed ^ (mixed >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9)
}

/// Two answers as one.
pub fn pair(a: u32, b: u32) -> u32 {
    (a.rotate_left(13) ^ b.wrapping_mul(0x85eb_ca6b)).wrapping_mul(0xc2b2_ae35)
}
