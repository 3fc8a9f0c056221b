//! What operators do with tokens.

use gateway_core::ports::{Credentials, StoreError};
use jiff::Timestamp;

use super::name_of;
use super::state::{Fate, Kept, Standing};
use crate::zalo::config::{ZaloConfig, fits_header};

/// Why a token was not taken.
#[derive(Debug, thiserror::Error)]
pub enum AuthoriseProblem {
    /// It cannot be a token.
    #[error("a refresh token is one word of 1 to 4,096 letters")]
    NoToken,
    /// There is none that could be tried again.
    #[error("there is no token that could be tried again")]
    NothingKept,
    /// A node writes at the same time.
    #[error("a node is refreshing just now: try again in a minute")]
    Busy,
    /// The database failed.
    #[error("{0}")]
    Store(#[from] StoreError),
}

/// How the tokens of the account stand.
///
/// # Errors
/// The database failed.
pub async fn standing(
    credentials: &dyn Credentials,
    config: &ZaloConfig,
    now: Timestamp,
) -> Result<Standing, StoreError> {
    let found = credentials.credential(&name_of(config)).await?;
    let kept = found.and_then(|found| Kept::read(&found.secret));
    Ok(kept.map_or(Standing::Missing, |kept| kept.standing(now)))
}

/// Puts a refresh token in place of whatever is there. The gateway uses it
/// within half a minute.
///
/// # Errors
/// [`AuthoriseProblem`]; nothing was changed then.
pub async fn authorise(
    credentials: &dyn Credentials,
    config: &ZaloConfig,
    refresh_token: &str,
    now: Timestamp,
) -> Result<(), AuthoriseProblem> {
    let refresh_token = refresh_token.trim();
    if !fits_header(refresh_token) {
        return Err(AuthoriseProblem::NoToken);
    }
    let version = credentials.credential(&name_of(config)).await?.map_or(0, |found| found.version);
    put(credentials, config, version, &Kept::given(refresh_token, now), now).await
}

/// Lets the token that is there be used once more, though Zalo refused it or
/// nobody knows whether it was used.
///
/// # Errors
/// [`AuthoriseProblem`]; nothing was changed then.
pub async fn try_again(
    credentials: &dyn Credentials,
    config: &ZaloConfig,
    now: Timestamp,
) -> Result<(), AuthoriseProblem> {
    let found = credentials.credential(&name_of(config)).await?.ok_or(AuthoriseProblem::NothingKept)?;
    let kept = Kept::read(&found.secret).ok_or(AuthoriseProblem::NothingKept)?;
    match kept.standing(now) {
        Standing::Unknown | Standing::Refused { .. } => {
            put(credentials, config, found.version, &kept.with(Fate::Unused { from: now }), now).await
        }
        Standing::Refreshing => Err(AuthoriseProblem::Busy),
        Standing::Missing | Standing::Ready { .. } => Err(AuthoriseProblem::NothingKept),
    }
}

async fn put(
    credentials: &dyn Credentials,
    config: &ZaloConfig,
    version: u64,
    kept: &Kept,
    now: Timestamp,
) -> Result<(), AuthoriseProblem> {
    let written = credentials.replace(&name_of(config), version, &kept.write(), now).await?;
    if written { Ok(()) } else { Err(AuthoriseProblem::Busy) }
}
