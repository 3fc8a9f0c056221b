use std::borrow::Cow;

use crate::keys::Key;
use crate::locales::Arg;

/// The words that a citizen sends to a short code, as the sentences name them.
/// Which words are understood is the SMS channel's configuration: it hands the
/// first of each here, so that nobody is told to send a word that nobody reads.
///
/// ```
/// use gateway_locale::Keywords;
/// let keywords = Keywords { status: "HCC DN".into(), ..Keywords::default() };
/// assert_eq!(keywords.stop, "DUNG");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keywords {
    /// Where a dossier is.
    pub status: Cow<'static, str>,
    /// What a procedure needs.
    pub procedure: Cow<'static, str>,
    /// Tell me when a dossier moves.
    pub notify: Cow<'static, str>,
    /// Tell me no more of a dossier.
    pub unsubscribe: Cow<'static, str>,
    /// Send me no more notices.
    pub stop: Cow<'static, str>,
    /// Send me notices again.
    pub start: Cow<'static, str>,
    /// How a dossier was handled.
    pub rate: Cow<'static, str>,
    /// Go on with a long answer.
    pub more: Cow<'static, str>,
    /// What can I ask?
    pub help: Cow<'static, str>,
}

impl Keywords {
    /// What is understood where nothing else is configured.
    pub(crate) const DEFAULT: Self = Self {
        status: Cow::Borrowed("HS"),
        procedure: Cow::Borrowed("TTHC"),
        notify: Cow::Borrowed("BAO"),
        unsubscribe: Cow::Borrowed("HUY BAO"),
        stop: Cow::Borrowed("DUNG"),
        start: Cow::Borrowed("NHAN"),
        rate: Cow::Borrowed("DANH GIA"),
        more: Cow::Borrowed("TIEP"),
        help: Cow::Borrowed("TRO GIUP"),
    };

    /// The arguments of a sentence whose arguments are all words to send.
    pub(crate) fn args(&self, key: Key) -> Vec<(&'static str, Arg<'_>)> {
        key.args.iter().filter_map(|&name| Some((name, Arg::Text(self.named(name)?)))).collect()
    }

    /// The word that a sentence calls by this name.
    fn named(&self, name: &str) -> Option<&str> {
        Some(match name {
            "status" => &self.status,
            "procedure" => &self.procedure,
            "notify" => &self.notify,
            "unsubscribe" => &self.unsubscribe,
            "stop" => &self.stop,
            "start" => &self.start,
            "rate" => &self.rate,
            "more" => &self.more,
            "help" => &self.help,
            _ => return None,
        })
    }
}

impl Default for Keywords {
    fn default() -> Self {
        Self::DEFAULT
    }
}
