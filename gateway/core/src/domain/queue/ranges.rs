//! Serials that terminals may give by themselves while the gateway is out of their
//! reach: which terminal holds which, so that no two give the same number.

use compact_str::CompactString;
use jiff::civil::Date;

use super::{SiteCode, TicketNumber};
use crate::domain::DeviceId;

/// Serials in a row, both ends included: within 1 and [`TicketNumber::MOST`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SerialRange {
    from: u32,
    to: u32,
}

impl SerialRange {
    /// A range; `None` where it is none.
    pub fn new(from: u32, to: u32) -> Option<Self> {
        (1 <= from && from <= to && to <= TicketNumber::MOST).then_some(Self { from, to })
    }

    /// The first serial.
    pub const fn from(self) -> u32 {
        self.from
    }

    /// The last one.
    pub const fn to(self) -> u32 {
        self.to
    }

    /// Whether the serial is one of it.
    pub fn holds(self, serial: u32) -> bool {
        (self.from..=self.to).contains(&serial)
    }

    /// Whether a serial is in both.
    pub const fn meets(self, other: Self) -> bool {
        self.from <= other.to && other.from <= self.to
    }
}

/// A range that was given to a terminal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reservation {
    /// Which terminal.
    pub device: DeviceId,
    /// Its name.
    pub name: CompactString,
    /// Its range.
    pub range: SerialRange,
    /// The last day on which it may have given numbers of it; `None`: it still may.
    pub until: Option<Date>,
    /// The day on which the terminal was revoked.
    pub revoked: Option<Date>,
}

/// What a terminal may give by itself, as the operator decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RangeWish {
    /// Which terminal.
    pub device: DeviceId,
    /// Its name.
    pub name: CompactString,
    /// Where it stands.
    pub site: SiteCode,
    /// Reserved for a terminal of this name; `None`: it gives none.
    pub range: Option<SerialRange>,
    /// The day in Vietnam.
    pub day: Date,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HeldRanges {
    /// What it gives numbers of from now on.
    pub now: Option<SerialRange>,
    /// What its numbers of this day may be of.
    pub today: Vec<SerialRange>,
}

impl Reservation {
    /// Whether a number of it may have been given on a day.
    pub fn counts_on(&self, day: Date) -> bool {
        self.until.is_none_or(|until| day <= until) && self.revoked.is_none_or(|revoked| day <= revoked)
    }
}

impl RangeWish {
    /// Decides among the reservations of the site.
    ///
    /// A range of which another terminal may have given a number today is withheld:
    /// that terminal may be out of reach and give one this very minute. It is free on
    /// the day after that terminal took another range or was revoked. A terminal
    /// that was enrolled anew tells numbers of the revoked one of its name, because
    /// it may be the same machine with its book; it gives none until the next day,
    /// because it may be another one without.
    pub fn among(&self, reservations: &[Reservation]) -> HeldRanges {
        let of_today = || reservations.iter().filter(|one| one.counts_on(self.day));
        let is_free =
            |wanted: &SerialRange| of_today().all(|one| one.device == self.device || !one.range.meets(*wanted));
        let now = self.range.filter(is_free);
        let is_own = |one: &&Reservation| one.device == self.device || (one.revoked.is_some() && one.name == self.name);
        let mut today: Vec<SerialRange> = of_today().filter(is_own).map(|one| one.range).collect();
        if let Some(now) = now
            && !today.contains(&now)
        {
            today.push(now);
        }
        HeldRanges { now, today }
    }
}

#[cfg(test)]
mod tests {
    use jiff::ToSpan;
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    const TODAY: Date = date(2026, 11, 27);

    fn range(from: u32, to: u32) -> SerialRange {
        SerialRange::new(from, to).unwrap()
    }

    fn device(number: u8) -> DeviceId {
        DeviceId::parse(&format!("k-terminal-{number}")).unwrap()
    }

    fn has(number: u8, name: &str, of: SerialRange) -> Reservation {
        Reservation { device: device(number), name: name.into(), range: of, until: None, revoked: None }
    }

    fn wish(number: u8, name: &str, of: Option<SerialRange>) -> RangeWish {
        let site = SiteCode::parse("000.00.17.H09").unwrap();
        RangeWish { device: device(number), name: name.into(), site, range: of, day: TODAY }
    }

    #[test]
    fn a_range_has_ends_that_numbers_have() {
        assert!(SerialRange::new(0, 5).is_none() && SerialRange::new(6, 5).is_none());
        assert!(SerialRange::new(9_000, 10_000).is_none() && SerialRange::new(9_999, 9_999).is_some());
        let one = range(900, 949);
        assert!(one.holds(900) && one.holds(949) && !one.holds(899) && !one.holds(950));
        assert!(one.meets(range(949, 960)) && !one.meets(range(950, 960)) && one.meets(range(910, 920)));
    }

