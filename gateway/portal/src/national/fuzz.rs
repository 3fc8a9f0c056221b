//! Doors for fuzz targets: any bytes through the readers, without a portal.

use std::sync::LazyLock;

use gateway_core::domain::dossier_number::default_patterns;
use gateway_core::domain::{DossierNumber, DossierNumberParser, ProcedureCode, StatusMap};
use jiff::civil::date;

use super::read_dossier::DossierReader;
use super::read_procedure::ProcedureReader;
use super::service;
use super::wire::dossier::WireDossier;
use super::wire::envelope::{Bare, Envelope, LoginAnswer, read_body};
use super::wire::procedure::{WireListed, WireProcedure};
use crate::config::{NationalConfig, ReasonWords};

static DOSSIERS: LazyLock<DossierReader> =
    LazyLock::new(|| DossierReader::new(StatusMap::default(), &ReasonWords::default()));
static PROCEDURES: LazyLock<ProcedureReader> = LazyLock::new(|| ProcedureReader::new(&NationalConfig::default()));
static NUMBER: LazyLock<Option<DossierNumber>> = LazyLock::new(|| {
    let parser = DossierNumberParser::new(&default_patterns()).ok()?;
    parser.parse_exact("000.00.17.H09-261020-0012", date(2026, 11, 23)).ok()
});

pub(crate) fn dossier_answer(bytes: &[u8]) {
    if let Ok(bare) = read_body::<Bare>(service::DOSSIER, bytes) {
        let _ = bare.outcome(service::DOSSIER);
    }
    if let Ok(login) = read_body::<LoginAnswer>(service::LOGIN, bytes) {
        let _ = (login.error_code.text(), login.session.text());
    }
    let Ok(envelope) = read_body::<Envelope<WireDossier>>(service::DOSSIER, bytes) else { return };
    let Ok(dossiers) = envelope.list(service::DOSSIER) else { return };
    let Some(number) = NUMBER.as_ref() else { return };
    for wire in &dossiers {
        let _ = DOSSIERS.public(wire, number);
        let _ = DOSSIERS.owner(wire, number);
    }
    let _ = DossierReader::pick(dossiers, number);
}

pub(crate) fn procedure_answer(bytes: &[u8]) {
    if let Ok(Ok(lines)) =
        read_body::<Envelope<WireListed>>(service::PROCEDURES, bytes).map(|all| all.list(service::PROCEDURES))
    {
        let _ = ProcedureReader::listed(&lines);
    }
    let Ok(envelope) = read_body::<Envelope<WireProcedure>>(service::PROCEDURE, bytes) else { return };
    let Ok(procedures) = envelope.list(service::PROCEDURE) else { return };
    let Ok(code) = ProcedureCode::parse("1.004222") else { return };
    for wire in &procedures {
        let _ = PROCEDURES.read(wire, &code, date(2026, 11, 23));
    }
}
