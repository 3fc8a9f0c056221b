use assistant_nlu::normal::Normal;
use assistant_nlu::slots::{Level, Place, PlaceKind, Places, SlotReader, Standing};
use gateway_core::domain::DossierNumberParser;

use crate::{TODAY, read};

fn one(text: &str) -> Place {
    let mut places = read(text).places;
    assert_eq!(places.len(), 1, "{text}: {places:?}");
    places.remove(0)
}

#[test]
fn every_old_province_has_its_new_one() {
    let table = include_str!("../../data/places.toml");
    let places = Places::builtin().unwrap();
    drop(places);
    // 34 stand, 29 went into others: 63 names of before.
    let sets: Vec<&str> = table.split("[[set]]").collect();
    let rows = |set: &str| set.lines().filter(|line| line.trim_start().starts_with("{ name")).count();
    assert_eq!((rows(sets[1]), rows(sets[2])), (34, 29));
    for (old, new) in [
        ("Bình Dương", "Thành phố Hồ Chí Minh"),
        ("Bà Rịa - Vũng Tàu", "Thành phố Hồ Chí Minh"),
        ("Hà Giang", "Tỉnh Tuyên Quang"),
        ("Quảng Nam", "Thành phố Đà Nẵng"),
        ("Kon Tum", "Tỉnh Quảng Ngãi"),
        ("Bình Định", "Tỉnh Gia Lai"),
        ("Phú Yên", "Tỉnh Đắk Lắk"),
        ("Kiên Giang", "Tỉnh An Giang"),
        ("Sóc Trăng", "Thành phố Cần Thơ"),
        ("Bến Tre", "Tỉnh Vĩnh Long"),
        ("Bắc Giang", "Tỉnh Bắc Ninh"),
        ("Hải Dương", "Thành phố Hải Phòng"),
        ("Thái Bình", "Tỉnh Hưng Yên"),
        ("Bình Phước", "Tỉnh Đồng Nai"),
        ("Long An", "Tỉnh Tây Ninh"),
        ("Đắk Nông", "Tỉnh Lâm Đồng"),
        ("Ninh Thuận", "Tỉnh Khánh Hòa"),
        ("Quảng Bình", "Tỉnh Quảng Trị"),
        ("Yên Bái", "Tỉnh Lào Cai"),
        ("Bắc Kạn", "Tỉnh Thái Nguyên"),
        ("Hòa Bình", "Tỉnh Phú Thọ"),
        ("Nam Định", "Tỉnh Ninh Bình"),
    ] {
        let place = one(&format!("tỉnh {old}"));
        assert_eq!((place.level, place.standing), (Level::Province, Standing::Gone), "{old}");
        assert_eq!(place.successors, [new], "{old}");
    }
}

#[test]
fn provinces_are_read_without_their_kind() {
    for (text, official, standing) in [
        ("em ở Bình Dương", "Bình Dương", Standing::Gone),
        ("em o binh duong", "Bình Dương", Standing::Gone),
        ("quê an Giang", "An Giang", Standing::Stands),
        ("AN GIANG", "An Giang", Standing::Stands),
        ("tphcm", "Hồ Chí Minh", Standing::Stands),
        ("tp hcm", "Hồ Chí Minh", Standing::Stands),
        ("TP.HCM", "Hồ Chí Minh", Standing::Stands),
        ("thành phố Hồ Chí Minh", "Hồ Chí Minh", Standing::Stands),
        ("ở sài gòn", "Hồ Chí Minh", Standing::Stands),
        ("in Da Nang", "Đà Nẵng", Standing::Stands),
        ("quê ngoài Nghệ An", "Nghệ An", Standing::Stands),
        ("tỉnh khánh hoà", "Khánh Hòa", Standing::Stands),
        ("ở Huế", "Huế", Standing::Stands),
        ("vũng tàu thuộc bà rịa vũng tàu", "Bà Rịa - Vũng Tàu", Standing::Gone),
        ("Dong Nai province", "Đồng Nai", Standing::Stands),
    ] {
        let place = one(text);
        assert_eq!(place.official.as_deref(), Some(official), "{text}");
        assert_eq!((place.level, place.standing), (Level::Province, standing), "{text}");
    }
}

