//! Which format a record is published in.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::SchemaName;

/// What an output message is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "RecordFormat")]
pub enum Format {
    /// [`Record`](super::Record).
    #[default]
    Newsmill,
    /// An item of ninjs 3.1, the IPTC's news exchange format.
    Ninjs,
}

impl Format {
    /// What the header `newsmill-schema` calls it.
    pub fn schema_name(self) -> &'static str {
        match self {
            Format::Newsmill => SchemaName::V1.as_str(),
            Format::Ninjs => "ninjs-3.1",
        }
    }
}
