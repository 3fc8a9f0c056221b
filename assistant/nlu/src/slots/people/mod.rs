//! Who a matter is for.

mod names;

use super::words::{Word, Words};
use names::{BEFORE_SHORT, COUNTRIES_VI, NATIONALITIES_EN, ORGANISATIONS, PHRASES, SHORT_VI};

/// Somebody a matter is for, or who takes part in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Person {
    /// The asker, where nobody else is named.
    Oneself,
    /// A child of the asker's, or any child.
    Child,
    /// A parent, a grandparent, an old person.
    Elder,
    /// Husband or wife, now or soon.
    Spouse,
    /// Somebody who has died.
    Deceased,
    /// Somebody of another nationality, or a matter with another country.
    Foreigner,
    /// Somebody with a disability.
    Disabled,
    /// A poor or nearly poor household.
    PoorHousehold,
    /// A company or a business household.
    Business,
    /// A school, an association, a church, an agency.
    Organisation,
}

/// The people of a sentence.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct People {
    /// Everybody who is named, each once; [`Person::Oneself`] alone where
    /// nobody is.
    pub who: Vec<Person>,
    /// The age of the one the matter is for in whole years, where it is said:
    /// 0 for a child of some months.
    pub age: Option<u8>,
}

impl People {
    /// Whether somebody of this kind is named.
    pub fn has(&self, person: Person) -> bool {
        self.who.contains(&person)
    }
}

/// Owners and companions after a word of kinship: then it is somebody's.
const OWNERS: [&str; 20] = [
    "toi", "em", "minh", "tui", "chau", "chi", "anh", "tao", "to", "cua", "ban", "co", "chu", "bac", "nha", "gai",
    "trai", "ruot", "dau", "re",
];
/// What *con* is a classifier or another word before.
const NOT_A_CHILD: [&str; 38] = [
    "dau", "nuoi", "bo", "trau", "ga", "cho", "meo", "heo", "lon", "ca", "duong", "so", "nguoi", "tem", "moi", "vat",
    "thu", "ngua", "de", "vit", "chim", "tom", "song", "suoi", "hem", "ngo", "mat", "tau", "thuyen", "rua", "khi",
    "voi", "trung", "ong", "lai", "niem", "chip", "ran",
];

/// Reads who a sentence is about.
pub(super) fn find(words: &Words) -> People {
    let mut who: Vec<Person> = Vec::new();
    let mut add = |person: Person| {
        if !who.contains(&person) {
            who.push(person);
        }
    };
    let mut age = None;
    for (at, word) in words.all().iter().enumerate() {
        if let Some(person) = named(words, at, word) {
            add(person);
        }
        if let Some(person) = kin(words, at, word) {
            add(person);
        }
        if is_death(words, at, word) {
            add(Person::Deceased);
        }
        if is_foreign(words, at, word) {
            add(Person::Foreigner);
        }
        if let Some((years, person)) = age_at(words, at, word) {
            age = age.or(Some(years));
            if let Some(person) = person {
                add(person);
            }
        }
    }
    if who.is_empty() {
        who.push(Person::Oneself);
    }
    People { who, age }
}

fn named(words: &Words, at: usize, word: &Word) -> Option<Person> {
    for (phrase, person, written) in &PHRASES {
        if !phrase.starts_with(word.folded.as_str()) {
            continue;
        }
        let Some(len) = words.phrase(at, phrase) else { continue };
        if written.is_none_or(|written| is_written(words, at, written)) && !is_other(words, at, phrase, len) {
            return Some(*person);
        }
    }
    words.longest(at, &ORGANISATIONS).map(|_| Person::Organisation)
}

/// Phrases that go on to something else.
fn is_other(words: &Words, at: usize, phrase: &str, len: usize) -> bool {
    let next = words.next_folded(at + len);
    match phrase {
        // *con em chúng ta* is said of children, *con em đây* by one.
        "con em" => words.next_folded(at + 2) == "thi" && words.back_folded(at) == "chau",
        "cong ty" => words.back_folded(at) == "to",
        "qua doi" => false,
        "tre em" => matches!(words.back_folded(at), "quyen"),
        "ba me" | "ong ngoai" => false,
        "con nho" => next == "le",
        "bao tu" => words.get(at).is_some_and(Word::is_bare) && next == "bao",
        _ => false,
    }
}

