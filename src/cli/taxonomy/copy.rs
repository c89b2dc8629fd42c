//! `newsmill taxonomy copy`: the files of a taxonomy, to be changed.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, ensure};

use super::{Chosen, Status, counted};
use crate::taxonomy::Folder;
use crate::text::topics::Taxonomy;

/// Writes the files of the taxonomy in use into a new folder, to be changed
#[derive(clap::Args)]
#[command(after_help = "Examples:
  newsmill taxonomy copy my-taxonomy

Exit statuses: 0 done, 1 failed, 2 wrong usage, configuration or taxonomy folder.")]
pub struct Args {
    /// A folder that does not exist yet, or is empty
    #[arg(value_name = "FOLDER")]
    to: PathBuf,

    #[command(flatten)]
    chosen: Chosen,
}

pub fn run(args: &Args) -> anyhow::Result<Status> {
    let from = args.chosen.config()?.topics.taxonomy;
    let folder = (!from.as_os_str().is_empty())
        .then(|| Folder::read(&from))
        .transpose()?;
    let files: Vec<(&str, &str)> = match &folder {
        Some(folder) => folder
            .files()
            .iter()
            .map(|(name, content)| (name.as_str(), content.as_str()))
            .collect(),
        None => Taxonomy::built_in_sources()
            .iter()
            .map(|source| (source.file, source.content))
            .collect(),
    };
    let to = args.to.display().to_string();
    write(&args.to, &files).with_context(|| format!("cannot write to {to}"))?;
    let mut out = anstream::stdout().lock();
    writeln!(
        out,
        "{} in {to}; to use them:\n",
        counted(files.len(), "file")
    )?;
    writeln!(out, "  [topics]\n  taxonomy = {to:?}")?;
    Ok(Status::Done)
}

fn write(folder: &Path, files: &[(&str, &str)]) -> anyhow::Result<()> {
    fs::create_dir_all(folder)?;
    let is_empty = fs::read_dir(folder)?.next().is_none();
    ensure!(is_empty, "the folder is not empty; name a new one");
    for (name, content) in files {
        fs::write(folder.join(name), content).with_context(|| (*name).to_owned())?;
    }
    Ok(())
}
