//! Passwords: which are good enough, how they are kept, how one is tried.

use std::sync::Arc;

use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _, phc::PasswordHash};
use argon2::{Algorithm, Argon2, Params, Version};
use gateway_core::domain::Login;
use gateway_core::ports::Randomness;
use tokio::sync::{Semaphore, SemaphorePermit};
use unicode_normalization::UnicodeNormalization as _;
use zeroize::Zeroizing;

/// What one hash costs: argon2id, RFC 9106. The defaults are those of OWASP's
/// Password Storage Cheat Sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PasswordCost {
    /// Memory in KiB. 19,456.
    pub memory_kib: u32,
    /// Passes over it. 2.
    pub passes: u32,
    /// Lanes. 1.
    pub lanes: u32,
    /// Hashes that are made at one time; others wait. 2.
    pub at_once: usize,
}

impl Default for PasswordCost {
    fn default() -> Self {
        Self { memory_kib: 19_456, passes: 2, lanes: 1, at_once: 2 }
    }
}

/// The least number of characters of a password.
pub const LEAST: usize = 12;

/// The most: longer ones cost time and make nothing safer.
const MOST: usize = 128;

/// So many wait for their turn for each that has it; one more is turned away.
const WAITING: usize = 16;

/// Common passwords of twelve characters or more, in small letters.
const COMMON: &str = include_str!("common_passwords.txt");

/// A password as it was typed, in one form however it was typed: Vietnamese
/// keyboards write the same letter as one character or as several.
pub struct Password(Zeroizing<String>);

impl Password {
    /// Takes what was typed.
    pub fn new(typed: &str) -> Self {
        Self(Zeroizing::new(typed.nfc().collect()))
    }

    /// Whether it may be an account's password.
    ///
    /// # Errors
    /// Why not.
    pub fn fit_for(&self, login: &Login) -> Result<(), Unfit> {
        let length = self.0.chars().count();
        if length < LEAST {
            return Err(Unfit::TooShort);
        }
        if length > MOST {
            return Err(Unfit::TooLong);
        }
        let small = Zeroizing::new(self.0.to_lowercase());
        let distinct: std::collections::BTreeSet<char> = small.chars().collect();
        if distinct.len() < 5 || COMMON.lines().any(|common| common == small.as_str()) {
            return Err(Unfit::Common);
        }
        if small.contains(login.as_str()) {
            return Err(Unfit::HoldsLogin);
        }
        Ok(())
    }
}

/// Not the password.
impl std::fmt::Debug for Password {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Password(…)")
    }
}

/// Why a password is not good enough; for whoever sets one at the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// Easily tried out.
    #[error("a password has at least {LEAST} characters; four words that do not belong together are easy to remember")]
    TooShort,
    /// Longer than is looked at.
    #[error("a password has at most {MOST} characters")]
    TooLong,
    /// Among the first that are tried.
    #[error("this password is among the first that are tried: please take another one")]
    Common,
    /// The login is known to many.
    #[error("the password holds the login: please take another one")]
    HoldsLogin,
}

/// A hash could not be made or compared.
#[derive(Debug, thiserror::Error)]
pub enum PasswordProblem {
    /// Too many wait already.
    #[error("too many passwords wait to be looked at")]
    Busy,
    /// The setting cannot be.
    #[error("the cost of passwords: {0}")]
    Cost(argon2::Error),
    /// The hash in the database is none of ours.
    #[error("a password's hash in the database cannot be read")]
    Unreadable,
    /// The thread that worked on it ended.
    #[error("the work on a password broke off")]
    BrokeOff,
}

/// Makes hashes and compares them, on threads of their own and few at a time.
pub struct Passwords {
    argon: Argon2<'static>,
    /// What an unknown login's password is compared with, so that it takes as
    /// long as a known one's.
    nobody: Arc<str>,
    turns: Semaphore,
    room: Semaphore,
}

impl Passwords {
    /// Makes one hash, for the account of nobody.
    ///
    /// # Errors
    /// The cost is out of argon2's range.
    pub fn new(cost: &PasswordCost, randomness: &dyn Randomness) -> Result<Self, PasswordProblem> {
        let params = Params::new(cost.memory_kib, cost.passes, cost.lanes, None).map_err(PasswordProblem::Cost)?;
        let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let nobody = hash(&argon, &random_bytes::<32>(randomness), &random_bytes(randomness))?.into();
        let at_once = cost.at_once.max(1);
        let (turns, room) = (Semaphore::new(at_once), Semaphore::new(at_once * (WAITING + 1)));
        Ok(Self { argon, nobody, turns, room })
    }

    /// The hash to be kept, as a PHC string.
    ///
    /// # Errors
    /// [`PasswordProblem::Busy`] or one of the machine's.
    pub async fn hash(&self, password: &Password, randomness: &dyn Randomness) -> Result<String, PasswordProblem> {
        let salt = random_bytes(randomness);
        let (argon, typed) = (self.argon.clone(), password.0.clone());
        let _turn = self.turn().await?;
        tokio::task::spawn_blocking(move || hash(&argon, typed.as_bytes(), &salt))
            .await
            .map_err(|_| PasswordProblem::BrokeOff)?
    }

