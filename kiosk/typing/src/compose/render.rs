//! The syllable as it is written: the crate `vi` sets marks and tones.

use vi::processor::AccentStyle;

use super::rime::rime_of;
use crate::letters::{Letter, Mark, Tone, take_apart};

/// Writes letters with their tone where the new style wants it (*hoà*, *thuý*),
/// in the case in which they were typed; nothing where `vi` makes other letters
/// of them.
///
/// `vi` gets keys of VNI in lower case: every letter with its mark behind it,
/// the tone last. In this order it is right for every syllable (a test goes
/// through all of them); in others, and with capitals, it is not.
pub(super) fn render(letters: &[Letter], tone: Option<Tone>) -> Option<String> {
    let mut keys = String::with_capacity(letters.len() * 2 + 1);
    let rime = rime_of(letters);
    // Without a beginning `vi` makes *ươ* of *uơ*: it gets one.
    if rime == 0 {
        keys.push('h');
    }
    for (at, letter) in letters.iter().enumerate() {
        let base = match letter.base {
            // `vi` knows neither the beginning *kr* nor the end *k*.
            'r' if at == 1 && matches!(letters.first(), Some(first) if first.base == 'k') => continue,
            'k' if at > rime => 'c',
            base => base,
        };
        keys.push(base);
        keys.extend(letter.mark.map(mark_key));
    }
    if !keys.is_ascii() {
        return None;
    }
    keys.extend(tone.map(tone_key));
    let mut written = String::with_capacity(keys.len() * 2);
    vi::methods::transform_buffer_with_style(&vi::VNI, AccentStyle::New, keys.chars(), &mut written);

    let mut typed = written.chars();
    if rime == 0 && typed.next() != Some('h') {
        return None;
    }
    let mut out = String::with_capacity(written.len() + 2);
    let mut found = None;
    for (at, letter) in letters.iter().enumerate() {
        if letter.base == 'r' && at == 1 && matches!(letters.first(), Some(first) if first.base == 'k') {
            out.push(cased('r', letter.upper));
            continue;
        }
        let c = typed.next()?;
        let (set, toned) = take_apart(c);
        let last_k = letter.base == 'k' && at > rime;
        if set.mark != letter.mark || (set.base != letter.base && !(last_k && set.base == 'c')) {
            return None;
        }
        found = found.or(toned);
        out.push(cased(if last_k { 'k' } else { c }, letter.upper));
    }
    (typed.next().is_none() && found == tone).then_some(out)
}

fn cased(c: char, upper: bool) -> char {
    if !upper {
        return c;
    }
    // Every Vietnamese capital is one character.
    c.to_uppercase().next().unwrap_or(c)
}

fn mark_key(mark: Mark) -> char {
    match mark {
        Mark::Hat => '6',
        Mark::Horn => '7',
        Mark::Breve => '8',
        Mark::Bar => '9',
    }
}

fn tone_key(tone: Tone) -> char {
    match tone {
        Tone::Acute => '1',
        Tone::Grave => '2',
        Tone::Hook => '3',
        Tone::Tilde => '4',
        Tone::Dot => '5',
    }
}
