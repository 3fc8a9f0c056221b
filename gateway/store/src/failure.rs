//! What the database says, as the errors of the ports.

use gateway_core::ports::StoreError;

/// Whether trying again can help.
#[derive(Debug, Clone)]
pub enum InsertFailure {
    /// The database is away, slow, locked or full: the same rows may pass later.
    Later(StoreError),
    /// The database will never take these rows: a value breaks its rules.
    Never(StoreError),
}

pub(crate) fn store_error(error: &sqlx::Error) -> StoreError {
    // The message of a database error names tables and constraints, never
    // values; PostgreSQL's DETAIL, which would, is left out.
    let text = match error.as_database_error() {
        Some(database) => match database.code() {
            Some(code) => format!("{} (code {code})", database.message()),
            None => database.message().to_owned(),
        },
        None => error.to_string(),
    };
    StoreError(text.into())
}

pub(crate) fn unreadable(what: &str) -> StoreError {
    StoreError(format!("{what} in the database cannot be read").into())
}

pub(crate) fn timed_out(within: std::time::Duration) -> StoreError {
    StoreError(format!("no answer within {within:?}").into())
}

/// Two transactions waited for each other, and this one was rolled back.
pub(crate) fn is_deadlock(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(|error| error.code());
    matches!(code.as_deref(), Some("40P01" | "40001"))
}

/// Sorts the failure of an insert by whether it is the rows' own fault.
pub(crate) fn insert_failure(error: &sqlx::Error) -> InsertFailure {
    let code = error.as_database_error().and_then(|database| database.code());
    let rows_at_fault = match code.as_deref() {
        // PostgreSQL: class 22 data exceptions, class 23 broken constraints.
        Some(code) if code.len() == 5 => code.starts_with("22") || code.starts_with("23"),
        // SQLite's primary codes: 18 TOOBIG, 19 CONSTRAINT, 20 MISMATCH.
        Some(code) => code.parse::<u32>().is_ok_and(|code| matches!(code & 0xff, 18..=20)),
        None => matches!(error, sqlx::Error::Encode(_)),
    };
    let error = store_error(error);
    if rows_at_fault { InsertFailure::Never(error) } else { InsertFailure::Later(error) }
}