#[test]
fn districts_are_gone() {
    for (text, kind, official) in [
        ("quan 1", PlaceKind::UrbanDistrict, Some("1")),
        ("q.3", PlaceKind::UrbanDistrict, Some("3")),
        ("q3", PlaceKind::UrbanDistrict, Some("3")),
        ("Quận Gò Vấp", PlaceKind::UrbanDistrict, Some("Gò Vấp")),
        ("quan go vap", PlaceKind::UrbanDistrict, Some("Gò Vấp")),
        ("Q. Bình Thạnh", PlaceKind::UrbanDistrict, Some("Bình Thạnh")),
        ("tp thủ đức", PlaceKind::City, Some("Thủ Đức")),
        ("tp.thu duc", PlaceKind::City, Some("Thủ Đức")),
        ("huyện củ chi", PlaceKind::District, Some("Củ Chi")),
        ("huyện Quế Võ", PlaceKind::District, None),
        ("huyen que phong", PlaceKind::District, None),
        ("thị xã Sơn Tây", PlaceKind::Town, None),
        ("thành phố Thuận An", PlaceKind::City, Some("Thuận An")),
        ("ở Thuận An", PlaceKind::City, Some("Thuận An")),
        ("thuận an", PlaceKind::City, Some("Thuận An")),
        ("o thu dau mot", PlaceKind::City, Some("Thủ Dầu Một")),
        ("district 7", PlaceKind::UrbanDistrict, Some("7")),
        ("Thu Duc city", PlaceKind::City, Some("Thủ Đức")),
    ] {
        let place = one(text);
        assert_eq!(place.level, Level::District, "{text}");
        assert!(place.is_gone(), "{text}");
        assert_eq!(place.kind, Some(kind), "{text}");
        assert_eq!(place.official.as_deref(), official, "{text}");
    }
}

#[test]
fn wards_are_read_and_what_became_of_them() {
    for (text, official, standing, successors) in [
        ("phường Lái Thiêu", Some("Lái Thiêu"), Standing::Stands, &[][..]),
        ("phuong lai thieu", Some("Lái Thiêu"), Standing::Stands, &[]),
        ("phường Phú Cường", Some("Phú Cường"), Standing::Gone, &["Phường Thủ Dầu Một"]),
        ("p. Chánh Nghĩa", Some("Chánh Nghĩa"), Standing::Gone, &["Phường Thủ Dầu Một"]),
        ("P.Bình Chuẩn", Some("Bình Chuẩn"), Standing::Gone, &["Phường Thuận Giao", "Phường An Phú"]),
        ("phường Thuận An", Some("Thuận An"), Standing::Stands, &[]),
        ("phường Bình Dương", Some("Bình Dương"), Standing::Stands, &[]),
        ("phường Thủ Dầu Một", Some("Thủ Dầu Một"), Standing::Stands, &[]),
        ("xã Minh Tân", Some("Minh Tân"), Standing::Gone, &["Xã Long Hòa", "Xã Minh Thạnh"]),
        ("thị trấn Lai Uyên", Some("Lai Uyên"), Standing::Gone, &["Xã Bàu Bàng", "Xã Trừ Văn Thố"]),
        ("thị trấn Sóc Sơn", None, Standing::Gone, &[]),
        ("phường 5", None, Standing::Unknown, &[]),
        ("phuong5", None, Standing::Unknown, &[]),
        ("p.5", None, Standing::Unknown, &[]),
        ("ward 5", None, Standing::Unknown, &[]),
        ("phường Bến Nghé", None, Standing::Unknown, &[]),
        ("phường bến nghé làm việc mấy giờ", None, Standing::Unknown, &[]),
        ("xã Tân An Hội", None, Standing::Unknown, &[]),
        ("xa tan an", None, Standing::Unknown, &[]),
        ("ở Lái Thiêu", Some("Lái Thiêu"), Standing::Stands, &[]),
    ] {
        let place = one(text);
        assert_eq!(place.level, Level::Ward, "{text}");
        assert_eq!(place.official.as_deref(), official, "{text}");
        assert_eq!(place.standing, standing, "{text}");
        assert_eq!(place.successors, successors, "{text}");
    }
}

#[test]
fn a_ward_of_another_province_is_not_that_of_the_table() {
    let slots = read("xã Tân Định, tỉnh Thanh Hóa");
    assert_eq!(slots.places.len(), 2);
    assert_eq!((slots.places[0].official.as_deref(), slots.places[0].standing), (None, Standing::Unknown));
    let own = read("xã Tân Định, tỉnh Bình Dương");
    assert_eq!(own.places[0].successors, ["Xã Bắc Tân Uyên"]);
    let now = read("phường Phú Cường TP.HCM");
    assert_eq!(now.places[0].successors, ["Phường Thủ Dầu Một"]);
}

