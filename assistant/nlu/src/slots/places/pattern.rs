//! A place by the word for its kind: `phường X`, `q.3`, `tp thủ đức`.

use std::sync::LazyLock;

use ahash::AHashSet;
use jiff::civil::Date;

use super::super::words::{Gap, Word, Words, fold_word};
use super::data::{Entry, Places};
use super::{Level, Place, PlaceKind, known, standing_of};

/// The words for kinds, folded, with their marks; longer ones first.
const KINDS: [(&str, &str, PlaceKind); 18] = [
    ("thi tran", "thị trấn", PlaceKind::Township),
    ("thi xa", "thị xã", PlaceKind::Town),
    ("thanh pho", "thành phố", PlaceKind::City),
    ("dac khu", "đặc khu", PlaceKind::SpecialZone),
    ("phuong", "phường", PlaceKind::Ward),
    ("xa", "xã", PlaceKind::Commune),
    ("quan", "quận", PlaceKind::UrbanDistrict),
    ("huyen", "huyện", PlaceKind::District),
    ("tinh", "tỉnh", PlaceKind::Province),
    ("p", "p", PlaceKind::Ward),
    ("q", "q", PlaceKind::UrbanDistrict),
    ("tp", "tp", PlaceKind::City),
    ("tx", "tx", PlaceKind::Town),
    ("tt", "tt", PlaceKind::Township),
    ("ward", "ward", PlaceKind::Ward),
    ("commune", "commune", PlaceKind::Commune),
    ("district", "district", PlaceKind::UrbanDistrict),
    ("dist", "dist", PlaceKind::UrbanDistrict),
];

/// After a word for a kind these are no name.
const NO_NAME: &str = "nào này đó kia mình tôi em tui cháu chúng nhà của ở thì có làm đâu gì mấy không ko là và với để cần \
được dc khác cũ mới cấp nơi xin hỏi ủy uỷ đội viên hoặc hay đến đi ra về tại trên dưới gần xác ký chưa đã rồi bị cho báo nhận \
thường trong ngoài sau trước luôn ạ nhé hả vậy thôi mà như ai bên trực thuộc đoàn bộ công liên phải nên muốn đang \
chuyển nộp lấy mở đóng nghỉ bạn hẹn y hiện theo quận phường xã huyện tỉnh thành giải chung tiếp sẽ cũng hồ chính địa \
anh chị ông bà thẻ họ or and is office people where that không";

static NO_NAMES: LazyLock<AHashSet<String>> =
    LazyLock::new(|| NO_NAME.split_whitespace().flat_map(|word| [word.to_owned(), fold_word(word)]).collect());

/// After *xã*, *phường* and others these make another word.
const COMPOUNDS: [(&str, &[&str]); 6] = [
    ("xa", &["hoi", "vien", "luan", "giao", "doi", "tac", "stress", "hang", "lo", "xi", "nha", "con", "thai", "xoi"]),
    (
        "phuong",
        &["hoi", "phap", "an", "tien", "huong", "thuc", "cham", "dien", "doi", "ngon", "trinh", "tay", "dong", "bac"],
    ),
    ("huyen", &["uy", "doi", "bi", "thoai", "hoac"]),
    (
        "quan",
        &[
            "uy", "ly", "he", "tri", "tam", "trong", "sat", "su", "doi", "nhan", "diem", "an", "ao", "ca", "net",
            "com", "hon", "ngu", "chung", "khu", "y", "trang", "thuc", "chuc", "hanh", "tinh", "den", "xa",
        ],
    ),
    (
        "tinh",
        &[
            "uy", "doi", "trang", "tien", "tong", "theo", "toan", "tu", "tu", "hinh", "chat", "nang", "cam", "nguyen",
            "den", "tuoi", "duc",
        ],
    ),
    ("thanh pho", &["nao", "minh"]),
];
/// Before a bare word for a kind these make another word.
const BEFORE: [(&str, &[&str]); 4] = [
    ("xa", &["tac", "thi", "tu", "o", "di", "xe", "cong", "ong", "ba", "rat", "qua", "hoi", "hoa", "van"]),
    ("phuong", &["dia", "doi", "bon", "da", "don", "song", "ly", "tri", "chi", "anh", "em", "ten", "ban", "co", "tu"]),
    (
        "quan",
        &[
            "co", "hai", "lien", "bao", "tham", "khach", "chu", "si", "tong", "thue", "lanh", "kiem", "truc", "nhan",
            "noi", "gia", "cap", "mi", "thong", "phong", "hang",
        ],
    ),
    ("tinh", &["may", "vi", "gioi", "uoc", "tam", "binh", "dac", "tinh", "thuoc", "nam", "ca", "quoc", "co"]),
];
/// Syllables that the names of wards and districts are made of: without capital
/// letters, an unknown name must be two of them.
const SYLLABLE: &str = "tân an bình phú long thạnh thành vĩnh hòa hoà đông hưng phước mỹ thới lộc hiệp sơn hải thuận \
trung nam bắc tây đức khánh quang quảng minh đại thịnh thái hội lợi nghĩa điền lập thủy thuỷ xuân kim ngọc lâm giang \
hà cẩm yên lương tâm trí tiến thắng ninh nhơn nhuận chánh định bàu bến cầu củ chi hóc môn gò vấp thủ dầu dĩ linh \
xuyên lạc phong trạch nhựt thông quế đạo vạn vân hồng hương trần nguyễn lê hoàng mai kiên trường thiên khê nghé đa \
kao kho đằng trà hiếu liêm cát thọ cường nhất nhì hữu phạm ngũ lão bà điểm nhà bè giờ giuộc võ mê sóc từ sầm ân đống \
ba đình hoàn kiếm hai trưng thanh hoài thạch thất oai mỗ dương đan phượng ứng gia trì";

