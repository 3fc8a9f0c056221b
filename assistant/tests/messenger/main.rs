//! The engine behind messengers, with stand-ins for the Desk, the database and the
//! providers, and a clock that moves only when everybody waits for it.

#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod answering;
mod officers;
mod sending;
mod stand_ins;
mod world;