/// The words carry these marks, or none at all.
fn is_written(words: &Words, at: usize, written: &str) -> bool {
    written.split(' ').enumerate().all(|(n, part)| words.get(at + n).is_some_and(|word| word.may_be(part)))
}

/// One word of kinship that is somebody's: `con tôi`, `cho mẹ`, `vợ em`.
fn kin(words: &Words, at: usize, word: &Word) -> Option<Person> {
    let next = words.next_folded(at + 1);
    let next_next = words.next_folded(at + 2);
    let before = words.back_folded(at);
    let owned = OWNERS.contains(&next) || (next.is_empty() && matches!(before, "cho" | "cua"));
    let surname = words.back(at, 1).is_some_and(|back| back.text == "họ");
    let given = !surname && matches!(before, "cho" | "cua" | "giup" | "dum" | "gium" | "ho" | "dua" | "thay" | "voi");
    let begins = words.get(at).is_some_and(|word| word.gap.parts());
    match word.folded.as_str() {
        // *con* is also how a young citizen speaks of themself.
        "con" if word.is_bare() => {
            if NOT_A_CHILD.contains(&next) && !matches!((next, next_next), ("cho", "toi") | ("nguoi", "")) {
                return None;
            }
            if matches!(next, "dau" | "re" | "cai") {
                return (next == "cai" && before != "nhung").then_some(Person::Child);
            }
            let born = matches!(before, "sinh" | "de" | "co" | "dua" | "nhan" | "nuoi" | "cac" | "hai" | "ba" | "ma");
            let age = words.get(at + 1).is_some_and(Word::is_digits)
                && matches!(next_next, "tuoi" | "thang" | "ngay" | "tuan");
            let mine = matches!(next, "toi" | "minh" | "tui" | "chung" | "cua" | "chi" | "anh" | "em" | "chau");
            // `còn tôi thì …` is written with its mark; bare it may be either.
            let still = next == "toi" && next_next == "thi";
            ((mine && !still) || (born && !matches!(next, "nuoi" | "dau")) || age || (given && !is_asker(words, at)))
                .then_some(Person::Child)
        }
        "be" if word.may_be("bé") => {
            let word_of = matches!(before, "cho" | "cua" | "em" | "sinh" | "dua" | "co" | "hai");
            let is_age =
                words.get(at + 1).is_some_and(Word::is_digits) && matches!(next_next, "tuoi" | "thang" | "ngay");
            (word_of || is_age || begins || OWNERS.contains(&next) || next == "nha").then_some(Person::Child)
        }
        "chau" if word.may_be("cháu") => {
            let is_age = words.get(at + 1).is_some_and(Word::is_digits) && matches!(next_next, "tuoi" | "thang");
            (given && !is_asker(words, at) && before != "voi" || is_age).then_some(Person::Child)
        }
        // English *me* and *ma* are no mothers.
        "me" if word.text == "mẹ" => (owned || given || begins || next == "gia").then_some(Person::Elder),
        "me" if word.text == "me" => {
            matches!(next, "toi" | "em" | "minh" | "tui" | "chau" | "ruot").then_some(Person::Elder)
        }
        "ma" if word.text == "má" => (owned || given || begins).then_some(Person::Elder),
        "bo" if word.may_be("bố") => {
            (owned && !word.is_bare() || given && !word.is_bare() || matches!(next, "toi" | "em" | "minh" | "tui"))
                .then_some(Person::Elder)
        }
        "cha" if word.is_bare() => {
            (matches!(next, "toi" | "em" | "minh" | "tui" | "chau") || given).then_some(Person::Elder)
        }
        "ba" if word.text == "ba" => matches!(next, "toi" | "em" | "tui" | "minh").then_some(Person::Elder),
        "tia" if word.may_be("tía") => matches!(next, "toi" | "em" | "tui" | "minh").then_some(Person::Elder),
        "ong" | "ba" | "cu" if matches!(next, "toi" | "tui") => Some(Person::Elder),
        "vo" if word.may_be("vợ") => {
            let other = matches!(next, "chong" | "sinh" | "hieu" | "han" | "gia" | "chu" | "sap") && word.is_bare();
            ((owned || given || begins && !word.is_bare() || word.text == "vợ") && !other).then_some(Person::Spouse)
        }
        "chong" if word.may_be("chồng") => {
            let other = matches!(next, "lan" | "cheo" | "tham" | "chay" | "dich") || before == "phong";
            ((owned || given || word.text == "chồng") && !other).then_some(Person::Spouse)
        }
        _ => None,
    }
}

