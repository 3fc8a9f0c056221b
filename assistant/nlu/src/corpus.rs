//! The project's own utterances (`utterances/*.yml`): what citizens say, by what
//! they want. Templates are filled here, and every sentence is learnt with its
//! marks and without.

use std::collections::BTreeMap;

use gateway_core::domain::Procedure;
use gateway_core::text::fold_display;
use serde::Deserialize;

use crate::intent::{Example, Intent};
use crate::normal::Normal;

/// Fillings of one template …
const FILLINGS: usize = 3;
/// … and of one that only names a procedure: there the names are all that is said.
const FILLINGS_OF_FIND: usize = 12;
/// Names and aliases of procedures that stand alone as a wish to find one.
const BARE_NAMES: usize = 1_500;

macro_rules! files {
    ($($name:literal),* $(,)?) => {
        const FILES: &[(&str, &str)] = &[$(($name, include_str!(concat!("../utterances/", $name, ".yml")))),*];
    };
}

files!(
    "fee",
    "find",
    "greeting",
    "help",
    "hours",
    "online",
    "out_of_scope_dispute",
    "out_of_scope_emergency",
    "out_of_scope_medical",
    "out_of_scope_other",
    "out_of_scope_personal",
    "out_of_scope_politics",
    "papers",
    "pay",
    "person",
    "place",
    "queue",
    "rate",
    "result",
    "several",
    "steps",
    "subscribe",
    "thanks",
    "ticket",
    "time",
    "track",
    "who",
);

/// A file that cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum CorpusError {
    /// It is not the YAML that is expected.
    #[error("utterances/{0}.yml: {1}")]
    NotYaml(&'static str, serde_yaml_ng::Error),
    /// It names an intent that there is none of.
    #[error("utterances/{0}.yml: no intent {1:?}")]
    NoSuchIntent(&'static str, String),
}

/// One sentence or template of the project's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Utterance {
    /// As it stands in the file.
    pub text: String,
    /// English, else Vietnamese.
    pub english: bool,
    /// What is wanted.
    pub intents: Vec<Intent>,
    /// What an utterance out of scope is about; empty for all others.
    pub topic: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    intent: Option<String>,
    #[serde(default)]
    topic: String,
    #[serde(default)]
    vi: Vec<Line>,
    #[serde(default)]
    en: Vec<Line>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Line {
    Plain(String),
    Several { text: String, intents: Vec<String> },
}

/// All utterances.
///
/// # Errors
/// [`CorpusError`]; the files are compiled in and a test reads them.
pub fn utterances() -> Result<Vec<Utterance>, CorpusError> {
    let mut all = Vec::new();
    for &(name, text) in FILES {
        let file: File = serde_yaml_ng::from_str(text).map_err(|problem| CorpusError::NotYaml(name, problem))?;
        let intent =
            |label: &str| Intent::from_label(label).ok_or_else(|| CorpusError::NoSuchIntent(name, label.to_owned()));
        let lines = file.vi.into_iter().map(|line| (line, false)).chain(file.en.into_iter().map(|line| (line, true)));
        for (line, english) in lines {
            let (text, intents) = match line {
                Line::Plain(text) => (text, vec![intent(file.intent.as_deref().unwrap_or_default())?]),
                Line::Several { text, intents } => {
                    (text, intents.iter().map(|label| intent(label)).collect::<Result<_, _>>()?)
                }
            };
            all.push(Utterance { text, english, intents, topic: file.topic.clone() });
        }
    }
    Ok(all)
}

/// A hash of examples as they are learnt: it changes with the utterances, with
/// people's words that fill them, and with how sentences are normalised.
pub fn fingerprint(examples: &[Example]) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    for example in examples {
        for text in std::iter::once(&example.text).chain(&example.labels) {
            hasher.update(text.as_bytes()).update(&[0]);
        }
    }
    *hasher.finalize().as_bytes()
}

/// Sentences to train the intents from: templates filled, each with its marks and
/// without, and names of procedures alone as a wish to find one. `procedures`
/// lend their names and aliases.
///
/// # Errors
/// [`CorpusError`].
pub fn intents(procedures: &[Procedure]) -> Result<Vec<Example>, CorpusError> {
    let words = Words::of(procedures);
    let mut examples = Vec::new();
    let mut group = 0;
    for utterance in utterances()? {
        let labels: Vec<String> = utterance.intents.iter().map(|intent| intent.label().to_owned()).collect();
        for text in words.fill(&utterance, group) {
            add(&mut examples, &text, &labels, group);
        }
        group += 1;
    }
    let find = vec![Intent::Find.label().to_owned()];
    for name in spread(&words.names, BARE_NAMES) {
        add(&mut examples, name, &find, group);
        group += 1;
    }
    Ok(examples)
}

/// What out of scope is about, in the same way: the label is the topic.
///
/// # Errors
/// [`CorpusError`].
pub fn topics() -> Result<Vec<Example>, CorpusError> {
    let mut examples = Vec::new();
    for (group, utterance) in (0..).zip(utterances()?) {
        if utterance.intents == [Intent::OutOfScope] {
            add(&mut examples, &utterance.text, std::slice::from_ref(&utterance.topic), group);
        }
    }
    Ok(examples)
}

