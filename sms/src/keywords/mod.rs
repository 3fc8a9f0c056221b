//! What citizens write to a short code: `HS <mã>`, `TTHC <lời>`, `TRO GIUP` …
//! The words are configuration; each belongs to the language in which it is
//! answered. What begins with none of them is free text.

mod config;
mod read;

pub use config::{KeywordConfig, Synonyms};
pub use read::{Keyword, Keywords, Read};
