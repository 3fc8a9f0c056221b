//! `/ask`: whatever was written into the box, answered by the Desk.

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect};
use axum::routing::get;
use gateway_core::desk::{Action, Answered, Content, ConversationId, ProceduresReply, Reply};
use gateway_core::domain::Locale;
use gateway_http::measured;
use gateway_locale::{ChoiceLabel, Medium};
use http::{Response, StatusCode};
use maud::{Markup, html};

use crate::answer::{self, Keep};
use crate::dossiers;
use crate::form::Form;
use crate::front::ask_form;
use crate::house::{SharedHouse, Words};
use crate::keys;
use crate::procedures;
use crate::shell::{self, Page, Place, Switch};
use crate::trouble::{Refused, answer_code, refusal_box};
use crate::visit::Visit;

/// The longest text that is handed to the Desk, in characters: it reads no more.
const MOST: usize = 2_000;

/// The longest search that a link may carry.
const MOST_OF_A_LINK: usize = 80;

pub(crate) fn routes() -> Router<SharedHouse> {
    Router::new().route("/ask", measured("/ask", get(box_of_the_front_page).post(ask)))
}

/// An answer has no address: whoever comes by one is shown the box.
async fn box_of_the_front_page(visit: Visit) -> Response<Body> {
    Redirect::to(&visit.href("/")).into_response()
}

async fn ask(State(house): State<SharedHouse>, visit: Visit, form: Form) -> Response<Body> {
    let text: String = form.field("text").chars().take(MOST).collect();
    if text.is_empty() {
        return box_of_the_front_page(visit).await;
    }
    let conversation = house.conversation(form.field("conversation"));
    let id = ConversationId::new(&conversation);
    let answered = house.ask(&visit, Some(id), Content::Text(text.clone())).await;
    // The citizen may write in another language than the page's.
    let words = house.words(answered.locale);
    let told = match &answered.outcome {
        Ok(Reply::Dossier(reply)) => dossiers::view::public(&house, words, &visit, reply, &answered),
        Ok(Reply::Disclosed(reply)) => dossiers::view::owner(words, &visit, reply, &answered),
        Ok(Reply::Procedures(reply)) => found(words, &visit, reply, &answered),
        Ok(reply) => spoken(&house, words, &visit, &answered, reply, &conversation),
        Err(refusal) => html! { (refusal_box(words, refusal)) (answer_code(words, &answered)) },
    };
    let private = matches!(answered.outcome, Ok(Reply::Disclosed(_)));
    let chrome = house.words(visit.locale);
    let title = chrome.say(keys::ANSWER_TITLE);
    let main = html! {
        h1 { (title) }
        // What proved something is not repeated.
        @if !private {
            p .asked { (chrome.say(keys::YOU_ASKED)) " " q { (text) } }
        }
        section .answer lang=[other(words.locale, visit.locale)] tabindex="-1" data-focus { (told) }
        section .screen {
            h2 { (chrome.say(keys::ASK_MORE)) }
            (ask_form(chrome, &visit, "", &conversation))
        }
    };
    let fields = [("text", text.as_str()), ("conversation", conversation.as_str())];
    let switch = if private { Switch::To("/") } else { Switch::Again { action: "/ask", fields: &fields } };
    let spoken = matches!(&answered.outcome, Ok(reply) if !has_view(reply));
    let page = Page {
        switch,
        // A spoken answer ends with them.
        notices: if spoken { &[] } else { &answered.notices },
        ..Page::new(&title, Place::Aside, main)
    };
    let html = shell::document(&house, &visit, page);
    let refused = answered.outcome.as_ref().err().map(Refused::of);
    let status = refused.as_ref().map_or(StatusCode::OK, |refused| refused.status);
    let mut response = answer::document(&visit, status, Keep::Never, html);
    if let Some(refused) = refused {
        refused.mark(&mut response);
    }
    response
}

const fn has_view(reply: &Reply) -> bool {
    matches!(reply, Reply::Dossier(_) | Reply::Disclosed(_) | Reply::Procedures(_))
}

/// The language of a part, where it is not the page's.
fn other(part: Locale, page: Locale) -> Option<Locale> {
    (part != page).then_some(part)
}

fn found(words: Words<'_>, visit: &Visit, reply: &ProceduresReply, answered: &Answered) -> Markup {
    let more = reply.page.total > reply.page.hits.len() && tells_nobody(&reply.query);
    html! {
        p { (procedures::find::heading(words, reply)) }
        (procedures::find::hits(words, visit, reply))
        @if more {
            p .actions {
                a .button href=(visit.href_with("/procedures", &[("q", &reply.query)])) { (words.say(keys::SEE_ALL)) }
            }
        }
        (answer_code(words, answered))
    }
}

