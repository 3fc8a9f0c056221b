//! The table of places.

use ahash::AHashMap;
use jiff::civil::Date;
use serde::Deserialize;

use super::super::words::{Words, fold_word};
use super::{Level, PlaceKind};

const BUILTIN: &str = include_str!("../../../data/places.toml");
/// Bytes of a file of an operator's.
const LONGEST_FILE: usize = 8 * 1024 * 1024;
/// Words of a name.
const MOST_WORDS: usize = 8;

/// A table of places that cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum PlacesError {
    /// Not the TOML that is expected.
    #[error("the table of places cannot be read: {0}")]
    NotToml(#[from] toml::de::Error),
    /// A kind that there is none of.
    #[error("{name}: no kind of place is called {kind:?}")]
    NoSuchKind {
        /// The place.
        name: String,
        /// What stands there.
        kind: String,
    },
    /// A place without a name, or one of too many words.
    #[error("a place without a name, or with one of too many words: {0:?}")]
    BadName(String),
    /// The file is too long.
    #[error("a table of places of more than {LONGEST_FILE} bytes")]
    TooLong,
}

/// The places that are known.
#[derive(Debug, Clone, Default)]
pub struct Places {
    entries: Vec<Entry>,
    /// From the first word of a name, folded, to its entry and its words.
    index: Index,
}

/// One place of the table.
#[derive(Debug, Clone)]
pub(in crate::slots) struct Entry {
    pub(in crate::slots) name: String,
    pub(in crate::slots) kind: PlaceKind,
    pub(in crate::slots) level: Level,
    pub(in crate::slots) within: String,
    pub(in crate::slots) from: Option<Date>,
    pub(in crate::slots) until: Option<Date>,
    pub(in crate::slots) into: Vec<String>,
    pub(in crate::slots) common: bool,
    aliases: Vec<String>,
}

impl Entry {
    pub(in crate::slots) fn stands_on(&self, day: Date) -> bool {
        self.from.is_none_or(|from| from <= day) && self.until.is_none_or(|until| day <= until)
    }

