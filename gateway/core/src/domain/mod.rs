//! The words of public administration as types. They are parsed at the door
//! and cannot be built wrong.

mod agency;
mod assurance;
mod channel;
mod chat_session;
mod continuation;
mod device;
mod dossier;
mod kiosk_call;
mod local_time;
mod locale;
mod message;
mod notice;
mod officer;
mod one_time_code;
mod procedure;
mod procedure_reading;
mod rating;
mod secret_bits;
mod status;

pub mod calendar;
pub mod citizen_id;
pub mod dossier_number;
pub mod money;
pub mod opening;
pub mod phone;
pub mod procedure_code;
pub mod queue;
pub mod wire_time;

pub use agency::{Agency, AgencyDirectory, AgencyPeriod, Province, Standing};
pub use assurance::{ClientNet, DeviceId, Sender, SenderAssurance};
pub use calendar::WorkingCalendar;
pub use channel::{Channel, Provider};
pub use chat_session::ChatSession;
pub use citizen_id::{CitizenId, LastFour};
pub use continuation::{
    ContinuationId, ContinuationStage, ContinuationToken, ContinuedPage, MatchingCode, PhoneContinuation, PhoneSecret,
    SearchWords, WhyOver,
};
pub use device::{Device, EnrolmentCode, Heartbeat, Printer, TerminalName};
pub use dossier::{Applicant, ApplicantKind, Dossier, FeeDue, Knowledge, MissingPaper, OwnerView, ReasonKind};
pub use dossier_number::{DossierNumber, DossierNumberParser, NumberProblem, Reading};
pub use kiosk_call::{CallId, CallReason, CallStage, KioskCall};
pub use local_time::{local_date, local_datetime, local_moment};
pub use locale::Locale;
pub use message::{Category, DeliveryState, Lane, MessageId, MessageKey, Window};
pub use money::Money;
pub use notice::{Notice, NoticeId};
pub use officer::{
    CsrfToken, LockOut, Login, Officer, OfficerId, OfficerName, OfficerRole, SessionToken, SignedIn, Sites,
};
pub use one_time_code::OneTimeCode;
pub use opening::{Doors, Opening, OpeningHours, Session};
pub use phone::Phone;
pub use procedure::{
    Fee, FeeReading, Level, Method, PaperCase, PaperItem, Procedure, ProcedureResult, ProcedureSummary, ProcessingTime,
    SubmissionChannel, TimeUnit,
};
pub use procedure_code::ProcedureCode;
pub use rating::{Rated, Rating, RatingReason, RatingWords, Score};
pub use status::{Phase, Status, StatusMap, StatusRule};
