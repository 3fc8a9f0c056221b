//! The fields of administration: first the letter that a name begins with, then
//! the names. A catalogue has some 140 of them, too many for pages alone.

use std::sync::Arc;

use super::settings::FieldOf;

/// Names of one page: as many as a low screen shows with large text.
pub const A_PAGE: usize = 4;

/// Where the citizen is among them.
#[derive(Debug, Default)]
pub struct Fields {
    all: Arc<[FieldOf]>,
    letter: Option<char>,
    page: usize,
}

impl Fields {
    /// From the start.
    pub fn new(all: &Arc<[FieldOf]>) -> Self {
        Self { all: Arc::clone(all), letter: None, page: 0 }
    }

    /// The letters that names begin with, in the order of the fields.
    pub fn letters(&self) -> Vec<char> {
        let mut letters = Vec::new();
        for letter in self.all.iter().filter_map(|field| initial(&field.name)) {
            if !letters.contains(&letter) {
                letters.push(letter);
            }
        }
        letters
    }

    /// The letter that was chosen.
    pub fn letter(&self) -> Option<char> {
        self.letter
    }

    /// The names of this page.
    pub fn shown(&self) -> Vec<&FieldOf> {
        self.of_letter().skip(self.page * A_PAGE).take(A_PAGE).collect()
    }

    /// This page and how many there are, from 1.
    pub fn pages(&self) -> (usize, usize) {
        (self.page + 1, self.of_letter().count().div_ceil(A_PAGE).max(1))
    }

    /// A letter was chosen; whether there is one.
    pub fn choose(&mut self, index: usize) -> bool {
        self.letter = self.letters().get(index).copied();
        self.page = 0;
        self.letter.is_some()
    }

    /// Pages on or back.
    pub fn turn(&mut self, pages: i32) {
        let (_, last) = self.pages();
        self.page = if pages < 0 { self.page.saturating_sub(1) } else { (self.page + 1).min(last - 1) };
    }

    fn of_letter(&self) -> impl Iterator<Item = &FieldOf> {
        self.all.iter().filter(|field| self.letter.is_some() && initial(&field.name) == self.letter)
    }
}

/// The letter under which a name stands: *Ă* and *Â* beside *A*, but *Đ* by
/// itself, as in a Vietnamese dictionary that an index of twenty letters allows.
fn initial(name: &str) -> Option<char> {
    let first = name.chars().find(|letter| letter.is_alphanumeric())?;
    if matches!(first, 'Đ' | 'đ') {
        return Some('Đ');
    }
    gateway_core::text::fold(first.encode_utf8(&mut [0; 4])).chars().next().map(|letter| letter.to_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(names: &[&str]) -> Fields {
        Fields::new(&names.iter().map(|name| FieldOf { name: (*name).to_owned(), procedures: 2 }).collect())
    }

    #[test]
    fn letters_as_a_dictionary_has_them() {
        let mut fields =
            fields(&["An toàn đập", "Ấn phẩm", "Bảo hiểm", "Dân tộc", "Đất đai", "Đường bộ", "Hộ tịch", "3D"]);
        assert_eq!(fields.letters(), ['A', 'B', 'D', 'Đ', 'H', '3']);
        assert!(fields.shown().is_empty() && fields.choose(0));
        assert_eq!(
            fields.shown().iter().map(|field| field.name.as_str()).collect::<Vec<_>>(),
            ["An toàn đập", "Ấn phẩm"]
        );
        assert!(fields.choose(3));
        assert_eq!(fields.shown().len(), 2);
        assert!(!fields.choose(6) && fields.shown().is_empty());
    }

    #[test]
    fn pages_end_on_both_sides() {
        let names: Vec<String> = (0..14).map(|number| format!("Quản lý {number}")).collect();
        let mut fields = fields(&names.iter().map(String::as_str).collect::<Vec<_>>());
        assert!(fields.choose(0));
        let mut seen = Vec::new();
        for page in 1..=5 {
            assert_eq!(fields.pages(), (page.min(4), 4));
            seen.extend(fields.shown().iter().map(|field| field.name.clone()));
            fields.turn(1);
        }
        seen.dedup();
        assert_eq!(seen[..14], names);
        for _ in 0..5 {
            fields.turn(-1);
        }
        assert_eq!((fields.pages(), fields.shown().len()), ((1, 4), 4));
    }
}
