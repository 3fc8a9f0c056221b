use gateway_core::desk::{Action, Content, GivenRating, Proof};
use gateway_core::domain::{
    Category, DossierNumber, DossierNumberParser, LastFour, Locale, OneTimeCode, Reading, Score,
};
use gateway_core::text::{fold, nfc};
use jiff::civil::Date;

use super::config::{KeywordConfig, Synonyms};

/// A message of a keyword and a number has at most so many bytes.
const MOST_OF_A_KEYWORD: usize = 64;

/// A centre is called by so many words at most.
const MOST_OF_A_NAME: usize = 6;

/// Words that may stand behind a refusal without changing it, folded.
const FILLERS: [&str; 8] = ["nhan", "gui", "tin", "nua", "di", "all", "messages", "please"];

/// What a keyword stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Keyword {
    /// Where is my dossier?
    Track,
    /// Everything of it.
    Details,
    /// Procedures.
    Procedure,
    /// What can I ask?
    Help,
    /// How many wait?
    Queue,
    /// Go on.
    More,
    /// Send a code.
    Code,
    /// Tell me when it moves.
    Subscribe,
    /// How a dossier was handled.
    Rate,
    /// Tell me no more.
    Unsubscribe,
    /// Send me nothing.
    OptOut,
    /// Send me notices again.
    OptIn,
}

/// A text as a request.
#[derive(Debug, Clone, PartialEq)]
pub struct Read {
    /// What is asked.
    pub content: Content,
    /// The language of the keyword; `None` where there was none.
    pub locale: Option<Locale>,
    /// The keyword.
    pub keyword: Option<Keyword>,
}

/// A phrase, word by word.
struct Phrase {
    /// Folded words.
    folded: Vec<String>,
    /// Lower-case words as they are officially written.
    exact: Vec<String>,
}

struct Entry {
    phrase: Phrase,
    keyword: Keyword,
    locale: Locale,
}

/// Reads messages by the configured words.
pub struct Keywords {
    prefixes: Vec<Phrase>,
    /// Longest phrase first.
    entries: Vec<Entry>,
    status: Vec<Phrase>,
    announcement: Vec<Phrase>,
    numbers: DossierNumberParser,
}

/// A word of a message: where it ends, and its two forms.
struct Word {
    end: usize,
    folded: String,
    exact: String,
}

impl Keywords {
    /// A reader of these words and number patterns.
    pub fn new(config: &KeywordConfig, numbers: DossierNumberParser) -> Self {
        let families = [
            (Keyword::Track, &config.track),
            (Keyword::Details, &config.details),
            (Keyword::Procedure, &config.procedure),
            (Keyword::Help, &config.help),
            (Keyword::Queue, &config.queue),
            (Keyword::More, &config.more),
            (Keyword::Code, &config.code),
            (Keyword::Subscribe, &config.subscribe),
            (Keyword::Rate, &config.rate),
            (Keyword::Unsubscribe, &config.unsubscribe),
            (Keyword::OptOut, &config.opt_out),
            (Keyword::OptIn, &config.opt_in),
        ];
        let mut entries: Vec<Entry> = families
            .into_iter()
            .flat_map(|(keyword, synonyms)| {
                languages(synonyms).map(move |(locale, word)| Entry { phrase: phrase(word), keyword, locale })
            })
            .collect();
        entries.sort_by_key(|entry| std::cmp::Reverse(entry.phrase.folded.len()));
        let mut prefixes: Vec<Phrase> = config.prefixes.iter().map(|prefix| phrase(prefix)).collect();
        prefixes.sort_by_key(|prefix| std::cmp::Reverse(prefix.folded.len()));
        let only = |synonyms: &Synonyms| languages(synonyms).map(|(_, word)| phrase(word)).collect();
        Self { prefixes, entries, status: only(&config.status), announcement: only(&config.announcement), numbers }
    }

