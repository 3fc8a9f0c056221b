//! `/officers/misses`: what was not understood, in clusters.

use axum::extract::State;
use axum::response::Response;
use gateway_core::domain::OfficerRole;
use gateway_core::ports::{Cluster, MissKind, acts};
use http::StatusCode;
use maud::{Markup, html};

use super::{FORGET, MISSES, PROPOSE, failed, keys, page, quoted, record, school};
use crate::house::{House, SharedHouse};
use crate::sign_in::page::csrf_field;
use crate::sign_in::session::see_other;
use crate::sign_in::{OfficerForm, SignedInOfficer};
use crate::visit::Visit;

/// Clusters on the page, the largest.
const SHOWN: usize = 50;

/// What was not understood at all, or what had to be asked back.
const LOST: &[MissKind] = &[MissKind::NotUnderstood, MissKind::AfterMisunderstandings];
const ASKED: &[MissKind] = &[MissKind::AskedBack];

pub(super) async fn show(
    State(house): State<SharedHouse>,
    visit: Visit,
    officer: SignedInOfficer,
) -> Result<Response, Response> {
    let school = school(&house)?;
    let asked = visit.parameter("kind") == MissKind::AskedBack.key();
    record(&house, &visit, &officer, acts::MISS_READ).await?;
    let clusters = school.clusters(if asked { ASKED } else { LOST }).await;
    let clusters = clusters.map_err(|problem| failed(&house, &visit, &problem))?;
    let words = house.words(visit.locale);
    let title = words.say(keys::MISSES_TITLE);
    let (other, other_key) = if asked {
        (visit.href(MISSES), keys::MISSES_LOST)
    } else {
        (visit.href_with(MISSES, &[("kind", MissKind::AskedBack.key())]), keys::MISSES_ASKED)
    };
    let main = html! {
        h1 { (title) }
        p .lead { (words.say(if asked { keys::MISSES_ASKED_LEAD } else { keys::MISSES_LOST_LEAD })) }
        p { (words.say(keys::MISSES_MASKED)) }
        div .actions { a .button href=(other) { (words.say(other_key)) } }
        @if clusters.is_empty() {
            p { (words.say(keys::MISSES_NONE)) }
        } @else {
            ul .list {
                @for cluster in clusters.iter().take(SHOWN) {
                    li { (one(&house, &visit, &officer, cluster)) }
                }
            }
        }
    };
    Ok(page(&house, &visit, &officer, &title, StatusCode::OK, main))
}

fn one(house: &House, visit: &Visit, officer: &SignedInOfficer, cluster: &Cluster) -> Markup {
    let words = house.words(visit.locale);
    let count = u64::try_from(cluster.ids.len()).unwrap_or(u64::MAX);
    let channels: Vec<String> =
        cluster.channels.iter().map(|(channel, n)| format!("{} {n}", words.say(keys::channel(*channel)))).collect();
    let ids: Vec<String> = cluster.ids.iter().map(ToString::to_string).collect();
    html! {
        h2 { (words.tell(keys::MISSES_COUNT, &[("count", count.into())])) }
        ul {
            @for example in &cluster.examples {
                li { (quoted(example, Some(cluster.locale))) }
            }
        }
        p .hint {
            (words.tell(keys::MISSES_LAST, &[("time", (&house.needs.locales.moment(visit.locale, cluster.last)).into())]))
            " · " (channels.join(", "))
        }
        div .actions {
            form method="post" action=(visit.href(PROPOSE)) {
                (csrf_field(officer.csrf))
                input type="hidden" name="text" value=(cluster.examples.first().map(|text| unmasked(text)).unwrap_or_default());
                button .primary { (words.say(keys::MISSES_TEACH)) }
            }
            @if officer.officer().is_at_least(OfficerRole::Supervisor) {
                form method="post" action=(visit.href(FORGET)) {
                    (csrf_field(officer.csrf))
                    input type="hidden" name="ids" value=(ids.join(","));
                    button { (words.say(keys::MISSES_FORGET)) }
                }
            }
        }
    }
}

/// What can be taught of a text: without the words that are masked.
fn unmasked(text: &str) -> String {
    text.split_whitespace().filter(|word| !word.contains('•')).collect::<Vec<_>>().join(" ")
}

/// Nothing is to be learnt of these.
pub(super) async fn forget(
    State(house): State<SharedHouse>,
    visit: Visit,
    form: OfficerForm,
) -> Result<Response, Response> {
    let school = school(&house)?;
    form.officer.at_least(OfficerRole::Supervisor, &house, &visit)?;
    let ids: Vec<i64> = form.fields.get("ids").split(',').filter_map(|id| id.parse().ok()).collect();
    record(&house, &visit, &form.officer, acts::MISS_FORGOTTEN).await?;
    school.forget(&ids).await.map_err(|problem| failed(&house, &visit, &problem))?;
    Ok(see_other(&visit.href(MISSES)))
}
