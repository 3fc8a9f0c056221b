//! The words of people (`data/words.toml`): what is asked of a procedure, what
//! else one may wish, which words only say *how* one asks, and which official
//! words stand behind people's own.

use std::collections::HashMap;
use std::sync::LazyLock;

use compact_str::CompactString;
use gateway_core::desk::Focus;
use gateway_core::domain::Level;
use serde::Deserialize;

use crate::index::{Token, tokens};

/// Words of one phrase at most; longer ones in the file are cut.
const LONGEST_PHRASE: usize = 12;

/// What a phrase stands for. One phrase may stand for several things: *địa
/// chỉ* asks where, and may ask for the list of agencies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Sense {
    /// What one wants to know of a procedure.
    Focus(Focus),
    /// A call for help, or a greeting.
    Help,
    /// The list of agencies.
    Agencies,
    /// A kind of agency: weighs little, and alone it asks for the list.
    AgencyName,
    /// Tracking a dossier.
    Track,
    /// Asking how far something is; tracking only beside the word *hồ sơ*.
    Progress,
    /// The list of procedures.
    List,
    /// Says nothing of the matter.
    Filler,
    /// Says little of the matter.
    Stop,
    /// What follows is not meant.
    Negation,
    /// What follows is meant again.
    Turn,
    /// A level of agencies.
    Level(Level),
    /// Bare words that mean different things; nothing where marks are written.
    Ambiguous,
    /// Other words may be tried instead: a place in [`Lexicon::readings`].
    Synonym(usize),
}

struct Phrase {
    words: Vec<Token>,
    sense: Sense,
}

/// A phrase found in a text.
pub(crate) struct Found<'a> {
    /// How many words it takes, at least 1.
    pub(crate) len: usize,
    /// What it stands for; never empty.
    pub(crate) senses: Vec<&'a Sense>,
}

/// All phrases, by their first folded word.
#[derive(Default)]
pub(crate) struct Lexicon {
    phrases: HashMap<CompactString, Vec<Phrase>, ahash::RandomState>,
    readings: Vec<Vec<Vec<Token>>>,
    homographs: Vec<CompactString>,
}

/// The compiled-in lexicon, read once.
pub(crate) fn lexicon() -> &'static Lexicon {
    static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| {
        let read = Lexicon::read(include_str!("../data/words.toml"));
        // The file is compiled in and a test reads it: this cannot fail.
        debug_assert!(read.is_ok(), "data/words.toml does not parse");
        read.unwrap_or_default()
    });
    &LEXICON
}

impl Lexicon {
    fn read(text: &str) -> Result<Self, toml::de::Error> {
        let file: File = toml::from_str(text)?;
        let mut lexicon = Self::default();
        for (focus, says) in [
            (Focus::Fee, &file.focus.fee),
            (Focus::Papers, &file.focus.papers),
            (Focus::Time, &file.focus.time),
            (Focus::Where, &file.focus.r#where),
        ] {
            lexicon.add(says, &Sense::Focus(focus));
        }
        lexicon.add(&file.wish.help, &Sense::Help);
        lexicon.add(&file.wish.agencies, &Sense::Agencies);
        lexicon.add(&file.wish.agency_names, &Sense::AgencyName);
        lexicon.add(&file.wish.track, &Sense::Track);
        lexicon.add(&file.wish.progress, &Sense::Progress);
        lexicon.add(&file.wish.list, &Sense::List);
        lexicon.add(&file.plain.filler, &Sense::Filler);
        lexicon.add(&file.plain.stop, &Sense::Stop);
        lexicon.add(&file.plain.negation, &Sense::Negation);
        lexicon.add(&file.plain.turn, &Sense::Turn);
        lexicon.add(&file.plain.ambiguous, &Sense::Ambiguous);
        lexicon.add(&file.level.province, &Sense::Level(Level::Province));
        lexicon.add(&file.level.commune, &Sense::Level(Level::Commune));
        lexicon.add(&file.level.district, &Sense::Level(Level::District));
        lexicon.add(&file.level.ministry, &Sense::Level(Level::Ministry));
        lexicon.homographs = file.plain.homographs.iter().map(|word| word.as_str().into()).collect();
        for (place, synonym) in file.synonym.iter().enumerate() {
            lexicon.add(&synonym.says, &Sense::Synonym(place));
            lexicon.readings.push(synonym.means.iter().map(|text| tokens(text, LONGEST_PHRASE)).collect());
        }
        for phrases in lexicon.phrases.values_mut() {
            phrases.sort_by_key(|phrase| std::cmp::Reverse(phrase.words.len()));
        }
        Ok(lexicon)
    }

    fn add(&mut self, says: &[String], sense: &Sense) {
        for text in says {
            let words = tokens(text, LONGEST_PHRASE);
            if let Some(first) = words.first() {
                let key = first.folded.clone();
                self.phrases.entry(key).or_default().push(Phrase { words, sense: sense.clone() });
            }
        }
    }

    /// The longest phrase at the head of some words, with all that it may mean.
    pub(crate) fn at(&self, words: &[Token]) -> Option<Found<'_>> {
        let mut found: Option<Found<'_>> = None;
        for phrase in self.phrases.get(&words.first()?.folded)? {
            let len = phrase.words.len();
            match &mut found {
                // Sorted by length: nothing longer follows.
                Some(found) if found.len > len => break,
                _ if !phrase.stands_at(words) => {}
                Some(found) => found.senses.push(&phrase.sense),
                None => found = Some(Found { len, senses: vec![&phrase.sense] }),
            }
        }
        found
    }

