//! Provinces, districts and wards, as people go on naming them, and what became
//! of them.
//!
//! The table is data (`data/places.toml`) with the days on which each place
//! stands; what it does not know is read by its pattern (`phường X`, `q.3`).

mod data;
mod pattern;

use std::ops::Range;

use jiff::civil::Date;

pub use data::{Places, PlacesError};

use super::words::{Word, Words};

/// How far down a place lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Level {
    /// Tỉnh, thành phố trực thuộc trung ương.
    Province,
    /// Quận, huyện, thị xã, thành phố thuộc tỉnh: until 30/6/2025.
    District,
    /// Phường, xã, thị trấn, đặc khu.
    Ward,
}

/// What kind of place it is, as it was said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PlaceKind {
    /// Tỉnh.
    Province,
    /// Thành phố, of either level.
    City,
    /// Quận.
    UrbanDistrict,
    /// Huyện.
    District,
    /// Thị xã.
    Town,
    /// Phường.
    Ward,
    /// Xã.
    Commune,
    /// Thị trấn: until 30/6/2025.
    Township,
    /// Đặc khu: from 1/7/2025.
    SpecialZone,
}

impl PlaceKind {
    /// The level of a kind; a city may lie on two.
    pub fn level(self) -> Option<Level> {
        match self {
            Self::Province => Some(Level::Province),
            Self::City => None,
            Self::UrbanDistrict | Self::District | Self::Town => Some(Level::District),
            Self::Ward | Self::Commune | Self::Township | Self::SpecialZone => Some(Level::Ward),
        }
    }

    fn of(name: &str) -> Option<Self> {
        Some(match name {
            "tỉnh" => Self::Province,
            "thành phố" => Self::City,
            "quận" => Self::UrbanDistrict,
            "huyện" => Self::District,
            "thị xã" => Self::Town,
            "phường" => Self::Ward,
            "xã" => Self::Commune,
            "thị trấn" => Self::Township,
            "đặc khu" => Self::SpecialZone,
            _ => return None,
        })
    }
}

/// Whether a place exists on the day of the question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Standing {
    /// It does.
    Stands,
    /// It does not any more.
    Gone,
    /// The table does not know it.
    Unknown,
}

/// A place that a citizen names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// As it was written, with its kind where that was said: `phuong lai thieu`.
    pub written: String,
    /// Its bytes in the text that was read; none where only the normal form of
    /// the text shows the place.
    pub range: Option<Range<usize>>,
    /// Its kind, where it was said or the table knows it.
    pub kind: Option<PlaceKind>,
    /// How far down it lies.
    pub level: Level,
    /// Its official name without the kind (`Lái Thiêu`), where the table knows it.
    pub official: Option<String>,
    /// Where it lies or lay: `Thuận An, Bình Dương`; empty where the table does
    /// not know.
    pub within: String,
    /// Whether it exists today. A district never does since 1/7/2025.
    pub standing: Standing,
    /// What it became, with their kinds, the largest part first; empty where
    /// it stands, where there are too many, or where the table does not know.
    pub successors: Vec<String>,
}

impl Place {
    /// Whether the named place, or its whole level, no longer exists.
    pub fn is_gone(&self) -> bool {
        self.standing == Standing::Gone
    }
}

/// Places of one text at most.
const MOST: usize = 16;
/// The day from which there are no districts and no townships.
const TWO_LEVELS: Date = jiff::civil::date(2025, 7, 1);

/// Words that make the next name a place.
const CUES: [&str; 29] = [
    "o", "tai", "ve", "tu", "que", "den", "ra", "vo", "vao", "tren", "duoi", "nguoi", "in", "from", "at", "to", "ubnd",
    "tru", "song", "dia", "ban", "khu", "vuc", "hoc", "lam", "sinh", "near", "goc", "ngoai",
];
/// What a name after these belongs to.
const NOT_PLACES: [&str; 14] =
    ["duong", "cau", "benh", "vien", "pho", "cho", "truong", "ho", "ten", "ong", "ba", "anh", "chi", "hang"];

/// Reads the places of a text in their order.
pub(super) fn find(words: &Words, text: &str, places: &Places, today: Date) -> Vec<Place> {
    let mut found: Vec<Place> = Vec::new();
    let mut at = 0;
    while at < words.len() && found.len() < MOST {
        let read = pattern::kinded(words, text, at, places, today).or_else(|| bare(words, text, at, places, today));
        match read {
            Some((len, place)) => {
                found.push(place);
                at += len.max(1);
            }
            None => at += 1,
        }
    }
    agree(&mut found, places);
    found
}

