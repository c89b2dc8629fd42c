//! Where articles come from: files and standard input.

mod progress;
mod values;

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};

use anyhow::Context as _;

pub use self::progress::Progress;
use self::values::Values;
use crate::text::article::{Code, Rejection};

/// The bytes of one article, and where they stood.
pub struct Article {
    /// `articles.jsonl:12`, for people.
    pub place: String,
    /// At most one byte more than the limit: an article that is larger is rejected anyway.
    pub value: Vec<u8>,
    /// The article's length in bytes, also beyond the limit.
    pub length: usize,
}

impl Article {
    /// # Errors
    /// The rejection of an article that is larger than `max_bytes`.
    pub fn check_length(&self, max_bytes: usize) -> Result<(), Rejection> {
        if self.length <= max_bytes {
            return Ok(());
        }
        let length = self.length;
        let reason = format!("{length} bytes, more than max_article_bytes = {max_bytes}");
        Err(Rejection::new(Code::TooLarge, reason))
    }
}

/// A file or standard input.
pub struct Source {
    name: String,
    /// Bytes, where they are known beforehand.
    pub size: Option<u64>,
    kind: Kind,
}

enum Kind {
    Json(Box<dyn Read + Send>),
    PlainText(File),
}

/// Opens every file before the first is read, so that a mistyped name is told at once.
///
/// # Errors
/// A file that cannot be opened.
pub fn open(files: &[PathBuf]) -> anyhow::Result<Vec<Source>> {
    if files.is_empty() {
        return Ok(vec![standard_input()]);
    }
    files.iter().map(|path| source(path)).collect()
}

fn standard_input() -> Source {
    Source {
        name: "-".to_owned(),
        size: None,
        kind: Kind::Json(Box::new(io::stdin())),
    }
}

fn source(path: &Path) -> anyhow::Result<Source> {
    if path == Path::new("-") {
        return Ok(standard_input());
    }
    let name = path.display().to_string();
    let file = File::open(path).with_context(|| format!("cannot open {name}"))?;
    let metadata = file
        .metadata()
        .with_context(|| format!("cannot read {name}"))?;
    anyhow::ensure!(
        !metadata.is_dir(),
        "{name} is a folder, not a file of articles"
    );
    let plain_text = path.extension().is_some_and(|extension| extension == "txt");
    Ok(Source {
        name,
        size: metadata.is_file().then_some(metadata.len()),
        kind: if plain_text {
            Kind::PlainText(file)
        } else {
            Kind::Json(Box::new(file))
        },
    })
}

impl Source {
    /// The articles in here, one after the other; of each no more than one byte beyond the limit is kept.
    ///
    /// # Errors
    /// The source cannot be read.
    pub fn articles(
        self,
        max_bytes: usize,
        progress: &Progress,
    ) -> anyhow::Result<Box<dyn Iterator<Item = anyhow::Result<Article>>>> {
        let name = self.name;
        let failed = format!("cannot read {name}");
        match self.kind {
            Kind::PlainText(file) => {
                let article = plain_text(name, progress.watch(file)).context(failed)?;
                Ok(Box::new(std::iter::once(Ok(article))))
            }
            Kind::Json(json) => {
                let json = BufReader::with_capacity(1 << 16, progress.watch(json));
                let values = Values::new(json, max_bytes.saturating_add(1));
                Ok(Box::new(values.map(move |value| {
                    let value = value.with_context(|| failed.clone())?;
                    Ok(Article {
                        place: format!("{name}:{}", value.line),
                        value: value.bytes,
                        length: value.length,
                    })
                })))
            }
        }
    }
}

/// A plain-text article as the flat shape; bytes that are no UTF-8 stay as they are, and the decoder refuses them.
fn plain_text(name: String, mut file: impl Read) -> io::Result<Article> {
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    let length = bytes.len();
    let value = match str::from_utf8(&bytes) {
        Ok(text) => serde_json::json!({"text": text}).to_string().into_bytes(),
        Err(_) => bytes,
    };
    Ok(Article {
        place: format!("{name}:1"),
        value,
        length,
    })
}
