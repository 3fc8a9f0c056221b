//! What tells the variants of one matter apart: whether something is issued,
//! issued again, extended, changed or ended, and for whom. The plain variant is
//! meant where nothing else is said.

use std::collections::HashMap;
use std::sync::LazyLock;

use gateway_core::text::fold;
use serde::Deserialize;

use super::letters::folded;
use super::prepared::packed;

/// Words of an official name in which its act stands.
const HEAD: usize = 9;

/// Bits of acts and special cases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Variant {
    acts: u16,
    specials: u16,
}

packed!(Variant { acts, specials });

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    act: Vec<Row>,
    special: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    key: String,
    name: Vec<String>,
    says: Vec<String>,
}

/// Phrases by their first word, each with its length and its bits.
#[derive(Default)]
struct Phrases(HashMap<String, Vec<(Vec<String>, Variant)>, ahash::RandomState>);

struct Table {
    names: Phrases,
    says: Phrases,
    new: u16,
}

impl Phrases {
    fn add(&mut self, phrase: &str, bits: Variant) {
        let words: Vec<String> = fold(phrase).split(' ').map(str::to_owned).collect();
        if let Some(first) = words.first() {
            self.0.entry(first.clone()).or_default().push((words, bits));
        }
    }

    /// The words in which no phrase stands that is to be cut out.
    fn without(&self, words: &[&str], is_cut: impl Fn(&Variant) -> bool) -> Vec<usize> {
        let mut kept = Vec::new();
        let mut at = 0;
        while let Some(word) = words.get(at) {
            let stands =
                |phrase: &[String]| words.get(at..at + phrase.len()).is_some_and(|here| here.iter().eq(phrase.iter()));
            let phrases = self.0.get(*word).map_or(&[][..], Vec::as_slice);
            let cut = phrases.iter().filter(|(phrase, bits)| is_cut(bits) && stands(phrase));
            match cut.map(|(phrase, _)| phrase.len()).max() {
                Some(len) => at += len,
                None => {
                    kept.push(at);
                    at += 1;
                }
            }
        }
        kept
    }

    fn read(&self, words: &[&str]) -> Variant {
        let mut read = Variant::default();
        let mut at = 0;
        while let Some(word) = words.get(at) {
            let mut longest = 0;
            let mut found = Variant::default();
            for (phrase, bits) in self.0.get(*word).map_or(&[][..], Vec::as_slice) {
                let len = phrase.len();
                let stands = words.get(at..at + len).is_some_and(|here| here.iter().eq(phrase.iter()));
                if stands && len > longest {
                    (longest, found) = (len, *bits);
                } else if stands && len == longest {
                    found.acts |= bits.acts;
                    found.specials |= bits.specials;
                }
            }
            read.acts |= found.acts;
            read.specials |= found.specials;
            at += longest.max(1);
        }
        read
    }
}

fn table() -> &'static Table {
    static TABLE: LazyLock<Table> = LazyLock::new(|| {
        let read = toml::from_str::<File>(include_str!("../../data/variants.toml"));
        // The file is compiled in and a test reads it: this cannot fail.
        debug_assert!(read.is_ok(), "data/variants.toml does not parse");
        let file = read.unwrap_or_else(|_| File { act: Vec::new(), special: Vec::new() });
        let mut table = Table { names: Phrases::default(), says: Phrases::default(), new: 0 };
        for (place, row) in (0_u16..).zip(&file.act) {
            let bits = Variant { acts: 1 << place, specials: 0 };
            if row.key == "new" {
                table.new = bits.acts;
            }
            row.name.iter().for_each(|phrase| table.names.add(phrase, bits));
            row.says.iter().for_each(|phrase| table.says.add(phrase, bits));
        }
        for (place, row) in (0_u16..).zip(&file.special) {
            let bits = Variant { acts: 0, specials: 1 << place };
            row.name.iter().for_each(|phrase| table.names.add(phrase, bits));
            row.says.iter().for_each(|phrase| table.says.add(phrase, bits));
        }
        table
    });
    &TABLE
}

impl Variant {
    /// Of an official name, folded.
    pub(super) fn of_name(folded: &str) -> Self {
        let words: Vec<&str> = folded.split(' ').collect();
        let head = table().names.read(words.get(..HEAD.min(words.len())).unwrap_or_default());
        let whole = table().names.read(&words);
        // What begins with no other act issues something.
        let acts = if head.acts == 0 { table().new } else { head.acts };
        Self { acts, specials: whole.specials }
    }

    /// Of a citizen's words.
    pub(super) fn of_words(text: &str) -> Self {
        let folded = folded(text);
        let words: Vec<&str> = folded.split(' ').collect();
        table().says.read(&words)
    }

    /// How a procedure of this variant suits a question of that one.
    pub(super) fn suits(self, question: Self, weights: &super::RankWeights) -> f32 {
        let mut suits = 0.0;
        if question.acts == 0 {
            if self.acts & table().new == 0 {
                suits -= weights.act_unsaid;
            }
        } else if self.acts & question.acts == 0 {
            suits -= weights.act_other;
        } else if question.acts & table().new == 0 {
            suits += weights.act_same;
        }
        let unsaid = (self.specials & !question.specials).count_ones();
        let same = (self.specials & question.specials).count_ones();
        suits - weights.special_unsaid * bits(unsaid) + weights.special_same * bits(same)
    }
}

/// A text, folded, without the words for what is to be done (*cấp lại*, *gia
/// hạn*).
pub fn without_acts(text: &str) -> String {
    without(text, |bits| bits.acts != 0)
}

/// The same without the words for a special case as well (*người Hàn Quốc*, *cho
/// con*): what is left names a matter, and not a variant of one.
pub fn without_circumstances(text: &str) -> String {
    without(text, |bits| bits.acts != 0 || bits.specials != 0)
}

fn without(text: &str, is_cut: impl Fn(&Variant) -> bool) -> String {
    let folded = fold(text);
    let words: Vec<&str> = folded.split(' ').collect();
    let kept = table().says.without(&words, is_cut);
    kept.into_iter().filter_map(|at| words.get(at).copied()).collect::<Vec<_>>().join(" ")
}

/// Whether a text names a special case (*quốc tịch Hàn Quốc*, *công ty*).
pub fn names_a_special_case(text: &str) -> bool {
    Variant::of_words(text).specials != 0
}

fn bits(count: u32) -> f32 {
    f32::from(u8::try_from(count).unwrap_or(u8::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_parses_and_every_phrase_is_folded() {
        let file: File = toml::from_str(include_str!("../../data/variants.toml")).unwrap();
        for row in file.act.iter().chain(&file.special) {
            assert!(!row.name.is_empty() && !row.says.is_empty(), "{}", row.key);
        }
        assert!(table().new != 0);
    }

    #[test]
    fn the_plain_variant_suits_a_plain_question() {
        let weights = super::super::RankWeights::default();
        let best = |text: &str, names: [&str; 2]| {
            let question = Variant::of_words(text);
            let suits = names.map(|name| Variant::of_name(&fold(name)).suits(question, &weights));
            if suits[0] > suits[1] { 0 } else { 1 }
        };
        let card = ["Cấp thẻ căn cước", "Cấp lại thẻ căn cước"];
        assert_eq!(best("làm căn cước", card), 0);
        assert_eq!(best("căn cước bị mất", card), 1);
        let marriage = ["Thủ tục đăng ký kết hôn", "Thủ tục đăng ký kết hôn có yếu tố nước ngoài"];
        assert_eq!(best("dang ky ket hon", marriage), 0);
        assert_eq!(best("em lấy chồng Hàn Quốc", marriage), 1);
    }
}
