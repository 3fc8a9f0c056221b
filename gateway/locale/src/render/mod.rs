//! An answer of the Desk as the text of a medium.

mod dialogue;
mod dossier;
mod links;
mod notices;
mod parts;
mod procedure;
mod queue;
mod sheet;
mod talk;

use std::sync::Arc;

use gateway_core::desk::{Action, Answered, ChatEvent, LinkAction, LinkReply, Reply};
use gateway_core::domain::Locale;
use gateway_core::ports::{Catalogue, Subject};

use crate::book::Book;
use crate::clean::clean;
use crate::keys;
use crate::keywords::Keywords;
use crate::locales::{Arg, Locales};
use crate::medium::{Medium, Voice};
use crate::speech::spell_numbers;
use crate::teller::Teller;
use sheet::Sheet;

pub(crate) use dialogue::refusal_text;
pub(crate) use dossier::{DossierWords, owner_words};
pub(crate) use procedure::ProcedureWords;
pub(crate) use talk::hours_sentences;

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

/// An answer for the SMS channel, which folds, counts and cuts by itself: with
/// its marks, on one line, without a link.
///
/// The channel sends `body(…)` and, after a space, the foot. Where that is more
/// than one message may hold, the foot goes with the first page: its code names
/// the answer.
#[derive(Debug, Clone, PartialEq)]
pub struct SmsText {
    sentences: Vec<(String, Importance)>,
    /// Announcements, the age of an answer from memory, and the answer's code;
    /// `None` where the house speaks by itself: that answers nothing.
    pub foot: Option<String>,
    /// What the citizen may choose next, best first; it stands in the text too.
    pub choices: Vec<ChoiceLabel>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Importance {
    /// Always said.
    Must,
    /// Said where it costs nothing.
    Nice,
}

impl SmsText {
    /// What is said: all that must be, and what is nice to know as far as it
    /// costs no more. `cost` says how many parts a whole text takes, body and
    /// foot, under the policy of the route and without a cap; it is asked once,
    /// and once more for each sentence that may be left out (at most five or so).
    pub fn body(&self, cost: impl Fn(&str) -> usize) -> String {
        let mut kept: Vec<bool> = self.sentences.iter().map(|(_, of)| *of == Importance::Must).collect();
        let least = cost(&self.with_foot(&kept));
        for place in 0..kept.len() {
            if kept.get(place).copied().unwrap_or(true) {
                continue;
            }
            set(&mut kept, place, true);
            if cost(&self.with_foot(&kept)) > least {
                set(&mut kept, place, false);
            }
        }
        self.joined(&kept)
    }

    /// Whether a test holds for all that might be said.
    pub fn all(&self, holds: impl Fn(&str) -> bool) -> bool {
        self.sentences.iter().all(|(text, _)| holds(text)) && self.foot.as_deref().is_none_or(&holds)
    }

    /// The same in other letters: a channel that folds does it once, before it
    /// asks what each sentence costs.
    #[must_use]
    pub fn map(self, letters: impl Fn(&str) -> String) -> Self {
        Self {
            sentences: self.sentences.into_iter().map(|(text, of)| (letters(&text), of)).collect(),
            foot: self.foot.as_deref().map(&letters),
            choices: self.choices,
        }
    }

    fn joined(&self, kept: &[bool]) -> String {
        let said = self.sentences.iter().zip(kept).filter(|(_, kept)| **kept);
        said.map(|((text, _), _)| text.as_str()).collect::<Vec<_>>().join(" ")
    }

    fn with_foot(&self, kept: &[bool]) -> String {
        let body = self.joined(kept);
        match &self.foot {
            Some(foot) => format!("{body} {foot}"),
            None => body,
        }
    }
}

fn set(kept: &mut [bool], place: usize, to: bool) {
    if let Some(one) = kept.get_mut(place) {
        *one = to;
    }
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
    keywords: Keywords,
}

impl Renderer {
    /// A renderer without a catalogue.
    pub fn new(locales: Arc<Locales>) -> Self {
        Self { locales, catalogue: None, keywords: Keywords::DEFAULT }
    }

    /// The same with a catalogue to look names up in.
    #[must_use]
    pub fn with_catalogue(self, catalogue: Arc<dyn Catalogue>) -> Self {
        Self { catalogue: Some(catalogue), ..self }
    }

    /// The same with other words to send to a short code.
    #[must_use]
    pub fn with_keywords(self, keywords: Keywords) -> Self {
        Self { keywords, ..self }
    }

    /// The languages.
    pub fn locales(&self) -> &Arc<Locales> {
        &self.locales
    }

