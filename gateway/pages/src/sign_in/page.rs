//! The documents of signing in. They work without scripts.

use std::time::Duration;

use axum::response::Response;
use gateway_core::domain::{CsrfToken, OfficerRole};
use gateway_locale::shown;
use http::header::RETRY_AFTER;
use http::{HeaderValue, StatusCode};
use maud::{Markup, html};

use super::passwords::{LEAST, Unfit};
use super::session::{self, CSRF_FIELD, SignedInOfficer};
use super::{CODE, HOME, SIGN_IN, SIGN_OUT, acts, keys, own_password};
use crate::answer::{self, Keep};
use crate::assets::Asset;
use crate::calls;
use crate::console;
use crate::house::{House, Words};
use crate::learning;
use crate::queue;
use crate::shell::{self, Page, Place, Switch};
use crate::visit::Visit;

/// What is said above a form that did not get on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trouble {
    Wrong,
    WrongCode,
    SecondFactorMissing,
    Unfit(Unfit),
    NotTheSame,
    Wait(Duration),
    Busy,
    Failed,
}

impl Trouble {
    const fn status(self) -> StatusCode {
        match self {
            Self::Wrong | Self::WrongCode | Self::Unfit(_) | Self::NotTheSame => StatusCode::UNPROCESSABLE_ENTITY,
            Self::SecondFactorMissing => StatusCode::FORBIDDEN,
            Self::Wait(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Busy | Self::Failed => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// Seconds until another try makes sense.
    const fn retry_after(self) -> Option<u64> {
        match self {
            Self::Wait(wait) => Some(wait.as_secs() + 1),
            Self::Busy | Self::Failed => Some(5),
            _ => None,
        }
    }

    fn words(self, words: Words<'_>) -> String {
        match self {
            Self::Wrong => words.say(keys::ERROR_WRONG),
            Self::WrongCode => words.say(keys::ERROR_WRONG_CODE),
            Self::SecondFactorMissing => words.say(keys::ERROR_SECOND_FACTOR),
            Self::Unfit(unfit) => words.say(keys::unfit(unfit)),
            Self::NotTheSame => words.say(keys::ERROR_NOT_THE_SAME),
            Self::Wait(wait) => {
                // Rounded up: who comes back then is not early.
                let minutes = wait.as_secs() / 60 + 1;
                words.tell(keys::ERROR_WAIT, &[("minutes", minutes.into())])
            }
            Self::Busy => words.say(keys::ERROR_BUSY),
            Self::Failed => words.say(keys::ERROR_FAILED),
        }
    }

    /// The field that it is about.
    const fn field(self) -> Option<&'static str> {
        match self {
            Self::Wrong => Some("login"),
            Self::WrongCode => Some("code"),
            Self::Unfit(_) | Self::NotTheSame => Some("new"),
            _ => None,
        }
    }
}

/// The first form as it is shown.
pub(super) struct PasswordForm<'a> {
    pub(super) csrf: CsrfToken,
    pub(super) login: &'a str,
    pub(super) next: &'a str,
    pub(super) trouble: Option<Trouble>,
}

/// The second one.
pub(super) struct CodeForm<'a> {
    pub(super) csrf: CsrfToken,
    pub(super) next: &'a str,
    pub(super) trouble: Option<Trouble>,
}

