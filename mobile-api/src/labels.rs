//! Open enumerations with a label in the citizen's language.

use std::borrow::Cow;

use gateway_core::domain::{Level, Locale, Phase, ReasonKind, Status};
use gateway_locale::{Locales, keys, shown};
use mobile_api_types::Labelled;

/// The short name of a status; the source's own text where it is not known.
pub(crate) fn status<'a>(locales: &Locales, locale: Locale, status: &'a Status) -> Cow<'a, str> {
    match (status.phase, status.source_text.as_deref()) {
        (Phase::Other, Some(text)) => shown(text),
        (phase, _) => locales.label(locale, keys::phase(&phase).id).into(),
    }
}

pub(crate) fn reason(locales: &Locales, locale: Locale, kind: ReasonKind) -> Labelled<'static> {
    Labelled { key: kind.key().into(), label: locales.label(locale, keys::reason(&kind).id).into() }
}

pub(crate) fn level<'a>(locales: &Locales, locale: Locale, level: &'a Level) -> Labelled<'a> {
    let label = match level {
        Level::Other(text) => text.into(),
        known => locales.label(locale, keys::level(known).id).into(),
    };
    Labelled { key: level.key().into(), label }
}