    /// The keyword that a short message begins with, whatever follows it.
    pub fn begins_with(&self, text: &str) -> Option<Keyword> {
        if text.len() > MOST_OF_A_KEYWORD {
            return None;
        }
        let text = nfc(text);
        let words = words(text.trim());
        let prefix = self.prefixes.iter().find(|prefix| begins(&words, prefix, false));
        let words = words.get(prefix.map_or(0, |prefix| prefix.folded.len())..).unwrap_or_default();
        self.entries.iter().find(|entry| begins(words, &entry.phrase, false)).map(|entry| entry.keyword)
    }

    /// What a message asks. `today` is the day in Vietnam.
    pub fn read(&self, text: &str, today: Date) -> Read {
        let text = nfc(text);
        let text = text.trim();
        let words = words(text);
        let start =
            self.prefixes.iter().find(|prefix| begins(&words, prefix, false)).map_or(0, |prefix| prefix.folded.len());
        // A prefix alone is a cry for help.
        if start > 0 && start == words.len() {
            return Read { content: Content::Action(Action::Help), locale: None, keyword: Some(Keyword::Help) };
        }
        let after_prefix = words.get(start..).unwrap_or_default();
        let rest_from =
            |place: usize| text.get(words.get(place.wrapping_sub(1)).map_or(0, |w| w.end)..).unwrap_or_default().trim();
        let said = rest_from(start);
        for entry in &self.entries {
            // A refusal must be meant: `Đúng rồi` is none.
            let strict = matches!(entry.keyword, Keyword::OptOut | Keyword::OptIn);
            if !begins(after_prefix, &entry.phrase, strict) {
                continue;
            }
            let place = start + entry.phrase.folded.len();
            let rest = rest_from(place);
            let rest_words = words.get(place..).unwrap_or_default();
            if let Some(content) = self.content(entry.keyword, text, rest, rest_words, today) {
                return Read { content, locale: Some(entry.locale), keyword: Some(entry.keyword) };
            }
        }
        Read { content: Content::Text(said.to_owned()), locale: None, keyword: None }
    }

    /// `None` where the words that follow show that the keyword was none.
    fn content(&self, keyword: Keyword, all: &str, rest: &str, words: &[Word], today: Date) -> Option<Content> {
        let act = |action| Some(Content::Action(action));
        let alone = words.is_empty();
        match keyword {
            Keyword::Track | Keyword::Details if alone => act(Action::Help),
            Keyword::Track | Keyword::Details => Some(match self.number_and_proof(rest, today) {
                Some((number, Some(proof))) => Content::Action(Action::DiscloseDossier { number, proof }),
                Some((number, None)) if keyword == Keyword::Details => {
                    Content::Action(Action::DiscloseDossier { number, proof: Proof::SenderPhone })
                }
                Some((number, None)) => Content::Action(Action::TrackDossier { number }),
                // Unclear, several, or none: the interpreter asks back.
                None => Content::Text(all.to_owned()),
            }),
            Keyword::Procedure if alone => act(Action::Help),
            Keyword::Procedure => Some(Content::Text(rest.to_owned())),
            Keyword::Help if alone => act(Action::Help),
            Keyword::Queue if alone => act(Action::QueueNow { site: None }),
            // The name of a centre, not a sentence that happens to begin so.
            Keyword::Queue if words.len() <= MOST_OF_A_NAME => {
                act(Action::QueueNow { site: Some(rest.trim_matches([' ', '?', '.', '!']).into()) })
            }
            Keyword::More if alone => act(Action::More),
            Keyword::Code => {
                let (number, proof) = self.number_and_proof(rest, today)?;
                act(match proof {
                    // The code that came, sent back with the word it was asked by.
                    Some(proof @ Proof::OneTimeCode(_)) => Action::DiscloseDossier { number, proof },
                    _ => Action::SendCode { number },
                })
            }
            Keyword::Subscribe => {
                let (number, proof) = self.number_and_proof(rest, today)?;
                act(Action::Subscribe { number, proof, words: all.into() })
            }
            Keyword::Rate if alone => act(Action::Rate),
            // A number was meant and is none: how it is done helps more than a search for it.
            Keyword::Rate if self.is_mistyped(rest, today) => act(Action::Rate),
            Keyword::Rate => Some(self.rating(rest, today).map_or_else(
                // Unclear, several, or none: the interpreter asks back.
                || Content::Text(all.to_owned()),
                Content::Action,
            )),
            Keyword::Unsubscribe if alone => act(Action::Unsubscribe { number: None }),
            Keyword::Unsubscribe => {
                let (number, _) = self.number_and_proof(rest, today)?;
                act(Action::Unsubscribe { number: Some(number) })
            }
            Keyword::OptOut => act(Action::OptOut { category: self.category(words)?, words: all.into() }),
            Keyword::OptIn => act(Action::OptIn { category: self.category(words)?, words: all.into() }),
            Keyword::Help | Keyword::More | Keyword::Queue => None,
        }
    }

