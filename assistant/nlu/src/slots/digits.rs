//! Numbers by the shape of their groups of digits, and by the words that
//! announce them.

use std::ops::Range;

use gateway_core::domain::{CitizenId, Phone};
use jiff::civil::Date;

use super::cells::Cells;
use super::private::{Private, overlaps};
use super::words::{Gap, Words};

/// Digits of a number that is private whatever it is: an old identity card has
/// nine.
const LONG: usize = 9;
/// Groups that one number may be written in.
const MOST_GROUPS: usize = 15;
/// Marks between two groups of one number.
const LONGEST_GAP: usize = 3;
/// Words that may stand between an announcement and its number.
const FAR: usize = 4;

const TAX: [&str; 8] =
    ["mst", "ma so thue", "ma thue", "tax code", "tax id", "tax number", "tin", "ma so doanh nghiep"];
const PHONE: [&str; 15] = [
    "sdt",
    "dt",
    "dien thoai",
    "so dien thoai",
    "di dong",
    "zalo",
    "hotline",
    "phone",
    "tel",
    "mobile",
    "call",
    "goi",
    "lien he",
    "viber",
    "whatsapp",
];
const ID: [&str; 12] = [
    "cccd",
    "cmnd",
    "cmt",
    "can cuoc",
    "can cuoc cong dan",
    "chung minh",
    "chung minh nhan dan",
    "dinh danh",
    "so dinh danh ca nhan",
    "id",
    "id number",
    "id card",
];
/// After the digits these make them a sum.
const MONEY: [&str; 4] = ["dong", "vnd", "usd", "euro"];

/// The places of provinces in identity numbers (Thông tư 07/2016/TT-BCA, phụ
/// lục 1); those from 101 on are countries.
const PROVINCES: [u16; 63] = [
    1, 2, 4, 6, 8, 10, 11, 12, 14, 15, 17, 19, 20, 22, 24, 25, 26, 27, 30, 31, 33, 34, 35, 36, 37, 38, 40, 42, 44, 45,
    46, 48, 49, 51, 52, 54, 56, 58, 60, 62, 64, 66, 67, 68, 70, 72, 74, 75, 77, 79, 80, 82, 83, 84, 86, 87, 89, 91, 92,
    93, 94, 95, 96,
];
const COUNTRIES: std::ops::RangeInclusive<u16> = 101..=400;

/// What announces a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Announced {
    Tax,
    Phone,
    Id,
    Nothing,
}

/// Numbers that name somebody.
pub(super) fn numbers(
    cells: &Cells,
    words: &Words,
    taken: &[Range<usize>],
    today: Date,
) -> Vec<(Range<usize>, Private)> {
    let mut found = Vec::new();
    let groups = groups(cells);
    let mut at = 0;
    while let Some(first) = groups.get(at) {
        let run: Vec<&Group> = (at..groups.len().min(at + MOST_GROUPS))
            .scan(true, |open, n| {
                let joins = *open && (n == at || groups.get(n).is_some_and(|group| group.joined));
                *open = joins;
                groups.get(n).filter(|_| joins)
            })
            .collect();
        let place = cells.span(first.from, first.to);
        if overlaps(taken, &place) {
            at += 1;
            continue;
        }
        let reader = Reader { cells, words, today, announced: announced(words, place.start) };
        match reader.read(&run) {
            Some((len, private)) => {
                let last = run.get(len - 1).map_or(first.to, |group| group.to);
                let from = first.from - usize::from(first.plus);
                found.push((cells.span(from, last), private));
                at += len;
            }
            None => at += 1,
        }
    }
    found
}

/// A run of digits.
#[derive(Debug)]
struct Group {
    from: usize,
    to: usize,
    /// A `+` stands right before.
    plus: bool,
    /// Only separators stand between it and the group before.
    joined: bool,
    /// … and none of them is a space.
    tight: bool,
}

impl Group {
    fn len(&self) -> usize {
        self.to - self.from
    }
}

