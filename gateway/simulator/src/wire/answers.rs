//! From the bytes of a request to the bytes of an answer. No waiting and no
//! faults here.

use std::borrow::Cow;
use std::collections::BTreeSet;

use gateway_core::domain::FeeReading;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::Service;
use super::dossier::{WireDossier, field_code};
use super::procedure::{WireField, WireProcedure, WireProcedureName};
use crate::dossiers::MOST_MOVED;
use crate::simulator::State;
use crate::writes::WriteRefused;

/// Codes of the adapter's own errors. The protocol's page names none; 401 for
/// an ended session is what the golden files settled.
const LOGIN_REFUSED: i64 = 1;
const UNREADABLE: i64 = 400;
const NO_SESSION: i64 = 401;
const NOT_YOUR_AGENCY: i64 = 403;
const NO_SUCH_SERVICE: i64 = 404;
const WRITE_REFUSED: i64 = 422;

#[derive(Deserialize)]
struct LoginRequest<'a> {
    #[serde(borrow, default)]
    username: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    password: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
struct Request<'a> {
    #[serde(borrow, default)]
    session: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    madonvi: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    service: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    mahoso: Option<Cow<'a, str>>,
    #[serde(borrow, default, rename = "maTTHC")]
    procedure: Option<Cow<'a, str>>,
    #[serde(default, rename = "isUpdating")]
    is_updating: Option<Value>,
    #[serde(default)]
    data: Option<Value>,
}

#[derive(Serialize)]
struct Answer<T> {
    error_code: i64,
    result: Vec<T>,
}

#[derive(Serialize)]
struct Province<'a> {
    #[serde(rename = "MATINHTHANH")]
    code: &'a str,
    #[serde(rename = "TENTINHTHANH")]
    name: &'a str,
}

#[derive(Serialize)]
struct Ward<'a> {
    #[serde(rename = "MAPHUONGXA")]
    code: String,
    #[serde(rename = "TENPHUONGXA")]
    name: &'a str,
    #[serde(rename = "MATINHTHANH")]
    province: &'a str,
}

#[derive(Serialize)]
struct Agency<'a> {
    #[serde(rename = "MACOQUAN")]
    code: &'a str,
    #[serde(rename = "TENCOQUAN")]
    name: &'a str,
}

#[derive(Serialize)]
struct FeeRow<'a> {
    #[serde(rename = "MALEPHI")]
    code: String,
    #[serde(rename = "TENLEPHI")]
    name: &'a str,
    #[serde(rename = "SOTIEN")]
    amount: String,
    #[serde(rename = "DONVI")]
    unit: &'a str,
}

#[derive(Serialize)]
struct Question<'a> {
    #[serde(rename = "LINHVUC")]
    field: &'a str,
    #[serde(rename = "CAUHOI")]
    question: &'a str,
    #[serde(rename = "TRALOI")]
    answer: &'a str,
}

/// `POST /mapi/login`.
pub(super) fn login(portal: &State, body: &[u8]) -> Vec<u8> {
    let Ok(request) = serde_json::from_slice::<LoginRequest<'_>>(body) else {
        return written(&json!({ "error_code": UNREADABLE }));
    };
    let known = request.username.as_deref() == Some(&portal.config.username)
        && request.password.as_deref() == Some(&portal.config.password);
    if !known {
        return written(&json!({ "error_code": LOGIN_REFUSED }));
    }
    let session = portal.sessions.open(portal.now(), portal.session_lifetime(), portal.config.randomness.as_ref());
    written(&json!({ "session": session, "error_code": 0 }))
}

/// `POST /mapi/g`.
pub(super) fn call(portal: &State, body: &[u8], ends_session: bool) -> Vec<u8> {
    let Ok(request) = serde_json::from_slice::<Request<'_>>(body) else {
        portal.stats.unknown();
        return refused(UNREADABLE);
    };
    let Some(service) = request.service.as_deref().and_then(Service::read) else {
        portal.stats.unknown();
        return refused(NO_SUCH_SERVICE);
    };
    portal.stats.call(service);
    let session = request.session.as_deref().unwrap_or_default();
    if ends_session {
        portal.sessions.end(session);
    }
    if !portal.sessions.holds(session, portal.now()) {
        return refused(NO_SESSION);
    }
    if request.madonvi.as_deref() != Some(&portal.config.agency_code) {
        return refused(NOT_YOUR_AGENCY);
    }
    answer(portal, service, request)
}

