//! Which language a citizen writes, and which one they wish to be answered in.

use std::sync::LazyLock;

use ahash::AHashSet;
use gateway_core::domain::Locale;

use super::words::{Gap, Word, Words};

/// Letters that Vietnamese has and English has not, even in borrowed words.
const VIETNAMESE_MARKS: &str = "ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ";

/// Words that only English has, with marks or without.
const ENGLISH: &str = " request single post working renewing translate son daughter born father mother parents friend girlfriend boyfriend house land was house buy \
sell move moved live living stay country name address day days week weeks long cheap free lose stolen broken want wanted \
open opening closing thing things good morning question answer people person old year years first second last a about after am an and any apply application appointment are birth business but by can \
certificate change child citizen close closed company cost could death do does documents dossier driving due expired \
fee fees file find for foreigner form free from get give had has have hello help her here hey his hour hours how i id \
if in into is it its job know last late license licence lost make many marriage married marry may me month much must \
my need new next no not now number of office on once one online open or our passport pay paper papers permit please \
procedure ready receipt register registration renew replace residence result right say see send service should some \
someone speak start status still submit take tax tell than thank thanks that the their them there they this time to \
today tomorrow track update us visa wait want was we week were what when where which who whom whose why wife will \
with without work would yes yet you your yesterday ";

/// English words that are also Vietnamese ones without their marks, or that
/// Vietnamese sentences borrow: they prove little.
const SHARED: &str = " a an am any but can do has her his i id in it may me my no not of on or per than that the them \
to we tin visa passport online file form ok app email sim web to so tham hang email fax phone test ban bang \
company sale shop code otp sms ";

/// Small words of Vietnamese as they stand without marks.
const VIETNAMESE: &str = " toi ban minh em anh chi chau ong ba cho cua va voi thi la duoc dc khong ko hok hong hk \
muon can lam giay to gi nao dau bao nhieu lau khi ngay thang nam nguoi con vo chong bo me xin hoi nop ho so dang ky \
khai sinh tu ket hon the can cuoc cccd cmnd bang lai xe dat nha so do phuong xa quan huyen tinh thanh pho thu tuc \
ket qua tien phi le mat cap lai doi chuyen moi nhan tra gio mo cua truc tuyen qua mang nhu the nay kia vay a u nhe \
di roi chua da dang se bi tai sao o dau den tu noi ai giup gium voi them nua thue kinh doanh cong ty ";

/// The lists, to look words up in.
struct Lists {
    english: AHashSet<&'static str>,
    shared: AHashSet<&'static str>,
    vietnamese: AHashSet<&'static str>,
}

static LISTS: LazyLock<Lists> = LazyLock::new(|| {
    let list = |words: &'static str| words.split_whitespace().collect();
    Lists { english: list(ENGLISH), shared: list(SHARED), vietnamese: list(VIETNAMESE) }
});

/// The language of a text where it is sure; nothing where it could be either
/// (`passport`, `ok`, `1.004222`).
pub fn language_of(text: &str) -> Option<Locale> {
    let end = text.floor_char_boundary(LONGEST);
    let text = text.get(..end).unwrap_or_default();
    let words = Words::of(text, &[]);
    let mut english = 0.0_f32;
    let mut vietnamese = 0.0_f32;
    let mut plain = 0.0_f32;
    let mut listed = false;
    for word in words.all().iter().filter(|word| !word.is_digits()) {
        plain += 1.0;
        let (en, vi) = weights(word);
        english += en;
        vietnamese += vi;
        // Keys of Telex look like nothing, and thus a little like English.
        listed |= en >= 0.9;
    }
    if plain == 0.0 {
        return None;
    }
    let (most, least) = if english > vietnamese { (english, vietnamese) } else { (vietnamese, english) };
    // Two words' worth, or most of a short message, and far ahead.
    let enough = most >= 1.9 || most >= 0.9 && most * 3.0 >= plain;
    if !enough || most < least * 1.5 + 0.4 {
        return None;
    }
    if english > vietnamese { listed.then_some(Locale::EN) } else { Some(Locale::VI) }
}

/// Bytes of a text that are read.
const LONGEST: usize = 2_000;

/// How much a word speaks for English, and for Vietnamese.
fn weights(word: &Word) -> (f32, f32) {
    if word.text.chars().any(|c| VIETNAMESE_MARKS.contains(c)) {
        return (0.0, 2.0);
    }
    let lists: &Lists = &LISTS;
    let (is_english, is_vietnamese) = (lists.english.contains(&*word.folded), lists.vietnamese.contains(&*word.folded));
    // Names stand in any language.
    if word.capital && matches!(word.gap, Gap::Space | Gap::Tight(_)) && word.is_bare() && !is_english {
        return (0.0, 0.1);
    }
    if !word.is_bare() {
        // `é`, `ü`, `ñ` stand in names of any language; Vietnamese has some.
        return (0.0, if is_syllable(&word.folded) { 1.5 } else { 0.0 });
    }
    let shared = lists.shared.contains(&*word.folded);
    let english = if is_english { if shared { 0.35 } else { 1.0 } } else { ending(&word.folded) };
    let syllable = is_syllable(&word.folded);
    let vietnamese = match (is_vietnamese, syllable) {
        _ if english >= 1.0 && !is_vietnamese => 0.0,
        (true, _) => {
            if shared {
                0.35
            } else {
                1.0
            }
        }
        (false, true) => {
            if shared {
                0.2
            } else {
                0.5
            }
        }
        (false, false) => 0.0,
    };
    (english, vietnamese)
}

