//! From a dossier on the wire to what anybody may see of it, and to what its
//! owner may see.

use std::sync::Arc;

use gateway_core::domain::{
    Applicant, ApplicantKind, CitizenId, Dossier, DossierNumber, FeeDue, MissingPaper, Money, OwnerView, Phase, Phone,
    ProcedureCode, ReasonKind, Status, StatusMap, wire_time,
};
use gateway_core::ports::PortalError;
use gateway_core::text;
use jiff::Timestamp;
use jiff::civil::Date;
use metrics::Counter;

use super::service;
use super::wire::dossier::{WireDossier, WireFee, WireRequest};
use super::wire::envelope::unreadable;
use super::wire::lenient::Leaf;
use super::words;
use crate::config::ReasonWords;

const SERVICE: &str = service::DOSSIER;

/// What is needed to read a dossier, prepared once.
pub(super) struct DossierReader {
    statuses: StatusMap,
    reasons: Vec<(ReasonKind, Vec<String>)>,
    unreadable: UnreadableFields,
}

/// Optional fields that were there and could not be read. They are left out,
/// and counted, because one odd date must not hide a dossier from its owner.
struct UnreadableFields {
    date: Counter,
    fee: Counter,
    owner: Counter,
    code: Counter,
}

impl DossierReader {
    pub(super) fn new(statuses: StatusMap, words: &ReasonWords) -> Self {
        metrics::describe_counter!(
            "portal_unreadable_fields_total",
            "Optional fields of dossiers that could not be read and were left out"
        );
        let counter = |kind: &'static str| metrics::counter!("portal_unreadable_fields_total", "kind" => kind);
        let folded =
            |list: &[String]| list.iter().map(|word| text::fold(word)).filter(|word| !word.is_empty()).collect();
        Self {
            statuses,
            reasons: vec![
                (ReasonKind::NotCompetent, folded(&words.not_competent)),
                (ReasonKind::AtRequest, folded(&words.at_request)),
                (ReasonKind::FeeDue, folded(&words.fee_due)),
                (ReasonKind::PapersMissing, folded(&words.papers_missing)),
                (ReasonKind::ConditionsNotMet, folded(&words.conditions_not_met)),
            ],
            unreadable: UnreadableFields {
                date: counter("date"),
                fee: counter("fee"),
                owner: counter("owner"),
                code: counter("procedure_code"),
            },
        }
    }

    /// The dossier that was asked for, among those of the answer; `None` for an
    /// empty answer.
    ///
    /// # Errors
    /// Where the answer holds dossiers, but none with the number: showing
    /// another one would tell a stranger's affairs.
    pub(super) fn pick(dossiers: Vec<WireDossier>, asked: &DossierNumber) -> Result<Option<WireDossier>, PortalError> {
        let Some(first) = dossiers.first() else { return Ok(None) };
        let problem = match first.number {
            Leaf::Missing => "missing",
            _ => "not the number that was asked for",
        };
        match dossiers.into_iter().find(|dossier| is_number(&dossier.number, asked)) {
            Some(dossier) => Ok(Some(dossier)),
            None => Err(unreadable(SERVICE, "MaHoSo", problem)),
        }
    }

    /// What anybody may see.
    ///
    /// # Errors
    /// Where there is no status.
    pub(super) fn public(&self, wire: &WireDossier, number: &DossierNumber) -> Result<Dossier, PortalError> {
        let code = wire.status.text().ok_or_else(|| unreadable(SERVICE, "TrangThaiHoSo", "missing"))?;
        let status = self.statuses.read(&code, None);
        Ok(Dossier {
            number: number.clone(),
            procedure_code: self.procedure_code(&wire.procedure_code),
            procedure_name: shared(&wire.procedure_name),
            agency: shared(&wire.agency),
            reason_kind: self.reason_kind(&status, wire),
            status,
            received_at: self.time(&wire.received),
            due_at: self.time(&wire.due),
            finished_at: self.time(&wire.finished),
            returned_at: self.time(&wire.returned),
            by_post: wire.handover.text().is_some_and(|way| way == "1"),
        })
    }

    /// What the owner may see.
    ///
    /// # Errors
    /// Where there is no status.
    pub(super) fn owner(&self, wire: &WireDossier, number: &DossierNumber) -> Result<OwnerView, PortalError> {
        let dossier = Arc::new(self.public(wire, number)?);
        let kind = match wire.owner_kind.text().as_deref() {
            Some("1") => ApplicantKind::Person,
            Some("2") => ApplicantKind::Business,
            _ => ApplicantKind::Unknown,
        };
        // Requests of earlier rounds stay on the wire after they were answered.
        let papers_wanted = matches!(dossier.status.phase, Phase::PapersRequested | Phase::Refused | Phase::Stopped);
        let requests = wire.requests.items.iter().filter(|_| papers_wanted);
        Ok(OwnerView {
            applicant: Applicant {
                kind,
                name: words::name(&wire.owner),
                citizen_id: self.citizen_id(&wire.owner_code, kind),
                phone: self.phone(&wire.phone),
            },
            reason: reason(dossier.status.phase, wire),
            fees: wire.fees.items.iter().filter_map(|fee| self.fee(fee)).collect(),
            missing_papers: requests.filter_map(|request| self.missing_paper(request)).collect(),
            dossier,
        })
    }