    /// An answer as the text of a medium. It never fails and never panics,
    /// whatever another system's texts hold.
    pub fn render(&self, answered: &Answered, locale: Locale, medium: Medium) -> Rendered {
        self.locales.render_with(answered, locale, medium, self.catalogue.as_deref(), &self.keywords)
    }

    /// An answer for the channel that cuts by itself.
    pub fn render_sms(&self, answered: &Answered, locale: Locale) -> SmsText {
        self.sms(locale, |scribe| scribe.sheet(answered))
    }

    /// What the house says by itself, for the channel that cuts by itself: a
    /// code, a dossier that has moved, an announcement. It has no foot.
    pub fn notify_sms(&self, subject: &Subject, locale: Locale) -> SmsText {
        self.sms(locale, |scribe| {
            let mut sheet = Sheet::new(scribe.teller(), scribe.medium);
            match subject {
                Subject::OneTimeCode { code, minutes } => notices::one_time_code(scribe, &mut sheet, code, *minutes),
                Subject::LinkCode { code, minutes, channel } => {
                    links::code(scribe, &mut sheet, code, *minutes, *channel);
                }
                Subject::DossierMoved(reply) => notices::moved(scribe, &mut sheet, reply),
                Subject::Announcement(text) => notices::announcement(scribe, &mut sheet, text),
            }
            (sheet, Vec::new())
        })
    }

    /// The sentence that ends a page which goes on (`Soạn TIEP để xem tiếp`).
    pub fn sms_more_hint(&self, locale: Locale) -> String {
        let key = keys::SMS_MORE_HINT;
        self.locales.tell(locale, Voice::Dense, |teller| teller.say(key, &self.keywords.args(key)))
    }

    /// What happens on the way to a person.
    pub fn chat_event(&self, event: ChatEvent, locale: Locale) -> String {
        self.locales.tell(locale, Voice::Paragraphs, |teller| teller.say(keys::chat_event(&event), &[]))
    }

    /// An officer's words, where nothing else tells them from the house's.
    pub fn officer_says(&self, text: &str, locale: Locale) -> String {
        let args = [("text", Arg::Text(text))];
        self.locales.tell(locale, Voice::Paragraphs, |teller| teller.say(keys::OFFICER_SAYS, &args))
    }

    /// What stands on the messenger's own button that shares a telephone.
    pub fn contact_button(&self, locale: Locale) -> String {
        self.locales.tell(locale, Voice::Paragraphs, |teller| teller.say(keys::LINK_CONTACT_BUTTON, &[]))
    }

    fn sms(&self, locale: Locale, write: impl for<'a> FnOnce(&Scribe<'a>) -> (Sheet<'a>, Vec<ChoiceLabel>)) -> SmsText {
        let mut text = SmsText { sentences: Vec::new(), foot: None, choices: Vec::new() };
        self.locales.with(locale, |book| {
            let (catalogue, keywords) = (self.catalogue.as_deref(), &self.keywords);
            let scribe = Scribe { book, locale, medium: Medium::SMS_WHOLE, catalogue, keywords };
            let (sheet, choices) = write(&scribe);
            let (sentences, foot) = sheet.sentences();
            text = SmsText { sentences, foot, choices };
        });
        text
    }
}

impl Locales {
    /// An answer as the text of a medium, without a catalogue. See
    /// [`Renderer::render`].
    pub fn render(&self, answered: &Answered, locale: Locale, medium: Medium) -> Rendered {
        self.render_with(answered, locale, medium, None, &Keywords::DEFAULT)
    }

