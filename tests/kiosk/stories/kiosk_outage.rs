//! The gateway goes while somebody stands before the terminal, and comes back.

use test_support::{Demo, HALL, Officer, eventually, large_number};

use crate::display::Display;
use crate::terminal::{NAME, Terminal};
use crate::{arguments, gateway};

const UNREACHABLE: &str = "Máy chưa kết nối được với trung tâm.";

#[test]
fn a_look_up_is_refused_honestly_and_procedures_are_still_read() {
    let Some(display) = Display::start(1080, 1920) else { return };
    let mut demo = gateway(&[]);
    let terminal = Terminal::start(&display, &demo);
    let (number, _) = demo.sample("status_4");
    terminal.scans(&number, 1);
    terminal.sees(&number);

    // An orderly end, in the middle of a walk.
    demo.process.signal("TERM");
    assert_eq!(demo.process.wait(), Some(0));
    terminal.touch("Tra hồ sơ khác");
    terminal.scans(&number, 1);
    terminal.sees(UNREACHABLE);
    terminal.sees_part("Xin ông/bà hỏi cán bộ ở quầy");
    display.shot("11-unreachable");
    terminal.touch("Trang đầu");
    terminal.sees_part("Ông/bà vẫn xem được thủ tục (dữ liệu ngày ");
    terminal.touch("Thủ tục");
    terminal.sees_part("Chưa kết nối được. Dữ liệu thủ tục ngày ");
    terminal.touch("Sinh con");
    let first = terminal.control_like("Đăng ký khai sinh");
    terminal.touch_it(&first);
    terminal.sees_part("Giấy chứng sinh");
    display.shot("12-from-the-catalogue");

    let public = demo.public.clone();
    let address = public.trim_start_matches("http://").to_owned();
    let demo = Demo::start_at(demo.into_folder(), &address, &arguments(&[]));
    terminal.touch("Trang đầu");
    terminal.scans(&number, 1);
    terminal.sees(&number);
    terminal.sees("Việc cần làm");
    terminal.touch("Trang đầu");
    terminal.misses(UNREACHABLE);
    drop(demo);
}

#[test]
fn numbers_of_its_own_range_are_told_when_the_gateway_is_back_and_nobody_has_two() {
    let Some(display) = Display::start(1280, 1024) else { return };
    let own = format!(
        "kiosk.sites=[{{site=\"{HALL}\",hours=[{{from=\"00:00:00\",to=\"23:59:59\"}}],local_tickets=[{{terminal=\"{NAME}\",from=900,to=949}}]}}]"
    );
    let mut demo = gateway(&[&own]);
    let terminal = Terminal::start(&display, &demo);
    take(&terminal, "Hộ tịch");
    terminal.sees("Số của ông/bà là A001");
    terminal.touch("Xong, xóa màn hình");

    // A power cut, while the services stand on the screen.
    terminal.touch("Lấy số");
    let service = terminal.control_like("Hộ tịch");
    demo.process.kill();
    terminal.touch_it(&service);
    terminal.touch("Lấy số thường");
    terminal.sees("Số của ông/bà là A900");
    display.shot("13-own-number");
    terminal.touch("Xong, xóa màn hình");
    // Another one from the start, for the same service.
    take(&terminal, "Hộ tịch");
    terminal.sees("Số của ông/bà là A901");
    terminal.touch("Xong, xóa màn hình");

    let address = demo.public.trim_start_matches("http://").to_owned();
    let demo = Demo::start_at(demo.into_folder(), &address, &arguments(&[&own]));
    // The first question that gets through brings the rest with it.
    take(&terminal, "Hộ tịch");
    terminal.sees("Số của ông/bà là A002");
    let mut officer = Officer::at(&demo, "canbo", "1");
    eventually("all four wait", || officer.sees().contains("Waiting for this counter (4)").then_some(()));
    let mut called = Vec::new();
    for _ in 0..4 {
        assert_eq!(officer.calls().status, 303);
        called.push(large_number(&officer.sees()).unwrap().to_owned());
        let ticket = officer.current();
        officer.did(ticket, "finish");
    }
    called.sort_unstable();
    assert_eq!(called, ["A001", "A002", "A900", "A901"]);
    assert!(officer.calls().text.contains("Nobody is waiting for this counter"));
}

fn take(terminal: &Terminal<'_>, service: &str) {
    terminal.touch("Lấy số");
    let service = terminal.control_like(service);
    terminal.touch_it(&service);
    terminal.touch("Lấy số thường");
}
