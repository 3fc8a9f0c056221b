use std::borrow::Cow;
use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{NoticeView, ProcedureView};

/// What a terminal shows and how it behaves, as its site has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct KioskSettings<'a> {
    /// Changes with whatever the terminal should ask for again, in whichever
    /// language: it goes back with the next heartbeat.
    #[cfg_attr(feature = "schema", schema(pattern = "^[0-9a-f]{16}$"))]
    pub settings_version: Cow<'a, str>,
    /// Where it stands: an agency's code.
    #[cfg_attr(feature = "schema", schema(example = "000.00.17.H09"))]
    pub site: Cow<'a, str>,
    /// The same in the language of the answer.
    pub site_name: Cow<'a, str>,
    /// The terminal's own name.
    pub name: Cow<'a, str>,
    /// What the home screen offers, in this order: `look_up`, `procedures`,
    /// `ticket`, `rate`, `ask`, `call`; a key that the terminal does not know
    /// is left out.
    #[cfg_attr(feature = "schema", schema(example = json!(["look_up", "procedures", "ticket", "rate"])))]
    pub services: Vec<Cow<'a, str>>,
    /// Languages on offer, the first one at the start.
    #[cfg_attr(feature = "schema", schema(example = json!(["vi", "en"])))]
    pub languages: Vec<Cow<'a, str>>,
    /// When the site is open.
    pub opening: OpeningView<'a>,
    /// Whether it is open now, with holidays in mind.
    pub open_now: bool,
    /// Announcements.
    #[serde(default)]
    pub notices: Vec<NoticeView<'a>>,
    /// Without a touch for so long, the terminal asks whether somebody is there.
    pub idle_seconds: u32,
    /// The same with large text or speech.
    pub idle_seconds_accessible: u32,
    /// Numbers that the terminal may give out while the gateway is gone.
    #[serde(default)]
    pub local_tickets: Option<LocalTickets>,
    /// SHA-256 of the service menu's PIN, hexadecimal; absent: no service menu.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(pattern = "^[0-9a-f]{64}$"))]
    pub service_pin_sha256: Option<Cow<'a, str>>,
    /// What addresses for citizens' phones begin with; absent: none are shown.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(example = "https://dakenh.example.vn"))]
    pub phone_base_url: Option<Cow<'a, str>>,
}

/// The week, as it usually is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct OpeningView<'a> {
    /// The ranges of each day, Monday first; a day without one is closed.
    pub ranges: Vec<OpeningRange<'a>>,
}

/// One range of one day, local time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct OpeningRange<'a> {
    /// 1 is Monday, 7 is Sunday.
    #[cfg_attr(feature = "schema", schema(minimum = 1, maximum = 7))]
    pub weekday: u8,
    /// `07:30`.
    #[cfg_attr(feature = "schema", schema(example = "07:30"))]
    pub from: Cow<'a, str>,
    /// `11:30`; whoever comes at that minute is still in time.
    #[cfg_attr(feature = "schema", schema(example = "11:30"))]
    pub until: Cow<'a, str>,
}

/// A range of numbers that no other terminal gives out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct LocalTickets {
    /// Whether the operator allows it.
    pub allowed: bool,
    /// The first number.
    pub from: u32,
    /// The last number.
    pub to: u32,
}

/// How a terminal is. Nothing of any citizen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct HeartbeatRequest {
    /// Its version.
    #[cfg_attr(feature = "schema", schema(max_length = 40, example = "0.1.0"))]
    pub version: String,
    /// Its printer.
    pub printer: PrinterView,
    /// Its network.
    pub network: NetworkView,
    /// `made_at` of the catalogue that it holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(value_type = Option<String>, format = DateTime))]
    pub catalogue_at: Option<Timestamp>,
    /// When it was last touched, to the minute.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(value_type = Option<String>, format = DateTime))]
    pub last_use: Option<Timestamp>,
    /// Screens that failed since its start.
    pub screens_failed: u32,
    /// `settings_version` of the settings that it has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(pattern = "^[0-9a-f]{16}$"))]
    pub settings_version: Option<String>,
}

/// A printer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct PrinterView {
    /// How it is.
    pub state: PrinterState,
}

/// How a printer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum PrinterState {
    /// It prints.
    Ready,
    /// Paper is wanted.
    PaperOut,
    /// Its cover is open.
    CoverOpen,
    /// It does not answer.
    Offline,
    /// The terminal has none.
    None,
    /// It takes data and tells nothing.
    Unknown,
}

impl PrinterState {
    /// Every state.
    pub const ALL: [Self; 6] = [Self::Ready, Self::PaperOut, Self::CoverOpen, Self::Offline, Self::None, Self::Unknown];

    /// The word of the wire.
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
}

/// A network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct NetworkView {
    /// How long the gateway took to answer lately, in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latency_ms: Option<u32>,
}

