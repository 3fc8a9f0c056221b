//! What the words beside a word say about it.

use crate::letters::Raw;

/// Words before a class of driving licence or a size of paper.
const CLASSED: [&str; 14] =
    ["bang", "hang", "xe", "lai", "giay", "kho", "co", "bằng", "hạng", "lái", "giấy", "khổ", "cỡ", "loại"];

/// With VNI, `quan1 phuong5` is a place and `bằng a1` a licence: digits that
/// are numbers and no tones, though the word alone (*quán*, *á*) may be meant.
pub(crate) fn is_numbered(word: &[Raw], before: Option<(&[Raw], &str)>, after: Option<&[Raw]>) -> bool {
    let Some((stem, digits)) = split(word) else { return false };
    if stem == "a" && matches!(digits.as_str(), "1" | "2" | "3" | "4") {
        return before.is_some_and(|(_, seen)| CLASSED.contains(&seen.to_lowercase().as_str()));
    }
    let place = |word: &[Raw]| split(word).is_some_and(|(stem, _)| is_place(&stem));
    is_place(&stem) && (before.is_some_and(|(keys, _)| place(keys)) || after.is_some_and(place))
}

fn is_place(stem: &str) -> bool {
    matches!(stem, "quan" | "phuong" | "q" | "p" | "f" | "to" | "khu" | "ap")
}

/// `quan10` → `quan`, `10`; nothing for other words.
fn split(word: &[Raw]) -> Option<(String, String)> {
    let mut stem = String::new();
    let mut digits = String::new();
    for key in word {
        match key {
            Raw::Typed(c) | Raw::Fixed(c) if c.is_ascii_alphabetic() && digits.is_empty() => {
                stem.push(c.to_ascii_lowercase());
            }
            Raw::Typed(c) | Raw::Fixed(c) if c.is_ascii_digit() => digits.push(*c),
            Raw::Typed(',') | Raw::Fixed(',') => {}
            _ => return None,
        }
    }
    ((1..=6).contains(&stem.len()) && (1..=2).contains(&digits.len())).then_some((stem, digits))
}
