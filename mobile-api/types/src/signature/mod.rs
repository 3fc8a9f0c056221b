//! How a terminal signs what it asks, and how the gateway reads that: HTTP
//! Message Signatures (RFC 9421) with Ed25519, over one fixed list of
//! components, with a digest of the body (RFC 9530). Both ends use this one
//! home, so that they cannot disagree about a byte of what is signed.
//!
//! ```text
//! Content-Digest: sha-256=:…:
//! Signature-Input: sig=("@method" "@path" "@query" "content-digest");created=…;nonce="…";keyid="…";alg="ed25519";tag="dakenh-kiosk"
//! Signature: sig=:…:
//! ```
//!
//! Time, nonce and key are handed in; nothing here knows a clock, a file or
//! which nonces were seen: a verifier looks at [`Presented::is_timely`], at the
//! key of [`Presented::device`], at [`Presented::verify`], and then takes
//! [`Presented::nonce`] once.

mod bundle;
mod digest;
mod key;
mod request;

#[cfg(test)]
mod tests;

pub use bundle::{BUNDLE_SIGNATURE, BundleReading, sign_bundle, verify_bundle};
pub use digest::content_digest;
pub use key::{PublicKey, SigningKey};
pub use request::{
    CONTENT_DIGEST, Nonce, Presented, SIGNATURE, SIGNATURE_INPUT, SignatureHeaders, Unsigned, WINDOW_SECONDS, sign,
};

/// Why a signature does not hold. None of them says anything of the body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SignatureProblem {
    /// One of the three headers is not there.
    #[error("no {0}")]
    Missing(&'static str),
    /// A header is too long, no structured field, or not of the agreed form.
    #[error("{0} is not of the agreed form")]
    Malformed(&'static str),
    /// It covers other components than the agreed ones, or in another order.
    #[error("it does not cover what must be covered")]
    NotCovered,
    /// It was made too long ago, or in the future.
    #[error("made outside of the window")]
    Stale,
    /// The body is not the one that the digest is of.
    #[error("the digest is not that of the body")]
    WrongDigest,
    /// The signature is not that of the key over this request.
    #[error("the signature does not hold")]
    Invalid,
    /// What should be a key is none.
    #[error("not a public key")]
    NotAKey,
}
