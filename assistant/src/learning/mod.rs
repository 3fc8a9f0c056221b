//! Learning from misses: what was not understood in clusters, what officers
//! teach because of it, and the exam that every lesson sits before it goes live.

mod cluster;
mod exam;
mod learned;
mod likeness;
mod school;

pub use cluster::clusters;
pub use exam::Exam;
pub use learned::{Found, Learned};
pub use school::{School, SchoolNeeds};
