//! Keys before any control has them: a scanner is a keyboard, and what it types
//! must never press a button. A person's letters go to the field that is open,
//! wherever the focus is; Tab and Enter go on to the control that has it.

use std::fmt;
use std::time::Duration;

use gateway_core::domain::DossierNumberParser;
use jiff::civil::Date;
use kiosk_typing::scan::{Burst, BurstTimes, Fed, ScanReader, Scanned, Stroke};
use slint::platform::Key as Named;
use zeroize::Zeroizing;

use crate::flow::Event;
use crate::flow::field::Key;
use crate::flow::ports::Scan;

/// The most that passes at once for keys: less than the pause that tells a person
/// from a scanner.
const AT_ONCE: Duration = Duration::from_millis(25);

/// Time as the screen's loop lives it. While it draws, keys wait for it, and are
/// then taken one after another: what passed meanwhile says nothing of how far
/// apart they were typed, and must not tear a scanner's text in two. A loop that is
/// not held up looks at the clock often enough for all of it to count.
#[derive(Debug, Default)]
pub struct Lived {
    now: Duration,
    seen: Duration,
}

impl Lived {
    /// The loop looks at the clock.
    pub fn at(&mut self, clock: Duration) -> Duration {
        self.now += clock.saturating_sub(self.seen).min(AT_ONCE);
        self.seen = self.seen.max(clock);
        self.now
    }

    /// The same for a loop that had nothing to do: all of it has passed.
    pub fn rested(&mut self, clock: Duration) -> Duration {
        self.now += clock.saturating_sub(self.seen);
        self.seen = self.seen.max(clock);
        self.now
    }
}

/// What became of a key.
#[derive(Debug)]
pub struct Sifted {
    /// What it means, with keys that were held before it.
    pub events: Vec<Event>,
    /// It goes no further.
    pub taken: bool,
}

/// Holds keys back while they may be a scanner's.
pub struct Sieve {
    burst: Burst,
    reader: ScanReader,
}

/// Never what is held.
impl fmt::Debug for Sieve {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sieve(…)")
    }
}

impl Sieve {
    /// With the patterns of dossier numbers.
    pub fn new(numbers: DossierNumberParser) -> Self {
        Self { burst: Burst::new(BurstTimes::default()), reader: ScanReader::new(numbers) }
    }

    /// A key, as the window names it, at a time; `today` is the day in Vietnam.
    pub fn key(&mut self, text: &str, at: Duration, today: Date) -> Sifted {
        let Some(stroke) = stroke_of(text) else { return Sifted { events: Vec::new(), taken: false } };
        match self.burst.feed(stroke, at) {
            Fed::Held => Sifted { events: Vec::new(), taken: true },
            Fed::Typed(strokes) => {
                // A person's Enter or Tab goes on to what has the focus; letters
                // have gone to the field.
                let goes_on = strokes.last().is_some_and(|last| *last == stroke && !is_typed(stroke));
                Sifted { events: typed(&strokes), taken: !goes_on }
            }
            scanned @ Fed::Scanned { .. } => Sifted { events: self.events(scanned, today), taken: true },
        }
    }

    /// When [`Sieve::tick`] is wanted, unless a key comes before; nothing where
    /// no key is held.
    pub fn due(&self) -> Option<Duration> {
        self.burst.due()
    }

    /// Time has passed: what was held long enough is a person's.
    pub fn tick(&mut self, at: Duration, today: Date) -> Vec<Event> {
        let fed = self.burst.tick(at);
        self.events(fed, today)
    }

    /// The session is over.
    pub fn wipe(&mut self) {
        self.burst.wipe();
    }

    fn events(&self, fed: Fed, today: Date) -> Vec<Event> {
        match fed {
            Fed::Held => Vec::new(),
            Fed::Typed(strokes) => typed(&strokes),
            Fed::Scanned { typed: before, text } => {
                let mut events = typed(&before);
                events.push(Event::Scanned(read(self.reader.read(text, today))));
                events
            }
        }
    }
}

fn read(scanned: Scanned) -> Scan {
    match scanned {
        Scanned::Card(citizen) => Scan::Identity(Zeroizing::new(citizen.digits().to_owned())),
        Scanned::Dossier(number) => Scan::Dossier(Zeroizing::new(number.to_string())),
        Scanned::Ticket(code) => Scan::Ticket(code.as_str().to_owned()),
        // Which of several is meant is typed.
        Scanned::Dossiers(_) | Scanned::Unknown => Scan::Unknown,
    }
}

fn is_typed(stroke: Stroke) -> bool {
    matches!(stroke, Stroke::Char(_)) || stroke == ERASE
}

/// The one named key that a field wants.
const ERASE: Stroke = Stroke::Other(8);

fn typed(strokes: &[Stroke]) -> Vec<Event> {
    strokes
        .iter()
        .filter_map(|stroke| match stroke {
            Stroke::Char(letter) => Some(Event::Key(Key::Typed(*letter))),
            erase if *erase == ERASE => Some(Event::Key(Key::Erase)),
            _ => None,
        })
        .collect()
}

