//! Words that name no matter (`data/small_words.txt`).

use std::collections::HashSet;
use std::sync::LazyLock;

use gateway_core::text::fold;

static SMALL: LazyLock<HashSet<String>> = LazyLock::new(|| {
    let lines = include_str!("../../data/small_words.txt").lines().filter(|line| !line.starts_with('#'));
    lines.flat_map(str::split_whitespace).map(fold).collect()
});

/// Several words that together name no matter.
const PHRASES: [&str; 7] = ["ho so", "ket qua", "chi phi", "le phi", "lam lai gi", "so tien", "mat bao"];

/// What one gets in the end and the roads to it, by names that any matter has.
const OUTCOMES: [&str; 48] = [
    "giay phep",
    "giay chung nhan",
    "chung nhan",
    "chung chi",
    "giay xac nhan",
    "bang lai",
    "bang",
    "bien so",
    "bien",
    "the",
    "so",
    "moi",
    "ban chinh",
    "ban goc",
    "phep",
    "cuon",
    "tien",
    "tra tien",
    "qua buu dien",
    "buu dien",
    "qua dien thoai",
    "dien thoai",
    "qua mang",
    "tren mang",
    "mang",
    "dich vu cong",
    "vneid",
    "zalo",
    "app",
    "truc tuyen",
    "certificate",
    "license",
    "licence",
    "permit",
    "card",
    "plate",
    "passport",
    "book",
    "new",
    "bring",
    "through",
    "until",
    "post office",
    "phone",
    "do i",
    "do we",
    "do you",
    "do they",
];
/// Words like those for an act that ask for a part: *mất mấy ngày*, *có mất tiền*, and
/// *ở mô*, which without marks is *mở*.
const TAKES: [&str; 9] =
    ["o mo", "lam mat may", "lam mat bao", "mat may", "mat bao", "mat tien", "mat phi", "mat le phi", "mat dong"];

/// A folded sentence without these: nothing is lost or opened in it.
pub(super) fn without_takes(folded: &str) -> String {
    let mut folded = format!(" {folded} ");
    for phrase in TAKES {
        folded = folded.replace(&format!(" {phrase} "), " ");
    }
    folded.trim().to_owned()
}

/// Whether nothing but small words and such names stands in a folded sentence.
pub(super) fn only_outcomes(folded: &str) -> bool {
    let mut folded = format!(" {folded} ");
    for name in OUTCOMES {
        folded = folded.replace(&format!(" {name} "), " ");
    }
    only(&folded)
}

/// Whether nothing but such words and figures stands in a folded sentence.
pub(super) fn only(folded: &str) -> bool {
    let mut folded = format!(" {folded} ");
    for phrase in PHRASES {
        folded = folded.replace(&format!(" {phrase} "), " ");
    }
    let mut words = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.all(|word| SMALL.contains(word) || word.bytes().all(|byte| byte.is_ascii_digit()))
}

/// A sentence without its small words.
pub(super) fn without(text: &str) -> String {
    let words = text.split_whitespace().filter(|word| {
        let folded = fold(word);
        !folded.is_empty() && !SMALL.contains(&folded)
    });
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_one_gets_names_no_matter() {
        for text in [
            "bao lâu có bằng mới",
            "mấy ngày có giấy phép",
            "nộp qua bưu điện được không",
            "how long to get the license",
        ] {
            assert!(only_outcomes(&fold(text)), "{text}");
        }
        for text in ["giấy phép xây dựng bao lâu", "bằng cấp", "phí đăng ký xe", "residence card"] {
            assert!(!only_outcomes(&fold(text)), "{text}");
        }
    }

    #[test]
    fn a_follow_up_names_no_matter() {
        for text in [
            "vậy phí thì sao",
            "bao lâu thì có",
            "còn nộp qua mạng",
            "cần giấy tờ gì",
            "how long does it take",
            "nộp ở đâu",
            "mấy ngày có kết quả",
            "bố đi làm một mình được không",
            "and how much",
            "phí bao nhiêu",
        ] {
            assert!(only(&fold(text)), "{text}");
        }
        for text in ["khai sinh", "cấp lại bằng lái", "passport", "còn chữ ký thì sao", "tàu cá"] {
            assert!(!only(&fold(text)), "{text}");
        }
    }
}
