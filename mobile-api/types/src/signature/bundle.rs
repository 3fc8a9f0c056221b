use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sfv::{Item, Parser};

use super::key::SIGNATURE_BYTES;
use super::{PublicKey, SignatureProblem, SigningKey};

/// The header that carries the signature of a catalogue bundle.
pub const BUNDLE_SIGNATURE: &str = "bundle-signature";

/// What stands before the bytes that are signed, so that a signature of this
/// kind is never one of another kind.
const CONTEXT: &[u8] = b"dakenh catalogue bundle 1\n";

/// Signs a bundle's bytes with the gateway's key: the value of the header, a
/// byte sequence of RFC 9651.
pub fn sign_bundle(bundle: &[u8], key: &SigningKey) -> String {
    format!(":{}:", STANDARD.encode(key.sign(&message(bundle))))
}

/// Whether the gateway of this key made these bytes.
///
/// # Errors
/// The header is not of the agreed form, or the signature does not hold.
pub fn verify_bundle(bundle: &[u8], header: &str, key: &PublicKey) -> Result<(), SignatureProblem> {
    let malformed = || SignatureProblem::Malformed(BUNDLE_SIGNATURE);
    if header.len() > super::request::LONGEST_HEADER {
        return Err(malformed());
    }
    let item: Item = Parser::new(header).parse().map_err(|_| malformed())?;
    let signature = item.bare_item.as_byte_sequence().ok_or_else(malformed)?;
    let signature: [u8; SIGNATURE_BYTES] = signature.try_into().map_err(|_| malformed())?;
    key.verify(&message(bundle), &signature)
}

fn message(bundle: &[u8]) -> Vec<u8> {
    [CONTEXT, bundle].concat()
}
