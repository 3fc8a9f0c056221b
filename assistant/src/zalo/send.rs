//! `POST {api}/v3.0/oa/message/cs`: a message of an answer.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use compact_str::{CompactString, format_compact};
use gateway_core::domain::{Channel, Provider};
use gateway_core::text::truncate_graphemes;
use gateway_locale::Medium;
use http::StatusCode;
use reqwest::{Client, Url};
use serde::Deserialize;
use serde_json::{Value, json};

use super::config::ZaloConfig;
use super::http::{Lost, Reply, exchange};
use super::tokens::{Token, Tokens};
use crate::messenger::{Saying, Sent, Wire, parted};

/// The longest text: a longer one is refused whole, not cut (seen).
const MOST_TEXT: usize = 2_000;

/// The longest title of a button, and the longest words that it sends.
const MOST_TITLE: usize = 100;
const MOST_PAYLOAD: usize = 1_000;

/// The account, as a wire.
pub(super) struct ZaloWire {
    pub(super) provider: Provider,
    pub(super) config: Arc<ZaloConfig>,
    pub(super) client: Client,
    pub(super) url: Url,
    pub(super) tokens: Arc<Tokens>,
}

#[async_trait]
impl Wire for ZaloWire {
    fn channel(&self) -> Channel {
        Channel::Zalo
    }

    fn provider(&self) -> &Provider {
        &self.provider
    }

    fn medium(&self) -> Medium {
        Medium::CHAT.with_buttons(self.config.buttons)
    }

    fn window(&self) -> Option<Duration> {
        Some(self.config.reply_window())
    }

    fn parts(&self, saying: &Saying) -> Vec<String> {
        parts(saying, usize::from(self.config.buttons))
    }

    async fn send(&self, chat: &str, part: &str) -> Sent {
        let (outcome, sent) = self.sent(chat, part).await;
        metrics::counter!("zalo_sends_total", "outcome" => outcome).increment(1);
        sent
    }
}

impl ZaloWire {
    async fn sent(&self, chat: &str, part: &str) -> (&'static str, Sent) {
        let Ok(message) = serde_json::from_str::<Value>(part) else {
            return ("refused", Sent::Refused { code: "unreadable".into() });
        };
        let body = json!({"recipient": {"user_id": chat}, "message": message}).to_string();
        let token = match self.tokens.token(None).await {
            Ok(token) => token,
            Err(after) => return no_token(after),
        };
        match self.tried(&body, &token).await {
            Verdict::TokenRefused => {}
            verdict => return self.told(verdict),
        }
        // Surely not taken: the same message, with the next token, once.
        match self.tokens.token(Some(&token)).await {
            Ok(token) => match self.tried(&body, &token).await {
                Verdict::TokenRefused => {
                    tracing::error!("Zalo refuses a token that came just now, an operator must look");
                    no_token(self.config.rate_pause())
                }
                verdict => self.told(verdict),
            },
            Err(after) => no_token(after),
        }
    }

    async fn tried(&self, body: &str, token: &Token) -> Verdict {
        let request = self
            .client
            .post(self.url.clone())
            .header("access_token", token.expose())
            .header("content-type", "application/json")
            .body(body.to_owned());
        match exchange(request, self.config.send_timeout()).await {
            Ok(reply) => verdict(&reply),
            Err(Lost::NotReached) => Verdict::Busy(None),
            Err(Lost::Unsendable) => Verdict::Refused("unsendable".into()),
            Err(Lost::Unknown) => Verdict::Uncertain,
        }
    }

    fn told(&self, verdict: Verdict) -> (&'static str, Sent) {
        let later = |after, account| Sent::Later { after, account };
        match verdict {
            Verdict::Accepted(id) => ("accepted", Sent::Accepted { id }),
            Verdict::Refused(code) => ("refused", Sent::Refused { code }),
            Verdict::Uncertain => ("uncertain", Sent::Uncertain),
            Verdict::Busy(after) => ("busy", later(after.unwrap_or(self.config.busy_pause()), true)),
            Verdict::Rate(after) => ("rate", later(after.unwrap_or(self.config.rate_pause()), true)),
            Verdict::ReceiverQuota => ("receiver_quota", later(self.config.quota_pause(), false)),
            Verdict::Quota => {
                tracing::warn!("Zalo: the account's quota is used up");
                ("quota", later(self.config.quota_pause(), true))
            }
            Verdict::Account(code) => {
                tracing::error!(%code, "Zalo lets the account send nothing, an operator must look");
                ("account", later(self.config.quota_pause(), true))
            }
            // Told where it is known how often.
            Verdict::TokenRefused => no_token(self.config.rate_pause()),
        }
    }
}

