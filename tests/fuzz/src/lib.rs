#![doc = include_str!("../README.md")]

mod assistant;
mod kiosk;
mod roads;
mod rooms;
mod signatures;
mod slots;
mod smpp;
mod texts;
mod zalo;

pub use assistant::{conversation, evaluation_case, intent_model};
pub use kiosk::{catalogue_bundle, scanned, typing};
pub use roads::{provider_webhook, telegram_update};
pub use rooms::{accept_language, normal, portal_dossier, portal_procedure, procedure_line, published_text, question};
pub use signatures::signed_request;
pub use slots::slots;
pub use smpp::{smpp_pdu, smpp_receipt};
pub use texts::{gsm_decode, segment, udh};
pub use zalo::zalo_event;

use gateway_core::domain::citizen_id::{CardScan, CitizenId, LastFour};
use gateway_core::domain::dossier_number::{
    DossierNumberParser, LONGEST_TEXT, MOST_READINGS, PatternConfig, Reading, default_patterns,
};
use gateway_core::domain::money::Money;
use gateway_core::domain::phone::Phone;
use gateway_core::domain::procedure_code::ProcedureCode;
use gateway_core::domain::wire_time;
use gateway_core::text;
use jiff::civil::{Date, date};
use unicode_normalization::UnicodeNormalization;

/// A target takes any bytes and panics where an invariant does not hold.
pub type Target = fn(&[u8]);

/// Every target by its name, which is also that of its corpus folder and of its
/// libFuzzer entry point.
pub const TARGETS: &[(&str, Target)] = &[
    ("accept_language", accept_language),
    ("catalogue_bundle", catalogue_bundle),
    ("citizen_card", citizen_card),
    ("conversation", conversation),
    ("dossier_number", dossier_number),
    ("evaluation_case", evaluation_case),
    ("fold", fold),
    ("gsm_decode", gsm_decode),
    ("intent_model", intent_model),
    ("money", money),
    ("normal", normal),
    ("phone", phone),
    ("portal_dossier", portal_dossier),
    ("portal_procedure", portal_procedure),
    ("procedure_code", procedure_code),
    ("procedure_line", procedure_line),
    ("provider_webhook", provider_webhook),
    ("published_text", published_text),
    ("question", question),
    ("scanned", scanned),
    ("segment", segment),
    ("signed_request", signed_request),
    ("slots", slots),
    ("smpp_pdu", smpp_pdu),
    ("smpp_receipt", smpp_receipt),
    ("telegram_update", telegram_update),
    ("typing", typing),
    ("udh", udh),
    ("wire_time", wire_time),
    ("zalo_event", zalo_event),
];

/// The day on which all dossier numbers are read here.
const TODAY: Date = date(2026, 11, 23);

/// Dossier numbers, with the default patterns and older receipt forms: what is
/// read is canonical, not in the future, and read back the same; NFD reads as
/// NFC.
pub fn dossier_number(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let mut patterns = default_patterns();
    for shape in ["{d:11}", "TT{x:12}"] {
        patterns.push(PatternConfig { name: shape.to_owned(), shape: shape.to_owned() });
    }
    let parser = DossierNumberParser::new(&patterns).unwrap_or_default();
    let reading = parser.read(&text, TODAY);
    let numbers = match &reading {
        Reading::One(number) => std::slice::from_ref(number),
        Reading::Several(numbers) => {
            assert!((2..=MOST_READINGS).contains(&numbers.len()), "{numbers:?}");
            numbers
        }
        Reading::None | Reading::Invalid(_) => &[],
    };
    for number in numbers {
        assert_eq!(parser.parse_exact(number.as_str(), TODAY).as_ref(), Ok(number));
        assert_eq!(parser.read(number.as_str(), TODAY), Reading::One(number.clone()));
        assert!(number.received_on().is_none_or(|day| day <= TODAY), "{number}");
    }
    let nfd: String = text.nfd().collect();
    if nfd.len() <= LONGEST_TEXT {
        assert_eq!(parser.read(&nfd, TODAY), reading, "NFD of {text:?}");
    }
}

/// Codes of procedures: what is found parses and prints the same.
pub fn procedure_code(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let parsed = ProcedureCode::parse(&text).ok();
    for code in ProcedureCode::find_in(&text).into_iter().chain(parsed) {
        assert_eq!(ProcedureCode::parse(code.as_str()).as_ref(), Ok(&code));
        assert_eq!(code.national().len(), 8, "{code}");
        assert!(code.as_str().starts_with(code.national()), "{code}");
    }
}

/// Telephone numbers: E.164, read back the same, and hidden when printed.
pub fn phone(data: &[u8]) {
    if let Ok(phone) = Phone::parse(&String::from_utf8_lossy(data)) {
        let digits = phone.e164().trim_start_matches('+');
        assert!((7..=15).contains(&digits.len()), "{} digits", digits.len());
        assert!(digits.bytes().all(|b| b.is_ascii_digit()), "not all digits");
        assert_eq!(Phone::parse(phone.e164()).as_ref(), Ok(&phone));
        assert!(!format!("{phone:?}").contains(digits), "printed whole");
    }
}

/// The card's QR, identity numbers and their last four digits: twelve digits,
/// read back the same, and hidden when printed.
pub fn citizen_card(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let card = CardScan::parse(&text).ok().map(CardScan::into_citizen_id);
    for id in card.into_iter().chain(CitizenId::parse(&text).ok()) {
        assert_eq!(id.digits().len(), 12);
        assert!(CitizenId::parse(id.digits()).is_ok_and(|again| again == id), "reads differently");
        assert!(id.last4_matches(&id.last4()), "does not match itself");
        assert!((1900..=2399).contains(&id.birth_year()), "born in {}", id.birth_year());
        assert!(!format!("{id:?}").contains(id.digits()), "printed whole");
    }
    if let Ok(proof) = LastFour::parse(&text) {
        assert_eq!(proof.digits().len(), 4);
    }
}

/// Amounts: within range, and read back the same from their digits.
pub fn money(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    for amount in Money::find_in(&text).into_iter().chain(Money::parse(&text).ok()) {
        assert!(amount >= Money::ZERO && amount <= Money::MAX, "{amount:?}");
        assert_eq!(Money::parse(&amount.amount().to_string()), Ok(amount));
    }
}

/// Times of the wire: written back as they were read.
pub fn wire_time(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    if let Ok(at) = wire_time::parse_timestamp(&text) {
        let written = wire_time::format(at);
        assert!(written.starts_with(text.trim()), "{written} from {text:?}");
        assert_eq!(wire_time::parse_timestamp(&written), Ok(at));
    }
}

/// Folding, cleaning and shortening: stable, bounded, whole characters.
pub fn fold(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let folded = text::fold(&text);
    assert_eq!(text::fold(&folded), folded);
    assert_eq!(text::fold_words(&text).join(" "), folded);
    let clean = text::nfc(&text).into_owned();
    assert_eq!(text::nfc(&clean), clean);
    let plain = text::fold_display(&text);
    assert!(!text.is_ascii() || plain == text, "ASCII was changed");
    for most in [0, 1, 7, 40] {
        assert!(text::truncate_graphemes(&text, most).chars().count() <= most, "longer than {most}");
    }
    let _ = text::mask_name(&text);
}
