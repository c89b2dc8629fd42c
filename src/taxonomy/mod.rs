//! The taxonomy's files: read from their folder, compiled, held to their own examples, and exchanged in a running worker.
//! Tables of one's own are read beside them, since both make the pipeline.

mod folder;
mod load;
mod reload;

pub use folder::Folder;
pub use load::{LoadError, Loaded, load, start};
pub use reload::Reloader;
