//! Word vectors: what a text is about at large, as one point among 64 dimensions.
//!
//! The table is distilled from a sentence encoder (`models/words.py`, `models/README.md`): related words point in
//! related directions, so that a section is recognised by words that no rule lists.

use rustc_hash::FxHashMap;

use crate::text::document::{Document, Paragraph, ParagraphKind, TokenKind};

pub const DIMENSIONS: usize = 64;

/// A text's direction, of length 1; zero where no word is known.
pub type Vector = [f32; DIMENSIONS];

/// A word in the title counts as much as this many in the text.
const TITLE: f32 = 3.0;
/// Longer words are not in the table.
const LONGEST: usize = 32;

pub struct Words {
    rows: FxHashMap<&'static [u8], u32>,
    /// What a row's bytes are multiplied with; the word's rarity is in it.
    scales: Vec<f32>,
    numbers: &'static [u8],
}

impl Words {
    /// The table that comes with the program.
    pub fn built_in() -> Words {
        Words::read(include_bytes!("../../../models/words.bin"))
            .expect("a test reads the built-in words")
    }

    /// Reads what `models/words.py` writes: a mark, the number of words and dimensions, the words with their
    /// lengths, a scale for each, and a signed byte for each dimension of each.
    fn read(bytes: &'static [u8]) -> Option<Words> {
        let rest = bytes.strip_prefix(b"NMWORDS1")?;
        let (count, rest) = rest.split_first_chunk()?;
        let (dimensions, mut rest) = rest.split_first_chunk()?;
        let count = u32::from_le_bytes(*count) as usize;
        if u32::from_le_bytes(*dimensions) as usize != DIMENSIONS {
            return None;
        }
        let mut rows = FxHashMap::with_capacity_and_hasher(count, Default::default());
        for row in 0..count {
            let (length, after) = rest.split_first()?;
            let (word, after) = after.split_at_checked(usize::from(*length))?;
            rows.insert(word, row as u32);
            rest = after;
        }
        let (scales, numbers) = rest.split_at_checked(count * size_of::<f32>())?;
        let (scales, _) = scales.as_chunks();
        let scales = scales
            .iter()
            .map(|scale| f32::from_le_bytes(*scale))
            .collect();
        (numbers.len() == count * DIMENSIONS).then_some(Words {
            rows,
            scales,
            numbers,
        })
    }

    /// The direction of a document, boilerplate left out.
    pub fn vector(&self, doc: &Document) -> Vector {
        let mut sum = [0.0; DIMENSIONS];
        for paragraph in doc.paragraphs() {
            match paragraph.kind {
                ParagraphKind::Boilerplate => {}
                ParagraphKind::Title => self.add(doc, paragraph, TITLE, &mut sum),
                ParagraphKind::Body => self.add(doc, paragraph, 1.0, &mut sum),
            }
        }
        let length = sum.iter().map(|x| x * x).sum::<f32>().sqrt();
        if length > 0.0 {
            sum.iter_mut().for_each(|x| *x /= length);
        }
        sum
    }

    fn add(&self, doc: &Document, paragraph: &Paragraph, times: f32, sum: &mut Vector) {
        for sentence in
            &doc.sentences()[paragraph.sentences.start as usize..paragraph.sentences.end as usize]
        {
            for index in sentence.tokens.clone() {
                let index = index as usize;
                if doc.tokens()[index].kind != TokenKind::Word {
                    continue;
                }
                let Some(row) = self.row(doc.token_text(index)) else {
                    continue;
                };
                let scale = self.scales[row] * times;
                let numbers = &self.numbers[row * DIMENSIONS..][..DIMENSIONS];
                for (x, number) in sum.iter_mut().zip(numbers) {
                    *x += f32::from(*number as i8) * scale;
                }
            }
        }
    }

    fn row(&self, word: &str) -> Option<usize> {
        let mut lower = [0; LONGEST];
        let lower = lower.get_mut(..word.len())?;
        lower.copy_from_slice(word.as_bytes());
        lower.make_ascii_lowercase();
        self.rows.get(&*lower).map(|row| *row as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cosine(a: &str, b: &str) -> f32 {
        let words = Words::built_in();
        let vector = |text| words.vector(&Document::new(None, text));
        vector(a).iter().zip(vector(b)).map(|(a, b)| a * b).sum()
    }

    #[test]
    fn related_texts_point_the_same_way() {
        let near = cosine("The striker scored twice", "Her goalkeeper lost the match");
        let far = cosine("The striker scored twice", "Parliament rejects the budget");
        assert!(near > far + 0.2, "{near} against {far}");
    }

    #[test]
    fn unknown_words_have_no_direction() {
        assert_eq!(
            Words::built_in().vector(&Document::new(None, "Xqzt, 12 %")),
            [0.0; DIMENSIONS]
        );
    }
}
