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