static SYLLABLES: LazyLock<AHashSet<String>> =
    LazyLock::new(|| SYLLABLE.split_whitespace().flat_map(|word| [word.to_owned(), fold_word(word)]).collect());

/// A place whose kind is said at `at`.
pub(super) fn kinded(words: &Words, text: &str, at: usize, places: &Places, today: Date) -> Option<(usize, Place)> {
    let word = words.get(at)?;
    let (len, written, kind) = KINDS.iter().find_map(|(folded, written, kind)| {
        let len = words.phrase(at, folded)?;
        let fits =
            written.split(' ').enumerate().all(|(n, part)| words.get(at + n).is_some_and(|word| word.may_be(part)));
        fits.then_some((len, *written, *kind))
    })?;
    let start = at + len;
    let next = words.get(start)?;
    let short = written.len() <= 2 && written.is_ascii();
    // `P. Lái Thiêu`: the point of an abbreviation ends no sentence.
    let joined =
        next.gap.joins() || (short && next.gap == Gap::Stop && text.as_bytes().get(word.range.end) == Some(&b'.'));
    if !joined || (short && word.gap == Gap::None) {
        return None;
    }
    let bare = (at..at + len).all(|n| words.get(n).is_some_and(Word::is_bare)) && !written.is_ascii();
    if bare && is_inside(words, at, len) {
        return None;
    }
    // `hợp tác xã`, `thị xã`: with marks, too.
    if matches!(words.back_folded(at), "tac" | "cong") && word.is("xa") {
        return None;
    }
    let asked = Asked { words, text, kind, at, bare, short, today };
    if let Some(found) = asked.known(places, start) {
        return Some(found);
    }
    if is_compound(words, at, len) {
        return None;
    }
    asked.numbered(start).or_else(|| asked.unknown(start))
}

/// The word before makes of it another one (`cơ quan`, `địa phương`).
fn is_inside(words: &Words, at: usize, len: usize) -> bool {
    let Some(word) = words.get(at).filter(|_| len == 1) else { return false };
    let before = words.back_folded(at);
    // A number after it decides: `o quan 1`.
    let numbered = words.get(at + 1).is_some_and(Word::is_digits);
    !numbered && BEFORE.iter().any(|(kind, others)| word.is(kind) && others.contains(&before))
}

fn is_compound(words: &Words, at: usize, len: usize) -> bool {
    let next = words.next_folded(at + len);
    COMPOUNDS.iter().any(|(kind, others)| words.phrase(at, kind) == Some(len) && others.contains(&next))
        && !words.get(at + len).is_some_and(|word| word.capital)
}

fn is_no_name(word: &Word) -> bool {
    NO_NAMES.contains(&word.text)
}

/// Another word for a kind: the next part of an address begins.
fn kind_at(words: &Words, at: usize) -> bool {
    KINDS.iter().any(|(folded, written, _)| {
        words.phrase(at, folded).is_some()
            && written.split(' ').enumerate().all(|(n, part)| words.get(at + n).is_some_and(|word| word.may_be(part)))
    })
}

struct Asked<'a> {
    words: &'a Words,
    text: &'a str,
    kind: PlaceKind,
    at: usize,
    bare: bool,
    short: bool,
    today: Date,
}

