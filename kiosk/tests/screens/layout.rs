//! What must hold of every screen, whatever its size, language and settings:
//! no text is cut, nothing lies over something else or outside its place,
//! everything that is touched is large enough and low enough.

use std::fmt;

use i_slint_backend_testing::{ElementHandle, ElementQuery};
use kiosk_screens as ui;

/// The smallest side of a control, in logical pixels.
const TARGET: f32 = 72.0;
/// Rounding of layouts.
const SLACK: f32 = 1.5;

#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Rect {
    left: f32,
    top: f32,
    right: f32,
    bottom: f32,
}

impl fmt::Display for Rect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "({:.0},{:.0})-({:.0},{:.0})", self.left, self.top, self.right, self.bottom)
    }
}

impl Rect {
    fn of(element: &ElementHandle) -> Self {
        let (at, size) = (element.absolute_position(), element.size());
        Self { left: at.x, top: at.y, right: at.x + size.width, bottom: at.y + size.height }
    }

    fn holds(&self, other: &Self) -> bool {
        self.holds_sideways(other) && other.top >= self.top - SLACK && other.bottom <= self.bottom + SLACK
    }

    fn holds_sideways(&self, other: &Self) -> bool {
        other.left >= self.left - SLACK && other.right <= self.right + SLACK
    }

    fn meets(&self, other: &Self) -> bool {
        let sideways = self.left + SLACK < other.right && other.left + SLACK < self.right;
        let upright = self.top + SLACK < other.bottom && other.top + SLACK < self.bottom;
        sideways && upright
    }
}

/// A text: what it says, the frame that the layout gave, and what it needs.
struct Words {
    text: String,
    frame: Rect,
    needed: Rect,
}

fn words_of(element: &ElementHandle) -> Vec<Words> {
    let frames = element.query_descendants().match_inherits("Framed").find_all();
    frames
        .iter()
        .filter_map(|frame| {
            let words = frame.query_descendants().match_id("Framed::words").find_first()?;
            let text = words.accessible_label().or_else(|| frame.accessible_label()).unwrap_or_default();
            Some(Words { text: text.to_string(), frame: Rect::of(frame), needed: Rect::of(&words) })
        })
        .collect()
}

fn all(window: &ui::Kiosk, component: &str) -> Vec<ElementHandle> {
    ElementQuery::from_root(window).match_descendants().match_inherits(component.to_owned()).find_all()
}

/// Everything that can be touched, once: its name and where it is. A component
/// that is built on another is found as each of the two.
pub(crate) fn controls(window: &ui::Kiosk) -> Vec<(String, Rect)> {
    let mut controls: Vec<(String, Rect)> = Vec::new();
    for control in all(window, "Pressable") {
        let bounds = Rect::of(&control);
        let name = control.accessible_label().unwrap_or_default().to_string();
        match controls.iter_mut().find(|(_, known)| *known == bounds) {
            Some((known, _)) if known.is_empty() => *known = name,
            Some(_) => {}
            None => controls.push((name, bounds)),
        }
    }
    controls
}

/// Everything that is wrong with the screen that is shown.
pub(crate) fn findings(window: &ui::Kiosk, width: f32, height: f32, lowest_controls: f32) -> Vec<String> {
    let mut found = Vec::new();
    let whole = Rect { left: 0.0, top: 0.0, right: width, bottom: height };
    let mut texts = 0;
    for (component, scrolls) in
        [("Info", true), ("Controls", false), ("Head", false), ("Bar", false), ("Dialog", false)]
    {
        for place in all(window, component) {
            let bounds = Rect::of(&place);
            if !whole.holds(&bounds) {
                found.push(format!("{component} {bounds} lies outside the window"));
            }
            for words in words_of(&place) {
                texts += 1;
                if !words.frame.holds(&words.needed) {
                    found.push(format!(
                        "cut in {component}: {:?} needs {} and has {}",
                        words.text, words.needed, words.frame
                    ));
                }
                let inside = if scrolls { bounds.holds_sideways(&words.frame) } else { bounds.holds(&words.frame) };
                if !inside {
                    found.push(format!("outside {component} {bounds}: {:?} {}", words.text, words.frame));
                }
            }
        }
    }
    if texts == 0 {
        found.push("no text was found at all".to_owned());
    }
    for control in all(window, "Pressable") {
        let bounds = Rect::of(&control);
        for words in words_of(&control) {
            if !bounds.holds(&words.needed) {
                found.push(format!("over the edge of {bounds}: {:?} {}", words.text, words.needed));
            }
        }
    }
    let controls = controls(window);
    let dialogs = all(window, "Dialog").iter().map(Rect::of).count();
    for (index, (name, bounds)) in controls.iter().enumerate() {
        if name.is_empty() {
            found.push(format!("a control at {bounds} has no name"));
        }
        if bounds.right - bounds.left < TARGET - 0.5 || bounds.bottom - bounds.top < TARGET - 0.5 {
            found.push(format!("{name:?} is smaller than a finger: {bounds}"));
        }
        if !whole.holds(bounds) {
            found.push(format!("{name:?} {bounds} lies outside the window"));
        }
        if bounds.top < lowest_controls - SLACK {
            found.push(format!("{name:?} {bounds} lies above {lowest_controls}"));
        }
        // A dialog lies over what is below it: that is its purpose.
        if dialogs == 0 {
            for (other, place) in controls.iter().skip(index + 1) {
                if bounds.meets(place) {
                    found.push(format!("{name:?} {bounds} lies over {other:?} {place}"));
                }
            }
        }
    }
    found.extend(longer_pages_without_buttons(window));
    found.sort();
    found.dedup();
    found
}

/// A page that is longer than its place has the buttons that turn it.
fn longer_pages_without_buttons(window: &ui::Kiosk) -> Vec<String> {
    use slint::ComponentHandle as _;
    let words = window.global::<ui::Words<'_>>();
    let turned = ElementHandle::find_by_accessible_label(window, &words.get_read_on()).next().is_some();
    let mut found = Vec::new();
    for info in all(window, "Info") {
        let bounds = Rect::of(&info);
        let end = words_of(&info).iter().map(|words| words.frame.bottom).fold(0.0, f32::max);
        if end > bounds.bottom + SLACK && !turned {
            found.push(format!("the page ends at {end:.0}, below its place {bounds}, and nothing turns it"));
        }
    }
    found
}
