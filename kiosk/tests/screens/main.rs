//! The terminal's screens without a display: every one by the names that
//! assistive technology finds, every way through them, and every size, language
//! and setting of each.

#![expect(clippy::unwrap_used, clippy::panic, reason = "the helpers of tests may fail the test")]

mod labels;
mod layout;
#[path = "../procedure/mod.rs"]
mod procedure;
mod rig;
mod scenes;
mod sheet;
mod walks;

use gateway_core::domain::Locale;
use kiosk::flow::{Event, Switch};
use slint::ComponentHandle as _;

use crate::rig::Rig;
use crate::scenes::SCENES;

/// The sizes that terminals have.
const SIZES: [(u32, u32); 3] = [(1080, 1920), (1280, 1024), (1920, 1080)];

/// How a citizen may want the screens.
const COMFORTS: [(&str, &[Switch]); 5] = [
    ("normal", &[]),
    ("large", &[Switch::Large]),
    ("contrast", &[Switch::Contrast]),
    ("reach", &[Switch::Reach]),
    ("large-reach", &[Switch::Large, Switch::Reach]),
];

/// Every screen at one size, in one language: made, measured and drawn.
fn measured(width: u32, height: u32, locale: Locale) {
    let mut found = Vec::new();
    let mut rig = Rig::new(width, height);
    for (comfort, switches) in COMFORTS {
        for scene in SCENES {
            rig.renew();
            if locale != Locale::VI {
                rig.does(Event::Switch(Switch::Language));
            }
            for switch in switches {
                rig.does(Event::Switch(*switch));
            }
            (scene.way)(&mut rig);
            assert_eq!(rig.terminal.borrow().comfort().locale, locale);
            let (w, h) = (width as f32, height as f32);
            let lowest = match (height > width, switches.contains(&Switch::Reach)) {
                (true, _) => h * 0.45,
                (false, true) => h * 0.4,
                (false, false) => 0.0,
            };
            let of = |finding| format!("{} {width}×{height} {} {comfort}: {finding}", scene.name, locale.as_str());
            found.extend(layout::findings(rig.window(), w, h, lowest).into_iter().map(of));
            // Reach mode moves things and draws nothing new.
            if !switches.contains(&Switch::Reach) || sheet::is_kept() {
                sheet::draw(&rig, scene.name, locale, comfort);
            }
        }
    }
    assert!(found.is_empty(), "{} findings:\n{}", found.len(), found.join("\n"));
}

#[test]
fn portrait_in_vietnamese() {
    measured(SIZES[0].0, SIZES[0].1, Locale::VI);
}

#[test]
fn portrait_in_english() {
    measured(SIZES[0].0, SIZES[0].1, Locale::EN);
}

#[test]
fn small_landscape_in_vietnamese() {
    measured(SIZES[1].0, SIZES[1].1, Locale::VI);
}

#[test]
fn small_landscape_in_english() {
    measured(SIZES[1].0, SIZES[1].1, Locale::EN);
}

#[test]
fn large_landscape_in_vietnamese() {
    measured(SIZES[2].0, SIZES[2].1, Locale::VI);
}

#[test]
fn large_landscape_in_english() {
    measured(SIZES[2].0, SIZES[2].1, Locale::EN);
}

/// The measure itself: a word that is too long for its place is found, and so
/// is a sentence that bursts its control.
#[test]
fn a_text_that_does_not_fit_is_found() {
    let rig = Rig::new(1080, 1920);
    let findings = |rig: &Rig| layout::findings(rig.window(), 1080.0, 1920.0, 0.0);
    assert_eq!(findings(&rig), Vec::<String>::new());
    let words = rig.window().global::<kiosk_screens::Words<'_>>();
    let label = words.get_home_look_up();

    words.set_home_look_up("Tracứuhồsơ".repeat(8).into());
    i_slint_backend_testing::mock_elapsed_time(std::time::Duration::from_millis(1));
    assert!(findings(&rig).iter().any(|finding| finding.starts_with("cut in Controls")), "{:?}", findings(&rig));

    words.set_home_look_up("Tra cứu hồ sơ ".repeat(40).into());
    i_slint_backend_testing::mock_elapsed_time(std::time::Duration::from_millis(1));
    assert!(!findings(&rig).is_empty());

    words.set_home_look_up(label);
    i_slint_backend_testing::mock_elapsed_time(std::time::Duration::from_millis(1));
    assert_eq!(findings(&rig), Vec::<String>::new());
}
