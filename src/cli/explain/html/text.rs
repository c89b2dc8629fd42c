//! The article's text, with everything that is marked in it.

use super::Html;
use crate::cli::explain::marks::{self, Mark, Marked, Run};
use crate::cli::explain::sheet::Sheet;
use crate::cli::wire_name;
use crate::text::document::ParagraphKind;

/// Title and paragraphs.
pub fn write(html: &mut Html, sheet: &Sheet) {
    let marks = marks::all(sheet);
    for (kind, runs) in marks::paragraphs(sheet, &marks) {
        let (open, close) = match kind {
            ParagraphKind::Title => ("<h1 dir=\"auto\">", "</h1>\n"),
            ParagraphKind::Body => ("<p dir=\"auto\">", "</p>\n"),
            ParagraphKind::Boilerplate => (
                "<p dir=\"auto\" class=\"boilerplate\" title=\"boilerplate: no evidence\">",
                "</p>\n",
            ),
        };
        html.raw(open);
        for run in &runs {
            write_run(html, sheet, run);
        }
        html.raw(close);
    }
}

fn write_run(html: &mut Html, sheet: &Sheet, run: &Run) {
    let evidence: Vec<(usize, f32, &Marked)> = run
        .marks
        .iter()
        .filter_map(|marked| match marked.mark {
            Mark::Topic { index, weight } => Some((index, weight, marked)),
            _ => None,
        })
        .collect();
    let strongest = evidence
        .iter()
        .map(|(_, weight, _)| *weight)
        .reduce(f32::max);
    if let Some(strongest) = strongest {
        html.raw("<mark class=\"");
        classes(html, sheet, evidence.iter().map(|(index, ..)| *index));
        html.raw(if strongest < 0.0 { " against" } else { "" })
            .raw("\" style=\"--w:")
            .percent(f64::from(strongest.abs().clamp(0.25, 1.0)))
            .raw("\">");
    }
    let mut open = Vec::new();
    for marked in &run.marks {
        open.extend(open_mark(html, sheet, marked));
    }
    html.text(sheet.explanation.document.slice(run.span));
    for close in open.into_iter().rev() {
        html.raw(close);
    }
    if strongest.is_some() {
        let mut ended: Vec<usize> = evidence
            .iter()
            .filter(|(.., marked)| marked.span.end == run.span.end)
            .map(|(index, ..)| *index)
            .collect();
        ended.dedup();
        for index in ended {
            html.raw("<sup class=\"");
            classes(html, sheet, [index].into_iter());
            html.raw("\">").number(index + 1).raw("</sup>");
        }
        html.raw("</mark>");
    }
}

/// `t3` for the third topic; `r` where one of them is reported.
fn classes(html: &mut Html, sheet: &Sheet, topics: impl Iterator<Item = usize> + Clone) {
    if topics
        .clone()
        .any(|index| sheet.topics[index].score.reported)
    {
        html.raw("r");
    }
    for index in topics {
        html.raw(" t").number(index + 1);
    }
}

/// Opens the element of anything but evidence; returns how it is closed.
fn open_mark(html: &mut Html, sheet: &Sheet, marked: &Marked) -> Option<&'static str> {
    let record = &sheet.explanation.record;
    match marked.mark {
        Mark::Topic { .. } => None,
        Mark::Entity { index, kind, form } => {
            let entity = record.entities.as_ref()?.get(index)?;
            html.raw("<a class=\"entity ")
                .text(wire_name(&kind))
                .raw("\" href=\"#")
                .text(&entity.id)
                .raw("\" title=\"")
                .text(format!(
                    "{} · {} · {}",
                    entity.name,
                    wire_name(&kind),
                    wire_name(&form)
                ))
                .raw("\">");
            Some("</a>")
        }
        Mark::Amount(index) => {
            let amount = record.amounts.as_ref()?.get(index)?;
            let value = amount.value.as_deref().unwrap_or("?");
            let currency = amount.currency.as_deref().unwrap_or("?");
            html.raw("<span class=\"value\" title=\"")
                .text(format!("{value} {currency}"))
                .raw("\">");
            Some("</span>")
        }
        Mark::Date(index) => {
            let date = record.dates.as_ref()?.get(index)?;
            html.raw("<span class=\"value\" title=\"")
                .text(&date.value)
                .raw("\">");
            Some("</span>")
        }
    }
}