fn groups(cells: &Cells) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let mut at = 0;
    while let Some(cell) = cells.get(at) {
        if !cell.is_digit() {
            at += 1;
            continue;
        }
        let from = at;
        while cells.get(at).is_some_and(|cell| cell.is_digit()) {
            at += 1;
        }
        let end = groups.last().map(|group| group.to);
        let gap = end.map_or(usize::MAX, |end| from - end);
        let between = || (end.unwrap_or(0)..from).filter_map(|at| cells.get(at));
        let joined = gap <= LONGEST_GAP && between().all(|cell| cell.is_separator() || matches!(cell.c, '(' | ')'));
        let tight = joined && !between().any(|cell| cell.c.is_whitespace());
        let plus = cells.back(from, 1).is_some_and(|cell| cell.c == '+');
        groups.push(Group { from, to: at, plus, joined, tight });
    }
    groups
}

struct Reader<'a> {
    cells: &'a Cells,
    words: &'a Words,
    today: Date,
    announced: Announced,
}

impl Reader<'_> {
    /// The number that these groups begin with, and how many of them it takes.
    fn read(&self, run: &[&Group]) -> Option<(usize, Private)> {
        if self.announced == Announced::Tax
            && let Some(tax) = self.tax(run, false)
        {
            return Some(tax);
        }
        if let Some(id) = self.citizen_id(run) {
            return Some(id);
        }
        // Thirteen digits with a branch are no phone.
        if let Some((2, tax)) = self.tax(run, true) {
            return Some((2, tax));
        }
        self.phone(run).or_else(|| self.tax(run, true)).or_else(|| self.long(run))
    }

    fn digits(&self, run: &[&Group], len: usize) -> String {
        let (Some(first), Some(last)) = (run.first(), len.checked_sub(1).and_then(|last| run.get(last))) else {
            return String::new();
        };
        self.cells.digits(first.from, last.to)
    }

    fn citizen_id(&self, run: &[&Group]) -> Option<(usize, Private)> {
        let lens: Vec<usize> = run.iter().map(|group| group.len()).collect();
        const SHAPES: [&[usize]; 7] = [&[12], &[3, 3, 3, 3], &[4, 4, 4], &[6, 6], &[3, 3, 6], &[3, 1, 2, 6], &[3, 9]];
        let shape = SHAPES.iter().find(|shape| lens.starts_with(shape)).map(|shape| shape.len());
        let len = shape.or_else(|| (lens.iter().take_while(|len| **len == 1).count() == 12).then_some(12))?;
        let digits = self.digits(run, len);
        match CitizenId::parse(&digits).ok().filter(|id| is_likely(id, self.today)) {
            Some(id) => Some((len, Private::CitizenId(id))),
            None if len == 1 => Some((1, Private::LongNumber)),
            None => None,
        }
    }

    fn phone(&self, run: &[&Group]) -> Option<(usize, Private)> {
        let first = run.first()?;
        let plus = if first.plus { "+" } else { "" };
        let mut last = None;
        let mut count = 0;
        for (at, group) in run.iter().enumerate() {
            // A second number begins: `0912345678 0987654321`.
            if at > 0 && group.plus {
                break;
            }
            count += group.len();
            if count > 15 {
                break;
            }
            let digits = self.digits(run, at + 1);
            let begins = first.plus || digits.starts_with('0') || (digits.starts_with("84") && count >= 11);
            let foreign = digits.starts_with("00") && !digits.starts_with("0084");
            let bare = self.announced == Announced::Phone && count == 9;
            if (!begins && !bare) || (foreign && self.announced != Announced::Phone) {
                continue;
            }
            if let Ok(phone) = Phone::parse(&format!("{plus}{digits}")) {
                let is_vietnamese = phone.is_vietnamese();
                last = Some((at + 1, Private::Phone(phone)));
                if is_vietnamese {
                    break;
                }
            }
        }
        // `24/10 - 0912`: a date and other groups are joined to no phone.
        last.filter(|(len, _)| {
            *len == 1 || run.iter().take(*len).all(|group| group.len() >= 2 || first.plus) || *len >= 9
        })
    }

    fn tax(&self, run: &[&Group], checked: bool) -> Option<(usize, Private)> {
        let first = run.first()?;
        let digits = self.digits(run, 1);
        let branch = run.get(1).filter(|group| group.tight && group.len() == 3);
        let (len, code) = match (first.len(), branch) {
            (10, Some(_)) => (2, self.digits(run, 2)),
            (10 | 13, _) => (1, digits),
            _ if !checked => {
                // Announced, so it may stand in groups: `37 0012 3456`.
                let mut count = 0;
                let len = run.iter().position(|group| {
                    count += group.len();
                    count >= 10
                })? + 1;
                (len, Some(self.digits(run, len)).filter(|digits| digits.len() == 10)?)
            }
            _ => return None,
        };
        if checked && !has_check_digit(&code) {
            // The shape of a branch, whatever it is.
            return (len == 2).then_some((2, Private::LongNumber));
        }
        let (head, tail) = code.split_at_checked(10)?;
        let code = if tail.is_empty() { head.to_owned() } else { format!("{head}-{tail}") };
        Some((len, Private::TaxCode(code)))
    }

    /// Any other long number, in one piece or in groups that are joined tightly.
    fn long(&self, run: &[&Group]) -> Option<(usize, Private)> {
        let announced = self.announced != Announced::Nothing;
        let tight = 1 + run.iter().skip(1).take_while(|group| group.tight || announced).count();
        let first = run.first()?.len();
        // `…4567/2026` belongs to it, a second long number does not.
        let rest = || run.iter().skip(1).take_while(|group| group.tight && group.len() < LONG).count();
        let len = if first >= LONG { 1 + rest() } else { tight };
        let all: usize = run.iter().take(len).map(|group| group.len()).sum();
        let end = run.get(len - 1).map(|group| self.cells.span(group.from, group.to).end)?;
        let sum = !announced && !self.digits(run, 1).starts_with('0') && self.is_money(end);
        (all >= LONG && !sum).then_some((len, Private::LongNumber))
    }

    fn is_money(&self, end: usize) -> bool {
        let next = self.words.all().iter().find(|word| word.range.start >= end);
        next.is_some_and(|word| {
            (word.gap.joins() && word.is_one_of(&MONEY)) || (word.gap == Gap::None && word.is_one_of(&["d", "vnd"]))
        })
    }
}

