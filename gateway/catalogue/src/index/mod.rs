//! The ONE index of procedures. Everything that searches procedures, on every
//! channel, searches here.

mod body;
mod catalogue;
mod contents;
mod phrases;
mod question;
mod rank;
mod same;
mod search;
mod spelling;
mod titles;
mod tokens;
mod variant;

pub use catalogue::ProcedureCatalogue;
pub use phrases::PhraseWeights;
pub use rank::{RankWeights, Ranked};
pub use search::{Match, Search};

pub(crate) use question::Question;
pub(crate) use tokens::{Token, tokens};
