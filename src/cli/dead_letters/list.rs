//! `newsmill dead-letters list`.

use std::collections::BTreeMap;
use std::io::{self, IsTerminal, Write as _};

use anstyle::Style;
use serde_json::{Value, json};
use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use super::ConfigArgs;
use super::filter::FilterArgs;
use crate::cli::{Status, place, printable};
use crate::stream::dead_letter::Letter;
use crate::stream::job::letters::Letters;

/// Lists dead letters: where they stand, when and whence they came, and why
///
/// Letters that have been redriven are left out unless `--all` is given.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  newsmill dead-letters list
  newsmill dead-letters list --code invalid_json --since 2024-03-01
  newsmill dead-letters list --json | jq -r '[.letter, .code, .reason] | @tsv'

Exit statuses: 0 done, 1 failed, 2 wrong usage or configuration.")]
pub struct Args {
    #[command(flatten)]
    filter: FilterArgs,

    /// Also those that have been redriven
    #[arg(long)]
    all: bool,

    /// Rows of the table at most, the newest; 0: all
    #[arg(long, value_name = "N", default_value_t = 50)]
    limit: usize,

    /// JSON lines, one letter each, all of them
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    config: ConfigArgs,
}

const HEADINGS: [&str; 7] = ["LETTER", "TIME", "CODE", "ATTEMPT", "FROM", "KEY", "REASON"];
const BOLD: Style = Style::new().bold();
/// Between two columns.
const GAP: &str = "  ";
/// Keys are cut at this width: they are there to be recognised.
const KEY_WIDTH: usize = 24;

pub fn run(args: &Args) -> anyhow::Result<Status> {
    let settings = args.config.load()?.stream()?;
    let letters = Letters::ask(&settings, &mut |_| {})?;
    let filter = args.filter.filter();
    let mut meant: Vec<(&Letter, bool)> = letters
        .iter()
        .filter(|letter| filter.matches(letter))
        .map(|letter| (letter, letters.is_redriven(letter)))
        .filter(|(_, is_redriven)| args.all || !is_redriven)
        .collect();
    meant.sort_by_key(|(letter, _)| (letter.timestamp_ms, letter.partition, letter.offset));
    if args.json {
        let mut out = io::BufWriter::new(io::stdout().lock());
        for (letter, is_redriven) in meant {
            writeln!(out, "{}", as_json(letter, is_redriven))?;
        }
        out.flush()?;
    } else {
        table(&settings.kafka.dead_letter_topic, &meant, args.limit)?;
    }
    Ok(Status::Done)
}

/// A letter as an object of JSON.
pub fn as_json(letter: &Letter, is_redriven: bool) -> Value {
    json!({
        "letter": format!("{}@{}", letter.partition, letter.offset),
        "time": letter.timestamp_ms.map(|ms| place::show_time(Some(ms))),
        "code": letter.code,
        "reason": letter.reason,
        "stage": letter.stage,
        "attempt": letter.attempt,
        "source": {
            "topic": letter.source.input_topic.as_ref(),
            "partition": letter.source.partition,
            "offset": letter.source.offset,
        },
        "key": letter.key.as_deref().map(String::from_utf8_lossy),
        "value_bytes": letter.value_bytes,
        "cut": letter.is_cut,
        "redriven": is_redriven,
        "version": letter.version,
    })
}

fn table(topic: &str, meant: &[(&Letter, bool)], limit: usize) -> io::Result<()> {
    let mut out = anstream::stdout().lock();
    let left_out = match limit {
        0 => 0,
        limit => meant.len().saturating_sub(limit),
    };
    let rows: Vec<[String; 7]> = meant[left_out..].iter().map(row).collect();
    if !rows.is_empty() {
        let widths: [usize; 7] = std::array::from_fn(|column| {
            let cells = rows.iter().map(|row| row[column].width());
            cells.fold(HEADINGS[column].len(), usize::max)
        });
        let line = line(&HEADINGS.map(str::to_owned), &widths);
        writeln!(out, "{BOLD}{line}{BOLD:#}")?;
        for row in &rows {
            writeln!(out, "{}", self::line(row, &widths))?;
        }
        writeln!(out)?;
    }
    let mut by_code: BTreeMap<&str, usize> = BTreeMap::new();
    for (letter, _) in meant {
        *by_code.entry(&letter.code).or_default() += 1;
    }
    let by_code: Vec<String> = by_code
        .iter()
        .map(|(code, count)| format!("{} {count}", printable(code)))
        .collect();
    match by_code.is_empty() {
        true => writeln!(out, "{topic}: no such letters")?,
        false => writeln!(
            out,
            "{topic}: {} letters: {}",
            meant.len(),
            by_code.join(", ")
        )?,
    }
    if left_out > 0 {
        writeln!(
            out,
            "{left_out} older ones are not shown: --limit 0 shows all"
        )?;
    }
    Ok(())
}

fn row((letter, is_redriven): &(&Letter, bool)) -> [String; 7] {
    let key = letter.key.as_deref().map(String::from_utf8_lossy);
    let mut reason = printable(&letter.reason);
    if *is_redriven {
        reason = format!("(redriven) {reason}");
    }
    let source = &letter.source;
    [
        format!("{}@{}", letter.partition, letter.offset),
        place::show_time(letter.timestamp_ms),
        printable(&letter.code),
        letter.attempt.to_string(),
        printable(&format!(
            "{}/{}@{}",
            source.input_topic, source.partition, source.offset
        )),
        cut(
            &key.map_or_else(|| "-".to_owned(), |key| printable(&key)),
            KEY_WIDTH,
        ),
        reason,
    ]
}

/// A row as a line: on a terminal no longer than that is wide.
fn line(row: &[String; 7], widths: &[usize; 7]) -> String {
    let cells: Vec<String> = row
        .iter()
        .zip(widths)
        .map(|(cell, width)| format!("{cell}{}", " ".repeat(width - cell.width())))
        .collect();
    let line = cells.join(GAP);
    let line = line.trim_end();
    match terminal_size::terminal_size() {
        Some((width, _)) if io::stdout().is_terminal() => cut(line, usize::from(width.0)),
        _ => line.to_owned(),
    }
}

/// Cut at a width, with a sign that it was.
fn cut(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut cut = String::new();
    let mut taken = 1;
    for c in text.chars() {
        taken += c.width().unwrap_or(0);
        if taken > width {
            break;
        }
        cut.push(c);
    }
    cut.push('…');
    cut
}
