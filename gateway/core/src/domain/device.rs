//! Terminals of the administration: what they are once somebody has set them up.

use std::fmt;

use compact_str::CompactString;
use jiff::Timestamp;
use unicode_normalization::UnicodeNormalization as _;

use super::DeviceId;
use super::officer::is_unfit;
use crate::ports::{HashKey, KeyedHash, Randomness};

/// A terminal that was enrolled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Device {
    /// Its id, which it signs with.
    pub id: DeviceId,
    /// Where it stands: an agency's code.
    pub site: CompactString,
    /// Its name.
    pub name: TerminalName,
    /// The Ed25519 public key that its signatures are checked with.
    pub public_key: [u8; 32],
    /// Since when.
    pub enrolled_at: Timestamp,
    /// It is heard no more since then.
    pub revoked_at: Option<Timestamp>,
}

/// A terminal's name as people of the house read it: 1 to 80 characters, in NFC.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TerminalName(CompactString);

impl TerminalName {
    /// Reads one. What hides or turns the direction of writing is refused.
    pub fn parse(text: &str) -> Option<Self> {
        let name: CompactString = text.trim().nfc().collect();
        let fits = (1..=80).contains(&name.chars().count()) && !name.chars().any(is_unfit);
        fits.then_some(Self(name))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// How a terminal said that it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heartbeat {
    /// When.
    pub at: Timestamp,
    /// Its version, at most 40 printable ASCII characters.
    pub version: CompactString,
    /// Its printer.
    pub printer: Printer,
    /// How long the gateway took to answer lately, in milliseconds.
    pub latency_ms: Option<u32>,
    /// When the catalogue that it holds was made.
    pub catalogue_at: Option<Timestamp>,
    /// When it was last touched.
    pub last_use: Option<Timestamp>,
    /// Screens that failed since its start.
    pub screens_failed: u32,
}

impl Heartbeat {
    /// Reads a version: at most 40 printable ASCII characters, at least one.
    pub fn version(text: &str) -> Option<CompactString> {
        let fits = (1..=40).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
        fits.then(|| text.into())
    }
}

/// How a terminal's printer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Printer {
    /// It prints.
    Ready,
    /// Paper is wanted.
    PaperOut,
    /// Its cover is open.
    CoverOpen,
    /// It does not answer.
    Offline,
    /// There is none.
    None,
    /// It takes data and tells nothing.
    Unknown,
}

impl Printer {
    /// Every state.
    pub const ALL: [Self; 6] = [Self::Ready, Self::PaperOut, Self::CoverOpen, Self::Offline, Self::None, Self::Unknown];

    /// A stable word for rows, commands and metrics.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::PaperOut => "paper_out",
            Self::CoverOpen => "cover_open",
            Self::Offline => "offline",
            Self::None => "none",
            Self::Unknown => "unknown",
        }
    }

    /// The state of a stable word.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.key() == key)
    }

    /// Whether somebody must go there.
    pub const fn needs_somebody(self) -> bool {
        matches!(self, Self::PaperOut | Self::CoverOpen | Self::Offline)
    }
}

/// What turns a terminal into one of the house's, once: 80 random bits, as
/// sixteen signs of Crockford's base 32, which has no `I`, `L`, `O` or `U`. The
/// house keeps a keyed hash.
#[derive(Clone, PartialEq, Eq)]
pub struct EnrolmentCode(CompactString);

const SIGNS: [char; 32] = [
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'J', 'K', 'M', 'N', 'P',
    'Q', 'R', 'S', 'T', 'V', 'W', 'X', 'Y', 'Z',
];

impl EnrolmentCode {
    /// How many signs.
    pub const SIGNS: usize = 16;

    /// A new one. The randomness must be the operating system's.
    pub fn new(randomness: &dyn Randomness) -> Self {
        let halves = [randomness.next_u64(), randomness.next_u64()];
        // Eight signs of five bits from each half.
        Self(halves.into_iter().flat_map(|bits| (0..8).map(move |sign| sign_of(bits >> (sign * 5)))).collect())
    }

