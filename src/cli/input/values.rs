//! JSON values in a stream of bytes: lines, an array's items, or values one after the other.
//!
//! Only the borders are looked for; whether a value is good JSON is the decoder's question. A broken value must not
//! swallow those behind it, so it ends where a line begins with `{` while it is open: JSON lines begin so, and what is
//! inside a value that spans lines is indented.

use std::io::{self, BufRead};

/// One value and where it began.
#[derive(Debug, PartialEq, Eq)]
pub struct Value {
    /// Counted from 1.
    pub line: usize,
    /// Its bytes, up to the limit.
    pub bytes: Vec<u8>,
    /// Its length in bytes, also beyond the limit.
    pub length: usize,
}

/// The values of an input, one after the other; an error ends them.
pub struct Values<R> {
    input: R,
    scanner: Scanner,
    ended: bool,
}

impl<R: BufRead> Values<R> {
    /// Keeps at most `limit` bytes of each value.
    pub fn new(input: R, limit: usize) -> Self {
        Values {
            input,
            scanner: Scanner::new(limit),
            ended: false,
        }
    }

    fn next_value(&mut self) -> io::Result<Option<Value>> {
        while !self.ended {
            let bytes = match self.input.fill_buf() {
                Ok(bytes) => bytes,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => {
                    self.ended = true;
                    return Err(error);
                }
            };
            if bytes.is_empty() {
                self.ended = true;
                return Ok(self.scanner.finish());
            }
            let (used, value) = self.scanner.feed(bytes);
            self.input.consume(used);
            if value.is_some() {
                return Ok(value);
            }
        }
        Ok(None)
    }
}

impl<R: BufRead> Iterator for Values<R> {
    type Item = io::Result<Value>;

    fn next(&mut self) -> Option<Self::Item> {
        self.next_value().transpose()
    }
}

/// Finds where values begin and end, a byte at a time.
struct Scanner {
    limit: usize,
    line: usize,
    at_line_start: bool,
    /// An array around the values is open.
    in_array: bool,
    open: Option<Open>,
}

/// A value whose end has not come yet.
struct Open {
    value: Value,
    state: State,
}

#[derive(Clone, Copy)]
enum State {
    /// In an object or array, this deep.
    Nested(usize),
    /// In a string this deep.
    InString(usize),
    /// Behind a backslash in a string this deep.
    Escaped(usize),
    /// Neither object nor array: it ends with its line.
    Loose,
    /// A line has ended inside a string, which JSON forbids: it goes on to the next line that begins with `{`.
    Broken,
    Complete,
}

impl State {
    fn first(byte: u8) -> State {
        match byte {
            b'{' | b'[' => State::Nested(1),
            _ => State::Loose,
        }
    }

    fn then(self, byte: u8) -> State {
        match (self, byte) {
            (State::Nested(depth), b'{' | b'[') => State::Nested(depth + 1),
            (State::Nested(1), b'}' | b']') => State::Complete,
            (State::Nested(depth), b'}' | b']') => State::Nested(depth - 1),
            (State::Nested(depth), b'"') => State::InString(depth),
            (State::InString(depth), b'"') => State::Nested(depth),
            (State::InString(depth), b'\\') => State::Escaped(depth),
            (State::InString(_) | State::Escaped(_), b'\n') => State::Broken,
            (State::Escaped(depth), _) => State::InString(depth),
            (State::Loose, b'\n') => State::Complete,
            (state, _) => state,
        }
    }
}

impl Scanner {
    fn new(limit: usize) -> Self {
        Scanner {
            limit,
            line: 1,
            at_line_start: true,
            in_array: false,
            open: None,
        }
    }

    /// Reads on to the end of a value; how many bytes it read, and the value if there was one.
    fn feed(&mut self, bytes: &[u8]) -> (usize, Option<Value>) {
        for (at, &byte) in bytes.iter().enumerate() {
            if byte == b'{' && self.at_line_start && self.open.is_some() {
                // Not read: it begins the next value.
                return (at, self.finish());
            }
            self.step(byte);
            self.at_line_start = byte == b'\n';
            self.line += usize::from(self.at_line_start);
            if matches!(
                self.open,
                Some(Open {
                    state: State::Complete,
                    ..
                })
            ) {
                return (at + 1, self.finish());
            }
        }
        (bytes.len(), None)
    }

