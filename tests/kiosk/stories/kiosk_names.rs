//! Without eyes: the whole way by names alone, over AT-SPI, without a pointer, a
//! key or a place on the screen. And without hands: by Tab and Enter.

use crate::display::Display;
use crate::gateway;
use crate::terminal::{HOME, Terminal};

#[test]
fn from_the_front_page_to_the_answer_by_names_alone() {
    let Some(display) = Display::start(1080, 1920) else { return };
    let demo = gateway(&[]);
    let terminal = Terminal::start(&display, &demo);
    let (number, proof) = demo.sample("status_5");
    // Its own bursts are the scanner's; somebody who does not see presses keys.
    terminal.press("Tra cứu hồ sơ");
    for letter in number.chars() {
        terminal.press(&letter.to_string());
    }
    terminal.finds("the number", |_| terminal.written_in("Số hồ sơ") == number);
    terminal.press("Tra cứu");
    terminal.sees(&number);
    let public = terminal.reader.names();
    assert!(public.iter().any(|name| name == "Việc cần làm") && !public.iter().any(|name| name == "Người nộp hồ sơ"));
    terminal.press("Xem thêm (cần 4 số cuối căn cước)");
    for digit in proof.unwrap().chars() {
        terminal.press(&digit.to_string());
    }
    // A shield hides the digits from whoever listens, too.
    terminal.control("Xem thông tin của tôi");
    let shield = terminal.finds("the shield", |found| found.name == "4 số cuối căn cước" && found.is_field());
    assert_eq!(terminal.reader.description(&shield), "Đã nhập 4 ký tự");
    terminal.press("Xem thông tin của tôi");
    terminal.sees("Người nộp hồ sơ");
    let life = terminal.life();
    terminal.press("Xong, xóa màn hình");
    terminal.starts_anew_after(&life);
}

#[test]
fn from_the_front_page_to_a_number_by_keys_alone() {
    let Some(display) = Display::start(1280, 1024) else { return };
    let demo = gateway(&[]);
    let terminal = Terminal::start(&display, &demo);
    // The language changes where one is, and back.
    terminal.tabs_to("English");
    terminal.key("Return");
    terminal.sees("Welcome");
    assert!(!terminal.has(HOME));
    terminal.tabs_to("Take a number");
    terminal.key("Return");
    terminal.control_like("Civil status");
    terminal.tabs_to("Tiếng Việt");
    terminal.key("Return");
    let service = terminal.control_like("Hộ tịch").name;
    terminal.tabs_to(&service);
    terminal.key("Return");
    terminal.tabs_to("Người cao tuổi");
    terminal.key("Return");
    terminal.sees("Số của ông/bà là A001");
    terminal.sees("Số ưu tiên");
    terminal.tabs_to("English");
    terminal.key("Return");
    terminal.sees("Your number is A001");
    terminal.tabs_to("Done, clear the screen");
    terminal.key("Return");
    // The next citizen finds the terminal in its first language.
    terminal.sees(HOME);
}