    /// Nothing more: every category. A category's word: that one. Anything
    /// else: it was a sentence.
    fn category(&self, words: &[Word]) -> Option<Option<Category>> {
        // `từ chối nhận tin`, `dừng gửi tin nữa`
        if words.iter().all(|word| FILLERS.contains(&word.folded.as_str())) {
            return Some(None);
        }
        let whole = |phrases: &[Phrase]| {
            phrases.iter().any(|phrase| phrase.folded.len() == words.len() && begins(words, phrase, false))
        };
        if whole(&self.status) {
            return Some(Some(Category::Status));
        }
        whole(&self.announcement).then_some(Some(Category::Announcement))
    }

    /// A number and a score, in any order, and what proves the number at the end:
    /// `000… 5`, `5 000…`, `000… 5 1234`. Without a score it is asked for.
    fn rating(&self, rest: &str, today: Date) -> Option<Action> {
        let score = |word: &str| {
            let digit = word.trim_matches(|c: char| !c.is_ascii_digit());
            (digit.len() == 1).then(|| Score::new(digit.parse().ok()?))?
        };
        let rest = rest.trim_end_matches(['.', '!', '?', ' ']);
        let (first, behind) = rest.split_once(char::is_whitespace)?;
        let (before, last) = rest.rsplit_once(char::is_whitespace)?;
        let (given, number) = match (score(first), score(last)) {
            (Some(given), _) => (Some(given), behind.to_owned()),
            (None, Some(given)) => (Some(given), before.to_owned()),
            // The score stands between the number and the proof.
            (None, None) => match before.rsplit_once(char::is_whitespace) {
                Some((number, between)) if score(between).is_some() => (score(between), format!("{number} {last}")),
                _ => (None, rest.to_owned()),
            },
        };
        let (number, proof) = self.number_and_proof(&number, today)?;
        Some(Action::RateDossier { number, given: given.map(|score| Box::new(GivenRating::of(score))), proof })
    }

    /// Whether digits stand where a dossier number belongs, more than a score has, and
    /// nothing in them can be one. (*đánh giá tác động môi trường 2026* begins with a word.)
    fn is_mistyped(&self, rest: &str, today: Date) -> bool {
        rest.starts_with(|c: char| c.is_ascii_digit())
            && rest.chars().filter(char::is_ascii_digit).count() > 2
            && matches!(self.numbers.read(rest, today), Reading::None)
    }

    /// One number, and what proves it: four digits or six behind it, or the
    /// digits that are announced as such (`cccd 1234`).
    fn number_and_proof(&self, rest: &str, today: Date) -> Option<(DossierNumber, Option<Proof>)> {
        // The last word first: `HS 000… 1234`. A number never ends in a word of
        // its own of four or six digits when what stands before is whole.
        if let Some((before, last)) = rest.trim_end_matches(['.', '!', '?', ' ']).rsplit_once(char::is_whitespace)
            && last.bytes().all(|byte| byte.is_ascii_digit())
            && let Reading::One(number) = self.numbers.read(before, today)
        {
            let proof = match last.len() {
                4 => LastFour::parse(last).ok().map(Proof::IdLastFour),
                6 => OneTimeCode::parse(last).map(Proof::OneTimeCode),
                _ => None,
            };
            if proof.is_some() {
                return Some((number, proof));
            }
        }
        // Words around the number may say more than the number: those are the
        // interpreter's.
        match self.numbers.read(rest, today) {
            Reading::One(number) if bare(rest) => Some((number, None)),
            _ => None,
        }
    }
}

