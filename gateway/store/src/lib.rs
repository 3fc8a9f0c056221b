#![doc = include_str!("../README.md")]

mod answers;
mod audit;
mod behind;
mod bulk;
mod chats;
mod codes;
mod config;
mod contact;
mod continuations;
mod conversations;
mod credentials;
mod dedupe;
mod devices;
mod failure;
mod learning;
mod leases;
mod links;
mod mailbox;
mod migrate;
mod notices;
mod officers;
mod open;
mod proofs;
mod queue;
mod ratings;
mod requests;
mod seal;
mod store;
mod subscriptions;
mod sweep;
mod time;
mod witness;

pub use answers::AnswerRecord;
pub use audit::{AuditSink, AuditWriter, Unwritten};
pub use chats::Chats;
pub use config::{
    AuditConfig, ConversationsConfig, MailboxConfig, QueueConfig, Retention, StoreConfig, StoreConfigProblem,
};
pub use continuations::SealedContinuations;
pub use conversations::ConversationKeeper;
pub use credentials::SealedCredentials;
pub use devices::DeviceRows;
pub use failure::InsertFailure;
pub use learning::{LearningRows, LearningRules};
pub use links::SealedLinks;
pub use mailbox::{Mailbox, MailboxProblem};
pub use migrate::{AppliedVersion, MigrationProblem};
pub use notices::{NewNotice, NoticeProblem};
pub use officers::OfficerAccounts;
pub use open::StoreOpenError;
pub use queue::Queues;
pub use ratings::SealedRatings;
pub use store::{PoolLoad, Store};
pub use sweep::Swept;
#[doc(hidden)]
pub use witness::Witness;
