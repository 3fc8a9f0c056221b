//! The channel between a scripted Desk, a mailbox in memory and scripted roads,
//! on a runtime whose time stands until everybody waits.

mod answers;
mod notices;
mod sending;
mod world;