/// Endings and clusters that no Vietnamese syllable has.
fn ending(word: &str) -> f32 {
    if word.len() < 4 || is_syllable(word) || !word.is_ascii() {
        return 0.0;
    }
    const ENDINGS: [&str; 14] =
        ["tion", "ing", "ment", "ness", "ed", "ly", "ers", "er", "ies", "ate", "ese", "ish", "able", "s"];
    if ENDINGS.iter().any(|ending| word.ends_with(ending)) { 0.8 } else { 0.3 }
}

/// Whether a bare word has the shape of a Vietnamese syllable: onset, vowels,
/// coda.
fn is_syllable(word: &str) -> bool {
    const ONSETS: [&str; 27] = [
        "ngh", "ng", "nh", "ch", "gh", "gi", "kh", "ph", "qu", "th", "tr", "b", "c", "d", "g", "h", "k", "l", "m", "n",
        "p", "r", "s", "t", "v", "x", "",
    ];
    const CODAS: [&str; 10] = ["", "c", "ch", "m", "n", "ng", "nh", "p", "t", "y"];
    const RHYMES: [&str; 49] = [
        "a", "e", "i", "o", "u", "y", "ai", "ao", "au", "ay", "eo", "eu", "ia", "ie", "iu", "oa", "oe", "oi", "oo",
        "ua", "ue", "ui", "uo", "uu", "uy", "ye", "ieu", "oai", "oay", "oeo", "uai", "uay", "uoi", "uou", "uya", "uye",
        "uyu", "yeu", "uao", "ueo", "uie", "oao", "iay", "iao", "iau", "iai", "ioi", "iua", "iuo",
    ];
    word.len() <= 7
        && ONSETS.iter().any(|onset| {
            word.strip_prefix(onset).is_some_and(|rest| {
                let vowels = rest.bytes().take_while(|byte| b"aeiouy".contains(byte)).count();
                let (rhyme, coda) = rest.split_at_checked(vowels).unwrap_or((rest, ""));
                RHYMES.contains(&rhyme) && CODAS.contains(&coda)
            })
        })
}

const TO_VIETNAMESE: [&str; 8] = [
    "tieng viet",
    "viet ngu",
    "in vietnamese",
    "vietnamese please",
    "speak vietnamese",
    "vietnamese",
    "to vietnamese",
    "use vietnamese",
];
const TO_ENGLISH: [&str; 8] =
    ["tieng anh", "anh ngu", "in english", "english please", "speak english", "english", "to english", "use english"];
/// Beside the name of a language these make it a wish; others a matter (*dịch
/// thuật tiếng Anh*, *nộp bản tiếng Việt*).
const WISH: [&str; 40] = [
    "noi", "tra", "loi", "bang", "di", "chuyen", "sang", "doi", "qua", "dung", "cho", "toi", "em", "minh", "nhe", "a",
    "please", "speak", "in", "use", "switch", "to", "change", "can", "you", "i", "do", "want", "answer", "reply",
    "ngon", "ngu", "language", "xin", "vui", "long", "giup", "voi", "only", "could",
];
/// More words than a wish has.
const MOST_OF_A_WISH: usize = 8;

/// The language that a message asks to be answered in: `nói tiếng Việt đi`,
/// `English please`. Nothing where it speaks of a language as a matter.
pub fn language_wished(text: &str) -> Option<Locale> {
    if text.len() > 120 {
        return None;
    }
    let words = Words::of(text, &[]);
    if words.len() > MOST_OF_A_WISH {
        return None;
    }
    let mut wished = None;
    let mut at = 0;
    while let Some(word) = words.get(at) {
        if let Some(len) = words.longest(at, &TO_VIETNAMESE) {
            wished = Some(Locale::VI);
            at += len;
        } else if let Some(len) = words.longest(at, &TO_ENGLISH) {
            wished = Some(Locale::EN);
            at += len;
        } else if word.is_one_of(&WISH) {
            at += 1;
        } else if word.is_one_of(&["khong", "not", "no", "duoc", "dc", "ko", "k"]) {
            // `nói tiếng Anh được không` wishes, too; `không nói tiếng Anh` does
            // not, as it stands before.
            if word.is_one_of(&["khong", "not", "no", "ko"]) && wished.is_none() {
                return None;
            }
            at += 1;
        } else {
            return None;
        }
    }
    wished
}
