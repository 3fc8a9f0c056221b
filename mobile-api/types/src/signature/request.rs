use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use sfv::{Dictionary, InnerList, ListEntry, ListSerializer, Parser};

use super::digest::{check, content_digest};
use super::key::SIGNATURE_BYTES;
use super::{PublicKey, SignatureProblem, SigningKey};

/// The header with the body's digest.
pub const CONTENT_DIGEST: &str = "content-digest";
/// The header that says what is signed.
pub const SIGNATURE_INPUT: &str = "signature-input";
/// The header with the signature.
pub const SIGNATURE: &str = "signature";

/// Clocks may differ by so much, and a request may be under way for so long:
/// ±120 s.
pub const WINDOW_SECONDS: i64 = 120;

/// No header of ours comes near it; a longer one is not even parsed.
pub(super) const LONGEST_HEADER: usize = 1_024;

const LABEL: &str = "sig";
const ALGORITHM: &str = "ed25519";
const TAG: &str = "dakenh-kiosk";
const COVERED: [&str; 4] = ["@method", "@path", "@query", CONTENT_DIGEST];

/// A request as it is signed. `path` is as it goes over the wire (`/api/v1/…`),
/// still percent-encoded; `query` is without its question mark, `None` where
/// there is none.
#[derive(Clone, Copy)]
pub struct Unsigned<'a> {
    /// In capitals: `GET`, `POST`.
    pub method: &'a str,
    /// The path.
    pub path: &'a str,
    /// The query string.
    pub query: Option<&'a str>,
    /// The body; empty where there is none.
    pub body: &'a [u8],
}

/// Not the body.
impl fmt::Debug for Unsigned<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Unsigned").field("method", &self.method).finish_non_exhaustive()
    }
}

/// What makes a request one that was never sent before: 128 random bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Nonce(pub [u8; 16]);

impl Nonce {
    fn parse(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        bytes.try_into().ok().map(Self)
    }
}

/// Base64url without padding, 22 characters.
impl fmt::Display for Nonce {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&URL_SAFE_NO_PAD.encode(self.0))
    }
}

/// The values of the three headers that a signed request bears.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignatureHeaders {
    /// `Content-Digest`.
    pub content_digest: String,
    /// `Signature-Input`.
    pub signature_input: String,
    /// `Signature`.
    pub signature: String,
}

impl SignatureHeaders {
    /// Names and values, ready to be set.
    pub fn pairs(&self) -> [(&'static str, &str); 3] {
        [(CONTENT_DIGEST, &self.content_digest), (SIGNATURE_INPUT, &self.signature_input), (SIGNATURE, &self.signature)]
    }
}

/// Signs a request as `device`, which the gateway gave at enrolment, at
/// `created` (UNIX seconds), with a nonce that is never used again.
///
/// # Errors
/// [`SignatureProblem::Malformed`] where `device` is not of the form of an id.
pub fn sign(
    request: &Unsigned<'_>,
    device: &str,
    created: i64,
    nonce: Nonce,
    key: &SigningKey,
) -> Result<SignatureHeaders, SignatureProblem> {
    if !is_device(device) || created < 0 {
        return Err(SignatureProblem::Malformed(SIGNATURE_INPUT));
    }
    let covered = COVERED.map(|name| format!("\"{name}\"")).join(" ");
    let params =
        format!("({covered});created={created};nonce=\"{nonce}\";keyid=\"{device}\";alg=\"{ALGORITHM}\";tag=\"{TAG}\"");
    let content_digest = content_digest(request.body);
    let signature = key.sign(base(request, &content_digest, &params).as_bytes());
    Ok(SignatureHeaders {
        content_digest,
        signature_input: format!("{LABEL}={params}"),
        signature: format!("{LABEL}=:{}:", STANDARD.encode(signature)),
    })
}

/// A signature that came with a request: read, not yet believed.
#[derive(Debug, Clone)]
pub struct Presented {
    device: String,
    created: i64,
    nonce: Nonce,
    /// `@signature-params` as they are signed (RFC 9421 §2.3).
    params: String,
    signature: [u8; SIGNATURE_BYTES],
    content_digest: String,
}

impl Presented {
    /// Reads the headers; `header` gives the one value of a name, `None` where
    /// there is none or more than one.
    ///
    /// # Errors
    /// What is missing, malformed or not covered.
    pub fn read<'a>(header: impl Fn(&'static str) -> Option<&'a str>) -> Result<Self, SignatureProblem> {
        let value = |name| {
            let value = header(name).ok_or(SignatureProblem::Missing(name))?.trim();
            if value.len() > LONGEST_HEADER { Err(SignatureProblem::Malformed(name)) } else { Ok(value) }
        };
        let (input, signature) = (value(SIGNATURE_INPUT)?, value(SIGNATURE)?);
        let content_digest = value(CONTENT_DIGEST)?.to_owned();
        let list = labelled_list(input)?;
        let covered = list.items.iter().map(|item| match item.params.is_empty() {
            true => item.bare_item.as_string().map(sfv::StringRef::as_str),
            false => None,
        });
        if !covered.eq(COVERED.map(Some)) {
            return Err(SignatureProblem::NotCovered);
        }
        let said = Said::of(&list)?;
        Ok(Self {
            device: said.device,
            created: said.created,
            nonce: said.nonce,
            params: serialized(&list)?,
            signature: labelled_bytes(signature)?,
            content_digest,
        })
    }

    /// Which device says that it signed.
    pub fn device(&self) -> &str {
        &self.device
    }

    /// When it says that it signed, in UNIX seconds.
    pub const fn created(&self) -> i64 {
        self.created
    }

    /// To be taken once for each device, for twice [`WINDOW_SECONDS`].
    pub const fn nonce(&self) -> Nonce {
        self.nonce
    }

    /// Whether it was made about now.
    ///
    /// # Errors
    /// [`SignatureProblem::Stale`].
    pub const fn is_timely(&self, now_seconds: i64) -> Result<(), SignatureProblem> {
        if now_seconds.abs_diff(self.created) <= WINDOW_SECONDS.unsigned_abs() {
            Ok(())
        } else {
            Err(SignatureProblem::Stale)
        }
    }

    /// Whether the body is the one that was signed. It needs no key, so a
    /// verifier may look at it before it looks up one.
    ///
    /// # Errors
    /// [`SignatureProblem::WrongDigest`], or a digest that cannot be read.
    pub fn is_of_body(&self, body: &[u8]) -> Result<(), SignatureProblem> {
        check(&self.content_digest, body)
    }

    /// Whether the device of this key signed this very request.
    ///
    /// # Errors
    /// [`SignatureProblem::WrongDigest`] or [`SignatureProblem::Invalid`].
    pub fn verify(&self, request: &Unsigned<'_>, key: &PublicKey) -> Result<(), SignatureProblem> {
        self.is_of_body(request.body)?;
        key.verify(base(request, &self.content_digest, &self.params).as_bytes(), &self.signature)
    }
}

