//! Ways through the screens, by names, by touch and by keys alone.

use kiosk::flow::ports::{Answer, Command, NotPrinted, Question};
use kiosk::flow::{Event, Place, Trouble, look_up};
use slint::platform::Key;

use crate::rig::Rig;
use crate::scenes::{NUMBER, dossier, owned, queue_lines, taken, way_to};

#[test]
fn a_citizen_looks_up_proves_reads_and_wipes_by_names_alone() {
    let mut rig = Rig::new(1080, 1920);
    rig.press("Tra cứu hồ sơ");
    for letter in ["0", "0", "0", ".", "H", "Xóa", "1"] {
        rig.press(letter);
    }
    assert_eq!(rig.named("Số hồ sơ").accessible_value().unwrap(), "000.1");
    rig.press("Tra cứu");
    assert!(matches!(rig.asked().1, Question::LookUp { number } if number.as_str() == "000.1"));
    assert!(rig.has("Đang hỏi, xin chờ một chút…"));
    rig.hears(Ok(dossier(|_| {})));
    assert!(rig.has("Đang xử lý"));
    assert!(!rig.has("N***** V** A"));
    rig.press("Xem thêm (cần 4 số cuối căn cước)");
    for digit in ["1", "2", "3", "4"] {
        rig.press(digit);
    }
    // The shield: how many digits, never which.
    let shield = rig.named("4 số cuối căn cước");
    assert_eq!(shield.accessible_description().unwrap(), "Đã nhập 4 ký tự");
    assert_eq!(shield.accessible_value().unwrap_or_default(), "");
    rig.press("Xem thông tin của tôi");
    rig.hears(Ok(owned()));
    assert!(rig.has("N***** V** A"));
    rig.press("Xong, xóa màn hình");
    assert!(rig.commands.contains(&Command::Restart));
    let names = rig.names().join("\n");
    for fact in ["N***** V** A", NUMBER, "Tờ khai"] {
        assert!(!names.contains(fact), "{fact} is still shown: {names}");
    }
    assert!(rig.has("Kính chào quý công dân"));
}

#[test]
fn a_finger_takes_a_number_and_without_paper_it_stands_there_large() {
    let mut rig = Rig::new(1280, 1024);
    rig.touch("Lấy số").hears(Ok(queue_lines()));
    // A counter at lunch says so, and gives none.
    let lunch = rig.named("Đăng ký kinh doanh. Nghỉ trưa, nhận số từ 13:30");
    assert_eq!(lunch.accessible_enabled(), Some(false));
    rig.touch("Đăng ký kinh doanh. Nghỉ trưa, nhận số từ 13:30");
    assert!(rig.has("Xin ông/bà chọn việc cần làm ở quầy."));
    rig.touch("Hộ tịch – Chứng thực. 4 người đang chờ, khoảng 20 phút").touch("Người cao tuổi");
    rig.hears(Ok(Answer::Ticket(taken())));
    let Some(Command::Print { id, .. }) = rig.commands.first().cloned() else { panic!("nothing is printed") };
    rig.does(Event::Printed(id, Err(NotPrinted::PaperOut)));
    assert!(rig.has("Số của ông/bà là A012"));
    assert!(rig.has("Chưa in được phiếu. Xin ông/bà nhớ số này."));
    rig.touch("In lại phiếu");
    assert!(matches!(rig.commands[..], [Command::Print { .. }]));
}

/// Tab and Enter, nothing else.
#[test]
fn the_whole_terminal_is_used_by_tab_and_enter() {
    let mut rig = Rig::new(1080, 1920);
    rig.key(Key::Tab).key(Key::Tab).key(Key::Return);
    assert_eq!(rig.terminal.borrow().place(), Place::Procedures, "the second tile");
    // Every control of the screen is reached: by turns until the focus comes
    // round, and each is pressed where it leads nowhere else.
    rig.does(Event::Home).key(Key::Tab).key(Key::Return);
    assert_eq!(rig.terminal.borrow().place(), Place::LookUp);
    rig.key(Key::Tab).key(Key::Return).key(Key::Tab).key(Key::Return);
    assert_eq!(rig.terminal.borrow().look_up().number(), "12");
    let before = crate::sheet::drawn(&rig);
    rig.key(Key::Tab);
    assert_ne!(before, crate::sheet::drawn(&rig), "the ring moves on");
}

