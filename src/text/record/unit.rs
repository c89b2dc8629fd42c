//! What a span in a record counts, and how a byte offset becomes such a count.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What `start` and `end` count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SpanUnit {
    /// Unicode code points, as Python's strings count.
    #[default]
    CodePoint,
    /// UTF-16 code units, as the strings of JavaScript, Java and C# count.
    Utf16,
    /// Bytes of UTF-8, as the strings of Rust and Go count.
    Byte,
}

impl SpanUnit {
    /// The length of `text` in this unit.
    pub fn length(self, text: &str) -> u32 {
        let length = match self {
            SpanUnit::CodePoint => text.chars().count(),
            SpanUnit::Utf16 => text.chars().map(char::len_utf16).sum(),
            SpanUnit::Byte => text.len(),
        };
        u32::try_from(length).unwrap_or(u32::MAX)
    }
}

/// Bytes between two marks of a [`Ruler`]: what one look-up counts at most.
const STRIDE: usize = 128;

/// Turns byte offsets in one text into counts of a unit.
///
/// The text is counted once; after that a look-up costs the same wherever it points, so a long text with many spans
/// takes linear time.
pub struct Ruler<'a> {
    text: &'a str,
    unit: SpanUnit,
    /// For each stride: the first character border in it, and the count up to there.
    marks: Vec<(usize, u32)>,
}

impl<'a> Ruler<'a> {
    pub fn new(text: &'a str, unit: SpanUnit) -> Self {
        let mut marks = vec![(0, 0)];
        let (mut at, mut count) = (0, 0);
        while at + STRIDE <= text.len() {
            let next = (at + STRIDE..)
                .find(|&byte| text.is_char_boundary(byte))
                .unwrap_or(text.len());
            count += unit.length(&text[at..next]);
            at = next;
            marks.push((at, count));
        }
        Ruler { text, unit, marks }
    }

    /// The count from the start of the text to `byte`, which stands on a character border of the text.
    pub fn at(&self, byte: u32) -> u32 {
        let byte = byte as usize;
        let after = self.marks.partition_point(|&(at, _)| at <= byte);
        let (at, count) = self.marks[after - 1];
        count + self.unit.length(&self.text[at..byte])
    }
}