    /// Reads one as it was typed: whatever the case, with spaces and dashes,
    /// and with the letters that look like digits.
    pub fn parse(text: &str) -> Option<Self> {
        let mut code = CompactString::default();
        for c in text.trim().chars() {
            let sign = match c.to_ascii_uppercase() {
                ' ' | '-' => continue,
                'I' | 'L' => '1',
                'O' => '0',
                other => other,
            };
            if !SIGNS.contains(&sign) || code.len() == Self::SIGNS {
                return None;
            }
            code.push(sign);
        }
        (code.len() == Self::SIGNS).then_some(Self(code))
    }

    /// For the person who types it: `7K3F-9QXM-2WTB-HC4N`.
    pub fn shown(&self) -> String {
        let mut shown = String::with_capacity(Self::SIGNS + 3);
        for (place, sign) in self.0.chars().enumerate() {
            if place > 0 && place % 4 == 0 {
                shown.push('-');
            }
            shown.push(sign);
        }
        shown
    }

    /// What the house keeps of it.
    pub fn hash(&self, key: &HashKey) -> KeyedHash {
        key.hash("terminal_enrolment", &self.0)
    }
}

/// Who reads it could enrol a terminal.
impl fmt::Debug for EnrolmentCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EnrolmentCode(…)")
    }
}

fn sign_of(bits: u64) -> char {
    usize::try_from(bits & 31).ok().and_then(|place| SIGNS.get(place).copied()).unwrap_or('0')
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    struct Fixed(u64);

    impl Randomness for Fixed {
        fn next_u64(&self) -> u64 {
            self.0
        }
    }

    #[test]
    fn a_code_is_read_back_however_it_is_typed() {
        let code = EnrolmentCode::new(&Fixed(0x0123_4567_89ab_cdef));
        let shown = code.shown();
        assert_eq!((shown.len(), shown.matches('-').count()), (19, 3));
        assert_eq!(EnrolmentCode::parse(&shown).unwrap(), code);
        assert_eq!(EnrolmentCode::parse(&format!(" {} ", shown.to_lowercase().replace('-', " "))).unwrap(), code);
        let alike = EnrolmentCode::parse("oil0-0000-0000-0000").unwrap();
        assert_eq!(alike.shown(), "0110-0000-0000-0000");
        for wrong in ["", &shown[1..], &format!("{shown}0"), "UUUU-UUUU-UUUU-UUUU", "7K3F-9QXM-2WTB-HC4Ữ"] {
            assert_eq!(EnrolmentCode::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn every_sign_may_come_up_and_nothing_is_printed() {
        let codes: HashSet<char> = (0..32_u64).map(sign_of).collect();
        assert_eq!(codes.len(), 32);
        assert_eq!(format!("{:?}", EnrolmentCode::new(&Fixed(1))), "EnrolmentCode(…)");
        let key = HashKey::new("k1", "a key for tests");
        assert_ne!(EnrolmentCode::new(&Fixed(1)).hash(&key), EnrolmentCode::new(&Fixed(2)).hash(&key));
    }

    #[test]
    fn names_and_versions_hide_nothing() {
        assert_eq!(TerminalName::parse(" Sảnh 1 ").unwrap().as_str(), "Sảnh 1");
        for wrong in ["", " ", "a\nb", "a\u{202e}b", &"a".repeat(81)] {
            assert_eq!(TerminalName::parse(wrong), None, "{wrong:?}");
        }
        assert_eq!(Heartbeat::version("0.1.0-rc.1+7").unwrap(), "0.1.0-rc.1+7");
        for wrong in ["", "0 1", "một", &"1".repeat(41)] {
            assert_eq!(Heartbeat::version(wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn a_printer_s_words_are_read_back() {
        for state in Printer::ALL {
            assert_eq!(Printer::from_key(state.key()), Some(state));
        }
        assert_eq!(Printer::from_key("Ready"), None);
    }
}
