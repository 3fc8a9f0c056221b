//! A vocabulary of our own: pieces of words by byte-pair merging over letters,
//! learnt from the sentences themselves.

use tokenizers::models::bpe::{BPE, BpeTrainer};
use tokenizers::normalizers::unicode::NFC;
use tokenizers::normalizers::utils::Lowercase;
use tokenizers::pre_tokenizers::metaspace::{Metaspace, PrependScheme};
use tokenizers::pre_tokenizers::punctuation::Punctuation;
use tokenizers::processors::bert::BertProcessing;
use tokenizers::{
    AddedToken, NormalizerWrapper, PreTokenizerWrapper, SplitDelimiterBehavior, Tokenizer, TokenizerBuilder,
};

use super::NeuralError;
use super::words::vocabulary;

/// BERT's marks; the padding must be token 0.
const MARKS: [&str; 4] = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"];
/// What a piece at the beginning of a word begins with. Marking the pieces inside
/// words instead, as BERT does, numbers them by chance: the crate walks a hash
/// table there, and the same sentences would give another vocabulary each time.
const BEGINS: char = '▁';

/// Learns `size` pieces at most. The marks of Vietnamese stay: sentences come
/// with and without them, and say different things.
pub(super) fn learn(texts: &[String], size: usize) -> Result<Tokenizer, NeuralError> {
    let model = BPE::builder().unk_token("[UNK]".to_owned()).build().map_err(vocabulary)?;
    let mut trainer = BpeTrainer::builder()
        .vocab_size(size)
        .min_frequency(2)
        .show_progress(false)
        .special_tokens(MARKS.iter().map(|mark| AddedToken::from(*mark, true)).collect())
        .build();
    let mut tokenizer = TokenizerBuilder::new()
        .with_model(model)
        .with_normalizer(Some(tokenizers::normalizers::Sequence::new(vec![
            NormalizerWrapper::NFC(NFC),
            NormalizerWrapper::Lowercase(Lowercase),
        ])))
        .with_pre_tokenizer(Some(tokenizers::pre_tokenizers::sequence::Sequence::new(vec![
            PreTokenizerWrapper::Metaspace(Metaspace::new(BEGINS, PrependScheme::Always, true)),
            PreTokenizerWrapper::Punctuation(Punctuation::new(SplitDelimiterBehavior::Isolated)),
        ])))
        .with_post_processor(Some(BertProcessing::new(("[SEP]".to_owned(), 3), ("[CLS]".to_owned(), 2))))
        .with_decoder(Some(Metaspace::new(BEGINS, PrependScheme::Always, true)))
        .build()
        .map_err(vocabulary)?;
    tokenizer.train(&mut trainer, texts.iter()).map_err(vocabulary)?;
    // The builder's types are exact; what is read from a file is the common one.
    tokenizer.to_string(false).map_err(vocabulary)?.parse().map_err(vocabulary)
}

/// A sentence with a typo here and there: each letter is left out, doubled,
/// changed places with the next one or hit beside its key once in `every` times.
pub(super) fn damaged(text: &str, every: u64, state: &mut u64) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    let mut damaged = String::with_capacity(text.len() + 8);
    let mut at = 0;
    while let Some(&letter) = letters.get(at) {
        at += 1;
        if !letter.is_alphabetic() || !next(state).is_multiple_of(every) {
            damaged.push(letter);
            continue;
        }
        match next(state) % 4 {
            0 => {}
            1 => damaged.extend([letter, letter]),
            2 if letters.get(at).is_some_and(|next| next.is_alphabetic()) => {
                letters.swap(at - 1, at);
                damaged.extend(letters.get(at - 1));
            }
            _ => damaged.push(beside(letter, next(state))),
        }
    }
    damaged
}

fn beside(letter: char, chance: u64) -> char {
    const ROWS: [&str; 3] = ["qwertyuiop", "asdfghjkl", "zxcvbnm"];
    let Some((row, place)) = ROWS.iter().find_map(|row| Some((row, row.find(letter)?))) else { return 'e' };
    let place = if chance.is_multiple_of(2) { place + 1 } else { place.saturating_sub(1) };
    row.chars().nth(place).unwrap_or(letter)
}

/// Marsaglia's xorshift; the same state gives the same row.
pub(super) const fn next(state: &mut u64) -> u64 {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    *state >> 11
}
