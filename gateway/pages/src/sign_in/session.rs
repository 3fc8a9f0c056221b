//! The browser's session: its cookie, who is behind it, and forms that only
//! this house's own pages can send.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::response::{IntoResponse as _, Response};
use gateway_core::domain::{CsrfToken, Officer, OfficerRole, SessionToken, SignedIn};
use gateway_http::{Caller, Problem, problem};
use http::header::{CACHE_CONTROL, COOKIE, HOST, HeaderMap, HeaderName, HeaderValue, LOCATION, ORIGIN, SET_COOKIE};
use http::request::Parts;
use http::{Method, StatusCode};
use http_body_util::BodyExt as _;
use zeroize::Zeroizing;

use super::{SIGN_IN, SignInDesk, page};
use crate::house::SharedHouse;
use crate::visit::Visit;

/// The field of a form, and the header of a script's request, that carries the
/// session's token against forgery.
pub(crate) const CSRF_FIELD: &str = "csrf";
/// See [`CSRF_FIELD`].
pub(crate) const CSRF_HEADER: HeaderName = HeaderName::from_static("x-csrf-token");

const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
const FETCH_MODE: HeaderName = HeaderName::from_static("sec-fetch-mode");

/// Fields of a form that are read.
const MOST_FIELDS: usize = 64;

/// A kind of cookie. All of them are for this host alone, out of reach of
/// scripts, and sent to no page that another site has led to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cookie {
    /// The session.
    Session,
    /// What the form of a browser that is not signed in is bound to. The house
    /// keeps nothing of it.
    Form,
}

impl Cookie {
    const fn name(self, https: bool) -> &'static str {
        match (self, https) {
            (Self::Session, true) => "__Host-officer",
            (Self::Session, false) => "officer",
            (Self::Form, true) => "__Host-officer-form",
            (Self::Form, false) => "officer-form",
        }
    }

    /// The token that the browser sent; none where two are sent, because one of
    /// them is somebody else's.
    pub(crate) fn read(self, headers: &HeaderMap, https: bool) -> Option<SessionToken> {
        let name = self.name(https);
        let mut values = headers
            .get_all(COOKIE)
            .iter()
            .filter_map(|header| header.to_str().ok())
            .flat_map(|header| header.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .filter(|(key, _)| *key == name)
            .map(|(_, value)| value);
        match (values.next(), values.next()) {
            (Some(value), None) => SessionToken::parse(value),
            _ => None,
        }
    }

    /// Has the browser keep it until it is closed.
    pub(crate) fn set(self, response: &mut Response, token: &SessionToken, https: bool) {
        let text = Zeroizing::new(token.to_hex());
        self.put(response, &text, "", https);
    }

    /// Has the browser forget it.
    pub(crate) fn clear(self, response: &mut Response, https: bool) {
        self.put(response, "", "; Max-Age=0", https);
    }

    fn put(self, response: &mut Response, value: &str, more: &str, https: bool) {
        let secure = if https { "; Secure" } else { "" };
        let cookie = format!("{}={value}; Path=/; HttpOnly; SameSite=Strict{secure}{more}", self.name(https));
        if let Ok(mut cookie) = HeaderValue::from_str(&cookie) {
            // No layer shows it in a log.
            cookie.set_sensitive(true);
            response.headers_mut().append(SET_COOKIE, cookie);
        }
    }
}

/// What somebody is answered in place of the page: boxed, because most are not.
#[derive(Debug)]
pub(crate) struct SentAway(Box<Response>);

impl From<Response> for SentAway {
    fn from(response: Response) -> Self {
        Self(Box::new(response))
    }
}

impl From<SentAway> for Response {
    fn from(away: SentAway) -> Self {
        *away.0
    }
}

/// An officer who is signed in: what every officers' page takes. Who is not
/// is sent to the sign-in and comes back afterwards.
#[derive(Debug, Clone)]
pub(crate) struct SignedInOfficer {
    /// Who, since when and until when.
    pub(crate) signed_in: SignedIn,
    /// Stands in every form as [`CSRF_FIELD`].
    pub(crate) csrf: CsrfToken,
}

impl SignedInOfficer {
    /// The account as it is now.
    pub(crate) const fn officer(&self) -> &Officer {
        &self.signed_in.officer
    }

    /// For pages of higher roles.
    ///
    /// # Errors
    /// 403 as a page, where the officer's role is lower.
    pub(crate) fn at_least(&self, role: OfficerRole, house: &SharedHouse, visit: &Visit) -> Result<(), SentAway> {
        if self.officer().is_at_least(role) { Ok(()) } else { Err(SentAway(Box::new(page::not_allowed(house, visit)))) }
    }
}

impl FromRequestParts<SharedHouse> for SignedInOfficer {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, house: &SharedHouse) -> Result<Self, Response> {
        let desk = desk_of(house)?;
        let Some(token) = Cookie::Session.read(&parts.headers, desk.https()) else {
            return Err(to_sign_in(parts));
        };
        match desk.who(&token).await {
            Ok(Some(signed_in)) => Ok(Self { signed_in, csrf: token.csrf(desk.hash_key()) }),
            Ok(None) => Err(to_sign_in(parts)),
            Err(problem) => {
                tracing::error!(%problem, "who is signed in is not known");
                Err(unavailable(parts, house).await)
            }
        }
    }
}

