use std::borrow::Cow;
use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::NoticeView;

/// How the queues of a centre stand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct QueueAnswer<'a> {
    /// The code of the centre's agency.
    #[cfg_attr(feature = "schema", schema(example = "001.21.31.H09"))]
    pub site: Cow<'a, str>,
    /// Its name, in the language of the answer.
    pub site_name: Cow<'a, str>,
    /// When this was so.
    #[cfg_attr(feature = "schema", schema(value_type = String, format = DateTime))]
    pub at: Timestamp,
    /// Whether it is open.
    pub open: bool,
    /// When it closes, for lunch or for the day, where it is open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(value_type = Option<String>, format = DateTime))]
    pub closes_at: Option<Timestamp>,
    /// When it opens, where it is closed and that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(value_type = Option<String>, format = DateTime))]
    pub opens_at: Option<Timestamp>,
    /// Its services.
    pub services: Vec<QueueServiceView<'a>>,
    /// Announcements.
    #[serde(default)]
    pub notices: Vec<NoticeView<'a>>,
    /// The code that names this answer to an officer.
    #[serde(default, skip_serializing_if = "str::is_empty")]
    #[cfg_attr(feature = "schema", schema(required = true, example = "7K3F"))]
    pub answer_code: Cow<'a, str>,
}

/// One queue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct QueueServiceView<'a> {
    /// The service's key.
    #[cfg_attr(feature = "schema", schema(example = "ho-tich"))]
    pub service: Cow<'a, str>,
    /// The letters of its numbers.
    #[cfg_attr(feature = "schema", schema(example = "A"))]
    pub prefix: Cow<'a, str>,
    /// Its name, in the language of the answer.
    pub name: Cow<'a, str>,
    /// How many wait.
    pub waiting: u32,
    /// Which numbers are called or served, the latest call first.
    pub serving: Vec<ServingView<'a>>,
    /// About how long somebody waits who comes now; absent where nobody can tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub estimated_minutes: Option<u32>,
    /// Whether numbers are given.
    pub taking: bool,
    /// Why not: `closed`, `lunch`, `cut_off`, `full`, `paused`, or one that is new.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why_not: Option<Cow<'a, str>>,
    /// From when on they are given again, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(value_type = Option<String>, format = DateTime))]
    pub takes_again_at: Option<Timestamp>,
}

/// A number at a counter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ServingView<'a> {
    /// The number.
    #[cfg_attr(feature = "schema", schema(example = "A012"))]
    pub ticket: Cow<'a, str>,
    /// What stands over the counter.
    #[cfg_attr(feature = "schema", schema(example = "3"))]
    pub counter: Cow<'a, str>,
}

/// A number that is wanted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct TicketRequest {
    /// The service's key.
    #[cfg_attr(feature = "schema", schema(example = "ho-tich"))]
    pub service: String,
    /// `none`, `elderly`, `disabled`, `pregnant`, `with_infant` or `merit`.
    #[cfg_attr(feature = "schema", schema(example = "none"))]
    pub priority: String,
    /// 128 random bits as hexadecimal digits: the same key on the same day is the
    /// same number.
    #[cfg_attr(feature = "schema", schema(pattern = "^[0-9a-fA-F]{32}$"))]
    pub key: String,
}

