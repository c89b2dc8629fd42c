//! A folder of taxonomy files.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::load::LoadError;
use crate::text::topics::{Source, Taxonomy};

/// What a folder held when it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folder {
    path: PathBuf,
    /// Names and contents of all files that end in `.toml`, by name.
    files: Vec<(String, String)>,
}

impl Folder {
    /// Reads every file that ends in `.toml`; folders in the folder are not entered.
    ///
    /// # Errors
    /// The folder is missing or holds no such file, or one cannot be read.
    pub fn read(path: &Path) -> Result<Folder, LoadError> {
        let unreadable = |path: &Path| {
            let path = path.to_owned();
            move |source: io::Error| LoadError::Unreadable { path, source }
        };
        let mut files = Vec::new();
        for entry in fs::read_dir(path).map_err(unreadable(path))? {
            let file = entry.map_err(unreadable(path))?.path();
            let name = file.file_name().unwrap_or_default().to_string_lossy();
            // Editors put copies under names with a dot in front while they write.
            if !name.ends_with(".toml") || name.starts_with('.') || file.is_dir() {
                continue;
            }
            let content = fs::read_to_string(&file).map_err(unreadable(&file))?;
            files.push((name.into_owned(), content));
        }
        if files.is_empty() {
            return Err(LoadError::Empty(path.to_owned()));
        }
        files.sort();
        Ok(Folder {
            path: path.to_owned(),
            files,
        })
    }

    /// Names and contents, by name.
    pub fn files(&self) -> &[(String, String)] {
        &self.files
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// # Errors
    /// Every mistake in the files.
    pub fn taxonomy(&self) -> Result<Taxonomy, LoadError> {
        let sources: Vec<Source> = self
            .files
            .iter()
            .map(|(file, content)| Source { file, content })
            .collect();
        Taxonomy::parse(&sources).map_err(|errors| LoadError::wrong(&self.path, errors))
    }
}
