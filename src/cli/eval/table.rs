//! The report on a terminal.

use std::collections::BTreeMap;

use anstyle::Style;

use super::Report;
use super::calibration::Calibration;
use super::compare::{Change, Comparison, Verdict};
use super::tally::Row;
use super::worst::{Error, Worst};
use crate::cli::canvas::{BAD, BOLD, Canvas, DIM, GOOD, PLAIN, Phrase, TOPIC, bar, padded, phrase};

/// Columns of a row's name, and of the bars of a reliability table.
const NAME: usize = 26;
const BAR: usize = 20;

pub fn drawn(report: &Report) -> Canvas {
    let mut canvas = Canvas::for_terminal();
    draw(&mut canvas, report);
    canvas
}

fn draw(canvas: &mut Canvas, report: &Report) {
    draw_figures(canvas, report);
    draw_rows(canvas, "By topic", &report.figures.by_topic);
    draw_rows(canvas, "By section", &report.sections.by_section);
    draw_rows(canvas, "By kind of entity", &report.figures.by_entity_kind);
    draw_rows(canvas, "By kind of fact", &report.figures.by_fact_kind);
    draw_calibration(canvas, "Reliability of topics", &report.topics_calibration);
    draw_calibration(
        canvas,
        "Reliability of sections",
        &report.sections_calibration,
    );
    draw_worst(canvas, &report.worst);
    if let Some(comparison) = &report.comparison {
        draw_comparison(canvas, comparison);
    }
}

fn draw_figures(canvas: &mut Canvas, report: &Report) {
    let figures = &report.figures;
    let beside = format!(
        "{} articles, {} without a record",
        figures.articles, figures.missing_records
    );
    draw_head(canvas, "Quality", &beside);
    for (name, row) in [
        ("topics_micro", &figures.topics_micro),
        ("topics_strict", &figures.topics_strict),
        ("entities_core", &figures.entities_core),
        ("entities_all", &figures.entities_all),
        ("entities_any_kind", &figures.entities_any_kind),
        ("entities_overlap", &figures.entities_overlap),
        ("amounts", &figures.amounts),
        ("facts", &figures.facts),
    ] {
        draw_row(canvas, name, row);
    }
    canvas.gap();
    let sections = &report.sections;
    let constant = &sections.constant;
    let always = format!("always \"{}\": ", constant.id);
    draw_number(
        canvas,
        "topics_macro_f1",
        figures.topics_macro_f1,
        "of topics annotated 3 times or more",
    );
    let beside = format!("{always}{:.3}", constant.accuracy);
    draw_number(
        canvas,
        "sections_accuracy",
        Some(figures.sections_accuracy),
        &beside,
    );
    let beside = format!("{always}{:.3}", constant.macro_f1);
    draw_number(
        canvas,
        "sections_macro_f1",
        Some(sections.macro_f1),
        &beside,
    );
    let beside = format!("{always}{:.3}", constant.macro_recall);
    draw_number(
        canvas,
        "sections_macro_recall",
        Some(sections.macro_recall),
        &beside,
    );
}

fn draw_head(canvas: &mut Canvas, title: &str, beside: &str) {
    canvas.heading(title, beside);
    canvas.line(&[phrase(
        format!(
            "  {:NAME$}{:>7}{:>7}{:>7}{:>10}{:>7}",
            "", "P", "R", "F1", "reported", "gold"
        ),
        DIM,
    )]);
}

fn draw_rows(canvas: &mut Canvas, title: &str, rows: &BTreeMap<String, Row>) {
    if rows.is_empty() {
        return;
    }
    canvas.gap();
    draw_head(canvas, title, "");
    for (name, row) in rows {
        draw_row(canvas, name, row);
    }
}

fn draw_row(canvas: &mut Canvas, name: &str, row: &Row) {
    canvas.line(&[
        phrase(format!("  {}", padded(name, NAME)), PLAIN),
        phrase(format!("{:>7}{:>7}", number(row.p), number(row.r)), PLAIN),
        phrase(format!("{:>7.3}", row.f1), BOLD),
        phrase(format!("{:>10}{:>7}", row.reported, row.gold), DIM),
    ]);
}

fn draw_number(canvas: &mut Canvas, name: &str, value: Option<f64>, beside: &str) {
    canvas.line(&[
        phrase(format!("  {}{:14}", padded(name, NAME), ""), PLAIN),
        phrase(format!("{:>7}", number(value)), BOLD),
        phrase(format!("  {beside}"), DIM),
    ]);
}

