//! The house's invariants, read off the source: who may know whom, and what some rooms never do.

use std::fs;
use std::path::{Path, PathBuf};

/// A source file of the product: its path under `src`, and its lines without comments and without its unit tests.
struct File {
    path: String,
    lines: Vec<(usize, String)>,
}

impl File {
    /// Lines that hold one of these words, as `path:line: text`.
    fn mentions(&self, words: &[&str]) -> Vec<String> {
        self.lines
            .iter()
            .filter(|(_, line)| words.iter().any(|word| has_word(line, word)))
            .map(|(number, line)| format!("src/{}:{number}: {}", self.path, line.trim()))
            .collect()
    }
}

/// Whether `word` stands in the line, not as a part of a longer name.
fn has_word(line: &str, word: &str) -> bool {
    let is_name = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + word.len()..].chars().next();
        !before.is_some_and(is_name) && !after.is_some_and(is_name)
    })
}

fn sources() -> Vec<File> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path: PathBuf = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push(file(&root, &path));
            }
        }
    }
    assert!(files.len() > 20, "the sources were not found");
    files
}

fn file(root: &Path, path: &Path) -> File {
    let text = fs::read_to_string(path).unwrap();
    let lines = text
        .lines()
        .enumerate()
        // Unit tests stand at the end of a file.
        .take_while(|(_, line)| !line.contains("#[cfg(test)]"))
        .map(|(index, line)| {
            let code = line.split("//").next().unwrap_or_default();
            (index + 1, code.to_owned())
        })
        .collect();
    File {
        path: path.strip_prefix(root).unwrap().display().to_string(),
        lines,
    }
}

/// No file of these rooms mentions any of these words.
fn never(rooms: &[&str], words: &[&str]) {
    let files = sources();
    let files = files
        .iter()
        .filter(|file| rooms.iter().any(|room| file.path.starts_with(room)));
    let found: Vec<String> = files.flat_map(|file| file.mentions(words)).collect();
    assert!(
        found.is_empty(),
        "never in {rooms:?}:\n{}",
        found.join("\n")
    );
}

#[test]
fn the_kafka_side_knows_no_word_of_text() {
    never(
        &["stream/"],
        &[
            "crate::text",
            "crate::enrich",
            "crate::cli",
            "crate::admin",
            "crate::config",
        ],
    );
}

#[test]
fn the_text_side_is_pure() {
    never(
        &["text/"],
        &[
            "stream",
            "enrich",
            "tokio",
            "rdkafka",
            "tracing",
            "Instant",
            "SystemTime",
            "std::env",
            "std::fs",
            "std::net",
            "std::thread",
            "Timestamp::now",
            "println",
            "eprintln",
        ],
    );
}

#[test]
fn only_enrich_config_and_the_command_line_know_both_sides() {
    for file in sources() {
        let both = !file.mentions(&["crate::text"]).is_empty()
            && !file.mentions(&["crate::stream"]).is_empty();
        let may = ["enrich", "config", "cli"]
            .iter()
            .any(|room| file.path.starts_with(room));
        assert!(may || !both, "src/{} knows both sides", file.path);
    }
}

#[test]
fn the_state_machine_does_no_io_and_reads_no_clock() {
    never(
        &["stream/state/"],
        &[
            "rdkafka",
            "Instant::now",
            "std::thread",
            "std::fs",
            "std::net",
            "tracing",
        ],
    );
}

#[test]
fn unsafe_code_is_in_one_file() {
    for file in sources() {
        if file.path != "stream/kafka/native.rs" {
            // A Content-Security-Policy has a word of that kind, too.
            let found = file.mentions(&["unsafe {", "unsafe fn", "unsafe impl", "unsafe extern"]);
            assert!(found.is_empty(), "{}", found.join("\n"));
        }
    }
}

#[test]
fn nothing_is_unwrapped_outside_tests() {
    never(&[""], &[".unwrap()", "todo!", "unimplemented!", "dbg!"]);
}
