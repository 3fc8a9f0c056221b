//! The document of one conversation.

use axum::response::Response;
use gateway_core::desk::ChatAccess;
use gateway_core::ports::{Handover, HandoverState, Line, Speaker};
use maud::{Markup, html};

use super::line::{Follow, address, facts, follow, take_form};
use super::moves::{MOST_CHARS, SUPERVISOR, TO_THE_LINE};
use super::talk::{Draft, Talk, status_of};
use super::{CHATS, Names, canned, events, keys, words};
use crate::house::{House, Words};
use crate::sign_in::SignedInOfficer;
use crate::sign_in::page::csrf_field;
use crate::visit::Visit;

pub(super) fn page(
    house: &House,
    visit: &Visit,
    officer: &SignedInOfficer,
    talk: &Talk,
    draft: &Draft<'_>,
) -> Response {
    let words = house.words(visit.locale);
    let handover = &talk.handover;
    let path = address(handover);
    let channel = words::channel(words, handover.channel);
    let title = words.tell(keys::TALK_TITLE, &[("channel", (&channel).into())]);
    let newest = talk.lines.last().map_or(0, |line| line.id);
    let holder = talk.access == ChatAccess::Holder;
    let form = Form { house, words, visit, officer, path: &path };
    let main = html! {
        h1 { (title) }
        (trouble(words, draft))
        (state(words, talk))
        @if talk.access == ChatAccess::Preview {
            div .actions { (take_form(words, visit, officer, handover)) }
        }
        (follow(house, visit, officer, &Follow {
            events: &format!("{path}/events"),
            part: &visit.href_with(&path, &[("part", "lines")]),
            seen: &talk.alert.and(events::mark(handover, newest)),
            held: holder,
        }))
        (talk.alert.draw(house, visit, officer, &visit.href(&path)))
        @if let Some(answer) = &draft.answer {
            section .card .answer aria-labelledby="dossier-answer" {
                h2 #dossier-answer tabindex="-1" data-focus { (words.say(keys::DOSSIER_ANSWER)) }
                p { (words::inert(answer)) }
            }
        }
        div .talk {
            div {
                section aria-labelledby="log-title" {
                    h2 #log-title { (words.say(keys::LOG)) }
                    @if talk.lines.is_empty() { p #empty { (words.say(keys::LOG_EMPTY)) } }
                    div #log role="log" aria-live="polite" aria-labelledby="log-title" {
                        (lines(house, words, handover, &talk.lines, &talk.names))
                    }
                }
                @if holder { (say(&form, handover, draft)) }
            }
            div {
                section .card aria-labelledby="about" {
                    h2 #about { (words.say(keys::WHO_CITIZEN)) }
                    (facts(house, words, handover, &talk.names))
                }
                @if holder {
                    (close(&form))
                    (pass(&form, talk))
                    (note(&form, draft))
                    (dossier(&form, draft))
                }
                (earlier(house, words, talk))
            }
        }
        p { a .button href=(visit.href(CHATS)) { (words.say(keys::BACK)) } }
    };
    super::page(house, visit, officer, &title, status_of(draft), main)
}

fn trouble(words: Words<'_>, draft: &Draft<'_>) -> Markup {
    html! {
        @if let Some((field, text)) = &draft.trouble {
            div .trouble role="alert" {
                h2 { (words.say(keys::ERROR_TITLE)) }
                p #trouble { a href=(format!("#{field}")) { (text) } }
            }
        }
    }
}

/// Whose voice is heard.
fn state(words: Words<'_>, talk: &Talk) -> Markup {
    let handover = &talk.handover;
    html! {
        @match (talk.access, handover.state) {
            (ChatAccess::Holder, _) => p .state .good {
                strong { (words.say(keys::STATE_MINE)) }
                (words.say(keys::STATE_MINE_MORE))
            },
            (_, HandoverState::Held) => p .state .warn {
                (words.tell(keys::STATE_OTHER, &[("name", (&talk.names.of(handover.officer, words)).into())]))
            },
            (_, HandoverState::Waiting) => p .state .warn { (words.say(keys::STATE_WAITING)) },
            (_, HandoverState::Closed) => p .state { (words.say(keys::STATE_CLOSED)) },
        }
    }
}