/// `cho con hỏi`, `giúp cháu với`: the asker speaks of themself.
fn is_asker(words: &Words, at: usize) -> bool {
    let next = words.next_folded(at + 1);
    let asks = [
        "hoi", "xin", "biet", "voi", "can", "muon", "a", "nho", "gui", "xem", "tra", "duoc", "hay", "lam", "khong",
        "di",
    ];
    let before = words.back_folded(at);
    if next.is_empty() && matches!(before, "giup" | "ho" | "gium" | "dum") {
        return true;
    }
    asks.contains(&next) && before != "cua"
}

/// `mất` of a person, not of a paper, a time or money.
fn is_death(words: &Words, at: usize, word: &Word) -> bool {
    const WHO: [&str; 19] = [
        "toi", "em", "minh", "cha", "me", "bo", "ba", "ong", "cu", "vo", "chong", "nguoi", "anh", "chi", "ngoai",
        "noi", "than", "tui", "vua",
    ];
    const KIN: [&str; 19] = [
        "cha", "me", "bo", "ba", "ong", "cu", "vo", "chong", "nguoi", "ngoai", "noi", "bac", "chu", "co", "di", "cau",
        "con", "ma", "anh",
    ];
    let passed = word.is("mat") && word.may_be("mất");
    if word.is("died") {
        return true;
    }
    let died = word.is("chet") && word.may_be("chết");
    if !passed && !died {
        return false;
    }
    // What follows would be lost: `mẹ tôi mất cccd`, `mất bao lâu`.
    let next = words.get(at + 1).filter(|next| next.gap.joins());
    let then = [
        "roi", "hom", "nam", "sang", "toi", "o", "tai", "thi", "do", "vi", "luc", "ngay", "can", "gio", "nay", "tuan",
        "thang", "duoc", "ma", "khong", "chua",
    ];
    let card = words.next_folded(at + 2) == "cuoc";
    let ends = next.is_none_or(|next| next.is_one_of(&then) && !card);
    // `mất 5 ngày`, `mất không`: a time, a question of money.
    let back = |n: usize| words.back(at, n).map_or("", |word| word.folded.as_str());
    let someone = (1..=4).any(|n| KIN.contains(&back(n)))
        && (WHO.contains(&back(1)) || matches!(back(1), "da" | "moi" | "vua" | "sap" | "bi"));
    let asks = next.is_some_and(|next| next.is("khong") || next.is("duoc")) && !someone;
    ends && someone && !asks && !matches!(back(1), "lam" | "bi")
}

