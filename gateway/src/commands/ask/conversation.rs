//! A conversation: at the terminal, or line by line through a pipe.

use gateway_core::domain::Locale;
use gateway_core::text::fold_words;
use gateway_locale::keys::terminal;
use tokio::signal::unix::{Signal, SignalKind, signal};

use super::client::{Choice, Client, Said};
use super::lines::{Lines, coloured, is_terminal};
use super::screen::Screen;
use crate::exit::Exit;

/// What a line is, before a gateway hears of it.
#[derive(Debug, PartialEq)]
enum Line<'a> {
    Nothing,
    End,
    Switch(Locale),
    /// To be asked.
    Ask(&'a str),
}

/// Asks and answers until the input ends. A number chooses from the last list.
pub(super) async fn hold(mut client: Client, screen: Screen) -> anyhow::Result<Exit> {
    // Listened to from the start: no moment is left in which Ctrl-C is rude.
    let mut interrupts = signal(SignalKind::interrupt())?;
    let mut lines = Lines::open(is_terminal().then(coloured).filter(|_| !matches!(screen, Screen::Json)))?;
    let mut talk = Talk { conversation: None, choices: Vec::new(), locale: client.locale() };
    if let Screen::Lines { .. } = screen {
        // Greets in the citizen's language: what can be asked here?
        let greeting = talk.ask(&client, screen, help(client.locale()), &mut interrupts).await?;
        let Some(greeting) = greeting else { return Ok(Exit::Good) };
        screen.show(&greeting)?;
        talk.heard(greeting);
        screen.say(talk.locale, terminal::HINT)?;
    }
    loop {
        let Some(line) = lines.next(&mut interrupts).await? else { break };
        let asked = match Line::of(&line, &talk.choices) {
            Line::Nothing => continue,
            Line::End => break,
            Line::Switch(locale) => {
                client.switch_to(locale);
                // The last answer once more, in that language.
                wish(locale).to_owned()
            }
            Line::Ask(text) => text.to_owned(),
        };
        let Some(said) = talk.ask(&client, screen, &asked, &mut interrupts).await? else { break };
        screen.show(&said)?;
        talk.heard(said);
    }
    screen.say(talk.locale, terminal::GOODBYE)?;
    Ok(Exit::Good)
}

/// What goes on from one turn to the next.
struct Talk {
    conversation: Option<String>,
    choices: Vec<Choice>,
    /// The language of the last answer.
    locale: Locale,
}

impl Talk {
    /// The answer; `None` where somebody ends the conversation meanwhile. A
    /// gateway that has gone is told in the citizen's words, and exactly by the
    /// error.
    async fn ask(
        &self,
        client: &Client,
        screen: Screen,
        text: &str,
        interrupts: &mut Signal,
    ) -> anyhow::Result<Option<Said>> {
        tokio::select! {
            said = client.ask(text, self.conversation.as_deref()) => match said {
                Ok(said) => Ok(Some(said)),
                Err(problem) => {
                    screen.say(self.locale, terminal::GONE)?;
                    Err(problem)
                }
            },
            _ = interrupts.recv() => Ok(None),
        }
    }

    fn heard(&mut self, said: Said) {
        self.locale = said.locale;
        self.conversation = said.conversation.or_else(|| self.conversation.take());
        self.choices = said.choices;
    }
}

impl<'a> Line<'a> {
    fn of(line: &'a str, choices: &'a [Choice]) -> Self {
        let line = line.trim();
        // `/en`, `/thoát`: whoever is used to a slash.
        let command = fold_words(line.trim_start_matches('/')).join(" ");
        let slash = line.starts_with('/');
        match command.as_str() {
            "quit" | "exit" | "thoat" => Self::End,
            "" if line.is_empty() || slash => Self::Nothing,
            "en" | "english" if slash => Self::Switch(Locale::EN),
            "vi" | "tieng viet" if slash => Self::Switch(Locale::VI),
            _ => Self::chosen(line, choices).unwrap_or(Self::Ask(line)),
        }
    }

    /// The place is that of the list as it was drawn. The gateway remembers it
    /// too; what the list says is clear even where that memory has gone.
    fn chosen(line: &str, choices: &'a [Choice]) -> Option<Self> {
        let place: usize = line.trim_end_matches(['.', ')']).parse().ok()?;
        let choice = choices.get(place.checked_sub(1)?)?;
        Some(Self::Ask(&choice.ask))
    }
}

/// What asks for help in a language.
fn help(locale: Locale) -> &'static str {
    if locale == Locale::EN { "help" } else { "trợ giúp" }
}

/// What asks to be answered in a language.
fn wish(locale: Locale) -> &'static str {
    if locale == Locale::EN { "english please" } else { "tiếng Việt" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_a_command_a_choice_or_a_question() {
        let choice = |ask: &str| Choice { label: String::new(), ask: ask.to_owned() };
        let choices = [choice("1.001193 giấy tờ"), choice("1.001193 lệ phí")];
        for (line, is) in [
            ("  ", Line::Nothing),
            ("/", Line::Nothing),
            ("thoát", Line::End),
            ("  THOAT ", Line::End),
            ("/Quit", Line::End),
            ("exit", Line::End),
            ("/en", Line::Switch(Locale::EN)),
            ("/VI", Line::Switch(Locale::VI)),
            ("/tiếng Việt", Line::Switch(Locale::VI)),
            ("en", Line::Ask("en")),
            ("english please", Line::Ask("english please")),
            ("2", Line::Ask("1.001193 lệ phí")),
            ("1.", Line::Ask("1.001193 giấy tờ")),
            ("2)", Line::Ask("1.001193 lệ phí")),
            ("3", Line::Ask("3")),
            ("0", Line::Ask("0")),
            ("?", Line::Ask("?")),
            ("lối thoát hiểm cần giấy phép không", Line::Ask("lối thoát hiểm cần giấy phép không")),
        ] {
            assert_eq!(Line::of(line, &choices), is, "{line}");
        }
    }
}