impl Asked<'_> {
    /// A name of the table of that kind or level.
    fn known(&self, places: &Places, start: usize) -> Option<(usize, Place)> {
        let (len, entries) = places.longest(self.words, start)?;
        let same_kind: Vec<&Entry> = entries.iter().copied().filter(|entry| entry.kind == self.kind).collect();
        let level = self.kind.level();
        let same_level: Vec<&Entry> = entries
            .iter()
            .copied()
            .filter(|entry| level.is_some_and(|level| level == entry.level) || self.kind == PlaceKind::City)
            // A commune of a ward's name lies elsewhere; the kinds of districts are
            // mixed up often.
            .filter(|entry| entry.level != Level::Ward)
            .collect();
        let fitting = if same_kind.is_empty() { same_level } else { same_kind };
        // `thành phố` is of the higher level where both bear the name.
        let highest = fitting.iter().map(|entry| entry.level).min()?;
        let of_level: Vec<&Entry> = fitting.into_iter().filter(|entry| entry.level == highest).collect();
        let end = start + len;
        let place = known(&of_level, self.text, self.words.span(self.at, end), Some(self.kind), self.today)?;
        // The name goes on: `phường Tân Định Hòa` is another.
        let goes_on = self.words.get(end).is_some_and(|next| {
            next.gap == Gap::Space
                && next.capital
                && !next.is_digits()
                && !kind_at(self.words, end)
                && self.words.get(start).is_some_and(|first| first.capital)
        }) && !self.all_capitals();
        (!goes_on || self.kind == PlaceKind::City).then_some((end - self.at, place))
    }

    /// `phường 5`, `quận 1`, `q3`.
    fn numbered(&self, start: usize) -> Option<(usize, Place)> {
        if !matches!(self.kind, PlaceKind::Ward | PlaceKind::UrbanDistrict) {
            return None;
        }
        let said = usize::from(self.words.get(start)?.is("so"));
        let number = self.words.get(start + said).filter(|word| word.gap != Gap::Comma)?;
        let place = number.number().filter(|place| (1..=30).contains(place) && number.folded.len() <= 2)?;
        let after = self.words.next_folded(start + said + 1);
        let counted = ["ngay", "lan", "thang", "nguoi", "tuoi", "nam", "tuan", "trieu", "ban", "bo"].contains(&after);
        let joined = self
            .words
            .get(start + said + 1)
            .is_some_and(|next| matches!(next.gap, Gap::None | Gap::Tight('.')) && next.is_digits());
        if (self.bare && counted) || joined || (self.kind == PlaceKind::UrbanDistrict && place > 12) {
            return None;
        }
        let end = start + said + 1;
        Some((end - self.at, self.place(end)))
    }

    /// A name that the table does not know.
    fn unknown(&self, start: usize) -> Option<(usize, Place)> {
        let first = self.words.get(start)?;
        let level = self.kind.level();
        // A province that the table does not know is none; nor is `tt`, which
        // is also a circular.
        if level == Some(Level::Province)
            || first.is_digits()
            || (self.short && matches!(self.kind, PlaceKind::Township | PlaceKind::City))
        {
            return None;
        }
        let capitals = (start..self.words.len().min(start + 4))
            .take_while(|n| *n == start || !kind_at(self.words, *n))
            .take_while(|n| {
                self.words
                    .get(*n)
                    .is_some_and(|word| (*n == start || word.gap.joins()) && word.capital && !word.is_digits())
            })
            .count();
        let len = if capitals > 0 && !self.all_capitals() {
            if self.bare && capitals == 1 && is_no_name(first) { 0 } else { capitals }
        } else {
            self.plain_name(start)
        };
        (len > 0).then(|| (start + len - self.at, self.place(start + len)))
    }

    /// The words of a name that is not written with capitals.
    fn plain_name(&self, start: usize) -> usize {
        let syllable = |n: usize| {
            self.words.get(n).is_some_and(|word| {
                (n == start || word.gap == Gap::Space)
                    && SYLLABLES.contains(&word.text)
                    && !(n > start && kind_at(self.words, n))
            })
        };
        let first = self.words.get(start).is_some_and(|word| is_no_name(word) && word.is_bare() && self.bare);
        if !first && syllable(start) && syllable(start + 1) { 2 } else { 0 }
    }

    fn all_capitals(&self) -> bool {
        let letters = self.text.chars().filter(|c| c.is_alphabetic());
        letters.take(200).all(char::is_uppercase)
    }

    fn place(&self, end: usize) -> Place {
        let span = self.words.span(self.at, end);
        let level = self.kind.level().unwrap_or(Level::District);
        Place {
            written: self.text.get(span.clone()).unwrap_or_default().to_owned(),
            range: Some(span),
            kind: Some(self.kind),
            level,
            official: None,
            within: String::new(),
            standing: standing_of(level, Some(self.kind), self.today),
            successors: Vec::new(),
        }
    }
}
