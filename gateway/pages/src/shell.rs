//! What stands around every page: the document, its head, the navigation, the
//! foot with hours and telephone.

use std::sync::Arc;

use gateway_core::domain::{Locale, Notice};
use gateway_locale::shown;
use maud::{DOCTYPE, Markup, html};

use crate::assets::Asset;
use crate::house::{House, Words};
use crate::keys;
use crate::visit::Visit;

/// Where in the citizens' navigation a page stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Front,
    Dossiers,
    Procedures,
    Chat,
    /// In none of these.
    Aside,
}

/// How the switch of languages keeps the page.
pub(crate) enum Switch<'a> {
    /// By its address.
    Here,
    /// The page answers a form: the form is sent again, with these fields. A
    /// proof is never among them.
    Again { action: &'a str, fields: &'a [(&'a str, &'a str)] },
    /// It leads to this page, because what was sent must not be sent twice.
    To(&'a str),
}

/// One page.
pub(crate) struct Page<'a> {
    /// Names the page among all of ours.
    pub(crate) title: &'a str,
    pub(crate) place: Place,
    pub(crate) switch: Switch<'a>,
    /// Announcements, shown above.
    pub(crate) notices: &'a [Arc<Notice>],
    /// In place of the citizens' navigation.
    pub(crate) navigation: Option<Markup>,
    /// Scripts besides the one of every page.
    pub(crate) scripts: &'a [Asset],
    /// What the page is about, with its `h1`.
    pub(crate) main: Markup,
}

impl<'a> Page<'a> {
    /// A citizens' page that is found by its address.
    pub(crate) const fn new(title: &'a str, place: Place, main: Markup) -> Self {
        Self { title, place, switch: Switch::Here, notices: &[], navigation: None, scripts: &[], main }
    }
}

/// The whole document.
pub(crate) fn document(house: &House, visit: &Visit, page: Page<'_>) -> String {
    let words = house.words(visit.locale);
    let citizens = page.navigation.is_none();
    let brand = words.say(keys::BRAND);
    let title = if page.place == Place::Front { brand.clone() } else { format!("{} – {brand}", page.title) };
    let document = html! {
        (DOCTYPE)
        html lang=(visit.locale) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) }
                link rel="stylesheet" href=(Asset::Style.href());
                link rel="icon" type="image/svg+xml" href=(Asset::Icon.href());
                script src=(Asset::Script.href()) defer {}
                @for script in page.scripts {
                    script src=(script.href()) defer {}
                }
            }
            body {
                a .skip href="#main" { (words.say(keys::SKIP)) }
                header .top {
                    div .wide {
                        a .brand href=(visit.href("/")) {
                            img src=(Asset::Icon.href()) alt="" width="40" height="40";
                            span {
                                strong { (brand) }
                                small { (words.say(keys::BRAND_SUB)) }
                            }
                        }
                        div .tools {
                            (languages(house, words, visit, &page.switch))
                            // Shown by the script: without it, it could do nothing.
                            button #theme .quiet type="button" hidden { (words.say(keys::THEME)) }
                        }
                    }
                    @match page.navigation {
                        Some(navigation) => (navigation),
                        None => (navigation(house, words, visit, page.place)),
                    }
                }
                main #main tabindex="-1" {
                    (announcements(words, page.notices))
                    (page.main)
                }
                (foot(house, words, citizens))
            }
        }
    };
    document.into_string()
}

fn navigation(house: &House, words: Words<'_>, visit: &Visit, here: Place) -> Markup {
    let places = [
        (Place::Front, "/", keys::NAV_FRONT),
        (Place::Dossiers, "/dossiers", keys::NAV_DOSSIERS),
        (Place::Procedures, "/procedures", keys::NAV_PROCEDURES),
        (Place::Chat, "/chat", keys::NAV_CHAT),
    ];
    let there = |place| place != Place::Chat || house.needs.chat.is_some();
    html! {
        nav aria-label=(words.say(keys::NAV)) {
            ul .wide {
                @for (place, path, key) in places.into_iter().filter(|(place, ..)| there(*place)) {
                    li { a href=(visit.href(path)) aria-current=[(place == here).then_some("page")] { (words.say(key)) } }
                }
            }
        }
    }
}

/// Each other language, named in itself.
fn languages(house: &House, words: Words<'_>, visit: &Visit, switch: &Switch<'_>) -> Markup {
    let others = house.needs.locales.available().into_iter().filter(|locale| *locale != visit.locale);
    html! {
        @for locale in others {
            @let name = house.words(locale).say(keys::LANGUAGE_NAME);
            @match switch {
                Switch::Here => (language(&visit.here_in(locale), locale, &name, words)),
                Switch::To(path) => (language(&Visit::there_in(path, locale), locale, &name, words)),
                Switch::Again { action, fields } => {
                    form method="post" action=(Visit::there_in(action, locale)) {
                        @for (name, value) in *fields {
                            input type="hidden" name=(name) value=(value);
                        }
                        button .quiet lang=(locale) title=(words.say(keys::LANGUAGE_SWITCH)) { (name) }
                    }
                }
            }
        }
    }
}

fn language(href: &str, locale: Locale, name: &str, words: Words<'_>) -> Markup {
    html! { a .quiet href=(href) hreflang=(locale) lang=(locale) title=(words.say(keys::LANGUAGE_SWITCH)) { (name) } }
}

fn announcements(words: Words<'_>, notices: &[Arc<Notice>]) -> Markup {
    let texts = notices.iter().map(|notice| shown(notice.text(words.locale))).filter(|text| !text.is_empty());
    let texts: Vec<_> = texts.collect();
    html! {
        @if !texts.is_empty() {
            aside .notices aria-label=(words.say(keys::NOTICES)) {
                @for text in texts {
                    p { (text) }
                }
            }
        }
    }
}

/// `citizens`: their pages use no cookies, and say so; officers' pages do.
fn foot(house: &House, words: Words<'_>, citizens: bool) -> Markup {
    let hours = house.hours();
    html! {
        footer {
            div .wide {
                section {
                    h2 { (words.say(keys::FOOT_HOURS)) }
                    @for sentence in words.locales.hours_texts(&hours, words.locale) {
                        p { (sentence) }
                    }
                }
                section {
                    h2 { (words.say(keys::FOOT_HELP)) }
                    (hotline(words, hours.hotline.as_deref()))
                    @if citizens {
                        p { (words.say(keys::FOOT_PRIVACY)) }
                    }
                }
            }
        }
    }
}

/// The telephone, to be called with a touch.
pub(crate) fn hotline(words: Words<'_>, phone: Option<&str>) -> Markup {
    let phone = phone.map(shown).filter(|phone| !phone.is_empty());
    html! {
        @match phone {
            Some(phone) => {
                p {
                    (words.say(keys::FOOT_HOTLINE)) " "
                    a .phone href=(format!("tel:{}", digits(&phone))) { (phone) }
                }
            }
            None => p { (words.say(gateway_locale::keys::HOTLINE_UNKNOWN)) },
        }
    }
}

fn digits(phone: &str) -> String {
    phone.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect()
}

#[cfg(test)]
mod tests {
    use super::digits;

    #[test]
    fn a_telephone_is_dialled_by_its_digits() {
        assert_eq!(digits("0274.1022"), "02741022");
        assert_eq!(digits("+84 (274) 1022"), "+842741022");
    }
}