/// The gateway heard it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct HeartbeatAnswer {
    /// The settings are others than those that the terminal has.
    pub settings_changed: bool,
    /// The gateway's time.
    #[cfg_attr(feature = "schema", schema(value_type = String, format = DateTime))]
    pub at: Timestamp,
}

/// The catalogue as a whole, for a terminal that must go on without a gateway.
/// The answer's `Bundle-Signature` is over the SHA-256 of these very bytes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct CatalogueBundle<'a> {
    /// When it was made: to be shown beside what is answered from it.
    #[cfg_attr(feature = "schema", schema(value_type = String, format = DateTime))]
    pub made_at: Timestamp,
    /// The language of its labels.
    #[cfg_attr(feature = "schema", schema(example = "vi"))]
    pub language: Cow<'a, str>,
    /// The procedures, in Vietnamese order of their names.
    pub procedures: Vec<ProcedureView<'a>>,
    /// The fields of administration that they belong to, in Vietnamese order.
    pub fields: Vec<FieldView<'a>>,
}

/// A field of administration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct FieldView<'a> {
    /// Its name.
    pub name: Cow<'a, str>,
    /// How many procedures it has.
    pub procedures: u32,
}

/// Somebody at the terminal wants an officer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct CallRequest {
    /// What for.
    pub reason: CallReason,
    /// The counter that the terminal stands at, where it knows one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(max_length = 40))]
    pub counter_hint: Option<String>,
}

/// Why an officer is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum CallReason {
    /// To be helped.
    Help,
    /// The terminal is in trouble.
    Trouble,
    /// Somebody cannot use it as it is.
    Accessibility,
}

/// The call is kept, and the desk is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct CallAnswer<'a> {
    /// Its id.
    pub call: Cow<'a, str>,
    /// Its place among those that nobody has answered yet, from 1 on.
    #[serde(default)]
    pub position: Option<u32>,
}

/// How far a call has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct CallView {
    /// Where it is.
    pub state: CallState,
}

/// Where a call is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum CallState {
    /// Nobody has answered yet.
    Waiting,
    /// An officer is on the way.
    Coming,
    /// It is over: an officer was there.
    Done,
    /// It is over, and nobody came in time.
    Missed,
}

/// What a citizen thinks of a service.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct RatingRequest {
    /// From 1 (very bad) to 5 (very good).
    #[cfg_attr(feature = "schema", schema(minimum = 1, maximum = 5))]
    pub score: u8,
    /// Why, by code: `waiting`, `attitude`, `guidance`, `papers`, `fees`,
    /// `place`, `result`, `terminal`; at most eight.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(max_items = 8))]
    pub reasons: Vec<String>,
    /// In words; at most 500 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(max_length = 500))]
    pub words: Option<String>,
    /// What is rated.
    pub of: RatingOf,
    /// 32 hexadecimal digits of the terminal's own: the same key is the same
    /// rating, however often it is sent. Absent: each counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(min_length = 32, max_length = 32))]
    pub key: Option<String>,
}

/// Neither words nor what is rated.
impl fmt::Debug for RatingRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RatingRequest").field("score", &self.score).finish_non_exhaustive()
    }
}

/// What is rated: one of these.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum RatingOf {
    /// A dossier, by its number.
    Dossier(String),
    /// A counter of the site, by its name.
    Counter(String),
    /// A visit, by the code on its ticket.
    Ticket(String),
    /// A site, by its agency's code.
    Site(String),
}

/// Never whose.
impl fmt::Debug for RatingOf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Dossier(_) => "RatingOf::Dossier(…)",
            Self::Counter(_) => "RatingOf::Counter(…)",
            Self::Ticket(_) => "RatingOf::Ticket(…)",
            Self::Site(_) => "RatingOf::Site(…)",
        })
    }
}

/// A page that goes on on a phone. Never with what was disclosed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ContinuationRequest {
    /// Which.
    pub page: ContinuedPage,
}

/// A page that a phone can open.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum ContinuedPage {
    /// A procedure.
    Procedure {
        /// Its national code.
        code: String,
        /// Which of its cases, in the source's words; `case_number` says it shorter.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        case: Option<String>,
        /// Which of its cases: its place in `papers` of the procedure, from 1. The
        /// phone's page is the one that a printed checklist leads to
        /// (`/procedures/{code}?case=2`).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "schema", schema(minimum = 1))]
        case_number: Option<u32>,
    },
    /// A search for procedures.
    Procedures {
        /// What was searched for: at most 200 characters, and none that may be
        /// somebody's number.
        #[cfg_attr(feature = "schema", schema(max_length = 200))]
        query: String,
    },
    /// The front page.
    Home,
    /// A place in the queue.
    Queue {
        /// The code on the ticket.
        ticket: String,
    },
}

/// Not what was searched for, nor whose ticket.
impl fmt::Debug for ContinuedPage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Procedure { .. } => "ContinuedPage::Procedure(…)",
            Self::Procedures { .. } => "ContinuedPage::Procedures(…)",
            Self::Home => "ContinuedPage::Home",
            Self::Queue { .. } => "ContinuedPage::Queue(…)",
        })
    }
}

