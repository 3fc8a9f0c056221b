//! A citizen's text as a row of cells: digits, capital letters, separators and
//! the rest, with slips of the keyboard already seen through.

use unicode_normalization::char::decompose_canonical;

use super::LONGEST_TEXT;
use super::pattern::letter_bit;
use crate::text::{latin_base, nfc, strip_width};

/// One character as the scanner sees it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cell {
    /// `0`–`9`, `A`–`Z`, a separator (`.` `-` `/` space), or 0 for the rest.
    pub(super) code: u8,
    /// The same before letters were taken for digits.
    pub(super) raw: u8,
    /// The digit that a VNI keyboard swallowed into this letter O (1–7).
    swallowed: u8,
    /// 1 where a letter was taken for a digit.
    pub(super) slips: u32,
    /// Index of the character in the text, the same in both rows.
    pub(super) source: u32,
}

impl Cell {
    pub(super) fn is_digit(self) -> bool {
        self.code.is_ascii_digit()
    }

    pub(super) fn is_letter(self) -> bool {
        self.code.is_ascii_uppercase()
    }

    pub(super) fn is_separator(self) -> bool {
        matches!(self.code, b'.' | b'-' | b'/' | b' ')
    }
}

/// The digit that types a circumflex in VNI; in Telex a second O does.
const CIRCUMFLEX: u8 = 6;

/// Words that people glue to the front of a number, without marks.
pub(super) const LABELS: [&[u8]; 12] =
    [b"HS", b"MHS", b"MAHS", b"SOHS", b"HOSO", b"MAHOSO", b"MASOHOSO", b"SOHOSO", b"MASO", b"MA", b"SO", b"SBN"];

/// The text as cells; further rows where a Vietnamese keyboard may have
/// swallowed digits into letters: VNI (`HO1` typed, `HÓ` seen) and Telex (`OO`
/// typed, `Ô` seen). `letters` are the letters that patterns hold, a bit for
/// each.
pub(super) fn rows(text: &str, letters: u32) -> Vec<Vec<Cell>> {
    let end = text.floor_char_boundary(LONGEST_TEXT);
    let clean = nfc(text.get(..end).unwrap_or_default());
    let mut row = Vec::with_capacity(clean.len());
    for (source, c) in (0..).zip(clean.chars()) {
        if let Some((raw, swallowed)) = cell_of(c) {
            row.push(Cell { code: raw, raw, swallowed, slips: 0, source });
        }
    }
    see_through_letters(&mut row, letters);
    let mut rows = Vec::with_capacity(3);
    let vni = unswallowed(&row, |_, cell| Some(cell.swallowed));
    let telex = unswallowed(&row, |before, cell| {
        let own_group = before.is_none_or(|b| !b.is_letter());
        (cell.swallowed == CIRCUMFLEX && own_group).then_some(0)
    });
    rows.push(row);
    rows.extend(vni);
    rows.extend(telex);
    rows
}

/// The row with a digit added after each garbled O; nothing where there is none.
fn unswallowed(row: &[Cell], digit: impl Fn(Option<Cell>, Cell) -> Option<u8>) -> Option<Vec<Cell>> {
    let mut out: Vec<Cell> = Vec::new();
    let mut before = None;
    for (at, cell) in row.iter().enumerate() {
        let added = digit(before, *cell).filter(|_| cell.slips > 0 && cell.swallowed > 0);
        if let Some(added) = added {
            if out.is_empty() {
                out.extend_from_slice(row.get(..at).unwrap_or_default());
            }
            out.push(*cell);
            out.push(Cell { code: b'0' + added, raw: 0, ..*cell });
        } else if !out.is_empty() {
            out.push(*cell);
        }
        before = Some(*cell);
    }
    (!out.is_empty()).then_some(out)
}

