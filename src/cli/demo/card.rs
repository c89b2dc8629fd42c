//! What an outcome looks like on a terminal.

use std::collections::BTreeMap;

use super::canvas::{
    BAD, BOLD, Canvas, DIM, MARKED, PERSON, PLAIN, SECTION, STATE, TOPIC, bar, name, padded,
    phrase, shortened,
};
use super::reader::{Kind as OutcomeKind, Outcome};
use crate::text::document::Field;
use crate::text::entities::{Form, Kind};
use crate::text::record::{Coverage, Entity, Passage, Record, Topic};

/// Topics, people and other things that a card shows at most; a record has them all.
const TOPICS: usize = 5;
const THINGS: usize = 8;

/// Columns of a topic's name, of its bar, and of its bar where there is little room.
const NAME: usize = 24;
const BAR: usize = 16;
const SHORT_BAR: usize = 6;

/// Letters shown on each side of the evidence.
const AROUND: usize = 90;

/// The outcome as a card.
pub fn of(outcome: &Outcome) -> Canvas {
    let mut canvas = Canvas::for_terminal();
    draw(&mut canvas, outcome);
    canvas
}

fn draw(canvas: &mut Canvas, outcome: &Outcome) {
    let Outcome { key, place, kind } = outcome;
    match kind {
        OutcomeKind::Record(record) => draw_record(canvas, record, place),
        OutcomeKind::DeadLetter {
            code,
            message,
            bytes,
        } => {
            canvas.edged(
                BAD,
                key,
                &[format!("dead letter · {place} · all {bytes} bytes kept")],
            );
            canvas.gap();
            canvas.beside(
                "rejected",
                &[phrase(format!("{code}  "), BAD), phrase(message, PLAIN)],
            );
        }
    }
    canvas.gap();
}

fn draw_record(canvas: &mut Canvas, record: &Record, place: &str) {
    let article = &record.article;
    let title = article.title.as_deref().unwrap_or(&article.id);
    let about = [
        article.publisher.clone(),
        article
            .published_at
            .as_ref()
            .map(|at| at.chars().take(10).collect()),
        article.language.clone(),
        Some(format!("{} words", article.words)),
        Some(place.to_owned()),
    ];
    let about: Vec<String> = about.into_iter().flatten().collect();
    canvas.edged(TOPIC, title, &[about.join(" · ")]);
    canvas.gap();
    if record.coverage == Coverage::LanguageUnsupported {
        let words = "no analyses: newsmill has no rules for this language, and applies no others";
        canvas.labelled("coverage", words);
    }
    draw_sections(canvas, record);
    draw_topics(canvas, record.topics.as_deref().unwrap_or_default());
    draw_entities(canvas, record.entities.as_deref().unwrap_or_default());
    draw_evidence(canvas, record);
}

fn draw_sections(canvas: &mut Canvas, record: &Record) {
    let mut phrases = Vec::new();
    for section in record.sections.iter().flatten() {
        if !phrases.is_empty() {
            phrases.push(phrase(" · ", DIM));
        }
        phrases.push(name(&section.id, SECTION));
        phrases.push(phrase(format!(" {:.2}", section.score), DIM));
    }
    if !phrases.is_empty() {
        canvas.beside("sections", &phrases);
    }
}

fn draw_topics(canvas: &mut Canvas, topics: &[Topic]) {
    let columns = if canvas.room() < 60 { SHORT_BAR } else { BAR };
    let used = NAME + columns + " 0.00   ".len();
    for (at, topic) in topics.iter().take(TOPICS).enumerate() {
        let words = words_of(&topic.evidence);
        let line = [
            phrase(padded(&topic.name, NAME), BOLD),
            phrase(bar(topic.score, columns, TOPIC), PLAIN),
            phrase(format!(" {:.2}   ", topic.score), PLAIN),
            phrase(shortened(&words, canvas.room().saturating_sub(used)), DIM),
        ];
        canvas.row(if at == 0 { "topics" } else { "" }, &line);
    }
}