/// What an officer's form holds, once it is certain that a page of this house
/// sent it: the session's token stands in it, and the browser names no other
/// site. Scripts send the token as [`CSRF_HEADER`] instead.
#[derive(Debug)]
pub(crate) struct OfficerForm {
    /// Who sent it.
    pub(crate) officer: SignedInOfficer,
    /// What it holds.
    pub(crate) fields: Fields,
}

impl FromRequest<SharedHouse> for OfficerForm {
    type Rejection = Response;

    async fn from_request(request: Request, house: &SharedHouse) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let officer = SignedInOfficer::from_request_parts(&mut parts, house).await?;
        let fields = Fields::read(body).await.map_err(|problem| problem.into_response())?;
        if !is_ours(&parts, &fields, officer.csrf) {
            return Err(forged(&mut parts, house).await);
        }
        Ok(Self { officer, fields })
    }
}

/// Whether a page of this house sent a form.
pub(crate) fn is_ours(parts: &Parts, fields: &Fields, csrf: CsrfToken) -> bool {
    let header = parts.headers.get(CSRF_HEADER).and_then(|value| value.to_str().ok());
    same_site(&parts.headers) && csrf.is(header.unwrap_or_else(|| fields.get(CSRF_FIELD)))
}

/// Whether the browser says that the request comes from a page of this origin.
/// One that says nothing, or `null` as it does for pages that send no referrer,
/// is judged by the token alone.
fn same_site(headers: &HeaderMap) -> bool {
    let text = |name: &HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    if let Some(site) = text(&FETCH_SITE) {
        // `none`: the person's own doing, such as sending the form again.
        return matches!(site, "same-origin" | "none");
    }
    match text(&ORIGIN) {
        None | Some("null") => true,
        Some(origin) => {
            let host = origin.split_once("://").map(|(_, host)| host);
            host.is_some() && host == text(&HOST)
        }
    }
}

/// A 403 as a page, for a form that is none of ours.
pub(crate) async fn forged(parts: &mut Parts, house: &SharedHouse) -> Response {
    metrics::counter!("officers_forged_forms_total").increment(1);
    match Visit::from_request_parts(parts, house).await {
        Ok(visit) => page::forged(house, &visit),
        Err(problem) => problem.into_response(),
    }
}

async fn unavailable(parts: &mut Parts, house: &SharedHouse) -> Response {
    match Visit::from_request_parts(parts, house).await {
        Ok(visit) => page::unavailable(house, &visit),
        Err(problem) => problem.into_response(),
    }
}

/// The desk of a house that has officers' pages.
pub(crate) fn desk_of(house: &SharedHouse) -> Result<&Arc<SignInDesk>, SentAway> {
    let none = || SentAway(Box::new(Problem::of(&problem::UNKNOWN_ROUTE).into_response()));
    house.needs.officers.as_ref().ok_or_else(none)
}

/// A script is told that nobody is signed in. A form is shown the sign-in: what
/// it held must not be sent again unseen. A page comes back afterwards.
fn to_sign_in(parts: &Parts) -> Response {
    let navigates = parts.headers.get(FETCH_MODE).is_none_or(|mode| mode == "navigate");
    if !navigates {
        return no_store(StatusCode::UNAUTHORIZED.into_response());
    }
    if parts.method != Method::GET {
        return see_other(SIGN_IN);
    }
    let back = parts.uri.path_and_query().map_or("", |path| path.as_str());
    see_other(&format!("{SIGN_IN}?{}", next_query(back)))
}

/// The parameter `next`, where it leads back to an officers' page.
pub(crate) fn next_query(next: &str) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    if let Some(next) = safe_next(next) {
        query.append_pair("next", next);
    }
    query.finish()
}

/// An officers' page of this house, or the display of a hall, and nothing else: an
/// address of another site, however it is written, leads nowhere.
pub(crate) fn safe_next(next: &str) -> Option<&str> {
    let rest = next.strip_prefix("/officers").or_else(|| next.strip_prefix("/hall"))?;
    let within = rest.is_empty() || rest.starts_with(['/', '?']);
    let plain = next.len() <= 300
        && next.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'\\' | b'#' | b'@'))
        && !next.contains("//")
        && !next.contains("..");
    // Coming back to the sign-in would go round in a circle.
    (within && plain && !next.starts_with(SIGN_IN)).then_some(next)
}

/// Go there with GET.
pub(crate) fn see_other(to: &str) -> Response {
    let mut response = no_store(StatusCode::SEE_OTHER.into_response());
    if let Ok(to) = HeaderValue::from_str(to) {
        response.headers_mut().insert(LOCATION, to);
    }
    response
}

pub(crate) fn no_store(mut response: Response) -> Response {
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    response
}

/// The fields of a form. Passwords may be among them: they are wiped.
pub(crate) struct Fields(Vec<(String, Zeroizing<String>)>);

