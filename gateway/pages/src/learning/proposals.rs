//! `/officers/proposals`: what was proposed, what was measured of it, and what a
//! second person makes of it.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::response::Response;
use gateway_core::domain::{OfficerId, OfficerRole};
use gateway_core::ports::{Decided, Proposal, ProposalId, ProposalState, Rates, StoreError, Verdict, acts};
use http::StatusCode;
use jiff::Timestamp;
use maud::{Markup, html};

use super::{CONFIRM, PROPOSALS, PROPOSE, REJECT, UNDO, failed, keys, leads_to, notice, page, quoted, record, school};
use crate::house::{House, SharedHouse};
use crate::sign_in::SentAway;
use crate::sign_in::page::csrf_field;
use crate::sign_in::session::see_other;
use crate::sign_in::{OfficerForm, SignedInOfficer, session};
use crate::visit::Visit;

pub(super) async fn show(
    State(house): State<SharedHouse>,
    visit: Visit,
    officer: SignedInOfficer,
) -> Result<Response, Response> {
    let school = school(&house)?;
    // The texts may be citizens'.
    record(&house, &visit, &officer, acts::MISS_READ).await?;
    let wrong = |problem: StoreError| failed(&house, &visit, &problem);
    let all = school.proposals().await.map_err(wrong)?;
    let officers = session::desk_of(&house)?.officers().list().await.map_err(wrong)?;
    let names = officers.into_iter().map(|one| (one.id, one.name.as_str().to_owned())).collect();
    let view = View { house: &house, visit: &visit, officer: &officer, names };
    let words = house.words(visit.locale);
    let title = words.say(keys::PROPOSALS_TITLE);
    let checking = all.iter().any(|proposal| proposal.state == ProposalState::Checking);
    let main = html! {
        h1 { (title) }
        p .lead { (words.say(keys::PROPOSALS_LEAD)) }
        div .actions {
            a .button .primary href=(visit.href(PROPOSE)) { (words.say(keys::PROPOSE_TITLE)) }
            @if checking { a .button href=(visit.href(PROPOSALS)) { (words.say(keys::PROPOSALS_LOOK_AGAIN)) } }
        }
        @if all.is_empty() {
            p { (words.say(keys::PROPOSALS_NONE)) }
        } @else {
            ul .list { @for proposal in &all { li { (view.one(proposal)) } } }
        }
    };
    Ok(page(&house, &visit, &officer, &title, StatusCode::OK, main))
}

struct View<'a> {
    house: &'a House,
    visit: &'a Visit,
    officer: &'a SignedInOfficer,
    names: BTreeMap<OfficerId, String>,
}

