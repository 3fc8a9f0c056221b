//! What a counter sees, and its buttons.

use gateway_core::desk::{CounterView, ServiceNow, SiteNow};
use gateway_core::domain::queue::{CounterRules, Ticket, TicketState};
use maud::{Markup, html};

use super::{NEXT, Place, keys};
use crate::house::{House, Words};
use crate::sign_in::SignedInOfficer;
use crate::sign_in::page::csrf_field;
use crate::visit::Visit;

/// Of those that wait so many are shown one by one.
const MOST_WAITING: usize = 20;

pub(super) struct Sheet<'a> {
    pub(super) house: &'a House,
    pub(super) visit: &'a Visit,
    pub(super) officer: &'a SignedInOfficer,
    pub(super) place: &'a Place,
    pub(super) view: &'a CounterView,
    pub(super) now: &'a SiteNow,
}

impl Sheet<'_> {
    pub(super) fn draw(&self) -> Markup {
        html! {
            (self.current())
            (self.services())
            (self.held())
            (self.waiting())
            (self.no_shows())
            (self.elsewhere())
        }
    }

    fn words(&self) -> Words<'_> {
        self.house.words(self.visit.locale)
    }

    fn rules(&self) -> Option<&CounterRules> {
        self.view.site.counter(&self.place.counter)
    }

    fn serves(&self, ticket: &Ticket) -> bool {
        let ours = ticket.for_counter.as_ref().is_none_or(|counter| *counter == self.place.counter);
        ours && self.rules().is_some_and(|rules| rules.serves(&ticket.at_service))
    }

    fn others(&self, state: TicketState) -> impl Iterator<Item = &Ticket> {
        self.view.others.iter().filter(move |ticket| ticket.state == state)
    }

    /// The ticket at this counter, or who is next.
    fn current(&self) -> Markup {
        let words = self.words();
        html! {
            section .card aria-labelledby="current" {
                h2 #current { (words.say(keys::CURRENT)) }
                @match &self.view.current {
                    None => {
                        p { (words.say(keys::CURRENT_NONE)) }
                        (self.press(NEXT, &words.say(keys::NEXT), true, &html! {}))
                    }
                    Some(ticket) => (self.at_hand(ticket)),
                }
            }
        }
    }

    fn at_hand(&self, ticket: &Ticket) -> Markup {
        let words = self.words();
        let time = |at| self.house.needs.locales.time(self.visit.locale, at);
        let called = ticket.state == TicketState::Called;
        let state = if called {
            let at = ticket.recalled_at.unwrap_or(ticket.taken_at);
            words.tell(keys::STATE_CALLED, &[("calls", u64::from(ticket.calls).into()), ("time", (&time(at)).into())])
        } else {
            let at = ticket.serving_at.unwrap_or(ticket.taken_at);
            words.tell(keys::STATE_SERVING, &[("time", (&time(at)).into())])
        };
        html! {
            p .ticket-number { (ticket.number) }
            p { (self.about(ticket)) " · " (state) }
            div .actions {
                @if called { (self.act(ticket, "serve", &words.say(keys::SERVE), true)) }
                (self.act(ticket, "finish", &words.say(keys::FINISH), !called))
                @if called {
                    (self.act(ticket, "recall", &words.say(keys::RECALL), false))
                    (self.act(ticket, "no-show", &words.say(keys::NO_SHOW), false))
                }
                (self.act(ticket, "hold", &words.say(keys::HOLD), false))
            }
            (self.transfer(ticket))
        }
    }

    fn transfer(&self, ticket: &Ticket) -> Markup {
        let words = self.words();
        let fields = html! {
            div {
                label for="service" { (words.say(keys::TRANSFER_SERVICE)) }
                select #service name="service" {
                    @for service in &self.view.site.services {
                        option value=(service.key.as_str()) selected[service.key == ticket.at_service] {
                            (service.name.of(self.visit.locale))
                        }
                    }
                }
            }
            div {
                label for="to" { (words.say(keys::TRANSFER_COUNTER)) }
                select #to name="to" {
                    option value="" { (words.say(keys::TRANSFER_ANY)) }
                    @for counter in &self.view.site.counters {
                        option value=(counter.name.as_str()) {
                            (words.tell(keys::TITLE, &[("counter", counter.name.as_str().into())]))
                        }
                    }
                }
            }
        };
        html! {
            h3 { (words.say(keys::TRANSFER_TITLE)) }
            (self.press(&address(ticket, "transfer"), &words.say(keys::TRANSFER), false, &fields))
        }
    }

    /// Who waits for what.
    fn services(&self) -> Markup {
        let words = self.words();
        let ours = |service: &ServiceNow| self.rules().is_some_and(|rules| rules.serves(&service.service.key));
        let number = |count: u32| self.house.needs.locales.number(self.visit.locale, u64::from(count));
        html! {
            section aria-labelledby="services" {
                h2 #services { (words.tell(keys::SERVICES, &[("count", u64::from(self.now.waiting()).into())])) }
                table .wide-table {
                    thead { tr {
                        th scope="col" { (words.say(keys::SERVICE)) }
                        th scope="col" { (words.say(keys::WAITING)) }
                        th scope="col" { (words.say(keys::WAIT)) }
                        th scope="col" { (words.say(keys::OURS)) }
                    } }
                    tbody {
                        @for service in &self.now.services {
                            tr {
                                th scope="row" { (service.service.prefix) " " (service.service.name.of(self.visit.locale)) }
                                td .number { (number(service.waiting)) }
                                td {
                                    @match service.estimated_minutes {
                                        Some(minutes) => {
                                            (words.tell(keys::MINUTES, &[("minutes", u64::from(minutes).into())]))
                                        }
                                        None => (words.say(keys::WAIT_UNKNOWN)),
                                    }
                                }
                                td { (words.say(if ours(service) { keys::YES } else { keys::NO })) }
                            }
                        }
                    }
                }
            }
        }
    }

    /// Put aside here.
    fn held(&self) -> Markup {
        let words = self.words();
        let here = |ticket: &&Ticket| ticket.counter.as_ref() == Some(&self.place.counter);
        let held: Vec<_> = self.others(TicketState::Held).filter(here).collect();
        let buttons = |ticket: &Ticket| {
            html! {
                // The counter must be free for it.
                @if self.view.current.is_none() { (self.named(ticket, "serve", keys::RESUME)) }
                (self.named(ticket, "finish", keys::FINISH_NUMBER))
                (self.named(ticket, "no-show", keys::NO_SHOW_NUMBER))
                (self.named(ticket, "back", keys::BACK_NUMBER))
            }
        };
        self.list("held", &words.tell(keys::HELD, &[("count", held.len().into())]), &held, buttons)
    }

    /// Who waits for this counter, in the order of coming; any of them may be
    /// called out of turn.
    fn waiting(&self) -> Markup {
        let words = self.words();
        let waiting: Vec<_> = self.others(TicketState::Waiting).filter(|ticket| self.serves(ticket)).collect();
        let shown = waiting.get(..MOST_WAITING.min(waiting.len())).unwrap_or_default();
        let title = words.tell(keys::LINE, &[("count", waiting.len().into())]);
        let more = waiting.len() - shown.len();
        html! {
            (self.list("line", &title, shown, |ticket| self.call(ticket)))
            @if more > 0 { p { (words.tell(keys::MORE, &[("count", more.into())])) } }
        }
    }

    /// Called, and nobody came.
    fn no_shows(&self) -> Markup {
        let words = self.words();
        let gone: Vec<_> = self.others(TicketState::NoShow).filter(|ticket| self.serves(ticket)).collect();
        // The last ones are those that come back.
        let shown = gone.get(gone.len().saturating_sub(MOST_WAITING)..).unwrap_or_default();
        let buttons = |ticket: &Ticket| html! { (self.call(ticket)) (self.named(ticket, "back", keys::BACK_NUMBER)) };
        self.list("no-shows", &words.tell(keys::NO_SHOWS, &[("count", gone.len().into())]), shown, buttons)
    }

    /// What colleagues have.
    fn elsewhere(&self) -> Markup {
        let words = self.words();
        let others = |ticket: &&Ticket| {
            let at = ticket.state.is_at_a_counter() || ticket.state == TicketState::Held;
            at && ticket.counter.as_ref() != Some(&self.place.counter)
        };
        let others: Vec<_> = self.view.others.iter().filter(others).collect();
        html! {
            section aria-labelledby="elsewhere" {
                h2 #elsewhere { (words.tell(keys::ELSEWHERE, &[("count", others.len().into())])) }
                ul .list {
                    @for ticket in others {
                        @let counter = ticket.counter.as_ref().map_or("", |counter| counter.as_str());
                        @let number = ticket.number.to_string();
                        @let key = match ticket.state {
                            TicketState::Called => keys::AT_CALLED,
                            TicketState::Serving => keys::AT_SERVING,
                            _ => keys::AT_HELD,
                        };
                        li { (words.tell(key, &[("number", (&number).into()), ("counter", counter.into())])) }
                    }
                }
            }
        }
    }

    fn list(&self, id: &str, title: &str, tickets: &[&Ticket], buttons: impl Fn(&Ticket) -> Markup) -> Markup {
        html! {
            section aria-labelledby=(id) {
                h2 id=(id) { (title) }
                ul .list {
                    @for ticket in tickets {
                        @let buttons = buttons(ticket);
                        li {
                            p { strong .number { (ticket.number) } " " (self.about(ticket)) }
                            @if !buttons.0.is_empty() { div .actions { (buttons) } }
                        }
                    }
                }
            }
        }
    }

    /// For what, and with which priority.
    fn about(&self, ticket: &Ticket) -> Markup {
        let words = self.words();
        let service = self.view.site.service(&ticket.at_service);
        html! {
            (service.map_or_else(|| ticket.at_service.as_str(), |service| service.name.of(self.visit.locale)))
            @if let Some(key) = keys::priority(ticket.priority) { " · " span .chip { (words.say(key)) } }
        }
    }

    /// Only a counter that is free may call.
    fn call(&self, ticket: &Ticket) -> Markup {
        html! { @if self.view.current.is_none() { (self.named(ticket, "call", keys::CALL_NUMBER)) } }
    }

    /// A button among others of the same kind says which number it is for.
    fn named(&self, ticket: &Ticket, what: &str, key: keys::Key) -> Markup {
        let number = ticket.number.to_string();
        self.act(ticket, what, &self.words().tell(key, &[("number", (&number).into())]), false)
    }

    fn act(&self, ticket: &Ticket, what: &str, label: &str, primary: bool) -> Markup {
        self.press(&address(ticket, what), label, primary, &html! {})
    }

    fn press(&self, path: &str, label: &str, primary: bool, fields: &Markup) -> Markup {
        html! {
            form .row method="post" action=(self.visit.href(path)) {
                (csrf_field(self.officer.csrf))
                @for (name, value) in self.place.parameters() {
                    input type="hidden" name=(name) value=(value);
                }
                (fields)
                button .primary[primary] { (label) }
            }
        }
    }
}

fn address(ticket: &Ticket, what: &str) -> String {
    format!("/officers/counter/tickets/{}/{what}", ticket.id.0)
}