/// The parameters, all of which must be there and no other: one that we do not
/// know (`expires`) could mean that the signature should not be believed.
struct Said {
    created: i64,
    nonce: Nonce,
    device: String,
}

impl Said {
    fn of(list: &InnerList) -> Result<Self, SignatureProblem> {
        let malformed = || SignatureProblem::Malformed(SIGNATURE_INPUT);
        let text = |name| list.params.get(name).and_then(|value| value.as_string()).map(sfv::StringRef::as_str);
        let created = list.params.get("created").and_then(sfv::BareItem::as_integer).map(i64::from);
        let fits = list.params.len() == 5 && text("alg") == Some(ALGORITHM) && text("tag") == Some(TAG);
        let device = text("keyid").filter(|id| fits && is_device(id)).ok_or_else(malformed)?;
        Ok(Self {
            created: created.filter(|at| *at >= 0).ok_or_else(malformed)?,
            nonce: text("nonce").and_then(Nonce::parse).ok_or_else(malformed)?,
            device: device.to_owned(),
        })
    }
}

/// The signature base (RFC 9421 §2.5). An absent query is signed as `?`
/// (§2.2.7), an empty path as `/` (§2.2.6).
fn base(request: &Unsigned<'_>, content_digest: &str, params: &str) -> String {
    let path = if request.path.is_empty() { "/" } else { request.path };
    format!(
        "\"@method\": {}\n\"@path\": {path}\n\"@query\": ?{}\n\"{CONTENT_DIGEST}\": {content_digest}\n\
         \"@signature-params\": {params}",
        request.method,
        request.query.unwrap_or_default(),
    )
}

fn labelled_list(value: &str) -> Result<InnerList, SignatureProblem> {
    match labelled(value, SIGNATURE_INPUT)? {
        ListEntry::InnerList(list) => Ok(list),
        ListEntry::Item(_) => Err(SignatureProblem::Malformed(SIGNATURE_INPUT)),
    }
}

fn labelled_bytes(value: &str) -> Result<[u8; SIGNATURE_BYTES], SignatureProblem> {
    let malformed = || SignatureProblem::Malformed(SIGNATURE);
    let ListEntry::Item(item) = labelled(value, SIGNATURE)? else { return Err(malformed()) };
    let bytes = item.bare_item.as_byte_sequence().ok_or_else(malformed)?;
    bytes.try_into().map_err(|_| malformed())
}

/// What stands under our label; a proxy may have put its own beside it.
fn labelled(value: &str, name: &'static str) -> Result<ListEntry, SignatureProblem> {
    let malformed = SignatureProblem::Malformed(name);
    let mut fields: Dictionary = Parser::new(value).parse().map_err(|_| malformed)?;
    fields.swap_remove(LABEL).ok_or(malformed)
}

/// The list in its one canonical form, with its parameters as they came.
fn serialized(list: &InnerList) -> Result<String, SignatureProblem> {
    let mut serializer = ListSerializer::new();
    let mut inner = serializer.inner_list();
    inner.items(&list.items);
    inner.finish().parameters(&list.params);
    serializer.finish().ok_or(SignatureProblem::Malformed(SIGNATURE_INPUT))
}

/// 8–64 letters, digits, `-` or `_`: nothing that would need escaping.
fn is_device(id: &str) -> bool {
    (8..=64).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}
