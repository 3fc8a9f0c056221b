//! What is named in a citizen's sentence: tables of sentences, point by point.

#[path = "slots/choices.rs"]
mod choices;
#[path = "slots/dates.rs"]
mod dates;
#[path = "slots/languages.rs"]
mod languages;
#[path = "slots/people.rs"]
mod people;
#[path = "slots/places.rs"]
mod places;
#[path = "slots/private.rs"]
mod private;
#[path = "slots/properties.rs"]
mod properties;
#[path = "slots/statements.rs"]
mod statements;

use std::sync::LazyLock;

use assistant_nlu::normal::Normal;
use assistant_nlu::slots::{SlotReader, Slots};
use gateway_core::domain::DossierNumberParser;
use jiff::civil::{Date, date};

/// A Friday.
const TODAY: Date = date(2026, 11, 27);

fn read(text: &str) -> Slots {
    static READER: LazyLock<SlotReader> = LazyLock::new(|| SlotReader::new(DossierNumberParser::default()));
    READER.read(text, &Normal::of(text), TODAY)
}
