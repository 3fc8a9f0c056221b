//! The ONE index of procedures. Everything that searches procedures, on every
//! channel, searches here.

mod body;
mod catalogue;
mod contents;
mod question;
mod search;
mod spelling;
mod titles;
mod tokens;

pub use catalogue::ProcedureCatalogue;
pub use search::{Match, Search};

pub(crate) use question::Question;
pub(crate) use tokens::{Token, tokens};
