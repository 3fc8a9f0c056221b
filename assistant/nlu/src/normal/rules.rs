//! Short forms and regional words: the rows of `data/teencode.toml`, which says how
//! they are written.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::LazyLock;

use ahash::RandomState;
use compact_str::CompactString;
use gateway_core::text::fold_display;
use serde::Deserialize;

use super::Word;

pub(super) const FILE: &str = include_str!("../../data/teencode.toml");

/// Words of one short form, at most; a test holds the file to it.
const LONGEST: usize = 4;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    class: BTreeMap<String, Vec<String>>,
    row: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    say: Vec<String>,
    mean: String,
    #[serde(default)]
    after: Vec<String>,
    #[serde(default)]
    before: Vec<String>,
    #[serde(default)]
    start: bool,
    #[serde(default)]
    end: bool,
    #[serde(default)]
    not_after: Vec<String>,
    #[serde(default)]
    not_before: Vec<String>,
}

/// Neighbours that a row asks for.
#[derive(Default)]
struct Neighbours {
    exact: HashSet<CompactString, RandomState>,
    bare: HashSet<CompactString, RandomState>,
    number: bool,
    figure: bool,
}

struct Rule {
    mean: Vec<CompactString>,
    always: bool,
    after: Neighbours,
    before: Neighbours,
    start: bool,
    end: bool,
    not_after: Neighbours,
    not_before: Neighbours,
}

/// What is said, and the rule for it.
type Says = Vec<(Vec<CompactString>, usize)>;

#[derive(Default)]
struct Rules {
    rules: Vec<Rule>,
    by_first: HashMap<CompactString, Says, RandomState>,
    closing: Neighbours,
}

static RULES: LazyLock<Rules> = LazyLock::new(|| {
    let read = Rules::read(FILE);
    // The file is compiled in and a test reads it: this cannot fail.
    debug_assert!(read.is_ok(), "data/teencode.toml does not parse");
    read.unwrap_or_default()
});

/// Rewrites short forms until none is left that a row explains; says whether any
/// was.
pub(super) fn apply(words: &mut Vec<Word>) -> bool {
    let rules: &Rules = &RULES;
    if !words.iter().any(|word| rules.by_first.contains_key(&word.text)) {
        return false;
    }
    let mut changed = false;
    let mut rest: Vec<Word> = std::mem::take(words);
    rest.reverse();
    let mut done: Vec<Word> = Vec::with_capacity(rest.len());
    while let Some(word) = rest.last() {
        let Some((rule, len)) = rules.find(&done, word, &rest) else {
            done.extend(rest.pop());
            continue;
        };
        changed = true;
        let after_break = word.after_break;
        rest.truncate(rest.len() - len);
        let mean = rule.mean.iter().enumerate();
        let mean = mean.map(|(at, text)| Word { text: text.clone(), after_break: after_break && at == 0 });
        rest.extend(mean.rev());
        // What stands before may be explained by what follows it now.
        let back = done.len().saturating_sub(LONGEST - 1);
        rest.extend(done.drain(back..).rev());
    }
    *words = done;
    changed
}

impl Rules {
    fn read(text: &str) -> Result<Self, toml::de::Error> {
        let file: File = toml::from_str(text)?;
        let closing = Neighbours::of(&["@closing".to_owned()], &file.class);
        let mut rules = Self { closing, ..Self::default() };
        for (place, row) in file.row.into_iter().enumerate() {
            for say in &row.say {
                let say: Vec<CompactString> = say.split(' ').map(CompactString::from).collect();
                let Some(first) = say.first() else { continue };
                rules.by_first.entry(first.clone()).or_default().push((say, place));
            }
            let neighbours = |list: &[String]| Neighbours::of(list, &file.class);
            rules.rules.push(Rule {
                always: row.after.is_empty() && row.before.is_empty() && !row.start && !row.end,
                mean: row.mean.split(' ').map(CompactString::from).collect(),
                after: neighbours(&row.after),
                before: neighbours(&row.before),
                start: row.start,
                end: row.end,
                not_after: neighbours(&row.not_after),
                not_before: neighbours(&row.not_before),
            });
        }
        for says in rules.by_first.values_mut() {
            // The longest first; of the same length, the earlier row.
            says.sort_by_key(|(say, place)| (std::cmp::Reverse(say.len()), *place));
        }
        Ok(rules)
    }

    /// The first rule for the words to come, and how many of them it takes.
    fn find(&self, done: &[Word], word: &Word, rest: &[Word]) -> Option<(&Rule, usize)> {
        for (say, place) in self.by_first.get(&word.text)? {
            if !say.iter().zip(rest.iter().rev()).all(|(said, word)| *said == word.text) || say.len() > rest.len() {
                continue;
            }
            let rule = self.rules.get(*place)?;
            let before = done.last();
            let next = rest.len().checked_sub(say.len() + 1).and_then(|at| rest.get(at));
            if self.applies(rule, before, next) {
                return Some((rule, say.len()));
            }
        }
        None
    }

