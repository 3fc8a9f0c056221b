use std::net::{IpAddr, Ipv6Addr};

use compact_str::CompactString;

use super::Phone;
use crate::ports::{HashKey, KeyedHash, Randomness};

/// Who sent a request, as far as the channel knows. It never leaves the
/// process in clear: stores and logs get a keyed hash of [`Sender::key`].
#[derive(Clone, PartialEq, Eq, Hash)]
pub enum Sender {
    /// A telephone number, given by the road (SMS).
    Phone(Phone),
    /// An account of a messenger or of the identity provider.
    Account(CompactString),
    /// Nobody in particular, at a network address.
    Address(ClientNet),
    /// The person who runs the command at this machine's terminal.
    Local,
}

impl Sender {
    /// Bytes that identify the sender within its channel, for hashing and
    /// limits. They hold personal data: never log them.
    pub fn key(&self) -> CompactString {
        match self {
            Self::Phone(phone) => compact_str::format_compact!("p:{}", phone.e164()),
            Self::Account(account) => compact_str::format_compact!("a:{account}"),
            Self::Address(net) => compact_str::format_compact!("n:{:032x}", net.bits()),
            Self::Local => CompactString::const_new("local"),
        }
    }

    /// The keyed hash that stands for the sender in stores.
    pub fn hash(&self, key: &HashKey) -> KeyedHash {
        match self {
            Self::Phone(phone) => key.hash("phone", phone.e164()),
            Self::Account(account) => key.hash("account", account),
            Self::Address(net) => key.hash_bytes("address", &net.bits().to_be_bytes()),
            Self::Local => key.hash("local", ""),
        }
    }
}

impl std::fmt::Debug for Sender {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Phone(_) => "Sender::Phone(…)",
            Self::Account(_) => "Sender::Account(…)",
            Self::Address(_) => "Sender::Address(…)",
            Self::Local => "Sender::Local",
        })
    }
}

/// How far the road vouches for the sender (`dossiers.md`, rule 3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum SenderAssurance {
    /// Nothing vouches: an HTTP field, an unsigned webhook.
    #[default]
    Claimed,
    /// A shared secret vouches for the provider, not for each field.
    Provider,
    /// An operator's bind over TLS or a private line: the sender's phone
    /// counts as a proof.
    Carrier,
}

/// An app's own device id. It is sent by the client, so it can only tighten a
/// limit, never loosen one.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct DeviceId(CompactString);

impl DeviceId {
    /// At most 64 printable ASCII characters, at least 8; `None` otherwise.
    pub fn parse(text: &str) -> Option<Self> {
        let fits = (8..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
        fits.then(|| Self(text.into()))
    }

    /// A new one for a terminal of the house: `k-` and 128 random bits.
    pub fn of_terminal(randomness: &dyn Randomness) -> Self {
        Self(compact_str::format_compact!("k-{:016x}{:016x}", randomness.next_u64(), randomness.next_u64()))
    }

    /// The id as it was sent.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A client's network: one IPv4 address, or an IPv6 /64, because one person
/// holds a whole /64 (RFC 6177).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ClientNet(u128);

impl ClientNet {
    /// The network of an address. IPv4-mapped IPv6 addresses count as IPv4.
    pub fn of(address: IpAddr) -> Self {
        let v6 = match address {
            IpAddr::V4(v4) => v4.to_ipv6_mapped(),
            IpAddr::V6(v6) => v6,
        };
        match v6.to_ipv4_mapped() {
            Some(_) => Self(u128::from(v6)),
            None => Self(u128::from(v6) & !u128::from(u64::MAX)),
        }
    }

    /// The 128 bits, host part of an IPv6 address zeroed.
    pub const fn bits(self) -> u128 {
        self.0
    }

    /// The network's first address.
    pub fn address(self) -> IpAddr {
        let v6 = Ipv6Addr::from(self.0);
        v6.to_ipv4_mapped().map_or(IpAddr::V6(v6), IpAddr::V4)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_home_is_one_network() {
        let net = |text: &str| ClientNet::of(text.parse().unwrap());
        assert_eq!(net("2001:db8:1:2::1"), net("2001:db8:1:2:ffff::9"));
        assert_ne!(net("2001:db8:1:2::1"), net("2001:db8:1:3::1"));
        assert_eq!(net("::ffff:203.0.113.9"), net("203.0.113.9"));
        assert_ne!(net("203.0.113.8"), net("203.0.113.9"));
        assert_eq!(net("203.0.113.9").address().to_string(), "203.0.113.9");
    }

    #[test]
    fn a_device_id_is_printable_and_short() {
        assert!(DeviceId::parse("a1b2c3d4-e5").is_some());
        assert!(DeviceId::parse("short").is_none());
        assert!(DeviceId::parse("có dấu không được").is_none());
        assert!(DeviceId::parse(&"x".repeat(65)).is_none());
    }
}