/// A name of the table without its kind: provinces and districts always, wards
/// only where a word shows that a place is meant.
fn bare(words: &Words, text: &str, at: usize, places: &Places, today: Date) -> Option<(usize, Place)> {
    let word = words.get(at).filter(|word| !word.is_digits())?;
    let before = words.back_folded(at);
    let (len, candidates) = places.longest(words, at)?;
    let marked = (at..at + len).any(|n| words.get(n).is_some_and(|word| !word.is_bare()));
    let capital = (at..at + len).all(|n| words.get(n).is_some_and(|word| word.capital));
    let cue = CUES.contains(&before);
    let sure = |entry: &data::Entry| match entry.level {
        Level::Province | Level::District => {
            let alone = at == 0 && len == words.len();
            (!entry.common || cue || capital || alone || (marked && entry.marks_tell()))
                && (cue || !NOT_PLACES.contains(&before) || word.capital)
        }
        Level::Ward => cue && (marked || capital),
    };
    let level = candidates.iter().filter(|entry| sure(entry)).map(|entry| entry.level).min()?;
    let of_level: Vec<&data::Entry> = candidates.into_iter().filter(|entry| entry.level == level).collect();
    if is_other_phrase(words, at, len) {
        return None;
    }
    let kind = english_kind(words, at + len);
    let more = usize::from(kind.is_some());
    let span = words.span(at, at + len + more);
    let mut place = known(&of_level, text, span, None, today)?;
    if kind == Some(PlaceKind::Ward) {
        place.kind = kind;
    }
    Some((len + more, place))
}

/// `báo cáo bằng`, `định giá lại`: phrases that hold a place's bare letters.
fn is_other_phrase(words: &Words, at: usize, len: usize) -> bool {
    let bare = (at..at + len).all(|n| words.get(n).is_some_and(Word::is_bare));
    let capital = words.get(at).is_some_and(|word| word.capital);
    let before = words.back_folded(at);
    let first = words.get(at).map_or("", |word| word.folded.as_str());
    bare && !capital
        && match first {
            "cao" => matches!(before, "bao" | "bo" | "thong" | "quang" | "nang" | "trinh"),
            "gia" => matches!(before, "dinh" | "danh" | "tham" | "tra" | "don" | "bao"),
            "an" => matches!(before, "lo" | "bao" | "cong" | "dieu" | "phuong"),
            "can" => true,
            "hue" => matches!(before, "hoa" | "co" | "ba"),
            "long" => matches!(before, "vui" | "phuong"),
            _ => false,
        }
}

fn english_kind(words: &Words, at: usize) -> Option<PlaceKind> {
    match words.next_folded(at) {
        "province" => Some(PlaceKind::Province),
        "city" => Some(PlaceKind::City),
        "district" => Some(PlaceKind::District),
        "ward" => Some(PlaceKind::Ward),
        "commune" => Some(PlaceKind::Commune),
        _ => None,
    }
}

/// A place of the table; several entries of one name are one place that was and
/// one that is, or several that bear the name.
pub(super) fn known(
    entries: &[&data::Entry],
    text: &str,
    span: Range<usize>,
    kind: Option<PlaceKind>,
    today: Date,
) -> Option<Place> {
    let standing = entries.iter().find(|entry| entry.stands_on(today));
    let first = standing.or_else(|| entries.iter().max_by_key(|entry| entry.until))?;
    let mut successors: Vec<String> = Vec::new();
    if standing.is_none() {
        for successor in entries.iter().flat_map(|entry| &entry.into) {
            if !successors.contains(successor) {
                successors.push(successor.clone());
            }
        }
    }
    Some(Place {
        written: text.get(span.clone()).unwrap_or_default().to_owned(),
        range: Some(span),
        kind: kind.or(Some(first.kind)),
        level: first.level,
        official: Some(first.name.clone()),
        within: first.within.clone(),
        standing: if standing.is_some() { Standing::Stands } else { Standing::Gone },
        successors,
    })
}

/// A ward that the table knows lies in another province where the sentence names
/// another: then it is not that ward.
fn agree(found: &mut [Place], places: &Places) {
    let provinces: Vec<String> = found
        .iter()
        .filter(|place| place.level == Level::Province)
        .filter_map(|place| place.official.clone())
        .collect();
    if provinces.is_empty() {
        return;
    }
    for place in found.iter_mut().filter(|place| place.level != Level::Province && !place.within.is_empty()) {
        let own = place.within.rsplit(", ").next().unwrap_or_default();
        let same = provinces.iter().any(|province| province == own || places.are_one_now(province, own));
        if !same {
            place.official = None;
            place.within.clear();
            place.successors.clear();
            if place.level == Level::Ward && place.kind != Some(PlaceKind::Township) {
                place.standing = Standing::Unknown;
            }
        }
    }
}

/// Whether a level or kind exists on a day.
pub(super) fn standing_of(level: Level, kind: Option<PlaceKind>, today: Date) -> Standing {
    match (level, kind) {
        (Level::District, _) | (_, Some(PlaceKind::Township)) if today >= TWO_LEVELS => Standing::Gone,
        _ => Standing::Unknown,
    }
}