/// Each control that assistive technology may press has the focus once while
/// somebody tabs through the screen.
#[test]
fn tab_comes_by_as_many_controls_as_there_are() {
    for scene in ["home", "look-up-typed", "procedures", "ticket-priority", "rate", "call"] {
        let mut rig = Rig::new(1080, 1920);
        way_to(scene)(&mut rig);
        let controls = crate::layout::controls(rig.window()).len();
        let ringed = |rig: &Rig| {
            i_slint_backend_testing::ElementQuery::from_root(rig.window())
                .match_descendants()
                .match_id("Pressable::ring")
                .find_all()
                .first()
                .map(|ring| (ring.absolute_position().x as i64, ring.absolute_position().y as i64))
        };
        let mut stations = Vec::new();
        for _ in 0..controls {
            rig.key(Key::Tab);
            stations.push(ringed(&rig).unwrap_or_else(|| panic!("{scene}: nothing has the focus")));
        }
        rig.key(Key::Tab);
        assert_eq!(ringed(&rig), stations.first().copied(), "{scene}: it comes round: {stations:?}");
        stations.sort_unstable();
        stations.dedup();
        assert_eq!(stations.len(), controls, "{scene}");
    }
}

#[test]
fn a_real_keyboard_types_wherever_the_focus_is_and_presses_no_button() {
    let mut rig = Rig::new(1080, 1920);
    rig.does(Event::Go(Place::LookUp)).key(Key::Tab);
    for letter in "h09 1".chars() {
        rig.key(letter);
    }
    rig.key(Key::Backspace);
    assert_eq!(rig.terminal.borrow().look_up().number(), "H09 ");
}

#[test]
fn the_language_switches_live_and_what_was_typed_stays() {
    let mut rig = Rig::new(1920, 1080);
    way_to("look-up-typed")(&mut rig);
    assert!(rig.has("Xin ông/bà gõ số hồ sơ ghi trên giấy biên nhận."));
    rig.press("English");
    assert!(rig.has("Please type the number on your receipt."));
    assert!(!rig.names().iter().any(|name| name.contains("ông/bà")), "{:?}", rig.names());
    assert_eq!(rig.named("Dossier number").accessible_value().unwrap(), NUMBER);
    rig.press("Tiếng Việt");
    assert!(rig.has("Xin ông/bà gõ số hồ sơ ghi trên giấy biên nhận."));
}

#[test]
fn sentences_with_arguments_follow_the_language_too() {
    let mut rig = Rig::new(1080, 1920);
    way_to("call-queued")(&mut rig);
    assert!(rig.has("Ông/bà là người thứ 2 đang chờ giúp."));
    rig.press("English");
    assert!(rig.has("You are number 2 waiting for help."));
}

#[test]
fn switches_say_whether_they_are_on() {
    let mut rig = Rig::new(1080, 1920);
    for name in ["Chữ to", "Tương phản", "Tầm thấp", "Đọc to"] {
        assert_eq!(rig.named(name).accessible_checked(), Some(false), "{name}");
        rig.touch(name);
        assert_eq!(rig.named(name).accessible_checked(), Some(true), "{name}");
    }
}

#[test]
fn the_warning_counts_and_one_touch_gives_more_time() {
    let mut rig = Rig::new(1080, 1920);
    way_to("look-up-result")(&mut rig);
    rig.waits(45);
    assert!(rig.has("Màn hình sẽ tự xóa sau 20 giây."));
    rig.waits(5);
    assert!(rig.has("Màn hình sẽ tự xóa sau 15 giây."));
    rig.touch("Tôi còn ở đây");
    assert!(!rig.has("Ông/bà còn ở đây không?"));
    assert!(rig.has("Đang xử lý"));
    rig.waits(65);
    assert!(rig.has("Kính chào quý công dân"));
    assert!(!rig.has("Đang xử lý"));
}

#[test]
fn while_warned_nothing_below_the_dialog_is_touched() {
    let mut rig = Rig::new(1080, 1920);
    way_to("look-up-result")(&mut rig);
    let another = rig.named("Tra hồ sơ khác");
    let at = another.absolute_position();
    rig.waits(45);
    let window = slint::ComponentHandle::window(rig.window());
    let position = slint::LogicalPosition::new(at.x + 10.0, at.y + 10.0);
    let button = slint::platform::PointerEventButton::Left;
    window.dispatch_event(slint::platform::WindowEvent::PointerPressed { position, button });
    window.dispatch_event(slint::platform::WindowEvent::PointerReleased { position, button });
    rig.settle();
    assert_eq!(rig.terminal.borrow().look_up().stage(), look_up::Stage::Result);
}

