//! The screens' words, from the same Fluent files as every other channel's.

use std::rc::Rc;

use gateway_core::domain::Locale;
use gateway_locale::keys::Key;
use gateway_locale::{Arg, Locales};

use crate::Words;

include!(concat!(env!("OUT_DIR"), "/words.rs"));

/// A number of things. Slint knows no unsigned numbers.
fn number_of(number: i32) -> Arg<'static> {
    Arg::Count(u64::try_from(number).unwrap_or_default())
}

/// The language that the global was turned to.
fn spoken(language: &str) -> Locale {
    Locale::parse(language).unwrap_or(Locale::VI)
}
