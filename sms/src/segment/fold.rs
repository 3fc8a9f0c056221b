use gateway_core::text::{fold_display, nfc};
use unicode_normalization::char::is_combining_mark;

use crate::codec::gsm_septets;

/// A text in letters of GSM 03.38 alone. What GSM can say as it stands is only
/// normalised.
///
/// Else diacritics go, and typographic signs become their ASCII likes (see
/// [`fold_display`]); signs of the extension table stay. Each run of letters
/// that have no like becomes one question mark; control codes become spaces.
///
/// ```
/// use channel_sms::segment::fold_to_gsm;
/// assert_eq!(fold_to_gsm("Lệ phí: 8.000 ₫ – 王小明 [1]"), "Le phi: 8.000 d - ? [1]");
/// ```
pub fn fold_to_gsm(text: &str) -> String {
    let text = nfc(text);
    if gsm_septets(&text).is_some() {
        return text.into_owned();
    }
    fold_normal(&text)
}

/// One sentence of a text that is to be folded: it loses its marks even where
/// GSM could say them (`à`), as it would within the whole.
pub(crate) fn fold_sentence(text: &str) -> String {
    fold_normal(&nfc(text))
}

/// The same of a text that is normalised already and that GSM cannot say as it
/// stands: an answer is folded for each sentence that it may leave out.
pub(super) fn fold_normal(text: &str) -> String {
    let folded = fold_display(text);
    let mut out = String::with_capacity(folded.len());
    let mut lost = false;
    for c in folded.chars() {
        let mut room = [0; 4];
        let plain = match c {
            '`' => '\'',
            c if gsm_septets(c.encode_utf8(&mut room)).is_some() => c,
            c if c.is_control() => ' ',
            // A mark goes with its letter, or stands in a run that is lost.
            c if is_combining_mark(c) && !out.is_empty() => continue,
            _ => {
                if !lost {
                    out.push('?');
                }
                lost = true;
                continue;
            }
        };
        lost = false;
        out.push(plain);
    }
    out
}
