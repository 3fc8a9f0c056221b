use assistant_nlu::slots::{Choice, choice_in};

#[test]
fn a_choice_is_read_as_people_make_it() {
    for (text, choice) in [
        ("1", Choice::First),
        ("2", Choice::Nth(2)),
        ("(2)", Choice::Nth(2)),
        ("2.", Choice::Nth(2)),
        ("số 2", Choice::Nth(2)),
        ("so2", Choice::Nth(2)),
        ("cái thứ hai", Choice::Nth(2)),
        ("thu hai", Choice::Nth(2)),
        ("thứ 3", Choice::Nth(3)),
        ("cái đầu", Choice::First),
        ("cai dau tien", Choice::First),
        ("cái đầu tiên ấy ạ", Choice::First),
        ("thứ nhất", Choice::First),
        ("cái cuối ấy", Choice::Last),
        ("cái cuối cùng", Choice::Last),
        ("the second one", Choice::Nth(2)),
        ("first one please", Choice::First),
        ("last one", Choice::Last),
        ("option 3", Choice::Nth(3)),
        ("number 4", Choice::Nth(4)),
        ("số ba", Choice::Nth(3)),
        ("cho em số 2 ạ", Choice::Nth(2)),
        ("lựa chọn 2", Choice::Nth(2)),
        ("phương án 1", Choice::First),
        ("tôi chọn cái thứ tư", Choice::Nth(4)),
        ("hai", Choice::Nth(2)),
        ("2nd", Choice::Nth(2)),
        ("the 3rd one", Choice::Nth(3)),
        ("loại thứ hai nhé", Choice::Nth(2)),
        ("dạ cái số 1", Choice::First),
    ] {
        assert_eq!(choice_in(text), Some(choice), "{text}");
    }
}

#[test]
fn what_says_more_or_two_things_is_no_choice() {
    for text in [
        "thứ hai mở cửa không",
        "thu hai mo cua khong",
        "cả hai",
        "both",
        "1 và 2",
        "cái nào cũng được",
        "1.004222",
        "24/10",
        "0912345678",
        "a1",
        "bằng a1",
        "lệ phí",
        "",
        "ok",
        "vâng",
        "con thứ hai thì sao",
        "3 ngày",
        "ở đâu",
        "số 2 đường Lê Lợi",
        "khai sinh cho con thứ hai",
        "0",
        "99",
        "cái đó",
    ] {
        assert_eq!(choice_in(text), None, "{text}");
    }
}

#[test]
fn a_choice_is_one_of_those_that_there_are() {
    assert_eq!(Choice::First.index(3), Some(0));
    assert_eq!(Choice::Nth(3).index(3), Some(2));
    assert_eq!(Choice::Nth(4).index(3), None);
    assert_eq!(Choice::Last.index(3), Some(2));
    assert_eq!(Choice::Last.index(0), None);
}
