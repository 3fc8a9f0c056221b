use std::sync::OnceLock;

use reqwest::header::HeaderMap;
use serde_json::Value;

/// What came back.
#[derive(Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub text: String,
}

impl Answer {
    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|problem| panic!("{problem}: {}", self.text))
    }

    /// A header's text.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

/// A client that reaches only this machine.
pub fn client() -> reqwest::Client {
    static PROVIDER: OnceLock<()> = OnceLock::new();
    PROVIDER.get_or_init(|| {
        let _ = rustls::crypto::ring::default_provider().install_default();
    });
    reqwest::Client::builder().no_proxy().build().expect("a client")
}

/// Waits for it, in a story that is told without a runtime.
pub fn now<T>(what: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(what)
}

/// GET with headers.
pub async fn get(url: &str, headers: &[(&str, &str)]) -> Answer {
    send(client().get(local(url)), headers).await
}

/// POST of JSON.
pub async fn post(url: &str, body: &Value, headers: &[(&str, &str)]) -> Answer {
    send(client().post(local(url)).json(body), headers).await
}

/// POST of a form, as a browser sends it.
pub async fn post_form(url: &str, fields: &[(&str, &str)], headers: &[(&str, &str)]) -> Answer {
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let request = client().post(local(url)).header("content-type", "application/x-www-form-urlencoded").body(body);
    send(request, headers).await
}

/// PUT of JSON.
pub async fn put(url: &str, body: &Value) -> Answer {
    send(client().put(local(url)).json(body), &[]).await
}

async fn send(mut request: reqwest::RequestBuilder, headers: &[(&str, &str)]) -> Answer {
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let answer = request.send().await.expect("an answer");
    let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
    Answer { status, headers, text: answer.text().await.expect("a body") }
}

/// Refuses to ask anything but this machine.
pub(crate) fn local(url: &str) -> &str {
    assert!(url.starts_with("http://127.0.0.1:"), "{url} is not this machine");
    url
}