const fn no_token(after: Duration) -> (&'static str, Sent) {
    ("no_token", Sent::Later { after, account: true })
}

/// The messages of a saying, each as Zalo's `message`.
fn parts(saying: &Saying, most_buttons: usize) -> Vec<String> {
    let mut messages: Vec<Value> =
        parted(&saying.text, MOST_TEXT).into_iter().map(|text| json!({ "text": text })).collect();
    let buttons: Vec<Value> = saying
        .buttons
        .iter()
        // Words that are cut would say something else.
        .filter(|(title, words)| !title.trim().is_empty() && (1..=MOST_PAYLOAD).contains(&words.encode_utf16().count()))
        .take(most_buttons)
        .map(|(title, words)| {
            json!({"title": truncate_graphemes(title.trim(), MOST_TITLE), "type": "oa.query.show", "payload": words})
        })
        .collect();
    if let Some(last) = messages.last_mut()
        && !buttons.is_empty()
    {
        last["attachment"] = json!({"type": "template", "payload": {"buttons": buttons}});
    }
    messages.iter().map(Value::to_string).collect()
}

/// What an answer says of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Verdict {
    /// Taken, under this id.
    Accepted(CompactString),
    /// Surely not taken: the token is no good.
    TokenRefused,
    /// Surely not taken: nobody there, or a pause is asked for.
    Busy(Option<Duration>),
    /// Surely not taken: too many within a minute.
    Rate(Option<Duration>),
    /// Surely not taken: the account has no more messages.
    Quota,
    /// Surely not taken: this citizen gets no more for now.
    ReceiverQuota,
    /// Surely not taken: the account or the application may not send.
    Account(CompactString),
    /// Refused for good.
    Refused(CompactString),
    /// Nobody knows.
    Uncertain,
}

#[derive(Deserialize)]
struct Answer {
    error: Option<i64>,
    data: Option<Data>,
}

#[derive(Deserialize)]
struct Data {
    message_id: Option<Value>,
    quota: Option<Value>,
}

fn verdict(reply: &Reply) -> Verdict {
    let status = reply.status;
    // It may have failed after the message was taken.
    if status.is_server_error() || status == StatusCode::REQUEST_TIMEOUT {
        return Verdict::Uncertain;
    }
    if status == StatusCode::TOO_MANY_REQUESTS {
        return Verdict::Rate(reply.pause());
    }
    match reply.json::<Answer>() {
        Some(Answer { error: Some(0), data }) if status.is_success() => accepted(data),
        Some(Answer { error: Some(code), .. }) if code != 0 => of_code(code, reply),
        _ if status.is_success() => Verdict::Uncertain,
        _ => of_status(status),
    }
}

fn accepted(data: Option<Data>) -> Verdict {
    let Some(data) = data else { return Verdict::Accepted("".into()) };
    if let Some(quota) = &data.quota {
        report(quota);
    }
    let id = match data.message_id {
        Some(Value::String(id)) => id.into(),
        Some(Value::Number(id)) => format_compact!("{id}"),
        _ => CompactString::default(),
    };
    let fits = id.len() <= 128 && id.bytes().all(|byte| byte.is_ascii_graphic());
    Verdict::Accepted(if fits { id } else { "".into() })
}

/// Codes of the API. See the page `zalo.md` for what of it was seen.
fn of_code(code: i64, reply: &Reply) -> Verdict {
    match code {
        -216 | -220 => Verdict::TokenRefused,
        -32 => Verdict::Rate(reply.pause()),
        -211 => Verdict::Quota,
        -218 => Verdict::ReceiverQuota,
        // Deleted, not linked, not registered, not verified, no package, shut
        // down, no account to pay from.
        -204 | -205 | -207 | -208 | -209 | -212 | -219 | -221 | -224 | -235 | -240 | -242 | -305 | -320 | -321 => {
            Verdict::Account(format_compact!("{code}"))
        }
        // Not followed, blocked, inactive, the window is closed, and whatever
        // is wrong with this message or not known.
        code => Verdict::Refused(format_compact!("{code}")),
    }
}

fn of_status(status: StatusCode) -> Verdict {
    let code = format_compact!("HTTP {}", status.as_u16());
    match status {
        StatusCode::BAD_REQUEST | StatusCode::PAYLOAD_TOO_LARGE | StatusCode::UNPROCESSABLE_ENTITY => {
            Verdict::Refused(code)
        }
        // A wrong address, or a wall before it, refuses every message alike.
        _ => Verdict::Account(code),
    }
}

