//! From the configuration to a pipeline with its taxonomy.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use super::Folder;
use crate::config::Config;
use crate::text::pipeline::Pipeline;
use crate::text::topics::check::Trial;
use crate::text::topics::{Taxonomy, TaxonomyError};

/// Why a folder is no taxonomy.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    #[error("cannot read the taxonomy {} (topics.taxonomy)", path.display())]
    Unreadable { path: PathBuf, source: io::Error },
    #[error("the taxonomy folder {} (topics.taxonomy) holds no file that ends in .toml", .0.display())]
    Empty(PathBuf),
    #[error("compiling the taxonomy {} (topics.taxonomy) has panicked", .0.display())]
    Panicked(PathBuf),
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
/// The folder is no taxonomy.
pub fn load(config: &Config) -> Result<Pipeline, LoadError> {
    let taxonomy = match folder(config)? {
        Some(folder) => folder.taxonomy()?,
        None => Taxonomy::built_in(),
    };
    Ok(Pipeline::new(&config.text(), taxonomy))
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
/// The folder is no taxonomy, or an example is not as it should be.
pub fn start(config: &Config) -> Result<Loaded, LoadError> {
    let folder = folder(config)?;
    let pipeline = match &folder {
        Some(folder) => checked(config, folder)?,
        // The tests run its examples.
        None => Pipeline::new(&config.text(), Taxonomy::built_in()),
    };
    Ok(Loaded { pipeline, folder })
}

/// A pipeline with the taxonomy in `folder`, whose examples hold.
///
/// # Errors
/// The files are wrong, or an example is not as it should be.
pub(super) fn checked(config: &Config, folder: &Folder) -> Result<Pipeline, LoadError> {
    let pipeline = Pipeline::new(&config.text(), folder.taxonomy()?);
    let trials = pipeline.try_examples();
    let errors: Vec<TaxonomyError> = trials.iter().filter_map(Trial::error).collect();
    if errors.is_empty() {
        Ok(pipeline)
    } else {
        Err(LoadError::wrong(folder.path(), errors))
    }
}

fn folder(config: &Config) -> Result<Option<Folder>, LoadError> {
    let path = &config.topics.taxonomy;
    let is_given = !path.as_os_str().is_empty();
    is_given.then(|| Folder::read(path)).transpose()
}
