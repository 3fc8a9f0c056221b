//! Who looks at a page, in which language, and where the page's links lead.

use axum::extract::FromRequestParts;
use form_urlencoded::Serializer;
use gateway_core::domain::Locale;
use gateway_http::{Caller, Problem};
use http::HeaderValue;
use http::header::IF_NONE_MATCH;
use http::request::Parts;

use crate::house::SharedHouse;

/// The parameter that chooses a language. It stands in the address, so that no
/// cookie is needed and a page can be sent on as it was read.
pub(crate) const LANG: &str = "lang";

/// So many parameters of a query string are read.
const MOST_PARAMETERS: usize = 16;

/// One look at a page.
pub(crate) struct Visit {
    pub(crate) caller: Caller,
    /// Chosen in the address, else wished for by the browser.
    pub(crate) locale: Locale,
    pub(crate) if_none_match: Option<HeaderValue>,
    /// Something was sent, not only looked at.
    pub(crate) is_form: bool,
    chosen: bool,
    path: String,
    query: Vec<(String, String)>,
}

impl Visit {
    pub(crate) fn of(parts: &Parts, caller: Caller, available: &[Locale]) -> Self {
        let mut locale = caller.locale;
        let mut chosen = false;
        let mut query = Vec::new();
        let given = parts.uri.query().unwrap_or_default();
        for (name, value) in form_urlencoded::parse(given.as_bytes()).take(MOST_PARAMETERS) {
            if name != LANG {
                query.push((name.into_owned(), value.into_owned()));
            } else if let Some(known) = Locale::parse(&value).filter(|wish| available.contains(wish)) {
                (locale, chosen) = (known, true);
            }
        }
        let if_none_match = parts.headers.get(IF_NONE_MATCH).cloned();
        let is_form = parts.method != http::Method::GET;
        Self { caller, locale, if_none_match, is_form, chosen, path: parts.uri.path().to_owned(), query }
    }

    /// The first value of a parameter, trimmed; empty where there is none.
    pub(crate) fn parameter(&self, name: &str) -> &str {
        self.query.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.trim())
    }

    /// The language, where the address chose it.
    pub(crate) fn chosen(&self) -> Option<Locale> {
        self.chosen.then_some(self.locale)
    }

    /// Whether this is the page of that address.
    pub(crate) fn is_at(&self, path: &str) -> bool {
        self.path == path
    }

    /// A page of ours, in the language that was chosen.
    pub(crate) fn href(&self, path: &str) -> String {
        self.href_with(path, &[])
    }

    /// The same with parameters; those without a value are left out.
    pub(crate) fn href_with(&self, path: &str, parameters: &[(&str, &str)]) -> String {
        let chosen = self.chosen.then_some((LANG, self.locale.as_str()));
        address(path, parameters.iter().copied().chain(chosen))
    }

    /// This very page in another language.
    pub(crate) fn here_in(&self, locale: Locale) -> String {
        let parameters = self.query.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        address(&self.path, parameters.chain([(LANG, locale.as_str())]))
    }

    /// Another page in another language.
    pub(crate) fn there_in(path: &str, locale: Locale) -> String {
        address(path, std::iter::once((LANG, locale.as_str())))
    }
}

fn address<'a>(path: &str, parameters: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let mut query = Serializer::new(String::new());
    for (name, value) in parameters.filter(|(_, value)| !value.is_empty()) {
        query.append_pair(name, value);
    }
    let query = query.finish();
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}

impl FromRequestParts<SharedHouse> for Visit {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, house: &SharedHouse) -> Result<Self, Problem> {
        let caller = Caller::from_request_parts(parts, house).await?;
        Ok(Self::of(parts, caller, &house.needs.locales.available()))
    }
}
