//! Where is my dossier: by a scanner, with the identity card as the second proof,
//! and nothing of it left afterwards.

use crate::display::Display;
use crate::gateway;
use crate::terminal::{HOME, Terminal, read_all};

/// Milliseconds between a scanner's keys.
const SPEEDS: [u32; 4] = [0, 1, 5, 20];

/// What stands only on the owner's page.
const OWNERS: &str = "Chỉ người nộp hồ sơ xem được";

/// What the field of the number says while nothing is typed.
const NOTHING: &str = "Ví dụ: 000.00.17.H09-260901-0012";

/// A card as scanners read it. The last digits are the second proof.
fn card(proof: &str) -> (String, String) {
    let id = format!("07408500{proof}");
    let rest = "281234567|Nguyễn Văn Ánh|01011985|Nam|Số 1 đường Phú Lợi, phường Phú Cường, Thủ Dầu Một|01012021";
    (format!("{id}|{rest}"), id)
}

#[test]
fn a_scanner_at_any_speed_asks_and_proves_and_nothing_is_left() {
    let Some(display) = Display::start(1080, 1920) else { return };
    let demo = gateway(&[]);
    let terminal = Terminal::start(&display, &demo);
    display.shot("01-home");
    let (number, proof) = demo.sample("status_5");
    let (card, id) = card(&proof.unwrap());
    let mut masked = String::new();
    for apart in SPEEDS {
        // The scan presses no button, though one has the keyboard.
        terminal.tabs_to("Lấy số");
        terminal.scans(&number, apart);
        terminal.sees(&number);
        assert!(!terminal.has(OWNERS), "{apart} ms");
        display.shot("02-look-up");
        terminal.tabs_to("Đánh giá việc giải quyết");
        terminal.scans(&card, apart);
        terminal.sees(OWNERS);
        display.shot("03-second-proof");
        let names = terminal.reader.names();
        masked = names.iter().skip_while(|name| *name != "Người nộp hồ sơ").nth(1).unwrap().clone();
        assert!(masked.contains("***"), "{apart} ms: {names:?}");
        assert!(!names.iter().any(|name| name.contains("Nguyễn") || name.contains(&id)), "{apart} ms: {names:?}");
        // That a search finds what is there is what makes its silence worth something.
        let [there, _] = terminal.in_memory(&[&masked, &id])[..] else { panic!() };
        assert!(there > 0, "{apart} ms");

        let life = terminal.life();
        terminal.touch("Xong, xóa màn hình");
        terminal.starts_anew_after(&life);
        display.shot("04-wiped");
        assert_eq!(terminal.in_memory(&[&number, &masked, &id, "Nguyễn Văn Ánh"]), [0; 4], "{apart} ms");
    }
    let mut written = terminal.written();
    written.extend(demo.process.errors().into_bytes());
    let written = String::from_utf8_lossy(&written);
    for fact in [&number, &masked, &id, "Nguyễn Văn Ánh", "Phú Cường"] {
        assert!(!written.contains(fact), "{fact} was written down: {written}");
    }
    // Nor does the gateway's store have anything of the card.
    let mut kept = Vec::new();
    read_all(demo.folder().as_ref(), &mut kept);
    for fact in [&id, "Nguyễn Văn Ánh"] {
        assert!(!kept.windows(fact.len()).any(|window| window == fact.as_bytes()), "{fact} is in the gateway's folder");
    }
}

#[test]
fn a_code_that_is_none_lands_in_no_field_and_presses_nothing() {
    let Some(display) = Display::start(1280, 1024) else { return };
    let demo = gateway(&[]);
    let terminal = Terminal::start(&display, &demo);
    terminal.touch("Tra cứu hồ sơ");
    for apart in SPEEDS {
        terminal.tabs_to("7");
        terminal.scans("https://vd.vn/a?b=c&d=17", apart);
        terminal.sees("Máy chưa đọc được mã này");
        terminal.touch("Đóng");
        terminal.misses("Máy chưa đọc được mã này");
        assert_eq!(terminal.written_in("Số hồ sơ"), NOTHING, "{apart} ms");
    }
    // A person's keys do, and their Enter presses what has the keyboard.
    for key in ["0", "h", "minus", "9", "BackSpace"] {
        terminal.key(key);
        terminal.settles();
    }
    terminal.finds("what was typed", |_| terminal.written_in("Số hồ sơ") == "0H-");
    terminal.tabs_to("7");
    terminal.key("Return");
    terminal.finds("what was pressed", |_| terminal.written_in("Số hồ sơ") == "0H-7");
}

/// Nobody ends the session: the terminal asks, and then wipes by itself.
#[test]
fn who_walks_away_is_asked_and_then_nothing_stands_there() {
    let Some(display) = Display::start(1280, 1024) else { return };
    let demo = gateway(&["kiosk.idle_seconds=15"]);
    let terminal = Terminal::start(&display, &demo);
    let (number, proof) = demo.sample("status_5");
    terminal.scans(&number, 1);
    terminal.sees(&number);
    terminal.scans(&card(&proof.unwrap()).0, 1);
    terminal.sees(OWNERS);
    let life = terminal.life();
    terminal.sees("Ông/bà còn ở đây không?");
    display.shot("05-idle");
    terminal.starts_anew_after(&life);
    assert!(terminal.has(HOME) && !terminal.has(OWNERS));
    assert_eq!(terminal.in_memory(&[&number]), [0]);
}
