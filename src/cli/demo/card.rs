//! What an outcome looks like on a terminal.

use std::ops::Range;

use super::reader::{Kind as OutcomeKind, Outcome};
use crate::cli::canvas::{
    BAD, BOLD, Canvas, DIM, MARKED, PERSON, PLAIN, SECTION, STATE, TOPIC, bar, name, padded,
    phrase, shortened,
};
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

/// Letters of the article that are shown at most.
const SHOWN: usize = 190;

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
    let mut words: Vec<(&str, usize)> = Vec::new();
    for Passage { text, .. } in evidence {
        match words
            .iter_mut()
            .find(|(word, _)| word.to_lowercase() == text.to_lowercase())
        {
            Some((_, count)) => *count += 1,
            None => words.push((text, 1)),
        }
    }
    words.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let words: Vec<&str> = words.into_iter().map(|(word, _)| word).collect();
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

/// The words of one paragraph in which most speaks for the first topic, with what speaks for it marked.
fn draw_evidence(canvas: &mut Canvas, record: &Record) {
    let topics = record.topics.as_deref().unwrap_or_default();
    let (Some(text), Some(topic)) = (&record.article.text, topics.first()) else {
        return;
    };
    // The demo's records count code points, which are Rust's `char`s.
    let letters: Vec<char> = text.chars().collect();
    let evidence = spans(&topic.evidence, letters.len());
    let Some(window) = densest(&letters, &evidence) else {
        return;
    };
    let said = |range: Range<usize>| String::from_iter(&letters[range]);
    let mut phrases = vec![phrase("“", DIM)];
    let mut at = window.start;
    for span in evidence
        .iter()
        .filter(|span| window.start <= span.start && span.end <= window.end)
    {
        phrases.push(phrase(said(at..span.start), DIM));
        phrases.push(phrase(said(span.clone()), MARKED));
        at = span.end;
    }
    phrases.push(phrase(said(at..window.end) + "”", DIM));
    canvas.beside("because", &phrases);
}

/// Where the evidence stands in the text: in order, and none inside another.
fn spans(evidence: &[Passage], end: usize) -> Vec<Range<usize>> {
    let in_text = evidence
        .iter()
        .filter(|passage| passage.field == Field::Text);
    let mut spans: Vec<Range<usize>> = in_text
        .map(|passage| passage.start as usize..passage.end as usize)
        .collect();
    spans.sort_by_key(|span| (span.start, span.end));
    let mut last = 0;
    spans.retain(|span| {
        let apart = last <= span.start && span.end <= end;
        last = if apart { span.end } else { last };
        apart
    });
    spans
}

/// Whole words of one paragraph, about as many letters as are shown, with as many pieces of evidence as possible; the
/// earliest such.
fn densest(letters: &[char], evidence: &[Range<usize>]) -> Option<Range<usize>> {
    let mut best: Option<(usize, Range<usize>)> = None;
    for first in evidence {
        let before = &letters[..first.start];
        let paragraph = before
            .iter()
            .rposition(|letter| *letter == '\n')
            .map_or(0, |at| at + 1);
        let after = &letters[first.start..];
        let end = after
            .iter()
            .position(|letter| *letter == '\n')
            .map_or(letters.len(), |at| first.start + at);
        // A few words lead to the first piece.
        let start = match first.start.saturating_sub(SHOWN / 4) {
            start if start <= paragraph => paragraph,
            start => {
                start
                    + letters[start..first.start]
                        .iter()
                        .position(|letter| *letter == ' ')
                        .map_or(0, |at| at + 1)
            }
        };
        let end = match start + SHOWN {
            cut if cut >= end => end,
            cut => letters[..cut]
                .iter()
                .rposition(|letter| *letter == ' ')
                .unwrap_or(cut)
                .max(first.end),
        };
        let inside = evidence
            .iter()
            .filter(|span| start <= span.start && span.end <= end)
            .count();
        if best.as_ref().is_none_or(|(most, _)| inside > *most) {
            best = Some((inside, start..end));
        }
    }
    best.map(|(_, window)| window)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shown_words_are_those_with_most_evidence() {
        let filler = "nothing of note here ".repeat(20);
        let text =
            format!("one shell {filler}\n{filler}guns and shells and tanks were sent {filler}");
        let letters: Vec<char> = text.chars().collect();
        let find = |word: &str| {
            let start = text.find(word).unwrap();
            start..start + word.len()
        };
        let evidence = [
            find("shell"),
            find("guns"),
            find("shells and"),
            find("tanks"),
        ];
        let window = densest(&letters, &evidence).unwrap();
        let shown = String::from_iter(&letters[window]);
        assert!(
            shown.contains("guns and shells and tanks were sent"),
            "{shown}"
        );
        assert!(shown.len() <= SHOWN && !shown.contains('\n'), "{shown}");
        assert_eq!(densest(&letters, &[]), None);
    }
}
