//! The second factor: one-time passwords by time (RFC 6238), as every
//! authenticator app makes them.

use data_encoding::BASE32_NOPAD;
use gateway_core::domain::Login;
use gateway_core::ports::Randomness;
use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::Timestamp;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use sha1::Sha1;
use subtle::{Choice, ConditionallySelectable as _, ConstantTimeEq as _};
use zeroize::Zeroizing;

use super::passwords::random_bytes;

/// Seconds of one step.
const STEP: i64 = 30;

/// Digits of a code.
const DIGITS: usize = 6;

/// The secret that an authenticator app shares with the house: 160 bits, as
/// RFC 4226 recommends.
pub struct TotpSecret(Zeroizing<Vec<u8>>);

impl TotpSecret {
    /// A new one. The randomness must be the operating system's.
    pub fn new(randomness: &dyn Randomness) -> Self {
        Self(Zeroizing::new(random_bytes::<20>(randomness).to_vec()))
    }

    /// One that was kept.
    pub const fn of(bytes: Zeroizing<Vec<u8>>) -> Self {
        Self(bytes)
    }

    /// To be sealed and kept.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// What an app that has no camera is told, in groups of four.
    pub fn to_base32(&self) -> String {
        BASE32_NOPAD.encode(&self.0)
    }

    /// What an app reads from the picture. It holds the secret.
    pub fn uri(&self, issuer: &str, login: &Login) -> String {
        let issuer = utf8_percent_encode(issuer, NON_ALPHANUMERIC);
        format!(
            "otpauth://totp/{issuer}:{}?secret={}&issuer={issuer}&algorithm=SHA1&digits={DIGITS}&period={STEP}",
            utf8_percent_encode(login.as_str(), NON_ALPHANUMERIC),
            self.to_base32()
        )
    }

    /// The step whose code this is: the one at `now`, or the one before or
    /// after it, because clocks differ and typing takes time. It takes the same
    /// time however much of the code is right. The caller sees to it that no
    /// step is taken twice.
    pub fn step_of(&self, code: &str, now: Timestamp) -> Option<i64> {
        let typed: String = code.chars().filter(|c| !c.is_whitespace()).collect();
        if typed.len() != DIGITS || !typed.bytes().all(|digit| digit.is_ascii_digit()) {
            return None;
        }
        let step = now.as_second().div_euclid(STEP);
        let mut found = 0;
        let mut any = Choice::from(0);
        for candidate in [step - 1, step, step + 1] {
            let same = self.code(candidate)?.as_bytes().ct_eq(typed.as_bytes());
            found.conditional_assign(&candidate, same);
            any |= same;
        }
        bool::from(any).then_some(found)
    }

    /// HOTP of RFC 4226 with the step as its counter.
    fn code(&self, step: i64) -> Option<String> {
        let mut mac = Hmac::<Sha1>::new_from_slice(&self.0).ok()?;
        mac.update(&step.to_be_bytes());
        let hash = mac.finalize().into_bytes();
        let offset = usize::from(hash.last()? & 15);
        let four: [u8; 4] = hash.get(offset..offset + 4)?.try_into().ok()?;
        let number = u32::from_be_bytes(four) & 0x7fff_ffff;
        Some(format!("{:0DIGITS$}", number % 1_000_000))
    }
}

/// Not the secret.
impl std::fmt::Debug for TotpSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TotpSecret(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::super::stand_ins::Dice;
    use super::*;

    fn rfc() -> TotpSecret {
        TotpSecret::of(Zeroizing::new(b"12345678901234567890".to_vec()))
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    /// RFC 6238, appendix B, SHA-1; the last six of its eight digits.
    #[test]
    fn codes_are_those_of_the_standard() {
        let vectors = [
            (59, "94287082"),
            (1_111_111_109, "07081804"),
            (1_111_111_111, "14050471"),
            (1_234_567_890, "89005924"),
            (2_000_000_000, "69279037"),
            (20_000_000_000, "65353130"),
        ];
        for (second, code) in vectors {
            let step = rfc().step_of(&code[2..], at(second));
            assert_eq!(step, Some(second / 30), "{second}");
        }
    }

    #[test]
    fn one_step_before_and_after_is_taken_and_no_other() {
        let (now, secret) = (1_234_567_890, rfc());
        for (away, taken) in [(-2, false), (-1, true), (0, true), (1, true), (2, false)] {
            let code = secret.code(now / 30 + away).unwrap();
            assert_eq!(secret.step_of(&code, at(now)), taken.then_some(now / 30 + away), "{away}");
        }
        assert_eq!(secret.step_of("005 924", at(now)), Some(now / 30), "as apps show it");
        for wrong in ["", "00592", "0059244", "００５９２４", "abcdef", "-05924"] {
            assert_eq!(secret.step_of(wrong, at(now)), None, "{wrong}");
        }
    }

    #[test]
    fn an_app_is_told_all_it_needs() {
        let secret = rfc();
        assert_eq!(
            secret.uri("Đa Kênh", &Login::parse("binh.nguyen").unwrap()),
            "otpauth://totp/%C4%90a%20K%C3%AAnh:binh%2Enguyen?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\
             &issuer=%C4%90a%20K%C3%AAnh&algorithm=SHA1&digits=6&period=30"
        );
        let dice = Dice::default();
        assert_ne!(TotpSecret::new(&dice).bytes(), TotpSecret::new(&dice).bytes());
        assert_eq!(TotpSecret::new(&dice).bytes().len(), 20);
    }
}
