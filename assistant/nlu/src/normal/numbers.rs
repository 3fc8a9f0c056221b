//! Numbers and dates in words, where a unit follows: `hai triệu rưỡi` → `2,5 triệu`,
//! `mười bốn tuổi` → `14 tuổi`, `ngày hai mươi tháng mười` → `ngày 20/10`.
//!
//! Modest on purpose: names hold numbers too (*Ba Đình*, *Năm Căn*, *một cửa*, *anh
//! Hai*), and without a unit nothing is rewritten.

use compact_str::{CompactString, ToCompactString};

use super::Word;

/// What is counted. (*căn*, *lần*, *cửa*, *bên* are in too many names and phrases.)
const UNITS: [&str; 24] = [
    "tuổi", "tầng", "ngày", "tháng", "năm", "đồng", "nghìn", "ngàn", "triệu", "tỷ", "tỉ", "mét", "m2", "người", "con",
    "xe", "giờ", "phút", "tuần", "đứa", "bản", "tờ", "trang", "thửa",
];

/// The same without marks, as far as they stay clear (`ban`, `to`, `con`, `nam` do
/// not).
const BARE_UNITS: [&str; 14] =
    ["tuoi", "tang", "ngay", "thang", "dong", "nghin", "ngan", "trieu", "ty", "met", "nguoi", "gio", "phut", "tuan"];

/// Words before a number that make it a name: weekdays, months, persons, places.
const NAMERS: [&str; 48] = [
    "thứ",
    "thu",
    "tháng",
    "thang",
    "ngày",
    "ngay",
    "mùng",
    "mồng",
    "năm",
    "nam",
    "anh",
    "chị",
    "chi",
    "cô",
    "co",
    "chú",
    "chu",
    "bác",
    "bac",
    "ông",
    "ong",
    "bà",
    "ba",
    "dì",
    "di",
    "cậu",
    "cau",
    "mợ",
    "quận",
    "quan",
    "phường",
    "phuong",
    "khu",
    "tổ",
    "to",
    "ấp",
    "ap",
    "xã",
    "xa",
    "số",
    "so",
    "cấp",
    "hạng",
    "loại",
    "lớp",
    "nhóm",
    "quý",
    "lần",
];

/// Rewrites numbers in words; says whether any was.
pub(super) fn apply(words: &mut Vec<Word>) -> bool {
    if !words
        .iter()
        .any(|word| digit(&word.text).is_some() || matches!(word.text.as_str(), "mười" | "muoi" | "rưỡi" | "ruoi"))
    {
        return false;
    }
    let mut changed = false;
    let mut at = 0;
    while at < words.len() {
        // A number may become figures, and then be half as much again.
        if let Some((text, len)) = date(words, at).or_else(|| counted(words, at)) {
            let after_break = words.get(at).is_some_and(|word| word.after_break);
            words.splice(at..at + len, [Word { text, after_break }]);
            changed = true;
        }
        if let Some(text) = half(words, at) {
            if let Some(number) = words.get_mut(at) {
                number.text = text;
            }
            words.remove(at + 2);
            changed = true;
        }
        at += 1;
    }
    changed
}

fn text(words: &[Word], at: usize) -> &str {
    words.get(at).map_or("", |word| word.text.as_str())
}

/// `hai mươi tháng mười` behind *ngày* or *mùng*: `20/10`.
fn date(words: &[Word], at: usize) -> Option<(CompactString, usize)> {
    let before = at.checked_sub(1).map(|before| text(words, before))?;
    if !matches!(before, "ngày" | "ngay" | "mùng" | "mồng") {
        return None;
    }
    let (day, day_len) = below_thousand(words, at)?;
    if !matches!(text(words, at + day_len), "tháng" | "thang") {
        return None;
    }
    let (month, month_len) = match text(words, at + day_len + 1) {
        // `ngày hai tháng này`, `tháng nam` is *năm* only where marks are written.
        "nam" => return None,
        _ => below_thousand(words, at + day_len + 1)?,
    };
    // `ngày ba tháng mười năm` is no fifteenth month.
    let fits = (1..=31).contains(&day) && (1..=12).contains(&month);
    fits.then(|| (compact_str::format_compact!("{day}/{month}"), day_len + 1 + month_len))
}

/// A number before a unit.
fn counted(words: &[Word], at: usize) -> Option<(CompactString, usize)> {
    // `hai ba tầng` is two or three.
    let named = |before: &str| NAMERS.contains(&before) || digit(before).is_some();
    let named = at.checked_sub(1).is_some_and(|before| named(text(words, before)));
    if named {
        return None;
    }
    let whole = text(words, at);
    let (number, len) = below_thousand(words, at)?;
    let unit = text(words, at + len);
    let bare = whole.is_ascii() && len == 1;
    let clear = match whole {
        // *sau*, *tam*, *nam*, *tu*, *mot* without marks mean other things.
        "sau" | "tam" | "nam" | "tu" | "mot" | "lam" => len > 1,
        // *năm tháng*, *năm năm*: years and months.
        "năm" => len > 1 || !matches!(unit, "tháng" | "năm"),
        _ => true,
    };
    let fits = UNITS.contains(&unit) && !(bare && matches!(unit, "con" | "bản" | "tờ")) || BARE_UNITS.contains(&unit);
    (clear && fits).then(|| (number.to_compact_string(), len))
}

