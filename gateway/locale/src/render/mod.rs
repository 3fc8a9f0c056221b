//! An answer of the Desk as the text of a medium.

mod dialogue;
mod dossier;
mod procedure;
mod sheet;

use std::sync::Arc;

use gateway_core::desk::{Action, Answered, Focus, Reply};
use gateway_core::domain::Locale;
use gateway_core::ports::Catalogue;

use crate::book::Book;
use crate::clean::clean;
use crate::keys;
use crate::locales::{Arg, Locales};
use crate::medium::{Medium, Voice};
use crate::speech::spell_numbers;
use crate::teller::Teller;
use sheet::Sheet;

pub(crate) use dialogue::refusal_text;
pub(crate) use dossier::{DossierWords, owner_words};
pub(crate) use procedure::ProcedureWords;

/// The longest name of another system's that is shown (procedures' names reach
/// 569 characters).
pub(crate) const MOST_OF_A_NAME: usize = 600;
/// A procedure's name where every sign counts: as long as a short name.
const MOST_OF_A_DENSE_NAME: usize = 40;
/// Notes, reasons, lists of papers: longer ones are cut.
pub(crate) const MOST_OF_A_TEXT: usize = 4_000;
/// What a citizen wrote, when it is repeated.
const MOST_OF_A_QUERY: usize = 60;
/// An announcement.
const MOST_OF_A_NOTICE: usize = 500;
/// An announcement where every sign counts.
const MOST_OF_A_DENSE_NOTICE: usize = 120;
/// Choices where the channel draws no buttons.
const MOST_CHOICES: usize = 5;

/// An answer, ready to be sent.
#[derive(Debug, Clone, PartialEq)]
pub struct Rendered {
    /// What is sent now; it keeps the medium's budget.
    pub text: String,
    /// What did not fit; the channel sends it when the citizen asks for more.
    pub rest: Option<String>,
    /// What the citizen may choose next, best first.
    pub choices: Vec<ChoiceLabel>,
}

/// One choice.
#[derive(Debug, Clone, PartialEq)]
pub struct ChoiceLabel {
    /// What stands on the button.
    pub label: String,
    /// The words that, sent as a message, mean this choice; `None` where no
    /// message can mean it.
    pub send: Option<String>,
    /// The choice.
    pub action: Action,
}

/// Renders answers. With a catalogue it names the procedures that a question
/// asks about; without one a choice of procedures shows their codes.
#[derive(Clone)]
pub struct Renderer {
    locales: Arc<Locales>,
    catalogue: Option<Arc<dyn Catalogue>>,
}

impl Renderer {
    /// A renderer without a catalogue.
    pub fn new(locales: Arc<Locales>) -> Self {
        Self { locales, catalogue: None }
    }

    /// The same with a catalogue to look names up in.
    #[must_use]
    pub fn with_catalogue(self, catalogue: Arc<dyn Catalogue>) -> Self {
        Self { catalogue: Some(catalogue), ..self }
    }

    /// The languages.
    pub fn locales(&self) -> &Arc<Locales> {
        &self.locales
    }

    /// An answer as the text of a medium. It never fails and never panics,
    /// whatever another system's texts hold.
    pub fn render(&self, answered: &Answered, locale: Locale, medium: Medium) -> Rendered {
        self.locales.render_with(answered, locale, medium, self.catalogue.as_deref())
    }
}

impl Locales {
    /// An answer as the text of a medium, without a catalogue. See
    /// [`Renderer::render`].
    pub fn render(&self, answered: &Answered, locale: Locale, medium: Medium) -> Rendered {
        self.render_with(answered, locale, medium, None)
    }

    fn render_with(
        &self,
        answered: &Answered,
        locale: Locale,
        medium: Medium,
        catalogue: Option<&dyn Catalogue>,
    ) -> Rendered {
        let mut rendered = Rendered { text: String::new(), rest: None, choices: Vec::new() };
        self.with(locale, |book| rendered = Scribe { book, locale, medium, catalogue }.render(answered));
        rendered
    }
}

/// Writes one answer.
#[derive(Clone, Copy)]
struct Scribe<'a> {
    book: &'a Book,
    /// The language that was asked for; the book's may be another.
    locale: Locale,
    medium: Medium,
    catalogue: Option<&'a dyn Catalogue>,
}

