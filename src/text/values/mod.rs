//! Values: amounts of money, and dates.

mod amount;
mod currency;
mod date;
mod decimal;
mod number;
mod passage;

pub use amount::{Amount, Amounts};
pub use date::{DateValue, dates};
