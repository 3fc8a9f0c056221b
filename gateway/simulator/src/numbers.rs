//! The bijection between an index and a dossier's number.
//!
//! A number holds agency, date of receipt and day serial, and the index is
//! computed from them and back: nothing is stored for a dossier, so a million
//! cost as much memory as ten.
//!
//! `cells` are all pairs of agency and day. Index `i` lies in cell
//! `permute(i mod cells)` and has the serial `1 + i div cells`: each day of each
//! agency is filled evenly with serials from 1, as a real counter does it. The
//! permutation (`cell·m + b mod cells`, `m` prime to `cells`, both drawn from
//! the seed) spreads a small set over all days and agencies.

use jiff::civil::Date;

use crate::days::WorkingDays;
use crate::dice::{Dice, Purpose};

/// Where in the set a dossier lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) index: u64,
    pub(crate) agency: usize,
    /// The day of receipt in the table of working days.
    pub(crate) day: u32,
    pub(crate) serial: u64,
}

/// The numbers of one simulator.
#[derive(Debug)]
pub(crate) struct Numbering {
    dossiers: u64,
    days: u64,
    cells: u64,
    step: u64,
    step_back: u64,
    shift: u64,
}

impl Numbering {
    /// A numbering for `agencies` × `days` cells; both at least 1.
    pub(crate) fn new(dossiers: u64, agencies: usize, days: u32, seed: u64) -> Self {
        let days = u64::from(days.max(1));
        let cells = (agencies.max(1) as u64) * days;
        let mut dice = Dice::of(seed, Purpose::Cells, 0);
        let shift = dice.next_u64() % cells;
        let (step, step_back) = loop {
            let step = 1 + dice.next_u64() % cells;
            if let Some(back) = inverse(step, cells) {
                break (step, back);
            }
        };
        Self { dossiers, days, cells, step, step_back, shift }
    }

    /// How many dossiers there are.
    pub(crate) fn len(&self) -> u64 {
        self.dossiers
    }

    /// Where the dossier of an index lies; `None` outside of the set.
    pub(crate) fn place(&self, index: u64) -> Option<Place> {
        if index >= self.dossiers {
            return None;
        }
        let cell = ((index % self.cells) * self.step + self.shift) % self.cells;
        Some(Place {
            index,
            agency: usize::try_from(cell / self.days).unwrap_or_default(),
            day: u32::try_from(cell % self.days).unwrap_or_default(),
            serial: 1 + index / self.cells,
        })
    }

    /// The way back.
    pub(crate) fn find(&self, agency: usize, day: u32, serial: u64) -> Option<Place> {
        let cell = (agency as u64).checked_mul(self.days)?.checked_add(u64::from(day))?;
        if u64::from(day) >= self.days || cell >= self.cells {
            return None;
        }
        let within = ((cell + self.cells - self.shift) % self.cells) * self.step_back % self.cells;
        let index = serial.checked_sub(1)?.checked_mul(self.cells)?.checked_add(within)?;
        (index < self.dossiers).then_some(Place { index, agency, day, serial })
    }
}

/// The inverse of `a` modulo `m`, where there is one (extended Euclid).
fn inverse(a: u64, m: u64) -> Option<u64> {
    let modulus = i128::from(m);
    let (mut old, mut rest) = (i128::from(a % m), modulus);
    let (mut old_factor, mut factor) = (1_i128, 0_i128);
    while rest != 0 {
        let times = old / rest;
        (old, rest) = (rest, old - times * rest);
        (old_factor, factor) = (factor, old_factor - times * factor);
    }
    // Modulo 1 everything is 0, and 0 is its own inverse.
    (old == 1 || m == 1).then(|| u64::try_from(old_factor.rem_euclid(modulus)).unwrap_or_default())
}

/// `000.00.17.H09-261120-0012`: the serial is padded to four digits and may be longer.
pub(crate) fn write(agency_code: &str, date: Date, serial: u64) -> String {
    format!("{agency_code}-{:02}{:02}{:02}-{serial:04}", date.year().rem_euclid(100), date.month(), date.day())
}

/// Reads what [`write()`] writes, and nothing else: a portal knows its own
/// numbers exactly, being lenient is the gateway's work.
pub(crate) fn read<'a>(
    number: &str,
    agencies: &'a [(String, String)],
    days: &WorkingDays,
) -> Option<(usize, u32, u64)> {
    let (rest, serial) = number.rsplit_once('-')?;
    let (code, date) = rest.rsplit_once('-')?;
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(serial) || !digits(date) || date.len() != 6 || serial.len() < 4 || serial.len() > 12 {
        return None;
    }
    if serial.len() > 4 && serial.starts_with('0') {
        return None;
    }
    let part = |from: usize| date.get(from..from + 2)?.parse::<i8>().ok();
    let date = Date::new(2000 + i16::from(part(0)?), part(2)?, part(4)?).ok()?;
    let agency = agencies.iter().position(|(known, _): &'a (String, String)| known == code)?;
    Some((agency, days.received_day(date)?, serial.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_index_of_a_million_has_a_place_of_its_own() {
        let numbering = Numbering::new(1_000_000, 12, 85, 1);
        for index in 0..1_000_000 {
            let place = numbering.place(index).unwrap();
            assert_eq!(numbering.find(place.agency, place.day, place.serial), Some(place));
        }
        assert_eq!(numbering.place(1_000_000), None);
    }

    proptest! {
        #[test]
        fn index_to_place_and_back(
            dossiers in 1_u64..2_000_000, agencies in 1_usize..40, days in 1_u32..130,
            seed: u64, index: u64,
        ) {
            let numbering = Numbering::new(dossiers, agencies, days, seed);
            let place = numbering.place(index % dossiers).unwrap();
            prop_assert!(place.agency < agencies && place.day < days && place.serial >= 1);
            prop_assert_eq!(numbering.find(place.agency, place.day, place.serial), Some(place));
        }

        #[test]
        fn a_place_that_is_found_has_its_index(
            dossiers in 1_u64..2_000_000, agency in 0_usize..50, day in 0_u32..140, serial: u64, seed: u64,
        ) {
            let numbering = Numbering::new(dossiers, 12, 85, seed);
            if let Some(place) = numbering.find(agency, day, serial % 3_000) {
                prop_assert!(place.index < dossiers);
                prop_assert_eq!(numbering.place(place.index), Some(place));
            }
        }
    }
}
