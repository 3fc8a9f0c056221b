use std::time::{Duration, SystemTime};

use reqwest::Client;

use crate::telegram::{BOT_SECRET, BOT_TOKEN, BotApi};
use crate::web::{Answer, client, local, now};
use crate::zalo::{Zalo, ZaloEvent};

/// A messenger's side, whichever it is: stories of load and crashes are told over
/// this. To add one: its scripted peer, and this for it.
pub trait ChatPeer: Send + Sync {
    /// The sections of the configuration that bring the gateway to this peer.
    fn account(&self) -> String;

    /// The delivery of somebody's words; `at` in milliseconds since the epoch.
    fn said(&self, user: &str, id: &str, words: &str, at: i64) -> Delivery;

    /// What citizens were told, in the order in which the peer took it.
    fn heard(&self) -> Vec<Heard>;
}

/// A call of a messenger's to the gateway.
#[derive(Debug, Clone)]
pub struct Delivery {
    /// Where, on the public listener.
    pub path: &'static str,
    /// What proves it.
    pub headers: Vec<(&'static str, String)>,
    /// The bytes.
    pub body: String,
}

/// Something that a citizen was told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heard {
    /// Who.
    pub user: String,
    /// What.
    pub text: String,
    /// What stands on each button, and the words that it sends.
    pub buttons: Vec<(String, String)>,
}

impl Delivery {
    /// Delivers it and waits for the answer.
    pub fn deliver(&self, public: &str) -> Answer {
        now(async {
            let response = self.request(&client(), public).send().await.expect("an answer");
            let (status, headers) = (response.status().as_u16(), response.headers().clone());
            Answer { status, headers, text: response.text().await.expect("a body") }
        })
    }

    /// The call, to be sent over a client that is kept. A gateway that is away is
    /// an error of the client's.
    pub fn request(&self, client: &Client, public: &str) -> reqwest::RequestBuilder {
        let url = format!("{public}{}", self.path);
        let mut request = client.post(local(&url)).timeout(Duration::from_secs(5)).body(self.body.clone());
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        request
    }
}

/// Milliseconds since the epoch, by the clock that a peer stamps events with.
#[expect(clippy::disallowed_methods, reason = "a peer has a clock of its own, and the gateway looks at what it says")]
pub fn at_peer() -> i64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

impl ChatPeer for Zalo {
    fn account(&self) -> String {
        format!(
            "[zalo]\napp_id = \"{}\"\noa_id = \"{}\"\noa_secret = \"{}\"\napp_secret = \"{}\"\n\
             refresh_token = \"{}\"\napi_url = \"{url}\"\noauth_url = \"{url}\"\n\
             [http.address_limit]\nexempt = [\"127.0.0.0/8\"]\n",
            Self::APP_ID,
            Self::OA_ID,
            Self::OA_SECRET,
            Self::APP_SECRET,
            self.refresh_token(),
            url = self.url,
        )
    }

    fn said(&self, user: &str, id: &str, words: &str, at: i64) -> Delivery {
        ZaloEvent::text(user, id, words, at).delivery()
    }

    fn heard(&self) -> Vec<Heard> {
        let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
        let heard = |message: crate::zalo::ZaloMessage| {
            let buttons = message.message["attachment"]["payload"]["buttons"].as_array().cloned().unwrap_or_default();
            let buttons = buttons.iter().map(|button| (text(&button["title"]), text(&button["payload"]))).collect();
            Heard { text: text(&message.message["text"]), user: message.user, buttons }
        };
        self.messages().into_iter().map(heard).collect()
    }
}

impl ChatPeer for BotApi {
    /// Over the webhook, and without limits that a storm would wait for.
    fn account(&self) -> String {
        format!(
            "[telegram]\ntoken = \"{BOT_TOKEN}\"\napi = \"{}\"\nmode = \"webhook\"\nwebhook_secret = \"{BOT_SECRET}\"\n\
             messages_per_second = 1000\nchat_messages_per_second = 100\nchat_burst = 20\n\
             [http.address_limit]\nexempt = [\"127.0.0.0/8\"]\n",
            self.url,
        )
    }

    fn said(&self, user: &str, id: &str, words: &str, at: i64) -> Delivery {
        Self::delivery(&self.said(user, id, words, at))
    }

    fn heard(&self) -> Vec<Heard> {
        let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
        let heard = |message: serde_json::Value| {
            let rows = message["reply_markup"]["inline_keyboard"].as_array().cloned().unwrap_or_default();
            let buttons = rows.iter().filter_map(|row| row.as_array()).flatten();
            let buttons = buttons.map(|button| (text(&button["text"]), text(&button["callback_data"]))).collect();
            Heard { text: text(&message["text"]), user: message["chat"]["id"].to_string(), buttons }
        };
        self.messages().into_iter().map(heard).collect()
    }
}

impl ZaloEvent {
    /// The call that brings it.
    pub fn delivery(&self) -> Delivery {
        let headers = vec![
            ("x-zevent-signature", self.signature.clone()),
            ("content-type", "application/json; charset=utf-8".to_owned()),
        ];
        Delivery { path: "/webhooks/zalo", headers, body: self.body.clone() }
    }
}
