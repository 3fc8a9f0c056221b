//! A page that began on a terminal and goes on on a phone: once, for a few
//! minutes, and only on the phone of whoever stands at the terminal.

use std::fmt;
use std::num::NonZeroU32;

use compact_str::CompactString;
use jiff::Timestamp;
use subtle::ConstantTimeEq as _;

use super::one_time_code::digits_of;
use super::queue::TicketCode;
use super::secret_bits::secrets;
use super::{DeviceId, ProcedureCode};
use crate::ports::{HashKey, KeyedHash};
use crate::text::{clean, mask_figures};

/// The row of a continuation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ContinuationId(pub i64);

secrets! {
    /// What the QR code on the screen carries: whoever reads it may try to be the
    /// one phone.
    ContinuationToken: 16, "continuation";
    /// What the house gave to one phone alone: the phone is told from others by it.
    PhoneSecret: 16, "continuation_phone";
}

/// Four digits that the one phone shows, and that only who stands at the
/// terminal can type there.
#[derive(Clone, PartialEq, Eq)]
pub struct MatchingCode(CompactString);

impl MatchingCode {
    /// How many digits.
    pub const DIGITS: usize = 4;

    /// The code of a phone for a continuation. It is kept nowhere: the house makes
    /// it again from what the phone shows.
    pub fn of(token: &ContinuationToken, phone: &PhoneSecret, key: &HashKey) -> Self {
        let KeyedHash(bytes) = key.hash_bytes("continuation_digits", &[token.0, phone.0].concat());
        let bits = u128::from_be_bytes(bytes) % 10_000;
        Self(compact_str::format_compact!("{bits:04}"))
    }

    /// Reads four digits, as people type them.
    pub fn parse(text: &str) -> Option<Self> {
        digits_of(text, Self::DIGITS).map(Self)
    }

    /// The digits, for the phone that shows them.
    pub fn digits(&self) -> &str {
        &self.0
    }

    /// What the house keeps: another one for each continuation.
    pub fn hash(&self, id: ContinuationId, key: &HashKey) -> KeyedHash {
        key.hash("continuation_code", &format!("{} {}", id.0, self.0))
    }
}

impl fmt::Debug for MatchingCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MatchingCode(…)")
    }
}

/// What was searched for, where it tells nothing of anybody: 1 to 200 characters,
/// on one line, without figures that might be an ID, a telephone or a dossier.
#[derive(Clone, PartialEq, Eq)]
pub struct SearchWords(CompactString);

impl SearchWords {
    /// The longest, in characters.
    pub const MOST: usize = 200;
    /// More digits than a procedure's code has are somebody's number.
    const MOST_DIGITS: usize = 8;

    /// Reads them; `None` where they are empty, too long, or may tell of somebody.
    pub fn parse(text: &str) -> Option<Self> {
        // One more than may be, so that what is too long is refused and not cut.
        let words = clean(text, Self::MOST + 1);
        let fits = (1..=Self::MOST).contains(&words.chars().count());
        let digits = words.chars().filter(|sign| sign.is_numeric()).count();
        (fits && digits <= Self::MOST_DIGITS && mask_figures(&words) == words).then(|| Self(words.as_ref().into()))
    }

    /// The words.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for SearchWords {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SearchWords(…)")
    }
}

/// What a phone goes on with. There is none for what was disclosed of a dossier,
/// nor for its number.
#[derive(Clone, PartialEq, Eq)]
pub enum ContinuedPage {
    /// The front page.
    Home,
    /// A procedure.
    Procedure {
        /// Its national code.
        code: ProcedureCode,
        /// Which of its cases: its place in the list of papers, from 1, as a
        /// terminal's printed checklist leads to it.
        case: Option<NonZeroU32>,
    },
    /// A search for procedures.
    Procedures(SearchWords),
    /// A place in the queue.
    Ticket(TicketCode),
}

/// Not what was searched for, nor whose ticket.
impl fmt::Debug for ContinuedPage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Home => "ContinuedPage::Home",
            Self::Procedure { .. } => "ContinuedPage::Procedure(…)",
            Self::Procedures(_) => "ContinuedPage::Procedures(…)",
            Self::Ticket(_) => "ContinuedPage::Ticket(…)",
        })
    }
}