    fn render_with(
        &self,
        answered: &Answered,
        locale: Locale,
        medium: Medium,
        catalogue: Option<&dyn Catalogue>,
        keywords: &Keywords,
    ) -> Rendered {
        let mut rendered = Rendered { text: String::new(), rest: None, choices: Vec::new() };
        self.with(locale, |book| {
            let scribe = Scribe { book, locale, medium, catalogue, keywords };
            let (sheet, choices) = scribe.sheet(answered);
            let (text, rest) = sheet.finish();
            rendered = Rendered { text, rest, choices };
        });
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
    keywords: &'a Keywords,
}

impl<'a> Scribe<'a> {
    fn sheet(&self, answered: &Answered) -> (Sheet<'a>, Vec<ChoiceLabel>) {
        let teller = self.teller();
        let mut sheet = Sheet::new(teller, self.medium);
        let mut choices = Vec::new();
        match &answered.outcome {
            Err(refusal) => sheet.paragraph(&refusal_text(teller, refusal, self.keywords)),
            Ok(Reply::Dossier(reply)) => dossier::write(self, &mut sheet, reply, None),
            Ok(Reply::Disclosed(private)) => dossier::write(self, &mut sheet, &private.public, Some(private)),
            Ok(Reply::Elsewhere(reply)) => dialogue::elsewhere(self, &mut sheet, reply),
            Ok(Reply::Procedures(reply)) => choices = procedure::write_list(self, &mut sheet, reply),
            Ok(Reply::Procedure(reply)) => choices = procedure::write(self, &mut sheet, reply),
            Ok(Reply::Agencies(agencies)) => dialogue::agencies(self, &mut sheet, agencies),
            Ok(Reply::Help) => choices = dialogue::help(self, &mut sheet),
            Ok(Reply::Question(question)) => choices = dialogue::question(self, &mut sheet, question),
            Ok(Reply::AlreadyAnswered) => sheet.paragraph(&teller.say(keys::ALREADY_ANSWERED, &[])),
            Ok(Reply::CodeSent { minutes }) => notices::code_sent(self, &mut sheet, *minutes),
            Ok(Reply::Subscribed(reply)) => notices::subscribed(self, &mut sheet, reply),
            Ok(Reply::Unsubscribed { count }) => {
                sheet.paragraph(&teller.say(keys::UNSUBSCRIBED, &[("count", Arg::from(*count))]));
            }
            Ok(Reply::OptedOut { category }) => notices::wish(self, &mut sheet, keys::opted_out(category)),
            Ok(Reply::OptedIn { category }) => notices::wish(self, &mut sheet, keys::opted_in(category)),
            Ok(Reply::More) => sheet.paragraph(&teller.say(keys::MORE_NOTHING, &[])),
            Ok(Reply::WillAnswer) => sheet.paragraph(&teller.say(keys::WILL_ANSWER, &[])),
            Ok(Reply::OpeningHours(hours)) => choices = talk::opening_hours(self, &mut sheet, hours),
            Ok(Reply::Person(person)) => choices = talk::person(self, &mut sheet, person),
            Ok(Reply::QueueNow(reply)) => choices = queue::now(self, &mut sheet, reply),
            Ok(Reply::Ticket(reply)) => queue::ticket(self, &mut sheet, reply),
            Ok(Reply::TicketPlace(reply)) => queue::place(self, &mut sheet, reply),
            Ok(Reply::WhereTickets(reply)) => choices = queue::places(self, &mut sheet, reply),
            Ok(Reply::InLine(place)) => choices = talk::in_line(self, &mut sheet, *place),
            Ok(Reply::LeftLine) => sheet.paragraph(&teller.say(keys::LEFT_LINE, &[])),
            Ok(Reply::CallbackNoted { phone }) => {
                let phone = phone.masked();
                sheet.paragraph(&teller.say(keys::CALLBACK_NOTED, &[("phone", Arg::Text(&phone))]));
            }
            Ok(Reply::Link(reply)) => choices = links::write(self, &mut sheet, reply),
            Ok(Reply::MyRequests(reply)) => choices = links::my_requests(self, &mut sheet, reply),
            Ok(Reply::RateAsk { number }) => choices = talk::rate_ask(self, &mut sheet, number),
            Ok(Reply::Rated { number, score }) => talk::rated(self, &mut sheet, number, *score),
            Ok(Reply::RateHow { officers }) => choices = talk::rate_how(self, &mut sheet, *officers),
            Ok(Reply::OnlyText) => sheet.paragraph(&teller.say(keys::ONLY_TEXT, &[])),
            Ok(Reply::NotYet(reply)) => choices = talk::not_yet(self, &mut sheet, reply),
            Ok(Reply::Greeting) => choices = talk::greeting(self, &mut sheet),
            Ok(Reply::Thanks) => sheet.paragraph(&teller.say(keys::THANKS, &[])),
            Ok(Reply::TurnedAway { topic, hotline }) => {
                choices = talk::turned_away(self, &mut sheet, *topic, hotline.as_deref());
            }
        }
        self.write_foot(&mut sheet, answered);
        (sheet, choices)
    }

