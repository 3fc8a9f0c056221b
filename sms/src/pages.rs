//! An answer as the messages that carry it.

use compact_str::CompactString;
use gateway_core::domain::{Category, Channel};
use gateway_core::ports::NewOutbound;
use gateway_locale::SmsText;
use jiff::Timestamp;

use crate::codec::{Alphabet, gsm_septets};
use crate::config::PolicyName;
use crate::dispatch::form_of;
use crate::routes::{Route, Routes};
use crate::segment::fold_sentence;

/// What is sent now, and what is kept for TIEP.
pub(crate) struct Page {
    pub(crate) alphabet: Alphabet,
    pub(crate) parts: Vec<String>,
    pub(crate) rest: Option<String>,
}

/// The first page of an answer: its body, and its foot, which stands on this
/// page however long the body is.
pub(crate) fn first_page(routes: &Routes, route: &Route, text: SmsText, hint: &str) -> Page {
    // What will be folded is folded once, not for each sentence that is weighed.
    let folds = route.config.policy == PolicyName::Folded && !text.all(|sentence| gsm_septets(sentence).is_some());
    let text = if folds { text.map(fold_sentence) } else { text };
    let body = text.body(|whole| routes.parts(route, whole));
    let whole = match &text.foot {
        Some(foot) => format!("{body} {foot}"),
        None => body.clone(),
    };
    let all = routes.segment(route, &whole, None);
    if all.rest.is_none() {
        return Page { alphabet: all.alphabet, parts: all.parts, rest: None };
    }
    let end = format!("... {hint}");
    let Some(foot) = &text.foot else { return next_page(routes, route, &body, end.trim_end()) };
    let page = next_page(routes, route, &body, &format!("... {foot}. {hint}"));
    if page.rest.is_some() {
        return page;
    }
    // The body alone would fit: the foot must not be what is left out.
    next_page(routes, route, &format!("{foot}. {body}"), &end)
}

/// A page of what was kept.
pub(crate) fn next_page(routes: &Routes, route: &Route, text: &str, hint: &str) -> Page {
    let page = routes.segment(route, text, Some(hint));
    Page { alphabet: page.alphabet, parts: page.parts, rest: page.rest }
}

/// The messages of a page.
#[expect(clippy::too_many_arguments, reason = "each is a column of the row")]
pub(crate) fn outbound(
    page: Page,
    route: &Route,
    category: Category,
    to: &CompactString,
    from: &CompactString,
    reference: u16,
    not_before: Timestamp,
    valid_until: Timestamp,
) -> Vec<NewOutbound> {
    let texts = if route.whole { vec![page.parts.concat()] } else { page.parts };
    let parts = u8::try_from(texts.len()).unwrap_or(u8::MAX);
    texts
        .into_iter()
        .zip(1..=parts)
        .map(|(text, part)| NewOutbound {
            channel: Channel::Sms,
            route: route.config.road.clone(),
            category,
            to: to.clone(),
            from: from.clone(),
            text,
            form: CompactString::const_new(form_of(page.alphabet)),
            part,
            parts,
            reference,
            not_before,
            valid_until,
            // The same code twice harms nobody; an answer twice costs and
            // confuses.
            repeatable: matches!(category, Category::Code),
            answers: None,
            begun: false,
        })
        .collect()
}