/// Named keys are control characters or stand in Unicode's private area.
fn stroke_of(text: &str) -> Option<Stroke> {
    let mut letters = text.chars();
    let (Some(letter), None) = (letters.next(), letters.next()) else { return None };
    let is = |key: Named| letter == char::from(key);
    Some(match letter {
        _ if is(Named::Return) => Stroke::Enter,
        _ if is(Named::Tab) => Stroke::Tab,
        _ if is(Named::Backspace) => ERASE,
        // Held beside other keys by people and scanners alike.
        _ if [Named::Shift, Named::ShiftR, Named::Control, Named::ControlR, Named::CapsLock].into_iter().any(is) => {
            return None;
        }
        '\u{e000}'..='\u{f8ff}' => Stroke::Other(1),
        letter if letter.is_control() => Stroke::Other(2),
        letter => Stroke::Char(letter),
    })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn sieve() -> Sieve {
        Sieve::new(DossierNumberParser::default())
    }

    fn ms(at: u64) -> Duration {
        Duration::from_millis(at)
    }

    fn name(key: Named) -> String {
        char::from(key).to_string()
    }

    /// Types a text and Enter, so many milliseconds apart.
    fn burst(sieve: &mut Sieve, text: &str, apart: u64) -> Vec<Sifted> {
        let keys = text.chars().map(String::from).chain([name(Named::Return)]);
        keys.zip(0..).map(|(key, index)| sieve.key(&key, ms(1_000 + index * apart), date(2026, 11, 27))).collect()
    }

    #[test]
    fn a_scanners_burst_presses_no_button_at_any_speed() {
        for apart in [0, 1, 5, 20] {
            let sifted = burst(&mut sieve(), "000.00.17.H09-260901-0012", apart);
            assert!(sifted.iter().all(|key| key.taken), "{apart} ms");
            let events: Vec<&Event> = sifted.iter().flat_map(|key| &key.events).collect();
            let [Event::Scanned(Scan::Dossier(number))] = events[..] else { panic!("{apart} ms: {events:?}") };
            assert_eq!(number.as_str(), "000.00.17.H09-260901-0012");
        }
    }

    /// Drawing holds the loop up for 150 ms before each third key; keys, and looks at
    /// what is held, come late and close together.
    #[test]
    fn a_loop_that_is_held_up_tears_no_scan_in_two() {
        for apart in [0, 1, 5, 20] {
            let (mut sieve, mut lived) = (sieve(), Lived::default());
            let today = date(2026, 11, 27);
            let (mut clock, mut events) = (1_000, Vec::new());
            let keys = "000.00.17.H09-260901-0012".chars().map(String::from).chain([name(Named::Return)]);
            for (key, index) in keys.zip(0..) {
                let typed = 1_000 + index * apart;
                if index % 3 == 1 {
                    clock = clock.max(typed) + 150;
                    // What is held is looked at first, the worse order.
                    assert!(sieve.tick(lived.at(ms(clock)), today).is_empty(), "{apart} ms, key {index}");
                }
                clock = clock.max(typed);
                events.extend(sieve.key(&key, lived.at(ms(clock)), today).events);
            }
            let [Event::Scanned(Scan::Dossier(number))] = &events[..] else { panic!("{apart} ms: {events:?}") };
            assert_eq!(number.as_str(), "000.00.17.H09-260901-0012");
        }
    }

    /// With the looks of a loop that is not held up, a person's keys stay a person's.
    #[test]
    fn a_loop_that_is_not_held_up_lives_all_of_its_time() {
        let (mut sieve, mut lived) = (sieve(), Lived::default());
        let today = date(2026, 11, 27);
        let mut typed = 0;
        for clock in (1_000..2_000).step_by(20) {
            let at = lived.at(ms(clock));
            typed += sieve.tick(at, today).len();
            if clock % 100 == 0 {
                typed += sieve.key("0", at, today).events.len();
            }
        }
        assert_eq!(typed, 10);
    }

    #[test]
    fn of_a_card_only_the_digits_are_kept() {
        let card = "074085001234|281234567|Nguyễn Văn A|01011985|Nam|1 đường A, phường B|01012021";
        let sifted = burst(&mut sieve(), card, 1);
        let events: Vec<&Event> = sifted.iter().flat_map(|key| &key.events).collect();
        let [Event::Scanned(Scan::Identity(digits))] = events[..] else { panic!("{events:?}") };
        assert_eq!(digits.as_str(), "074085001234");
        assert_eq!(format!("{events:?}"), "[Scanned(Identity)]");
    }

    #[test]
    fn a_persons_letters_are_typed_and_their_enter_goes_on() {
        let mut sieve = sieve();
        let today = date(2026, 11, 27);
        assert!(sieve.key("h", ms(0), today).taken);
        assert!(matches!(sieve.tick(ms(40), today)[..], [Event::Key(Key::Typed('h'))]));
        assert!(sieve.key("0", ms(200), today).taken);
        let enter = sieve.key(&name(Named::Return), ms(400), today);
        assert!(!enter.taken, "it presses what has the focus");
        assert!(matches!(enter.events[..], [Event::Key(Key::Typed('0'))]));
        let erase = sieve.key(&name(Named::Backspace), ms(600), today);
        assert!(erase.taken);
        assert!(matches!(erase.events[..], [Event::Key(Key::Erase)]));
        assert!(!sieve.key(&name(Named::Tab), ms(800), today).taken);
        assert!(!sieve.key(&name(Named::Shift), ms(900), today).taken);
    }

    #[test]
    fn anything_else_is_unknown() {
        let sifted = burst(&mut sieve(), "https://example.com/a?b=c", 1);
        assert!(matches!(sifted.last().unwrap().events[..], [Event::Scanned(Scan::Unknown)]));
    }
}