impl View<'_> {
    fn one(&self, proposal: &Proposal) -> Markup {
        let words = self.house.words(self.visit.locale);
        html! {
            h2 { (quoted(&proposal.new.text, None)) " → " (leads_to(self.house, words, &proposal.new.lesson)) }
            p { strong { (words.say(keys::state(proposal.state))) } }
            dl .facts {
                dt { (words.say(keys::PROPOSALS_BY)) }
                dd { (self.by(proposal.new.by, proposal.new.at)) }
                @if let Some((who, at)) = proposal.decided {
                    dt { (words.say(keys::PROPOSALS_DECIDED)) }
                    dd { (self.by(who, at)) }
                }
                @if let Some((who, at)) = proposal.undone {
                    dt { (words.say(keys::PROPOSALS_UNDONE)) }
                    dd { (self.by(who, at)) }
                }
            }
            @if let Some(verdict) = proposal.verdict { (self.verdict(verdict)) }
            (self.moves(proposal))
        }
    }

    fn by(&self, who: OfficerId, at: Timestamp) -> String {
        let name = self.names.get(&who).cloned().unwrap_or_else(|| who.0.to_string());
        format!("{name}, {}", self.house.needs.locales.moment(self.visit.locale, at))
    }

    fn verdict(&self, verdict: Verdict) -> Markup {
        let words = self.house.words(self.visit.locale);
        let Verdict { before, after, changed, passed } = verdict;
        type Rate = (keys::Key, fn(Rates) -> u32);
        let rows: [Rate; 3] = [
            (keys::RATE_HIT, |rates| rates.hit_1),
            (keys::RATE_AWAY, |rates| rates.out_of_scope),
            (keys::RATE_FOLLOW_UPS, |rates| rates.follow_ups),
        ];
        let percent = |hundredths| self.house.needs.locales.percent(self.visit.locale, hundredths);
        html! {
            table {
                caption { (words.say(if passed { keys::VERDICT_PASSED } else { keys::VERDICT_FAILED })) }
                thead { tr {
                    th scope="col" { (words.say(keys::VERDICT_RATE)) }
                    th scope="col" { (words.say(keys::VERDICT_BEFORE)) }
                    th scope="col" { (words.say(keys::VERDICT_AFTER)) }
                } }
                tbody {
                    @for (key, rate) in rows {
                        tr {
                            th scope="row" { (words.say(key)) }
                            td .number { (percent(rate(before))) }
                            td .number { (percent(rate(after))) }
                        }
                    }
                }
            }
            p .hint { (words.tell(keys::VERDICT_CHANGED, &[("count", u64::from(changed).into())])) }
        }
    }

    fn moves(&self, proposal: &Proposal) -> Markup {
        let account = self.officer.officer();
        let supervisor = account.is_at_least(OfficerRole::Supervisor);
        let own = proposal.new.by == account.id;
        let open = proposal.state == ProposalState::Proposed;
        let reject = if own { keys::TAKE_BACK } else { keys::REJECT };
        let may_undo = supervisor && matches!(proposal.state, ProposalState::Checking | ProposalState::Live);
        let words = self.house.words(self.visit.locale);
        html! {
            @if open && own { p .hint { (words.say(keys::PROPOSALS_SECOND)) } }
            div .actions {
                @if open && supervisor && !own { (self.button(CONFIRM, proposal.id, keys::CONFIRM, true)) }
                @if open && (supervisor || own) { (self.button(REJECT, proposal.id, reject, false)) }
                @if may_undo { (self.button(UNDO, proposal.id, keys::UNDO, false)) }
            }
        }
    }

    fn button(&self, action: &str, id: ProposalId, key: keys::Key, primary: bool) -> Markup {
        html! {
            form method="post" action=(self.visit.href(action)) {
                (csrf_field(self.officer.csrf))
                input type="hidden" name="id" value=(id.0);
                button .primary[primary] { (self.house.words(self.visit.locale).say(key)) }
            }
        }
    }
}

pub(super) async fn confirm(
    State(house): State<SharedHouse>,
    visit: Visit,
    form: OfficerForm,
) -> Result<Response, Response> {
    form.officer.at_least(OfficerRole::Supervisor, &house, &visit)?;
    let school = school(&house)?;
    let id = id(&form);
    record(&house, &visit, &form.officer, acts::PROPOSAL_CONFIRMED).await?;
    let decided = school.confirm(id, form.officer.officer().id).await;
    Ok(answer(&house, &visit, &form.officer, decided)?)
}

pub(super) async fn reject(
    State(house): State<SharedHouse>,
    visit: Visit,
    form: OfficerForm,
) -> Result<Response, Response> {
    let school = school(&house)?;
    let id = id(&form);
    record(&house, &visit, &form.officer, acts::PROPOSAL_REJECTED).await?;
    let decided = school.reject(id, form.officer.officer().id).await;
    Ok(answer(&house, &visit, &form.officer, decided)?)
}

pub(super) async fn undo(
    State(house): State<SharedHouse>,
    visit: Visit,
    form: OfficerForm,
) -> Result<Response, Response> {
    form.officer.at_least(OfficerRole::Supervisor, &house, &visit)?;
    let school = school(&house)?;
    let id = id(&form);
    record(&house, &visit, &form.officer, acts::PROPOSAL_UNDONE).await?;
    let decided = school.undo(id, form.officer.officer().id).await;
    Ok(answer(&house, &visit, &form.officer, decided)?)
}

/// No proposal has the number 0.
fn id(form: &OfficerForm) -> ProposalId {
    ProposalId(form.fields.get("id").parse().unwrap_or_default())
}

fn answer(
    house: &SharedHouse,
    visit: &Visit,
    officer: &SignedInOfficer,
    decided: Result<Decided, StoreError>,
) -> Result<Response, SentAway> {
    let (status, key) = match decided.map_err(|problem| failed(house, visit, &problem))? {
        Decided::Done => return Ok(see_other(&visit.href(PROPOSALS))),
        Decided::Own => (StatusCode::FORBIDDEN, keys::NOT_DONE_OWN),
        Decided::NotAllowed => (StatusCode::FORBIDDEN, keys::NOT_DONE_ROLE),
        Decided::Elsewhere | Decided::Stale => (StatusCode::CONFLICT, keys::NOT_DONE_ELSEWHERE),
    };
    Ok(notice(house, visit, officer, status, key, (PROPOSALS, keys::NAV_PROPOSALS)))
}
