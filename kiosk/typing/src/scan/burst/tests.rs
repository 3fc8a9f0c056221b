use proptest::prelude::*;

use super::*;

const CARD: &str = "079085001234|280123456|NGUYỄN VĂN AN|01021985|Nam|12 Đường Số 3|24102021";

/// What a focused widget and the scanner's reader got.
#[derive(Default, Debug, PartialEq)]
struct Got {
    typed: String,
    enters: usize,
    scans: Vec<String>,
}

impl Got {
    fn add(&mut self, fed: Fed) {
        let (typed, text) = match fed {
            Fed::Held => return,
            Fed::Typed(typed) => (typed, None),
            Fed::Scanned { typed, text } => (typed, Some(text)),
        };
        for stroke in typed {
            match stroke {
                Stroke::Char(c) => self.typed.push(c),
                Stroke::Enter | Stroke::Tab => self.enters += 1,
                Stroke::Other(_) => {}
            }
        }
        self.scans.extend(text);
    }
}

/// Plays keys with the milliseconds before each, and the clock between them.
fn play(keys: &[(Stroke, u64)]) -> Got {
    let mut burst = Burst::new(BurstTimes::default());
    let mut got = Got::default();
    let mut now = Duration::ZERO;
    for (stroke, before) in keys {
        now += Duration::from_millis(*before);
        while let Some(due) = burst.due().filter(|due| *due <= now) {
            got.add(burst.tick(due));
        }
        got.add(burst.feed(*stroke, now));
    }
    while let Some(due) = burst.due() {
        got.add(burst.tick(due));
    }
    got
}

fn keys(text: &str, apart: u64, end: &[Stroke]) -> Vec<(Stroke, u64)> {
    text.chars().map(Stroke::Char).chain(end.iter().copied()).map(|stroke| (stroke, apart)).collect()
}

#[test]
fn bursts_at_every_speed_and_with_every_ending() {
    for apart in [0, 1, 5, 20, 29] {
        for end in
            [&[Stroke::Enter][..], &[Stroke::Tab], &[Stroke::Enter, Stroke::Enter], &[Stroke::Enter, Stroke::Tab], &[]]
        {
            let got = play(&keys(CARD, apart, end));
            assert_eq!(got, Got { scans: vec![CARD.to_owned()], ..Got::default() }, "{apart} ms");
        }
    }
}

#[test]
fn people_are_no_scanners() {
    for apart in [30, 45, 80, 250] {
        let got = play(&keys("nguyen van an", apart, &[Stroke::Enter]));
        assert_eq!(got, Got { typed: "nguyen van an".into(), enters: 1, scans: vec![] }, "{apart} ms");
    }
    // Rolling over three keys, and Enter hit with them.
    let rolled: Vec<(Stroke, u64)> = [('t', 90), ('h', 12), ('e', 15), (' ', 80), ('a', 9), ('n', 4)]
        .map(|(c, before)| (Stroke::Char(c), before))
        .into_iter()
        .chain([(Stroke::Enter, 10)])
        .collect();
    assert_eq!(play(&rolled), Got { typed: "the an".into(), enters: 1, scans: vec![] });
}

#[test]
fn a_key_held_down_is_no_burst() {
    let got = play(&keys("00000000000", 25, &[Stroke::Enter]));
    assert_eq!(got.scans.len(), 0);
    assert_eq!((got.typed.as_str(), got.enters), ("00000000000", 1));
}

#[test]
fn what_a_person_typed_just_before_is_theirs() {
    let mut all = keys("ab", 100, &[]);
    all.extend(
        keys(CARD, 1, &[Stroke::Enter]).into_iter().enumerate().map(|(at, (s, ms))| (s, if at == 0 { 40 } else { ms })),
    );
    all.extend(keys("cd", 100, &[Stroke::Enter]));
    assert_eq!(play(&all), Got { typed: "abcd".into(), enters: 1, scans: vec![CARD.into()] });
}

#[test]
fn an_enter_alone_is_not_held() {
    let mut burst = Burst::new(BurstTimes::default());
    assert_eq!(burst.feed(Stroke::Enter, Duration::from_secs(1)), Fed::Typed(vec![Stroke::Enter]));
    assert_eq!(burst.due(), None);
    assert_eq!(burst.feed(Stroke::Other(7), Duration::from_secs(2)), Fed::Typed(vec![Stroke::Other(7)]));
}