/// `2 triệu rưỡi`: two and a half. The words before are figures by then.
fn half(words: &[Word], at: usize) -> Option<CompactString> {
    let number = text(words, at);
    let scaled = matches!(text(words, at + 1), "triệu" | "trieu" | "tỷ" | "tỉ" | "nghìn" | "ngàn");
    let figures = (1..=3).contains(&number.len()) && number.bytes().all(|b| b.is_ascii_digit());
    (figures && scaled && matches!(text(words, at + 2), "rưỡi" | "ruoi"))
        .then(|| compact_str::format_compact!("{number},5"))
}

fn digit(word: &str) -> Option<u32> {
    Some(match word {
        "một" | "mot" => 1,
        "hai" => 2,
        "ba" => 3,
        "bốn" | "bon" => 4,
        "năm" | "nam" => 5,
        "sáu" | "sau" => 6,
        "bảy" | "bẩy" | "bay" => 7,
        "tám" | "tam" => 8,
        "chín" | "chin" => 9,
        _ => return None,
    })
}

/// The ones behind tens: *mốt*, *tư*, *lăm* are only said there.
fn ones(word: &str) -> Option<u32> {
    match word {
        "mốt" => Some(1),
        "tư" => Some(4),
        "lăm" | "nhăm" => Some(5),
        "lam" => Some(5),
        word => digit(word),
    }
}

/// A number from 1 to 999, and how many words it takes.
fn below_thousand(words: &[Word], at: usize) -> Option<(u32, usize)> {
    let mut len = 0;
    let mut number = 0;
    if let Some(hundreds) = digit(text(words, at))
        && matches!(text(words, at + 1), "trăm" | "tram")
    {
        number = hundreds * 100;
        len = 2;
        if matches!(text(words, at + 2), "linh" | "lẻ")
            && let Some(ones) = ones(text(words, at + 3))
        {
            return Some((number + ones, 4));
        }
    }
    let (tens, used) = below_hundred(words, at + len).unwrap_or((0, 0));
    // `năm trăm nghìn`: what follows a hundred must be tens, not a new number.
    if len > 0 && used == 1 && tens < 10 {
        return Some((number, len));
    }
    (len + used > 0).then_some((number + tens, len + used))
}

fn below_hundred(words: &[Word], at: usize) -> Option<(u32, usize)> {
    let first = text(words, at);
    if matches!(first, "mười" | "muoi") {
        return Some(match ones(text(words, at + 1)).filter(|_| !is_unit_year(words, at + 1)) {
            Some(ones) => (10 + ones, 2),
            None => (10, 1),
        });
    }
    let tens = digit(first)?;
    if !matches!(text(words, at + 1), "mươi" | "muoi") {
        return Some((tens, 1));
    }
    Some(match ones(text(words, at + 2)).filter(|_| !is_unit_year(words, at + 2)) {
        Some(ones) => (tens * 10 + ones, 3),
        None => (tens * 10, 2),
    })
}

/// *năm* behind tens is a year (`hai mươi năm`); fifteen is *mười lăm*.
fn is_unit_year(words: &[Word], at: usize) -> bool {
    matches!(text(words, at), "năm" | "nam")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(text: &str) -> String {
        let mut words: Vec<Word> = text.split(' ').map(|word| Word { text: word.into(), after_break: false }).collect();
        apply(&mut words);
        words.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn numbers_before_units() {
        for (said, meant) in [
            ("hai triệu rưỡi", "2,5 triệu"),
            ("hai triệu rưỡi đồng", "2,5 triệu đồng"),
            ("2 triệu rưỡi", "2,5 triệu"),
            ("năm trăm nghìn", "500 nghìn"),
            ("một triệu năm trăm nghìn đồng", "1 triệu 500 nghìn đồng"),
            ("mười bốn tuổi", "14 tuổi"),
            ("muoi bon tuoi", "14 tuoi"),
            ("con tôi mười tám tuổi", "con tôi 18 tuổi"),
            ("hai mươi lăm ngày", "25 ngày"),
            ("hai mươi năm", "20 năm"),
            ("một trăm linh năm mét vuông", "105 mét vuông"),
            ("nhà ba tầng", "nhà 3 tầng"),
            ("hai người con", "2 người con"),
            ("hai năm rồi", "2 năm rồi"),
            ("ngày hai mươi tháng mười", "ngày 20/10"),
            ("mùng hai tháng chín", "mùng 2/9"),
            ("ngày mười lăm tháng bảy năm 2026", "ngày 15/7 năm 2026"),
        ] {
            assert_eq!(counted(said), meant, "{said}");
        }
    }

    #[test]
    fn names_and_doubts_stay() {
        for text in [
            "quận ba đình",
            "ba đình",
            "năm căn",
            "một cửa",
            "hai bên",
            "thứ hai tuần sau",
            "thứ ba ngày mai",
            "anh hai năm nay",
            "ngày tháng năm sinh",
            "tháng năm",
            "năm năm",
            "sau ngày mai",
            "tam tru",
            "nam nay",
            "quận ba người",
            "một mình",
            "bà con",
            "ba con",
            "ba má",
            "bảy núi",
            "rưỡi",
            "mười",
            "tư nhân",
            "sinh năm ba",
            "nhà hai ba tầng",
            "chi hai ngay mai",
        ] {
            assert_eq!(counted(text), text);
        }
    }
}
