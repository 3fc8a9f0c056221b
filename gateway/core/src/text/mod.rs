//! Vietnamese text: one normal form at the door, one folded form for
//! comparing, one plain form for SMS, the two ways to shorten a text, the one way
//! to clean a text of another system, and the one way to take private figures out.
//!
//! Nothing in here knows a language's sentences; it only knows letters.

mod clean;
mod fold;
mod mask;
mod normal;
mod shorten;

#[cfg(test)]
mod tests;

pub use clean::clean;
pub use fold::{fold, fold_display, fold_words};
pub use mask::mask_figures;
pub use normal::{is_zero_width, nfc};
pub use shorten::{mask_name, truncate_graphemes};

pub(crate) use normal::{latin_base, strip_width};