/// Whether nothing but a number stands there: at most one word of letters (the
/// `H09` within a number counts as its part, `HS` may be glued in front).
fn bare(rest: &str) -> bool {
    rest.split_whitespace().filter(|word| word.chars().all(char::is_alphabetic)).count() == 0
}

fn languages(synonyms: &Synonyms) -> impl Iterator<Item = (Locale, &str)> {
    synonyms
        .iter()
        .filter_map(|(language, words)| Some((Locale::parse(language)?, words)))
        .flat_map(|(locale, words)| words.iter().map(move |word| (locale, word.as_str())))
}

fn phrase(text: &str) -> Phrase {
    let text = nfc(text);
    let words = words(&text);
    Phrase {
        folded: words.iter().map(|word| word.folded.clone()).collect(),
        exact: words.into_iter().map(|word| word.exact).collect(),
    }
}

/// Words by white space; signs at their ends are no part of them. A word of
/// signs alone is none.
fn words(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut at = 0;
    for piece in text.split_inclusive(char::is_whitespace) {
        at += piece.len();
        let bare = piece.trim_matches(|c: char| !c.is_alphanumeric());
        if bare.is_empty() {
            continue;
        }
        let end = at - (piece.len() - piece.trim_end().len());
        // `HS:000…` is two words.
        match bare
            .split_once([':', '='])
            .filter(|(first, _)| !first.is_empty() && first.chars().all(char::is_alphabetic))
        {
            Some((first, second)) => {
                let split = end - piece.trim_end().len() + piece.find([':', '=']).map_or(0, |place| place + 1);
                words.push(word(first, split));
                if !second.is_empty() {
                    words.push(word(second, end));
                }
            }
            None => words.push(word(bare, end)),
        }
    }
    words
}

fn word(text: &str, end: usize) -> Word {
    Word { end, folded: fold(text), exact: text.to_lowercase() }
}

