//! An explanation on a terminal.

use anstyle::Style;

use super::entity::{forms, link, role};
use super::marks::{self, Mark, Run};
use super::sheet::{Sheet, ShownSection, ShownTopic};
use super::sums::{BIAS, SECTION_BIAS, WORDS, product, section_score, share_sum, topic_score};
use crate::cli::canvas::{
    BAD, BOLD, Canvas, DIM, GOOD, PERSON, PLAIN, Phrase, SECTION, STATE, TOPIC, bar, name, padded,
    phrase,
};
use crate::cli::wire_name;
use crate::text::document::ParagraphKind;
use crate::text::entities::Kind;
use crate::text::topics::account::{Share, Term};

/// Columns of a topic's name and of its bar.
const NAME: usize = 28;
const BAR: usize = 16;

/// Evidence in the text.
const FOR: Style = TOPIC.bold().underline();
const AGAINST: Style = BAD.bold().underline();

/// The whole explanation.
pub fn drawn(sheet: &Sheet) -> Canvas {
    let mut canvas = Canvas::for_terminal();
    draw(&mut canvas, sheet);
    canvas
}

fn draw(canvas: &mut Canvas, sheet: &Sheet) {
    canvas.edged(
        TOPIC,
        &clean(sheet.title()),
        &[clean(&sheet.about().join(" · "))],
    );
    canvas.gap();
    let (shape, told_by) = sheet.shape();
    canvas.beside(
        "shape",
        &[
            phrase(shape, PLAIN),
            phrase(format!("  {}", clean(&told_by)), DIM),
        ],
    );
    let warnings = sheet.warnings();
    if !warnings.is_empty() {
        canvas.labelled("warnings", &warnings.join(", "));
    }
    canvas.labelled("made by", &sheet.pipeline());
    if let Some(why) = sheet.not_analysed() {
        canvas.labelled("coverage", why);
    }
    draw_overview(canvas, sheet);
    draw_text(canvas, sheet);
    for (index, topic) in sheet.topics.iter().enumerate() {
        draw_topic(canvas, sheet, index, topic);
    }
    if !sheet.sections.is_empty() {
        canvas.gap();
        canvas.heading("Sections", "how each score comes about");
        for section in &sheet.sections {
            draw_section(canvas, section);
        }
    }
    draw_entities(canvas, sheet);
    draw_values(canvas, sheet);
}

/// All topics, with a line each.
fn draw_overview(canvas: &mut Canvas, sheet: &Sheet) {
    for (index, topic) in sheet.topics.iter().enumerate() {
        let ShownTopic {
            topic: about,
            score,
            ..
        } = topic;
        let style = if score.reported { BOLD } else { DIM };
        let line = [
            phrase(
                padded(&format!("{} {}", index + 1, about.name), NAME),
                style,
            ),
            phrase(bar(score.score.into(), BAR, TOPIC), PLAIN),
            phrase(format!(" {:.3}", score.score), style),
            phrase(format!("  {}", topic.verdict()), DIM),
        ];
        canvas.row(if index == 0 { "topics" } else { "" }, &line);
    }
    if sheet.topics.is_empty() && sheet.explanation.findings.is_some() {
        let none = match sheet.asked {
            Some(asked) => format!("{}: no rule of it holds anywhere in this text", asked.id),
            None => "none, and none comes near".to_owned(),
        };
        canvas.labelled("topics", &none);
    }
    if !sheet.rest.is_empty() {
        let rest: Vec<String> = sheet
            .rest
            .iter()
            .map(|(topic, score)| format!("{} {score:.3}", topic.id))
            .collect();
        canvas.beside("far below", &[phrase(rest.join(" · "), DIM)]);
    }
}

/// The text. Evidence carries the numbers of its topics; entities have the colours of the demo.
fn draw_text(canvas: &mut Canvas, sheet: &Sheet) {
    let marks = marks::all(sheet);
    canvas.gap();
    canvas.heading("Text", "evidence carries the numbers of its topics");
    for (kind, runs) in marks::paragraphs(sheet, &marks) {
        let mut phrases = Vec::new();
        for run in &runs {
            phrases.extend(run_phrases(sheet, run, kind));
        }
        let label = match kind {
            ParagraphKind::Title => "title",
            ParagraphKind::Body => "",
            ParagraphKind::Boilerplate => "boilerplate",
        };
        canvas.beside(label, &phrases);
    }
}

fn run_phrases(sheet: &Sheet, run: &Run, kind: ParagraphKind) -> Vec<Phrase> {
    let mut style = if kind == ParagraphKind::Boilerplate {
        DIM
    } else {
        PLAIN
    };
    let mut numbers = String::new();
    for marked in &run.marks {
        match marked.mark {
            Mark::Entity { kind, .. } => style = colour(kind),
            Mark::Topic { index, weight } if marked.span.end == run.span.end => {
                let sign = if weight < 0.0 { "⁻" } else { "" };
                let number = format!("{sign}{}", superscript(index + 1));
                if !numbers.split('\u{2009}').any(|other| other == number) {
                    if !numbers.is_empty() {
                        numbers.push('\u{2009}');
                    }
                    numbers.push_str(&number);
                }
            }
            _ => {}
        }
    }
    let weights = run.marks.iter().filter_map(|marked| match marked.mark {
        Mark::Topic { weight, .. } => Some(weight),
        _ => None,
    });
    // Colours of evidence win: they are what the page is about.
    match weights.reduce(f32::max) {
        Some(weight) if weight > 0.0 => style = FOR,
        Some(_) => style = AGAINST,
        None => {}
    }
    vec![
        phrase(sheet.explanation.document.slice(run.span), style),
        phrase(numbers, DIM),
    ]
}