/// The different words of the evidence, the most frequent first.
fn words_of(evidence: &[Passage]) -> String {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for passage in evidence {
        *counts.entry(passage.text.to_lowercase()).or_default() += 1;
    }
    let mut words: Vec<_> = counts.into_iter().collect();
    words.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let words: Vec<String> = words.into_iter().map(|(word, _)| word).collect();
    words.join(", ")
}

fn draw_entities(canvas: &mut Canvas, entities: &[Entity]) {
    for (label, style, kinds) in ROWS {
        let found = entities
            .iter()
            .filter(|entity| kinds.contains(&entity.kind));
        let mut phrases = Vec::new();
        for entity in found.take(THINGS) {
            if !phrases.is_empty() {
                phrases.push(phrase(" · ", DIM));
            }
            phrases.push(name(&entity.name, *style));
            phrases.extend(about(entity).map(|about| phrase(about, DIM)));
        }
        if !phrases.is_empty() {
            canvas.beside(label, &phrases);
        }
    }
}

/// The kinds of things that stand in one row.
const ROWS: &[(&str, anstyle::Style, &[Kind])] = &[
    ("people", PERSON, &[Kind::Person]),
    ("states", STATE, &[Kind::Country]),
    (
        "organizations",
        PLAIN,
        &[Kind::Organization, Kind::Group, Kind::Media],
    ),
    ("places", PLAIN, &[Kind::Place]),
    (
        "things",
        PLAIN,
        &[Kind::Equipment, Kind::Event, Kind::Agreement],
    ),
];

/// A person's office; the names of places that mean a state.
fn about(entity: &Entity) -> Option<String> {
    if let Some(role) = entity.roles.first() {
        return Some(format!(", {}", role.text));
    }
    let metonyms = metonyms(entity);
    (!metonyms.is_empty()).then(|| format!(" ({})", metonyms.join(", ")))
}

/// "Tokyo" where it means Japan.
fn metonyms(state: &Entity) -> Vec<&str> {
    let mut found: Vec<&str> = Vec::new();
    for mention in &state.mentions {
        let text = mention.passage.text.as_str();
        if mention.form == Form::Metonym && !found.contains(&text) {
            found.push(text);
        }
    }
    found
}

/// The words around the first evidence of the first topic.
fn draw_evidence(canvas: &mut Canvas, record: &Record) {
    let Some(text) = &record.article.text else {
        return;
    };
    let topics = record.topics.iter().flatten();
    let in_text = |passage: &&Passage| passage.field == Field::Text;
    let Some(passage) = topics.flat_map(|topic| &topic.evidence).find(in_text) else {
        return;
    };
    // The demo's records count code points, which are Rust's `char`s.
    let (start, end) = (passage.start as usize, passage.end as usize);
    let letters: Vec<char> = text.chars().collect();
    let before =
        &letters[start.saturating_sub(AROUND).min(letters.len())..start.min(letters.len())];
    let after = &letters[end.min(letters.len())..(end + AROUND).min(letters.len())];
    let before = String::from_iter(before);
    let after = String::from_iter(after);
    // Whole words of one paragraph.
    let before = match before.rsplit_once('\n') {
        Some((_, line)) => format!("“{line}"),
        None if start <= AROUND => format!("“{before}"),
        None => format!(
            "“…{}",
            before.split_once(' ').map_or("", |(_, words)| words)
        ),
    };
    let after = match after.split_once('\n') {
        Some((line, _)) => format!("{line}”"),
        None if end + AROUND >= letters.len() => format!("{after}”"),
        None => format!(
            "{}…”",
            after.rsplit_once(' ').map_or("", |(words, _)| words)
        ),
    };
    let words = [
        phrase(before, DIM),
        phrase(&passage.text, MARKED),
        phrase(after, DIM),
    ];
    canvas.beside("because", &words);
}
