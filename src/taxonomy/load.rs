//! From the configuration to a pipeline with its taxonomy and tables.

use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::Folder;
use crate::config::Config;
use crate::text::knowledge::{Knowledge, OwnTable, TableError};
use crate::text::pipeline::Pipeline;
use crate::text::topics::check::Trial;
use crate::text::topics::{Taxonomy, TaxonomyError};

/// Why the files that the configuration names make no pipeline.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    #[error("cannot read the taxonomy {} (topics.taxonomy)", path.display())]
    Unreadable { path: PathBuf, source: io::Error },
    #[error("the taxonomy folder {} (topics.taxonomy) holds no file that ends in .toml", .0.display())]
    Empty(PathBuf),
    #[error("compiling the taxonomy {} (topics.taxonomy) has panicked", .0.display())]
    Panicked(PathBuf),
    #[error("cannot read the table {} (knowledge.tables)", path.display())]
    UnreadableTable { path: PathBuf, source: io::Error },
    #[error("a table of one's own is wrong (knowledge.tables)")]
    Table(#[from] TableError),
    /// Never empty.
    #[error("the taxonomy is wrong\n{}", Lines(.0))]
    Wrong(Vec<TaxonomyError>),
}

impl LoadError {
    /// Mistakes in the files of a folder: their names get the folder's path.
    pub(super) fn wrong(folder: &Path, mut errors: Vec<TaxonomyError>) -> LoadError {
        for error in &mut errors {
            error.file = folder.join(&error.file).display().to_string();
        }
        LoadError::Wrong(errors)
    }
}

struct Lines<'a>(&'a [TaxonomyError]);

impl fmt::Display for Lines<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: Vec<String> = self.0.iter().map(|error| format!("  {error}")).collect();
        f.write_str(&lines.join("\n"))
    }
}

/// The pipeline that the configuration asks for.
///
/// # Errors
/// The folder is no taxonomy, or a file is no table.
pub fn load(config: &Config) -> Result<Pipeline, LoadError> {
    let taxonomy = match folder(config)? {
        Some(folder) => folder.taxonomy()?,
        None => Taxonomy::built_in(),
    };
    pipeline(config, taxonomy)
}

/// What a worker starts with.
pub struct Loaded {
    pub pipeline: Pipeline,
    /// What `pipeline`'s taxonomy was read from; `None` for the built-in one.
    pub folder: Option<Folder>,
}

/// As [`load`], for a worker: the examples in the folder have to hold, as they have to when it is read again. Else a
/// restart would bring in what the running worker has refused.
///
/// # Errors
/// The folder is no taxonomy, an example is not as it should be, or a file is no table.
pub fn start(config: &Config) -> Result<Loaded, LoadError> {
    let folder = folder(config)?;
    let pipeline = match &folder {
        Some(folder) => checked(config, folder)?,
        // The tests run its examples.
        None => pipeline(config, Taxonomy::built_in())?,
    };
    Ok(Loaded { pipeline, folder })
}

/// A pipeline with the taxonomy in `folder`, whose examples hold.
///
/// # Errors
/// The files are wrong, an example is not as it should be, or a file is no table.
pub(super) fn checked(config: &Config, folder: &Folder) -> Result<Pipeline, LoadError> {
    let pipeline = pipeline(config, folder.taxonomy()?)?;
    let trials = pipeline.try_examples();
    let errors: Vec<TaxonomyError> = trials.iter().filter_map(Trial::error).collect();
    if errors.is_empty() {
        Ok(pipeline)
    } else {
        Err(LoadError::wrong(folder.path(), errors))
    }
}

/// With the built-in tables and those of one's own.
fn pipeline(config: &Config, taxonomy: Taxonomy) -> Result<Pipeline, LoadError> {
    let read = |path: &PathBuf| match fs::read_to_string(path) {
        Ok(text) => Ok(OwnTable {
            file: path.display().to_string(),
            text,
        }),
        Err(source) => Err(LoadError::UnreadableTable {
            path: path.clone(),
            source,
        }),
    };
    let tables: Vec<OwnTable> = config
        .knowledge
        .tables
        .iter()
        .map(read)
        .collect::<Result<_, _>>()?;
    let knowledge = Knowledge::with_tables(&tables)?;
    Ok(Pipeline::with_knowledge(
        &config.text(),
        taxonomy,
        knowledge,
    ))
}

fn folder(config: &Config) -> Result<Option<Folder>, LoadError> {
    let path = &config.topics.taxonomy;
    let is_given = !path.as_os_str().is_empty();
    is_given.then(|| Folder::read(path)).transpose()
}
