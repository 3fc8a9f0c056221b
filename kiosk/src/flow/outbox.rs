//! Where a flow puts what it wants done.

use gateway_core::domain::Locale;

use super::ports::{AskId, Command, Job, Question};

/// The commands of one event. Ids are never used twice, also not over a wipe:
/// a late answer finds nobody who waits for it.
#[derive(Debug)]
pub struct Outbox<'a> {
    last: &'a mut u64,
    locale: Locale,
    commands: Vec<Command>,
}

impl<'a> Outbox<'a> {
    /// With the last id that was given away.
    pub fn new(last: &'a mut u64, locale: Locale) -> Self {
        Self { last, locale, commands: Vec::new() }
    }

    /// Asks the gateway.
    pub fn ask(&mut self, question: Question) -> AskId {
        let id = self.next();
        self.commands.push(Command::Ask { id, question, locale: self.locale });
        id
    }

    /// Prints.
    pub fn print(&mut self, job: Job) -> AskId {
        let id = self.next();
        self.commands.push(Command::Print { id, job, locale: self.locale });
        id
    }

    /// Anything else.
    pub fn send(&mut self, command: Command) {
        self.commands.push(command);
    }

    /// From now on in another language.
    pub fn set_locale(&mut self, locale: Locale) {
        self.locale = locale;
    }

    /// What is to be done, in order.
    pub fn into_commands(self) -> Vec<Command> {
        self.commands
    }

    fn next(&mut self) -> AskId {
        *self.last += 1;
        AskId(*self.last)
    }
}