#[test]
fn two_scans_one_after_the_other() {
    let mut all = keys(CARD, 0, &[Stroke::Enter]);
    all.extend(keys("H09.17-210819-0012", 0, &[Stroke::Enter]));
    assert_eq!(play(&all).scans, [CARD, "H09.17-210819-0012"]);
    // The first had no end; the second comes while the first is waited for.
    let mut all = keys(CARD, 0, &[]);
    all.extend(
        keys("H09.17-210819-0012", 5, &[Stroke::Enter])
            .into_iter()
            .enumerate()
            .map(|(at, (s, ms))| (s, if at == 0 { 60 } else { ms })),
    );
    assert_eq!(play(&all).scans, [CARD, "H09.17-210819-0012"]);
}

#[test]
fn a_scan_without_end_is_cut() {
    let long: String = "0123456789".repeat(400);
    let got = play(&keys(&long, 1, &[Stroke::Enter]));
    assert_eq!(got, Got { scans: vec![String::new()], ..Got::default() });
}

#[test]
fn what_is_held_is_wiped_and_not_printed() {
    let mut burst = Burst::new(BurstTimes::default());
    burst.feed(Stroke::Char('7'), Duration::ZERO);
    assert_eq!(format!("{burst:?} {:?}", Stroke::Char('7')), "Burst(1 keys) Char");
    burst.wipe();
    assert_eq!(burst.due(), None);
}

proptest! {
    #[test]
    fn no_key_is_lost_or_doubled(strokes in proptest::collection::vec(
        (prop_oneof![9 => "[a-z0-9|]".prop_map(|s| Stroke::Char(s.chars().next().unwrap())), 1 => Just(Stroke::Other(1))],
         prop_oneof![0_u64..40, 0_u64..400]), 0..60)) {
        let got = play(&strokes);
        let sent: String = strokes.iter().filter_map(|(s, _)| if let Stroke::Char(c) = s { Some(*c) } else { None }).collect();
        let mut all: Vec<char> = got.typed.chars().chain(got.scans.concat().chars()).collect();
        let mut wanted: Vec<char> = sent.chars().collect();
        all.sort_unstable();
        wanted.sort_unstable();
        prop_assert_eq!(all, wanted);
    }

    #[test]
    fn slow_keys_are_all_typed(text in "[a-z0-9 ]{0,40}", apart in 30_u64..500) {
        let got = play(&keys(&text, apart, &[]));
        prop_assert_eq!(got.typed, text);
        prop_assert!(got.scans.is_empty());
    }

    #[test]
    fn fast_keys_are_all_scanned(text in "[a-z0-9|]{5,80}x", gaps in proptest::collection::vec(0_u64..30, 82)) {
        prop_assume!(text.chars().take(6).any(|c| !text.starts_with(c)));
        let all: Vec<(Stroke, u64)> = text.chars().map(Stroke::Char).chain([Stroke::Enter]).zip(gaps).collect();
        let got = play(&all);
        prop_assert_eq!(got.scans, vec![text]);
        prop_assert_eq!((got.typed.as_str(), got.enters), ("", 0));
    }
}

/// A machine that is busy delivers single keys late.
#[test]
fn a_late_key_tears_no_scan_in_two() {
    let mut late = keys("000.00.17.H09-260901-0012", 20, &[Stroke::Enter]);
    for at in [4, 9, 17, 25] {
        late[at].1 = 55;
    }
    let got = play(&late);
    assert_eq!((got.typed.as_str(), got.enters, got.scans.len()), ("", 0, 1), "{got:?}");
    // Two keys together are a person's, and so is what comes after a pause.
    let person = [("a", 100), ("n", 20), ("h", 55), ("o", 55), ("i", 20), ("s", 55), ("a", 55)];
    let person: Vec<_> = person.map(|(key, before)| (Stroke::Char(key.chars().next().unwrap()), before)).into();
    assert_eq!(play(&person).typed, "anhoisa");
}
