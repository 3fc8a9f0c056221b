//! What screens and paper both show, as `.slint` wants it.

use std::borrow::Cow;

use gateway_core::domain::Locale;
use gateway_locale::Locales;
use jiff::civil::Date;
use kiosk_screens as ui;
use mobile_api_types::ProcedureView;
use slint::SharedString;

use crate::flow::queue::{Priority, Taken};

/// Letters of a case's name on its button: what two lines of a small screen
/// hold in large text.
const MOST_OF_A_CASE: usize = 44;

/// A number of the queue.
pub(crate) fn taken(taken: &Taken) -> ui::Taken {
    ui::Taken {
        number: taken.number.as_str().into(),
        service: taken.service.as_str().into(),
        priority: match taken.priority {
            Priority::None => ui::Priority::Ordinary,
            Priority::Elderly => ui::Priority::Elderly,
            Priority::Disabled => ui::Priority::Disabled,
            Priority::Pregnant => ui::Priority::Pregnant,
            Priority::WithInfant => ui::Priority::WithInfant,
            Priority::Merit => ui::Priority::Merit,
        },
        ahead: taken.ahead.map_or(-1, figure),
        minutes: taken.minutes.map_or(-1, figure),
        says: taken.says.as_str().into(),
    }
}

/// What a ticket's QR code says: its page, which any phone opens and the terminal's
/// scanner reads as well; where phones have no address, the bare code.
pub(crate) fn ticket_code(phone_base_url: &str, code: &str) -> String {
    let base = phone_base_url.trim_end_matches('/');
    if base.is_empty() || code.is_empty() { code.to_owned() } else { format!("{base}/queue/tickets/{code}") }
}

/// A procedure's name in a language, as far as there is one.
pub(crate) fn name<'a>(procedure: &'a ProcedureView<'_>, locale: Locale) -> &'a str {
    procedure.english_name.as_ref().filter(|_| locale != Locale::VI).unwrap_or(&procedure.name)
}

/// The ways to hand it in.
pub(crate) fn ways<'a>(
    procedure: &'a ProcedureView<'_>,
    locales: &'a Locales,
    locale: Locale,
) -> impl Iterator<Item = ui::Way> + 'a {
    procedure.methods.iter().map(move |method| ui::Way {
        channel: (&*method.channel.label).into(),
        time: (&*method.time.label).into(),
        fee: (&*method.fee.label).into(),
        note: text(method.note.as_ref()),
        until: date(method.fee.until, locales, locale),
        conditional: method.fee.conditional,
    })
}

/// Its papers, those that hold always before those of a case; of one case: those
/// and its own.
pub(crate) fn papers<'a>(
    procedure: &'a ProcedureView<'_>,
    chosen: Option<usize>,
) -> impl Iterator<Item = ui::PaperLine> + 'a {
    let cases = || procedure.papers.iter().enumerate();
    let always = cases().filter(|(_, case)| case.case.is_empty());
    let own =
        cases().filter(move |(place, case)| !case.case.is_empty() && chosen.is_none_or(|chosen| chosen == *place));
    always.chain(own).flat_map(|(_, case)| {
        let heading = (!case.case.is_empty()).then(|| ui::PaperLine {
            text: (&*case.case).into(),
            is_case: true,
            ..ui::PaperLine::default()
        });
        heading.into_iter().chain(case.items.iter().map(|paper| ui::PaperLine {
            text: (&*paper.name).into(),
            is_case: false,
            is_note: paper.is_note,
            originals: figure(paper.originals),
            copies: figure(paper.copies),
        }))
    })
}

/// A case's name: as much as a button holds, and the whole where that is more.
pub(crate) fn case(name: &str) -> ui::CaseLine {
    let letters = name.chars().count();
    if letters <= MOST_OF_A_CASE {
        return ui::CaseLine { name: name.into(), full: SharedString::default() };
    }
    let end = name.char_indices().nth(MOST_OF_A_CASE).map_or(name.len(), |(at, _)| at);
    let kept = name.get(..end).unwrap_or(name);
    // At a word's end, where there is one.
    let kept = kept.rsplit_once(' ').map_or(kept, |(words, _)| words);
    ui::CaseLine { name: format!("{kept}…").into(), full: name.into() }
}

/// A day as it is written; nothing where there is none.
pub(crate) fn date(day: Option<Date>, locales: &Locales, locale: Locale) -> SharedString {
    day.map(|day| locales.date(locale, day).into()).unwrap_or_default()
}

/// Slint knows one kind of whole numbers.
pub(crate) fn figure(number: impl TryInto<i32>) -> i32 {
    number.try_into().unwrap_or(i32::MAX)
}

/// A text that may be missing.
pub(crate) fn text(text: Option<&Cow<'_, str>>) -> SharedString {
    text.map(|text| (&**text).into()).unwrap_or_default()
}
