use std::io::Write;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::digest::{Context, SHA256, SHA256_OUTPUT_LEN};
use sfv::{Item, Parser};

use super::key::SIGNATURE_BYTES;
use super::{PublicKey, SignatureProblem, SigningKey};

/// The header that carries the signature of a catalogue bundle.
pub const BUNDLE_SIGNATURE: &str = "bundle-signature";

/// What stands before the digest that is signed, so that a signature of this
/// kind is never one of another kind.
const CONTEXT: &[u8] = b"dakenh catalogue bundle 2\n";

/// Signs a bundle's bytes with the gateway's key: the value of the header, a
/// byte sequence of RFC 9651.
pub fn sign_bundle(bundle: &[u8], key: &SigningKey) -> String {
    let mut read = BundleReading::default();
    read.update(bundle);
    format!(":{}:", STANDARD.encode(key.sign(&read.message())))
}

/// Whether the gateway of this key made these bytes.
///
/// # Errors
/// The header is not of the agreed form, or the signature does not hold.
pub fn verify_bundle(bundle: &[u8], header: &str, key: &PublicKey) -> Result<(), SignatureProblem> {
    let mut read = BundleReading::default();
    read.update(bundle);
    read.verify(header, key)
}

/// A bundle that goes by piece by piece: what is signed is its digest, so that
/// a terminal need not hold some 20 MB in memory to know whose they are.
///
/// It is a [`Write`], for [`std::io::copy`].
#[derive(Clone)]
pub struct BundleReading(Context);

impl Default for BundleReading {
    fn default() -> Self {
        Self(Context::new(&SHA256))
    }
}

impl BundleReading {
    /// The next piece.
    pub fn update(&mut self, piece: &[u8]) {
        self.0.update(piece);
    }

    /// Whether the gateway of this key made what went by.
    ///
    /// # Errors
    /// The header is not of the agreed form, or the signature does not hold.
    pub fn verify(self, header: &str, key: &PublicKey) -> Result<(), SignatureProblem> {
        let malformed = || SignatureProblem::Malformed(BUNDLE_SIGNATURE);
        if header.len() > super::request::LONGEST_HEADER {
            return Err(malformed());
        }
        let item: Item = Parser::new(header).parse().map_err(|_| malformed())?;
        let signature = item.bare_item.as_byte_sequence().ok_or_else(malformed)?;
        let signature: [u8; SIGNATURE_BYTES] = signature.try_into().map_err(|_| malformed())?;
        key.verify(&self.message(), &signature)
    }

    fn message(self) -> Vec<u8> {
        let mut message = Vec::with_capacity(CONTEXT.len() + SHA256_OUTPUT_LEN);
        message.extend_from_slice(CONTEXT);
        message.extend_from_slice(self.0.finish().as_ref());
        message
    }
}

impl Write for BundleReading {
    fn write(&mut self, piece: &[u8]) -> std::io::Result<usize> {
        self.update(piece);
        Ok(piece.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Not the digest's state.
impl std::fmt::Debug for BundleReading {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("BundleReading")
    }
}
