//! The menu of commands, in both languages. What a command says to the
//! assistant are words like any others, from `locales/`.

use gateway_core::domain::Locale;
use gateway_locale::Locales;
use gateway_locale::keys::{Key, telegram};

/// A command: in which language's menu it stands, what it is called, the words
/// that explain it, and those that it says.
struct Command(Locale, &'static str, Key, Key);

/// Names are a–z only (Bot API, `BotCommand`), so Vietnamese ones have no marks.
const COMMANDS: [Command; 10] = [
    Command(Locale::VI, "tracuu", telegram::TRACK, telegram::TRACK_SAYS),
    Command(Locale::VI, "thutuc", telegram::PROCEDURES, telegram::PROCEDURES_SAYS),
    Command(Locale::VI, "nguoi", telegram::PERSON, telegram::PERSON_SAYS),
    Command(Locale::VI, "hotro", telegram::HELP, telegram::HELP_SAYS),
    Command(Locale::VI, "en", telegram::OTHER_LANGUAGE, telegram::OTHER_LANGUAGE_SAYS),
    Command(Locale::EN, "track", telegram::TRACK, telegram::TRACK_SAYS),
    Command(Locale::EN, "procedures", telegram::PROCEDURES, telegram::PROCEDURES_SAYS),
    Command(Locale::EN, "person", telegram::PERSON, telegram::PERSON_SAYS),
    Command(Locale::EN, "help", telegram::HELP, telegram::HELP_SAYS),
    Command(Locale::EN, "vi", telegram::OTHER_LANGUAGE, telegram::OTHER_LANGUAGE_SAYS),
];

/// What a command means.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Meant {
    /// The button *Start*, with whatever a link put behind it.
    Start,
    /// Words for the assistant.
    Words(String),
}

/// The commands, with their words.
pub(super) struct Commands(Vec<Spoken>);

struct Spoken {
    locale: Locale,
    name: &'static str,
    description: String,
    says: String,
}

impl Commands {
    pub(super) fn new(locales: &Locales) -> Self {
        let spoken = |Command(locale, name, description, says): &Command| Spoken {
            locale: *locale,
            name,
            description: locales.text(*locale, description.id, &[]),
            says: locales.text(*locale, says.id, &[]),
        };
        Self(COMMANDS.iter().map(spoken).collect())
    }

    /// What a command with something behind it means. One that nobody knows is
    /// words.
    pub(super) fn meant(&self, name: &str, rest: &str) -> Meant {
        if name.eq_ignore_ascii_case("start") {
            return Meant::Start;
        }
        let known = self.0.iter().find(|command| command.name.eq_ignore_ascii_case(name));
        let says = known.map_or(name, |command| command.says.as_str());
        Meant::Words(if rest.is_empty() { says.to_owned() } else { format!("{says} {rest}") })
    }

    /// The menu of a language: names, and what they are for.
    pub(super) fn menu(&self, locale: Locale) -> impl Iterator<Item = (&'static str, &str)> {
        self.0
            .iter()
            .filter(move |command| command.locale == locale)
            .map(|command| (command.name, command.description.as_str()))
    }
}
