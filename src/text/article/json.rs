//! Bytes to JSON.

use serde_json::Value;

use super::{Code, Rejection};

/// Parses a message's value: UTF-8, or UTF-16 that says so by its byte order mark. Of a key that occurs twice the last
/// one counts, as in most JSON readers.
pub fn parse(bytes: &[u8]) -> Result<Value, Rejection> {
    match bytes {
        [0xff, 0xfe, rest @ ..] => from_text(&utf_16(rest, u16::from_le_bytes)?),
        [0xfe, 0xff, rest @ ..] => from_text(&utf_16(rest, u16::from_be_bytes)?),
        [0xef, 0xbb, 0xbf, rest @ ..] => from_text(utf_8(rest)?),
        bytes => from_text(utf_8(bytes)?),
    }
}

fn utf_8(bytes: &[u8]) -> Result<&str, Rejection> {
    std::str::from_utf8(bytes).map_err(|error| {
        Rejection::new(
            Code::InvalidUtf8,
            format!("invalid utf-8 at byte {}", error.valid_up_to()),
        )
    })
}

fn utf_16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, Rejection> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let text = char::decode_utf16(pairs.iter().map(|pair| unit(*pair))).collect();
    match text {
        Ok(text) if rest.is_empty() => Ok(text),
        _ => Err(Rejection::new(
            Code::InvalidUtf8,
            "invalid utf-16 after its byte order mark",
        )),
    }
}

fn from_text(text: &str) -> Result<Value, Rejection> {
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
            (b"\xff\xfe{\0}\0", None),
            (b"\xfe\xff\0{\0}", None),
            (br#"{"a":1,"a":2}"#, None),
            (nested(127).as_bytes(), None),
            (nested(10_000).as_bytes(), Some(Code::TooDeep)),
            (b"", Some(Code::InvalidJson)),
            (b"{\"a\":", Some(Code::InvalidJson)),
            (b"{} {}", Some(Code::InvalidJson)),
            (br#""\ud800""#, Some(Code::InvalidJson)),
            (b"\"\xff\"", Some(Code::InvalidUtf8)),
            (b"\xff\xfe{\0}", Some(Code::InvalidUtf8)),
            (b"\xff\xfe\x00\xd8", Some(Code::InvalidUtf8)),
            (b"{\0}\0", Some(Code::InvalidJson)),
        ] {
            assert_eq!(code(bytes), expected, "{}", String::from_utf8_lossy(bytes));
        }
    }

    #[test]
    fn of_a_key_that_occurs_twice_the_last_counts() {
        let value = parse(br#"{"a": 1, "a": 2}"#).expect("it is JSON");
        assert_eq!(value["a"], 2);
    }
}