impl Fields {
    /// Reads a body, which the stack has bounded.
    pub(crate) async fn read(body: Body) -> Result<Self, Problem> {
        let whole = body.collect().await.map_err(|_| Problem::of(&problem::UNREADABLE_BODY))?;
        let bytes = Zeroizing::new(whole.to_bytes().to_vec());
        let fields = form_urlencoded::parse(&bytes).take(MOST_FIELDS);
        Ok(Self(fields.map(|(name, value)| (name.into_owned(), Zeroizing::new(value.into_owned()))).collect()))
    }

    /// The first value of a field; empty where there is none.
    pub(crate) fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.as_str())
    }
}

/// Not what was typed.
impl std::fmt::Debug for Fields {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.0.iter().map(|(name, _)| name)).finish()
    }
}

/// Who asks, for handlers that take the request apart themselves.
pub(crate) async fn visit(parts: &mut Parts, house: &SharedHouse) -> Result<(Visit, Caller), Response> {
    let visit = Visit::from_request_parts(parts, house).await.map_err(|problem| problem.into_response())?;
    let caller = visit.caller.clone();
    Ok((visit, caller))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_comes_back_to_officers_pages_only() {
        let acts = "/officers/acts?before=12&lang=vi";
        for good in ["/officers", "/officers/conversations/7", "/officers?lang=en", acts, "/hall/001.21.31.H09?lang=vi"]
        {
            assert_eq!(safe_next(good), Some(good));
        }
        for bad in [
            "",
            "/",
            "//evil.example",
            "https://evil.example/officers",
            "/officersevil",
            "/hallevil",
            "/hall//evil.example",
            "/officers//evil.example",
            "/officers/../api",
            "/officers\\evil",
            "/officers/\r\nSet-Cookie: a=b",
            "/officers/@evil",
            "/officers/sign-in?next=/officers",
            "javascript:alert(1)",
        ] {
            assert_eq!(safe_next(bad), None, "{bad}");
        }
    }

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let pair = |(name, value): &(&'static str, &'static str)| {
            (HeaderName::from_static(name), HeaderValue::from_static(value))
        };
        let mut map = HeaderMap::new();
        for (name, value) in pairs.iter().map(pair) {
            map.append(name, value);
        }
        map
    }

    #[test]
    fn what_the_browser_says_of_its_origin_is_heard() {
        let host = ("host", "dakenh.example.vn");
        for (said, ours) in [
            (vec![host], true),
            (vec![host, ("sec-fetch-site", "same-origin")], true),
            (vec![host, ("sec-fetch-site", "none")], true),
            (vec![host, ("sec-fetch-site", "same-site")], false),
            (vec![host, ("sec-fetch-site", "cross-site"), ("origin", "https://dakenh.example.vn")], false),
            (vec![host, ("origin", "https://dakenh.example.vn")], true),
            (vec![host, ("origin", "null")], true),
            (vec![host, ("origin", "https://evil.example")], false),
            (vec![host, ("origin", "https://dakenh.example.vn.evil.example")], false),
            (vec![("origin", "https://dakenh.example.vn")], false),
        ] {
            assert_eq!(same_site(&headers(&said)), ours, "{said:?}");
        }
    }

    #[test]
    fn a_cookie_is_read_by_its_whole_name_and_only_where_it_is_one() {
        const TOKEN: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
        let read = |text: &str, https| {
            let mut map = HeaderMap::new();
            map.insert(COOKIE, HeaderValue::from_str(text).unwrap());
            Cookie::Session.read(&map, https).map(|token| token.to_hex())
        };
        let is = Some(TOKEN.to_owned());
        assert_eq!(read(&format!("a=b; officer={TOKEN}"), false), is);
        assert_eq!(read(&format!("__Host-officer={TOKEN}"), true), is);
        assert_eq!(read(&format!("officer={TOKEN}"), true), None, "a plain one is not taken where HTTPS is");
        assert_eq!(read(&format!("xofficer={TOKEN}; officer-form={TOKEN}"), false), None);
        assert_eq!(read(&format!("officer={TOKEN}; officer={TOKEN}"), false), None, "two");
        assert_eq!(read("officer=short", false), None);
    }

    #[test]
    fn a_cookie_has_every_mark() {
        let token = SessionToken::parse(&"0f".repeat(32)).unwrap();
        let set = |https, clear: bool| {
            let mut response = StatusCode::OK.into_response();
            if clear {
                Cookie::Session.clear(&mut response, https);
            } else {
                Cookie::Session.set(&mut response, &token, https);
            }
            response.headers().get(SET_COOKIE).unwrap().to_str().unwrap().to_owned()
        };
        let value = "0f".repeat(32);
        assert_eq!(set(true, false), format!("__Host-officer={value}; Path=/; HttpOnly; SameSite=Strict; Secure"));
        assert_eq!(set(false, false), format!("officer={value}; Path=/; HttpOnly; SameSite=Strict"));
        assert_eq!(set(false, true), "officer=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0");
    }
}
