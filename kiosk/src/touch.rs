//! What the screens tell: touches, switches and keys become events.

use std::rc::Rc;

use kiosk_screens as ui;
use slint::ComponentHandle as _;
use slint::platform::Key as Named;

use crate::flow::field::{Key, Tone};
use crate::flow::queue::Priority;
use crate::flow::{Act, Event, Place, Switch, ask, look_up, procedures, queue, rate, service};

/// Whoever hears events.
pub type Hear = Rc<dyn Fn(Event)>;

/// A key before any control has it; `true` where it goes no further.
pub type Sift = Rc<dyn Fn(&str) -> bool>;

/// Connects all callbacks of the window.
pub fn connect(window: &ui::Kiosk, hear: &Hear, sift: &Sift) {
    shell(&window.global::<ui::Shell<'_>>(), hear, sift);
    keys(&window.global::<ui::Keys<'_>>(), hear);
    views(window, hear);
}

/// A callback without arguments that says one thing.
macro_rules! says {
    ($hear:expr, $event:expr) => {{
        let hear = Rc::clone($hear);
        move || hear($event)
    }};
}

/// A callback with one argument.
macro_rules! says_of {
    ($hear:expr, $argument:ident => $event:expr) => {{
        let hear = Rc::clone($hear);
        move |$argument| hear($event)
    }};
}

fn shell(shell: &ui::Shell<'_>, hear: &Hear, sift: &Sift) {
    shell.on_go(says_of!(hear, place => Event::Go(of_place(place))));
    shell.on_back(says!(hear, Event::Back));
    shell.on_home(says!(hear, Event::Home));
    shell.on_finish(says!(hear, Event::Finish));
    shell.on_more_time(says!(hear, Event::MoreTime));
    shell.on_close_notice(says!(hear, Event::CloseNotice));
    shell.on_emblem_touched(says!(hear, Event::EmblemTouched));
    shell.on_switch_language(says!(hear, Event::Switch(Switch::Language)));
    shell.on_switch_large(says!(hear, Event::Switch(Switch::Large)));
    shell.on_switch_contrast(says!(hear, Event::Switch(Switch::Contrast)));
    shell.on_switch_reach(says!(hear, Event::Switch(Switch::Reach)));
    shell.on_switch_speech(says!(hear, Event::Switch(Switch::Speech)));
    let sift = Rc::clone(sift);
    shell.on_key(move |text| sift(&text));
}

fn keys(keys: &ui::Keys<'_>, hear: &Hear) {
    let typed = Rc::clone(hear);
    keys.on_typed(move |text| text.chars().for_each(|letter| typed(Event::Key(Key::Typed(letter)))));
    keys.on_toned(says_of!(hear, tone => Event::Key(Key::Tone(of_tone(tone)))));
    keys.on_erased(says!(hear, Event::Key(Key::Erase)));
    keys.on_entered(says!(hear, Event::Enter));
}

fn views(window: &ui::Kiosk, hear: &Hear) {
    let view = window.global::<ui::LookUp<'_>>();
    view.on_submit(says!(hear, Event::Act(Act::LookUp(look_up::Act::Submit))));
    view.on_prove(says!(hear, Event::Act(Act::LookUp(look_up::Act::Prove))));
    view.on_another(says!(hear, Event::Act(Act::LookUp(look_up::Act::Another))));
    view.on_rate(says!(hear, Event::Act(Act::RateDossier)));

    let view = window.global::<ui::Procedures<'_>>();
    view.on_open_search(says!(hear, Event::Act(Act::Procedures(procedures::Act::OpenSearch))));
    view.on_submit(says!(hear, Event::Act(Act::Procedures(procedures::Act::Submit))));
    view.on_by_event(says_of!(hear, index => Event::Act(Act::Procedures(procedures::Act::ByEvent(place_of(index))))));
    view.on_open_fields(says!(hear, Event::Act(Act::Procedures(procedures::Act::OpenFields))));
    view.on_by_letter(says_of!(hear, index => Event::Act(Act::Procedures(procedures::Act::Letter(place_of(index))))));
    view.on_by_field(says_of!(hear, index => Event::Act(Act::Procedures(procedures::Act::Field(place_of(index))))));
    view.on_turn(says_of!(hear, pages => Event::Act(Act::Procedures(procedures::Act::Turn(pages)))));
    view.on_open(says_of!(hear, index => Event::Act(Act::Procedures(procedures::Act::Open(place_of(index))))));
    view.on_show(says_of!(hear, section => Event::Act(Act::Procedures(procedures::Act::Show(of_section(section))))));
    view.on_open_cases(says!(hear, Event::Act(Act::Procedures(procedures::Act::OpenCases))));
    view.on_choose_case(
        says_of!(hear, index => Event::Act(Act::Procedures(procedures::Act::ChooseCase(place_of(index))))),
    );
    view.on_all_cases(says!(hear, Event::Act(Act::Procedures(procedures::Act::AllCases))));
    view.on_print(says!(hear, Event::Act(Act::Procedures(procedures::Act::Print))));
    view.on_to_phone(says!(hear, Event::Act(Act::ToPhone)));

    let view = window.global::<ui::Tickets<'_>>();
    view.on_choose(says_of!(hear, index => Event::Act(Act::Queue(queue::Act::Choose(place_of(index))))));
    view.on_take(says_of!(hear, priority => Event::Act(Act::Queue(queue::Act::Take(of_priority(priority))))));
    view.on_again(says!(hear, Event::Act(Act::Queue(queue::Act::Again))));
    view.on_to_phone(says!(hear, Event::Act(Act::ToPhone)));

    let view = window.global::<ui::Rating<'_>>();
    view.on_score_with(
        says_of!(hear, score => Event::Act(Act::Rate(rate::Act::Score(u8::try_from(score).unwrap_or_default())))),
    );
    view.on_toggle(says_of!(hear, index => Event::Act(Act::Rate(rate::Act::Toggle(place_of(index))))));
    view.on_send(says!(hear, Event::Act(Act::Rate(rate::Act::Send))));

    let view = window.global::<ui::Asking<'_>>();
    view.on_submit(says!(hear, Event::Act(Act::Ask(ask::Act::Submit))));
    view.on_choose(says_of!(hear, index => Event::Act(Act::Ask(ask::Act::Choose(place_of(index))))));
    view.on_another(says!(hear, Event::Act(Act::Ask(ask::Act::Another))));

    let view = window.global::<ui::Calling<'_>>();
    view.on_call(says_of!(hear, reason => Event::Act(Act::Call(of_reason(reason)))));

    let view = window.global::<ui::Phone<'_>>();
    view.on_confirm(says!(hear, Event::Act(Act::ConfirmPhone)));
    view.on_again(says!(hear, Event::Act(Act::PhoneAgain)));

    let view = window.global::<ui::ServiceMenu<'_>>();
    view.on_unlock(says!(hear, Event::Act(Act::Service(service::Act::Unlock))));
    view.on_print_proof(says!(hear, Event::Act(Act::Service(service::Act::PrintProof))));
    view.on_restart(says!(hear, Event::Act(Act::Service(service::Act::Restart))));
}

/// What a real keyboard's key means to a field: letters are typed wherever the
/// focus is; `None` for keys that move the focus or press a control.
pub fn typed(text: &str) -> Option<Key> {
    let mut letters = text.chars();
    let (Some(letter), None) = (letters.next(), letters.next()) else { return None };
    if letter == char::from(Named::Backspace) {
        return Some(Key::Erase);
    }
    // Named keys are control characters or stand in Unicode's private area.
    let named = letter.is_control() || ('\u{e000}'..='\u{f8ff}').contains(&letter);
    (!named).then_some(Key::Typed(letter))
}

/// The key that ends what is typed.
pub fn is_enter(text: &str) -> bool {
    text.chars().eq([char::from(Named::Return)])
}

/// A line's place in its list; what is none is behind its end.
fn place_of(index: i32) -> usize {
    usize::try_from(index).unwrap_or(usize::MAX)
}

fn of_place(place: ui::Place) -> Place {
    match place {
        ui::Place::LookUp => Place::LookUp,
        ui::Place::Procedures => Place::Procedures,
        ui::Place::Ticket => Place::Ticket,
        ui::Place::Rate => Place::Rate,
        ui::Place::Ask => Place::Ask,
        ui::Place::Call => Place::Call,
        ui::Place::Phone => Place::Phone,
        ui::Place::Service => Place::Service,
        ui::Place::Home => Place::Home,
    }
}

fn of_tone(tone: ui::Tone) -> Tone {
    match tone {
        ui::Tone::Acute => Tone::Acute,
        ui::Tone::Grave => Tone::Grave,
        ui::Tone::Hook => Tone::Hook,
        ui::Tone::Tilde => Tone::Tilde,
        ui::Tone::Dot => Tone::Dot,
    }
}

fn of_section(section: ui::Section) -> procedures::Section {
    match section {
        ui::Section::Papers => procedures::Section::Papers,
        ui::Section::Cost => procedures::Section::Cost,
        ui::Section::Steps => procedures::Section::Steps,
    }
}

fn of_priority(priority: ui::Priority) -> Priority {
    match priority {
        ui::Priority::Ordinary => Priority::None,
        ui::Priority::Elderly => Priority::Elderly,
        ui::Priority::Disabled => Priority::Disabled,
        ui::Priority::Pregnant => Priority::Pregnant,
        ui::Priority::WithInfant => Priority::WithInfant,
        ui::Priority::Merit => Priority::Merit,
    }
}

fn of_reason(reason: ui::CallReason) -> &'static str {
    match reason {
        ui::CallReason::Help => "help",
        ui::CallReason::Trouble => "trouble",
        ui::CallReason::Accessibility => "accessibility",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_typed_and_named_keys_are_not() {
        assert_eq!(typed("a"), Some(Key::Typed('a')));
        assert_eq!(typed(" "), Some(Key::Typed(' ')));
        assert_eq!(typed(&String::from(char::from(Named::Backspace))), Some(Key::Erase));
        for key in [Named::Tab, Named::Return, Named::Escape, Named::UpArrow, Named::F1, Named::Shift] {
            assert_eq!(typed(&String::from(char::from(key))), None);
        }
        assert!(is_enter("\n"));
    }
}
