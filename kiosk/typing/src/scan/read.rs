//! What a scanner's text says.

use std::fmt;

use gateway_core::domain::citizen_id::{CardScan, CitizenId};
use gateway_core::domain::dossier_number::{DossierNumber, DossierNumberParser, Reading};
use jiff::civil::Date;
use zeroize::Zeroize;

use super::layout::readings;

/// Before the code in a ticket's QR.
const TICKET: &str = "dakenh:ticket:";
/// Before the code where a ticket's QR is a page of the gateway.
const TICKET_PATHS: [&str; 3] = ["/queue/tickets/", "/q/", "/t/"];
/// Characters of a ticket's code.
const TICKET_CODE: std::ops::RangeInclusive<usize> = 4..=40;

/// What a ticket's QR holds: nothing of a person.
pub fn ticket_payload(code: &TicketCode) -> String {
    format!("{TICKET}{}", code.as_str())
}

/// The short code of a ticket, 4 to 40 of `A-Z a-z 0-9 _ -`, as the gateway
/// made it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct TicketCode(String);

impl TicketCode {
    /// Reads a code; nothing where it cannot be one.
    pub fn parse(text: &str) -> Option<Self> {
        let plain = text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'));
        (plain && TICKET_CODE.contains(&text.len())).then(|| Self(text.to_owned()))
    }

    /// The code as it goes into the path of a call.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What was scanned. `Debug` shows no citizen's digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scanned {
    /// An ID card: only its twelve digits. It identifies and does not
    /// authenticate.
    Card(CitizenId),
    /// A receipt: its dossier's number.
    Dossier(DossierNumber),
    /// A receipt that can be read in several ways: ask which.
    Dossiers(Vec<DossierNumber>),
    /// A ticket of the queue.
    Ticket(TicketCode),
    /// Anything else: a kind word.
    Unknown,
}

/// Reads what scanners type.
#[derive(Clone)]
pub struct ScanReader {
    numbers: DossierNumberParser,
}

impl ScanReader {
    /// With the patterns of the province's dossier numbers.
    pub fn new(numbers: DossierNumberParser) -> Self {
        Self { numbers }
    }

    /// Reads a scan; the text is wiped from memory, also what is not used of
    /// it. `today` is the day in Vietnam.
    ///
    /// Tolerated: fields too many, missing or in front of the digits; CR, LF
    /// and Tab around; an AIM identifier (`]Q1`) or STX/ETX; NFC and NFD; Caps
    /// Lock; three wrong keyboard layouts.
    pub fn read(&self, mut text: String, today: Date) -> Scanned {
        let mut scanned = self.read_as_is(&text, today);
        if scanned == Scanned::Unknown && text.len() <= LONGEST {
            for mut reading in readings(&text) {
                if scanned == Scanned::Unknown {
                    scanned = self.read_as_is(&reading, today);
                }
                reading.zeroize();
            }
        }
        text.zeroize();
        scanned
    }

    fn read_as_is(&self, text: &str, today: Date) -> Scanned {
        let text = bare(text);
        if let Some(citizen) = card(text) {
            return Scanned::Card(citizen);
        }
        if let Some(code) = ticket(text) {
            return Scanned::Ticket(code);
        }
        // Pipes without an ID are a card all the same (an old one, or a part):
        // its dates and addresses are no dossier numbers.
        if text.contains('|') {
            return Scanned::Unknown;
        }
        match self.numbers.read(text, today) {
            Reading::One(number) => Scanned::Dossier(number),
            Reading::Several(numbers) => Scanned::Dossiers(numbers),
            Reading::None | Reading::Invalid(_) => bare_ticket(text).map_or(Scanned::Unknown, Scanned::Ticket),
        }
    }
}

/// Nothing longer is tried under other layouts.
const LONGEST: usize = 4_096;