    #[test]
    fn two_terminals_of_a_site_hold_what_is_theirs() {
        let others = [has(2, "Sảnh 2", range(950, 999))];
        let held = wish(1, "Sảnh 1", Some(range(900, 949))).among(&others);
        assert_eq!((held.now, held.today), (Some(range(900, 949)), vec![range(900, 949)]));
        let meets = wish(1, "Sảnh 1", Some(range(900, 950))).among(&others);
        assert_eq!(meets, HeldRanges::default(), "one serial in both is one too many");
    }

    #[test]
    fn a_range_that_changes_in_mid_day_is_told_of_and_withheld_from_others_until_the_next() {
        let mut before = has(1, "Sảnh 1", range(900, 949));
        let held = wish(1, "Sảnh 1", Some(range(900, 929))).among(std::slice::from_ref(&before));
        assert_eq!((held.now, held.today), (Some(range(900, 929)), vec![range(900, 949), range(900, 929)]));
        before.until = Some(TODAY);
        let now = has(1, "Sảnh 1", range(900, 929));
        let freed = wish(2, "Sảnh 2", Some(range(930, 959)));
        assert_eq!(freed.among(&[before.clone(), now.clone()]).now, None);
        let tomorrow = RangeWish { day: TODAY.tomorrow().unwrap(), ..freed };
        assert_eq!(tomorrow.among(&[before, now]).now, tomorrow.range);
    }

    #[test]
    fn a_terminal_that_is_enrolled_anew_tells_the_old_one_s_numbers_and_gives_none_before_tomorrow() {
        let revoked = Reservation { revoked: Some(TODAY), ..has(1, "Sảnh 1", range(900, 949)) };
        let anew = wish(2, "Sảnh 1", Some(range(900, 949)));
        let held = anew.among(std::slice::from_ref(&revoked));
        assert_eq!((held.now, held.today), (None, vec![range(900, 949)]));
        let another_name = wish(3, "Sảnh 2", Some(range(950, 999))).among(std::slice::from_ref(&revoked));
        assert_eq!(another_name.today, [range(950, 999)]);
        let tomorrow = RangeWish { day: TODAY.tomorrow().unwrap(), ..anew };
        assert_eq!(tomorrow.among(&[revoked]), HeldRanges { now: tomorrow.range, today: vec![range(900, 949)] });
    }

    #[test]
    fn what_the_operator_takes_away_is_told_of_today() {
        let before = has(1, "Sảnh 1", range(900, 949));
        let held = wish(1, "Sảnh 1", None).among(std::slice::from_ref(&before));
        assert_eq!((held.now, held.today), (None, vec![range(900, 949)]));
        let over = Reservation { until: Some(TODAY.yesterday().unwrap()), ..before };
        assert_eq!(wish(1, "Sảnh 1", None).among(&[over]), HeldRanges::default(), "a new day");
    }

    proptest! {
        /// Whatever operators decide and terminals ask, on whichever days: no two
        /// terminals hold the same serial on one day.
        #[test]
        fn no_serial_is_two_terminals_on_one_day(
            steps in proptest::collection::vec((0_u8..4, 0_u32..12, 1_u32..6, any::<bool>(), 0_i32..2, 0_u8..8), 1..40)
        ) {
            let (mut rows, mut day): (Vec<Reservation>, Date) = (Vec::new(), TODAY);
            // Terminals that stand for the four names now; a revoked one is followed
            // by another.
            let mut stand: [u8; 4] = [0, 1, 2, 3];
            let mut given: Vec<(Date, DeviceId, SerialRange)> = Vec::new();
            for (place, from, length, some, later, chance) in steps {
                day += later.days();
                let (name, number) = (["a", "b", "c", "d"][usize::from(place)], stand[usize::from(place)]);
                let wanted = some.then(|| range(900 + from, 900 + from + length));
                let wish = RangeWish { day, ..wish(number, name, wanted) };
                let held = wish.among(&rows);
                prop_assert!(held.now.is_none() || held.now == wanted);
                // As the store writes it down.
                for row in rows.iter_mut().filter(|row| row.device == wish.device && row.until.is_none()) {
                    row.until = Some(day);
                }
                rows.extend(held.now.map(|now| has(number, name, now)));
                given.extend(
                    rows.iter().filter(|row| row.counts_on(day)).map(|row| (day, row.device.clone(), row.range)),
                );
                if chance == 0 {
                    for row in rows.iter_mut().filter(|row| row.device == wish.device) {
                        row.revoked = Some(day);
                    }
                    stand[usize::from(place)] += 4;
                }
            }
            for (place, (day, of, one)) in given.iter().enumerate() {
                for (other_day, other, two) in &given[..place] {
                    prop_assert!(day != other_day || of == other || !one.meets(*two), "{day}: {one:?} and {two:?}");
                }
            }
        }
    }
}
