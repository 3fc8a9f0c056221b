//! Citizens and dossiers.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "the lint spares only #[test] functions")]

use gateway_core::domain::dossier_number::default_patterns;
use gateway_core::domain::{ClientNet, DeviceId, DossierNumber, DossierNumberParser, Phone, Sender};
use jiff::Timestamp;
use jiff::civil::date;
use std::sync::LazyLock;

pub(crate) fn morning() -> Timestamp {
    "2026-11-23T02:00:00Z".parse().unwrap()
}

pub(crate) fn phone(n: u32) -> Sender {
    Sender::Phone(Phone::parse(&format!("09{n:08}")).expect("a mobile number"))
}

pub(crate) fn account(name: &str) -> Sender {
    Sender::Account(name.into())
}

pub(crate) fn address(text: &str) -> ClientNet {
    ClientNet::of(text.parse().unwrap())
}

pub(crate) fn device(id: &str) -> DeviceId {
    DeviceId::parse(id).unwrap()
}

/// The `n`th dossier of an agency's day.
pub(crate) fn number(agency: &str, n: u32) -> DossierNumber {
    static PARSER: LazyLock<DossierNumberParser> =
        LazyLock::new(|| DossierNumberParser::new(&default_patterns()).unwrap());
    PARSER.parse_exact(&format!("{agency}-261120-{n:04}"), date(2026, 11, 23)).expect("a dossier number")
}