    fn procedure_code(&self, leaf: &Leaf) -> Option<ProcedureCode> {
        // A code that came as a number lost the zeros at its end.
        let code = match leaf {
            Leaf::Fraction(number) => format!("{number:.6}"),
            _ => leaf.owned()?,
        };
        ProcedureCode::parse(&code).inspect_err(|_| self.unreadable.code.increment(1)).ok()
    }

    /// Only a person's: a business's code is public and no ID.
    fn citizen_id(&self, leaf: &Leaf, kind: ApplicantKind) -> Option<CitizenId> {
        if kind == ApplicantKind::Business {
            return None;
        }
        CitizenId::parse(&leaf.digits(12)?).inspect_err(|_| self.unreadable.owner.increment(1)).ok()
    }

    fn phone(&self, leaf: &Leaf) -> Option<Phone> {
        // A mobile that lost its leading 0 is read by `Phone` itself.
        Phone::parse(&leaf.text()?).inspect_err(|_| self.unreadable.owner.increment(1)).ok()
    }

    fn time(&self, leaf: &Leaf) -> Option<Timestamp> {
        wire_time::parse_timestamp(&leaf.text()?).inspect_err(|error| self.odd_time(*error)).ok()
    }

    fn date(&self, leaf: &Leaf) -> Option<Date> {
        wire_time::parse_date(&leaf.text()?).inspect_err(|error| self.odd_time(*error)).ok()
    }

    fn odd_time(&self, error: wire_time::WireTimeError) {
        // A year such as 0001 is the sources' way to say "none".
        if !matches!(error, wire_time::WireTimeError::Empty | wire_time::WireTimeError::OutOfRange) {
            self.unreadable.date.increment(1);
        }
    }

    /// An amount that cannot be read is left out, never guessed.
    fn fee(&self, fee: &WireFee) -> Option<FeeDue> {
        let amount = Money::parse(&fee.amount.text()?).inspect_err(|_| self.unreadable.fee.increment(1)).ok()?;
        Some(FeeDue { name: words::name(&fee.name).or_else(|| words::name(&fee.code)).unwrap_or_default(), amount })
    }

    fn missing_paper(&self, request: &WireRequest) -> Option<MissingPaper> {
        Some(MissingPaper { what: words::officers(&request.what)?, asked_on: self.date(&request.asked) })
    }

    fn reason_kind(&self, status: &Status, wire: &WireDossier) -> Option<ReasonKind> {
        match status.phase {
            Phase::PapersRequested => Some(ReasonKind::PapersMissing),
            Phase::PaymentRequested => Some(ReasonKind::FeeDue),
            Phase::Withdrawn => Some(ReasonKind::AtRequest),
            Phase::Refused | Phase::Stopped => Some(self.kind_of(reason(status.phase, wire).as_deref())),
            Phase::Registered
            | Phase::Accepted
            | Phase::InProgress
            | Phase::ResultReady
            | Phase::Returned
            | Phase::Other => None,
        }
    }

    /// The kind that the officer's words tell; the words themselves stay with
    /// the owner.
    fn kind_of(&self, reason: Option<&str>) -> ReasonKind {
        let Some(reason) = reason else { return ReasonKind::Unspecified };
        let folded = format!(" {} ", text::fold(reason));
        let holds = |word: &String| {
            folded.match_indices(word.as_str()).any(|(at, _)| {
                let before = folded.get(..at).is_some_and(|text| text.ends_with(' '));
                let after = folded.get(at + word.len()..).is_some_and(|text| text.starts_with(' '));
                before && after
            })
        };
        self.reasons
            .iter()
            .find(|(_, words)| words.iter().any(holds))
            .map_or(ReasonKind::Unspecified, |(kind, _)| *kind)
    }
}

/// The officer's words, where the status has a reason. `ThongTinTra` is what
/// the desk tells about handing the dossier back; requests for papers tell
/// theirs in `NoiDungBoSung`. `GhiChu` is internal and never read.
fn reason(phase: Phase, wire: &WireDossier) -> Option<String> {
    let note = || words::officers(&wire.return_note);
    let requests = || {
        let parts: Vec<String> =
            wire.requests.items.iter().filter_map(|request| words::officers(&request.what)).collect();
        (!parts.is_empty()).then(|| text::clean(&parts.join("; "), words::LONGEST_TEXT).into_owned())
    };
    match phase {
        Phase::PapersRequested => requests().or_else(note),
        Phase::Refused | Phase::Stopped | Phase::PaymentRequested | Phase::Withdrawn => note().or_else(requests),
        Phase::Registered
        | Phase::Accepted
        | Phase::InProgress
        | Phase::ResultReady
        | Phase::Returned
        | Phase::Other => None,
    }
}

/// Whether the answer's number is the one that was asked for: white space and
/// case do not matter, nor leading zeros where it came as a number.
fn is_number(leaf: &Leaf, asked: &DossierNumber) -> bool {
    let Some(found) = leaf.text() else { return false };
    let asked = asked.as_str();
    match leaf {
        Leaf::Whole(_) => found.trim_start_matches('0') == asked.trim_start_matches('0'),
        _ => found
            .chars()
            .filter(|c| !c.is_whitespace())
            .map(|c| c.to_ascii_uppercase())
            .eq(asked.chars().map(|c| c.to_ascii_uppercase())),
    }
}

fn shared(leaf: &Leaf) -> Option<Arc<str>> {
    words::name(leaf).map(Arc::from)
}