/// Whether a number could have been given to somebody by today.
fn is_likely(id: &CitizenId, today: Date) -> bool {
    let place = id.province_code().parse::<u16>().unwrap_or(0);
    (PROVINCES.contains(&place) || COUNTRIES.contains(&place)) && id.birth_year() <= today.year()
}

/// The check digit of a tax code (the tenth), by the weights that the tax
/// authority's own validators use.
fn has_check_digit(code: &str) -> bool {
    const WEIGHTS: [u32; 9] = [31, 29, 23, 19, 17, 13, 7, 5, 3];
    let digits: Vec<u32> = code.chars().filter_map(|c| c.to_digit(10)).collect();
    let sum: u32 = WEIGHTS.iter().zip(&digits).map(|(weight, digit)| weight * digit).sum();
    digits.get(9).is_some_and(|check| 10 - sum % 11 == *check)
}

/// What the words right before a place announce.
fn announced(words: &Words, start: usize) -> Announced {
    let at = words.all().partition_point(|word| word.range.start < start);
    for back in 1..=FAR {
        let Some(from) = at.checked_sub(back) else { break };
        if words.get(from).is_none_or(|word| word.is_digits()) {
            break;
        }
        let whole = |phrases: &[&str]| words.longest(from, phrases).is_some_and(|len| from + len <= at);
        if whole(&TAX) {
            return Announced::Tax;
        }
        if whole(&ID) {
            return Announced::Id;
        }
        if whole(&PHONE) {
            return Announced::Phone;
        }
    }
    Announced::Nothing
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tax_code_has_its_check_digit() {
        // Codes that companies print on their invoices.
        for code in ["0300588569", "0100109106", "0101248141"] {
            assert!(has_check_digit(code), "{code}");
        }
        assert!(!has_check_digit("0300588560"));
    }
}
