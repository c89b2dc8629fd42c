//! Bytes to JSON.

use serde_json::Value;

use super::{Code, Rejection};

/// Parses a message's value. A byte order mark is passed over; of a key that occurs twice the last one counts, as in
/// most JSON readers.
pub fn parse(bytes: &[u8]) -> Result<Value, Rejection> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        Rejection::new(
            Code::InvalidUtf8,
            format!("invalid utf-8 at byte {}", error.valid_up_to()),
        )
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    serde_json::from_str(text).map_err(|error| {
        let message = error.to_string();
        // The error's category is "syntax" for this too; its text is the only difference.
        let code = if message.starts_with("recursion limit exceeded") {
            Code::TooDeep
        } else {
            Code::InvalidJson
        };
        Rejection::new(code, message)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(bytes: &[u8]) -> Option<Code> {
        parse(bytes).err().map(|rejection| rejection.code)
    }

    #[test]
    fn what_is_json_and_what_is_not() {
        let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
        for (bytes, expected) in [
            (b"{}".as_slice(), None),
            (b"\xef\xbb\xbf{}", None),
            (br#"{"a":1,"a":2}"#, None),
            (nested(127).as_bytes(), None),
            (nested(10_000).as_bytes(), Some(Code::TooDeep)),
            (b"", Some(Code::InvalidJson)),
            (b"{\"a\":", Some(Code::InvalidJson)),
            (b"{} {}", Some(Code::InvalidJson)),
            (br#""\ud800""#, Some(Code::InvalidJson)),
            (b"\"\xff\"", Some(Code::InvalidUtf8)),
        ] {
            assert_eq!(code(bytes), expected, "{}", String::from_utf8_lossy(bytes));
        }
    }
}
