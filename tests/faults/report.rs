//! What a run of the suite found, as Markdown.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::{Value, json};
use support::checker::Findings;

use crate::evidence::Hit;
use crate::fault::Fault;
use crate::plan::Plan;

/// What one part found.
pub struct Row {
    name: String,
    guarantee: &'static str,
    seed: u64,
    faults: BTreeMap<&'static str, u64>,
    hits: Vec<String>,
    findings: Findings,
    seconds: u64,
}

impl Row {
    pub fn new(plan: &Plan) -> Row {
        Row {
            name: plan.name.clone(),
            guarantee: plan.guarantee.as_str(),
            seed: plan.seed,
            faults: BTreeMap::new(),
            hits: Vec::new(),
            findings: Findings::default(),
            seconds: 0,
        }
    }

    /// A fault that was inflicted; one that met no work is not counted.
    pub fn add(&mut self, fault: Fault, counts: bool, hit: &Hit) {
        if counts {
            *self.faults.entry(fault.name()).or_default() += 1;
            self.hits.push(format!("{}: {hit}", fault.name()));
        }
    }

    pub fn finish(&mut self, findings: Findings, time: Duration) {
        self.findings = findings;
        self.seconds = time.as_secs();
    }

    fn to_json(&self) -> Value {
        let findings = &self.findings;
        json!({
            "name": self.name,
            "guarantee": self.guarantee,
            "seed": self.seed,
            "faults": self.faults,
            "hits": self.hits,
            "seconds": self.seconds,
            "sent": findings.sent,
            "lost": findings.lost.count,
            "doubled": findings.doubled.count,
            "replays": findings.replays,
            "reordered": findings.reordered.count,
            "altered": findings.altered.count,
        })
    }
}

/// Keeps the row, and writes the report of every part that ran in this form so far.
pub fn write(row: &Row) -> Result<()> {
    let folder = folder();
    fs::create_dir_all(&folder)?;
    let file = folder.join(format!("{}.json", row.name.replace("::", "-")));
    fs::write(&file, row.to_json().to_string())?;
    let report = folder.join("report.md");
    fs::write(&report, render(&rows(&folder)?))?;
    println!("report: {}", report.display());
    Ok(())
}

fn folder() -> PathBuf {
    Path::new(super::CACHE).join("faults")
}

fn rows(folder: &Path) -> Result<Vec<Value>> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder)?
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<_>>()?;
    files.retain(|file| {
        file.extension()
            .is_some_and(|extension| extension == "json")
    });
    files.sort();
    files
        .iter()
        .map(|file| serde_json::from_str(&fs::read_to_string(file)?).context("a row is no JSON"))
        .collect()
}

/// Columns that are summed.
const SUMS: [&str; 6] = ["sent", "lost", "doubled", "replays", "reordered", "altered"];

fn render(rows: &[Value]) -> String {
    let mut text = String::from("# Fault suite\n");
    for guarantee in ["exactly_once", "at_least_once"] {
        let rows: Vec<&Value> = rows
            .iter()
            .filter(|row| row["guarantee"] == guarantee)
            .collect();
        if !rows.is_empty() {
            render_guarantee(&mut text, guarantee, &rows).expect("a string takes every write");
        }
    }
    text
}

fn render_guarantee(text: &mut String, guarantee: &str, rows: &[&Value]) -> std::fmt::Result {
    let mut kinds: BTreeMap<&str, u64> = BTreeMap::new();
    for row in rows {
        for (kind, count) in row["faults"].as_object().into_iter().flatten() {
            *kinds.entry(kind).or_default() += count.as_u64().unwrap_or(0);
        }
    }
    writeln!(text, "\n## {guarantee}\n")?;
    writeln!(
        text,
        "| part | seed | seconds | faults | {} |",
        SUMS.join(" | ")
    )?;
    writeln!(text, "|---|---|---|---|{}", "---|".repeat(SUMS.len()))?;
    let faults = |row: &Value| -> u64 {
        let counts = row["faults"].as_object().into_iter().flatten();
        counts.filter_map(|(_, count)| count.as_u64()).sum()
    };
    for row in rows {
        write!(
            text,
            "| {} | {} | {} | {} |",
            row["name"].as_str().unwrap_or(""),
            row["seed"],
            row["seconds"],
            faults(row)
        )?;
        SUMS.iter()
            .try_for_each(|sum| write!(text, " {} |", row[sum]))?;
        writeln!(text)?;
    }
    let total: u64 = rows.iter().map(|row| faults(row)).sum();
    write!(text, "| all | | | {total} |")?;
    for sum in SUMS {
        let total: u64 = rows.iter().filter_map(|row| row[sum].as_u64()).sum();
        write!(text, " {total} |")?;
    }
    writeln!(text, "\n\n| fault | counted |\n|---|---|")?;
    for (kind, count) in &kinds {
        writeln!(text, "| {kind} | {count} |")?;
    }
    writeln!(text, "\nWhat each fault hit:\n")?;
    for row in rows {
        for hit in row["hits"].as_array().into_iter().flatten() {
            writeln!(text, "- {}", hit.as_str().unwrap_or(""))?;
        }
    }
    Ok(())
}
