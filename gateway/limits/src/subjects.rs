use ahash::RandomState;
use gateway_core::domain::{ClientNet, Sender};
use gateway_core::ports::LimitKeys;

/// Whom a request is counted against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A person or account.
    Sender,
    /// An app's device.
    Device,
    /// A network.
    Address,
}

impl Kind {
    /// In the order in which they are asked: the narrowest first, so that one
    /// sender at the limit takes nothing from the neighbours at the same
    /// address.
    pub(crate) const ALL: [Self; 3] = [Self::Sender, Self::Device, Self::Address];

    pub(crate) const fn key(self) -> &'static str {
        match self {
            Self::Sender => "sender",
            Self::Device => "device",
            Self::Address => "address",
        }
    }
}

/// Turns subjects into 64-bit keys under seeds that are drawn anew in each
/// process: no personal data is kept, and nobody can aim at another's cell.
pub(crate) struct Hashes {
    seeds: RandomState,
}

impl Hashes {
    pub(crate) fn new() -> Self {
        Self { seeds: RandomState::new() }
    }

    /// One key for each [`Kind`], in its order.
    ///
    /// A sender who is *nobody in particular, at an address*, is counted as
    /// that address alone: behind it may sit a family, an office or a mobile
    /// network's exchange, for whom a single person's limit would be wrong.
    pub(crate) fn subjects(&self, keys: LimitKeys<'_>) -> [Option<u64>; 3] {
        let (sender, at) = match keys.sender {
            Sender::Phone(phone) => (Some(self.text(0, phone.e164())), None),
            Sender::Account(account) => (Some(self.text(1, account)), None),
            Sender::Local => (Some(self.text(2, "")), None),
            Sender::Address(net) => (None, Some(*net)),
        };
        let device = keys.device.map(|device| self.text(3, device.as_str()));
        let address = keys.address.or(at).map(|net: ClientNet| self.seeds.hash_one((4_u8, net.bits())));
        [sender, device, address]
    }

    pub(crate) fn text(&self, kind: u8, text: &str) -> u64 {
        self.seeds.hash_one((kind, text))
    }

    pub(crate) fn agency_day(&self, agency: &str, day: jiff::civil::Date) -> u64 {
        self.seeds.hash_one((5_u8, agency, day.year(), day.month(), day.day()))
    }
}