fn colour(kind: Kind) -> Style {
    match kind {
        Kind::Person => PERSON,
        Kind::Country | Kind::Place | Kind::Group => STATE,
        Kind::Organization | Kind::Media => SECTION,
        Kind::Equipment | Kind::Event | Kind::Agreement => BOLD,
    }
}

fn superscript(number: usize) -> String {
    let digits = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    let letters = number.to_string();
    letters
        .bytes()
        .map(|digit| digits[usize::from(digit - b'0')])
        .collect()
}

/// A topic's sum, line by line.
fn draw_topic(canvas: &mut Canvas, sheet: &Sheet, index: usize, topic: &ShownTopic) {
    canvas.gap();
    let title = format!("{} {}", index + 1, topic.topic.name);
    let beside = format!(
        "{} · {:.3} · {}",
        topic.topic.id,
        topic.score.score,
        topic.verdict()
    );
    canvas.heading(&title, &beside);
    for share in &topic.account.shares {
        draw_share(canvas, sheet, share);
    }
    for term in &topic.account.terms {
        draw_term(canvas, "", term);
    }
    draw_number(canvas, "bias", topic.account.bias, BIAS);
    draw_sum(canvas, "sum", topic.account.sum, &topic_score(topic));
}

fn draw_share(canvas: &mut Canvas, sheet: &Sheet, share: &Share) {
    canvas.beside(
        &sheet.place_of(share),
        &[
            name(format!("{:+.3}", share.worth()), PLAIN),
            phrase(format!("  {}", share_sum(share)), DIM),
        ],
    );
    for contribution in share.contributions {
        let (source, written) = sheet.pattern(contribution);
        let style = if contribution.weight < 0.0 { BAD } else { GOOD };
        let cues = sheet.cues(contribution);
        let cues = cues.map_or(String::new(), |cues| format!(" (rule {cues})"));
        canvas.beside(
            "",
            &[
                phrase(format!("  {:+.3}", contribution.weight), style),
                phrase(cues, DIM),
                phrase(format!("  “{}”", sheet.words(contribution)), PLAIN),
                phrase(format!("  {source}  {written}"), DIM),
            ],
        );
    }
}

/// `evidence   +5.193  = ln(1 + 3.500) × 3.454`.
fn draw_term(canvas: &mut Canvas, indent: &str, term: &Term) {
    let label = format!("{indent}{}", term.name);
    let how = format!("{}  {}", product(term), term.meaning);
    draw_number(canvas, &label, term.product(), &how);
}

fn draw_number(canvas: &mut Canvas, label: &str, number: f32, how: &str) {
    canvas.beside(
        label,
        &[
            name(format!("{number:+.3}"), PLAIN),
            phrase(format!("  {how}"), DIM),
        ],
    );
}

fn draw_sum(canvas: &mut Canvas, label: &str, sum: f32, how: &str) {
    canvas.beside(
        label,
        &[
            name(format!("{sum:+.3}"), BOLD),
            phrase(format!("  {how}"), DIM),
        ],
    );
}

fn draw_section(canvas: &mut Canvas, section: &ShownSection) {
    let ShownSection {
        section: about,
        score,
        account,
        reported,
    } = section;
    let verdict = if *reported {
        "reported"
    } else {
        "not reported"
    };
    canvas.beside(
        &about.id,
        &[
            phrase(format!("{:.3}", score.score), SECTION),
            phrase(format!("  {verdict}"), DIM),
        ],
    );
    draw_number(canvas, "  words", account.words, WORDS);
    for term in &account.terms {
        draw_term(canvas, "  ", term);
    }
    draw_number(canvas, "  bias", account.bias, SECTION_BIAS);
    draw_sum(canvas, "  sum", account.sum, &section_score(section));
}

fn draw_entities(canvas: &mut Canvas, sheet: &Sheet) {
    let entities = sheet.explanation.record.entities.iter().flatten();
    for (index, entity) in entities.enumerate() {
        if index == 0 {
            canvas.gap();
            canvas.heading("Entities", "the most salient first");
        }
        let mut facts = vec![wire_name(&entity.kind)];
        facts.extend(entity.iso.clone());
        facts.extend(link(entity));
        facts.push(format!("salience {:.2}", entity.salience));
        facts.extend(entity.roles.iter().map(role));
        canvas.beside(
            &entity.id,
            &[
                phrase(&entity.name, colour(entity.kind)),
                phrase(format!("  {}", facts.join(" · ")), DIM),
            ],
        );
        let forms = forms(entity).into_iter().map(|form| form.to_string());
        canvas.labelled("", &forms.collect::<Vec<_>>().join(", "));
    }
}

fn draw_values(canvas: &mut Canvas, sheet: &Sheet) {
    let record = &sheet.explanation.record;
    let amounts = record.amounts.iter().flatten().map(|amount| {
        let value = amount.value.as_deref().unwrap_or("?");
        let currency = amount.currency.as_deref().unwrap_or("?");
        let about = if amount.approx { "about " } else { "" };
        format!("{} = {about}{value} {currency}", amount.passage.text)
    });
    let dates = record
        .dates
        .iter()
        .flatten()
        .map(|date| format!("{} = {}", date.passage.text, date.value));
    for (label, values) in [
        ("amounts", amounts.collect::<Vec<_>>()),
        ("dates", dates.collect()),
    ] {
        if !values.is_empty() {
            canvas.gap();
            canvas.labelled(label, &values.join(" · "));
        }
    }
}

/// Without what a terminal would take for a command: fields beside title and text come as they were sent.
fn clean(text: &str) -> String {
    text.replace(char::is_control, " ")
}
