use std::collections::BTreeMap;

use serde::Deserialize;

use crate::config::SmsConfigProblem;

/// Words for one thing by language (`vi`, `en`), as they are officially
/// written. A citizen may leave out the diacritics, or write in any case.
pub type Synonyms = BTreeMap<String, Vec<String>>;

/// The grammar of the short code.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct KeywordConfig {
    /// Words that an operator's short code asks for in front of everything
    /// (`BD`, `HCC DN`); citizens may leave them out.
    pub prefixes: Vec<String>,
    /// Where is my dossier?
    pub track: Synonyms,
    /// The same with everything that the owner may see.
    pub details: Synonyms,
    /// Procedures.
    pub procedure: Synonyms,
    /// What can I ask?
    pub help: Synonyms,
    /// How many wait in the queue; the name of a centre may follow.
    pub queue: Synonyms,
    /// Go on.
    pub more: Synonyms,
    /// Send a one-time code.
    pub code: Synonyms,
    /// Tell me when it moves.
    pub subscribe: Synonyms,
    /// How a dossier was handled: its number and a score from 1 to 5 follow.
    pub rate: Synonyms,
    /// Tell me no more.
    pub unsubscribe: Synonyms,
    /// Send me nothing more. Only as the whole message, so that a sentence is
    /// no refusal; a word of `status` or `announcement` may follow.
    pub opt_out: Synonyms,
    /// Send me notices again.
    pub opt_in: Synonyms,
    /// The notices of dossiers, after `opt_out` and `opt_in`.
    pub status: Synonyms,
    /// Announcements, after `opt_out` and `opt_in`.
    pub announcement: Synonyms,
}

impl Default for KeywordConfig {
    fn default() -> Self {
        let words = |vi: &[&str], en: &[&str]| {
            let list = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
            Synonyms::from([("vi".to_owned(), list(vi)), ("en".to_owned(), list(en))])
        };
        Self {
            prefixes: Vec::new(),
            track: words(&["HS", "HỒ SƠ", "TRA CỨU"], &["STATUS", "DOSSIER"]),
            details: words(&["CHI TIẾT", "CT"], &["DETAILS"]),
            procedure: words(&["TTHC", "TT", "THỦ TỤC"], &["PROCEDURE", "PROC"]),
            help: words(&["TRỢ GIÚP", "TG", "HƯỚNG DẪN", "HD"], &["HELP"]),
            queue: words(&["STTXC", "XNC STTXC"], &["QUEUE"]),
            more: words(&["TIẾP", "XEM TIẾP"], &["MORE", "NEXT"]),
            code: words(&["MÃ", "OTP", "XIN MÃ"], &["CODE"]),
            subscribe: words(&["BÁO", "BÁO TIN"], &["NOTIFY", "TELL ME"]),
            rate: words(&["ĐÁNH GIÁ", "DANHGIA", "XNC ĐÁNH GIÁ", "XNC DANHGIA"], &["RATE"]),
            unsubscribe: words(&["HỦY BÁO", "HUỶ BÁO", "THÔI BÁO"], &["UNNOTIFY"]),
            opt_out: words(&["DỪNG", "TỪ CHỐI", "TC"], &["STOP", "UNSUBSCRIBE"]),
            opt_in: words(&["NHẬN", "ĐỒNG Ý"], &["START"]),
            status: words(&["HS", "HỒ SƠ"], &["DOSSIER", "STATUS"]),
            announcement: words(&["TB", "THÔNG BÁO"], &["NEWS"]),
        }
    }
}

impl KeywordConfig {
    pub(crate) fn families(&self) -> [(&'static str, &Synonyms); 14] {
        [
            ("track", &self.track),
            ("details", &self.details),
            ("procedure", &self.procedure),
            ("help", &self.help),
            ("queue", &self.queue),
            ("more", &self.more),
            ("code", &self.code),
            ("subscribe", &self.subscribe),
            ("rate", &self.rate),
            ("unsubscribe", &self.unsubscribe),
            ("opt_out", &self.opt_out),
            ("opt_in", &self.opt_in),
            ("status", &self.status),
            ("announcement", &self.announcement),
        ]
    }

    /// Checks the words.
    ///
    /// # Errors
    /// A word that is none, a language that is none, or one word for two things.
    pub fn validate(&self) -> Result<(), SmsConfigProblem> {
        let mut seen: Vec<(String, &'static str)> = Vec::new();
        for prefix in &self.prefixes {
            check("prefixes", prefix)?;
        }
        for (family, synonyms) in self.families() {
            for (language, words) in synonyms {
                if gateway_core::domain::Locale::parse(language).is_none() {
                    return Err(SmsConfigProblem::new(format!("keywords.{family}.{language}"), "no language"));
                }
                for word in words {
                    check(family, word)?;
                    // These two stand after another word.
                    if matches!(family, "status" | "announcement") {
                        continue;
                    }
                    let folded = gateway_core::text::fold(word);
                    if let Some((_, other)) = seen.iter().find(|(known, other)| *known == folded && *other != family) {
                        let problem = format!("{word} means {other} already");
                        return Err(SmsConfigProblem::new(format!("keywords.{family}"), problem));
                    }
                    seen.push((folded, family));
                }
            }
        }
        Ok(())
    }
}

fn check(family: &str, word: &str) -> Result<(), SmsConfigProblem> {
    let folded = gateway_core::text::fold(word);
    if folded.is_empty() || word.chars().count() > 30 {
        return Err(SmsConfigProblem::new(format!("keywords.{family}"), "words of 1 to 30 letters"));
    }
    Ok(())
}