/// What the terminal shows as a QR code.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ContinuationAnswer<'a> {
    /// For asking how far it is.
    pub id: Cow<'a, str>,
    /// What the phone opens; it opens once.
    pub url: Cow<'a, str>,
    /// It is over then.
    #[cfg_attr(feature = "schema", schema(value_type = String, format = DateTime))]
    pub expires_at: Timestamp,
}

/// Not the address: who has it may open it.
impl fmt::Debug for ContinuationAnswer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ContinuationAnswer").field("id", &self.id).finish_non_exhaustive()
    }
}

/// How far a continuation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ContinuationView {
    /// Where it is.
    pub state: ContinuationState,
}

/// Where a continuation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum ContinuationState {
    /// No phone has opened it yet.
    Waiting,
    /// A phone shows its matching code.
    Scanned,
    /// The code was right: the phone goes on, or has.
    Open,
    /// Its time or its tries are over, or the terminal made another one.
    Over,
}

/// The matching code that the phone shows, typed at the terminal.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ConfirmRequest {
    /// Four digits.
    #[cfg_attr(feature = "schema", schema(pattern = "^[0-9]{4}$"))]
    pub code: String,
}

/// Never the code.
impl fmt::Debug for ConfirmRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ConfirmRequest(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::EnrolRequest;

    #[test]
    fn the_words_of_the_wire() {
        for state in PrinterState::ALL {
            assert_eq!(serde_json::to_string(&state).unwrap(), format!("\"{}\"", state.key()));
        }
        let of: RatingOf = serde_json::from_str(r#"{"counter":"Quầy 3"}"#).unwrap();
        assert_eq!(of, RatingOf::Counter("Quầy 3".into()));
        let page: ContinuedPage = serde_json::from_str(r#"{"kind":"procedure","code":"1.001193"}"#).unwrap();
        assert_eq!(page, ContinuedPage::Procedure { code: "1.001193".into(), case: None, case_number: None });
        // As it was before a case had a number, for a gateway that knows none.
        assert_eq!(serde_json::to_string(&page).unwrap(), r#"{"kind":"procedure","code":"1.001193"}"#);
        let page: ContinuedPage =
            serde_json::from_str(r#"{"kind":"procedure","code":"1.001193","case_number":2}"#).unwrap();
        assert_eq!(page, ContinuedPage::Procedure { code: "1.001193".into(), case: None, case_number: Some(2) });
        assert_eq!(serde_json::to_string(&ContinuedPage::Home).unwrap(), r#"{"kind":"home"}"#);
    }

    #[test]
    fn a_heartbeat_needs_no_more_than_it_has() {
        let beat: HeartbeatRequest = serde_json::from_str(
            r#"{"version":"0.1.0","printer":{"state":"paper_out"},"network":{},"screens_failed":0}"#,
        )
        .unwrap();
        assert_eq!((beat.printer.state, beat.network.latency_ms), (PrinterState::PaperOut, None));
        let told = serde_json::to_string(&beat).unwrap();
        assert!(!told.contains("null"), "{told}");
        assert!(
            serde_json::from_str::<HeartbeatRequest>(&told.replace("0.1.0\",", "0.1.0\",\"name\":\"A\",")).is_err()
        );
    }

    #[test]
    fn settings_of_a_later_version_are_still_read() {
        let settings: KioskSettings<'static> = serde_json::from_str(
            r#"{"settings_version":"00","site":"s","site_name":"S","name":"n","services":["fly"],"languages":["vi"],
                "opening":{"ranges":[]},"open_now":true,"idle_seconds":45,"idle_seconds_accessible":90,"new":1}"#,
        )
        .unwrap();
        assert_eq!((settings.local_tickets, settings.services.len()), (None, 1));
    }

    #[test]
    fn what_a_citizen_gives_is_not_shown_in_logs() {
        let rating = RatingRequest {
            score: 2,
            reasons: Vec::new(),
            words: Some("ông Nguyễn Văn A".into()),
            of: RatingOf::Dossier("000.00.17.H09-210819-0012".into()),
            key: None,
        };
        let page = ContinuedPage::Procedures { query: "ly hôn".into() };
        let confirm = ConfirmRequest { code: "1234".into() };
        let code = EnrolRequest { code: "7K3F".into(), public_key: "k".into(), version: "1".into() };
        let url = ContinuationAnswer { id: "i".into(), url: "/k/secret".into(), expires_at: Timestamp::UNIX_EPOCH };
        let shown = format!("{rating:?} {:?} {page:?} {confirm:?} {code:?} {url:?}", rating.of);
        for secret in ["Nguyễn", "0012", "ly hôn", "1234", "7K3F", "secret"] {
            assert!(!shown.contains(secret), "{shown}");
        }
    }
}