/// Whether the words begin with the phrase. A word with marks must have the
/// phrase's own where it matters.
fn begins(words: &[Word], phrase: &Phrase, strict: bool) -> bool {
    let same = |((word, folded), exact): ((&Word, &String), &String)| {
        let marked = !word.exact.is_ascii();
        if strict && marked { word.exact == *exact } else { word.folded == *folded }
    };
    words.len() >= phrase.folded.len() && words.iter().zip(&phrase.folded).zip(&phrase.exact).all(same)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TODAY: Date = Date::constant(2026, 11, 26);
    const NUMBER: &str = "000.00.17.H09-210819-0012";

    fn keywords(prefixes: &[&str]) -> Keywords {
        let prefixes = prefixes.iter().map(|prefix| (*prefix).to_owned()).collect();
        Keywords::new(&KeywordConfig { prefixes, ..KeywordConfig::default() }, DossierNumberParser::default())
    }

    fn read(text: &str) -> Read {
        keywords(&["BD", "HCC BD"]).read(text, TODAY)
    }

    fn action(text: &str) -> Action {
        match read(text).content {
            Content::Action(action) => action,
            Content::Text(words) => panic!("{text}: free text {words:?}"),
        }
    }

    fn free(text: &str) -> String {
        match read(text).content {
            Content::Text(words) => words,
            Content::Action(action) => panic!("{text}: {action:?}"),
        }
    }

    #[test]
    fn a_dossier_in_every_syntax_that_was_seen() {
        for text in [
            "HS 000.00.17.H09-210819-0012",
            "hs 000.00.17.h09-210819-0012",
            "BD HS 000.00.17.H09-210819-0012",
            "Hồ sơ 000.00.17.H09-210819-0012",
            "ho so: 000.00.17.H09-210819-0012",
            "HS:000.00.17.H09-210819-0012",
            "tra cuu 000 00 17 H09 210819 0012",
            "HCC BD hs 000.00.17.H09-210819-0012.",
            "STATUS 000.00.17.H09-210819-0012",
        ] {
            let Action::TrackDossier { number } = action(text) else { panic!("{text}") };
            assert_eq!(number.as_str(), NUMBER, "{text}");
        }
    }

    #[test]
    fn four_digits_behind_are_a_proof_and_six_a_code() {
        let Action::DiscloseDossier { proof: Proof::IdLastFour(_), number } =
            action("HS 000.00.17.H09-210819-0012 1234")
        else {
            panic!()
        };
        assert_eq!(number.as_str(), NUMBER);
        assert!(matches!(
            action("HS 000.00.17.H09-210819-0012 012345"),
            Action::DiscloseDossier { proof: Proof::OneTimeCode(_), .. }
        ));
        assert!(matches!(
            action("CHI TIET 000.00.17.H09-210819-0012"),
            Action::DiscloseDossier { proof: Proof::SenderPhone, .. }
        ));
    }

    #[test]
    fn a_rating_has_a_number_and_a_score_in_any_order() {
        for (text, score, proven) in [
            ("DANHGIA 000.00.17.H09-210819-0012 5", Some(5), false),
            ("XNC DANHGIA 000.00.17.H09-210819-0012 1", Some(1), false),
            ("Đánh giá: 000.00.17.H09-210819-0012 4.", Some(4), false),
            ("danh gia 3 000.00.17.H09-210819-0012", Some(3), false),
            ("BD RATE 000 00 17 H09 210819 0012 2", Some(2), false),
            ("danh gia 000.00.17.H09-210819-0012 2 1234", Some(2), true),
            ("danh gia 2 000.00.17.H09-210819-0012 123456", Some(2), true),
            ("danh gia 000.00.17.H09-210819-0012 1234", None, true),
            // No score of ours: it is asked for.
            ("danh gia 000.00.17.H09-210819-0012 6", None, false),
        ] {
            let Action::RateDossier { number, given, proof } = action(text) else { panic!("{text}") };
            assert_eq!((number.as_str(), proof.is_some()), (NUMBER, proven), "{text}");
            assert_eq!(given.map(|given| given.score.number()), score, "{text}");
        }
        for text in ["DANHGIA", "DANHGIA 5 000.00.17.H", "danh gia 0912 5"] {
            assert_eq!(action(text), Action::Rate, "{text}");
        }
        // The interpreter asks back.
        for text in
            ["danh gia 5", "danh gia can bo", "danh gia tac dong moi truong 2026", "DANHGIA 000.00.17.H09-210819-0012"]
        {
            assert_eq!(free(text), text);
        }
    }

    #[test]
    fn the_language_of_the_word_is_the_language_of_the_answer() {
        assert_eq!(read("HELP").locale, Some(Locale::EN));
        assert_eq!(read("TRO GIUP").locale, Some(Locale::VI));
        assert_eq!(read("Trợ giúp!").locale, Some(Locale::VI));
        assert_eq!(read("xin chao").locale, None);
    }

    #[test]
    fn procedures_are_free_words_behind_the_keyword() {
        assert_eq!(free("TTHC dang ky khai sinh"), "dang ky khai sinh");
        assert_eq!(free("BD TTHC Đăng ký khai sinh"), "Đăng ký khai sinh");
        assert_eq!(free("làm giấy khai sinh cần gì"), "làm giấy khai sinh cần gì");
        assert_eq!(free("BD lam giay khai sinh can gi"), "lam giay khai sinh can gi");
        assert_eq!(action("TTHC"), Action::Help);
        assert_eq!(action("BD"), Action::Help);
    }

    #[test]
    fn a_refusal_must_be_meant() {
        let out = |category| Action::OptOut { category, words: "".into() };
        let same = |text: &str, expected: Action| {
            let (Action::OptOut { category: found, .. }, Action::OptOut { category, .. }) = (action(text), expected)
            else {
                panic!("{text}")
            };
            assert_eq!(found, category, "{text}");
        };
        same("DUNG", out(None));
        same("Dừng", out(None));
        same("tu choi", out(None));
        same("STOP", out(None));
        same("TỪ CHỐI hồ sơ", out(Some(Category::Status)));
        same("DUNG TB", out(Some(Category::Announcement)));
        same("tu choi nhan tin", out(None));
        same("Dừng gửi tin nữa", out(None));
        // `dung roi` is đúng rồi, and Đúng is no Dừng.
        assert_eq!(free("dung roi"), "dung roi");
        assert_eq!(free("Đúng"), "Đúng");
        assert_eq!(free("từ chối hồ sơ của tôi vì sao"), "từ chối hồ sơ của tôi vì sao");
        assert!(matches!(action("NHAN"), Action::OptIn { category: None, .. }));
    }

    #[test]
    fn to_be_told_and_not_to_be_told() {
        let Action::Subscribe { number, proof: None, words } = action("BAO 000.00.17.H09-210819-0012") else {
            panic!()
        };
        assert_eq!((number.as_str(), words.as_str()), (NUMBER, "BAO 000.00.17.H09-210819-0012"));
        assert!(matches!(
            action("Báo 000.00.17.H09-210819-0012 1234"),
            Action::Subscribe { proof: Some(Proof::IdLastFour(_)), .. }
        ));
        assert!(matches!(action("HUY BAO 000.00.17.H09-210819-0012"), Action::Unsubscribe { number: Some(_) }));
        assert_eq!(action("hủy báo"), Action::Unsubscribe { number: None });
        assert_eq!(free("bao gio co can cuoc"), "bao gio co can cuoc");
        assert_eq!(free("mã thủ tục khai sinh là gì"), "mã thủ tục khai sinh là gì");
        assert!(matches!(action("OTP 000.00.17.H09-210819-0012"), Action::SendCode { .. }));
        assert!(matches!(
            action("OTP 000.00.17.H09-210819-0012 123456"),
            Action::DiscloseDossier { proof: Proof::OneTimeCode(_), .. }
        ));
    }

    #[test]
    fn how_many_wait_everywhere_or_at_one_centre() {
        let everywhere = Action::QueueNow { site: None };
        for text in ["STTXC", "xnc sttxc", "BD XNC STTXC", "Queue?"] {
            assert_eq!(action(text), everywhere, "{text}");
        }
        assert_eq!(read("QUEUE").locale, Some(Locale::EN));
        let named = |name: &str| Action::QueueNow { site: Some(name.into()) };
        assert_eq!(action("XNC STTXC Phú Lợi"), named("Phú Lợi"));
        assert_eq!(action("sttxc 000.00.17.H09."), named("000.00.17.H09"));
        let sentence = "sttxc là gì mà hôm nọ cán bộ bảo tôi nhắn";
        assert_eq!(free(sentence), sentence);
    }

    #[test]
    fn more_is_more_only_by_itself() {
        assert_eq!(action("tiếp"), Action::More);
        assert_eq!(action("TIEP."), Action::More);
        assert_eq!(free("tiếp nhận hồ sơ ở đâu"), "tiếp nhận hồ sơ ở đâu");
    }

    #[test]
    fn what_is_unclear_is_the_interpreters_to_ask() {
        assert_eq!(free("HS 000.00.17.H09-210231-0012"), "HS 000.00.17.H09-210231-0012");
        assert_eq!(action("HS"), Action::Help);
        assert_eq!(free(""), "");
    }

    #[test]
    fn two_things_cannot_have_one_word() {
        let mut config = KeywordConfig::default();
        config.more.insert("vi".into(), vec!["HS".into()]);
        assert!(config.validate().is_err());
        assert_eq!(KeywordConfig::default().validate(), Ok(()));
    }
}