fn add(examples: &mut Vec<Example>, text: &str, labels: &[String], group: u32) {
    let mut copies = vec![Normal::of(text).text().to_owned()];
    let bare = Normal::of(&fold_display(text)).text().to_owned();
    if !copies.contains(&bare) {
        copies.push(bare);
    }
    for text in copies {
        examples.push(Example { text, labels: labels.to_vec(), group });
    }
}

fn spread(all: &[String], most: usize) -> impl Iterator<Item = &String> {
    all.iter().step_by(all.len().div_ceil(most.max(1)).max(1))
}

/// What placeholders are filled with.
struct Words {
    names: Vec<String>,
    english: Vec<String>,
}

const NUMBERS: [&str; 4] =
    ["000.00.17.H09-210819-0012", "H09.17-260102-0045", "G01.899.909-260916-890028", "000.12.19.h09 260731 0007"];
const PLACES: [&str; 10] = [
    "phường thủ dầu một",
    "xã dầu tiếng",
    "quận 1",
    "bình dương",
    "thuận an",
    "phường 5 quận 3",
    "huyện củ chi",
    "tp hồ chí minh",
    "xã tân an",
    "thị trấn",
];
const RELATIVES: [&str; 8] = ["con tôi", "mẹ em", "vợ mình", "chồng chị", "ông nội", "cháu", "em gái tôi", "bố"];
const RELATIVES_EN: [&str; 5] = ["my son", "my wife", "my mother", "my husband", "my child"];
const DAYS: [&str; 6] = ["hôm qua", "thứ hai tuần trước", "tuần trước", "ngày 12/3", "tháng trước", "sáng nay"];
const DAYS_EN: [&str; 4] = ["yesterday", "last week", "on Monday", "last month"];

impl Words {
    fn of(procedures: &[Procedure]) -> Self {
        let mut words = Self { names: Vec::new(), english: Vec::new() };
        let mut by_code: BTreeMap<&str, &Procedure> = BTreeMap::new();
        for procedure in procedures {
            by_code.insert(procedure.code.as_str(), procedure);
        }
        for procedure in by_code.values() {
            let said = procedure.aliases.iter().filter(|alias| alias.chars().count() <= 60);
            for name in said {
                // English aliases have no mark and only ASCII letters; so do
                // some Vietnamese ones, which do no harm there.
                if is_english(name) { words.english.push(name.clone()) } else { words.names.push(name.clone()) }
            }
        }
        for (code, _, phrases) in gateway_catalogue::alias_lines() {
            if by_code.contains_key(code) {
                continue;
            }
            for phrase in phrases {
                let list = if is_english(phrase) { &mut words.english } else { &mut words.names };
                list.push(phrase.to_owned());
            }
        }
        words
    }

    fn fill(&self, utterance: &Utterance, seed: u32) -> Vec<String> {
        if !utterance.text.contains('{') {
            return vec![utterance.text.clone()];
        }
        let seed = usize::try_from(seed).unwrap_or(0);
        let fillings = if utterance.intents == [Intent::Find] { FILLINGS_OF_FIND } else { FILLINGS };
        (0..fillings)
            .map(|turn| {
                let place = (seed * 31 + turn).wrapping_mul(2_654_435_761) >> 7;
                let (names, relatives, days): (&[String], &[&str], &[&str]) = if utterance.english {
                    (&self.english, &RELATIVES_EN, &DAYS_EN)
                } else {
                    (&self.names, &RELATIVES, &DAYS)
                };
                let name = names.get(place % names.len().max(1)).map_or("", String::as_str);
                let pick = |list: &[&'static str]| list.get(place % list.len().max(1)).copied().unwrap_or_default();
                let mut text = utterance.text.replace("{procedure}", name).replace("{number}", pick(&NUMBERS));
                text = text.replace("{place}", pick(&PLACES));
                for (mark, list) in [("{relative}", relatives), ("{day}", days)] {
                    if text.contains(mark) {
                        let word = list.get(place % list.len().max(1)).copied().unwrap_or_default();
                        text = text.replace(mark, word);
                    }
                }
                text
            })
            .collect()
    }
}

/// English phrases are told by their commonest small words and endings.
fn is_english(phrase: &str) -> bool {
    const WORDS: [&str; 40] = [
        "for",
        "a",
        "the",
        "of",
        "an",
        "card",
        "permit",
        "license",
        "licence",
        "certificate",
        "passport",
        "register",
        "registration",
        "replace",
        "renew",
        "lost",
        "change",
        "company",
        "business",
        "birth",
        "death",
        "land",
        "house",
        "vehicle",
        "car",
        "driving",
        "tax",
        "visa",
        "residence",
        "with",
        "to",
        "new",
        "my",
        "get",
        "apply",
        "copy",
        "ship",
        "import",
        "export",
        "insurance",
    ];
    phrase.is_ascii() && phrase.split(' ').any(|word| WORDS.contains(&word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_read_and_every_intent_has_its_hundreds() {
        let all = utterances().unwrap();
        for intent in Intent::ALL {
            let count = all.iter().filter(|utterance| utterance.intents.contains(&intent)).count();
            assert!(count >= 150, "{intent}: {count}");
        }
        let known = ["fee", "find"];
        assert!(known.iter().all(|name| FILES.iter().any(|(file, _)| file == name)));
        let here = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/utterances")).unwrap();
        assert_eq!(here.count(), FILES.len(), "a file that nobody reads");
    }

    #[test]
    fn templates_are_filled() {
        for example in intents(&[]).unwrap() {
            assert!(!example.text.contains('{'), "{}", example.text);
        }
    }
}
