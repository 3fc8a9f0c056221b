#![doc = include_str!("../README.md")]

mod answers;
mod audit;
mod config;
mod dedupe;
mod failure;
mod migrate;
mod notices;
mod open;
mod proofs;
mod store;
mod sweep;
mod time;

pub use answers::AnswerRecord;
pub use audit::{AuditSink, AuditWriter, Unwritten};
pub use config::{AuditConfig, Retention, StoreConfig, StoreConfigProblem};
pub use failure::InsertFailure;
pub use migrate::{AppliedVersion, MigrationProblem};
pub use notices::{NewNotice, NoticeProblem};
pub use open::StoreOpenError;
pub use store::{PoolLoad, Store};
pub use sweep::Swept;
