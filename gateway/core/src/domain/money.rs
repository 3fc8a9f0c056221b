//! Amounts of money in đồng. There is no language in here: how an amount is
//! shown is the business of gateway-locale.

use std::iter::Sum;

use serde::{Deserialize, Deserializer, Serialize};
use thiserror::Error;

mod read;

/// An amount in whole đồng (VND has no smaller unit in use), from 0 to
/// 10<sup>15</sup>. Serialised as an integer; deserialising checks the range.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize)]
pub struct Money(i64);

/// Why a text or number is no amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum MoneyError {
    /// Nothing but white space.
    #[error("no amount given")]
    Empty,
    /// No number, a number that can be read two ways, or more than an amount
    /// (words, another currency).
    #[error("not an amount in dong")]
    NotAnAmount,
    /// A part of a đồng remains.
    #[error("not a whole number of dong")]
    Fraction,
    /// Below 0 or above 10^15.
    #[error("outside 0 to 10^15 dong")]
    OutOfRange,
}

impl MoneyError {
    /// A code that stays the same between releases.
    pub fn code(self) -> &'static str {
        match self {
            Self::Empty => "money_empty",
            Self::NotAnAmount => "money_not_an_amount",
            Self::Fraction => "money_fraction",
            Self::OutOfRange => "money_out_of_range",
        }
    }
}

impl Money {
    /// Nothing to pay. Whether that means *free* is for the procedure to say.
    pub const ZERO: Self = Self(0);
    /// The largest amount, 10^15 đồng.
    pub const MAX: Self = Self(1_000_000_000_000_000);

    /// An amount in đồng.
    ///
    /// # Errors
    /// [`MoneyError::OutOfRange`] below 0 or above [`Money::MAX`].
    pub const fn from_dong(dong: i64) -> Result<Self, MoneyError> {
        if dong < 0 || dong > Self::MAX.0 { Err(MoneyError::OutOfRange) } else { Ok(Self(dong)) }
    }

    /// Reads an amount as the wire and people write it, and nothing else around
    /// it: `8.000`, `8,000đ`, `8000.0`, `8000 đồng`, `1.500.000,00`, `50k`,
    /// `1tr5`, `1,5 triệu`, `1 triệu 500 nghìn đồng`, `9,999 Việt Nam Đồng`.
    ///
    /// One point with three digits behind it groups thousands (`8.000`), unless
    /// the number before it is longer than three digits or 0.
    ///
    /// # Errors
    /// [`MoneyError`]. *Free* and *not published* are no amounts.
    pub fn parse(text: &str) -> Result<Self, MoneyError> {
        read::whole(text)
    }

    /// The amounts named in a sentence, in order, at most fifty; only the first
    /// 10,000 bytes are read.
    ///
    /// A number counts only with its currency (`đồng`, `đ`, `₫`, `VNĐ`) or as
    /// people shorten it (`50k`, `1tr5`, `1,5 triệu` where the phrase ends or a
    /// question word follows). Numbers of decrees (`15/2013/NĐ-CP`), dates and
    /// counts (`2 triệu dân`, `2 đồng thừa kế`) are none.
    pub fn find_in(text: &str) -> Vec<Self> {
        read::all(text)
    }

    /// In đồng, never negative.
    pub const fn amount(self) -> i64 {
        self.0
    }

    /// The sum, unless it exceeds [`Money::MAX`].
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).and_then(|sum| Self::from_dong(sum).ok())
    }

    /// So many times the amount (pages, copies), unless it exceeds
    /// [`Money::MAX`].
    pub fn checked_mul(self, times: u32) -> Option<Self> {
        self.0.checked_mul(i64::from(times)).and_then(|product| Self::from_dong(product).ok())
    }
}

impl Sum<Money> for Option<Money> {
    fn sum<I: Iterator<Item = Money>>(mut amounts: I) -> Self {
        amounts.try_fold(Money::ZERO, Money::checked_add)
    }
}

impl<'de> Deserialize<'de> for Money {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::from_dong(i64::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests;