    /// Announcements and the code that an officer can look up.
    fn write_foot(&self, sheet: &mut Sheet<'_>, answered: &Answered) {
        let teller = self.teller();
        let most = if self.medium.voice == Voice::Dense { MOST_OF_A_DENSE_NOTICE } else { MOST_OF_A_NOTICE };
        for notice in answered.notices.iter() {
            let text = clean(notice.text(self.locale), most);
            if !text.is_empty() {
                sheet.foot(&teller.say(keys::NOTICE, &[("text", Arg::Text(&text))]));
            }
        }
        let code = teller.code(answered.code.as_str());
        // Beside a code that was sent, “Mã 7K3F” would be taken for that one.
        let code_sent =
            matches!(answered.outcome, Ok(Reply::CodeSent { .. } | Reply::Link(LinkReply::CodeSent { .. })));
        let beside_a_code = code_sent && teller.voice == Voice::Dense;
        let named = if beside_a_code { self.labeller() } else { teller };
        sheet.foot(&named.say(keys::ANSWER_CODE, &[("code", Arg::Text(&code))]));
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
        // The label is what one sends.
        let said = |key| {
            let label = labeller.say(key, &[]);
            (label.clone(), Some(label))
        };
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
            Action::ShowProcedure { code, focus, .. } => {
                let found = name.map(str::to_owned).or_else(|| {
                    let procedure = self.catalogue?.procedure(code)?;
                    Some(procedure::short_name(&procedure, self.book.locale).into_owned())
                });
                let name = found
                    .unwrap_or_else(|| labeller.say(keys::CHOICE_PROCEDURE, &[("code", Arg::Text(code.as_str()))]));
                if focus.is_overview() {
                    (name, Some(code.as_str().to_owned()))
                } else {
                    let focus = procedure::focus_words(labeller, *focus);
                    let args = [("name", Arg::Text(&name)), ("focus", Arg::Text(&focus))];
                    (labeller.say(keys::CHOICE_FOCUS, &args), Some(format!("{code} {focus}")))
                }
            }
            Action::ListAgencies => said(keys::CHOICE_AGENCIES),
            Action::SendCode { number } => {
                let label = labeller.say(keys::CHOICE_SEND_CODE, &[("number", Arg::Text(number.as_str()))]);
                (label.clone(), Some(label))
            }
            // A proof is the citizen's secret: it is never repeated.
            Action::Subscribe { number, proof, .. } => {
                let label = labeller.say(keys::CHOICE_SUBSCRIBE, &[("number", Arg::Text(number.as_str()))]);
                (label.clone(), proof.is_none().then_some(label))
            }
            // What is said with keywords of one channel only.
            Action::Unsubscribe { .. } => (labeller.say(keys::CHOICE_UNSUBSCRIBE, &[]), None),
            Action::OptOut { .. } => (labeller.say(keys::CHOICE_STOP, &[]), None),
            Action::OptIn { .. } => (labeller.say(keys::CHOICE_START, &[]), None),
            Action::More => (labeller.say(keys::CHOICE_MORE, &[]), None),
            // A number is the citizen's own: it is never repeated.
            Action::Help
            | Action::Greet
            | Action::Thank
            | Action::TurnAway { .. }
            | Action::CallBack { .. }
            | Action::Unreadable => said(keys::CHOICE_HELP),
            Action::Complain => said(keys::CHOICE_COMPLAIN),
            Action::LeaveLine => said(keys::CHOICE_LEAVE_LINE),
            Action::Link(LinkAction::Unlink { which: None }) => said(keys::CHOICE_UNLINK),
            Action::Link(LinkAction::Unlink { which: Some(place) }) => {
                let label = labeller.say(keys::CHOICE_UNLINK_ONE, &[("place", Arg::from(u32::from(*place)))]);
                (label.clone(), Some(label))
            }
            Action::Link(LinkAction::Show) => said(keys::CHOICE_LINKS),
            // Neither a number nor a code is repeated.
            Action::Link(_) => said(keys::CHOICE_LINK),
            Action::MyRequests => said(keys::CHOICE_MY_REQUESTS),
            Action::OpeningHours => said(keys::CHOICE_HOURS),
            Action::TalkToPerson => said(keys::CHOICE_PERSON),
            // Which ticket is its holder's alone.
            Action::QueueNow { .. } | Action::TicketPlace { .. } => said(keys::CHOICE_QUEUE),
            Action::TakeTicket { .. } => said(keys::CHOICE_TICKET),
            // The proof is the citizen's secret: it is never repeated.
            Action::RateDossier { number, given: Some(given), .. } => {
                let score = ("score", Arg::from(u32::from(given.score.number())));
                let send = labeller.say(keys::CHOICE_RATE_SEND, &[score, ("number", Arg::Text(number.as_str()))]);
                let score = ("score", Arg::from(u32::from(given.score.number())));
                (labeller.say(keys::CHOICE_RATE_SCORE, &[score]), Some(send))
            }
            Action::Rate | Action::RateDossier { .. } => said(keys::CHOICE_RATE),
            Action::Pay => said(keys::CHOICE_PAY),
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