/// Whether words may stand in an address: no figure of a person, and short.
fn tells_nobody(query: &str) -> bool {
    !query.chars().any(char::is_numeric) && !query.contains('@') && query.chars().count() <= MOST_OF_A_LINK
}

/// An answer in the words that every channel gives, with its choices.
fn spoken(
    house: &SharedHouse,
    words: Words<'_>,
    visit: &Visit,
    answered: &Answered,
    reply: &Reply,
    conversation: &str,
) -> Markup {
    // The page of a procedure has the link to the source.
    let medium = Medium { links: false, ..Medium::CHAT };
    let rendered = house.renderer.render(answered, words.locale, medium);
    html! {
        (paragraphs(&rendered.text))
        @if let Reply::Procedure(one) = reply {
            p .actions {
                a .button .primary href=(visit.href(&format!("/procedures/{}", one.procedure.code))) {
                    (words.say(keys::SEE_PROCEDURE))
                }
            }
        }
        @if !rendered.choices.is_empty() {
            ul .choices aria-label=(words.say(keys::CHOICES)) {
                @for choice in &rendered.choices {
                    (choose(visit, choice, conversation))
                }
            }
        }
    }
}

fn choose(visit: &Visit, choice: &ChoiceLabel, conversation: &str) -> Markup {
    let link = match &choice.action {
        Action::ShowProcedure { code, focus, .. } if focus.is_overview() => {
            Some(visit.href(&format!("/procedures/{code}")))
        }
        Action::FindProcedures { query, .. } if query.text.trim().is_empty() => Some(visit.href("/procedures")),
        _ => None,
    };
    html! {
        @match (link, &choice.send) {
            (Some(link), _) => li { a .button href=(link) { (choice.label) } },
            (None, Some(send)) => li {
                form method="post" action=(visit.href("/ask")) {
                    input type="hidden" name="text" value=(send);
                    input type="hidden" name="conversation" value=(conversation);
                    button { (choice.label) }
                }
            },
            // What no message can mean has no button.
            (None, None) => {},
        }
    }
}

/// A rendered text as paragraphs and lists.
pub(crate) fn paragraphs(text: &str) -> Markup {
    html! {
        @for block in blocks(text) {
            @match block {
                Block::Lines(lines) => p { (lines) },
                Block::Items(items) => ul { @for item in items { li { (item) } } },
            }
        }
    }
}

#[derive(Debug, PartialEq)]
enum Block {
    Lines(String),
    Items(Vec<String>),
}

fn blocks(text: &str) -> Vec<Block> {
    const MARK: &str = "• ";
    let mut blocks = Vec::new();
    for paragraph in text.split("\n\n") {
        let mut fresh = true;
        for line in paragraph.lines() {
            match (line.strip_prefix(MARK), blocks.last_mut()) {
                (Some(item), Some(Block::Items(items))) if !fresh => items.push(item.to_owned()),
                (Some(item), _) => blocks.push(Block::Items(vec![item.to_owned()])),
                // What belongs to an item stands under it.
                (None, Some(Block::Items(items))) if line.starts_with("  ") && !fresh => {
                    if let Some(item) = items.last_mut() {
                        item.push('\n');
                        item.push_str(line.trim_start());
                    }
                }
                (None, Some(Block::Lines(lines))) if !fresh => {
                    lines.push('\n');
                    lines.push_str(line);
                }
                (None, _) => blocks.push(Block::Lines(line.to_owned())),
            }
            fresh = false;
        }
    }
    blocks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_becomes_paragraphs_and_lists() {
        let made = blocks("Một\nhai\n\nGiấy tờ:\n• tờ khai\n  bản chính\n• căn cước\nHết.\n\nMã");
        let lines = |text: &str| Block::Lines(text.to_owned());
        let items = |items: &[&str]| Block::Items(items.iter().map(|item| (*item).to_owned()).collect());
        let expected = [
            lines("Một\nhai"),
            lines("Giấy tờ:"),
            items(&["tờ khai\nbản chính", "căn cước"]),
            lines("Hết."),
            lines("Mã"),
        ];
        assert_eq!(made, expected);
        assert!(blocks("").is_empty());
    }

    #[test]
    fn only_plain_words_stand_in_a_link() {
        assert!(tells_nobody("làm giấy khai sinh"));
        for telling in ["hồ sơ 0912345678", "thư an@example.vn", "số ０９", &"dài ".repeat(40)] {
            assert!(!tells_nobody(telling), "{telling}");
        }
    }
}
