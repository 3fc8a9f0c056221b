//! A browser as far as signing in needs one: cookies, forms, no scripts. It
//! follows no redirect by itself.

use std::collections::BTreeMap;

use crate::web::{Answer, client, now};

/// One person's browser before one gateway.
#[derive(Debug)]
pub struct Browser {
    base: String,
    client: reqwest::Client,
    /// What it keeps, by name.
    pub cookies: BTreeMap<String, String>,
    /// What it sends besides, such as `Sec-Fetch-Site`.
    pub headers: Vec<(&'static str, &'static str)>,
}

impl Browser {
    /// A fresh one.
    pub fn at(base: &str) -> Self {
        assert!(base.starts_with("http://127.0.0.1:"), "{base} is not this machine");
        // The usual one also installs what every client needs.
        drop(client());
        let client = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none());
        Self {
            base: base.to_owned(),
            client: client.build().expect("a client"),
            cookies: BTreeMap::new(),
            headers: vec![("accept-language", "en")],
        }
    }

    /// Opens a page.
    pub fn open(&mut self, path: &str) -> Answer {
        let request = self.client.get(format!("{}{path}", self.base));
        self.send(request)
    }

    /// Sends a form as it is.
    pub fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let mut body = form_urlencoded::Serializer::new(String::new());
        body.extend_pairs(fields);
        let request = self
            .client
            .post(format!("{}{path}", self.base))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(body.finish());
        self.send(request)
    }

    /// Opens the page of a form and sends it with the token that stands there.
    pub fn fill_in(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let page = self.open(path);
        assert_eq!(page.status, 200, "{path}: {page:?}");
        let csrf = csrf_of(&page.text);
        let mut all = vec![("csrf", csrf.as_str())];
        all.extend(fields);
        self.post(path, &all)
    }

    /// Signs an officer in, by password alone.
    pub fn sign_in(&mut self, login: &str, password: &str) -> Answer {
        self.fill_in("/officers/sign-in", &[("login", login), ("password", password)])
    }

    fn send(&mut self, mut request: reqwest::RequestBuilder) -> Answer {
        for (name, value) in &self.headers {
            request = request.header(*name, *value);
        }
        let kept: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        if !kept.is_empty() {
            request = request.header("cookie", kept.join("; "));
        }
        let answer = now(async {
            let answer = request.send().await.expect("an answer");
            let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
            Answer { status, headers, text: answer.text().await.expect("a body") }
        });
        for set in answer.headers.get_all("set-cookie") {
            let set = set.to_str().expect("a cookie is text");
            let (pair, marks) = set.split_once(';').unwrap_or((set, ""));
            let (name, value) = pair.split_once('=').expect("a cookie has a name");
            if marks.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        answer
    }
}

/// The token against forgery of a page's first form.
pub fn csrf_of(page: &str) -> String {
    let (_, after) = page.split_once("name=\"csrf\" value=\"").unwrap_or_else(|| panic!("no form in {page}"));
    after.split('"').next().unwrap_or_default().to_owned()
}