pub(super) fn password(house: &House, visit: &Visit, form: &PasswordForm<'_>) -> Response {
    let words = house.words(visit.locale);
    let wrong = form.trouble == Some(Trouble::Wrong);
    let title = words.say(keys::SIGN_IN_TITLE);
    let login: String = form.login.chars().take(100).collect();
    let main = html! {
        h1 { (title) }
        (summary(words, form.trouble))
        p .lead { (words.say(keys::SIGN_IN_LEAD)) }
        form .fields method="post" action=(visit.href(SIGN_IN)) {
            (hidden(form.csrf, form.next))
            div {
                label for="login" { (words.say(keys::LOGIN)) }
                input #login name="login" type="text" value=(shown(&login)) required maxlength="40"
                    autocomplete="username" autocapitalize="none" spellcheck="false"
                    aria-invalid=[wrong.then_some("true")] aria-describedby=[wrong.then_some("trouble")];
            }
            div {
                label for="password" { (words.say(keys::PASSWORD)) }
                input #password name="password" type="password" required maxlength="512"
                    autocomplete="current-password"
                    aria-invalid=[wrong.then_some("true")] aria-describedby=[wrong.then_some("trouble")];
            }
            div .actions { button .primary { (words.say(keys::SIGN_IN)) } }
        }
    };
    answered(house, visit, &title, form.trouble, Switch::To(SIGN_IN), main)
}

pub(super) fn code(house: &House, visit: &Visit, form: &CodeForm<'_>) -> Response {
    let words = house.words(visit.locale);
    let wrong = form.trouble == Some(Trouble::WrongCode);
    let title = words.say(keys::CODE_TITLE);
    let described = if wrong { "code-hint trouble" } else { "code-hint" };
    let main = html! {
        h1 { (title) }
        (summary(words, form.trouble))
        p .lead { (words.say(keys::CODE_LEAD)) }
        form .fields method="post" action=(visit.href(CODE)) {
            (hidden(form.csrf, form.next))
            div {
                label for="code" { (words.say(keys::CODE)) }
                p .hint #code-hint { (words.say(keys::CODE_HINT)) }
                input #code .short name="code" type="text" inputmode="numeric" required maxlength="7"
                    pattern="[0-9 ]{6,7}" autocomplete="one-time-code" spellcheck="false"
                    aria-invalid=[wrong.then_some("true")] aria-describedby=(described);
            }
            div .actions {
                button .primary { (words.say(keys::CODE_SEND)) }
                a .button href=(visit.href(SIGN_IN)) { (words.say(keys::START_AGAIN)) }
            }
        }
    };
    answered(house, visit, &title, form.trouble, Switch::To(CODE), main)
}

