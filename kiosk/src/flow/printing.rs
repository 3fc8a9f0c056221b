//! What a view prints: one sheet at a time, whose end is told later.

use super::outbox::Outbox;
use super::ports::{AskId, Job, NotPrinted, PrintOutcome};

/// How printing goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Printing {
    /// Nothing is printed.
    #[default]
    No,
    /// It prints.
    Running,
    /// It has come out.
    Done,
    /// It has not; the reason, where the printer was tried.
    Failed(Option<NotPrinted>),
}

/// The sheet that was printed last.
#[derive(Debug, Default)]
pub struct LastSheet {
    printing: Printing,
    id: Option<AskId>,
}

impl LastSheet {
    /// How it goes.
    pub fn printing(&self) -> Printing {
        self.printing
    }

    /// Prints one, unless another is being printed.
    pub fn print(&mut self, job: impl FnOnce() -> Job, out: &mut Outbox<'_>) {
        if self.printing != Printing::Running {
            self.id = Some(out.print(job()));
            self.printing = Printing::Running;
        }
    }

    /// There is no printer to try.
    pub fn cannot(&mut self) {
        self.printing = Printing::Failed(None);
    }

    /// What was printed is of no interest any more; what still is, is waited for.
    pub fn forget(&mut self) {
        if self.printing != Printing::Running {
            self.printing = Printing::No;
        }
    }

    /// How printing went; `false` where it is not this sheet's.
    pub fn ended(&mut self, id: AskId, outcome: PrintOutcome) -> bool {
        if self.id != Some(id) {
            return false;
        }
        self.id = None;
        self.printing = outcome.map_or_else(|why| Printing::Failed(Some(why)), |()| Printing::Done);
        true
    }
}
