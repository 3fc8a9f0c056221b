//! Twenty thousand touches of somebody who means nothing by them.

use crate::display::Display;
use crate::gateway;
use crate::terminal::Terminal;

const TOUCHES: usize = 20_000;
/// As many as are in the window's queue at one time.
const BATCH: usize = 100;

/// Places by a generator that is the same each time (splitmix64).
struct Places(u64);

impl Places {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn place(&mut self, width: u16, height: u16) -> (u16, u16) {
        let within = |figure: u64, size: u16| u16::try_from(figure % u64::from(size)).unwrap();
        let figure = self.next();
        (within(figure, width), within(figure >> 32, height))
    }
}

/// Touches all over the screen, so many; gives the resident memory in KiB after each
/// batch. Nothing may end but what starts anew by itself, and no screen may fail.
fn touches(display: &Display, terminal: &mut Terminal<'_>, count: usize) -> Vec<u64> {
    // Nobody reads the screen meanwhile: this is about fingers.
    terminal.reader.reads(false);
    let mut places = Places(20_261_127);
    let samples = (0..count / BATCH).map(|batch| {
        let touches: Vec<_> = (0..BATCH).map(|_| places.place(1080, 1920)).collect();
        display.touches(&touches);
        // A window that goes meanwhile has started anew: another one comes.
        while !display.settles(terminal.window()) {}
        assert!(terminal.process.runs(), "after {} touches: {}", batch * BATCH, terminal.process.errors());
        terminal.resident()
    });
    let samples = samples.collect();
    assert_eq!(terminal.failed_screens().unwrap_or_default(), 0, "{}", terminal.process.errors());
    terminal.reader.reads(true);
    samples
}

/// Whoever reads the screen finds it, in whichever language it was left, and is heard.
fn is_well(terminal: &Terminal<'_>) {
    let others = ["English", "Tiếng Việt"];
    let offered = terminal.finds("another language", |found| others.contains(&found.name.as_str()));
    terminal.reader.press(&offered);
    terminal.finds("the one before", |found| others.contains(&found.name.as_str()) && found.name != offered.name);
}

#[test]
fn twenty_thousand_touches_crash_nothing() {
    let Some(display) = Display::start(1080, 1920) else { return };
    let demo = gateway(&[]);
    let mut terminal = Terminal::start(&display, &demo);
    let samples = touches(&display, &mut terminal, TOUCHES);
    let most = samples.iter().max().unwrap();
    // 70 MiB as measured, unoptimised and in full size: each picture of the screen has 8.
    assert!(*most < 96 * 1024, "{most} KiB: {samples:?}");
    is_well(&terminal);
}

/// Where nothing personal can be shown the terminal never starts anew: what it does
/// not give back adds up.
#[test]
fn one_life_of_many_touches_fills_no_memory() {
    let Some(display) = Display::start(1080, 1920) else { return };
    let demo = gateway(&["kiosk.services=[\"procedures\",\"ticket\",\"rate\",\"call\"]"]);
    let mut terminal = Terminal::start(&display, &demo);
    let samples = touches(&display, &mut terminal, TOUCHES / 2);
    let (first, second) = samples.split_at(samples.len() / 2);
    let (before, after) = (first.iter().max().unwrap(), second.iter().max().unwrap());
    // Fonts' and pictures' caches are full by then; what a leak of 500 bytes a touch
    // would add is more than this.
    assert!(*after < before + 2 * 1024, "{before} KiB, then {after}: {samples:?}");
    is_well(&terminal);
    assert_eq!(terminal.failed_screens(), None, "it has started anew");
}