/// An officer's new password.
pub(super) fn own_password(
    house: &House,
    visit: &Visit,
    officer: &SignedInOfficer,
    trouble: Option<Trouble>,
) -> Response {
    let words = house.words(visit.locale);
    let title = words.say(keys::OWN_PASSWORD_TITLE);
    let about = |field: &str| trouble.and_then(Trouble::field).is_some_and(|of| of == field);
    // What is wrong with a login and password is here wrong with the old one.
    let (old_wrong, new_wrong) = (trouble == Some(Trouble::Wrong), about("new"));
    let least = u64::try_from(LEAST).unwrap_or_default();
    let new_described = if new_wrong { "new-hint trouble" } else { "new-hint" };
    let main = html! {
        h1 { (title) }
        @match trouble {
            Some(Trouble::Wrong) => (summary_of("old", &words.say(keys::ERROR_OLD_PASSWORD), words)),
            trouble => (summary(words, trouble)),
        }
        p .lead { (words.say(keys::OWN_PASSWORD_LEAD)) }
        form .fields method="post" action=(visit.href(own_password::OWN_PASSWORD)) {
            (csrf_field(officer.csrf))
            // So that a browser keeps the new password with its login.
            input type="text" name="login" value=(officer.officer().login.as_str()) autocomplete="username" hidden;
            div {
                label for="old" { (words.say(keys::OLD_PASSWORD)) }
                input #old name="old" type="password" required maxlength="512" autocomplete="current-password"
                    aria-invalid=[old_wrong.then_some("true")] aria-describedby=[old_wrong.then_some("trouble")];
            }
            div {
                label for="new" { (words.say(keys::NEW_PASSWORD)) }
                p .hint #new-hint { (words.tell(keys::NEW_PASSWORD_HINT, &[("least", least.into())])) }
                input #new name="new" type="password" required maxlength="512" autocomplete="new-password"
                    aria-invalid=[new_wrong.then_some("true")] aria-describedby=(new_described);
            }
            div {
                label for="again" { (words.say(keys::NEW_PASSWORD_AGAIN)) }
                input #again name="again" type="password" required maxlength="512" autocomplete="new-password"
                    aria-invalid=[(trouble == Some(Trouble::NotTheSame)).then_some("true")];
            }
            div .actions { button .primary { (words.say(keys::OWN_PASSWORD_SEND)) } }
        }
    };
    let mut response = inside(house, visit, officer, &title, main);
    if let Some(trouble) = trouble {
        *response.status_mut() = trouble.status();
        if let Some(seconds) = trouble.retry_after() {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
    }
    response
}

pub(super) fn home(house: &House, visit: &Visit, officer: &SignedInOfficer) -> Response {
    let words = house.words(visit.locale);
    let account = officer.officer();
    let title = words.tell(keys::HOME_TITLE, &[("name", account.name.as_str().into())]);
    let until = house.needs.locales.moment(visit.locale, officer.signed_in.until);
    let main = html! {
        h1 { (title) }
        dl .facts {
            dt { (words.say(keys::LOGIN)) }
            dd { (account.login.as_str()) }
            dt { (words.say(keys::HOME_ROLE)) }
            dd { (words.say(keys::role(account.role))) }
            dt { (words.say(keys::HOME_SITES)) }
            dd {
                @if account.sites.codes().is_empty() {
                    (words.say(keys::HOME_SITES_ALL))
                } @else {
                    (account.sites.codes().join(", "))
                }
            }
        }
        p { (words.tell(keys::HOME_UNTIL, &[("time", (&until).into())])) }
        div .actions {
            a .button href=(visit.href(own_password::OWN_PASSWORD)) { (words.say(keys::OWN_PASSWORD_TITLE)) }
        }
    };
    inside(house, visit, officer, &title, main)
}

/// A form that is none of ours.
pub(super) fn forged(house: &House, visit: &Visit) -> Response {
    bare(house, visit, StatusCode::FORBIDDEN, keys::FORGED_TITLE, keys::FORGED)
}

/// A page of a higher role.
pub(crate) fn not_allowed(house: &House, visit: &Visit) -> Response {
    bare(house, visit, StatusCode::FORBIDDEN, keys::NOT_ALLOWED_TITLE, keys::NOT_ALLOWED)
}

/// The database is away.
pub(crate) fn unavailable(house: &House, visit: &Visit) -> Response {
    bare(house, visit, StatusCode::SERVICE_UNAVAILABLE, keys::UNAVAILABLE_TITLE, keys::ERROR_FAILED)
}

/// A page of somebody who is signed in.
pub(crate) fn inside(house: &House, visit: &Visit, officer: &SignedInOfficer, title: &str, main: Markup) -> Response {
    inside_with(
        house,
        visit,
        officer,
        Inside { title, status: StatusCode::OK, switch: Switch::Here, scripts: &[] },
        main,
    )
}

/// How such a page differs from the others.
pub(crate) struct Inside<'a> {
    pub(crate) title: &'a str,
    pub(crate) status: StatusCode,
    pub(crate) switch: Switch<'a>,
    pub(crate) scripts: &'a [Asset],
}

/// The same for a page that is not like the others.
pub(crate) fn inside_with(
    house: &House,
    visit: &Visit,
    officer: &SignedInOfficer,
    inside: Inside<'_>,
    main: Markup,
) -> Response {
    let navigation = Some(navigation(house, visit, officer));
    let Inside { title, status, switch, scripts } = inside;
    let page = Page { navigation, switch, scripts, ..Page::new(title, Place::Aside, main) };
    answer::document(visit, status, Keep::Never, shell::document(house, visit, page))
}

