//! What can be wrong with a taxonomy's files.

use thiserror::Error;

/// One mistake in a file: where, what, and how to mend it.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("{file}:{line}: {problem}; {hint}")]
pub struct TaxonomyError {
    pub file: String,
    /// From 1.
    pub line: usize,
    pub problem: String,
    pub hint: String,
}
