//! The same questions as people really type them: without marks, decomposed, with
//! typos. Deterministic.

use gateway_core::text::fold_display;

/// How the questions are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Writing {
    /// As they stand in the file.
    AsIs,
    /// Without marks.
    Stripped,
    /// One letter in twenty is left out, doubled, swapped or struck beside.
    Typos,
    /// In NFD: each mark by itself.
    Decomposed,
}

impl Writing {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::AsIs, Self::Stripped, Self::Typos, Self::Decomposed];

    /// The word for it in reports.
    pub const fn label(self) -> &'static str {
        match self {
            Self::AsIs => "as written",
            Self::Stripped => "no diacritics",
            Self::Typos => "5 % typos",
            Self::Decomposed => "NFD",
        }
    }

    /// A text in that writing.
    pub fn of(self, text: &str) -> String {
        match self {
            Self::AsIs => text.to_owned(),
            Self::Stripped => fold_display(text),
            Self::Typos => with_typos(text),
            Self::Decomposed => unicode_normalization::UnicodeNormalization::nfd(text).collect(),
        }
    }
}

/// Letters beside one another on a keyboard.
const ROWS: [&str; 3] = ["qwertyuiop", "asdfghjkl", "zxcvbnm"];

fn with_typos(text: &str) -> String {
    // Seeded by the text itself: the same question always has the same typos.
    let mut state = text
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3))
        | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    let letters: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len() + 8);
    let mut at = 0;
    while let Some(letter) = letters.get(at) {
        at += 1;
        if !letter.is_alphabetic() || next() % 20 != 0 {
            out.push(*letter);
            continue;
        }
        match next() % 4 {
            0 => {}
            1 => out.extend([*letter, *letter]),
            2 => {
                if let Some(after) = letters.get(at).filter(|after| after.is_alphabetic()) {
                    out.extend([*after, *letter]);
                    at += 1;
                } else {
                    out.push(*letter);
                }
            }
            _ => out.push(beside(*letter)),
        }
    }
    out
}

fn beside(letter: char) -> char {
    let row = ROWS.iter().find(|row| row.contains(letter));
    let beside = row.and_then(|row| {
        let place = row.find(letter)?;
        let place = if place + 1 < row.len() { place + 1 } else { place.checked_sub(1)? };
        row.chars().nth(place)
    });
    beside.unwrap_or(letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typos_are_few_and_always_the_same() {
        let text = "cho tôi hỏi thủ tục đăng ký khai sinh cho con mới sinh cần những giấy tờ gì và nộp ở đâu";
        assert_eq!(with_typos(text), with_typos(text));
        assert_ne!(with_typos(text), text);
        assert!(with_typos(text).chars().count().abs_diff(text.chars().count()) < 8);
    }
}
