//! Chooses among the readings of a text.

use compact_str::CompactString;
use jiff::civil::Date;

use super::cells::rows;
use super::pattern::{Pattern, Purpose, letter_bit};
use super::scan::{Found, STEPS, Search};
use super::{DossierNumber, MOST_READINGS, NumberProblem, Reading};

/// Leaving out a group that is chained by spaces: as likely as a lost zero.
const LEFT_OUT: u32 = 3;
/// Leaving out a group of zeros, which nobody types for another reason.
const LEFT_OUT_ZERO: u32 = 10;

/// Reads a text that is not one canonical number.
pub(super) fn read(patterns: &[Pattern], fragments: &[Pattern], text: &str, today: Date) -> Reading {
    if text.is_ascii() && !text.bytes().any(|b| b.is_ascii_digit()) {
        return Reading::None;
    }
    let letters = patterns.iter().fold(0, |all, p| all | p.letters());
    let rows = rows(text, letters);
    let present = rows.iter().flatten().fold(0, |all, cell| all | letter_bit(cell.raw));
    let mut steps = STEPS;
    let mut found = Vec::new();
    let mut search = |patterns: &[Pattern], found: &mut Vec<Found>| {
        for (index, cells) in rows.iter().enumerate() {
            for pattern in patterns.iter().filter(|p| p.letters() & !present == 0) {
                Search { cells, today, garbled: index > 0, steps: &mut steps, found }.run(pattern);
            }
        }
    };
    search(patterns, &mut found);
    let (numbers, chained) = choose(&found);
    match numbers.len() {
        0 => {}
        1 => return numbers.into_iter().next().map_or(Reading::None, Reading::One),
        _ => return Reading::Several(numbers),
    }
    if let Some(problem) = likeliest_problem(&found) {
        return Reading::Invalid(problem);
    }
    if chained {
        return Reading::Invalid(NumberProblem::TooLong);
    }
    found.clear();
    search(fragments, &mut found);
    if found.iter().any(|f| f.purpose != Purpose::Number) {
        return Reading::Invalid(NumberProblem::Incomplete);
    }
    Reading::None
}

/// The numbers of a text in order: of readings that overlap, the cheapest, all
/// of them where several cost the same. Also whether a number was refused
/// because more groups are chained to its front.
fn choose(found: &[Found]) -> (Vec<DossierNumber>, bool) {
    let mut good: Vec<&Found> = found.iter().filter(|f| f.problem.is_none()).collect();
    good.sort_by_key(|f| (f.start, f.cost));
    let mut numbers: Vec<DossierNumber> = Vec::new();
    let mut chained = false;
    let mut floor = 0;
    let mut rest = good.as_slice();
    while let Some(first) = rest.iter().position(|f| f.start >= floor) {
        rest = rest.get(first..).unwrap_or_default();
        let reach = rest.first().map_or(floor, |f| f.end);
        let overlapping = rest.iter().take_while(|f| f.start < reach);
        let priced: Vec<(u32, &Found)> = overlapping.filter_map(|f| Some((price(f, floor)?, *f))).collect();
        let Some(cheapest) = priced.iter().map(|(price, _)| *price).min() else {
            chained = true;
            floor = reach;
            continue;
        };
        for (_, f) in priced.iter().filter(|(price, _)| *price == cheapest) {
            floor = floor.max(f.end);
            if numbers.len() < MOST_READINGS && numbers.iter().all(|n| n.as_str() != f.canonical.as_str()) {
                numbers.push(DossierNumber::from_parts(CompactString::clone(&f.canonical), &f.parts));
            }
        }
    }
    (numbers, chained)
}

/// What a reading costs with what it leaves out before it; nothing where that
/// belongs to the number. Digits before `floor` belong to the number before.
fn price(found: &Found, floor: u32) -> Option<u32> {
    match found.left_out.filter(|left| left.source >= floor) {
        None => Some(found.cost),
        Some(left) if left.tight => None,
        Some(left) if left.zero => Some(found.cost + LEFT_OUT_ZERO),
        Some(_) => Some(found.cost + LEFT_OUT),
    }
}

fn likeliest_problem(found: &[Found]) -> Option<NumberProblem> {
    let wrong = found.iter().filter(|f| f.left_out.is_none_or(|left| !left.tight));
    wrong.filter_map(|f| Some((f.cost, f.problem?))).min_by_key(|(cost, _)| *cost).map(|(_, problem)| problem)
}