    fn step(&mut self, byte: u8) {
        if let Some(open) = &mut self.open {
            open.state = open.state.then(byte);
            open.value.push(byte, self.limit);
            return;
        }
        match byte {
            b' ' | b'\t' | b'\r' | b'\n' => {}
            // A byte order mark before the first value; inside UTF-8 text these begin no value.
            0xEF | 0xBB | 0xBF if self.line == 1 => {}
            b'[' if !self.in_array => self.in_array = true,
            b']' if self.in_array => self.in_array = false,
            b',' if self.in_array => {}
            _ => {
                let mut value = Value {
                    line: self.line,
                    bytes: Vec::new(),
                    length: 0,
                };
                value.push(byte, self.limit);
                let state = State::first(byte);
                self.open = Some(Open { value, state });
            }
        }
    }

    /// The open value as it stands, without the white space behind it.
    fn finish(&mut self) -> Option<Value> {
        let mut value = self.open.take()?.value;
        while value.length == value.bytes.len()
            && value.bytes.last().is_some_and(u8::is_ascii_whitespace)
        {
            value.bytes.pop();
            value.length -= 1;
        }
        Some(value)
    }
}

impl Value {
    fn push(&mut self, byte: u8, limit: usize) {
        self.length += 1;
        if self.bytes.len() < limit {
            self.bytes.push(byte);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::BufReader;

    use super::*;

    fn values(input: &str, capacity: usize) -> Vec<(usize, String)> {
        Values::new(BufReader::with_capacity(capacity, input.as_bytes()), 1000)
            .map(|value| value.unwrap())
            .map(|value| (value.line, String::from_utf8(value.bytes).unwrap()))
            .collect()
    }

    #[test]
    fn values_are_found_in_every_layout() {
        for (input, expected) in [
            ("", &[][..]),
            ("\n \n", &[]),
            (
                "{\"a\":1}\n{\"a\":2}\n",
                &[(1, "{\"a\":1}"), (2, "{\"a\":2}")],
            ),
            ("{\"a\":1} {\"a\":2}", &[(1, "{\"a\":1}"), (1, "{\"a\":2}")]),
            ("\u{feff}{}\r\n{}\r\n", &[(1, "{}"), (2, "{}")]),
            (
                "{\n  \"a\": {\n    \"b\": [1]\n  }\n}\n{}",
                &[(1, "{\n  \"a\": {\n    \"b\": [1]\n  }\n}"), (6, "{}")],
            ),
            (
                "[{\"a\":1},\n {\"a\":[2]}\n]\n",
                &[(1, "{\"a\":1}"), (2, "{\"a\":[2]}")],
            ),
            ("[\n{},\n{}\n]", &[(2, "{}"), (3, "{}")]),
            ("[[1]]", &[(1, "[1]")]),
            // Braces and quotes inside strings are text.
            (
                r#"{"a":"}{\"]\\"}{}"#,
                &[(1, r#"{"a":"}{\"]\\"}"#), (1, "{}")],
            ),
            // What is broken does not swallow what follows.
            ("{\"a\":\n{}\n", &[(1, "{\"a\":"), (2, "{}")]),
            ("{\"a\":\"x\n{}\n", &[(1, "{\"a\":\"x"), (2, "{}")]),
            ("no json\n42\n{}\n", &[(1, "no json"), (2, "42"), (3, "{}")]),
            ("{\"a\":1", &[(1, "{\"a\":1")]),
        ] {
            let expected: Vec<_> = expected
                .iter()
                .map(|(line, text)| (*line, (*text).to_owned()))
                .collect();
            for capacity in [1, 2, 4096] {
                assert_eq!(values(input, capacity), expected, "{input:?} by {capacity}");
            }
        }
    }

    #[test]
    fn a_value_beyond_the_limit_is_counted_and_not_kept() {
        let input = format!("{{\"a\":\"{}\"}}\n{{}}", "x".repeat(100));
        let found: Vec<_> = Values::new(input.as_bytes(), 10)
            .map(|value| value.unwrap())
            .collect();
        assert_eq!((found[0].bytes.len(), found[0].length), (10, 108));
        assert_eq!(found[1].bytes, b"{}");
    }
}
