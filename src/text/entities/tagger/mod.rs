//! The tagger: names that nobody listed, by what they look like and stand next to.
//!
//! A linear-chain conditional random field over hashed features ([`features`]), decoded over the stretches of a text
//! that can hold a name at all ([`stretches`]): capitalised words and the few small words that names hold. Everything
//! else is no name without being looked at, which is most of a text. The model ([`Model`]) is made by
//! `newsmill train entities` and built in.

mod decode;
mod exp;
mod features;
mod hash;
mod label;
mod model;
mod slots;
mod stretches;
pub mod train;

pub use decode::{Tagged, tag};
pub use features::{Clues, Features};
pub use model::{Model, ModelError};
