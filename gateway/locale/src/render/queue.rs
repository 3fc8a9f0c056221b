//! Queues: how they stand, a number, and where one is taken.

use gateway_core::desk::{
    Action, QueueNowReply, ServiceNow, SiteNow, TicketPlaceReply, TicketReply, WhereTicketsReply,
};
use gateway_core::domain::queue::{CounterName, SiteRules, Taking, Ticket, TicketState};

use super::sheet::Sheet;
use super::talk::call;
use super::{ChoiceLabel, Scribe};
use crate::keys;
use crate::locales::Arg;
use crate::medium::Voice;

/// Sites whose services are told one by one; of the others how many wait.
const MOST_IN_FULL: usize = 3;

pub(super) fn now(scribe: &Scribe<'_>, sheet: &mut Sheet<'_>, reply: &QueueNowReply) -> Vec<ChoiceLabel> {
    let in_full = reply.sites.len() <= MOST_IN_FULL;
    for site in &reply.sites {
        site_now(scribe, sheet, site, in_full);
    }
    super::talk::offered(scribe, &[Action::TakeTicket { wish: None }, Action::OpeningHours])
}

fn site_now(scribe: &Scribe<'_>, sheet: &mut Sheet<'_>, now: &SiteNow, in_full: bool) {
    let teller = scribe.teller();
    let name = ("site", Arg::Text(site_name(scribe, &now.site)));
    // Who has a number is still served after closing time.
    if now.opening.open || now.waiting() > 0 {
        sheet.paragraph(&teller.say(keys::QUEUE_SITE, &[name, ("waiting", Arg::from(now.waiting()))]));
    }
    if !now.opening.open {
        sheet.line(&teller.say(keys::QUEUE_SITE_CLOSED, &[name]));
        if let Some(at) = now.opening.opens_at {
            let moment = teller.moment(at);
            sheet.line(&teller.say(keys::QUEUE_OPENS, &[("moment", Arg::Text(&moment))]));
        }
        return;
    }
    if in_full {
        for service in &now.services {
            service_now(scribe, sheet, service);
        }
    }
}

fn service_now(scribe: &Scribe<'_>, sheet: &mut Sheet<'_>, now: &ServiceNow) {
    let teller = scribe.teller();
    let service = ("service", Arg::Text(now.service.name.of(scribe.locale)));
    let waiting = ("waiting", Arg::from(now.waiting));
    let words = match now.estimated_minutes {
        Some(minutes) if now.waiting > 0 => {
            let minutes = ("minutes", Arg::from(minutes.max(1)));
            teller.say(keys::QUEUE_SERVICE_WAIT, &[service, waiting, minutes])
        }
        _ => teller.say(keys::QUEUE_SERVICE, &[service, waiting]),
    };
    // A text message tells what costs no second one: where nobody waits, what is
    // called (it is read in the hall), and that no numbers are given.
    let dense = teller.voice == Voice::Dense;
    if dense && now.waiting == 0 {
        sheet.nice(&words);
    } else {
        sheet.item(&words);
    }
    if let Some(called) = now.serving.first() {
        let number = teller.code(&called.number.to_string());
        let args = [("number", Arg::Text(&number)), ("counter", Arg::Text(called.counter.as_str()))];
        let called = teller.say(keys::QUEUE_CALLED, &args);
        if dense { sheet.nice(&called) } else { sheet.under_item(&called) }
    }
    if let Taking::No { why, .. } = now.taking {
        let why = teller.say(keys::queue_why(&why), &[service]);
        if dense { sheet.nice(&why) } else { sheet.under_item(&why) }
    }
}

pub(super) fn ticket(scribe: &Scribe<'_>, sheet: &mut Sheet<'_>, reply: &TicketReply) {
    let teller = scribe.teller();
    let number = teller.code(&reply.ticket.number.to_string());
    let service = reply.service.name.of(scribe.locale);
    let args = [("number", Arg::Text(&number)), ("service", Arg::Text(service))];
    sheet.paragraph(&teller.say(keys::QUEUE_TICKET, &args));
    if reply.ticket.state == TicketState::Waiting {
        ahead(scribe, sheet, reply.ahead, reply.estimated_minutes);
    } else {
        sheet.line(&state(scribe, &reply.ticket));
    }
}

pub(super) fn place(scribe: &Scribe<'_>, sheet: &mut Sheet<'_>, reply: &TicketPlaceReply) {
    sheet.paragraph(&state(scribe, &reply.ticket));
    if reply.ticket.state == TicketState::Waiting {
        ahead(scribe, sheet, reply.ahead, reply.estimated_minutes);
    }
}

pub(super) fn places(scribe: &Scribe<'_>, sheet: &mut Sheet<'_>, reply: &WhereTicketsReply) -> Vec<ChoiceLabel> {
    let teller = scribe.teller();
    sheet.paragraph(&teller.say(keys::QUEUE_WHERE, &[]));
    for (site, opening) in &reply.sites {
        let key = if opening.open { keys::QUEUE_WHERE_OPEN } else { keys::QUEUE_WHERE_CLOSED };
        sheet.item(&teller.say(key, &[("site", Arg::Text(site_name(scribe, site)))]));
    }
    call(scribe, sheet, keys::NOT_YET_ASK, reply.hotline.as_deref());
    super::talk::offered(scribe, &[Action::QueueNow { site: None }, Action::OpeningHours])
}

fn ahead(scribe: &Scribe<'_>, sheet: &mut Sheet<'_>, ahead: u32, minutes: Option<u32>) {
    let teller = scribe.teller();
    if ahead == 0 {
        sheet.line(&teller.say(keys::QUEUE_NEXT, &[]));
        return;
    }
    sheet.line(&teller.say(keys::QUEUE_AHEAD, &[("ahead", Arg::from(ahead))]));
    if let Some(minutes) = minutes {
        sheet.line(&teller.say(keys::QUEUE_WAIT, &[("minutes", Arg::from(minutes.max(1)))]));
    }
}

fn state(scribe: &Scribe<'_>, ticket: &Ticket) -> String {
    let teller = scribe.teller();
    let key = keys::ticket_state(&ticket.state);
    let number = teller.code(&ticket.number.to_string());
    let mut args = vec![("number", Arg::Text(&number))];
    if key.args.contains(&"counter") {
        args.push(("counter", Arg::Text(ticket.counter.as_ref().map_or("", CounterName::as_str))));
    }
    teller.say(key, &args)
}

fn site_name<'a>(scribe: &Scribe<'_>, site: &'a SiteRules) -> &'a str {
    site.name.of(scribe.locale)
}
