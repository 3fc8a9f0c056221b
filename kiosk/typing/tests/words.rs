//! Thousands of marked syllables, typed in every order that people use: at
//! least 998 of 1,000 come out right, and every miss is printed.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use kiosk_typing::{Buffer, Key, Method, Tone};

const LEAST: f64 = 0.998;

/// Initials before `a o u ă â ô ơ ư`, and those that change before `e ê i y`.
const INITIALS: [&str; 22] = [
    "", "b", "c", "ch", "d", "đ", "g", "h", "kh", "l", "m", "n", "ng", "nh", "ph", "r", "s", "t", "th", "tr", "v", "x",
];

/// Rimes by the letter that they begin with, written down from a dictionary's
/// table of rimes and not from the code that is tested.
const RIMES: [&str; 12] = [
    "a ac ach ai am an ang anh ao ap at au ay",
    "ăc ăm ăn ăng ăp ăt",
    "âc âm ân âng âp ât âu ây",
    "e ec em en eng eo ep et",
    "ê êch êm ên ênh êp êt êu",
    "i ia ich im in inh ip it iu iêc iêm iên iêng iêp iêt iêu",
    "o oc oi om on ong op ot oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oe oen oeo oet oong",
    "ô ôc ôi ôm ôn ông ôp ôt",
    "ơ ơi ơm ơn ơp ơt",
    "u ua uc ui um un ung up ut uân uâng uât uây uê uêch uênh uôc uôi uôm uôn uông uôt uơ uy uya uych uynh uyt uyu uyên uyêt",
    "ư ưa ưc ưi ưm ưn ưng ưt ưu ươc ươi ươm ươn ương ươp ươt ươu",
    "y yêm yên yêng yêt yêu",
];

const TONES: [char; 5] = ['\u{301}', '\u{300}', '\u{309}', '\u{303}', '\u{323}'];

/// Where the keys of marks and tones are typed.
#[derive(Clone, Copy, Debug)]
enum Order {
    /// `vieetj`, `vie6t5`: each mark behind its letter, the tone last.
    ToneLast,
    /// `vieejt`, `vie65t`: the tone behind the vowels.
    ToneInTheMiddle,
    /// `vietej`, `viet65`: everything last.
    AllLast,
    /// `duowngf`: one `w` for both letters of *ươ*.
    OneHorn,
}

const ORDERS: [Order; 4] = [Order::ToneLast, Order::ToneInTheMiddle, Order::AllLast, Order::OneHorn];

#[test]
fn telex_and_vni_write_the_language() {
    let words = words();
    assert!(words.len() > 10_000, "only {} words", words.len());
    for method in [Method::Telex, Method::Vni] {
        for order in ORDERS {
            measure(&words, method, order, false);
        }
        measure(&words, method, Order::ToneLast, true);
    }
}

#[test]
fn words_of_the_repository_are_all_right() {
    let words = words_of_the_repository();
    assert!(words.len() > 500, "only {} words", words.len());
    for method in [Method::Telex, Method::Vni] {
        measure(&words, method, Order::ToneLast, false);
    }
}

#[test]
fn labelled_keys_write_the_language() {
    let mut missed = Vec::new();
    let words = words();
    for word in &words {
        let mut line = Buffer::new(Method::Labelled, 20);
        for c in word.chars() {
            let (letter, tone) = parts(c);
            line.press(Key::Char(letter));
            if let Some(tone) = tone {
                line.press(Key::Tone(labelled(tone)));
            }
        }
        if line.text() != word {
            missed.push(format!("{word} ({})", line.text()));
        }
    }
    assert!(missed.is_empty(), "{missed:?}");
}

/// Types every word and counts; prints what is missed.
#[expect(clippy::print_stdout, reason = "the misses are read by people, also where they are few enough")]
fn measure(words: &BTreeSet<String>, method: Method, order: Order, capitals: bool) {
    let mut missed = Vec::new();
    for word in words {
        let word = if capitals { word.to_uppercase() } else { word.clone() };
        let keys = keys(&word, method, order);
        let mut line = Buffer::new(method, 20);
        for c in keys.chars() {
            line.press(Key::Char(c));
        }
        if line.text() != word {
            missed.push(format!("{word} ({keys} → {})", line.text()));
        }
    }
    let right = 1.0 - missed.len() as f64 / words.len() as f64;
    let shown: Vec<&String> = missed.iter().take(60).collect();
    println!(
        "{method:?} {order:?} capitals: {capitals}: {:.3} % of {} right; missed {}: {shown:?}",
        right * 100.0,
        words.len(),
        missed.len(),
    );
    assert!(right >= LEAST, "{method:?} {order:?}: {right}");
}

