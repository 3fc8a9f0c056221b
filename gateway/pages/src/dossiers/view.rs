//! A dossier on a page: the public view, the owner's part, the forms for a proof.

use gateway_core::desk::{Answered, DisclosedReply, DossierReply, Lateness};
use gateway_core::domain::{Phase, local_date};
use gateway_locale::{Medium, agency_of, procedure_of, shown};
use maud::{Markup, html};

use crate::house::{House, Words};
use crate::keys;
use crate::trouble::answer_code;
use crate::visit::Visit;

/// What anybody may see, and how its owner sees more.
pub(crate) fn public(
    house: &House,
    words: Words<'_>,
    visit: &Visit,
    reply: &DossierReply,
    answered: &Answered,
) -> Markup {
    html! {
        (facts(words, visit, reply))
        @if reply.more_with_proof {
            section .screen {
                h2 { (words.say(keys::PROOF_TITLE)) }
                (proof_forms(house, words, visit, reply.dossier.number.as_str()))
            }
        }
        (foot(words, answered))
    }
}

/// The owner's view.
pub(crate) fn owner(words: Words<'_>, visit: &Visit, reply: &DisclosedReply, answered: &Answered) -> Markup {
    let texts = words.locales.disclosed_texts(reply, words.locale);
    html! {
        div data-private=(visit.href("/dossiers")) {
            (facts(words, visit, &reply.public))
            section .card {
                h2 { (words.say(keys::OWNER_PART)) }
                @if let Some(name) = &texts.name { p { (name) } }
                @if let Some(reason) = &texts.reason { p { (reason) } }
                @if !texts.fees.is_empty() {
                    h3 { (words.say(gateway_locale::keys::PRIVATE_FEES)) }
                    ul { @for fee in &texts.fees { li { (fee) } } }
                }
                @if let Some(missing) = &texts.fees_missing { p { (missing) } }
                @if !texts.papers.is_empty() {
                    h3 { (words.say(gateway_locale::keys::PRIVATE_PAPERS)) }
                    ul .papers { @for paper in &texts.papers { li { (paper) } } }
                }
                @if let Some(missing) = &texts.papers_missing { p { (missing) } }
            }
            (foot(words, answered))
        }
    }
}

/// Another authority's dossier, in the words of every channel.
pub(crate) fn elsewhere(house: &House, words: Words<'_>, answered: &Answered) -> Markup {
    let rendered = house.renderer.render(answered, words.locale, Medium::CHAT);
    html! {
        div .state .answer {
            @for paragraph in rendered.text.split("\n\n") { p { (paragraph) } }
        }
    }
}

fn facts(words: Words<'_>, visit: &Visit, reply: &DossierReply) -> Markup {
    let texts = words.locales.dossier_texts(reply, words.locale);
    let dossier = &*reply.dossier;
    let day = |at: Option<jiff::Timestamp>| at.map(|at| words.locales.date(words.locale, local_date(at)));
    let name = procedure_of(reply, words.locale).map(shown);
    let code = dossier.procedure_code.as_ref().filter(|_| !reply.name_withheld && reply.procedure.is_some());
    let rows = [
        (keys::FACT_AGENCY, agency_of(reply, words.locale).map(|agency| shown(agency).into_owned())),
        (keys::FACT_RECEIVED, day(dossier.received_at)),
        (keys::FACT_DUE, day(dossier.due_at)),
        (keys::FACT_FINISHED, day(dossier.finished_at)),
        (keys::FACT_RETURNED, day(dossier.returned_at)),
    ];
    html! {
        div class=(format!("state {}", mood(reply))) {
            p .number { (words.say(keys::FACT_NUMBER)) " " (dossier.number.as_str()) }
            p { strong { (texts.status) } }
            @if let Some(lateness) = &texts.lateness { p { (lateness) } }
            @if let Some(reason) = &texts.reason { p { (reason) } }
        }
        section .card {
            h2 { (words.say(keys::NEXT_TITLE)) }
            p { (texts.next_step) }
            @if let Some(contact) = &texts.contact { p { (contact) } }
        }
        section {
            h2 { (words.say(keys::FACTS_TITLE)) }
            dl .facts {
                @if let Some(name) = name {
                    dt { (words.say(keys::FACT_PROCEDURE)) }
                    dd {
                        @match code {
                            Some(code) => a href=(visit.href(&format!("/procedures/{code}"))) { (name) },
                            None => (name),
                        }
                    }
                }
                @for (key, value) in rows {
                    @if let Some(value) = value {
                        dt { (words.say(key)) }
                        dd { (value) }
                    }
                }
            }
            @if let Some(withheld) = &texts.name_withheld { p { (withheld) } }
            p .source { (texts.age) }
        }
    }
}

/// Beside the words, never in their place: a colour alone says nothing.
fn mood(reply: &DossierReply) -> &'static str {
    match (reply.dossier.status.phase, reply.lateness) {
        (Phase::Refused | Phase::Stopped, _) => "bad",
        (_, Lateness::Overdue { .. }) | (Phase::PapersRequested | Phase::PaymentRequested, _) => "warn",
        (Phase::ResultReady | Phase::Returned, _) => "good",
        _ => "calm",
    }
}

/// Every way of proving that a dossier is one's own.
pub(super) fn proof_forms(house: &House, words: Words<'_>, visit: &Visit, number: &str) -> Markup {
    html! {
        (digits_form(words, visit, number))
        @if house.needs.codes_by_sms {
            form .card method="post" action=(visit.href("/dossiers/code")) {
                input type="hidden" name="number" value=(number);
                p { (words.say(keys::CODE_OFFER)) }
                button { (words.say(keys::CODE_BUTTON)) }
            }
        }
    }
}

pub(super) fn digits_form(words: Words<'_>, visit: &Visit, number: &str) -> Markup {
    html! {
        form .card method="post" action=(visit.href("/dossiers/owner")) autocomplete="off" {
            input type="hidden" name="number" value=(number);
            p { (words.say(gateway_locale::keys::DOSSIER_SEE_MORE)) }
            label for="digits" { (words.say(keys::DIGITS_LABEL)) }
            p .hint #digits-hint { (words.say(keys::DIGITS_HINT)) }
            div .row {
                input #digits .short .secret name="digits" type="text" inputmode="numeric" pattern="[0-9]{4}" required
                    maxlength="4" autocomplete="off" aria-describedby="digits-hint";
                button .primary { (words.say(keys::DIGITS_BUTTON)) }
            }
        }
    }
}

pub(super) fn code_form(words: Words<'_>, visit: &Visit, number: &str) -> Markup {
    html! {
        form .card method="post" action=(visit.href("/dossiers/owner")) autocomplete="off" {
            input type="hidden" name="number" value=(number);
            label for="code" { (words.say(keys::CODE_LABEL)) }
            div .row {
                input #code .short name="code" type="text" inputmode="numeric" pattern="[0-9]{6}" required
                    maxlength="6" autocomplete="one-time-code";
                button .primary { (words.say(keys::DIGITS_BUTTON)) }
            }
        }
    }
}

fn foot(words: Words<'_>, answered: &Answered) -> Markup {
    html! {
        p .actions {
            button type="button" hidden data-print { (words.say(keys::PRINT)) }
        }
        (answer_code(words, answered))
    }
}
