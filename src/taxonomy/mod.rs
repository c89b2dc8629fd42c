//! The taxonomy's files: read from their folder, compiled, held to their own examples.

mod folder;
mod load;

pub use folder::Folder;
pub use load::{LoadError, Loaded, load, start};
