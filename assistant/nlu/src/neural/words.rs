//! From a sentence to numbers: the vocabulary of the model directory.
//!
//! Read by the crate `tokenizers`, not by a reader of our own: a directory from
//! elsewhere has word pieces, byte pairs or a sentencepiece model, each with its
//! own normalising, and a model is worth nothing with tokens that are a little
//! different. Both rooms read the same, so that they cannot differ here.

use std::path::Path;

use serde::Deserialize;
use tokenizers::models::wordpiece::WordPiece;
use tokenizers::normalizers::BertNormalizer;
use tokenizers::pre_tokenizers::bert::BertPreTokenizer;
use tokenizers::processors::bert::BertProcessing;
use tokenizers::utils::truncation::TruncationDirection;
use tokenizers::{Encoding, PostProcessor as _, Tokenizer};

use super::NeuralError;
use super::directory::{ModelConfig, json};

pub(super) const TOKENIZER: &str = "tokenizer.json";
const VOCABULARY: &str = "vocab.txt";
const SETTINGS: &str = "tokenizer_config.json";

/// Characters that are read: as many as the linear model reads. A longer
/// sentence says its wish at its ends.
const HEAD: usize = 300;
const TAIL: usize = 200;

/// Tokens with the sentence, first or second, that each belongs to.
pub(super) struct Tokens {
    pub(super) ids: Vec<u32>,
    pub(super) kinds: Vec<u32>,
}

/// The vocabulary.
pub(super) struct Words {
    tokenizer: Tokenizer,
    longest: usize,
    last_kind: u32,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Settings {
    do_lower_case: bool,
    strip_accents: bool,
}

impl Words {
    pub(super) fn read(dir: &Path, config: &ModelConfig) -> Result<Self, NeuralError> {
        let path = dir.join(TOKENIZER);
        let tokenizer = if path.exists() {
            Tokenizer::from_file(&path).map_err(|problem| NeuralError::Vocabulary(problem.to_string()))?
        } else {
            pieces(dir)?
        };
        Self::of(tokenizer, config)
    }

    pub(super) fn of(mut tokenizer: Tokenizer, config: &ModelConfig) -> Result<Self, NeuralError> {
        // What a directory says of cutting and filling up is for training in rows
        // of one length.
        tokenizer.with_padding(None);
        tokenizer.with_truncation(None).map_err(vocabulary)?;
        let most = tokenizer.get_vocab(true).into_values().max().unwrap_or(0);
        if most >= config.vocab_size {
            return Err(NeuralError::Vocabulary(format!("token {most}, but vocab_size is {}", config.vocab_size)));
        }
        let longest = usize::try_from(config.longest()).unwrap_or(usize::MAX);
        Ok(Self { tokenizer, longest, last_kind: config.type_vocab_size.saturating_sub(1) })
    }

    /// A sentence with the marks at its ends; of a long one, its head and tail.
    pub(super) fn one(&self, text: &str) -> Result<Tokens, NeuralError> {
        let room = self.room(false);
        let text = self.cut(text, room)?;
        self.marked(text, None)
    }

    /// Two sentences in one, as a cross-encoder reads them; the second one, a
    /// name, may take half of the room.
    pub(super) fn two(&self, first: &str, second: &str) -> Result<Tokens, NeuralError> {
        let room = self.room(true);
        let second = self.cut(second, room / 2)?;
        let first = self.cut(first, room.saturating_sub(second.len()))?;
        self.marked(first, Some(second))
    }

    fn room(&self, pair: bool) -> usize {
        let marks = self.tokenizer.get_post_processor().map_or(0, |marks| marks.added_tokens(pair));
        self.longest.saturating_sub(marks)
    }

    fn cut(&self, text: &str, room: usize) -> Result<Encoding, NeuralError> {
        let mut head = self.tokenizer.encode(ends(text).as_str(), false).map_err(vocabulary)?;
        if head.len() <= room {
            return Ok(head);
        }
        let tail_room = (room * 2 / 5).max(1);
        let mut tail = head.clone();
        head.truncate(room.saturating_sub(tail_room).max(1), 0, TruncationDirection::Right);
        tail.truncate(tail_room, 0, TruncationDirection::Left);
        // The rest would be carried along and multiplied.
        head.take_overflowing();
        tail.take_overflowing();
        head.merge_with(tail, false);
        Ok(head)
    }

    fn marked(&self, first: Encoding, second: Option<Encoding>) -> Result<Tokens, NeuralError> {
        let encoding = self.tokenizer.post_process(first, second, true).map_err(vocabulary)?;
        let kinds = encoding.get_type_ids().iter().map(|kind| (*kind).min(self.last_kind)).collect();
        let tokens = Tokens { ids: encoding.get_ids().to_vec(), kinds };
        if tokens.ids.is_empty() {
            return Err(NeuralError::Vocabulary("it puts no marks around a sentence".to_owned()));
        }
        Ok(tokens)
    }
}

/// `vocab.txt`: BERT's word pieces. Marks of Vietnamese are kept unless the
/// directory's settings say otherwise.
fn pieces(dir: &Path) -> Result<Tokenizer, NeuralError> {
    let path = dir.join(VOCABULARY);
    let bytes = std::fs::read(&path).map_err(|problem| NeuralError::Io(path, problem))?;
    let settings = dir.join(SETTINGS);
    let settings: Settings = if settings.exists() { json(&settings)? } else { Settings::default() };
    let pieces = WordPiece::read_bytes(&bytes).and_then(|pieces| WordPiece::builder().vocab(pieces).build());
    let pieces = pieces.map_err(vocabulary)?;
    let mut tokenizer = Tokenizer::new(pieces);
    let id = |mark: &str| {
        let id = tokenizer.token_to_id(mark);
        id.map(|id| (mark.to_owned(), id)).ok_or_else(|| NeuralError::Vocabulary(format!("no {mark}")))
    };
    let marks = BertProcessing::new(id("[SEP]")?, id("[CLS]")?);
    tokenizer
        .with_normalizer(Some(BertNormalizer::new(true, true, Some(settings.strip_accents), settings.do_lower_case)))
        .map_err(vocabulary)?;
    tokenizer.with_pre_tokenizer(Some(BertPreTokenizer));
    tokenizer.with_post_processor(Some(marks));
    Ok(tokenizer)
}

fn ends(text: &str) -> String {
    let count = text.chars().count();
    if count <= HEAD + TAIL {
        return text.to_owned();
    }
    text.chars().take(HEAD).chain([' ']).chain(text.chars().skip(count - TAIL)).collect()
}

#[expect(clippy::needless_pass_by_value, reason = "it stands in map_err")]
pub(super) fn vocabulary(problem: tokenizers::Error) -> NeuralError {
    NeuralError::Vocabulary(problem.to_string())
}
