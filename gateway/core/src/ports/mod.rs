//! What the Desk needs from the world, as traits. Adapters live in the other
//! rooms; nothing here knows SQL, HTTP or a file.

mod audit;
mod calls;
mod catalogue;
mod clock;
mod contact;
mod continuations;
mod conversations;
mod credentials;
mod devices;
mod handovers;
mod inbox;
mod interpreter;
mod limiter;
mod links;
mod local_ranges;
mod misses;
mod officer_audit;
mod officers;
mod outbox;
mod portal;
mod proposals;
mod queue;
mod ratings;
mod requests;
mod store;
mod switchboard;
mod transcripts;

pub use audit::{Audit, AuditError, AuditRow, HashKey, KeyedHash, Outcome};
pub use calls::{Called, Calls, NewCall};
pub use catalogue::{Catalogue, Cursor, FieldCount, ProcedurePage, ProcedureQuery};
pub use clock::{Clock, Randomness};
pub use contact::{
    Codes, ContactPreferences, Looked, NewCode, NewSubscription, NotSaid, Notification, Notifier, Seen, Subject,
    Subscribed, Subscription, Subscriptions,
};
pub use continuations::{Continuations, Matched, NewContinuation};
pub use conversations::Conversations;
pub use credentials::{Credential, Credentials, Leases};
pub use devices::{Devices, NewDevice, NewEnrolment};
pub use handovers::{
    Callback, Claimed, DeskLoad, Handover, HandoverId, HandoverReason, HandoverState, Handovers, LeftHandovers,
    NewCallback, NewHandover, OfficerMove, Opened, house_voice, is_house_voice,
};
pub use inbox::{
    Fate, Inbound, InboundParts, Inbox, NewInbound, NewInboundPart, PartReceived, Received, Rest, Settlement,
};
pub use interpreter::{Heard, Interpretation, Interpreter, Understood};
pub use limiter::{Admission, LimitKeys, LimitedAction, Limiter, TooMany};
pub use links::{Link, LinkProof, LinkTerms, LinkTried, Links, NewLinkCode, NewLinkOffer};
pub use local_ranges::LocalRanges;
pub use misses::{Miss, MissKind, Misses, NewMiss};
pub use officer_audit::{NewOfficerAct, OfficerAct, OfficerActCursor, OfficerAudit, acts};
pub use officers::{Keys, NewOfficer, NewSession, OfficerChange, Officers, SecondFactor, Stage, Tried, Trying};
pub use outbox::{
    DeliveryReceipt, HandedOver, InboundTrace, MessageTrace, NewOutbound, Outbound, OutboundTrace, Outbox, QueueDepth,
    ReceiptFate,
};
pub use portal::{Portal, PortalError, PortalFault};
pub use proposals::{
    Cluster, Decided, Learning, Lesson, NewProposal, Proposal, ProposalId, ProposalState, Proposals, Proposed, Rates,
    Taught, TaughtAct, Verdict,
};
pub use queue::{
    CalledNext, CounterAct, CounterSeen, LocalTicket, NewTicket, NextCall, Queue, Reconciled, ServiceLoad, Taken,
};
pub use ratings::{KeptRating, NewRating, RatingFate, RatingId, RatingToSend, Ratings};
pub use requests::{PastRequest, Requests};
pub use store::{Dedupe, Notices, Proofs, StoreError};
pub use switchboard::{Listening, Switchboard};
pub use transcripts::{Line, NewLine, Speaker, Transcripts, Written};
