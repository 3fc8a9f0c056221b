//! Random bits that open something, as they stand in a cookie, an address or a
//! form: lower-case hexadecimal digits of a fixed number.

use crate::ports::Randomness;

/// A secret of so many random bytes, which only its holder has; the house keeps a
/// keyed hash, of a kind of its own. It is never printed, and wiped when it is
/// dropped.
macro_rules! secrets {
    ($($(#[$doc:meta])* $name:ident: $bytes:literal, $kind:literal;)+) => {
        $($(#[$doc])*
        #[derive(Clone, PartialEq, Eq)]
        pub struct $name([u8; $bytes]);

        impl $name {
            /// A new one. The randomness must be the operating system's.
            pub fn new(randomness: &dyn $crate::ports::Randomness) -> Self {
                Self($crate::domain::secret_bits::draw(randomness))
            }

            /// Reads two lower-case hexadecimal digits a byte, and nothing else.
            pub fn parse(text: &str) -> Option<Self> {
                $crate::domain::secret_bits::parse(text).map(Self)
            }

            /// As [`Self::parse`] reads it.
            pub fn to_hex(&self) -> String {
                $crate::domain::secret_bits::to_hex(&self.0)
            }

            /// What the house keeps of it.
            pub fn hash(&self, key: &$crate::ports::HashKey) -> $crate::ports::KeyedHash {
                key.hash_bytes($kind, &self.0)
            }
        }

        impl Drop for $name {
            fn drop(&mut self) {
                zeroize::Zeroize::zeroize(&mut self.0);
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        })+
    };
}
pub(crate) use secrets;

/// New ones. The randomness must be the operating system's.
pub(crate) fn draw<const BYTES: usize>(randomness: &dyn Randomness) -> [u8; BYTES] {
    let mut bits = [0; BYTES];
    for chunk in bits.chunks_mut(8) {
        for (to, from) in chunk.iter_mut().zip(randomness.next_u64().to_le_bytes()) {
            *to = from;
        }
    }
    bits
}

/// Reads exactly two digits a byte.
pub(crate) fn parse<const BYTES: usize>(text: &str) -> Option<[u8; BYTES]> {
    if text.len() != 2 * BYTES {
        return None;
    }
    let mut bits = [0; BYTES];
    for (bit, pair) in bits.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
        let [high, low] = pair else { return None };
        *bit = nibble(*high)? << 4 | nibble(*low)?;
    }
    Some(bits)
}

/// As [`parse`] reads them.
pub(crate) fn to_hex(bits: &[u8]) -> String {
    bits.iter().fold(String::with_capacity(2 * bits.len()), |mut text, byte| {
        for nibble in [byte >> 4, byte & 15] {
            text.extend(char::from_digit(u32::from(nibble), 16));
        }
        text
    })
}

const fn nibble(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}