/// Nothing for characters that are skipped (marks that compose with nothing).
fn cell_of(c: char) -> Option<(u8, u8)> {
    let c = strip_width(c);
    let code = match c {
        '0'..='9' | 'A'..='Z' => c as u8,
        'a'..='z' => c.to_ascii_uppercase() as u8,
        '.' | ',' | '·' | '。' | '、' => b'.',
        '-' | '_' | '~' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{FE63}' => b'-',
        '/' | '\\' => b'/',
        c if c.is_whitespace() => b' ',
        // mathematical digits, as "fancy text" of chats has them
        '\u{1D7CE}'..='\u{1D7FF}' => b'0' + u8::try_from((u32::from(c) - 0x1D7CE) % 10).unwrap_or(0),
        '\u{0300}'..='\u{036F}' => return None,
        c => {
            let base = latin_base(c).filter(char::is_ascii_alphabetic).map(|base| base.to_ascii_uppercase() as u8);
            return Some((base.unwrap_or(0), if base == Some(b'O') { swallowed_by(c) } else { 0 }));
        }
    };
    Some((code, 0))
}

/// VNI: the digit typed after the letter O that became its one mark.
fn swallowed_by(c: char) -> u8 {
    let mut marks = 0;
    let mut digit = 0;
    decompose_canonical(c, |part| {
        if !part.is_ascii() {
            marks += 1;
            digit = match part {
                '\u{0301}' => 1,
                '\u{0300}' => 2,
                '\u{0309}' => 3,
                '\u{0303}' => 4,
                '\u{0323}' => 5,
                '\u{0302}' => CIRCUMFLEX,
                '\u{031B}' => 7,
                _ => 0,
            };
        }
    });
    if marks == 1 { digit } else { 0 }
}

/// Turns O into 0 and I, L into 1 where they stand for digits: at the end of a
/// run of letters that is otherwise empty, a letter of a pattern, or a label,
/// and next to digits.
fn see_through_letters(row: &mut [Cell], letters: u32) {
    let mut from = 0;
    while from < row.len() {
        let run = row.iter().skip(from).take_while(|c| c.is_letter()).count();
        if run == 0 {
            from += 1;
            continue;
        }
        let end = from + run;
        // No group has more digits; a longer tail is a word.
        let tail = row.get(from..end).unwrap_or_default().iter().rev().take_while(|c| is_like_digit(c.raw)).count();
        if tail > 0 && tail <= 12 && stands_for_digits(row, from, end - tail, end, letters) {
            for cell in row.get_mut(end - tail..end).unwrap_or_default() {
                cell.code = if cell.raw == b'O' { b'0' } else { b'1' };
                cell.slips = 1;
            }
        }
        from = end;
    }
}

fn is_like_digit(letter: u8) -> bool {
    matches!(letter, b'O' | b'I' | b'L')
}

fn stands_for_digits(row: &[Cell], from: usize, tail_at: usize, end: usize, letters: u32) -> bool {
    let at = |i: Option<usize>| i.and_then(|i| row.get(i)).copied();
    let tight = |c: Option<Cell>| c.is_some_and(|c| c.is_separator() && c.code != b' ');
    let digit_like = |c: Option<Cell>| c.is_some_and(|c| c.is_digit() || c.raw == b'O');
    let tail = row.get(tail_at..end).unwrap_or_default();
    let only_o = tail.iter().all(|c| c.raw == b'O');
    let after_digit = at(from.checked_sub(1)).is_some_and(Cell::is_digit);
    let before_digit = at(Some(end)).is_some_and(Cell::is_digit);
    let leads_on = tight(at(Some(end))) && digit_like(at(Some(end + 1)));
    let continues = tight(at(from.checked_sub(1))) && digit_like(at(from.checked_sub(2)));
    let head: Vec<u8> = row.get(from..tail_at).unwrap_or_default().iter().take(16).map(|c| c.raw).collect();
    let Some((last, before_last)) = head.split_last() else {
        return match (after_digit, before_digit) {
            (_, true) => true,
            (true, false) => tail.len() == 1 || only_o,
            (false, false) => (tail.len() <= 4 && (leads_on || continues)) || (only_o && (2..=3).contains(&tail.len())),
        };
    };
    let pattern_letter = letters & letter_bit(*last) != 0 && (before_last.is_empty() || LABELS.contains(&before_last));
    let known = pattern_letter || LABELS.contains(&head.as_slice());
    let garbled = (after_digit || continues) && tail.iter().any(|c| c.swallowed > 0);
    known && (before_digit || leads_on || garbled || (only_o && tail.len() >= 2))
}