/// Without what scanners put around: control characters, white space, and the
/// identifier of the symbology (ISO/IEC 15424: `]Q1` and the like).
fn bare(text: &str) -> &str {
    let text = text.trim_matches(|c: char| c.is_control() || c.is_whitespace() || c == '\u{FEFF}');
    let mut signs = text.chars();
    match (signs.next(), signs.next(), signs.next()) {
        (Some(']'), Some(kind), Some(flag)) if kind.is_ascii_alphabetic() && flag.is_ascii_alphanumeric() => {
            signs.as_str()
        }
        _ => text,
    }
}

/// The first field, as cards have it; else the one that is twelve digits. Two
/// different ones are no card.
fn card(text: &str) -> Option<CitizenId> {
    if let Ok(card) = CardScan::parse(text)
        // Twelve digits with anything between them but a card's pipes were
        // typed by nobody's scanner; a number of a dossier may look so.
        && text.split(['|', '｜']).next().is_some_and(twelve_digits)
    {
        return Some(card.into_citizen_id());
    }
    if !text.contains(['|', '｜']) {
        return None;
    }
    let mut found: Option<CitizenId> = None;
    for field in text.split(['|', '｜']).filter(|field| twelve_digits(field)) {
        let Ok(citizen) = CitizenId::parse(field) else { continue };
        if found.as_ref().is_some_and(|found| *found != citizen) {
            return None;
        }
        found = Some(citizen);
    }
    found
}

fn twelve_digits(field: &str) -> bool {
    let field = field.trim();
    field.len() == 12 && field.bytes().all(|b| b.is_ascii_digit())
}

fn ticket(text: &str) -> Option<TicketCode> {
    // Caps Lock turns letters around; the word in front is ours.
    if let Some((word, code)) = text.split_at_checked(TICKET.len())
        && word.eq_ignore_ascii_case(TICKET)
    {
        let turned = word.chars().any(|c| c.is_ascii_uppercase());
        let code: String = if turned { code.chars().map(turn).collect() } else { code.to_owned() };
        return TicketCode::parse(&code);
    }
    let (scheme, rest) = text.split_at_checked(4)?;
    if !scheme.eq_ignore_ascii_case("http") {
        return None;
    }
    let path = rest.split(['?', '#']).next()?;
    let turned = scheme.chars().any(|c| c.is_ascii_uppercase());
    let path: String = if turned { path.chars().map(turn).collect() } else { path.to_owned() };
    let (_, code) = TICKET_PATHS.iter().find_map(|at| path.rsplit_once(at))?;
    TicketCode::parse(code)
}

/// A code with nothing around it: twelve of the queue's own letters and digits
/// (no *i l o u*), not digits alone.
fn bare_ticket(text: &str) -> Option<TicketCode> {
    let code = text.to_ascii_lowercase();
    let own = |b: u8| b.is_ascii_digit() || (b.is_ascii_lowercase() && !matches!(b, b'i' | b'l' | b'o' | b'u'));
    let whole = code.len() == 12 && code.bytes().all(own) && code.bytes().any(|b| b.is_ascii_lowercase());
    if whole { TicketCode::parse(&code) } else { None }
}

fn turn(c: char) -> char {
    if c.is_ascii_lowercase() { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() }
}

