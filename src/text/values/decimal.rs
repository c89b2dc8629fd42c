//! Decimal numbers as digits: exact, whatever their size.

/// Digits and where the point stands: `digits` times ten to the power of `exponent`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decimal {
    digits: String,
    exponent: i32,
}

impl Decimal {
    /// Reads "1,200", "3.5", "1.200.000", "3,5". A single separator with three digits after it parts thousands if it is a
    /// comma and decimals if it is a point, as English news has it.
    pub fn parse(text: &str) -> Option<Decimal> {
        let is_separator = |c: char| matches!(c, ',' | '.' | '\'' | '’');
        if text.is_empty()
            || text.len() > LONGEST
            || !text.starts_with(|c: char| c.is_ascii_digit())
        {
            return None;
        }
        if !text.chars().all(|c| c.is_ascii_digit() || is_separator(c)) {
            return None;
        }
        let separators = text.chars().filter(|&c| is_separator(c)).count();
        let point = text.rfind(is_separator).filter(|&at| {
            let after = text.len() - at - text[at..].chars().next().map_or(0, char::len_utf8);
            let is_point = text[at..].starts_with('.');
            let separator = text[at..].chars().next();
            let repeated = separator.is_some_and(|separator| text[..at].contains(separator));
            after > 0 && !repeated && (after != 3 || (is_point && separators == 1))
        });
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        let decimals = point.map_or(0, |at| {
            text[at..].chars().filter(char::is_ascii_digit).count()
        });
        Some(Decimal {
            digits,
            exponent: -(decimals as i32),
        })
    }

    pub fn whole(value: u32) -> Decimal {
        Decimal {
            digits: value.to_string(),
            exponent: 0,
        }
    }

    pub fn half() -> Decimal {
        Decimal {
            digits: "5".to_owned(),
            exponent: -1,
        }
    }

    /// Times a power of ten.
    pub fn scaled(mut self, power: i32) -> Decimal {
        self.exponent += power;
        self
    }
}

/// Without leading zeros, or trailing ones after the point.
impl std::fmt::Display for Decimal {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut digits = self.digits.clone();
        let mut decimals = (-self.exponent).max(0) as usize;
        digits.extend(std::iter::repeat_n('0', self.exponent.max(0) as usize));
        while decimals > 0 && digits.ends_with('0') {
            digits.pop();
            decimals -= 1;
        }
        if digits.len() <= decimals {
            digits.insert_str(0, &"0".repeat(decimals + 1 - digits.len()));
        }
        let (whole, rest) = digits.split_at(digits.len() - decimals);
        let trimmed = whole.trim_start_matches('0');
        let whole = if trimmed.is_empty() { "0" } else { trimmed };
        match rest {
            "" => write!(out, "{whole}"),
            rest => write!(out, "{whole}.{rest}"),
        }
    }
}

/// Bytes of the longest number that is one of money.
const LONGEST: usize = 24;

#[cfg(test)]
mod tests {
    use super::Decimal;

    #[test]
    fn numbers_are_read_and_scaled_exactly() {
        for (text, power, expected) in [
            ("60", 9, "60000000000"),
            ("1.2", 12, "1200000000000"),
            ("1,200", 0, "1200"),
            ("1,200.50", 0, "1200.5"),
            ("1.200.000", 0, "1200000"),
            ("3,5", 6, "3500000"),
            ("2.125", 9, "2125000000"),
            ("35", -2, "0.35"),
            ("0", 6, "0"),
            ("007", 0, "7"),
            ("21,188,947.15", 0, "21188947.15"),
        ] {
            let value = Decimal::parse(text).map(|value| value.scaled(power).to_string());
            assert_eq!(value.as_deref(), Some(expected), "{text}");
        }
        for text in ["", "x", ",5", "5x", "9999999999999999999999999"] {
            assert_eq!(Decimal::parse(text), None, "{text}");
        }
    }
}
