//! `GET /chat`

use axum::body::Body;
use axum::extract::State;
use axum::routing::get;
use axum::{Extension, Router};
use gateway_core::domain::ChatSession;
use gateway_http::measured;
use http::header::{CONTENT_SECURITY_POLICY, HeaderValue};
use http::{Response, StatusCode};
use maud::{DOCTYPE, Markup, html};

use super::{ChatPage, keys};
use crate::answer::{self, Keep};
use crate::assets::Asset;
use crate::house::{SharedHouse, Words};
use crate::keys::{BRAND, NAV_DOSSIERS, NAV_FRONT, NAV_PROCEDURES};
use crate::shell::{self, Page, Place};
use crate::visit::Visit;

/// The parameter that asks for the page without its surroundings, for a frame.
const EMBED: &str = "embed";

/// A browser's page takes no more, in UTF-16 units.
const MOST: &str = "4000";

/// What is told of the chat, and who may frame it.
#[derive(Clone)]
struct Shown {
    hours: u64,
    minutes: u64,
    framed: HeaderValue,
}

pub(super) fn routes(chat: &ChatPage) -> Router<SharedHouse> {
    let shown = Shown {
        hours: chat.transcript.as_secs() / 3_600,
        minutes: chat.private.as_secs() / 60,
        framed: framed(&chat.embed_origins),
    };
    Router::new().route("/chat", measured("/chat", get(show).layer(Extension(shown))))
}

/// The policy of the page that may stand in a frame: ours, but for who frames it.
fn framed(origins: &[String]) -> HeaderValue {
    let nobody = HeaderValue::from_static(answer::POLICY);
    if origins.is_empty() {
        return nobody;
    }
    let ancestors = format!("frame-ancestors {}", origins.join(" "));
    HeaderValue::from_str(&answer::POLICY.replace("frame-ancestors 'none'", &ancestors)).unwrap_or(nobody)
}

async fn show(State(house): State<SharedHouse>, Extension(shown): Extension<Shown>, visit: Visit) -> Response<Body> {
    let words = house.words(visit.locale);
    let token = ChatSession::new(&*house.needs.randomness).token(&house.needs.hash_key);
    let title = words.say(keys::TITLE);
    let embedded = visit.parameter(EMBED) == "1";
    let main = html! {
        link rel="stylesheet" href=(Asset::ChatStyle.href());
        (bare(words, &visit))
        (chat(words, &visit, &shown, &token, embedded))
    };
    if !embedded {
        let notices = house.notices();
        let main = html! {
            h1 { (title) }
            p .lead { (words.say(keys::LEAD)) }
            (main)
        };
        let scripts = [Asset::ChatScript];
        let page = Page { notices: &notices, scripts: &scripts, ..Page::new(&title, Place::Chat, main) };
        return answer::document(&visit, StatusCode::OK, Keep::Never, shell::document(&house, &visit, page));
    }
    let html = in_a_frame(words, &visit, &title, &main).into_string();
    let mut response = answer::document(&visit, StatusCode::OK, Keep::Never, html);
    response.headers_mut().insert(CONTENT_SECURITY_POLICY, shown.framed);
    response
}

/// The document without navigation and foot.
fn in_a_frame(words: Words<'_>, visit: &Visit, title: &str, main: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang=(visit.locale) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) " – " (words.say(BRAND)) }
                link rel="stylesheet" href=(Asset::Style.href());
                link rel="icon" type="image/svg+xml" href=(Asset::Icon.href());
                script src=(Asset::Script.href()) defer {}
                script src=(Asset::ChatScript.href()) defer {}
            }
            body .framed {
                main #main tabindex="-1" {
                    h1 .unseen { (title) }
                    (main)
                }
            }
        }
    }
}

/// For whoever runs no scripts. The script takes it away, not `noscript`: it also
/// stands there where the script did not arrive.
fn bare(words: Words<'_>, visit: &Visit) -> Markup {
    let ways = [("/", NAV_FRONT), ("/dossiers", NAV_DOSSIERS), ("/procedures", NAV_PROCEDURES)];
    html! {
        div .state #chat-bare {
            p { (words.say(keys::BARE)) }
            p .actions {
                @for (path, key) in ways {
                    a .button href=(visit.href(path)) target="_top" { (words.say(key)) }
                }
            }
        }
    }
}

/// What the script works with. Nothing of it is shown before.
fn chat(words: Words<'_>, visit: &Visit, shown: &Shown, token: &str, embedded: bool) -> Markup {
    html! {
        div #chat hidden data-token=(token) data-lang=(visit.locale) data-embedded[embedded]
            data-person-words=(words.say(keys::PERSON_WORDS))
            data-citizen=(words.say(keys::YOU)) data-assistant=(words.say(keys::ASSISTANT))
            data-officer=(words.say(keys::OFFICER)) data-event=(words.say(keys::EVENT))
            data-connecting=(words.say(keys::CONNECTING)) data-connected=(words.say(keys::CONNECTED))
            data-lost=(words.say(keys::LOST)) data-sending=(words.say(keys::SENDING))
            data-sent=(words.say(keys::SENT)) data-not-sent=(words.say(keys::NOT_SENT))
            data-retry=(words.say(keys::RETRY)) data-refused=(words.say(keys::REFUSED))
            data-anew=(words.say(keys::ANEW)) data-expired=(words.say(keys::EXPIRED))
        {
            div #chat-log role="log" aria-live="polite" aria-relevant="additions" aria-label=(words.say(keys::LOG))
                tabindex="0"
            {
                p .hint {
                    (words.tell(keys::KEPT, &[("hours", shown.hours.into()), ("minutes", shown.minutes.into())]))
                }
                ol #chat-lines {}
            }
            p #chat-state .hint role="status" {}
            p #chat-note role="status" {}
            form #chat-form {
                label for="chat-text" { (words.say(keys::LABEL)) }
                textarea #chat-text rows="2" maxlength=(MOST) autocomplete="off" enterkeyhint="send"
                    aria-describedby="chat-hint" {}
                p #chat-hint .hint { (words.say(keys::HINT)) }
                div .actions {
                    button .primary { (words.say(keys::SEND)) }
                    button #chat-person type="button" { (words.say(keys::PERSON)) }
                    button #chat-end .quiet type="button" { (words.say(keys::END)) }
                    @if embedded {
                        a .quiet href=(visit.href("/chat")) target="_blank" rel="noopener" { (words.say(keys::WHOLE)) }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::framed;
    use crate::answer::POLICY;

    #[test]
    fn only_the_origins_of_the_setting_may_frame_the_page() {
        assert_eq!(framed(&[]), POLICY);
        let two = framed(&["https://a.example.vn".to_owned(), "https://b.example.vn:8443".to_owned()]);
        let two = two.to_str().unwrap();
        assert!(two.ends_with("frame-ancestors https://a.example.vn https://b.example.vn:8443"), "{two}");
        assert!(two.contains("script-src 'self'") && !two.contains("unsafe"), "{two}");
    }
}