/// What is left of the quota, where it is told; only kinds that are known
/// become a label.
fn report(quota: &Value) {
    let kind = ["reply", "sub_quota", "purchase_quota", "reward_quota"]
        .into_iter()
        .find(|kind| quota["quota_type"].as_str() == Some(kind))
        .unwrap_or("other");
    let left = quota["remain"].as_f64().or_else(|| quota["remain"].as_str()?.trim().parse().ok());
    if let Some(left) = left.filter(|left| left.is_finite()) {
        metrics::gauge!("zalo_quota_remaining", "kind" => kind).set(left);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(status: u16, body: &str) -> Verdict {
        verdict(&Reply::of(status, body, None))
    }

    fn error(code: i64) -> Verdict {
        of(200, &json!({"error": code, "message": "…"}).to_string())
    }

    #[test]
    fn answers_to_a_message() {
        let good = r#"{"data":{"message_id":"G2972289882340527111","user_id":"1"},"error":0,"message":"Success"}"#;
        assert_eq!(of(200, good), Verdict::Accepted("G2972289882340527111".into()));
        assert_eq!(of(200, r#"{"error":0}"#), Verdict::Accepted("".into()));
        assert_eq!(of(200, r#"{"error":0,"data":{"message_id":"a\nb"}}"#), Verdict::Accepted("".into()));
        assert_eq!((error(-216), error(-220)), (Verdict::TokenRefused, Verdict::TokenRefused));
        assert_eq!(
            (error(-32), error(-211), error(-218)),
            (Verdict::Rate(None), Verdict::Quota, Verdict::ReceiverQuota)
        );
        for code in [-212, -224, -321] {
            assert_eq!(error(code), Verdict::Account(format_compact!("{code}")));
        }
        for code in [-201, -210, -213, -217, -227, -230, -232, -234, -9_999, 5] {
            assert_eq!(error(code), Verdict::Refused(format_compact!("{code}")));
        }
        // The code counts, whatever status it comes with.
        assert_eq!(of(401, r#"{"error":-216}"#), Verdict::TokenRefused);
        assert_eq!(of(400, "<html>"), Verdict::Refused("HTTP 400".into()));
        for status in [301, 401, 403, 404] {
            assert_eq!(of(status, "<html>"), Verdict::Account(format_compact!("HTTP {status}")));
        }
        for (status, body) in [(200, "<html>"), (200, "{}"), (500, r#"{"error":-1}"#), (502, ""), (408, "")] {
            assert_eq!(of(status, body), Verdict::Uncertain, "{status} {body}");
        }
        let throttled = verdict(&Reply::of(429, "", Some("7")));
        assert_eq!(throttled, Verdict::Rate(Some(Duration::from_secs(7))));
    }

    fn saying(text: &str, buttons: &[(&str, &str)]) -> Saying {
        let buttons = buttons.iter().map(|(title, words)| ((*title).to_owned(), (*words).to_owned())).collect();
        Saying { text: text.into(), buttons, ask_contact: Some("Chia sẻ số".into()) }
    }

    fn read(saying: &Saying, buttons: usize) -> Vec<Value> {
        parts(saying, buttons).iter().map(|part| serde_json::from_str(part).unwrap()).collect()
    }

    #[test]
    fn buttons_go_with_the_last_message() {
        let text = format!("{}. Xin mời chọn một trong các mục.", "Hồ sơ đang được xử lý".repeat(94));
        let parts = read(&saying(&text, &[("Lệ phí", "lệ phí"), ("Giấy tờ", "giấy tờ")]), 5);
        assert_eq!(parts.len(), 2);
        assert!(parts[0].get("attachment").is_none());
        assert_eq!(parts[1]["text"], "Xin mời chọn một trong các mục.");
        let attachment = &parts[1]["attachment"];
        assert_eq!(attachment["type"], "template");
        let first = json!({"title": "Lệ phí", "type": "oa.query.show", "payload": "lệ phí"});
        assert_eq!(attachment["payload"]["buttons"][0], first);
    }

    #[test]
    fn buttons_are_within_their_limits() {
        let long = "x".repeat(300);
        let endless = "y".repeat(1_001);
        let all =
            [("1", "1"), ("", "2"), (&long, "3"), ("4", &endless), ("5", "5"), ("6", "6"), ("7", "7"), ("8", "8")];
        let parts = read(&saying("Chọn", &all), 5);
        let buttons = parts[0]["attachment"]["payload"]["buttons"].as_array().unwrap().clone();
        let sent: Vec<&str> = buttons.iter().map(|button| button["payload"].as_str().unwrap()).collect();
        assert_eq!(sent, ["1", "3", "5", "6", "7"]);
        assert_eq!(buttons[1]["title"].as_str().unwrap().chars().count(), 100);
        assert!(read(&saying("Chọn", &all), 0)[0].get("attachment").is_none());
        assert!(read(&saying(" ", &all), 5).is_empty());
    }
}