    /// Whether a word without marks may be one of several.
    pub(crate) fn is_homograph(&self, folded: &str) -> bool {
        self.homographs.iter().any(|word| word == folded)
    }

    /// The official words behind a synonym, likeliest first.
    pub(crate) fn readings(&self, synonym: usize) -> &[Vec<Token>] {
        self.readings.get(synonym).map_or(&[], Vec::as_slice)
    }
}

impl Phrase {
    /// Marks that the citizen wrote must agree; those left out may be any. One
    /// lone word without its marks is too little to go by (`dau` may be *đâu* or
    /// *đầu tư*), unless the file holds it bare.
    fn stands_at(&self, text: &[Token]) -> bool {
        let Some(text) = text.get(..self.words.len()) else { return false };
        let agrees = |(phrase, word): (&Token, &Token)| {
            phrase.folded == word.folded && (!word.marked || phrase.exact == word.exact)
        };
        if !self.words.iter().zip(text).all(agrees) {
            return false;
        }
        // A comma inside is not the same phrase, except in long ones.
        if text.iter().skip(1).any(|word| word.after_break) && self.words.len() < 3 {
            return false;
        }
        match (self.words.as_slice(), text) {
            ([phrase], [word]) if phrase.marked && !word.marked => {
                matches!(self.sense, Sense::Synonym(_) | Sense::Help)
            }
            _ => true,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    focus: FocusWords,
    wish: WishWords,
    plain: PlainWords,
    level: LevelWords,
    synonym: Vec<SynonymWords>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FocusWords {
    fee: Vec<String>,
    papers: Vec<String>,
    time: Vec<String>,
    r#where: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WishWords {
    help: Vec<String>,
    agencies: Vec<String>,
    agency_names: Vec<String>,
    track: Vec<String>,
    progress: Vec<String>,
    list: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PlainWords {
    filler: Vec<String>,
    stop: Vec<String>,
    negation: Vec<String>,
    turn: Vec<String>,
    ambiguous: Vec<String>,
    homographs: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LevelWords {
    province: Vec<String>,
    commune: Vec<String>,
    district: Vec<String>,
    ministry: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SynonymWords {
    says: Vec<String>,
    means: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_compiled_in_words_parse() {
        let lexicon = Lexicon::read(include_str!("../data/words.toml")).unwrap();
        assert!(lexicon.phrases.len() > 100);
        assert!(lexicon.readings.iter().all(|readings| !readings.is_empty() && readings.iter().all(|r| !r.is_empty())));
    }

    #[test]
    fn the_longest_phrase_wins() {
        let words = tokens("mất bao nhiêu tiền vậy", 20);
        let found = lexicon().at(&words).unwrap();
        assert_eq!(found.len, 4);
        assert_eq!(found.senses, [&Sense::Focus(Focus::Fee)]);
    }

    #[test]
    fn written_marks_must_agree() {
        assert!(lexicon().at(&tokens("so do", 9)).is_some());
        assert!(lexicon().at(&tokens("sổ đỏ", 9)).is_some());
        assert!(lexicon().at(&tokens("số đo", 9)).is_none());
        assert!(lexicon().at(&tokens("dau tu", 9)).is_none(), "one bare `dau` is not *đâu*");
    }
}
