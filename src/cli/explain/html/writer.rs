//! HTML that is written piece by piece.

/// A page in the making. What is not a literal of this program can only be written escaped.
#[derive(Default)]
pub struct Html(String);

impl Html {
    /// Markup as it stands here.
    pub fn raw(&mut self, markup: &'static str) -> &mut Self {
        self.0.push_str(markup);
        self
    }

    /// Text, or the value of a quoted attribute.
    pub fn text(&mut self, text: impl AsRef<str>) -> &mut Self {
        for letter in text.as_ref().chars() {
            match letter {
                '&' => self.0.push_str("&amp;"),
                '<' => self.0.push_str("&lt;"),
                '>' => self.0.push_str("&gt;"),
                '"' => self.0.push_str("&quot;"),
                '\'' => self.0.push_str("&#39;"),
                letter if letter.is_control() => self.0.push(' '),
                letter => self.0.push(letter),
            }
        }
        self
    }

    /// A number.
    pub fn number(&mut self, number: usize) -> &mut Self {
        self.text(number.to_string())
    }

    /// A share, 0 to 1, as CSS wants it.
    pub fn percent(&mut self, share: f64) -> &mut Self {
        self.text(format!("{:.1}%", share.clamp(0.0, 1.0) * 100.0))
    }

    pub fn into_string(self) -> String {
        self.0
    }
}
