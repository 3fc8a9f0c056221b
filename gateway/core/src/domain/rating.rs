use std::fmt;

use compact_str::CompactString;
use jiff::Timestamp;
use unicode_normalization::UnicodeNormalization as _;

/// From 1 (very bad) to 5 (very good).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Score(u8);

impl Score {
    /// Reads one.
    pub fn new(score: u8) -> Option<Self> {
        (1..=5).contains(&score).then_some(Self(score))
    }

    /// The number.
    pub const fn number(self) -> u8 {
        self.0
    }
}

/// Why somebody was satisfied or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the names say it")]
pub enum RatingReason {
    Waiting,
    Attitude,
    Guidance,
    Papers,
    Fees,
    Place,
    Result,
    Terminal,
}

impl RatingReason {
    /// Every reason.
    pub const ALL: [Self; 8] = [
        Self::Waiting,
        Self::Attitude,
        Self::Guidance,
        Self::Papers,
        Self::Fees,
        Self::Place,
        Self::Result,
        Self::Terminal,
    ];

    /// Those that a terminal offers, in the order of its screen.
    pub const OF_TERMINALS: [Self; 6] =
        [Self::Attitude, Self::Guidance, Self::Waiting, Self::Result, Self::Place, Self::Terminal];

    /// A stable word for rows, the wire and the portal.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Attitude => "attitude",
            Self::Guidance => "guidance",
            Self::Papers => "papers",
            Self::Fees => "fees",
            Self::Place => "place",
            Self::Result => "result",
            Self::Terminal => "terminal",
        }
    }

    /// The reason of a stable word.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.key() == key)
    }
}

/// What a citizen says of a service in their own words: 1 to 500 characters, in
/// NFC. Personal data: it is sealed, and wiped once the portal has it.
#[derive(Clone, PartialEq, Eq)]
pub struct RatingWords(String);

impl RatingWords {
    /// Reads them; line breaks and tabs become spaces. `Ok(None)` for none,
    /// `Err` for too many or what no person types.
    #[expect(clippy::result_unit_err, reason = "there is one way to be wrong, and it is not told in detail")]
    pub fn parse(text: &str) -> Result<Option<Self>, ()> {
        let words: String = text.nfc().map(|c| if matches!(c, '\n' | '\r' | '\t') { ' ' } else { c }).collect();
        let words = words.trim();
        if words.chars().count() > 500 || words.chars().any(super::officer::is_unfit) {
            return Err(());
        }
        Ok((!words.is_empty()).then(|| Self(words.to_owned())))
    }

    /// The words.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for RatingWords {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RatingWords(…)")
    }
}

/// What is rated. Only the rating of a dossier goes to the portal, which knows
/// no other; the rest is for the house's own reports.
#[derive(Clone, PartialEq, Eq)]
pub enum Rated {
    /// A dossier, by its canonical number.
    Dossier(CompactString),
    /// A counter of the site.
    Counter(CompactString),
    /// A visit, by the code on its ticket.
    Ticket(CompactString),
    /// A site.
    Site,
}

impl Rated {
    /// A stable word.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Dossier(_) => "dossier",
            Self::Counter(_) => "counter",
            Self::Ticket(_) => "ticket",
            Self::Site => "site",
        }
    }

    /// Which one of its kind; empty for a site.
    pub fn which(&self) -> &str {
        match self {
            Self::Dossier(which) | Self::Counter(which) | Self::Ticket(which) => which,
            Self::Site => "",
        }
    }

    /// As [`Rated::kind`] and [`Rated::which`] have it.
    pub fn from_parts(kind: &str, which: &str) -> Option<Self> {
        match kind {
            "dossier" => Some(Self::Dossier(which.into())),
            "counter" => Some(Self::Counter(which.into())),
            "ticket" => Some(Self::Ticket(which.into())),
            "site" => Some(Self::Site),
            _ => None,
        }
    }
}

/// Never which.
impl fmt::Debug for Rated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Rated({})", self.kind())
    }
}

/// What a citizen thinks of a service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rating {
    /// How good.
    pub score: Score,
    /// Why; each once.
    pub reasons: Vec<RatingReason>,
    /// In words.
    pub words: Option<RatingWords>,
    /// When.
    pub at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_scores_and_eight_reasons() {
        assert_eq!((0..=6).filter_map(Score::new).map(Score::number).collect::<Vec<_>>(), [1, 2, 3, 4, 5]);
        for reason in RatingReason::ALL {
            assert_eq!(RatingReason::from_key(reason.key()), Some(reason));
        }
        assert_eq!(RatingReason::from_key("weather"), None);
    }

    #[test]
    fn words_are_those_of_people_and_are_not_printed() {
        let words = RatingWords::parse(" Cán bộ\nnhiệt ti\u{300}nh ").unwrap().unwrap();
        assert_eq!((words.as_str(), format!("{words:?}").as_str()), ("Cán bộ nhiệt tình", "RatingWords(…)"));
        assert_eq!(RatingWords::parse(" \n "), Ok(None));
        assert!(RatingWords::parse(&"ữ".repeat(500)).is_ok());
        assert_eq!(RatingWords::parse(&"ữ".repeat(501)), Err(()));
        assert_eq!(RatingWords::parse("a\u{202e}b"), Err(()));
    }

    #[test]
    fn what_is_rated_comes_back_from_its_parts_and_is_not_printed() {
        let of = [Rated::Dossier("H09".into()), Rated::Counter("3".into()), Rated::Ticket("c".into()), Rated::Site];
        for rated in of {
            assert_eq!(Rated::from_parts(rated.kind(), rated.which()), Some(rated.clone()));
            assert!(!format!("{rated:?}").contains("H09"));
        }
        assert_eq!(Rated::from_parts("person", "x"), None);
    }
}
