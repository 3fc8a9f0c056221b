//! The order of names in Vietnamese lists.

use gateway_core::text::nfc;

/// A key whose byte order is the Vietnamese order of texts (the order of
/// CLDR's `vi`, level by level): letters first (`a ă â b c d đ e ê … o ô ơ …
/// u ư …`), then tones (level, huyền, hỏi, ngã, sắc, nặng), then small letters
/// before capitals. Punctuation counts as a space; other scripts follow Latin.
///
/// ```
/// use gateway_locale::collation_key;
/// let mut names = ["Đồng Nai", "Dĩ An", "Bến Cát", "Bàu Bàng", "Bầu Bàng"];
/// names.sort_by_key(|name| collation_key(name));
/// assert_eq!(names, ["Bàu Bàng", "Bầu Bàng", "Bến Cát", "Dĩ An", "Đồng Nai"]);
/// ```
pub fn collation_key(text: &str) -> Vec<u8> {
    let text = nfc(text.trim());
    let mut letters = Vec::with_capacity(text.len() * 2 + 4);
    let mut tones = Vec::with_capacity(text.len());
    let mut cases = Vec::with_capacity(text.len());
    for c in text.chars() {
        let lower = c.to_lowercase().next().unwrap_or(c);
        let (letter, tone) = letter_and_tone(lower);
        let weight = weight(letter);
        if weight == SPACE && letters.last() == Some(&SPACE) {
            continue;
        }
        letters.push(weight);
        if weight == FOREIGN {
            letters.extend_from_slice(u32::from(letter).to_be_bytes().get(1..).unwrap_or_default());
        }
        tones.push(tone + 1);
        cases.push(if c == lower { 1 } else { 2 });
    }
    letters.push(0);
    letters.append(&mut tones);
    letters.push(0);
    letters.append(&mut cases);
    letters
}

const SPACE: u8 = 1;
const FOREIGN: u8 = 255;
const LETTERS: &str = "0123456789aăâbcdđeêfghijklmnoôơpqrstuưvwxyz";
/// Each row: a letter, then with huyền, hỏi, ngã, sắc, nặng.
const TONED: [&str; 12] = [
    "aàảãáạ",
    "ăằẳẵắặ",
    "âầẩẫấậ",
    "eèẻẽéẹ",
    "êềểễếệ",
    "iìỉĩíị",
    "oòỏõóọ",
    "ôồổỗốộ",
    "ơờởỡớợ",
    "uùủũúụ",
    "ưừửữứự",
    "yỳỷỹýỵ",
];

fn letter_and_tone(c: char) -> (char, u8) {
    if c.is_ascii() {
        return (c, 0);
    }
    for row in TONED {
        if let Some(place) = row.chars().position(|of_row| of_row == c) {
            return (row.chars().next().unwrap_or(c), u8::try_from(place).unwrap_or(0));
        }
    }
    (c, 0)
}

fn weight(letter: char) -> u8 {
    match LETTERS.chars().position(|known| known == letter) {
        Some(place) => u8::try_from(place).map_or(FOREIGN, |place| place + 2),
        None if letter.is_alphanumeric() => FOREIGN,
        None => SPACE,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn sorted<const N: usize>(mut names: [&str; N]) -> [&str; N] {
        names.sort_by_key(|name| collation_key(name));
        names
    }

    #[test]
    fn a_letter_with_its_own_mark_is_a_letter_of_its_own() {
        assert_eq!(
            sorted(["ơn", "ôn", "on", "đa", "da", "ân", "ăn", "an"]),
            ["an", "ăn", "ân", "da", "đa", "on", "ôn", "ơn"]
        );
    }

    #[test]
    fn tones_decide_only_between_equal_letters() {
        assert_eq!(sorted(["mạ", "má", "mã", "mả", "mà", "ma", "man"]), ["ma", "mà", "mả", "mã", "má", "mạ", "man"]);
    }

    #[test]
    fn capitals_and_punctuation_hardly_matter() {
        assert_eq!(sorted(["khai - tử", "Khai sinh", "khai sinh"]), ["khai sinh", "Khai sinh", "khai - tử"]);
    }

    proptest! {
        #[test]
        fn a_beginning_comes_before_the_whole(text in "\\PC{0,30}", more in "[a-zđăâêôơư]{1,5}") {
            let text = text.trim().to_owned();
            let longer = format!("{text}{more}");
            prop_assert!(collation_key(&text) < collation_key(&longer));
        }
    }
}
