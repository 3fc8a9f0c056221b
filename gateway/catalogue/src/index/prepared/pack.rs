//! Values as bytes: figures little-endian, a length before every text and list.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, Hash};
use std::sync::Arc;

use compact_str::CompactString;

/// The bytes are not those of such a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Damaged;

/// Bytes that are read from their beginning.
pub(crate) struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    pub(super) const fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn take(&mut self, len: usize) -> Result<&'a [u8], Damaged> {
        let (taken, rest) = self.0.split_at_checked(len).ok_or(Damaged)?;
        self.0 = rest;
        Ok(taken)
    }

    fn array<const LEN: usize>(&mut self) -> Result<[u8; LEN], Damaged> {
        let (taken, rest) = self.0.split_first_chunk::<LEN>().ok_or(Damaged)?;
        self.0 = rest;
        Ok(*taken)
    }

    fn text(&mut self) -> Result<&'a str, Damaged> {
        let len = self.length()?;
        std::str::from_utf8(self.take(len)?).map_err(|_| Damaged)
    }

    /// How many follow; what a room may be made for, for each takes a byte at least.
    fn length(&mut self) -> Result<usize, Damaged> {
        let length = usize::try_from(u32::unpack(self)?).map_err(|_| Damaged)?;
        if length > self.0.len() { Err(Damaged) } else { Ok(length) }
    }
}

/// A value that can lie in the prepared file.
pub(crate) trait Packed: Sized {
    /// Puts it behind what is there.
    fn pack(&self, to: &mut Vec<u8>);
    /// Reads it, and nothing behind it.
    fn unpack(from: &mut Bytes<'_>) -> Result<Self, Damaged>;
}

/// A struct, field by field: one that is forgotten does not compile.
macro_rules! packed {
    ($name:ty { $($field:ident),* $(,)? }) => {
        impl $crate::index::prepared::Packed for $name {
            fn pack(&self, to: &mut Vec<u8>) {
                let Self { $($field),* } = self;
                $($crate::index::prepared::Packed::pack($field, to);)*
            }

            fn unpack(from: &mut $crate::index::prepared::Bytes<'_>) -> Result<Self, $crate::index::prepared::Damaged> {
                Ok(Self { $($field: $crate::index::prepared::Packed::unpack(from)?),* })
            }
        }
    };
}
pub(crate) use packed;

macro_rules! figures {
    ($($figure:ty),*) => {$(
        impl Packed for $figure {
            fn pack(&self, to: &mut Vec<u8>) {
                to.extend_from_slice(&self.to_le_bytes());
            }

            #[inline]
            fn unpack(from: &mut Bytes<'_>) -> Result<Self, Damaged> {
                Ok(Self::from_le_bytes(from.array()?))
            }
        }
    )*};
}
figures!(u8, i8, u16, i16, u32, u64, i64, f32, f64);

impl Packed for bool {
    fn pack(&self, to: &mut Vec<u8>) {
        to.push(u8::from(*self));
    }

    fn unpack(from: &mut Bytes<'_>) -> Result<Self, Damaged> {
        match u8::unpack(from)? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(Damaged),
        }
    }
}

impl Packed for usize {
    fn pack(&self, to: &mut Vec<u8>) {
        u64::try_from(*self).unwrap_or(u64::MAX).pack(to);
    }

    fn unpack(from: &mut Bytes<'_>) -> Result<Self, Damaged> {
        Self::try_from(u64::unpack(from)?).map_err(|_| Damaged)
    }
}

/// A length; what is longer than 4 GB is read back as damaged.
fn pack_length(length: usize, to: &mut Vec<u8>) {
    u32::try_from(length).unwrap_or(u32::MAX).pack(to);
}

pub(super) fn pack_text(text: &str, to: &mut Vec<u8>) {
    pack_length(text.len(), to);
    to.extend_from_slice(text.as_bytes());
}

impl Packed for String {
    fn pack(&self, to: &mut Vec<u8>) {
        pack_text(self, to);
    }

    fn unpack(from: &mut Bytes<'_>) -> Result<Self, Damaged> {
        from.text().map(Self::from)
    }
}

impl Packed for CompactString {
    fn pack(&self, to: &mut Vec<u8>) {
        pack_text(self, to);
    }

    fn unpack(from: &mut Bytes<'_>) -> Result<Self, Damaged> {
        from.text().map(Self::from)
    }
}

impl<T: Packed> Packed for Option<T> {
    fn pack(&self, to: &mut Vec<u8>) {
        self.is_some().pack(to);
        if let Some(value) = self {
            value.pack(to);
        }
    }

    fn unpack(from: &mut Bytes<'_>) -> Result<Self, Damaged> {
        Ok(if bool::unpack(from)? { Some(T::unpack(from)?) } else { None })
    }
}

impl<T: Packed> Packed for Vec<T> {
    fn pack(&self, to: &mut Vec<u8>) {
        pack_length(self.len(), to);
        self.iter().for_each(|one| one.pack(to));
    }

    fn unpack(from: &mut Bytes<'_>) -> Result<Self, Damaged> {
        let length = from.length()?;
        let mut all = Self::with_capacity(length);
        for _ in 0..length {
            all.push(T::unpack(from)?);
        }
        Ok(all)
    }
}

impl<T: Packed> Packed for Box<[T]> {
    fn pack(&self, to: &mut Vec<u8>) {
        pack_length(self.len(), to);
        self.iter().for_each(|one| one.pack(to));
    }

    fn unpack(from: &mut Bytes<'_>) -> Result<Self, Damaged> {
        Vec::unpack(from).map(Vec::into_boxed_slice)
    }
}

impl<T: Packed> Packed for Arc<T> {
    fn pack(&self, to: &mut Vec<u8>) {
        T::pack(self, to);
    }

    fn unpack(from: &mut Bytes<'_>) -> Result<Self, Damaged> {
        T::unpack(from).map(Self::new)
    }
}

impl<A: Packed, B: Packed> Packed for (A, B) {
    fn pack(&self, to: &mut Vec<u8>) {
        self.0.pack(to);
        self.1.pack(to);
    }

    #[inline]
    fn unpack(from: &mut Bytes<'_>) -> Result<Self, Damaged> {
        Ok((A::unpack(from)?, B::unpack(from)?))
    }
}

impl<K: Packed + Eq + Hash, V: Packed, S: BuildHasher + Default> Packed for HashMap<K, V, S> {
    fn pack(&self, to: &mut Vec<u8>) {
        pack_length(self.len(), to);
        for (key, value) in self {
            key.pack(to);
            value.pack(to);
        }
    }

    fn unpack(from: &mut Bytes<'_>) -> Result<Self, Damaged> {
        let length = from.length()?;
        let mut all = Self::with_capacity_and_hasher(length, S::default());
        for _ in 0..length {
            all.insert(K::unpack(from)?, V::unpack(from)?);
        }
        // A key that stands twice has no one value.
        if all.len() == length { Ok(all) } else { Err(Damaged) }
    }
}

impl<T: Packed + Eq + Hash, S: BuildHasher + Default> Packed for HashSet<T, S> {
    fn pack(&self, to: &mut Vec<u8>) {
        pack_length(self.len(), to);
        self.iter().for_each(|one| one.pack(to));
    }

    fn unpack(from: &mut Bytes<'_>) -> Result<Self, Damaged> {
        let length = from.length()?;
        let mut all = Self::with_capacity_and_hasher(length, S::default());
        for _ in 0..length {
            all.insert(T::unpack(from)?);
        }
        if all.len() == length { Ok(all) } else { Err(Damaged) }
    }
}
