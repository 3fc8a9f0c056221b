//! One number for each thing that a visitor of the demo may want to try.

use jiff::ToSpan as _;

use crate::days::{self, Moment};
use crate::dossiers::{Standing, Told};
use crate::numbers;
use crate::simulator::State;
use crate::timeline::{UNKNOWN_STATUS, is_overdue};

/// How many dossiers are looked at; in a set of that size all are found.
const LOOKED_AT: u64 = 60_000;
/// A sample keeps its status for so long, where one does.
const STEADY_FOR: Moment = 24 * 3_600;

/// A number to try.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Sample {
    /// A stable key: `status_1` … `status_10`, `overdue`, `finished_late`,
    /// `by_post`, `business`, `sensitive`, `unknown_status`, `just_filed`,
    /// `other_province`, `ministry`.
    pub what: &'static str,
    /// The dossier's number.
    pub number: String,
    /// The second proof: the last four digits of the owner's ID. `None` where
    /// there is none, for businesses and for numbers that are not held here.
    pub last_four: Option<String>,
    /// The registered telephone, where there is one.
    pub phone: Option<String>,
    /// The code of its procedure; empty for numbers that are not held here.
    pub procedure: String,
    /// `TrangThaiHoSo` now; empty for numbers that are not held here.
    pub status: String,
}

/// What is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Status(u8),
    Overdue,
    FinishedLate,
    ByPost,
    Business,
    Sensitive,
}

const WANTED: [(&str, Wanted); 16] = [
    ("status_1", Wanted::Status(1)),
    ("status_2", Wanted::Status(2)),
    ("status_3", Wanted::Status(3)),
    ("status_4", Wanted::Status(4)),
    ("status_5", Wanted::Status(5)),
    ("status_6", Wanted::Status(6)),
    ("status_7", Wanted::Status(7)),
    ("status_8", Wanted::Status(8)),
    ("status_9", Wanted::Status(9)),
    ("status_10", Wanted::Status(10)),
    ("overdue", Wanted::Overdue),
    ("finished_late", Wanted::FinishedLate),
    ("by_post", Wanted::ByPost),
    ("business", Wanted::Business),
    ("sensitive", Wanted::Sensitive),
    ("unknown_status", Wanted::Status(UNKNOWN_STATUS)),
];

pub(crate) fn samples(portal: &State) -> Vec<Sample> {
    let now = portal.now_moment();
    // The first that is steady wins over the first of all.
    let mut found: [Option<(bool, Sample)>; WANTED.len()] = Default::default();
    for index in 0..portal.dossiers.numbering.len().min(LOOKED_AT) {
        if found.iter().all(|slot| matches!(slot, Some((true, _)))) {
            break;
        }
        let Some(told) = portal.dossiers.tell(index) else { continue };
        let Some(standing) = told.standing(now) else { continue };
        let steady = told.standing(now + STEADY_FOR).is_some_and(|later| {
            later.now.status == standing.now.status
                && is_overdue(&later.now, now + STEADY_FOR) == is_overdue(&standing.now, now)
        });
        for ((what, wanted), slot) in WANTED.into_iter().zip(&mut found) {
            let better = slot.as_ref().is_none_or(|(was_steady, _)| steady && !was_steady);
            if better
                && fits(wanted, &told, &standing, now)
                && let Some(sample) = sample(portal, what, wanted, &told, &standing)
            {
                *slot = Some((steady, sample));
            }
        }
    }
    let mut samples: Vec<Sample> = found.into_iter().flatten().map(|(_, sample)| sample).collect();
    samples.extend(elsewhere(portal));
    samples
}

/// The plain samples are plain: on time and not sensitive.
fn fits(wanted: Wanted, told: &Told<'_>, standing: &Standing, now: Moment) -> bool {
    let overdue = is_overdue(&standing.now, now);
    let late = matches!((standing.finished, standing.now.due), (Some(finished), Some(due)) if finished > due);
    if told.procedure.sensitive != (wanted == Wanted::Sensitive) {
        return false;
    }
    match wanted {
        Wanted::Status(status) => {
            let dated = standing.now.due.is_some() || matches!(status, 1 | 3 | UNKNOWN_STATUS);
            // A result that is ready waits at the desk: the other way has a sample of its own.
            let at_the_desk = status != 9 || !told.by_post;
            standing.now.status == status && !overdue && !late && dated && at_the_desk
        }
        Wanted::Overdue => overdue,
        Wanted::FinishedLate => late,
        Wanted::ByPost => told.by_post && standing.now.status == 9 && !late,
        Wanted::Business => standing.now.status == 4 && !overdue,
        Wanted::Sensitive => standing.now.status == 4,
    }
}

fn sample(portal: &State, what: &'static str, wanted: Wanted, told: &Told<'_>, standing: &Standing) -> Option<Sample> {
    let owner = portal.dossiers.owner(told, &portal.words);
    if owner.business != (wanted == Wanted::Business) {
        return None;
    }
    let last_four = owner.last_four().map(str::to_owned);
    // A visitor must be able to prove what is theirs.
    if !owner.business && last_four.is_none() {
        return None;
    }
    Some(Sample {
        what,
        number: told.number.clone(),
        last_four,
        phone: (!owner.phone.is_empty()).then_some(owner.phone),
        procedure: told.procedure.code.to_string(),
        status: standing.now.status.to_string(),
    })
}

/// Numbers that are well formed and not held here.
fn elsewhere(portal: &State) -> Vec<Sample> {
    let today = days::day_of(portal.now());
    let month_ago = today.saturating_sub(30.days());
    let own = portal.dossiers.agencies.first().map_or("", |(code, _)| code.as_str());
    let other_province = if portal.config.province == "H29" { "000.00.17.H49" } else { "38.98.H29" };
    let outside = |what, number| Sample {
        what,
        number,
        last_four: None,
        phone: None,
        procedure: String::new(),
        status: String::new(),
    };
    vec![
        outside("just_filed", numbers::write(own, today, 9_001)),
        outside("other_province", numbers::write(other_province, month_ago, 13)),
        outside("ministry", numbers::write("G01.899.909", month_ago, 890_028)),
    ]
}
