//! Tables: tab-separated text, with a header that says where its rows come from.

use serde::de::value::{Error as WireError, StrDeserializer};
use serde::de::{DeserializeOwned, IntoDeserializer};
use thiserror::Error;

/// Why a table cannot be used.
#[derive(Debug, Error)]
pub enum TableError {
    #[error("{table}: no line of column names; expected `{expected}`, with tabs between them")]
    NoColumns { table: String, expected: String },
    #[error(
        "{table}:{line}: columns `{found}`; expected `{expected}`, in this order and with tabs between them"
    )]
    Columns {
        table: String,
        line: usize,
        found: String,
        expected: String,
    },
    #[error(
        "{table}:{line}: {found} cells; expected {expected}, with a tab after each but the last, empty ones too"
    )]
    Cells {
        table: String,
        line: usize,
        found: usize,
        expected: usize,
    },
    #[error("{table}:{line}: {column} = \"{value}\": {reason}")]
    Value {
        table: String,
        line: usize,
        column: &'static str,
        value: String,
        reason: String,
    },
}

/// A table as read: comments gone, columns checked.
pub struct Table<'a> {
    rows: Vec<Row<'a>>,
}

/// One line of a table.
pub struct Row<'a> {
    table: &'a str,
    /// Counted from 1.
    line: usize,
    cells: Vec<&'a str>,
}

impl<'a> Table<'a> {
    /// Reads a table whose columns must be exactly these. Lines that begin with `#`, and empty ones, are comments.
    ///
    /// # Errors
    ///
    /// Where the columns are others, or a line has too many cells or too few.
    pub fn parse(name: &'a str, text: &'a str, columns: &[&str]) -> Result<Self, TableError> {
        let mut lines = text
            .lines()
            .enumerate()
            .map(|(index, line)| (index + 1, line))
            .filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
        let Some((line, head)) = lines.next() else {
            return Err(TableError::NoColumns {
                table: name.into(),
                expected: columns.join(" "),
            });
        };
        if !head.split('\t').map(str::trim).eq(columns.iter().copied()) {
            return Err(TableError::Columns {
                table: name.into(),
                line,
                found: head.replace('\t', " "),
                expected: columns.join(" "),
            });
        }
        let mut rows = Vec::new();
        for (line, text) in lines {
            let cells: Vec<&str> = text.split('\t').map(str::trim).collect();
            if cells.len() != columns.len() {
                return Err(TableError::Cells {
                    table: name.into(),
                    line,
                    found: cells.len(),
                    expected: columns.len(),
                });
            }
            rows.push(Row {
                table: name,
                line,
                cells,
            });
        }
        Ok(Table { rows })
    }

    /// Whether a table's line of column names is this one.
    pub fn has_columns(text: &str, columns: &[&str]) -> bool {
        text.lines()
            .find(|line| !line.is_empty() && !line.starts_with('#'))
            .is_some_and(|head| head.split('\t').map(str::trim).eq(columns.iter().copied()))
    }

    pub fn rows(&self) -> &[Row<'a>] {
        &self.rows
    }
}

impl<'a> Row<'a> {
    pub fn cell(&self, column: usize) -> &'a str {
        self.cells[column]
    }

    /// The cell, or nothing where it is empty.
    pub fn optional(&self, column: usize) -> Option<&'a str> {
        Some(self.cells[column]).filter(|cell| !cell.is_empty())
    }

    /// The cell, which must not be empty.
    pub fn required(&self, column: usize, named: &'static str) -> Result<&'a str, TableError> {
        self.optional(column)
            .ok_or_else(|| self.wrong(column, named, "a row needs one"))
    }

    /// The cell, or nothing where it is empty; `check` says what is wrong with any other.
    pub fn matching(
        &self,
        column: usize,
        named: &'static str,
        check: impl Fn(&str) -> Result<(), &'static str>,
    ) -> Result<Option<String>, TableError> {
        let Some(cell) = self.optional(column) else {
            return Ok(None);
        };
        match check(cell) {
            Ok(()) => Ok(Some(cell.to_owned())),
            Err(reason) => Err(self.wrong(column, named, reason)),
        }
    }

    /// The cell's parts between semicolons.
    pub fn list(&self, column: usize) -> impl Iterator<Item = &'a str> {
        self.cells[column]
            .split(';')
            .map(str::trim)
            .filter(|part| !part.is_empty())
    }

    /// The cell as a word of the record's ("head_of_state", "person").
    pub fn wire<T: DeserializeOwned>(
        &self,
        column: usize,
        named: &'static str,
    ) -> Result<T, TableError> {
        let word: StrDeserializer<'_, WireError> = self.cells[column].into_deserializer();
        T::deserialize(word).map_err(|error| self.wrong(column, named, &error.to_string()))
    }

    /// "yes", or nothing.
    pub fn yes(&self, column: usize, named: &'static str) -> Result<bool, TableError> {
        match self.cells[column] {
            "yes" => Ok(true),
            "" => Ok(false),
            _ => Err(self.wrong(column, named, "expected yes, or nothing")),
        }
    }

    /// The error that a cell cannot be what it is.
    pub fn wrong(&self, column: usize, named: &'static str, reason: &str) -> TableError {
        TableError::Value {
            table: self.table.into(),
            line: self.line,
            column: named,
            value: self.cells[column].into(),
            reason: reason.into(),
        }
    }
}