    /// Whether it is the password of this hash. Without a hash it is not, after
    /// the same time.
    ///
    /// # Errors
    /// [`PasswordProblem::Busy`] or one of the machine's.
    pub async fn is(&self, password: &Password, kept: Option<&str>) -> Result<bool, PasswordProblem> {
        let known = kept.is_some();
        let kept: Arc<str> = kept.map_or_else(|| Arc::clone(&self.nobody), Arc::from);
        let (argon, typed) = (self.argon.clone(), password.0.clone());
        let _turn = self.turn().await?;
        let compared = tokio::task::spawn_blocking(move || {
            let kept = PasswordHash::new(&kept).map_err(|_| PasswordProblem::Unreadable)?;
            Ok(argon.verify_password(typed.as_bytes(), &kept).is_ok())
        });
        let same = compared.await.map_err(|_| PasswordProblem::BrokeOff)??;
        Ok(same && known)
    }

    async fn turn(&self) -> Result<(SemaphorePermit<'_>, SemaphorePermit<'_>), PasswordProblem> {
        let room = self.room.try_acquire().map_err(|_| PasswordProblem::Busy)?;
        let turn = self.turns.acquire().await.map_err(|_| PasswordProblem::Busy)?;
        Ok((turn, room))
    }
}

fn hash(argon: &Argon2<'_>, password: &[u8], salt: &[u8; 16]) -> Result<String, PasswordProblem> {
    let made = argon.hash_password_with_salt(password, salt);
    made.map(|hash| hash.to_string()).map_err(|_| PasswordProblem::BrokeOff)
}

/// Random bytes for salts and secrets.
pub(super) fn random_bytes<const N: usize>(randomness: &dyn Randomness) -> [u8; N] {
    let mut bytes = [0; N];
    for chunk in bytes.chunks_mut(8) {
        let random = randomness.next_u64().to_le_bytes();
        chunk.iter_mut().zip(random).for_each(|(to, from)| *to = from);
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::super::stand_ins::Dice;
    use super::*;

    const CHEAP: PasswordCost = PasswordCost { memory_kib: 64, passes: 1, lanes: 1, at_once: 1 };

    fn unfit(password: &str) -> Option<Unfit> {
        Password::new(password).fit_for(&Login::parse("binh.nguyen").unwrap()).err()
    }

    #[test]
    fn short_common_and_telling_passwords_are_refused() {
        assert_eq!(unfit("mười một chữ".get(..14).unwrap()), Some(Unfit::TooShort));
        assert_eq!(unfit("bốn từ rời rạc"), None);
        assert_eq!(unfit("Password1234"), Some(Unfit::Common));
        assert_eq!(unfit("aaaaaaaaaaaaaaaa"), Some(Unfit::Common));
        assert_eq!(unfit("binh.nguyen2026"), Some(Unfit::HoldsLogin));
        assert_eq!(unfit("Binh.Nguyen và con mèo"), Some(Unfit::HoldsLogin));
        assert_eq!(unfit(&"đường xa ".repeat(20)), Some(Unfit::TooLong));
        let too_short = COMMON.lines().find(|line| line.chars().count() < LEAST || line.to_lowercase() != *line);
        assert_eq!(too_short, None, "the list holds only what would else pass");
    }

    #[tokio::test]
    async fn a_password_is_one_however_its_letters_were_typed() {
        let passwords = Passwords::new(&CHEAP, &Dice::default()).unwrap();
        let kept = passwords.hash(&Password::new("bốn từ rời rạc"), &Dice::default()).await.unwrap();
        assert!(kept.starts_with("$argon2id$v=19$m=64,t=1,p=1$"), "{kept}");
        let decomposed: String = "bốn từ rời rạc".nfd().collect();
        assert!(passwords.is(&Password::new(&decomposed), Some(&kept)).await.unwrap());
        assert!(!passwords.is(&Password::new("bốn từ rời rạ"), Some(&kept)).await.unwrap());
        assert!(!passwords.is(&Password::new("bốn từ rời rạc"), None).await.unwrap(), "nobody has no password");
        assert!(matches!(
            passwords.is(&Password::new("bốn từ rời rạc"), Some("plain")).await,
            Err(PasswordProblem::Unreadable)
        ));
    }

    #[tokio::test]
    async fn of_a_crowd_those_without_room_are_turned_away() {
        let passwords = Passwords::new(&CHEAP, &Dice::default()).unwrap();
        let _all = passwords.turns.acquire().await.unwrap();
        let _room = passwords.room.acquire_many(17).await.unwrap();
        let one = passwords.is(&Password::new("bốn từ rời rạc"), None).await;
        assert!(matches!(one, Err(PasswordProblem::Busy)));
    }
}