    /// Its marks set it apart from the common words: *hòa bình* has the same.
    pub(in crate::slots) fn marks_tell(&self) -> bool {
        self.name != "Hòa Bình"
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    set: Vec<Set>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Set {
    /// Where it is printed; for people.
    #[serde(rename = "source")]
    _source: String,
    from: Option<Date>,
    until: Option<Date>,
    #[serde(default)]
    within: String,
    places: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    name: String,
    kind: String,
    from: Option<Date>,
    until: Option<Date>,
    within: Option<String>,
    #[serde(default)]
    into: Vec<String>,
    #[serde(default)]
    aliases: Vec<String>,
    #[serde(default)]
    common: bool,
}

impl Places {
    /// The provinces of the country, and the districts and wards of the former
    /// Bình Dương.
    ///
    /// # Errors
    /// [`PlacesError`]; the table is compiled in and a test reads it.
    pub fn builtin() -> Result<Self, PlacesError> {
        Self::default().with(BUILTIN)
    }

    /// These places and those of an operator's file of the same form. A place of
    /// the same name, kind and surroundings, in the same days, is replaced.
    ///
    /// # Errors
    /// [`PlacesError`] names the place and what is wrong with it.
    pub fn with(mut self, toml: &str) -> Result<Self, PlacesError> {
        if toml.len() > LONGEST_FILE {
            return Err(PlacesError::TooLong);
        }
        let file: File = toml::from_str(toml)?;
        for set in file.set {
            for row in set.places {
                let within = row.within.unwrap_or_else(|| set.within.clone());
                let kind = PlaceKind::of(&row.kind)
                    .ok_or_else(|| PlacesError::NoSuchKind { name: row.name.clone(), kind: row.kind.clone() })?;
                let level = kind.level().unwrap_or(if within.is_empty() { Level::Province } else { Level::District });
                let entry = Entry {
                    name: row.name,
                    kind,
                    level,
                    within,
                    from: row.from.or(set.from),
                    until: row.until.or(set.until),
                    into: row.into,
                    common: row.common,
                    aliases: row.aliases,
                };
                let same = |other: &Entry| {
                    other.name == entry.name
                        && other.kind == entry.kind
                        && other.within == entry.within
                        && other.until.is_some() == entry.until.is_some()
                };
                match self.entries.iter_mut().find(|other| same(other)) {
                    Some(other) => *other = entry,
                    None => self.entries.push(entry),
                }
            }
        }
        self.index = index(&self.entries)?;
        Ok(self)
    }

    /// The entries whose name is the longest that stands at `at`, and its words.
    pub(in crate::slots) fn longest(&self, words: &Words, at: usize) -> Option<(usize, Vec<&Entry>)> {
        let named = self.index.get(words.get(at)?.folded.as_str())?;
        let fits = |name: &[Part]| {
            name.iter().enumerate().all(|(n, part)| {
                words.get(at + n).is_some_and(|word| {
                    (n == 0 || word.gap.joins() || word.gap == super::super::words::Gap::Dash)
                        && word.folded == part.folded
                        && (word.is_bare() || same_marks(&word.text, &part.text))
                })
            })
        };
        let len = named.iter().filter(|(_, name)| fits(name)).map(|(_, name)| name.len()).max()?;
        let mut entries: Vec<usize> =
            named.iter().filter(|(_, name)| name.len() == len && fits(name)).map(|(entry, _)| *entry).collect();
        entries.sort_unstable();
        entries.dedup();
        Some((len, entries.into_iter().filter_map(|entry| self.entries.get(entry)).collect()))
    }

    /// Whether two provinces are one by now.
    pub(in crate::slots) fn are_one_now(&self, one: &str, other: &str) -> bool {
        let now = |name: &str| -> String {
            let old = self
                .entries
                .iter()
                .find(|entry| entry.level == Level::Province && entry.name == name && !entry.into.is_empty());
            old.and_then(|old| old.into.first()).map_or_else(
                || name.to_owned(),
                |into| into.trim_start_matches("Thành phố ").trim_start_matches("Tỉnh ").to_owned(),
            )
        };
        now(one) == now(other)
    }
}

/// The same marks, wherever the tone stands: `hoà` is `hòa`.
fn same_marks(said: &str, official: &str) -> bool {
    use unicode_normalization::UnicodeNormalization;
    if said == official {
        return true;
    }
    let marks = |text: &str| -> (String, Vec<char>) {
        let (mut letters, mut tones) = (String::new(), Vec::new());
        for c in text.nfd() {
            if matches!(c, '\u{0300}' | '\u{0301}' | '\u{0303}' | '\u{0309}' | '\u{0323}') {
                tones.push(c);
            } else {
                letters.push(c);
            }
        }
        (letters, tones)
    };
    marks(said) == marks(official)
}

/// One word of a name.
#[derive(Debug, Clone)]
struct Part {
    text: String,
    folded: String,
}

type Index = AHashMap<String, Vec<(usize, Vec<Part>)>>;

fn index(entries: &[Entry]) -> Result<Index, PlacesError> {
    let mut index = Index::default();
    for (place, entry) in entries.iter().enumerate() {
        for name in std::iter::once(&entry.name).chain(&entry.aliases) {
            let read = Words::of(name, &[]);
            let part = |text: &String| Part { text: text.clone(), folded: fold_word(text) };
            let words: Vec<Part> = read.all().iter().map(|word| part(&word.text)).collect();
            let first = words.first().map(|word| word.folded.clone());
            let Some(first) = first.filter(|_| words.len() <= MOST_WORDS) else {
                return Err(PlacesError::BadName(name.clone()));
            };
            index.entry(first).or_default().push((place, words));
        }
    }
    Ok(index)
}