fn words() -> BTreeSet<String> {
    let mut words = words_of_the_repository();
    for rime in RIMES.iter().flat_map(|rimes| rimes.split(' ')) {
        let front = matches!(rime.chars().next(), Some('e' | 'ê' | 'i' | 'y'));
        for initial in INITIALS {
            let initial = match initial {
                "c" if front => "k",
                "g" if front => "gh",
                "ng" if front => "ngh",
                other => other,
            };
            // `y` stands for `i` alone or at the beginning, and with `qu`.
            if rime.starts_with('y') && rime.len() > 1 && !initial.is_empty() {
                continue;
            }
            if initial.is_empty() && rime.starts_with("iê") {
                continue;
            }
            toned(initial, rime, &mut words);
        }
        // `gi` takes the place of its `i`; `qu` that of `o` and `u`.
        if !matches!(rime.chars().next(), Some('i' | 'y')) {
            toned("gi", rime, &mut words);
        }
        if matches!(rime.chars().next(), Some('a' | 'ă' | 'â' | 'e' | 'ê' | 'i' | 'y' | 'ơ')) && !rime.starts_with("iê")
        {
            toned("qu", rime, &mut words);
        }
    }
    for word in ["quốc", "quýt", "quỳnh", "đắk", "lắk", "krông", "gì", "gìn", "giếng", "quých", "ngoẹo", "xoong"]
    {
        words.insert(word.to_owned());
    }
    words
}

/// All tones that a rime may have, in the new style.
fn toned(initial: &str, rime: &str, words: &mut BTreeSet<String>) {
    if rime.chars().any(|c| parts(c).0 != c || !c.is_ascii()) || initial == "đ" {
        words.insert(format!("{initial}{rime}"));
    }
    let stop = rime.ends_with(['c', 'p', 't']) || rime.ends_with("ch");
    let place = place(rime);
    for tone in TONES {
        if stop && !matches!(tone, '\u{301}' | '\u{323}') {
            continue;
        }
        let mut word = initial.to_owned();
        for (at, c) in rime.chars().enumerate() {
            word.push(c);
            if at == place {
                word.push(tone);
            }
        }
        words.insert(nfc(&word));
    }
}

/// Where the tone stands: on a marked letter (the last of *ươ*), else on the
/// second of *oa oe uy oo*, else on the last vowel before a consonant, else on
/// the first of two and the second of three.
fn place(rime: &str) -> usize {
    let letters: Vec<char> = rime.chars().collect();
    if let Some(marked) = letters.iter().rposition(|c| matches!(c, 'ă' | 'â' | 'ê' | 'ô' | 'ơ')) {
        return marked;
    }
    if let Some(marked) = letters.iter().position(|c| *c == 'ư') {
        return marked;
    }
    let vowels = letters.iter().take_while(|c| matches!(c, 'a' | 'e' | 'i' | 'o' | 'u' | 'y')).count();
    match (vowels, letters.as_slice()) {
        (1, _) => 0,
        (_, ['o', 'a' | 'e' | 'o', ..] | ['u', 'y', ..]) => 1,
        (2, _) if letters.len() == 2 => 0,
        _ => 1,
    }
}

/// Marked words of the texts that citizens read here.
fn words_of_the_repository() -> BTreeSet<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut files: Vec<PathBuf> = Vec::new();
    for folder in ["locales/vi", "gateway/catalogue"] {
        collect(&root.join(folder), &mut files);
    }
    let mut words = BTreeSet::new();
    for file in files {
        let text = fs::read_to_string(&file).unwrap_or_default();
        for word in text.split(|c: char| !c.is_alphabetic()) {
            let word = new_style(&nfc(&word.to_lowercase()));
            if !word.is_ascii() && is_native(&word) {
                words.insert(word);
            }
        }
    }
    words
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, files);
        } else if path
            .extension()
            .is_some_and(|end| matches!(end.to_str(), Some("ftl" | "json" | "jsonl" | "tsv" | "txt" | "md")))
        {
            files.push(path);
        }
    }
}

/// The texts have both styles; the keyboard writes the new one.
fn new_style(word: &str) -> String {
    let mut word = word.to_owned();
    for (base, next) in [('o', 'a'), ('o', 'e'), ('u', 'y')] {
        for tone in TONES {
            let old = nfc(&format!("{base}{tone}{next}"));
            if word.ends_with(&old) && !word.starts_with('q') {
                word = word.replace(&old, &nfc(&format!("{base}{next}{tone}")));
            }
        }
    }
    word
}

