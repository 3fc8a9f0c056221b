//! How good the assistant is: cases, scores, reports.

mod baseline;
pub mod cases;
pub mod disturb;
mod report;
mod run;
mod score;

pub use baseline::Bm25;
pub use report::{mistakes, table};
pub use run::{Heard, Subject, run};
pub use score::{Said, Scores};