/// The lines as a list that a script may lengthen.
pub(super) fn lines(house: &House, words: Words<'_>, handover: &Handover, lines: &[Line], names: &Names) -> Markup {
    let newest = lines.last().map_or(0, |line| line.id);
    html! {
        ol .lines data-newest=(newest) data-mark=(events::mark(handover, 0)) {
            @for line in lines {
                li .line .(line.speaker.key()) {
                    p .who {
                        strong { (who(words, line, names)) }
                        " "
                        time datetime=(line.at.to_string()) { (house.needs.locales.moment(words.locale, line.at)) }
                    }
                    (said(words, handover, line))
                }
            }
        }
    }
}

fn who(words: Words<'_>, line: &Line, names: &Names) -> String {
    let name = names.of(line.officer, words);
    match line.speaker {
        Speaker::Citizen => words.say(keys::WHO_CITIZEN),
        Speaker::Assistant => words.say(keys::WHO_ASSISTANT),
        Speaker::Officer => words.tell(keys::WHO_OFFICER, &[("name", (&name).into())]),
        Speaker::Note => words.tell(keys::WHO_NOTE, &[("name", (&name).into())]),
        Speaker::Event => words.say(keys::WHO_EVENT),
    }
}

fn said(words: Words<'_>, handover: &Handover, line: &Line) -> Markup {
    let house = line.speaker == Speaker::Assistant;
    html! {
        @if line.understood == "unreadable" {
            p .words { em { (words.say(keys::UNREADABLE)) } }
        } @else if words::is_private(&line.understood) {
            p .words { em { (words.say(keys::PRIVATE)) } }
        } @else {
            p .words lang=[house.then_some(handover.locale)] { (words::spoken(&line.text)) }
        }
        @if let Some(understood) = words::understood(words, &line.understood).filter(|_| house) {
            p .hint { (understood) }
        }
        @if !line.buttons.is_empty() && !words::is_private(&line.understood) {
            p .hint .offered {
                (words.say(keys::BUTTONS)) " "
                @for (label, _) in &line.buttons { span .chip { (words::spoken(label)) } " " }
            }
        }
    }
}

/// What every form of the page is made with.
struct Form<'a> {
    house: &'a House,
    words: Words<'a>,
    visit: &'a Visit,
    officer: &'a SignedInOfficer,
    path: &'a str,
}

impl Form<'_> {
    fn to(&self, what: &str) -> String {
        self.visit.href(&format!("{}/{what}", self.path))
    }

    /// The token against forgery, and a number by which the house knows that a
    /// form was sent twice.
    fn hidden(&self) -> Markup {
        html! {
            (csrf_field(self.officer.csrf))
            input type="hidden" name="key" value=(self.house.conversation(""));
        }
    }
}

fn say(form: &Form<'_>, handover: &Handover, draft: &Draft<'_>) -> Markup {
    let words = form.words;
    let citizen = form.house.words(handover.locale);
    let wrong = draft.trouble.as_ref().is_some_and(|(field, _)| *field == "say");
    html! {
        section aria-labelledby="say-label" {
            form #canned-form method="get" action=(form.visit.href(form.path)) {
                (canned::picker(words, citizen, &words::language(form.house, handover.locale)))
            }
            form #say-form method="post" action=(form.to("say")) data-failed=(words.say(keys::NOT_SENT)) {
                (form.hidden())
                label #say-label for="say" { (words.say(keys::SAY_LABEL)) }
                p .hint #say-hint { (words.tell(keys::SAY_HINT, &[("most", MOST_CHARS.into())])) }
                textarea #say name="text" rows="4" required maxlength=(MOST_CHARS) lang=(handover.locale)
                    aria-describedby=(if wrong { "say-hint trouble" } else { "say-hint" })
                    aria-invalid=[wrong.then_some("true")] { (draft.text) }
                p #say-told role="status" {}
                div .actions { button .primary { (words.say(keys::SAY)) } }
            }
        }
    }
}

fn note(form: &Form<'_>, draft: &Draft<'_>) -> Markup {
    let words = form.words;
    let wrong = draft.trouble.as_ref().is_some_and(|(field, _)| *field == "note");
    html! {
        section .card {
            form method="post" action=(form.to("note")) {
                (form.hidden())
                label for="note" { (words.say(keys::NOTE_LABEL)) }
                p .hint #note-hint { (words.say(keys::NOTE_HINT)) }
                textarea #note name="text" rows="2" required maxlength=(MOST_CHARS)
                    aria-describedby=(if wrong { "note-hint trouble" } else { "note-hint" })
                    aria-invalid=[wrong.then_some("true")] { (draft.note) }
                div .actions { button { (words.say(keys::NOTE)) } }
            }
        }
    }
}

