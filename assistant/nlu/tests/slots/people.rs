use assistant_nlu::slots::Person::{
    Business, Child, Deceased, Disabled, Elder, Foreigner, Oneself, Organisation, PoorHousehold, Spouse,
};
use assistant_nlu::slots::{People, Person};

use crate::read;

fn people(text: &str) -> People {
    read(text).people
}

#[test]
fn somebody_is_named() {
    for (text, who) in [
        ("làm khai sinh cho con", &[Child][..]),
        ("làm căn cước cho con tôi", &[Child]),
        ("lam can cuoc cho con toi", &[Child]),
        ("con gái em lấy bằng", &[Child]),
        ("vợ tôi mới sinh bé hôm qua", &[Spouse, Child]),
        ("bé nhà em mất thẻ bhyt", &[Child]),
        ("thẻ BHYT trẻ em", &[Child]),
        ("my son needs a passport", &[Child]),
        ("mẹ tôi già rồi không đi được", &[Elder]),
        ("làm căn cước cho mẹ", &[Elder]),
        ("ông nội em", &[Elder]),
        ("nguoi cao tuoi", &[Elder]),
        ("my mother", &[Elder]),
        ("vợ em", &[Spouse]),
        ("chồng chị", &[Spouse]),
        ("my husband lost his card", &[Spouse]),
        ("bố tôi mất sáng nay tại nhà", &[Elder, Deceased]),
        ("ba tui mat hom qua", &[Elder, Deceased]),
        ("khai tử cho người mất", &[Deceased]),
        ("my father passed away", &[Elder, Deceased]),
        ("người nước ngoài xin visa", &[Foreigner]),
        ("em lấy chồng Hàn Quốc", &[Spouse, Foreigner]),
        ("chồng hàn quốc", &[Spouse, Foreigner]),
        ("vợ người đài loan", &[Spouse, Foreigner]),
        ("my vietnamese wife", &[Foreigner]),
        ("I am British", &[Foreigner]),
        ("I am from Philippines", &[Foreigner]),
        ("bạn gái em quốc tịch Hàn Quốc", &[Foreigner]),
        ("người khuyết tật", &[Disabled]),
        ("hộ nghèo được miễn không", &[PoorHousehold]),
        ("thành lập công ty", &[Business]),
        ("hộ kinh doanh quán cà phê", &[Business]),
        ("doanh nghiệp của tôi", &[Business]),
        ("hội nông dân xã", &[Organisation]),
    ] {
        assert_eq!(people(text).who, who, "{text}");
    }
}

#[test]
fn ages_are_read() {
    for (text, age, who) in [
        ("con 6 tuổi", Some(6), &[Child][..]),
        ("bé 3 tháng", Some(0), &[Child]),
        ("con tôi 15 tuổi", Some(15), &[Child]),
        ("chau 14 tuoi lam can cuoc", Some(14), &[Child]),
        ("cháu bé 18 tháng tuổi", Some(1), &[Child]),
        ("tôi 67 tuổi", Some(67), &[Oneself]),
        ("mẹ tôi 82 tuổi", Some(82), &[Elder]),
        ("my son is 5 years old", Some(5), &[Child]),
        ("bạn trai mình 19 tuổi rưỡi", Some(19), &[Oneself]),
        ("cưới người hơn mình 15 tuổi", None, &[Oneself]),
        ("3 tháng nữa", None, &[Oneself]),
        ("hết hạn 6 tháng", None, &[Oneself]),
    ] {
        let people = people(text);
        assert_eq!(people.age, age, "{text}");
        assert_eq!(people.who, who, "{text}");
    }
}

#[test]
fn other_words_are_nobody() {
    let only = |text: &str, not: Person| assert!(!people(text).has(not), "{text}: {:?}", people(text).who);
    for text in [
        "con dấu công ty",
        "con dau",
        "đăng ký con nuôi",
        "con nuoi",
        "con bò",
        "con bo",
        "nuôi con bò",
        "con chó",
        "con đường",
        "con số",
        "con người",
        "cho con hỏi",
        "con muốn hỏi",
        "còn hạn không",
        "giấy còn hạn",
        "con han khong",
        "cho cháu hỏi",
    ] {
        only(text, Child);
    }
    for text in
        ["can you help me", "send me a code", "ba lô", "bố cáo", "bo sung giay to", "ba ngày", "tell me", "ma ho so"]
    {
        only(text, Elder);
    }
    for text in ["vo hieu", "chồng lấn ranh", "vở sạch"] {
        only(text, Spouse);
    }
    for text in [
        "mất 2 ngày",
        "mất bao lâu",
        "mẹ tôi mất căn cước",
        "me toi mat cccd",
        "mất giấy tờ",
        "tôi mất bằng lái",
        "mất không",
        "mất tiền",
        "bị mất xe",
        "heo nhà tui chết vì dịch tả",
        "xe may bi chet may giua duong",
    ] {
        only(text, Deceased);
    }
    for text in ["anh ơi cho hỏi", "người anh của tôi", "chồng anh ấy", "nhà ở Pháp Vân", "trung tâm", "my english"]
    {
        only(text, Foreigner);
    }
    assert_eq!(people("tôi muốn làm hộ chiếu").who, [Oneself]);
    assert_eq!(people("").who, [Oneself]);
}

#[test]
fn who_is_denied_is_nobody() {
    assert_eq!(people("không phải cho con mà là cho mẹ").who, [Elder]);
}
