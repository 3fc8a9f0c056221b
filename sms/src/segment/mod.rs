//! A text as the parts of a message: in which alphabet, cut where, and how far.
//!
//! The text comes normalised out of [`segment`] (NFC, without characters that
//! have no width), and folded where the policy folds. Parts are cut between
//! letters, not between words: a phone joins them again. Only where a message
//! would take more parts than it may does it end at a word, with a hint how to
//! get the rest.

mod cut;
mod fold;
mod page;

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

use gateway_core::text::nfc;

use crate::codec::{Alphabet, ReferenceBits, gsm_septets};
use cut::Joined;
use fold::fold_normal;
pub(crate) use fold::fold_sentence;
pub use fold::fold_to_gsm;
use page::Page;

/// Which letters a citizen gets. A text that GSM 03.38 can say as it stands is
/// sent in GSM 03.38 under each of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Policy {
    /// Without diacritics, always in GSM 03.38: fewest parts.
    #[default]
    Folded,
    /// As written.
    Accented,
    /// As written where that takes no more parts than folded, else folded. The
    /// whole text counts, also the part of it beyond the cap.
    AccentedIfNoMoreParts,
}

/// How a text is sent on a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options<'a> {
    /// Which letters.
    pub policy: Policy,
    /// How many parts at most, 1–255; 0 counts as 1.
    pub max_parts: u8,
    /// How wide the reference of joined parts is.
    pub reference: ReferenceBits,
    /// The sentence that ends a text which goes on (`... soan TIEP de xem
    /// tiep`), in the citizen's language. It follows after a space and is
    /// folded where the text is in GSM 03.38. One that leaves no room for
    /// [`LEAST_SAID`] units beside it is left out.
    pub more: Option<&'a str>,
}

/// The units that the last part of a text that goes on has beside its hint at
/// the least.
pub const LEAST_SAID: usize = 16;

/// A text as the parts of a message.
#[derive(Clone, PartialEq, Eq)]
pub struct Segmented {
    /// The alphabet of every part.
    pub alphabet: Alphabet,
    /// The parts, in order: at least one, at most as many as may be. Each fits
    /// into [`MOST_OCTETS`](crate::codec::MOST_OCTETS) with its header.
    ///
    /// Where there is no `rest`, they are the whole text: joined they are the
    /// normalised (folded) text letter for letter; only blanks around a text
    /// that would not fit with them are gone.
    pub parts: Vec<String>,
    /// What is not yet said, without blanks around it, normalised and folded
    /// like the parts: the text of the next page. `None` where all is said.
    pub rest: Option<String>,
}

/// Not the words: a log line may hold a message.
impl std::fmt::Debug for Segmented {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Segmented")
            .field("alphabet", &self.alphabet)
            .field("parts", &self.parts.len())
            .field("goes_on", &self.rest.is_some())
            .finish()
    }
}

/// Cuts a text into the parts of a message.
///
/// No part ends within an escape pair, a surrogate pair, or between a letter
/// and its combining marks. A letter that alone is larger than a part is cut
/// between its characters. An empty text is one empty part.
///
/// Where the text needs more than `max_parts`, the last part ends with the hint
/// `more`, and [`Segmented::rest`] says the rest. No word is cut that fits into
/// a part beside the hint, and no web address that fits into the message.
///
/// ```
/// use channel_sms::codec::{Alphabet, ReferenceBits};
/// use channel_sms::segment::{Options, Policy, segment};
/// let options =
///     Options { policy: Policy::Folded, max_parts: 1, reference: ReferenceBits::Eight, more: Some("... soạn TIEP") };
/// let short = segment("Hồ sơ đang xử lý", &options);
/// assert_eq!((short.alphabet, &short.parts[..]), (Alphabet::Gsm7, &["Ho so dang xu ly".to_owned()][..]));
///
/// let long = segment(&"Hồ sơ đang xử lý. ".repeat(10), &options);
/// assert!(long.parts[0].ends_with("xu ly. Ho ... soan TIEP"));
/// assert!(long.rest.is_some_and(|rest| rest.starts_with("so dang")));
/// ```
pub fn segment(text: &str, options: &Options<'_>) -> Segmented {
    let text = nfc(text);
    let (alphabet, text, units) = choose(text, options);
    let page = Page { alphabet, reference: options.reference, most: usize::from(options.max_parts.max(1)) };
    if units <= alphabet.single() {
        return Segmented { alphabet, parts: vec![text.into_owned()], rest: None };
    }
    if let Some(parts) = page.whole(&text, units) {
        return Segmented { alphabet, parts, rest: None };
    }
    let more = options.more.map(|more| hint(more, alphabet));
    let (parts, rest) = page.fill(text.trim_end(), more.as_deref().unwrap_or_default());
    Segmented { alphabet, parts, rest }
}

/// The alphabet, the text in it, and its units.
fn choose<'t>(text: Cow<'t, str>, options: &Options<'_>) -> (Alphabet, Cow<'t, str>, usize) {
    if let Some(units) = gsm_septets(&text) {
        return (Alphabet::Gsm7, text, units);
    }
    let units = Alphabet::Ucs2.units(&text);
    let accented = match options.policy {
        Policy::Folded => false,
        Policy::Accented => true,
        Policy::AccentedIfNoMoreParts if units <= Alphabet::Ucs2.single() => true,
        Policy::AccentedIfNoMoreParts => {
            let folded = fold_normal(&text);
            let septets = Alphabet::Gsm7.units(&folded);
            let most = count(&folded, Alphabet::Gsm7, septets, options.reference, usize::MAX);
            // One part more settles it.
            let parts = count(&text, Alphabet::Ucs2, units, options.reference, most.saturating_add(1));
            if parts > most {
                return (Alphabet::Gsm7, Cow::Owned(folded), septets);
            }
            true
        }
    };
    if accented {
        return (Alphabet::Ucs2, text, units);
    }
    let folded = fold_normal(&text);
    let septets = Alphabet::Gsm7.units(&folded);
    (Alphabet::Gsm7, Cow::Owned(folded), septets)
}

/// How many parts the whole text takes; not counted beyond `most`.
fn count(text: &str, alphabet: Alphabet, units: usize, reference: ReferenceBits, most: usize) -> usize {
    if units <= alphabet.single() { 1 } else { Joined::new(text, alphabet, reference).take(most).count() }
}

fn hint(more: &str, alphabet: Alphabet) -> Cow<'_, str> {
    let more = nfc(more.trim());
    if alphabet == Alphabet::Gsm7 && gsm_septets(&more).is_none() { Cow::Owned(fold_to_gsm(&more)) } else { more }
}
