//! Updates as Telegram writes them, and what a citizen did by them.
//!
//! Read with lean types of our own: teloxide's lose the words of a message in
//! which one entity is of a kind newer than themselves (ADR 12).

use compact_str::{CompactString, format_compact};
use gateway_core::desk::Audience;
use gateway_core::domain::{Locale, Phone};
use jiff::{SignedDuration, Timestamp};
use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::account::Account;
use super::chat::ChatRef;
use super::commands::{Commands, Meant};
use super::form;
use crate::messenger::{Arrived, Event};

/// The kinds of updates that are asked for. (Members' and channels' are not.)
pub(super) const KINDS: [&str; 4] = ["message", "edited_message", "callback_query", "my_chat_member"];

/// The longest text that is handed in, in characters. Telegram's own is 4,096.
const LONGEST: usize = 10_000;

/// An edit this long after the message, in seconds, mends words that somebody
/// still waits for an answer to; a later one is no question any more.
const EDIT_IN_TIME: i64 = 900;

/// What one update told.
#[derive(Debug)]
pub(super) struct Heard {
    /// The update's number.
    pub(super) id: i64,
    /// The pressed button's query, whose spinner waits for an answer.
    pub(super) query: Option<String>,
    /// What the citizen did, or why there is nothing to hand in.
    pub(super) what: Result<Arrived, Nothing>,
}

/// Why an update is passed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Nothing {
    /// It is a well-formed update of a form that we cannot read: counted, and
    /// not asked for again, as it would come the same.
    Strange,
    /// It is not for us: another bot's, a group's talk, somebody who joined.
    NotForUs,
    /// Our own name is not known yet, so nobody knows whether it is for us: it
    /// must come again.
    NameUnknown,
}

impl Nothing {
    pub(super) const fn key(self) -> &'static str {
        match self {
            Self::Strange => "strange",
            Self::NotForUs => "not_for_us",
            Self::NameUnknown => "name_unknown",
        }
    }
}

/// It is no update at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an update")]
pub(super) struct Malformed;

/// Reads one update.
pub(super) fn read(update: &Value, account: &Account, commands: &Commands, now: Timestamp) -> Result<Heard, Malformed> {
    #[derive(Deserialize)]
    struct Number {
        update_id: i64,
    }
    let Number { update_id: id } = Number::deserialize(update).map_err(|_| Malformed)?;
    let Ok(update) = Update::deserialize(update) else {
        return Ok(Heard { id, query: None, what: Err(Nothing::Strange) });
    };
    let reader = Reader { id, account, commands, now };
    let mut query = None;
    let what = if let Some(message) = update.message {
        reader.message(&message)
    } else if let Some(edited) = update.edited_message {
        reader.edited(edited)
    } else if let Some(pressed) = update.callback_query {
        query = Some(pressed.id.clone());
        reader.pressed(&pressed)
    } else if let Some(change) = update.my_chat_member {
        reader.member(&change)
    } else {
        Err(Nothing::NotForUs)
    };
    Ok(Heard { id, query, what })
}

struct Reader<'a> {
    id: i64,
    account: &'a Account,
    commands: &'a Commands,
    now: Timestamp,
}