fn pass(form: &Form<'_>, talk: &Talk) -> Markup {
    let words = form.words;
    html! {
        section .card aria-labelledby="pass-title" {
            h2 #pass-title { (words.say(keys::PASS_TITLE)) }
            form method="post" action=(form.to("pass")) {
                (csrf_field(form.officer.csrf))
                label for="to" { (words.say(keys::PASS_LABEL)) }
                select #to name="to" {
                    option value=(TO_THE_LINE) { (words.say(keys::PASS_LINE)) }
                    option value=(SUPERVISOR) { (words.say(keys::PASS_SUPERVISOR)) }
                    @for (id, name) in &talk.colleagues { option value=(id) { (name) } }
                }
                div .actions { button { (words.say(keys::PASS)) } }
            }
        }
    }
}

fn close(form: &Form<'_>) -> Markup {
    let words = form.words;
    html! {
        section .card aria-labelledby="close-title" {
            h2 #close-title { (words.say(keys::CLOSE_TITLE)) }
            form method="post" action=(form.to("close")) {
                (csrf_field(form.officer.csrf))
                label for="outcome" { (words.say(keys::CLOSE_LABEL)) }
                select #outcome name="outcome" {
                    @for (word, key) in keys::OUTCOMES { option value=(word) { (words.say(key)) } }
                }
                div .actions { button { (words.say(keys::CLOSE)) } }
            }
        }
    }
}

fn dossier(form: &Form<'_>, draft: &Draft<'_>) -> Markup {
    let words = form.words;
    let wrong = |name: &str| draft.trouble.as_ref().is_some_and(|(field, _)| *field == name);
    html! {
        section .card aria-labelledby="dossier-title" {
            h2 #dossier-title { (words.say(keys::DOSSIER_TITLE)) }
            form .fields method="post" action=(form.to("dossier")) {
                (csrf_field(form.officer.csrf))
                div {
                    label for="number" { (words.say(keys::DOSSIER_NUMBER)) }
                    input #number name="number" type="text" value=(words::inert(draft.number)) required maxlength="100"
                        autocomplete="off" spellcheck="false"
                        aria-invalid=[wrong("number").then_some("true")]
                        aria-describedby=[wrong("number").then_some("trouble")];
                }
                div {
                    label for="proof" { (words.say(keys::DOSSIER_PROOF)) }
                    p .hint #proof-hint { (words.say(keys::DOSSIER_PROOF_HINT)) }
                    input #proof .short name="proof" type="text" inputmode="numeric" maxlength="7" autocomplete="off"
                        spellcheck="false" aria-invalid=[wrong("proof").then_some("true")]
                        aria-describedby=(if wrong("proof") { "proof-hint trouble" } else { "proof-hint" });
                }
                div .actions { button { (words.say(keys::DOSSIER_ASK)) } }
            }
        }
    }
}

/// What the same citizen came with before: when, by which road and how it
/// ended, and no words of theirs.
fn earlier(house: &House, words: Words<'_>, talk: &Talk) -> Markup {
    let moment = |at| house.needs.locales.moment(words.locale, at);
    html! {
        section .card aria-labelledby="earlier" {
            h2 #earlier { (words.say(keys::EARLIER_TITLE)) }
            h3 { (words.say(keys::EARLIER_TALKS)) }
            @if talk.earlier.is_empty() { p { (words.say(keys::EARLIER_NONE)) } }
            ul .list {
                @for other in &talk.earlier {
                    li {
                        (moment(other.opened_at)) " · " (words::channel(words, other.channel)) " · "
                        @if other.state == HandoverState::Closed {
                            @match keys::outcome(&other.outcome) {
                                Some(key) => (words.say(key)),
                                None => (other.outcome),
                            }
                        } @else {
                            (words.say(keys::EARLIER_OPEN))
                        }
                    }
                }
            }
            h3 { (words.say(keys::EARLIER_REQUESTS)) }
            @if talk.requests.is_empty() { p { (words.say(keys::EARLIER_NONE)) } }
            ul .list {
                @for request in &talk.requests {
                    li {
                        (moment(request.at)) " · " (words::channel(words, request.channel)) " · "
                        (words::wanted(words, &request.action)) " → " (words::answered(words, &request.said))
                        " (" (request.answer_code) ")"
                    }
                }
            }
        }
    }
}