/// Letters of the Vietnamese alphabet only, with one tone at most: texts also
/// hold words run together, old fonts and examples of bad spelling.
fn is_native(word: &str) -> bool {
    let toned = word.chars().filter(|c| parts(*c).1.is_some()).count();
    let vowel = |c: &char| matches!(parts(*c).0, 'a' | 'ă' | 'â' | 'e' | 'ê' | 'i' | 'o' | 'ô' | 'ơ' | 'u' | 'ư' | 'y');
    let plain = word.chars().all(|c| {
        let (letter, _) = parts(c);
        letter.is_ascii_lowercase() && !matches!(letter, 'f' | 'j' | 'w' | 'z') || "ăâđêôơư".contains(letter)
    });
    // One group of vowels is one syllable.
    let groups = word.chars().collect::<Vec<_>>().split(|c| !vowel(c)).filter(|group| !group.is_empty()).count();
    plain && toned <= 1 && groups == 1 && word.chars().count() <= 7
}

/// The keys of a word.
fn keys(word: &str, method: Method, order: Order) -> String {
    let mut keys = String::new();
    let mut last = String::new();
    let mut tone = None;
    let letters: Vec<char> = word.chars().collect();
    let mut horned = false;
    for (at, c) in letters.iter().enumerate() {
        let (letter, found) = parts(*c);
        tone = tone.or(found);
        let (base, mark) = unmarked(letter);
        keys.push(base);
        // *oo* takes its mark back: `xooong`.
        let double = at > 0 && letters.get(at - 1).is_some_and(|before| unmarked(*before) == (base, None));
        if double && method == Method::Telex && is_vowel(base) {
            keys.push(base);
        }
        if let Some(mark) = mark {
            let key = mark_key(base, mark, method);
            let both = mark == '\u{31B}'
                && letters
                    .get(at + 1)
                    .is_some_and(|next| matches!(unmarked(parts(*next).0), ('o' | 'O', Some('\u{31B}'))));
            match order {
                Order::AllLast => {
                    if !(mark == '\u{31B}' && horned) {
                        last.push(key);
                    }
                }
                Order::OneHorn if both => {}
                Order::ToneLast | Order::ToneInTheMiddle | Order::OneHorn => keys.push(key),
            }
            horned |= mark == '\u{31B}';
        }
        let vowels_end = is_vowel(base) && letters.get(at + 1).is_none_or(|next| !is_vowel(unmarked(parts(*next).0).0));
        if vowels_end
            && matches!(order, Order::ToneInTheMiddle)
            && let Some(tone) = tone.take()
        {
            keys.push(tone_key(tone, method, base));
        }
    }
    keys.push_str(&last);
    if let Some(tone) = tone {
        let upper = letters.first().is_some_and(|c| c.is_uppercase());
        keys.push(tone_key(tone, method, if upper { 'A' } else { 'a' }));
    }
    keys
}

fn is_vowel(c: char) -> bool {
    matches!(c.to_ascii_lowercase(), 'a' | 'e' | 'i' | 'o' | 'u' | 'y')
}

fn mark_key(base: char, mark: char, method: Method) -> char {
    let telex = match mark {
        '\u{302}' | '\u{335}' => base,
        _ if base.is_uppercase() => 'W',
        _ => 'w',
    };
    let vni = match mark {
        '\u{302}' => '6',
        '\u{31B}' => '7',
        '\u{306}' => '8',
        _ => '9',
    };
    if method == Method::Telex { telex } else { vni }
}

fn tone_key(tone: char, method: Method, like: char) -> char {
    let at = TONES.iter().position(|one| *one == tone).unwrap_or_default();
    let key = if method == Method::Telex { ['s', 'f', 'r', 'x', 'j'][at] } else { ['1', '2', '3', '4', '5'][at] };
    if like.is_uppercase() { key.to_ascii_uppercase() } else { key }
}

fn labelled(tone: char) -> Tone {
    let at = TONES.iter().position(|one| *one == tone).unwrap_or_default();
    [Tone::Acute, Tone::Grave, Tone::Hook, Tone::Tilde, Tone::Dot][at]
}

/// `ế` → `ê` and the acute.
fn parts(c: char) -> (char, Option<char>) {
    use unicode_normalization::UnicodeNormalization;
    let all: Vec<char> = std::iter::once(c).nfd().collect();
    let tone = all.iter().copied().find(|part| TONES.contains(part));
    let rest: String = all.into_iter().filter(|part| !TONES.contains(part)).nfc().collect();
    (rest.chars().next().unwrap_or(c), tone)
}

/// `ê` → `e` and the hat; *đ* has the bar.
fn unmarked(c: char) -> (char, Option<char>) {
    use unicode_normalization::UnicodeNormalization;
    match c {
        'đ' => return ('d', Some('\u{335}')),
        'Đ' => return ('D', Some('\u{335}')),
        _ => {}
    }
    let mut all = std::iter::once(c).nfd();
    (all.next().unwrap_or(c), all.next())
}

fn nfc(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    text.nfc().collect()
}