impl Reader<'_> {
    fn message(&self, message: &Message) -> Result<Arrived, Nothing> {
        let from = message.from.as_ref().filter(|user| !user.is_bot).ok_or(Nothing::NotForUs)?;
        let (from, locale) = (from.id, from.locale());
        let sent_at = self.time(message.date)?;
        let chat = message.place()?;
        let group = !message.chat.is_private();
        let own_contact = !group && message.forward_origin.is_none() && message.via_bot.is_none();
        let what = match (&message.text, &message.contact) {
            (Some(text), _) => self.words(text, message, group)?,
            _ if group => return Err(Nothing::NotForUs),
            // Only the card that the contact button sends: a forwarded one may
            // be anybody's.
            (None, Some(contact)) if own_contact && contact.user_id == Some(from) => {
                contact.phone().map_or(Event::Unreadable, Event::Contact)
            }
            (None, _) if message.shows_something() => Event::Unreadable,
            (None, _) => return Err(Nothing::NotForUs),
        };
        // The pictures of one album are one event, so that it is answered once.
        let event_id = match (&what, &message.media_group_id) {
            (Event::Unreadable, Some(album)) => self.event_id(&format_compact!("g{}", short(album))),
            _ => self.event_id(&format_compact!("{}", self.id)),
        };
        Ok(Arrived {
            event_id,
            from: format_compact!("{from}"),
            chat,
            audience: audience(group),
            locale,
            address: None,
            sent_at,
            what,
        })
    }

    /// A typing error that is mended at once is a new question: who corrects
    /// one letter of a dossier's number waits for an answer to that. In groups
    /// the first words were answered before everybody, and that stands.
    fn edited(&self, mut message: Message) -> Result<Arrived, Nothing> {
        let edited = message.edit_date.ok_or(Nothing::NotForUs)?;
        let in_time = (0..=EDIT_IN_TIME).contains(&edited.saturating_sub(message.date));
        if !in_time || message.text.is_none() || !message.chat.is_private() {
            return Err(Nothing::NotForUs);
        }
        message.date = edited;
        self.message(&message)
    }

    fn pressed(&self, pressed: &Pressed) -> Result<Arrived, Nothing> {
        let message = pressed.message.as_ref().ok_or(Nothing::NotForUs)?;
        if pressed.from.is_bot {
            return Err(Nothing::NotForUs);
        }
        let data = pressed.data.as_deref().ok_or(Nothing::NotForUs)?;
        let keyboard = message.reply_markup.iter().flat_map(|markup| markup.inline_keyboard.iter().flatten());
        // A message of more than 48 hours ago comes without its buttons.
        let what = form::words_of(data, keyboard.map(|key| (key.text.as_str(), key.callback_data.as_deref())))
            .map_or(Event::Unreadable, |words| Event::Said(cut(&words)));
        Ok(Arrived {
            event_id: self.event_id(&format_compact!("{}", self.id)),
            from: format_compact!("{}", pressed.from.id),
            chat: ChatRef { id: message.chat.id, thread: message.thread() }.written(),
            audience: audience(!message.chat.is_private()),
            locale: pressed.from.locale(),
            address: None,
            // The only time in it is that of our own message.
            sent_at: self.time(self.now.as_second())?,
            what,
        })
    }

    /// Only a citizen who blocks us. In a group it names the member who did it,
    /// whose own conversation goes on. Who comes back presses *Start*.
    fn member(&self, change: &MemberChange) -> Result<Arrived, Nothing> {
        if !change.chat.is_private() || change.new_chat_member.status != "kicked" {
            return Err(Nothing::NotForUs);
        }
        Ok(Arrived {
            event_id: self.event_id(&format_compact!("{}", self.id)),
            from: format_compact!("{}", change.from.id),
            chat: ChatRef { id: change.chat.id, thread: None }.written(),
            audience: audience(false),
            locale: change.from.locale(),
            address: None,
            sent_at: self.time(change.date)?,
            what: Event::Left,
        })
    }

    fn words(&self, text: &str, message: &Message, group: bool) -> Result<Event, Nothing> {
        let commanded = message.entities.iter().any(|e| e.kind == "bot_command" && e.offset == 0);
        if commanded && let Some((command, rest)) = Commanded::of(text) {
            return match (command.to, self.account.username()) {
                (Some(_), None) if group => Err(Nothing::NameUnknown),
                (Some(to), Some(us)) if !to.eq_ignore_ascii_case(&us) => Err(Nothing::NotForUs),
                (None, _) if group && !message.replies_to(self.account.bot_id()) => Err(Nothing::NotForUs),
                _ => Ok(match self.commands.meant(command.name, rest) {
                    Meant::Start => Event::Began,
                    Meant::Words(words) => Event::Said(cut(&words)),
                }),
            };
        }
        let said = if group { self.addressed(text, message)? } else { text.trim().to_owned() };
        if said.is_empty() {
            // Called by name without a question.
            return if group { Ok(Event::Began) } else { Err(Nothing::NotForUs) };
        }
        Ok(Event::Said(cut(&said)))
    }

    /// The words of a group's message that is meant for us, without our name.
    fn addressed(&self, text: &str, message: &Message) -> Result<String, Nothing> {
        let bot_id = self.account.bot_id();
        let mut said = text.to_owned();
        let mut ours = message.replies_to(bot_id);
        let mut unsure = false;
        // From the end, so that the places before stay what they are.
        for entity in message.entities.iter().rev() {
            let Some(range) = entity.range(text) else { continue };
            let name = text.get(range.clone()).unwrap_or_default();
            let named = match (entity.kind.as_str(), self.account.username()) {
                ("mention", Some(us)) => name.strip_prefix('@').is_some_and(|name| name.eq_ignore_ascii_case(&us)),
                ("mention", None) => {
                    unsure = true;
                    false
                }
                ("text_mention", _) => entity.user.as_ref().is_some_and(|user| user.id == bot_id),
                _ => false,
            };
            if named && said.get(range.clone()) == Some(name) {
                ours = true;
                said.replace_range(range, " ");
            }
        }
        if unsure {
            return Err(Nothing::NameUnknown);
        }
        if !ours {
            return Err(Nothing::NotForUs);
        }
        let said: Vec<&str> = said.trim().split(' ').filter(|word| !word.is_empty()).collect();
        Ok(said.join(" ").trim_matches([' ', ',', ':', ';']).to_owned())
    }

    /// The bot's number stands before it: another bot under the same name in
    /// the configuration counts its updates anew.
    fn event_id(&self, id: &str) -> CompactString {
        format_compact!("{}:{id}", self.account.bot_id())
    }

    /// Telegram's times are whole seconds; its numbers tell what came first
    /// within one.
    fn time(&self, seconds: i64) -> Result<Timestamp, Nothing> {
        let within = SignedDuration::from_micros(self.id.rem_euclid(1_000_000));
        Timestamp::from_second(seconds).and_then(|time| time.checked_add(within)).map_err(|_| Nothing::Strange)
    }
}

