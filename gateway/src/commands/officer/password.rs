//! Where a password comes from: a prompt without echo, standard input, or the
//! machine. Never an argument.

use std::io::{BufRead as _, IsTerminal as _, Read as _};

use anyhow::Context as _;
use gateway_core::domain::Login;
use gateway_core::ports::Randomness;
use gateway_pages::{Password, Passwords};
use zeroize::Zeroizing;

use super::{Office, out};
use crate::exit::WrongUse;

/// Letters and digits that nobody takes for another one: 32 of them.
const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";

/// The longest line that is read.
const MOST: u64 = 4_096;

/// A new password's hash.
pub(super) async fn ask(office: &Office, login: &Login, generate: bool) -> anyhow::Result<String> {
    let typed = if generate { Zeroizing::new(made_up(&*office.randomness)) } else { read()? };
    let password = Password::new(&typed);
    password.fit_for(login).map_err(|unfit| WrongUse(unfit.to_string()))?;
    let passwords = Passwords::new(&office.config.officers.cost(), &*office.randomness)?;
    let hash = passwords.hash(&password, &*office.randomness).await?;
    if generate {
        out(&format!("password  {}", typed.as_str()));
    }
    Ok(hash)
}

fn read() -> anyhow::Result<Zeroizing<String>> {
    if !std::io::stdin().is_terminal() {
        let mut line = Zeroizing::new(String::new());
        std::io::stdin().lock().take(MOST).read_line(&mut line).context("standard input")?;
        let ends = line.trim_end_matches(['\r', '\n']).len();
        line.truncate(ends);
        return Ok(line);
    }
    let first = Zeroizing::new(rpassword::prompt_password("password: ").context("terminal")?);
    let second = Zeroizing::new(rpassword::prompt_password("once more: ").context("terminal")?);
    if *first != *second {
        return Err(WrongUse("the two passwords are not the same".into()).into());
    }
    Ok(first)
}

/// A password of about 100 bits, in groups that can be read out.
pub(in crate::commands) fn made_up(randomness: &dyn Randomness) -> String {
    let group = |_| {
        let bits = randomness.next_u64();
        let letter = |place: u32| usize::try_from(bits >> (5 * place) & 31).ok().and_then(|at| LETTERS.get(at));
        (0..5).filter_map(letter).map(|letter| char::from(*letter)).collect::<String>()
    };
    (0..4).map(group).collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use gateway_core::domain::Login;

    use super::*;
    use crate::clock::SystemRandomness;

    #[test]
    fn a_made_up_password_is_good_enough_and_another_each_time() {
        let (one, other) = (made_up(&SystemRandomness), made_up(&SystemRandomness));
        assert_ne!(one, other);
        assert_eq!(one.len(), 23, "{one}");
        assert_eq!(Password::new(&one).fit_for(&Login::parse("canbo").unwrap()), Ok(()));
    }
}