#[test]
fn several_places_of_one_address() {
    let written = |text: &str| read(text).places.into_iter().map(|place| place.written).collect::<Vec<_>>();
    assert_eq!(written("quan 1 phuong 5"), ["quan 1", "phuong 5"]);
    assert_eq!(written("quan1 phuong5"), ["quan1", "phuong5"]);
    assert_eq!(written("p5 q3 tphcm"), ["p5", "q3", "tphcm"]);
    assert_eq!(
        written("số 12 đường Lê Lợi, phường Hiệp Thành, TP Thủ Dầu Một, Bình Dương"),
        ["phường Hiệp Thành", "TP Thủ Dầu Một", "Bình Dương"]
    );
    assert_eq!(written("không phải quận 1 mà là quận 3"), ["quận 3"]);
}

#[test]
fn other_words_are_no_places() {
    for text in [
        "nhà ở xã hội",
        "nha o xa hoi",
        "bảo hiểm xã hội",
        "bao hiem xa hoi",
        "mạng xã hội",
        "phường hội",
        "huyện ủy",
        "quận ủy",
        "tỉnh ủy",
        "xã viên hợp tác xã",
        "hợp tác xã nông nghiệp",
        "thành lập hợp tác xã",
        "cơ quan thuế",
        "co quan nao",
        "hai quan",
        "liên quan đến đất",
        "quản lý",
        "quan ly thi truong",
        "quan he vo chong",
        "phương án phòng cháy",
        "phuong an chua chay",
        "phuong tien",
        "địa phương tôi",
        "phường nào",
        "xã nào",
        "phường mình ở đâu",
        "xã có làm việc không",
        "phuong co mo cua khong",
        "lên phường hay xã",
        "bố cáo bằng văn bản",
        "bo cao bang van ban",
        "bao cao bang van ban",
        "ba lô",
        "dinh gia lai dat",
        "can tho ho",
        "gia đình hòa bình",
        "chuyển nhượng",
        "tinh trang hon nhan",
        "tình trạng hôn nhân",
        "tinh tien su dung dat",
        "mất bao lâu",
        "thành phố nào",
        "tt 32",
        "q",
        "hoa hue",
        "công an xã",
        "ubnd xã",
        "",
    ] {
        let places = read(text).places;
        assert!(places.is_empty(), "{text}: {places:?}");
    }
}

#[test]
fn an_operator_adds_places_and_changes_them() {
    let extra = r#"
        [[set]]
        source = "bảng của đơn vị"
        until = "2025-06-30"
        within = "Quận 1, Hồ Chí Minh"
        places = [
            { name = "Bến Nghé", kind = "phường", into = ["Phường Sài Gòn", "Phường Bến Thành"] },
        ]
    "#;
    let places = Places::builtin().unwrap().with(extra).unwrap();
    let reader = SlotReader::with_places(DossierNumberParser::default(), places.into());
    let text = "phường bến nghé quận 1";
    let slots = reader.read(text, &Normal::of(text), TODAY);
    assert_eq!(slots.places[0].successors, ["Phường Sài Gòn", "Phường Bến Thành"]);
    for (bad, says) in [
        ("[[set]]\nsource=''\nplaces=[{name='X',kind='thôn'}]", "thôn"),
        ("[[set]]\nsource=''\nplaces=[{name='',kind='xã'}]", "without a name"),
        ("[[set]]\nplaces=[]", "source"),
        ("set = 1", "cannot be read"),
    ] {
        let problem = Places::builtin().unwrap().with(bad).unwrap_err().to_string();
        assert!(problem.contains(says), "{problem}");
    }
}

#[test]
fn what_a_ward_does_is_not_its_name() {
    for text in [
        "nhờ xã hòa giải thì nộp đơn thế nào",
        "nhờ phường chứng thực",
        "ra xã chứng thực văn bản",
        "photo công chứng ở phường giá nhiêu",
        "cây thuộc xã quản",
        "ở xã giáp biên giới",
    ] {
        let places = read(text).places;
        assert!(places.is_empty(), "{text}: {places:?}");
    }
}