impl<'a> Scribe<'a> {
    fn render(&self, answered: &Answered) -> Rendered {
        let teller = self.teller();
        let mut sheet = Sheet::new(teller, self.medium);
        let mut choices = Vec::new();
        match &answered.outcome {
            Err(refusal) => sheet.paragraph(&refusal_text(teller, refusal)),
            Ok(Reply::Dossier(reply)) => dossier::write(self, &mut sheet, reply, None),
            Ok(Reply::Disclosed(private)) => dossier::write(self, &mut sheet, &private.public, Some(private)),
            Ok(Reply::Elsewhere(reply)) => dialogue::elsewhere(self, &mut sheet, reply),
            Ok(Reply::Procedures(reply)) => choices = procedure::write_list(self, &mut sheet, reply),
            Ok(Reply::Procedure(reply)) => choices = procedure::write(self, &mut sheet, reply),
            Ok(Reply::Agencies(agencies)) => dialogue::agencies(self, &mut sheet, agencies),
            Ok(Reply::Help) => choices = dialogue::help(self, &mut sheet),
            Ok(Reply::Question(question)) => choices = dialogue::question(self, &mut sheet, question),
            Ok(Reply::AlreadyAnswered) => sheet.paragraph(&teller.say(keys::ALREADY_ANSWERED, &[])),
        }
        let most = if self.medium.voice == Voice::Dense { MOST_OF_A_DENSE_NOTICE } else { MOST_OF_A_NOTICE };
        for notice in answered.notices.iter() {
            let text = clean(notice.text(self.locale), most);
            if !text.is_empty() {
                sheet.foot(&teller.say(keys::NOTICE, &[("text", Arg::Text(&text))]));
            }
        }
        let code = teller.code(answered.code.as_str());
        sheet.foot(&teller.say(keys::ANSWER_CODE, &[("code", Arg::Text(&code))]));
        let (text, rest) = sheet.finish();
        Rendered { text, rest, choices }
    }

    fn teller(&self) -> Teller<'a> {
        Teller::new(self.book, self.medium.voice)
    }

    /// Words for a button, whatever the medium's voice.
    fn labeller(&self) -> Teller<'a> {
        Teller::new(self.book, Voice::Lines)
    }

    fn most_choices(&self) -> usize {
        match usize::from(self.medium.buttons) {
            0 => MOST_CHOICES,
            buttons => buttons,
        }
    }

    /// A choice with its words. `name` is the procedure's, where it is known.
    fn choice(&self, action: &Action, name: Option<&str>) -> ChoiceLabel {
        let labeller = self.labeller();
        let (label, send) = match action {
            Action::TrackDossier { number } => (
                labeller.say(keys::CHOICE_DOSSIER, &[("number", Arg::Text(number.as_str()))]),
                Some(number.as_str().to_owned()),
            ),
            // The proof is the citizen's secret: it is never repeated.
            Action::DiscloseDossier { number, .. } => {
                (labeller.say(keys::CHOICE_DISCLOSE, &[("number", Arg::Text(number.as_str()))]), None)
            }
            Action::FindProcedures { query, .. } => {
                let text = clean(&query.text, MOST_OF_A_QUERY);
                if text.is_empty() {
                    (labeller.say(keys::CHOICE_FIND_ALL, &[]), None)
                } else {
                    let label = labeller.say(keys::CHOICE_FIND, &[("query", Arg::Text(&text))]);
                    // The citizen's own words, but fit to be shown.
                    (label, Some(clean(&query.text, MOST_OF_A_TEXT).into_owned()))
                }
            }
            Action::ShowProcedure { code, focus } => {
                let found = name.map(str::to_owned).or_else(|| {
                    let procedure = self.catalogue?.procedure(code)?;
                    Some(procedure::short_name(&procedure, self.book.locale).into_owned())
                });
                let name = found
                    .unwrap_or_else(|| labeller.say(keys::CHOICE_PROCEDURE, &[("code", Arg::Text(code.as_str()))]));
                if *focus == Focus::Overview {
                    (name, Some(code.as_str().to_owned()))
                } else {
                    let focus = labeller.say(keys::focus(focus), &[]);
                    let args = [("name", Arg::Text(&name)), ("focus", Arg::Text(&focus))];
                    (labeller.say(keys::CHOICE_FOCUS, &args), Some(format!("{code} {focus}")))
                }
            }
            Action::ListAgencies => {
                let label = labeller.say(keys::CHOICE_AGENCIES, &[]);
                (label.clone(), Some(label))
            }
            Action::Help => {
                let label = labeller.say(keys::CHOICE_HELP, &[]);
                (label.clone(), Some(label))
            }
        };
        ChoiceLabel { label, send, action: action.clone() }
    }

    /// The choices as lines of the text, where no buttons show them.
    fn write_choices(&self, sheet: &mut Sheet<'_>, choices: &[ChoiceLabel]) {
        if self.medium.buttons > 0 {
            return;
        }
        let teller = self.teller();
        for (place, choice) in choices.iter().enumerate() {
            let index = Arg::from(place + 1);
            let spelled;
            let label = if self.medium.voice == Voice::Spoken {
                spelled = spell_numbers(&choice.label);
                &spelled
            } else {
                &choice.label
            };
            // The code that is to be sent stands beside the label, unless the
            // label shows it anyway.
            let line = match choice.send.as_deref().filter(|send| !choice.label.contains(send)) {
                Some(send) => {
                    let send = teller.code(send);
                    let args = [("index", index), ("label", Arg::Text(label)), ("send", Arg::Text(&send))];
                    teller.say(keys::CHOICE_LINE_SEND, &args)
                }
                None => teller.say(keys::CHOICE_LINE, &[("index", index), ("label", Arg::Text(label))]),
            };
            sheet.line(&line);
        }
    }
}