/// The focus is on a button, and the scanner's Enter does not press it.
#[test]
fn a_scanned_receipt_and_card_need_no_touch_and_press_no_button() {
    for apart in [0, 1, 5, 20] {
        let mut rig = Rig::new(1080, 1920);
        rig.key(Key::Tab).key(Key::Tab);
        rig.scans(NUMBER, apart);
        assert_eq!(rig.terminal.borrow().place(), Place::LookUp, "{apart} ms");
        assert_eq!(rig.terminal.borrow().look_up().number(), NUMBER);
        rig.hears(Ok(dossier(|_| {}))).key(Key::Tab);
        rig.scans("074085001234|281234567|Nguyễn Văn A|01011985|Nam|phường B|01012021", apart);
        assert!(matches!(rig.asked().1, Question::Disclose { last_four, .. } if last_four.as_str() == "1234"));
        rig.hears(Ok(owned()));
        assert!(rig.has("N***** V** A"));
        assert!(!rig.names().join(" ").contains("1234"));
    }
}

#[test]
fn a_strange_code_gets_a_kind_word() {
    let mut rig = Rig::new(1080, 1920);
    rig.scans("https://example.com/a?b=c", 1);
    assert!(rig.has("Máy chưa đọc được mã này"));
    rig.touch("Đóng");
    assert!(!rig.has("Máy chưa đọc được mã này"));
}

#[test]
fn each_trouble_has_its_words_and_a_way_on() {
    for (trouble, words) in [
        (Trouble::Unreachable, "Máy chưa kết nối được với trung tâm."),
        (Trouble::Busy, "Đang có nhiều người dùng."),
        (Trouble::TooMany, "Máy này đã hỏi quá nhiều hồ sơ."),
        (Trouble::PortalDown, "Cổng dịch vụ công chưa trả lời."),
        (Trouble::NotFound, "Chưa tìm thấy hồ sơ có số này."),
        (Trouble::TooNew, "Hồ sơ mới nộp có thể chưa lên hệ thống."),
        (Trouble::NotANumber, "Đây chưa phải là số hồ sơ."),
        (Trouble::OutOfOrder, "Máy này tạm thời chưa dùng được."),
        (Trouble::Refused, "Bây giờ chưa làm được việc này."),
    ] {
        let mut rig = Rig::new(1080, 1920);
        way_to("look-up-waiting")(&mut rig);
        rig.hears(Err(trouble));
        assert!(rig.has(words), "{trouble:?}: {:?}", rig.names());
        rig.press("Gõ lại số hồ sơ");
        assert_eq!(rig.named("Số hồ sơ").accessible_value().unwrap(), NUMBER, "to be mended");
    }
}

#[test]
fn a_long_page_is_turned_by_buttons() {
    let mut rig = Rig::new(1280, 1024);
    way_to("look-up-owner")(&mut rig);
    let first = crate::sheet::drawn(&rig);
    let on = rig.named("Xem tiếp");
    assert_eq!(on.accessible_enabled(), Some(true));
    assert_eq!(rig.named("Xem lên").accessible_enabled(), Some(false));
    rig.press("Xem tiếp");
    assert_eq!(rig.named("Xem lên").accessible_enabled(), Some(true));
    assert_ne!(first, crate::sheet::drawn(&rig));
    rig.press("Xem lên");
    assert_eq!(rig.named("Xem lên").accessible_enabled(), Some(false));
}

fn read_aloud(rig: &mut Rig, headphones: bool) -> String {
    rig.screens.listen();
    rig.settle();
    rig.screens.read_aloud(headphones)
}

#[test]
fn a_screen_is_read_aloud_in_reading_order() {
    let mut rig = Rig::new(1080, 1920);
    let said = read_aloud(&mut rig, false);
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(
        lines,
        [
            "Kính chào quý công dân.",
            "Xin ông/bà chạm vào việc cần làm.",
            "Tra cứu hồ sơ.",
            "Thủ tục.",
            "Lấy số.",
            "Hỏi đáp.",
            "Đánh giá.",
            "Xem trên điện thoại.",
        ]
    );
    way_to("ticket-taken")(&mut rig);
    assert!(read_aloud(&mut rig, false).starts_with("Số của ông/bà là A012.\n"), "the number is spoken");
}

#[test]
fn what_is_somebodys_own_is_said_into_headphones_only() {
    let mut rig = Rig::new(1080, 1920);
    way_to("look-up-owner")(&mut rig);
    let aloud = read_aloud(&mut rig, false);
    assert!(aloud.contains("Ông/bà nộp thêm giấy tờ"), "{aloud}");
    for private in ["N***** V** A", "Tờ khai", "8.000"] {
        assert!(!aloud.contains(private), "{aloud}");
    }
    assert!(read_aloud(&mut rig, true).contains("N***** V** A"));
}
