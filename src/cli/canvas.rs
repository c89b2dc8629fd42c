//! Text for a terminal: styled, and broken at the terminal's width.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

pub const PLAIN: Style = Style::new();
pub const BOLD: Style = Style::new().bold();
pub const DIM: Style = Style::new().dimmed();
pub const GOOD: Style = AnsiColor::Green.on_default();
pub const BAD: Style = AnsiColor::Red.on_default();
pub const SECTION: Style = AnsiColor::Yellow.on_default();
pub const TOPIC: Style = AnsiColor::BrightBlue.on_default();
pub const PERSON: Style = AnsiColor::Cyan.on_default();
pub const STATE: Style = AnsiColor::Green.on_default();
pub const MARKED: Style = Style::new().bold().underline();

/// Where no terminal says its width.
const DEFAULT_WIDTH: usize = 100;

/// Longer lines are hard to read, shorter ones leave no room beside the labels.
const WIDTHS: std::ops::RangeInclusive<usize> = 50..=110;

/// Columns that a label takes, with what stands around it.
const LABEL: usize = 16;

/// Words in one style.
pub struct Phrase {
    text: String,
    style: Style,
    /// It is not broken between its words.
    whole: bool,
}

pub fn phrase(text: impl Into<String>, style: Style) -> Phrase {
    Phrase {
        text: text.into(),
        style,
        whole: false,
    }
}

/// A phrase that stays on one line.
pub fn name(text: impl Into<String>, style: Style) -> Phrase {
    Phrase {
        whole: true,
        ..phrase(text, style)
    }
}

/// Lines of text, at most as wide as the terminal.
pub struct Canvas {
    width: usize,
    text: String,
}

impl Canvas {
    /// As wide as standard output's terminal.
    pub fn for_terminal() -> Self {
        let terminal = terminal_size::terminal_size_of(std::io::stdout());
        let width = terminal.map_or(DEFAULT_WIDTH, |(width, _)| usize::from(width.0));
        Canvas::new(width)
    }

    /// As wide as asked for, within reason.
    pub fn new(width: usize) -> Self {
        Canvas {
            width: width.clamp(*WIDTHS.start(), *WIDTHS.end()),
            text: String::new(),
        }
    }

    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Columns to the right of the labels.
    pub fn room(&self) -> usize {
        self.width - LABEL
    }

    /// An empty line.
    pub fn gap(&mut self) {
        self.text.push('\n');
    }

    /// A title, and words about it beside.
    pub fn heading(&mut self, title: &str, beside: &str) {
        self.put(
            &[phrase(title, BOLD), phrase(format!(" {beside}"), DIM)],
            "  ",
            "  ",
        );
    }

    /// A title with a coloured edge, and dim lines about it.
    pub fn edged(&mut self, edge: Style, title: &str, about: &[String]) {
        let edge = format!("{edge}▌{edge:#} ");
        self.put(&[phrase(title, BOLD)], &edge, &edge);
        for line in about {
            self.put(&[phrase(line, DIM)], &edge, &edge);
        }
    }

    /// A label, and words beside it.
    pub fn labelled(&mut self, label: &str, words: &str) {
        self.beside(label, &[phrase(words, PLAIN)]);
    }

    /// A label, and phrases beside it.
    pub fn beside(&mut self, label: &str, phrases: &[Phrase]) {
        let first = format!("  {DIM}{}{DIM:#}", padded(label, LABEL - 2));
        self.put(phrases, &first, &" ".repeat(LABEL));
    }

    /// A label, and phrases beside it that fit on one line.
    pub fn row(&mut self, label: &str, phrases: &[Phrase]) {
        let _ = write!(self.text, "  {DIM}{}{DIM:#}", padded(label, LABEL - 2));
        self.line(phrases);
    }

    /// Phrases on one line, however long.
    pub fn line(&mut self, phrases: &[Phrase]) {
        for Phrase { text, style, .. } in phrases {
            let _ = write!(self.text, "{style}{text}{style:#}");
        }
        self.text.push('\n');
    }

