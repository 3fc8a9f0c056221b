#![doc = include_str!("../README.md")]

mod ask;
mod common;
mod dossier;
mod procedure;
mod queue;

pub use ask::{AgenciesAnswer, AgencyView, AskAnswer, AskChoice, AskRefusal, AskRequest};
pub use common::{Labelled, NoticeView, ProblemAnswer};
pub use dossier::{
    CodeAnswer, DisclosureRequest, DossierAnswer, DossierView, ElsewhereView, FeeDueView, LatenessView,
    MissingPaperView, OwnerPart, ProcedureRef, StatusView,
};
pub use procedure::{
    FeeView, MethodView, PaperCaseView, PaperView, ProcedureAnswer, ProcedureHit, ProcedureView, ProceduresAnswer,
    ResultView, TimeView,
};
pub use queue::{
    AcceptedTicket, LocalTicketView, LocalTicketsAnswer, LocalTicketsRequest, QueueAnswer, QueueServiceView,
    RefusedTicket, ServingView, TicketAnswer, TicketPlaceAnswer, TicketRequest,
};