/// A continuation as the store has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhoneContinuation {
    /// Its row.
    pub id: ContinuationId,
    /// The terminal that made it.
    pub device: DeviceId,
    /// It is over then.
    pub until: Timestamp,
    /// The one phone, by its secret's keyed hash, once one has asked.
    pub phone: Option<KeyedHash>,
    /// The digits were right.
    pub confirmed: bool,
    /// The phone has gone on.
    pub gone: bool,
    /// Wrong digits ended it.
    pub mistyped: bool,
    /// The terminal made another one.
    pub replaced: bool,
}

impl PhoneContinuation {
    /// Where it is.
    pub fn stage(&self, now: Timestamp) -> ContinuationStage {
        let over = match self {
            Self { gone: true, .. } => Some(WhyOver::Used),
            Self { mistyped: true, .. } => Some(WhyOver::Mistyped),
            Self { replaced: true, .. } => Some(WhyOver::Replaced),
            Self { until, .. } if *until <= now => Some(WhyOver::Expired),
            _ => None,
        };
        match (over, self.confirmed, self.phone) {
            (Some(why), ..) => ContinuationStage::Over(why),
            (None, true, _) => ContinuationStage::Open,
            (None, false, Some(_)) => ContinuationStage::Scanned,
            (None, false, None) => ContinuationStage::Waiting,
        }
    }

    /// Whether this is the one phone, in the same time however much of it is right.
    pub fn is_of(&self, phone: KeyedHash) -> bool {
        self.phone.is_some_and(|one| one.0.ct_eq(&phone.0).into())
    }
}

/// Where a continuation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ContinuationStage {
    /// No phone has asked yet.
    Waiting,
    /// The one phone shows its digits.
    Scanned,
    /// They were right: the phone may go on.
    Open,
    /// It is over.
    Over(WhyOver),
}

