use assistant_nlu::slots::{language_of, language_wished};
use gateway_core::domain::Locale;

#[test]
fn english_is_told_from_vietnamese() {
    for text in [
        "how long does a passport take",
        "where is my dossier",
        "birth registration fee",
        "thank you",
        "I want marry my Vietnamese girlfriend in Can Tho. I am from Philippines. What documents I need?",
        "lost driving licence",
        "can i renew my visa online",
        "opening hours",
        "my son was born in Da Nang",
        "what documents?",
        "and how much",
        "hello",
        "how to register a company",
    ] {
        assert_eq!(language_of(text), Some(Locale::EN), "{text}");
    }
    for text in [
        "lam giay khai sinh can gi",
        "làm hộ chiếu",
        "ho chieu",
        "toi muon hoi ho so cua to khai is",
        "xin visa cho nguoi nuoc ngoai",
        "1.014064 giay to",
        "to khai",
        "gia han visa",
        "lam passport o dau",
        "can giay to gi",
        "mat bao lau",
        "dang ky xe",
        "con tui hoi do can bo ghi sai",
        "hồ sơ của tôi",
        "cho e hoi online dc ko",
        "thue dat",
    ] {
        assert_eq!(language_of(text), Some(Locale::VI), "{text}");
    }
}

#[test]
fn what_could_be_either_is_unsure() {
    for text in [
        "",
        "ok",
        "passport",
        "1.004222",
        "000.00.17.H09-210819-0012",
        "visa",
        "???",
        "12",
        "ddawng kys thuwowngf trus",
    ] {
        assert_eq!(language_of(text), None, "{text}");
    }
}

#[test]
fn a_wish_for_a_language_is_heard() {
    for (text, locale) in [
        ("nói tiếng việt đi", Locale::VI),
        ("noi tieng viet di", Locale::VI),
        ("tiếng Việt", Locale::VI),
        ("trả lời bằng tiếng Việt giúp tôi", Locale::VI),
        ("vietnamese please", Locale::VI),
        ("english please", Locale::EN),
        ("tiếng anh", Locale::EN),
        ("in English please", Locale::EN),
        ("can you speak English?", Locale::EN),
        ("chuyển sang tiếng anh", Locale::EN),
        ("nói tiếng anh được không", Locale::EN),
        ("switch to English", Locale::EN),
    ] {
        assert_eq!(language_wished(text), Some(locale), "{text}");
    }
    for text in [
        "dịch thuật tiếng anh ở đâu",
        "giấy tờ tiếng anh có phải dịch không",
        "khai sinh bản tiếng anh",
        "không nói tiếng anh",
        "english birth certificate",
        "người anh",
        "",
    ] {
        assert_eq!(language_wished(text), None, "{text}");
    }
}
