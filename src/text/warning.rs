//! Warnings: what is odd about an article without making it unusable.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A stable code in a record's `warnings`, in alphabetical order there, each at most once.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Warning {
    /// A date without a zone was read as UTC.
    AssumedUtc,
    /// `published_at` is before 1990 (an empty or zero date field, as a rule), or more than two days later than the
    /// message itself.
    ImplausiblePublishedAt,
    /// The article says nothing about when it was published.
    MissingPublishedAt,
    /// There was no text but a description, which stands in for it.
    TextFromDescription,
    /// The sender cut the text off and said so.
    TruncatedText,
    /// There is a date of publication, in none of the forms that are understood.
    UnreadablePublishedAt,
    /// There is a date of the last change, in none of the forms that are understood.
    UnreadableUpdatedAt,
    /// An amount of money whose currency the article leaves open.
    UnresolvedCurrency,
}

impl Warning {
    /// Every warning, in alphabetical order.
    pub const ALL: [Warning; 8] = [
        Warning::AssumedUtc,
        Warning::ImplausiblePublishedAt,
        Warning::MissingPublishedAt,
        Warning::TextFromDescription,
        Warning::TruncatedText,
        Warning::UnreadablePublishedAt,
        Warning::UnreadableUpdatedAt,
        Warning::UnresolvedCurrency,
    ];
}
