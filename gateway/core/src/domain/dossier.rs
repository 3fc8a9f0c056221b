use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;

use super::{CitizenId, DossierNumber, LastFour, Money, Phone, ProcedureCode, Status};
use crate::text;

/// What anybody who knows the number may see (`dossiers.md`, first row of the
/// disclosure table). It holds no personal data, so it may be cached and
/// served stale. The procedure's name is still subject to the Desk: some
/// procedures are sensitive by themselves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dossier {
    /// The canonical number.
    pub number: DossierNumber,
    /// The code of its procedure, where the source gives a readable one.
    pub procedure_code: Option<ProcedureCode>,
    /// The procedure's name as the source writes it.
    pub procedure_name: Option<Arc<str>>,
    /// Where the dossier lies now (`DonViXuLy`).
    pub agency: Option<Arc<str>>,
    /// What has happened to it.
    pub status: Status,
    /// Why it waits or was refused, from the coded list.
    pub reason_kind: Option<ReasonKind>,
    /// Accepted at.
    pub received_at: Option<Timestamp>,
    /// Due at.
    pub due_at: Option<Timestamp>,
    /// The work ended at.
    pub finished_at: Option<Timestamp>,
    /// The result was handed over at.
    pub returned_at: Option<Timestamp>,
    /// Whether the result goes out by post (`HinhThuc` 1).
    pub by_post: bool,
}

/// The coded list of reasons that is open to everybody (`dossiers.md`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ReasonKind {
    /// Papers are missing or wrong.
    PapersMissing,
    /// A fee, charge or tax is due.
    FeeDue,
    /// The agency has no competence for it.
    NotCompetent,
    /// The conditions of the procedure are not met.
    ConditionsNotMet,
    /// The citizen asked for it.
    AtRequest,
    /// The source gives a reason that is not in the list.
    Unspecified,
}

impl ReasonKind {
    /// Every kind.
    pub const ALL: [Self; 6] = [
        Self::PapersMissing,
        Self::FeeDue,
        Self::NotCompetent,
        Self::ConditionsNotMet,
        Self::AtRequest,
        Self::Unspecified,
    ];

    /// A stable word for wires and Fluent keys.
    pub const fn key(self) -> &'static str {
        match self {
            Self::PapersMissing => "papers_missing",
            Self::FeeDue => "fee_due",
            Self::NotCompetent => "not_competent",
            Self::ConditionsNotMet => "conditions_not_met",
            Self::AtRequest => "at_request",
            Self::Unspecified => "unspecified",
        }
    }
}

/// A person, or a business, whose codes are public and therefore prove nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ApplicantKind {
    /// `LoaiDoiTuong` "1".
    Person,
    /// `LoaiDoiTuong` "2".
    Business,
    /// Anything else: treated as strictly as a business.
    Unknown,
}

/// The owner's data as the source holds them, for checking a proof. They stay
/// inside the Desk; `Debug` shows nothing of them.
#[derive(Clone)]
pub struct Applicant {
    /// Person or business.
    pub kind: ApplicantKind,
    /// Full name as the source writes it.
    pub name: Option<String>,
    /// The ID number, where the source holds a readable one.
    pub citizen_id: Option<CitizenId>,
    /// The registered telephone.
    pub phone: Option<Phone>,
}

impl Applicant {
    /// The name masked for a screen; `None` where there is none.
    pub fn masked_name(&self) -> Option<String> {
        self.name.as_deref().map(str::trim).filter(|name| !name.is_empty()).map(text::mask_name)
    }

    /// Whether the four digits are the end of the owner's ID. Never for
    /// businesses, never against a missing value (`dossiers.md`, rule 4).
    pub fn id_ends_with(&self, last_four: &LastFour) -> bool {
        match (&self.citizen_id, self.kind) {
            (Some(id), ApplicantKind::Person) => id.last4_matches(last_four),
            _ => false,
        }
    }
}

impl std::fmt::Debug for Applicant {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Applicant").field("kind", &self.kind).finish_non_exhaustive()
    }
}

/// Money that is owed or paid for a dossier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeeDue {
    /// What for, in the source's words.
    pub name: String,
    /// How much.
    pub amount: Money,
}

/// One request for more papers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MissingPaper {
    /// Which papers, in the source's words.
    pub what: String,
    /// Asked for on.
    pub asked_on: Option<Date>,
}

/// What only the owner may see. Fetched fresh for each disclosure, never
/// cached with the public view, never served stale (rule 7).
#[derive(Debug, Clone)]
pub struct OwnerView {
    /// The public part.
    pub dossier: Arc<Dossier>,
    /// For the proof and the masked name.
    pub applicant: Applicant,
    /// The reason in full.
    pub reason: Option<String>,
    /// Fees of the dossier.
    pub fees: Vec<FeeDue>,
    /// Papers asked for.
    pub missing_papers: Vec<MissingPaper>,
}

/// A value, the moment it was true, and whether that is older than the
/// freshness the gateway promises.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Knowledge<T> {
    /// The value.
    pub value: T,
    /// When the source said so.
    pub as_of: Timestamp,
    /// Served from memory because the source did not answer.
    pub stale: bool,
}