fn is_foreign(words: &Words, at: usize, word: &Word) -> bool {
    const PHRASES: [&str; 17] = [
        "nguoi nuoc ngoai",
        "yeu to nuoc ngoai",
        "quoc tich nuoc ngoai",
        "nguoi ngoai quoc",
        "nguoi tay",
        "viet kieu",
        "vo nuoc ngoai",
        "chong nuoc ngoai",
        "ong tay",
        "ba tay",
        "foreigner",
        "foreigners",
        "foreign national",
        "expat",
        "vietnamese wife",
        "vietnamese husband",
        "vietnamese girlfriend",
    ];
    if words.longest(at, &PHRASES).is_some()
        || words.longest(at, &["vietnamese boyfriend", "vietnamese fiancee", "vietnamese fiance"]).is_some()
    {
        return true;
    }
    let before = words.back_folded(at);
    if words.phrase(at, "quoc tich").is_some() && !matches!(words.next_folded(at + 2), "viet" | "") {
        // `nhập quốc tịch Việt Nam` is asked by a foreigner, too, but `mất quốc tịch` by nobody known.
        let next = words.next_folded(at + 2);
        return SHORT_VI.iter().any(|name| super::words::fold_word(name) == next) || country_at(words, at + 2);
    }
    // A country: of a person, not of a trip (`xuất khẩu lao động Hàn Quốc`).
    let of_person = BEFORE_SHORT.contains(&before) && before != "o" && before != "ben" && before != "nuoc";
    if of_person && country_at(words, at) {
        return true;
    }
    if SHORT_VI.contains(&word.text.as_str()) || (word.is_bare() && SHORT_VI.iter().any(|name| word.may_be(name))) {
        let person = matches!(before, "nguoi" | "chong" | "vo");
        // `chồng anh`, `vợ ý` are no countries; nor is `người hàn` a welder.
        let pronoun =
            matches!(word.folded.as_str(), "anh" | "y" | "hoa" | "trung" | "hong" | "duc" | "an") && before != "nguoi";
        let kin = matches!(
            words.back(at, 2).map(|back| back.folded.as_str()),
            Some("la" | "lay" | "chong" | "vo" | "cuoi" | "yeu")
        );
        let person_named = before != "nguoi" || kin || !word.is("anh") || word.capital;
        return person && !pronoun && person_named && !(word.is("thai") && words.next_folded(at + 1) == "san");
    }
    if word.is_one_of(&NATIONALITIES_EN) {
        let back = |n: usize| words.back(at, n).map_or("", |word| word.folded.as_str());
        let relation =
            ["wife", "husband", "girlfriend", "boyfriend", "fiance", "fiancee", "partner", "passport", "friend"];
        let owned = back(1) == "my" && relation.contains(&words.next_folded(at + 1));
        return owned || ["am", "m", "a", "an", "is", "from", "s", "are"].contains(&back(1));
    }
    false
}

fn country_at(words: &Words, at: usize) -> bool {
    COUNTRIES_VI.iter().any(|country| {
        let mut n = 0;
        country.split([' ', '-']).all(|part| {
            let part = part.to_lowercase();
            let fits = words.get(at + n).is_some_and(|word| word.may_be(&part));
            n += 1;
            fits
        })
    })
}

/// `6 tuổi`, `bé 3 tháng`, `15 years old`: the years, and who is of that age.
fn age_at(words: &Words, at: usize, word: &Word) -> Option<(u8, Option<Person>)> {
    let number = word.number()?;
    let unit = words.get(at + 1).filter(|unit| unit.gap.joins())?;
    let before = words.back_folded(at);
    // `hơn mình 15 tuổi`
    if (1..=3).any(|n| words.back(at, n).is_some_and(|back| back.is_one_of(&["hon", "kem", "older", "younger"]))) {
        return None;
    }
    match unit.folded.as_str() {
        "tuoi" | "t" if unit.is("tuoi") || unit.gap == super::words::Gap::None => {
            // `trên 14 tuổi`, `từ đủ 18 tuổi` still tell an age.
            let years = u8::try_from(number).ok().filter(|years| *years <= 120)?;
            let person = if years < 16 { Some(Person::Child) } else { (years >= 80).then_some(Person::Elder) };
            Some((years, person.filter(|_| unit.is("tuoi"))))
        }
        "thang" | "tuan" | "ngay" => {
            let child = matches!(before, "be" | "con" | "chau") || words.next_folded(at + 2) == "tuoi";
            let months = if unit.is("thang") { number } else { 0 };
            // `con 3 tháng nữa` says when, `bé 3 tháng 10` a day.
            let other =
                matches!(words.next_folded(at + 2), "nua" | "truoc") || words.get(at + 2).is_some_and(Word::is_digits);
            let years = u8::try_from(months / 12).ok()?;
            (child && !other && months < 48).then_some((years, Some(Person::Child)))
        }
        "years" | "year" | "yo" => {
            let years = u8::try_from(number).ok().filter(|years| *years <= 120)?;
            let old = unit.is("yo") || matches!(words.next_folded(at + 2), "old" | "of");
            let person = if years < 16 { Some(Person::Child) } else { (years >= 80).then_some(Person::Elder) };
            old.then_some((years, person))
        }
        "months" | "month" | "weeks" | "days" => {
            (words.next_folded(at + 2) == "old").then(|| (u8::try_from(number / 12).unwrap_or(0), Some(Person::Child)))
        }
        _ => None,
    }
}