fn answered(
    house: &House,
    visit: &Visit,
    title: &str,
    trouble: Option<Trouble>,
    switch: Switch<'_>,
    main: Markup,
) -> Response {
    // A form that is shown by its address keeps what stands in it.
    let switch = if trouble.is_some() { switch } else { Switch::Here };
    let page = Page { switch, navigation: Some(html! {}), ..Page::new(title, Place::Aside, main) };
    let status = trouble.map_or(StatusCode::OK, Trouble::status);
    let mut response = answer::document(visit, status, Keep::Never, shell::document(house, visit, page));
    if let Some(seconds) = trouble.and_then(Trouble::retry_after) {
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

fn bare(house: &House, visit: &Visit, status: StatusCode, title: keys::Key, text: keys::Key) -> Response {
    let words = house.words(visit.locale);
    let title = words.say(title);
    let main = html! {
        h1 { (title) }
        p { (words.say(text)) }
        div .actions { a .button href=(visit.href(HOME)) { (words.say(keys::NAV_HOME)) } }
    };
    let page = Page { switch: Switch::To(HOME), navigation: Some(html! {}), ..Page::new(&title, Place::Aside, main) };
    answer::document(visit, status, Keep::Never, shell::document(house, visit, page))
}

/// What went wrong, first on the page and heard at once; it leads to the field.
fn summary(words: Words<'_>, trouble: Option<Trouble>) -> Markup {
    html! {
        @if let Some(trouble) = trouble {
            (summary_of(trouble.field().unwrap_or_default(), &trouble.words(words), words))
        }
    }
}

fn summary_of(field: &str, text: &str, words: Words<'_>) -> Markup {
    html! {
        div .trouble role="alert" {
            h2 { (words.say(keys::ERROR_TITLE)) }
            p #trouble {
                @if field.is_empty() { (text) } @else { a href=(format!("#{field}")) { (text) } }
            }
        }
    }
}

/// What no form of an officer goes without.
pub(crate) fn csrf_field(csrf: CsrfToken) -> Markup {
    html! { input type="hidden" name=(CSRF_FIELD) value=(csrf.to_hex()); }
}

fn hidden(csrf: CsrfToken, next: &str) -> Markup {
    html! {
        (csrf_field(csrf))
        @if let Some(next) = session::safe_next(next) {
            input type="hidden" name="next" value=(next);
        }
    }
}

/// The officers' own navigation, with the way out.
fn navigation(house: &House, visit: &Visit, officer: &SignedInOfficer) -> Markup {
    let words = house.words(visit.locale);
    html! {
        nav aria-label=(words.say(keys::NAV)) {
            ul .wide {
                li { a href=(visit.href(HOME)) { (words.say(keys::NAV_HOME)) } }
                @if house.console.is_some() {
                    @for (path, name) in console::places(words, officer.officer()) {
                        li { a href=(visit.href(path)) aria-current=[visit.is_at(path).then_some("page")] { (name) } }
                    }
                }
                @if house.queues.as_ref().is_some_and(queue::Queues::is_open) {
                    @let (path, name) = queue::place(words);
                    li { a href=(visit.href(path)) aria-current=[visit.is_at(path).then_some("page")] { (name) } }
                }
                @if house.calls.is_some() {
                    @let (path, name) = calls::place(words);
                    li { a href=(visit.href(path)) aria-current=[visit.is_at(path).then_some("page")] { (name) } }
                }
                @if house.needs.learning.is_some() {
                    @for (path, name) in learning::places(words) {
                        li { a href=(visit.href(path)) aria-current=[visit.is_at(path).then_some("page")] { (name) } }
                    }
                }
                @if officer.officer().is_at_least(OfficerRole::Supervisor) {
                    li { a href=(visit.href(acts::ACTS)) { (words.say(keys::NAV_ACTS)) } }
                }
                li {
                    form method="post" action=(visit.href(SIGN_OUT)) {
                        (csrf_field(officer.csrf))
                        button .quiet { (words.say(keys::SIGN_OUT)) }
                    }
                }
            }
        }
    }
}
