//! A dossier's reply as its wire form. Everything is borrowed but the labels,
//! and texts of the source that must be cleaned before any screen shows them.

use gateway_core::desk::{DisclosedReply, DossierReply, ElsewhereReply, Lateness};
use gateway_core::domain::Locale;
use gateway_locale::{Locales, agency_of, procedure_of, shown};
use mobile_api_types::{
    DossierAnswer, DossierView, ElsewhereView, FeeDueView, Labelled, LatenessView, MissingPaperView, NoticeView,
    OwnerPart, ProcedureRef, StatusView,
};

use crate::labels;

/// The public view.
pub(super) fn dossier<'a>(
    locales: &Locales,
    locale: Locale,
    reply: &'a DossierReply,
    notices: Vec<NoticeView<'a>>,
) -> DossierAnswer<'a> {
    answer(reply, view(locales, locale, reply), notices)
}

/// The owner's view.
pub(super) fn disclosed<'a>(
    locales: &Locales,
    locale: Locale,
    reply: &'a DisclosedReply,
    notices: Vec<NoticeView<'a>>,
) -> DossierAnswer<'a> {
    let mut seen = view(locales, locale, &reply.public);
    seen.owner = Some(OwnerPart {
        masked_name: reply.masked_name.as_deref().map(shown),
        reason: reply.reason.as_deref().map(shown),
        fees: reply.fees.iter().map(|fee| FeeDueView { name: shown(&fee.name), amount: fee.amount.amount() }).collect(),
        missing_papers: reply
            .missing_papers
            .iter()
            .map(|paper| MissingPaperView { what: shown(&paper.what), asked_on: paper.asked_on })
            .collect(),
    });
    answer(&reply.public, seen, notices)
}

/// Another authority's.
pub(super) fn elsewhere<'a>(reply: &'a ElsewhereReply, notices: Vec<NoticeView<'a>>) -> DossierAnswer<'a> {
    DossierAnswer {
        number: reply.number.as_str().into(),
        dossier: None,
        elsewhere: Some(ElsewhereView {
            authority: reply.authority.as_deref().map(Into::into),
            ask_at: reply.ask_at.as_deref().map(Into::into),
        }),
        notices,
        answer_code: "".into(),
    }
}

fn answer<'a>(reply: &'a DossierReply, view: DossierView<'a>, notices: Vec<NoticeView<'a>>) -> DossierAnswer<'a> {
    DossierAnswer {
        number: reply.dossier.number.as_str().into(),
        dossier: Some(view),
        elsewhere: None,
        notices,
        answer_code: "".into(),
    }
}

fn view<'a>(locales: &Locales, locale: Locale, reply: &'a DossierReply) -> DossierView<'a> {
    let dossier = &*reply.dossier;
    DossierView {
        procedure: procedure(reply, locale),
        procedure_withheld: reply.name_withheld,
        agency: agency_of(reply, locale).map(shown),
        contact: reply.contact.as_deref().map(shown),
        status: StatusView {
            code: dossier.status.code.as_str().into(),
            key: dossier.status.phase.key().into(),
            label: labels::status(locales, locale, &dossier.status),
            source_text: dossier.status.source_text.as_deref().map(shown),
        },
        reason: dossier.reason_kind.map(|kind| labels::reason(locales, locale, kind)),
        next_step: Labelled { key: reply.next_step.key().into(), label: locales.next_step(reply, locale).into() },
        lateness: lateness(reply.lateness),
        received_at: dossier.received_at,
        due_at: dossier.due_at,
        finished_at: dossier.finished_at,
        returned_at: dossier.returned_at,
        by_post: dossier.by_post,
        as_of: reply.age.as_of,
        stale: reply.age.stale,
        more_with_proof: reply.more_with_proof,
        owner: None,
    }
}

/// Nothing at all where the name is withheld: the code says as much.
fn procedure(reply: &DossierReply, locale: Locale) -> Option<ProcedureRef<'_>> {
    if reply.name_withheld {
        return None;
    }
    let code = reply.dossier.procedure_code.as_ref().map(|code| code.as_str().into());
    let name = procedure_of(reply, locale).map(shown);
    (code.is_some() || name.is_some()).then_some(ProcedureRef { code, name })
}

fn lateness(lateness: Lateness) -> LatenessView<'static> {
    let of = |key: &'static str, due_on, finished_on, working_days| LatenessView {
        key: key.into(),
        due_on,
        finished_on,
        working_days,
    };
    match lateness {
        Lateness::Due { on, working_days } => of("due", Some(on), None, Some(working_days)),
        Lateness::Overdue { since, working_days } => of("overdue", Some(since), None, Some(working_days)),
        Lateness::FinishedLate { due, finished, working_days } => {
            of("finished_late", Some(due), Some(finished), Some(working_days))
        }
        Lateness::FinishedInTime => of("finished_in_time", None, None, None),
        Lateness::ClockStands => of("clock_stands", None, None, None),
        Lateness::NotPublished => of("not_published", None, None, None),
    }
}
