use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey};

use super::SignatureProblem;

/// Bytes of a seed and of a public key.
const KEY_BYTES: usize = 32;

/// Bytes of a signature.
pub(super) const SIGNATURE_BYTES: usize = 64;

/// An Ed25519 key that signs (RFC 8032). Where its seed is kept is the owner's
/// business: on a terminal a file of mode 600.
pub struct SigningKey {
    pair: Ed25519KeyPair,
}

impl SigningKey {
    /// The key of a seed: 32 bytes from the operating system's generator, or
    /// as they were kept.
    ///
    /// # Errors
    /// [`SignatureProblem::NotAKey`]; no seed of this length is known to fail.
    pub fn from_seed(seed: &[u8; KEY_BYTES]) -> Result<Self, SignatureProblem> {
        let pair = Ed25519KeyPair::from_seed_unchecked(seed).map_err(|_| SignatureProblem::NotAKey)?;
        Ok(Self { pair })
    }

    /// What others check signatures with.
    pub fn public(&self) -> PublicKey {
        let mut bytes = [0; KEY_BYTES];
        // The length is fixed by the algorithm; a zeroed key verifies nothing.
        if let Ok(public) = self.pair.public_key().as_ref().try_into() {
            bytes = public;
        }
        PublicKey(bytes)
    }

    pub(super) fn sign(&self, message: &[u8]) -> [u8; SIGNATURE_BYTES] {
        self.pair.sign(message).as_ref().try_into().unwrap_or([0; SIGNATURE_BYTES])
    }
}

/// Not the seed.
impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SigningKey").field(&self.public()).finish()
    }
}

/// An Ed25519 public key.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct PublicKey([u8; KEY_BYTES]);

impl PublicKey {
    /// A key of its bytes, as a store keeps it. Whether they are a point of
    /// the curve shows when a signature is checked: none holds otherwise.
    pub const fn from_bytes(bytes: [u8; KEY_BYTES]) -> Self {
        Self(bytes)
    }

    /// Reads base64url without padding, 43 characters.
    ///
    /// # Errors
    /// [`SignatureProblem::NotAKey`].
    pub fn parse(text: &str) -> Result<Self, SignatureProblem> {
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| SignatureProblem::NotAKey)?;
        bytes.try_into().map(Self).map_err(|_| SignatureProblem::NotAKey)
    }

    /// The bytes.
    pub const fn as_bytes(&self) -> &[u8; KEY_BYTES] {
        &self.0
    }

    pub(super) fn verify(&self, message: &[u8], signature: &[u8; SIGNATURE_BYTES]) -> Result<(), SignatureProblem> {
        let key = UnparsedPublicKey::new(&ED25519, &self.0);
        key.verify(message, signature).map_err(|_| SignatureProblem::Invalid)
    }
}

/// Base64url without padding: the form of the wire.
impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&URL_SAFE_NO_PAD.encode(self.0))
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({self})")
    }
}
