//! What the pages need, and how the Desk is asked.

use std::sync::Arc;
use std::time::Duration;

use gateway_core::desk::{
    Action, Answered, Answers, Audience, Content, ContinuationDesk, ConversationId, DeskHours, NoticeBoard, Request,
    RequestId,
};
use gateway_core::domain::{
    Channel, DossierNumberParser, Locale, Notice, Procedure, Provider, Sender, SenderAssurance, WorkingCalendar,
};
use gateway_core::ports::{Catalogue, Clock, HashKey, Learning, Randomness};
use gateway_locale::{Arg, Locales, Renderer};

use crate::calls::{CallNeeds, CallPages};
use crate::chat::ChatPage;
use crate::console::{Console, ConsoleNeeds};
use crate::keys::Key;
use crate::queue::{QueueNeeds, Queues};
use crate::shelf::Shelf;
use crate::sign_in::SignInDesk;
use crate::visit::Visit;

/// What the pages need from the composition root.
#[derive(Clone)]
pub struct PagesNeeds {
    /// What answers: the Desk.
    pub desk: Arc<dyn Answers>,
    /// For names, fields and the version that a page of a list belongs to. It
    /// is never asked for an answer.
    pub catalogue: Arc<dyn Catalogue>,
    /// The words.
    pub locales: Arc<Locales>,
    /// What reads dossier numbers.
    pub numbers: Arc<DossierNumberParser>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Randomness for conversation ids.
    pub randomness: Arc<dyn Randomness>,
    /// The announcements: what hangs on the wall costs no question to the Desk.
    pub notices: Arc<NoticeBoard>,
    /// When the desks are open, for the foot of each page.
    pub calendar: Arc<WorkingCalendar>,
    /// The province's telephone for all questions.
    pub hotline: Option<Arc<str>>,
    /// What is offered without a search.
    pub shelf: Arc<Shelf>,
    /// Whether a road leads to phones, so that a one-time code can be offered.
    pub codes_by_sms: bool,
    /// Lets officers in; `None`: there are no officers' pages.
    pub officers: Option<Arc<SignInDesk>>,
    /// The chat; `None` where there is none.
    pub chat: Option<ChatPage>,
    /// The key of the tokens that the pages give out.
    pub hash_key: HashKey,
    /// Where officers talk with citizens; `None`: there are no chats.
    pub console: Option<ConsoleNeeds>,
    /// Where officers teach; `None`: nobody does.
    pub learning: Option<Arc<dyn Learning>>,
    /// Where officers call numbers; `None`: there are no queues.
    pub queue: Option<QueueNeeds>,
    /// Lets pages go on on phones; `None`: terminals show no codes for phones.
    pub continuations: Option<Arc<ContinuationDesk>>,
    /// Where officers see who calls from a terminal; `None`: nowhere.
    pub calls: Option<CallNeeds>,
    /// How long the Desk may take; shorter than the stack's total timeout.
    pub deadline: Duration,
}

/// The state of all handlers.
pub(crate) struct House {
    pub(crate) needs: PagesNeeds,
    pub(crate) renderer: Renderer,
    pub(crate) console: Option<Console>,
    pub(crate) queues: Option<Queues>,
    pub(crate) calls: Option<CallPages>,
    provider: Provider,
}

pub(crate) type SharedHouse = Arc<House>;

impl House {
    pub(crate) fn new(needs: PagesNeeds) -> Self {
        let renderer = Renderer::new(Arc::clone(&needs.locales)).with_catalogue(Arc::clone(&needs.catalogue));
        let console = needs.console.clone().map(Console::new);
        let queues = needs.queue.clone().map(Queues::new);
        let calls = needs.calls.clone().map(CallPages::new);
        Self { needs, renderer, console, queues, calls, provider: Provider::new("pages") }
    }

    /// Asks the Desk. Nothing vouches for who sits before a browser.
    pub(crate) async fn ask(&self, visit: &Visit, conversation: Option<ConversationId>, content: Content) -> Answered {
        let received_at = self.needs.clock.now();
        // A clock at the end of time gives no time at all.
        let deadline = received_at.checked_add(self.needs.deadline).unwrap_or(received_at);
        let request = Request {
            id: visit.caller.request_id.clone(),
            channel: Channel::Web,
            provider: self.provider.clone(),
            message_id: None,
            sender: Sender::Address(visit.caller.net),
            device: None,
            address: Some(visit.caller.net),
            assurance: SenderAssurance::Claimed,
            audience: Audience::Sender,
            locale: visit.locale,
            received_at,
            deadline,
            conversation,
            content,
        };
        self.needs.desk.handle(request).await
    }

    pub(crate) async fn act(&self, visit: &Visit, action: Action) -> Answered {
        self.ask(visit, None, Content::Action(action)).await
    }

    pub(crate) fn words(&self, locale: Locale) -> Words<'_> {
        Words { locales: &self.needs.locales, locale }
    }

    /// The announcements on the wall.
    pub(crate) fn notices(&self) -> Arc<[Arc<Notice>]> {
        self.needs.notices.on(Channel::Web, self.needs.clock.now())
    }

    pub(crate) fn hours(&self) -> DeskHours {
        DeskHours::at(&self.needs.calendar, self.needs.hotline.clone(), self.needs.clock.now())
    }

    /// A name for a conversation that nobody can guess from another one's.
    pub(crate) fn conversation(&self, given: &str) -> String {
        let ours = given.len() == 16 && given.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f'));
        if ours {
            return given.to_owned();
        }
        RequestId::from_bits(self.needs.randomness.next_u64()).into_inner().into_string()
    }
}

/// The words of one language.
#[derive(Clone, Copy)]
pub(crate) struct Words<'a> {
    pub(crate) locales: &'a Locales,
    pub(crate) locale: Locale,
}

impl Words<'_> {
    /// A sentence without arguments.
    pub(crate) fn say(&self, key: Key) -> String {
        self.locales.label(self.locale, key.id)
    }

    /// Parts with what the language puts between them; `None` where there are none.
    pub(crate) fn join(&self, parts: &[String]) -> Option<String> {
        let mut parts = parts.iter();
        let first = parts.next()?.clone();
        let two = |so_far: String, next: &String| {
            self.tell(gateway_locale::keys::LIST_SEPARATOR, &[("first", (&so_far).into()), ("rest", next.into())])
        };
        Some(parts.fold(first, two))
    }

    /// The language of the source's own texts, where the page's is another
    /// (WCAG 3.1.2): a voice then reads them as what they are.
    pub(crate) fn vietnamese(&self) -> Option<Locale> {
        (self.locale != Locale::VI).then_some(Locale::VI)
    }

    /// The same for a procedure's name, which may have been translated.
    pub(crate) fn lang_of(&self, procedure: &Procedure) -> Option<Locale> {
        self.vietnamese().filter(|_| procedure.english_name.as_deref().is_none_or(|name| name.trim().is_empty()))
    }

    /// A sentence with arguments.
    pub(crate) fn tell(&self, key: Key, args: &[(&'static str, Arg<'_>)]) -> String {
        self.locales.text(self.locale, key.id, args)
    }
}