/// A dash where there is none: nothing was reported, or nothing should be.
fn number(value: Option<f64>) -> String {
    value.map_or("-".to_owned(), |value| format!("{value:.3}"))
}

fn draw_calibration(canvas: &mut Canvas, title: &str, calibration: &Calibration) {
    canvas.gap();
    canvas.heading(title, "of what scores so much, how much is right");
    for bin in &calibration.bins {
        canvas.line(&[
            phrase(format!("  {:.1} to {:.1}", bin.from, bin.to), PLAIN),
            phrase(
                format!("{:>8} scores, mean {:.3}   ", bin.count, bin.score),
                DIM,
            ),
            phrase(bar(bin.right, BAR, TOPIC), PLAIN),
            phrase(format!(" {:.3} right", bin.right), PLAIN),
        ]);
    }
    let error = number(calibration.expected_error);
    let reported = number(calibration.expected_error_reported);
    let words = format!("  expected calibration error {error}, of what is reported {reported}");
    canvas.line(&[phrase(words, PLAIN)]);
}

fn draw_worst(canvas: &mut Canvas, worst: &Worst) {
    if !worst.topics.is_empty() {
        canvas.gap();
        canvas.heading("Worst topics", "surest and wrong");
    }
    for wrong in &worst.topics {
        let (error, style) = match wrong.error {
            Error::False => ("false ", BAD),
            Error::Missed => ("missed", TOPIC),
        };
        canvas.line(&[
            phrase(format!("  {:.3} ", wrong.score), PLAIN),
            phrase(error, style),
            phrase(format!("  {}", padded(&wrong.topic, NAME)), BOLD),
            phrase(&wrong.article, DIM),
        ]);
    }
    if !worst.sections.is_empty() {
        canvas.gap();
        canvas.heading("Worst sections", "surest and wrong");
    }
    for wrong in &worst.sections {
        let words = format!("{}, not {}", wrong.said, wrong.gold.join(" or "));
        canvas.line(&[
            phrase(format!("  {:.3} ", wrong.score), PLAIN),
            phrase(padded(&words, 2 * NAME), BOLD),
            phrase(format!(" {}", wrong.article), DIM),
        ]);
    }
}

fn draw_comparison(canvas: &mut Canvas, comparison: &Comparison) {
    canvas.gap();
    if comparison.figures.is_empty() && comparison.flips.is_empty() {
        canvas.heading("Compared", "no figure differs, no topic flips");
        return;
    }
    canvas.heading("Compared", "the figures that differ: before, after");
    for (name, Change { before, after }) in &comparison.figures {
        let difference = after.unwrap_or_default() - before.unwrap_or_default();
        canvas.line(&[
            phrase(format!("  {}", padded(name, NAME + 6)), PLAIN),
            phrase(
                format!("{:>7}{:>7}", number(*before), number(*after)),
                PLAIN,
            ),
            phrase(format!("  {difference:+.3}"), signed(difference)),
        ]);
    }
    if !comparison.flips.is_empty() {
        canvas.gap();
        canvas.heading("Flipped topics", "and the patterns that did it");
    }
    for flip in &comparison.flips {
        let sign = if flip.appears { "+" } else { "-" };
        canvas.line(&[
            phrase(format!("  {sign} {}", padded(&flip.topic, NAME)), BOLD),
            phrase(format!("{:.3} → {:.3}  ", flip.before, flip.after), PLAIN),
            verdict(flip.verdict),
            phrase(format!("  {}", flip.article), DIM),
        ]);
        let patterns = flip.gained.iter().map(|pattern| format!("+ {pattern}"));
        for pattern in patterns.chain(flip.lost.iter().map(|pattern| format!("- {pattern}"))) {
            canvas.line(&[phrase(format!("      {pattern}"), DIM)]);
        }
    }
    if !comparison.sections.is_empty() {
        canvas.gap();
        canvas.heading("Flipped sections", "");
    }
    for flip in &comparison.sections {
        let id = |section: &Option<String>| section.clone().unwrap_or("none".to_owned());
        let words = format!("{} → {}", id(&flip.before), id(&flip.after));
        canvas.line(&[
            phrase(format!("  {}", padded(&words, NAME + 14)), BOLD),
            verdict(flip.verdict),
            phrase(format!("  {}", flip.article), DIM),
        ]);
    }
}

fn verdict(verdict: Verdict) -> Phrase {
    match verdict {
        Verdict::Better => phrase("better ", GOOD),
        Verdict::Worse => phrase("worse  ", BAD),
        Verdict::Neither => phrase("neither", DIM),
    }
}

fn signed(difference: f64) -> Style {
    if difference < 0.0 { BAD } else { GOOD }
}