    /// Phrases one after the other, broken where a line is full.
    fn put(&mut self, phrases: &[Phrase], first: &str, next: &str) {
        let room = self.width - columns(next);
        let mut free = room;
        self.text.push_str(first);
        for Word { blank, pieces } in words(phrases) {
            let width = pieces.iter().map(|(text, _)| text.width()).sum::<usize>();
            if usize::from(blank.is_some()) + width > free && free < room {
                let _ = write!(self.text, "\n{next}");
                free = room;
            } else if let Some(style) = blank {
                let _ = write!(self.text, "{style} {style:#}");
                free = free.saturating_sub(1);
            }
            for (text, style) in pieces {
                let _ = write!(self.text, "{style}{text}{style:#}");
            }
            free = free.saturating_sub(width);
        }
        self.text.push('\n');
    }
}

/// What a line is not broken within.
struct Word<'a> {
    /// The style of the blank before it, where there is one.
    blank: Option<Style>,
    pieces: Vec<(&'a str, Style)>,
}

/// The words of all phrases; where no blank stands between two phrases, a word goes on from one to the other.
fn words(phrases: &[Phrase]) -> Vec<Word<'_>> {
    let mut words: Vec<Word> = Vec::new();
    for Phrase { text, style, whole } in phrases {
        let pieces = text.split(if *whole { '\n' } else { ' ' });
        for (at, piece) in pieces.enumerate() {
            match words.last_mut() {
                Some(word) if at == 0 => word.pieces.push((piece, *style)),
                _ => words.push(Word {
                    blank: (at > 0).then_some(*style),
                    pieces: vec![(piece, *style)],
                }),
            }
        }
    }
    words
}

/// The text in this many columns, with blanks behind it.
pub fn padded(text: &str, columns: usize) -> String {
    let text = shortened(text, columns);
    let blanks = columns - text.width();
    format!("{text}{}", " ".repeat(blanks))
}

/// The text in at most this many columns, with an ellipsis where it was cut.
pub fn shortened(text: &str, columns: usize) -> String {
    if text.width() <= columns {
        return text.to_owned();
    }
    let mut left = columns.saturating_sub(1);
    let kept = text.chars().take_while(|letter| {
        let width = letter.width().unwrap_or(0);
        let fits = width <= left;
        left = left.saturating_sub(width);
        fits
    });
    format!("{}…", kept.collect::<String>().trim_end())
}

/// A share, 0 to 1, as a line of this many columns.
pub fn bar(share: f64, columns: usize, style: Style) -> String {
    let full = ((share.clamp(0.0, 1.0) * columns as f64).round() as usize).min(columns);
    let (full, rest) = ("━".repeat(full), "─".repeat(columns - full));
    format!("{style}{full}{style:#}{DIM}{rest}{DIM:#}")
}

/// Columns of a prefix, which may hold colours.
fn columns(prefix: &str) -> usize {
    anstream::adapter::strip_str(prefix).to_string().width()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(canvas: &Canvas) -> String {
        anstream::adapter::strip_str(canvas.as_str()).to_string()
    }

    #[test]
    fn no_line_is_wider_than_the_terminal() {
        let mut canvas = Canvas::new(50);
        let words = "Київ 東京 🌧 and some words more ".repeat(20);
        canvas.labelled("words", &words);
        canvas.edged(GOOD, &words, std::slice::from_ref(&words));
        canvas.beside("styled", &[phrase(&words, BOLD), phrase(&words, DIM)]);
        for line in plain(&canvas).lines() {
            assert!(line.width() <= 50, "{} columns: {line}", line.width());
        }
        let told = plain(&canvas)
            .split_whitespace()
            .filter(|word| *word == "東京")
            .count();
        assert_eq!(told, 100, "words were lost");
    }

    #[test]
    fn text_is_cut_and_filled_by_what_it_takes_on_the_screen() {
        assert_eq!(padded("ab", 4), "ab  ");
        assert_eq!(shortened("Military aid", 9), "Military…");
        assert_eq!(shortened("東京都", 4), "東…");
        assert_eq!(padded("東京都", 5), "東京…");
    }
}
