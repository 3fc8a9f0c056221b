//! The ONE index of procedures. Everything that searches procedures, on every
//! channel, searches here.

mod body;
mod catalogue;
mod contents;
mod features;
mod letters;
mod phrases;
mod prepared;
mod question;
mod rank;
mod room;
mod same;
mod search;
mod spelling;
mod titles;
mod tokens;
mod variant;
mod version;

pub use catalogue::ProcedureCatalogue;
pub use phrases::PhraseWeights;
pub use prepared::{Found, Opened, Preparation};
pub use rank::{Asked, RankWeights, Ranked};
pub use search::{Match, Search};
pub use variant::{names_a_special_case, without_acts, without_circumstances};

pub(crate) use letters::normal;
pub(crate) use question::Question;
pub(crate) use tokens::{Token, tokens};
