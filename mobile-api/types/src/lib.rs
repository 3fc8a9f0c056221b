#![doc = include_str!("../README.md")]

mod ask;
mod common;
mod device;
mod dossier;
mod kiosk;
mod procedure;
mod queue;

#[cfg(feature = "signature")]
pub mod signature;

pub use ask::{AgenciesAnswer, AgencyView, AskAnswer, AskChoice, AskRefusal, AskRequest};
pub use common::{Labelled, NoticeView, ProblemAnswer};
pub use device::{EnrolAnswer, EnrolRequest};
pub use dossier::{
    CodeAnswer, DisclosureRequest, DossierAnswer, DossierRatingRequest, DossierView, ElsewhereView, FeeDueView,
    LatenessView, MissingPaperView, OwnerPart, ProcedureRef, RatedAnswer, StatusView,
};
pub use kiosk::{
    CallAnswer, CallReason, CallRequest, CallState, CallView, CatalogueBundle, ConfirmRequest, ContinuationAnswer,
    ContinuationRequest, ContinuationState, ContinuationView, ContinuedPage, FieldView, HeartbeatAnswer,
    HeartbeatRequest, KioskSettings, LocalTickets, NetworkView, OpeningRange, OpeningView, PrinterState, PrinterView,
    RatingOf, RatingRequest,
};
pub use procedure::{
    FeeView, MethodView, PaperCaseView, PaperView, ProcedureAnswer, ProcedureHit, ProcedureView, ProceduresAnswer,
    ResultView, TimeView,
};
pub use queue::{
    AcceptedTicket, LocalTicketView, LocalTicketsAnswer, LocalTicketsRequest, QueueAnswer, QueueServiceView,
    RefusedTicket, ServingView, TicketAnswer, TicketPlaceAnswer, TicketRequest,
};
