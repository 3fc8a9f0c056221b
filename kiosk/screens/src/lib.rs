#![doc = include_str!("../README.md")]
#![warn(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::wildcard_imports)]

mod words;

pub use generated::*;
pub use slint;
pub use words::{KEYS, lend, speak};

/// What Slint's compiler makes of `ui/kiosk.slint`.
mod generated {
    #![allow(
        missing_docs,
        clippy::all,
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::wildcard_imports,
        reason = "written by Slint's compiler"
    )]
    slint::include_modules!();
}