/// Why a continuation is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum WhyOver {
    /// Its time is.
    Expired,
    /// The digits were wrong too often.
    Mistyped,
    /// The terminal made another one.
    Replaced,
    /// The phone has gone on.
    Used,
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};

    use proptest::prelude::*;

    use super::*;
    use crate::ports::Randomness;

    struct Counting(AtomicU64);

    impl Randomness for Counting {
        fn next_u64(&self) -> u64 {
            self.0.fetch_add(0x0123_4567_89ab_cdef, Ordering::Relaxed)
        }
    }

    fn key() -> HashKey {
        HashKey::new("k1", "a key for tests")
    }

    #[test]
    fn nothing_that_opens_something_is_printed() {
        let dice = Counting(AtomicU64::new(7));
        let (token, phone) = (ContinuationToken::new(&dice), PhoneSecret::new(&dice));
        let code = MatchingCode::of(&token, &phone, &key());
        let words = SearchWords::parse("giấy khai sinh").unwrap();
        let said = format!("{token:?} {phone:?} {code:?} {words:?} {:?}", ContinuedPage::Procedures(words.clone()));
        assert_eq!(
            said,
            "ContinuationToken(…) PhoneSecret(…) MatchingCode(…) SearchWords(…) ContinuedPage::Procedures(…)"
        );
    }

    #[test]
    fn the_digits_are_of_one_phone_one_continuation_and_one_house() {
        let dice = Counting(AtomicU64::new(7));
        let (token, other_token) = (ContinuationToken::new(&dice), ContinuationToken::new(&dice));
        let (phone, other_phone) = (PhoneSecret::new(&dice), PhoneSecret::new(&dice));
        let code = MatchingCode::of(&token, &phone, &key());
        assert_eq!(MatchingCode::of(&token, &phone, &key()), code, "made again");
        assert_ne!(MatchingCode::of(&other_token, &phone, &key()), code);
        assert_ne!(MatchingCode::of(&token, &other_phone, &key()), code);
        assert_ne!(MatchingCode::of(&token, &phone, &HashKey::new("k1", "another key")), code);
        let hash = code.hash(ContinuationId(1), &key());
        assert_ne!(code.hash(ContinuationId(2), &key()), hash, "equal digits look different in the store");
    }

    #[test]
    fn digits_are_spread_over_all_ten_thousand() {
        let dice = Counting(AtomicU64::new(1));
        let token = ContinuationToken::new(&dice);
        let mut seen = std::collections::HashSet::new();
        for _ in 0..2_000 {
            let code = MatchingCode::of(&token, &PhoneSecret::new(&dice), &key());
            assert_eq!((code.digits().len(), MatchingCode::parse(code.digits())), (4, Some(code.clone())));
            seen.insert(code);
        }
        // Of 2,000 out of 10,000 about 1,813 are different ones.
        assert!((1_700..1_900).contains(&seen.len()), "{}", seen.len());
    }

    impl std::hash::Hash for MatchingCode {
        fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
            self.0.hash(state);
        }
    }

    #[test]
    fn words_that_may_tell_of_somebody_go_to_no_phone() {
        for fit in ["giấy khai sinh", "1.001193", "sửa nhà 3 tầng", &"a".repeat(200)] {
            assert_eq!(SearchWords::parse(fit).unwrap().as_str(), fit);
        }
        assert_eq!(SearchWords::parse("  đất\u{202e}\tđai ").unwrap().as_str(), "đất đai");
        for unfit in [
            "",
            " \u{200b}",
            &"a".repeat(201),
            "0912 345 678",
            "căn cước 079201009876",
            "000.00.17.H09-210819-0012",
            "H09.17-210819-0012",
            "khoai@nhatoi.vn",
            "sinh 01/02/1990",
        ] {
            assert_eq!(SearchWords::parse(unfit), None, "{unfit}");
        }
    }

    fn continuation() -> impl Strategy<Value = PhoneContinuation> {
        let flags = (any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>());
        (flags, -5_i64..5).prop_map(|((phone, confirmed, gone, mistyped, replaced), until)| PhoneContinuation {
            id: ContinuationId(1),
            device: DeviceId::parse("k-0123456789abcdef").unwrap(),
            until: Timestamp::from_second(until).unwrap(),
            phone: phone.then_some(KeyedHash([7; 16])),
            confirmed,
            gone,
            mistyped,
            replaced,
        })
    }

    proptest! {
        #[test]
        fn a_secret_comes_back_from_its_digits(bits in any::<[u8; 16]>()) {
            let text = ContinuationToken(bits).to_hex();
            prop_assert_eq!(text.len(), 32);
            prop_assert_eq!(ContinuationToken::parse(&text), Some(ContinuationToken(bits)));
            prop_assert_eq!(PhoneSecret::parse(&text), Some(PhoneSecret(bits)));
        }

        #[test]
        fn nothing_else_is_a_secret(text in ".{0,40}") {
            let is_one = text.len() == 32 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
            prop_assert_eq!(ContinuationToken::parse(&text).map(|token| token.to_hex()), is_one.then_some(text));
        }

        #[test]
        fn four_digits_are_read_and_nothing_else(text in "[0-9 .a-]{0,8}|.{0,8}") {
            let digits: String = text.chars().filter(char::is_ascii_digit).collect();
            if let Some(code) = MatchingCode::parse(&text) {
                prop_assert_eq!(code.digits().len(), 4);
            } else {
                prop_assert!(digits.len() != 4 || text.chars().any(|c| !matches!(c, '0'..='9' | ' ' | '.' | '-')));
            }
        }

        /// Whatever is searched for: what goes to a phone is one short line, read
        /// back as it is, without anything that is masked elsewhere.
        #[test]
        fn words_for_a_phone_tell_nothing(text in "\\PC{0,220}|[0-9a-zđ.@\\- ]{0,40}") {
            if let Some(words) = SearchWords::parse(&text) {
                let said = words.as_str();
                prop_assert!((1..=SearchWords::MOST).contains(&said.chars().count()));
                prop_assert!(!said.chars().any(char::is_control) && said.trim() == said);
                prop_assert!(said.chars().filter(|sign| sign.is_numeric()).count() <= SearchWords::MOST_DIGITS);
                prop_assert_eq!(mask_figures(said), said);
                prop_assert_eq!(SearchWords::parse(said), Some(words.clone()));
            }
        }

        /// Whatever stands in a row: a phone goes on only within its time, only once
        /// the digits were right, and never twice.
        #[test]
        fn only_what_is_confirmed_in_time_and_unused_is_open(row in continuation(), now in -5_i64..5) {
            let now = Timestamp::from_second(now).unwrap();
            let may_go_on =
                row.confirmed && !row.gone && !row.mistyped && !row.replaced && now < row.until;
            let stage = row.stage(now);
            prop_assert_eq!(stage == ContinuationStage::Open, may_go_on);
            if stage == ContinuationStage::Waiting {
                prop_assert!(row.phone.is_none() && now < row.until);
            }
            prop_assert!(!row.is_of(KeyedHash([8; 16])));
            prop_assert_eq!(row.is_of(KeyedHash([7; 16])), row.phone.is_some());
        }
    }
}
