//! Exit codes, fixed so that scripts can rely on them.

use std::process::ExitCode;

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// 0
    Good,
    /// 1: the answer is no.
    No,
    /// 2: wrong use, a wrong setting among them.
    WrongUse,
    /// 3: a peer or the environment failed.
    Environment,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Good => 0,
            Exit::No => 1,
            Exit::WrongUse => 2,
            Exit::Environment => 3,
        })
    }
}

/// A failure that the person who typed the command can mend: exit code 2.
/// Every other error is the environment's: exit code 3.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct WrongUse(pub(crate) String);

/// The exit code of an error.
pub(crate) fn of_error(problem: &anyhow::Error) -> Exit {
    if problem.chain().any(|cause| cause.is::<WrongUse>()) { Exit::WrongUse } else { Exit::Environment }
}
