//! What is said of a dossier: how late it is and what happens next.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;

use super::rules::DeskRules;
use super::{Age, DossierReply, Lateness, NextStep};

use crate::domain::{AgencyDirectory, Dossier, Knowledge, Phase, Procedure, ReasonKind, WorkingCalendar, local_date};
use crate::ports::Catalogue;

/// What is needed to say something of a dossier.
pub(super) struct Tracking<'a> {
    pub(super) rules: &'a DeskRules,
    pub(super) catalogue: &'a dyn Catalogue,
    pub(super) agencies: &'a AgencyDirectory,
    pub(super) calendar: &'a WorkingCalendar,
    pub(super) now: Timestamp,
}

impl Tracking<'_> {
    /// The public view: what must be withheld is taken out of the data here,
    /// so that no channel can show it by mistake.
    pub(super) fn public(&self, known: &Knowledge<Arc<Dossier>>) -> DossierReply {
        let dossier = &known.value;
        let procedure = dossier.procedure_code.as_ref().and_then(|code| self.catalogue.procedure(code));
        let withheld = self.rules.withholds(
            procedure.as_deref(),
            dossier.procedure_code.as_ref(),
            dossier.procedure_name.as_deref(),
        );
        let shown = if withheld {
            Arc::new(Dossier { procedure_code: None, procedure_name: None, ..Dossier::clone(dossier) })
        } else {
            Arc::clone(dossier)
        };
        let procedure = procedure.filter(|_| !withheld);
        self.reply(shown, known, procedure, withheld)
    }

    /// The same for the owner: nothing is withheld.
    pub(super) fn owner(&self, known: &Knowledge<Arc<Dossier>>) -> DossierReply {
        let dossier = &known.value;
        let procedure = dossier.procedure_code.as_ref().and_then(|code| self.catalogue.procedure(code));
        let mut reply = self.reply(Arc::clone(dossier), known, procedure, false);
        reply.more_with_proof = false;
        reply
    }

    fn reply(
        &self,
        dossier: Arc<Dossier>,
        known: &Knowledge<Arc<Dossier>>,
        procedure: Option<Arc<Procedure>>,
        name_withheld: bool,
    ) -> DossierReply {
        let today = local_date(self.now);
        let lateness = lateness(&dossier, self.calendar, today);
        let handled_by = dossier.agency.as_deref().and_then(|name| self.agencies.agency_named(name)).cloned();
        let received_by = || {
            let code = dossier.number.agency_code()?;
            self.agencies.agency_on(code, today)?.phone.clone()
        };
        let contact = handled_by.as_ref().and_then(|agency| agency.phone.clone()).or_else(received_by);
        DossierReply {
            next_step: next_step(&dossier, lateness),
            lateness,
            procedure,
            handled_by,
            name_withheld,
            contact,
            age: age(known.as_of, known.stale, self.now),
            more_with_proof: true,
            dossier,
        }
    }
}

fn age(as_of: Timestamp, stale: bool, now: Timestamp) -> Age {
    let seconds = now.as_second().saturating_sub(as_of.as_second());
    Age { as_of, seconds: u64::try_from(seconds).unwrap_or_default(), stale }
}

/// Where a dossier stands against its due date. Only a dossier that is being
/// handled can be overdue, and only from the first working day after its due
/// date on; a due date on a day off moves to the next working day (Civil Code
/// art. 148).
pub(super) fn lateness(dossier: &Dossier, calendar: &WorkingCalendar, today: Date) -> Lateness {
    let phase = dossier.status.phase;
    if !phase.clock_runs() && !phase.is_finished() {
        return if phase == Phase::Registered || phase == Phase::Other {
            Lateness::NotPublished
        } else {
            Lateness::ClockStands
        };
    }
    let Some(due) = dossier.due_at.map(local_date) else { return Lateness::NotPublished };
    let due = if calendar.is_working_day(due) { due } else { calendar.next_working_day(due) };
    if phase.is_finished() {
        let Some(finished) = dossier.finished_at.map(local_date) else {
            // The day of handing over proves that the work was done by then;
            // it does not prove that the work was late.
            let handed_over = dossier.returned_at.map(local_date);
            return match handed_over {
                Some(day) if calendar.working_days_between(due, day) == 0 => Lateness::FinishedInTime,
                _ => Lateness::NotPublished,
            };
        };
        return match calendar.working_days_between(due, finished) {
            0 => Lateness::FinishedInTime,
            working_days => Lateness::FinishedLate { due, finished, working_days },
        };
    }
    match calendar.working_days_between(due, today) {
        0 => Lateness::Due { on: due, working_days: calendar.working_days_between(today, due) },
        working_days => Lateness::Overdue { since: due, working_days },
    }
}

fn next_step(dossier: &Dossier, lateness: Lateness) -> NextStep {
    match dossier.status.phase {
        Phase::Registered => NextStep::WaitForCheck,
        Phase::Accepted | Phase::InProgress if matches!(lateness, Lateness::Overdue { .. }) => NextStep::AskAgency,
        Phase::Accepted | Phase::InProgress => NextStep::WaitForResult,
        Phase::Refused if dossier.reason_kind == Some(ReasonKind::NotCompetent) => NextStep::HandInElsewhere,
        Phase::Refused => NextStep::MendAndResubmit,
        Phase::PapersRequested => NextStep::HandInPapers,
        Phase::PaymentRequested => NextStep::PayFee,
        Phase::Withdrawn => NextStep::NothingWithdrawn,
        Phase::Stopped => NextStep::AskReason,
        Phase::ResultReady if dossier.by_post => NextStep::WaitForPost,
        Phase::ResultReady => NextStep::CollectResult,
        Phase::Returned => NextStep::NothingReturned,
        Phase::Other => NextStep::AskMeaning,
    }
}