/// A number.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct TicketAnswer<'a> {
    /// What is printed and called.
    #[cfg_attr(feature = "schema", schema(example = "A012"))]
    pub ticket: Cow<'a, str>,
    /// The number's own id, for officers.
    pub id: i64,
    /// The service's key.
    pub service: Cow<'a, str>,
    /// Its name, in the language of the answer.
    pub service_name: Cow<'a, str>,
    /// With which priority.
    pub priority: Cow<'a, str>,
    /// How many are called before.
    pub ahead: u32,
    /// About how long it takes; absent where nobody can tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub estimated_minutes: Option<u32>,
    /// When it was taken.
    #[cfg_attr(feature = "schema", schema(value_type = String, format = DateTime))]
    pub taken_at: Timestamp,
    /// Its day in Vietnam (`2026-11-27`).
    #[cfg_attr(feature = "schema", schema(format = Date))]
    pub day: Cow<'a, str>,
    /// What the QR holds: its place is asked by it. It tells nothing of anybody.
    #[cfg_attr(feature = "schema", schema(pattern = "^[0-9a-hjkmnp-tv-z]{12}$"))]
    pub code: Cow<'a, str>,
    /// The code that names this answer to an officer.
    #[serde(default, skip_serializing_if = "str::is_empty")]
    #[cfg_attr(feature = "schema", schema(required = true, example = "7K3F"))]
    pub answer_code: Cow<'a, str>,
}

/// Not the code: whoever has it may ask for the place.
impl fmt::Debug for TicketAnswer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TicketAnswer({}, ahead {})", self.ticket, self.ahead)
    }
}

/// Where a number is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct TicketPlaceAnswer<'a> {
    /// The number.
    #[cfg_attr(feature = "schema", schema(example = "A012"))]
    pub ticket: Cow<'a, str>,
    /// `waiting`, `called`, `serving`, `held`, `no_show`, `finished`, `left`, or one
    /// that is new.
    #[cfg_attr(feature = "schema", schema(example = "waiting"))]
    pub state: Cow<'a, str>,
    /// How many are called before, while it waits.
    pub ahead: u32,
    /// About how long it takes; absent where nobody can tell, or it does not wait.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub estimated_minutes: Option<u32>,
    /// Where it is, or was, called; absent while it waits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counter: Option<Cow<'a, str>>,
    /// The same in a sentence, in the language of the answer.
    pub text: Cow<'a, str>,
    /// The code that names this answer to an officer.
    #[serde(default, skip_serializing_if = "str::is_empty")]
    #[cfg_attr(feature = "schema", schema(required = true, example = "7K3F"))]
    pub answer_code: Cow<'a, str>,
}

/// Numbers that a terminal gave while the gateway was out of its reach.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct LocalTicketsRequest {
    /// At most 50 at once: the rest follows in further requests.
    #[cfg_attr(feature = "schema", schema(max_items = 50))]
    pub tickets: Vec<LocalTicketView>,
}

impl LocalTicketsRequest {
    /// So many at once: they fit the house's usual limit of a body.
    pub const MOST: usize = 50;
}

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct LocalTicketView {
    /// The service's key.
    pub service: String,
    /// What was printed behind the letters: one of the terminal's own.
    #[cfg_attr(feature = "schema", schema(minimum = 1, maximum = 9_999))]
    pub number: u32,
    /// As in a request for a number.
    pub priority: String,
    /// When it was given.
    #[cfg_attr(feature = "schema", schema(value_type = String, format = DateTime))]
    pub taken_at: Timestamp,
    /// 128 random bits as hexadecimal digits.
    #[cfg_attr(feature = "schema", schema(pattern = "^[0-9a-fA-F]{32}$"))]
    pub key: String,
}

/// What became of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct LocalTicketsAnswer {
    /// They stand in the line now.
    pub accepted: Vec<AcceptedTicket>,
    /// They were told before.
    pub known: Vec<AcceptedTicket>,
    /// They stand in no line.
    pub refused: Vec<RefusedTicket>,
}

/// A terminal's own number that stands in the line.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct AcceptedTicket {
    /// The number.
    pub ticket: String,
    /// Its code.
    pub code: String,
}

/// Not the code.
impl fmt::Debug for AcceptedTicket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AcceptedTicket({})", self.ticket)
    }
}

/// One that stands in no line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct RefusedTicket {
    /// The terminal's key.
    pub key: String,
    /// `unknown`, `out_of_range` (of the site), `not_its_range` (not this terminal's
    /// of today), `other_day`, `number_taken`, `unreadable`, or one that is new.
    pub why: String,
}