impl fmt::Debug for ScanReader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ScanReader")
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;
    use unicode_normalization::UnicodeNormalization;

    use super::*;

    const ID: &str = "079085001234";

    fn read(text: &str) -> Scanned {
        ScanReader::new(DossierNumberParser::default()).read(text.to_owned(), date(2026, 11, 27))
    }

    fn id_of(text: &str) -> Option<String> {
        match read(text) {
            Scanned::Card(citizen) => Some(citizen.digits().to_owned()),
            _ => None,
        }
    }

    fn number_of(text: &str) -> Option<String> {
        match read(text) {
            Scanned::Dossier(number) => Some(number.to_string()),
            _ => None,
        }
    }

    #[test]
    fn cards_of_every_making() {
        let name = "NGUYỄN VĂN AN";
        for text in [
            format!("{ID}|280123456|{name}|01021985|Nam|Số 3, Phường 5|24102021"),
            format!("{ID}||{name}|01021985|Nam|Số 3|24102021"),
            format!("{ID}|{name}"),
            format!("{ID}|280123456|{name}|01021985|Nam|Số 3|24102021|x|y||z"),
            format!("|{ID}|{name}|01021985"),
            format!("]Q1{ID}|280123456|{name}"),
            format!("\u{2}{ID}|280123456|{name}\u{3}\r\n"),
            format!("\u{FEFF}{ID}|280123456|{name}\t"),
            ID.to_owned(),
            format!("{ID}｜280123456｜{name}"),
        ] {
            assert_eq!(id_of(&text).as_deref(), Some(ID), "{text}");
            let nfd: String = text.nfd().collect();
            assert_eq!(id_of(&nfd).as_deref(), Some(ID), "{nfd}");
            assert_eq!(id_of(&text.to_lowercase()).as_deref(), Some(ID), "{text}");
        }
        for text in [
            "280123456|NGUYỄN VĂN AN|01021985",
            "000085001234|280123456|NGUYỄN VĂN AN",
            "x|079085001234|079085001235|A",
            "07908500123|NGUYỄN VĂN AN|12 Đường H09.17-210819-0012",
            "|||||",
        ] {
            assert_eq!(read(text), Scanned::Unknown, "{text}");
        }
    }

    #[test]
    fn receipts() {
        for text in [
            "000.00.17.H09-210819-0012",
            "000.00.17.h09-210819-0012\r",
            "https://dichvucong.example.vn/tra-cuu?maHoSo=000.00.17.H09-210819-0012",
            "]C0000.00.17.H09-210819-0012",
        ] {
            assert_eq!(number_of(text).as_deref(), Some("000.00.17.H09-210819-0012"), "{text}");
        }
        assert_eq!(read("8934563138164"), Scanned::Unknown, "a bottle of water");
        assert_eq!(read("https://example.vn/"), Scanned::Unknown);
        assert_eq!(read(""), Scanned::Unknown);
    }

    #[test]
    fn tickets() {
        let code = TicketCode::parse("kX7-pQ_2").unwrap();
        assert_eq!(read(&ticket_payload(&code)), Scanned::Ticket(code.clone()));
        assert_eq!(read("DAKENH:TICKET:Kx7-Pq_2"), Scanned::Ticket(code.clone()), "Caps Lock");
        assert_eq!(read("https://hcc.example.vn/q/kX7-pQ_2?x=1"), Scanned::Ticket(code.clone()));
        assert_eq!(read("https://hcc.example.vn/api/v1/queue/tickets/kX7-pQ_2"), Scanned::Ticket(code));
        let bare = TicketCode::parse("0k3f9qxm2wtb").unwrap();
        for text in ["0k3f9qxm2wtb", "0K3F9QXM2WTB\r"] {
            assert_eq!(read(text), Scanned::Ticket(bare.clone()), "{text}");
        }
        assert_eq!(read("0k3f9qxm2wti"), Scanned::Unknown);
        assert_eq!(read("dakenh:ticket:"), Scanned::Unknown);
        assert_eq!(read("dakenh:ticket:a b c d"), Scanned::Unknown);
    }

    #[test]
    fn wrong_layouts() {
        assert_eq!(id_of("đ\u{303}\u{323}đ\u{301}\u{300}đđăâêô|x").as_deref(), Some(ID));
        assert_eq!(id_of("àèçà_(àà&é\"'µàµ,").as_deref(), Some(ID));
        assert_eq!(number_of("H09.17ß210819ß0012").as_deref(), Some("H09.17-210819-0012"));
    }

    #[test]
    fn digits_are_not_printed() {
        assert!(!format!("{:?}", read(ID)).contains(ID));
    }

    proptest! {
        #[test]
        fn only_the_twelve_digits_are_trusted(id in "0(79|74|01)[0-3][0-9]{8}",
            fields in proptest::collection::vec("[^|｜]{0,12}", 0..9)) {
            let text = std::iter::once(id.clone()).chain(fields).collect::<Vec<_>>().join("|");
            prop_assert_eq!(id_of(&text), Some(id));
        }

        #[test]
        fn anything_is_read(text in "\\PC{0,60}") {
            let _ = read(&text);
        }
    }
}
