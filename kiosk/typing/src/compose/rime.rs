//! What a Vietnamese syllable may look like: its beginnings and its rimes.

use std::sync::LazyLock;

use crate::letters::{Letter, Mark, Tone, take_apart};

/// Beginnings, without marks (*đ* is a *d* with a bar). `kr` is in names of
/// places (*Krông Pắk*). *gi* and *qu* are read where their vowel stands.
const INITIALS: [&str; 27] = [
    "", "b", "c", "ch", "d", "g", "gh", "gi", "h", "k", "kh", "kr", "l", "m", "n", "ng", "ngh", "nh", "p", "ph", "r",
    "s", "t", "th", "tr", "v", "x",
];

/// All rimes, as they are written, and those of place names that end in *k*.
const RIMES: &str = "\
    a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt ăk âc âm ân âng âp ât âu ây \
    e ec em en eng eo ep et ê êch êm ên êng ênh êp êt êu \
    i ia ich im in inh ip it iu iêc iêm iên iêng iêp iêt iêu \
    y ych ym yn ynh yp yt yêm yên yêng yêt yêu \
    o oc oi om on ong op ot oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăp oăt \
    oe oem oen oeo oet ooc oong ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt \
    u ua uc ui um un ung up ut uk uân uâng uât uây uê uêch uên uênh uêu uôc uôi uôm uôn uông uôp uôt uơ \
    uy uya uych uyn uynh uyp uyt uyu uyên uyêt \
    ư ưa ưc ưi ưm ưn ưng ưp ưt ưu ươ ươc ươi ươm ươn ương ươp ươt ươu";

/// The letters of a rime.
type Rime = Vec<(char, Option<Mark>)>;

static FULL: LazyLock<Vec<Rime>> = LazyLock::new(|| {
    let bare = |c| {
        let (letter, _) = take_apart(c);
        (letter.base, letter.mark)
    };
    RIMES.split_whitespace().map(|rime| rime.chars().map(bare).collect()).collect()
});

/// How far letters are on the way to a syllable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fit {
    /// No syllable begins like this, with whatever marks to come.
    Impossible,
    /// Letters or marks may still come.
    Possible,
    /// A syllable as it stands.
    Whole,
}

/// Where letters stand. The tone matters for *c ch p t k*, which end syllables
/// with *sắc* and *nặng* only.
pub(super) fn fit(letters: &[Letter], tone: Option<Tone>) -> Fit {
    let Some(vowel) = letters.iter().position(|letter| letter.is_vowel()) else {
        let possible = begins(letters) || matches!(letters, [only] if only.base == 'q');
        return if possible { Fit::Possible } else { Fit::Impossible };
    };
    rimes_at(letters, vowel).into_iter().flatten().map(|at| fit_at(letters, at, tone)).max().unwrap_or(Fit::Impossible)
}

/// Where the rime may begin: twice for *gi*, of which the *i* may be either's.
fn rimes_at(letters: &[Letter], vowel: usize) -> [Option<usize>; 2] {
    let first = letters.first().map(|letter| letter.base);
    let second = letters.get(1);
    match (first, second.map(|letter| (letter.base, letter.mark))) {
        (Some('q'), Some(('u', None))) => [Some(2), None],
        (Some('q'), _) => [None, None],
        (Some('g'), Some(('i', _))) if letters.get(2).is_some_and(|next| next.is_vowel()) => [Some(1), Some(2)],
        _ => [Some(vowel), None],
    }
}

/// The rime of letters that form, or may form, a syllable.
pub(super) fn rime_of(letters: &[Letter]) -> usize {
    let vowel = letters.iter().position(|letter| letter.is_vowel()).unwrap_or(letters.len());
    rimes_at(letters, vowel).into_iter().flatten().max().unwrap_or(vowel)
}

fn fit_at(letters: &[Letter], at: usize, tone: Option<Tone>) -> Fit {
    let (initial, rime) = letters.split_at_checked(at).unwrap_or((letters, &[]));
    let qu = matches!(initial, [q, u] if q.base == 'q' && u.base == 'u');
    if !qu && !begins(initial) {
        return Fit::Impossible;
    }
    if rime.is_empty() {
        return Fit::Possible;
    }
    // *gì*, never *giì*.
    if initial.len() == 2
        && rime.first().is_some_and(|letter| letter.base == 'i')
        && initial.last().is_some_and(|l| l.base == 'i')
    {
        return Fit::Impossible;
    }
    let mut best = Fit::Impossible;
    for full in FULL.iter().filter(|full| full.len() >= rime.len()) {
        let pairs = || rime.iter().zip(full);
        if !pairs()
            .all(|(letter, (base, mark))| letter.base == *base && (letter.mark.is_none() || letter.mark == *mark))
        {
            continue;
        }
        best = best.max(Fit::Possible);
        let stop = matches!(full.last(), Some(('c' | 'p' | 't' | 'k', _)))
            || matches!(full.as_slice(), [.., ('c', _), ('h', _)]);
        let sounds = !stop || matches!(tone, None | Some(Tone::Acute | Tone::Dot));
        if full.len() == rime.len() && sounds && pairs().all(|(letter, (_, mark))| letter.mark == *mark) {
            return Fit::Whole;
        }
    }
    best
}

fn begins(letters: &[Letter]) -> bool {
    INITIALS.iter().any(|initial| initial.chars().eq(letters.iter().map(|letter| letter.base)))
        && letters.iter().all(|letter| letter.mark.is_none() || letter.base == 'd')
}