/// Telegram is a company outside the country; a group is everybody.
const fn audience(group: bool) -> Audience {
    if group { Audience::Group } else { Audience::ForeignProcessor }
}

/// At most as much as may be handed in.
fn cut(text: &str) -> String {
    text.chars().take(LONGEST).collect()
}

fn short(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).take(40).collect()
}

/// `/name@bot` at the start of a text.
struct Commanded<'t> {
    name: &'t str,
    to: Option<&'t str>,
}

impl<'t> Commanded<'t> {
    fn of(text: &'t str) -> Option<(Self, &'t str)> {
        let text = text.strip_prefix('/')?;
        let (word, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
        let (name, to) = word.split_once('@').map_or((word, None), |(name, to)| (name, Some(to)));
        Some((Self { name, to }, rest.trim()))
    }
}

#[derive(Deserialize)]
struct Update {
    message: Option<Message>,
    edited_message: Option<Message>,
    callback_query: Option<Pressed>,
    my_chat_member: Option<MemberChange>,
}

#[derive(Deserialize)]
struct Message {
    date: i64,
    edit_date: Option<i64>,
    from: Option<User>,
    chat: Chat,
    message_thread_id: Option<i64>,
    #[serde(default)]
    is_topic_message: bool,
    text: Option<String>,
    #[serde(default, deserialize_with = "readable")]
    entities: Vec<Entity>,
    reply_to_message: Option<Replied>,
    forward_origin: Option<IgnoredAny>,
    via_bot: Option<IgnoredAny>,
    media_group_id: Option<String>,
    contact: Option<Contact>,
    photo: Option<IgnoredAny>,
    sticker: Option<IgnoredAny>,
    voice: Option<IgnoredAny>,
    audio: Option<IgnoredAny>,
    video: Option<IgnoredAny>,
    video_note: Option<IgnoredAny>,
    animation: Option<IgnoredAny>,
    document: Option<IgnoredAny>,
    location: Option<IgnoredAny>,
    venue: Option<IgnoredAny>,
    poll: Option<IgnoredAny>,
    dice: Option<IgnoredAny>,
    story: Option<IgnoredAny>,
    paid_media: Option<IgnoredAny>,
    checklist: Option<IgnoredAny>,
}

impl Message {
    fn place(&self) -> Result<CompactString, Nothing> {
        let thread = self.message_thread_id.filter(|_| self.is_topic_message);
        if self.chat.kind == "channel" {
            return Err(Nothing::NotForUs);
        }
        Ok(ChatRef { id: self.chat.id, thread }.written())
    }

