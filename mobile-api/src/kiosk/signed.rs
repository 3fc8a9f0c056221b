//! Who signed a request: the one door of all resources of terminals.

use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::FromRequest;
use compact_str::CompactString;
use gateway_core::desk::{Refusal, RefusalKind};
use gateway_core::domain::{ClientNet, Device, DeviceId, Sender, TerminalName};
use gateway_core::ports::{LimitKeys, LimitedAction, StoreError};
use gateway_http::{Caller, Problem, problem};
use http::Request;
use http::request::Parts;
use jiff::SignedDuration;
use mobile_api_types::signature::{Presented, SignatureProblem, Unsigned, WINDOW_SECONDS};

use crate::api::{Api, SharedApi};

/// No body of a terminal is longer. The stack's own limit is tighter mostly; this
/// one holds whatever stands around the routes, before a byte is hashed.
const LONGEST_BODY: usize = 64 * 1_024;

/// A nonce is remembered for as long as its signature could be let in: from the
/// earliest clock to the latest.
const REMEMBERED: SignedDuration = SignedDuration::from_secs(2 * WINDOW_SECONDS + 1);

/// When to come back where the database is away.
const AWAY: Duration = Duration::from_secs(5);

/// The headers of a signed request, as the OpenAPI document tells them.
#[derive(utoipa::IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "the document reads its fields' names; requests are read by `Presented`")]
pub(crate) struct SignatureHeaders {
    /// RFC 9421, over `@method`, `@path`, `@query` and `content-digest`
    #[param(rename = "Signature-Input")]
    signature_input: String,
    /// Ed25519
    #[param(rename = "Signature")]
    signature: String,
    /// RFC 9530, `sha-256`, of an empty body too
    #[param(rename = "Content-Digest")]
    content_digest: String,
}

/// The terminal that signed: enrolled, not revoked, in time, once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SignedDevice {
    /// Its id.
    pub(crate) id: DeviceId,
    /// Where it stands: an agency's code.
    pub(crate) site: CompactString,
    /// Its name.
    pub(crate) name: TerminalName,
}

impl SignedDevice {
    /// The terminal as the one who sends.
    pub(crate) fn sender(&self) -> Sender {
        sender(&self.id)
    }
}

fn sender(id: &DeviceId) -> Sender {
    Sender::Account(compact_str::format_compact!("terminal:{}", id.as_str()))
}

/// A request that a terminal signed, and what is read of its body: nothing of it
/// is looked at before the signature holds.
#[derive(Debug, Clone)]
pub(crate) struct Signed<E>(pub(crate) SignedDevice, pub(crate) E);

/// No body is read. (It is signed all the same.)
#[derive(Debug, Clone, Copy)]
pub(crate) struct NoBody;

impl<S: Sync> FromRequest<S> for NoBody {
    type Rejection = Problem;

    async fn from_request(_request: Request<Body>, _state: &S) -> Result<Self, Problem> {
        Ok(Self)
    }
}

impl<E: FromRequest<SharedApi, Rejection = Problem>> FromRequest<SharedApi> for Signed<E> {
    type Rejection = Problem;

    async fn from_request(request: Request<Body>, api: &SharedApi) -> Result<Self, Problem> {
        let (parts, body) = request.into_parts();
        let presented = read(&parts).map_err(refused)?;
        let now = api.needs.clock.now();
        presented.is_timely(now.as_second()).map_err(refused)?;
        let body = axum::body::to_bytes(body, LONGEST_BODY).await;
        let body = body.map_err(|_| Problem::of(&problem::BODY_TOO_LARGE))?;
        let device = verify(api, &parts, &presented, &body).await?;
        let rest = E::from_request(Request::from_parts(parts, Body::from(body)), api).await?;
        Ok(Self(device, rest))
    }
}

/// Reads the three headers. A header that stands twice counts as malformed.
fn read(parts: &Parts) -> Result<Presented, SignatureProblem> {
    Presented::read(|name| {
        let mut values = parts.headers.get_all(name).iter();
        let first = values.next()?;
        // Two of a kind, or what is no text, reads as no structured field.
        Some(if values.next().is_some() { "\"" } else { first.to_str().unwrap_or("\"") })
    })
}

/// The cheap first: digest, then the key, then the signature; what costs a row
/// (the nonce) only for those that hold, so that nobody but the terminal itself
/// can use up its limit or fill the table.
async fn verify(api: &Api, parts: &Parts, presented: &Presented, body: &Bytes) -> Result<SignedDevice, Problem> {
    presented.is_of_body(body).map_err(refused)?;
    let kiosk = &api.needs.kiosk;
    let id = DeviceId::parse(presented.device()).ok_or_else(|| Problem::of(&problem::TERMINAL_UNKNOWN))?;
    let device = kiosk.devices.device(&id).await.map_err(|problem| away(&problem))?;
    let Some(Device { id, site, name, public_key, revoked_at, .. }) = device else {
        return Err(Problem::of(&problem::TERMINAL_UNKNOWN));
    };
    let request = Unsigned { method: parts.method.as_str(), path: parts.uri.path(), query: parts.uri.query(), body };
    let key = mobile_api_types::signature::PublicKey::from_bytes(public_key);
    presented.verify(&request, &key).map_err(refused)?;
    // Only who has the key is told.
    if revoked_at.is_some() {
        return Err(Problem::of(&problem::TERMINAL_REVOKED));
    }
    let now = api.needs.clock.now();
    let net = parts.extensions.get::<Caller>().map_or_else(nowhere, |caller| caller.net);
    let sender = sender(&id);
    let keys = LimitKeys { sender: &sender, device: Some(&id), address: Some(net) };
    if let Err(many) = kiosk.limiter.admit(keys, LimitedAction::Any, now) {
        return Err(Problem::from(Refusal::of(RefusalKind::TooMany)).retry_after(many.retry_after));
    }
    let until = now.checked_add(REMEMBERED).unwrap_or(now);
    let first = kiosk.devices.take_nonce(&id, presented.nonce().0, until).await.map_err(|problem| away(&problem))?;
    if !first {
        return Err(Problem::of(&problem::SIGNATURE_REPLAYED));
    }
    Ok(SignedDevice { id, site, name })
}

fn nowhere() -> ClientNet {
    ClientNet::of(std::net::IpAddr::V4(std::net::Ipv4Addr::UNSPECIFIED))
}

/// The stable code of what was wrong with a signature.
fn refused(problem: SignatureProblem) -> Problem {
    Problem::of(match problem {
        SignatureProblem::Missing(_) => &problem::SIGNATURE_MISSING,
        SignatureProblem::Malformed(_) | SignatureProblem::NotCovered => &problem::SIGNATURE_MALFORMED,
        SignatureProblem::Stale => &problem::SIGNATURE_STALE,
        SignatureProblem::WrongDigest => &problem::DIGEST_MISMATCH,
        SignatureProblem::Invalid | SignatureProblem::NotAKey => &problem::SIGNATURE_INVALID,
    })
}

/// The database is away: nobody can be recognised, and nobody is let in.
pub(crate) fn away(problem: &StoreError) -> Problem {
    tracing::warn!(%problem, "a terminal's request was not answered");
    Problem::from(Refusal::of(RefusalKind::GaveUp)).retry_after(AWAY)
}
