//! Vietnamese text: one normal form at the door, one folded form for
//! comparing, one plain form for SMS, and the two ways to shorten a text.
//!
//! Nothing in here knows a language's sentences; it only knows letters.

mod fold;
mod normal;
mod shorten;

#[cfg(test)]
mod tests;

pub use fold::{fold, fold_display, fold_words};
pub use normal::nfc;
pub use shorten::{mask_name, truncate_graphemes};

pub(crate) use normal::{latin_base, strip_width};