    fn replies_to(&self, bot_id: i64) -> bool {
        self.reply_to_message.as_ref().and_then(|replied| replied.from.as_ref()).is_some_and(|user| user.id == bot_id)
    }

    fn shows_something(&self) -> bool {
        let shown = [
            &self.photo,
            &self.sticker,
            &self.voice,
            &self.audio,
            &self.video,
            &self.video_note,
            &self.animation,
            &self.document,
            &self.location,
            &self.venue,
            &self.poll,
            &self.dice,
            &self.story,
            &self.paid_media,
            &self.checklist,
        ];
        self.contact.is_some() || shown.iter().any(|kind| kind.is_some())
    }
}

#[derive(Deserialize)]
struct User {
    id: i64,
    #[serde(default)]
    is_bot: bool,
    language_code: Option<String>,
}

impl User {
    /// The language of the app (IETF), where it is one of ours.
    fn locale(&self) -> Option<Locale> {
        let primary = self.language_code.as_deref()?.split('-').next()?;
        [Locale::VI, Locale::EN].into_iter().find(|locale| primary.eq_ignore_ascii_case(locale.as_str()))
    }
}

#[derive(Deserialize)]
struct Chat {
    id: i64,
    #[serde(rename = "type")]
    kind: String,
}

impl Chat {
    fn is_private(&self) -> bool {
        self.kind == "private"
    }
}

#[derive(Deserialize)]
struct Replied {
    from: Option<User>,
}

#[derive(Deserialize)]
struct Entity {
    #[serde(rename = "type")]
    kind: String,
    offset: usize,
    length: usize,
    user: Option<User>,
}

impl Entity {
    /// Its place in bytes; Telegram counts UTF-16 units.
    fn range(&self, text: &str) -> Option<std::ops::Range<usize>> {
        let at = |units: usize| {
            let mut seen = 0;
            for (at, letter) in text.char_indices() {
                if seen >= units {
                    return (seen == units).then_some(at);
                }
                seen += letter.len_utf16();
            }
            (seen == units).then_some(text.len())
        };
        let range = at(self.offset)?..at(self.offset.checked_add(self.length)?)?;
        Some(range).filter(|range| !range.is_empty())
    }
}

/// The entities that can be read: one of a new kind spoils no message.
fn readable<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Entity>, D::Error> {
    let all = Option::<Vec<Value>>::deserialize(deserializer)?.unwrap_or_default();
    Ok(all.iter().filter_map(|entity| Entity::deserialize(entity).ok()).collect())
}

#[derive(Deserialize)]
struct Contact {
    phone_number: String,
    user_id: Option<i64>,
}

impl Contact {
    /// Telegram writes the country's code, with or without the `+`.
    fn phone(&self) -> Option<Phone> {
        let digits = self.phone_number.trim().trim_start_matches('+');
        Phone::parse(&format!("+{digits}")).ok()
    }
}

#[derive(Deserialize)]
struct Pressed {
    id: String,
    from: User,
    message: Option<PressedMessage>,
    data: Option<String>,
}

#[derive(Deserialize)]
struct PressedMessage {
    chat: Chat,
    message_thread_id: Option<i64>,
    #[serde(default)]
    is_topic_message: bool,
    reply_markup: Option<Markup>,
}

impl PressedMessage {
    fn thread(&self) -> Option<i64> {
        self.message_thread_id.filter(|_| self.is_topic_message)
    }
}

#[derive(Deserialize)]
struct Markup {
    #[serde(default)]
    inline_keyboard: Vec<Vec<Key>>,
}

#[derive(Deserialize)]
struct Key {
    text: String,
    callback_data: Option<String>,
}

#[derive(Deserialize)]
struct MemberChange {
    date: i64,
    from: User,
    chat: Chat,
    new_chat_member: Member,
}

#[derive(Deserialize)]
struct Member {
    status: String,
}
