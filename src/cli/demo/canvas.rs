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
        for Phrase { text, style, whole } in phrases {
            let _ = write!(self.text, "{style}");
            let words = text.split(if *whole { '\n' } else { ' ' });
            for (at, word) in words.enumerate() {
                let blank = usize::from(at > 0);
                let width = word.width();
                if blank + width > free && free < room {
                    // Blanks at the end of a line would show where a style underlines.
                    let kept = self.text.trim_end_matches(' ').len();
                    self.text.truncate(kept);
                    let _ = write!(self.text, "{style:#}\n{next}{style}");
                    free = room;
                } else if blank == 1 {
                    self.text.push(' ');
                    free = free.saturating_sub(1);
                }
                self.text.push_str(word);
                free = free.saturating_sub(width);
            }
            let _ = write!(self.text, "{style:#}");
        }
        self.text.push('\n');
    }
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