    fn applies(&self, rule: &Rule, before: Option<&Word>, next: Option<&Word>) -> bool {
        let holds = |neighbours: &Neighbours, word: Option<&Word>| word.is_some_and(|word| neighbours.hold(&word.text));
        if holds(&rule.not_after, before) || holds(&rule.not_before, next) {
            return false;
        }
        rule.always
            || holds(&rule.after, before)
            || holds(&rule.before, next)
            || (rule.start && before.is_none())
            || (rule.end && next.is_none_or(|next| next.after_break || self.closing.hold(&next.text)))
    }
}

impl Neighbours {
    fn of(list: &[String], classes: &BTreeMap<String, Vec<String>>) -> Self {
        let mut neighbours = Self::default();
        for entry in list {
            match entry.strip_prefix('@') {
                Some("number") => neighbours.number = true,
                Some("figure") => neighbours.figure = true,
                Some(class) => classes.get(class).into_iter().flatten().for_each(|word| neighbours.add(word)),
                None => neighbours.add(entry),
            }
        }
        neighbours
    }

    fn add(&mut self, word: &str) {
        self.exact.insert(word.into());
        self.bare.insert(fold_display(word).into());
    }

    /// Marks that the citizen wrote must agree; those left out may be any.
    fn hold(&self, word: &str) -> bool {
        let number = word.starts_with(|c: char| c.is_ascii_digit());
        if number && (self.number || (self.figure && !word.contains(char::is_alphabetic))) {
            return true;
        }
        if self.exact.is_empty() {
            return false;
        }
        if word.is_ascii() { self.bare.contains(word) } else { self.exact.contains(word) }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::{syllable, typing};
    use super::*;

    fn file() -> File {
        toml::from_str(FILE).unwrap()
    }

    #[test]
    fn the_file_is_read_and_holds_its_rows() {
        let file = file();
        assert!(file.row.len() >= 150, "{} rows", file.row.len());
        assert!(Rules::read(FILE).is_ok());
        for row in &file.row {
            for list in [&row.after, &row.before, &row.not_after, &row.not_before] {
                for entry in list {
                    if let Some(class) = entry.strip_prefix('@') {
                        assert!(
                            matches!(class, "number" | "figure") || file.class.contains_key(class),
                            "no class {class}"
                        );
                    }
                    assert!(!entry.contains(' '), "{entry}: one word stands beside another");
                }
            }
        }
    }

    /// What a rule writes is never rewritten by another: the rounds come to an end.
    #[test]
    fn no_rule_writes_what_another_reads() {
        let file = file();
        let written: BTreeSet<&str> = file.row.iter().flat_map(|row| row.mean.split(' ')).collect();
        for say in file.row.iter().flat_map(|row| &row.say) {
            // Never behind *bao*, which is what is written before it.
            assert!(
                say == "nhiêu" || say.split(' ').any(|word| !written.contains(word)),
                "{say:?} is written by another row"
            );
            assert!(say.split(' ').count() <= LONGEST, "{say:?} is too long");
            assert_eq!(*say, gateway_core::text::nfc(&say.to_lowercase()), "{say:?}");
        }
    }

    #[test]
    fn what_is_written_is_vietnamese_with_its_marks_in_place() {
        for word in file().row.iter().flat_map(|row| row.mean.split(' ')) {
            let foreign = ["vneid", "kt3", "online", "zalo", "facebook", "inbox", "ok", "internet"];
            assert!(foreign.contains(&word) || syllable::canonical(word).as_deref() == Some(word), "{word}");
        }
    }

    /// Words are looked up with the tone mark in its one place.
    #[test]
    fn what_is_read_can_be_said() {
        for word in file().row.iter().flat_map(|row| &row.say).flat_map(|say| say.split(' ')) {
            assert!(syllable::canonical(word).is_none_or(|canonical| canonical == word), "{word} is written otherwise");
            assert!(typing::unstretched(word).is_none(), "{word} is shortened before");
        }
    }

    #[test]
    fn an_unconditional_row_hides_no_other() {
        let mut seen = BTreeSet::new();
        for row in &file().row {
            for say in &row.say {
                assert!(!seen.contains(say), "{say:?} stands behind a row that always applies");
            }
            let conditional = row.start
                || row.end
                || [&row.after, &row.before, &row.not_after, &row.not_before].iter().any(|list| !list.is_empty());
            if !conditional {
                seen.extend(row.say.iter().cloned());
            }
        }
    }
}
