use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::digest::{SHA256, digest};
use sfv::{Dictionary, ListEntry, Parser};

use super::SignatureProblem;
use super::request::{CONTENT_DIGEST, LONGEST_HEADER};

/// The value of `Content-Digest` for a body, an empty one too (RFC 9530 §2).
pub fn content_digest(body: &[u8]) -> String {
    format!("sha-256=:{}:", STANDARD.encode(digest(&SHA256, body)))
}

/// Whether a header's value is the digest of a body. Other algorithms may
/// stand beside ours and are not looked at.
pub(super) fn check(value: &str, body: &[u8]) -> Result<(), SignatureProblem> {
    let malformed = || SignatureProblem::Malformed(CONTENT_DIGEST);
    if value.len() > LONGEST_HEADER {
        return Err(malformed());
    }
    let digests: Dictionary = Parser::new(value).parse().map_err(|_| malformed())?;
    let Some(ListEntry::Item(item)) = digests.get("sha-256") else { return Err(malformed()) };
    let told = item.bare_item.as_byte_sequence().ok_or_else(malformed)?;
    // Nothing here is secret: who sends the body knows its digest.
    if told == digest(&SHA256, body).as_ref() { Ok(()) } else { Err(SignatureProblem::WrongDigest) }
}