fn answer(portal: &State, service: Service, request: Request<'_>) -> Vec<u8> {
    match service {
        Service::Dossier => match request.mahoso {
            Some(number) => dossier(portal, &number),
            None => refused(UNREADABLE),
        },
        Service::Procedure => match request.procedure {
            Some(code) => procedure(portal, &code),
            None => refused(UNREADABLE),
        },
        Service::ProcedureList => {
            let procedures = portal.dossiers.procedures.iter();
            listed(procedures.map(|one| WireProcedureName { code: one.code.to_string(), name: &one.name }))
        }
        Service::Provinces => listed(portal.words.provinces.iter().map(|(code, name)| Province { code, name })),
        Service::Wards => {
            let province = portal.words.ward_province.as_str();
            let wards = portal.words.wards.iter().enumerate();
            listed(wards.map(|(place, name)| Ward { code: format!("{province}{:03}", place + 1), name, province }))
        }
        Service::Agencies => listed(portal.dossiers.agencies.iter().map(|(code, name)| Agency { code, name })),
        Service::Fields => {
            let fields = portal.catalogue.fields.iter().enumerate();
            listed(fields.map(|(place, name)| WireField { code: field_code(place), name }))
        }
        Service::Fees => fees(portal),
        Service::Questions => {
            let questions = portal.words.questions.iter();
            listed(questions.map(|(field, question, answer)| Question { field, question, answer }))
        }
        Service::SyncDossiers => {
            let is_updating = request.is_updating.as_ref();
            let derived = |number: &str| derived(portal, number);
            taken(portal.writes.sync_dossiers(is_updating, request.data, derived))
        }
        Service::SyncProgress => taken(progress(portal, request.data)),
        Service::SyncRatings => taken(portal.writes.sync_ratings(request.data, |number| is_derived(portal, number))),
    }
}

fn dossier(portal: &State, number: &str) -> Vec<u8> {
    // What was written stands before what the seed tells.
    if let Some(dossier) = portal.writes.dossier(number.trim()) {
        return listed(std::iter::once(dossier));
    }
    told(portal, number, |dossier| listed(std::iter::once(dossier))).unwrap_or_else(|| listed(std::iter::empty::<()>()))
}

/// Tells a dossier of the seed as it stands now.
fn told<T>(portal: &State, number: &str, then: impl FnOnce(WireDossier<'_>) -> T) -> Option<T> {
    let told = portal.dossiers.find(number).and_then(|place| portal.dossiers.tell_at(place))?;
    let standing = told.standing(portal.now_moment())?;
    let owner = portal.dossiers.owner(&told, &portal.words);
    let field = portal.catalogue.field_of(told.procedure_place);
    Some(then(WireDossier::of(&told, &standing, &owner, field, portal.config.seed, &portal.words)))
}

/// A dossier of the seed as the wire shows it now.
pub(crate) fn derived(portal: &State, number: &str) -> Option<Map<String, Value>> {
    match told(portal, number, |dossier| serde_json::to_value(dossier))?.ok()? {
        Value::Object(fields) => Some(fields),
        _ => None,
    }
}

fn is_derived(portal: &State, number: &str) -> bool {
    portal.dossiers.find(number).is_some()
}

fn progress(portal: &State, data: Option<Value>) -> Result<(), WriteRefused> {
    let room = MOST_MOVED.saturating_sub(portal.dossiers.moved_count());
    let moved = portal.writes.sync_progress(data, |number| is_derived(portal, number), room)?;
    let now = portal.now_moment();
    for (number, status) in moved {
        let told = portal.dossiers.find(&number).and_then(|place| portal.dossiers.tell_at(place));
        if let Some(told) = told {
            portal.dossiers.move_to(&told, status, now).map_err(|_| WriteRefused::Full)?;
        }
    }
    Ok(())
}

fn procedure(portal: &State, code: &str) -> Vec<u8> {
    let found = portal
        .catalogue
        .procedure(code.trim())
        .and_then(|place| portal.dossiers.procedures.get(place).map(|procedure| (place, procedure)));
    listed(
        found
            .into_iter()
            .map(|(place, procedure)| WireProcedure::of(procedure, portal.catalogue.field_of(place), &portal.words)),
    )
}

/// Every amount that a procedure charges, each once for a procedure.
fn fees(portal: &State) -> Vec<u8> {
    let mut rows = Vec::new();
    for procedure in &portal.dossiers.procedures {
        let amounts: BTreeSet<i64> = procedure
            .methods
            .iter()
            .filter_map(|method| match &method.fee.reading {
                FeeReading::Amount { amount, .. } => Some(amount.amount()),
                _ => None,
            })
            .collect();
        for amount in amounts {
            rows.push(FeeRow {
                code: format!("LP-{:05}", rows.len() + 1),
                name: &procedure.name,
                amount: amount.to_string(),
                unit: &portal.words.channel_unit,
            });
        }
    }
    listed(rows.into_iter())
}

fn listed<T: Serialize>(items: impl Iterator<Item = T>) -> Vec<u8> {
    written(&Answer { error_code: 0, result: items.collect() })
}

fn refused(error_code: i64) -> Vec<u8> {
    written(&Answer::<()> { error_code, result: Vec::new() })
}

/// A write is acknowledged with `"00"`.
fn taken(write: Result<(), WriteRefused>) -> Vec<u8> {
    match write {
        Ok(()) => written(&json!({ "error_code": "00", "result": [] })),
        Err(refused) => written(&json!({ "error_code": WRITE_REFUSED, "message": refused.to_string(), "result": [] })),
    }
}

fn written<T: Serialize>(answer: &T) -> Vec<u8> {
    // Maps with text keys and numbers always have a JSON form.
    let mut bytes = Vec::with_capacity(2_048);
    if serde_json::to_writer(&mut bytes, answer).is_err() {
        bytes.clear();
    }
    bytes
}
