//! Without a network these tests only read; with candle they make small
//! directories of each family, and with both rooms they compare what these say.

use std::path::Path;

use serde_json::{Value, json};
use tokenizers::models::unigram::Unigram;
use tokenizers::models::wordlevel::WordLevel;
use tokenizers::pre_tokenizers::metaspace::{Metaspace, PrependScheme};
use tokenizers::pre_tokenizers::whitespace::Whitespace;
use tokenizers::processors::roberta::RobertaProcessing;
use tokenizers::{PostProcessorWrapper, Tokenizer};

use super::directory::{Directory, Family, ModelConfig, Sigmoid};
use super::words::{TOKENIZER, Words};

const SENTENCES: [&str; 6] = [
    "đăng ký khai sinh cần giấy tờ gì",
    "khai sinh",
    "lệ phí bao nhiêu và mấy ngày có",
    "",
    "🙂 ???",
    "cho tôi hỏi đăng ký khai sinh cho con thì cần giấy tờ gì nộp ở đâu lệ phí bao nhiêu mấy ngày thì có kết quả ạ",
];
const LONGEST: u32 = 16;
const HIDDEN: u32 = 32;

fn config(family: Family, labels: &[&str]) -> Value {
    let roberta = family != Family::Bert;
    json!({
        "architectures": ["whatever"],
        "model_type": match family {
            Family::Bert => "bert",
            Family::Roberta => "roberta",
            Family::XlmRoberta => "xlm-roberta",
        },
        "vocab_size": 64, "hidden_size": HIDDEN, "num_hidden_layers": 2, "num_attention_heads": 4,
        "intermediate_size": 64, "hidden_act": if roberta { "gelu_new" } else { "gelu" },
        "hidden_dropout_prob": 0.1, "attention_probs_dropout_prob": 0.1,
        "max_position_embeddings": LONGEST + family.first_position(),
        "type_vocab_size": if roberta { 1 } else { 2 },
        "layer_norm_eps": if roberta { 1e-5 } else { 1e-12 },
        "pad_token_id": i32::from(roberta),
        "id2label": labels.iter().enumerate().map(|(id, label)| (id.to_string(), json!(label))).collect::<serde_json::Map<_, _>>(),
    })
}

/// The vocabulary in the way of each family: `vocab.txt`, one word a token, or a
/// sentencepiece model.
fn write_words(dir: &Path, family: Family) {
    let words = "đăng ký khai sinh cần giấy tờ gì lệ phí bao nhiêu và mấy ngày có cho tôi hỏi con thì nộp ở đâu";
    let mut tokenizer = match family {
        Family::Bert => {
            let marks = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"];
            let lines: Vec<&str> = marks.into_iter().chain(words.split(' ')).chain(["s", "##inh"]).collect();
            std::fs::write(dir.join("vocab.txt"), lines.join("\n")).unwrap();
            return;
        }
        Family::Roberta => {
            let marks = ["<s>", "<pad>", "</s>", "<unk>"];
            let vocabulary = marks.into_iter().chain(words.split(' ')).map(str::to_owned).zip(0..).collect();
            let words = WordLevel::builder().vocab(vocabulary).unk_token("<unk>".to_owned()).build().unwrap();
            let mut tokenizer = Tokenizer::new(words);
            tokenizer.with_pre_tokenizer(Some(Whitespace));
            tokenizer
        }
        Family::XlmRoberta => {
            let marks = ["<s>", "<pad>", "</s>", "<unk>"].map(|mark| (mark.to_owned(), 0.0));
            let pieces = words.split(' ').map(|word| (format!("▁{word}"), -3.0));
            let letters = ["▁", "a", "n", "h", "i"].map(|letter| (letter.to_owned(), -6.0));
            let pieces = marks.into_iter().chain(pieces).chain(letters).collect();
            let mut tokenizer = Tokenizer::new(Unigram::from(pieces, Some(3), false).unwrap());
            tokenizer.with_pre_tokenizer(Some(Metaspace::new('▁', PrependScheme::Always, true)));
            tokenizer
        }
    };
    let marks = RobertaProcessing::new(("</s>".to_owned(), 2), ("<s>".to_owned(), 0));
    tokenizer.with_post_processor(Some(PostProcessorWrapper::Roberta(marks)));
    tokenizer.save(dir.join(TOKENIZER), false).unwrap();
}

fn words(family: Family) -> Words {
    let dir = tempfile::tempdir().unwrap();
    write_words(dir.path(), family);
    let config: ModelConfig = serde_json::from_value(config(family, &["fee", "time"])).unwrap();
    Words::read(dir.path(), &config).unwrap()
}

#[test]
fn a_config_from_elsewhere_is_read() {
    let config: ModelConfig = serde_json::from_value(config(Family::XlmRoberta, &["fee", "time"])).unwrap();
    assert_eq!(config.model_type, Family::XlmRoberta);
    assert_eq!(config.labels(), ["fee", "time"]);
    assert_eq!(config.longest(), LONGEST);
}

#[test]
fn without_a_calibration_a_score_of_nothing_is_a_half() {
    assert!((Sigmoid::default().of(0.0) - 0.5).abs() < 1e-6);
    assert!(Sigmoid::default().of(3.0) > 0.95);
}

#[test]
fn marks_of_vietnamese_are_kept_and_unknown_words_are_one_token() {
    let words = words(Family::Bert);
    assert_eq!(words.one("Đăng ký").unwrap().ids, [2, 1, 5, 3]);
    assert_eq!(words.one("đăng sinh xyz").unwrap().ids, [2, 4, 7, 1, 3]);
}

#[test]
fn of_a_long_sentence_head_and_tail_are_read() {
    for family in [Family::Bert, Family::Roberta, Family::XlmRoberta] {
        let words = words(family);
        let long = SENTENCES[5];
        let tokens = words.one(long).unwrap();
        assert_eq!(tokens.ids.len(), usize::try_from(LONGEST).unwrap(), "{family:?}");
        let whole = words.one("cho tôi hỏi đăng ký").unwrap();
        assert_eq!(tokens.ids[..6], whole.ids[..6], "{family:?}");
        assert_eq!(tokens.ids.last(), whole.ids.last(), "{family:?}");
        let two = words.two(long, long).unwrap();
        assert!(two.ids.len() <= usize::try_from(LONGEST).unwrap(), "{family:?}");
        let last_kind = u32::from(family == Family::Bert);
        assert_eq!(two.kinds.iter().max(), Some(&last_kind), "{family:?}");
    }
}

#[test]
fn a_directory_that_does_not_fit_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let refused = |config: &Value| {
        std::fs::write(dir.path().join("config.json"), config.to_string()).unwrap();
        Directory::read(dir.path()).map(|_| ()).unwrap_err().to_string()
    };
    write_words(dir.path(), Family::Bert);
    let good = config(Family::Bert, &["fee", "time"]);
    let with = |key: &str, value: Value| {
        let mut changed = good.clone();
        changed[key] = value;
        changed
    };
    assert!(refused(&good).contains("model.safetensors"), "{}", refused(&good));
    for (key, value, told) in [
        ("vocab_size", json!(8), "vocab_size is 8"),
        ("num_attention_heads", json!(5), "no multiple"),
        ("problem_type", json!("single_label_classification"), "exclude each other"),
        ("id2label", json!({"0": "fee", "2": "time"}), "gaps"),
        ("hidden_act", json!("swish"), "config.json"),
        ("model_type", json!("t5"), "config.json"),
        ("max_position_embeddings", json!(3), "too small"),
    ] {
        let problem = refused(&with(key, value));
        assert!(problem.contains(told), "{key}: {problem}");
    }
    std::fs::write(dir.path().join("model.safetensors"), [255; 64]).unwrap();
    assert!(refused(&good).contains("header"), "{}", refused(&good));
}

#[cfg(feature = "candle")]
mod served {
    use std::collections::HashMap;

    use candle_core::{Device, Tensor};

    use super::*;
    use crate::neural::{NeuralError, candle, load, load_reranker};

    /// Random weights of a family under Hugging Face's names, by the room that can
    /// write them without libtorch.
    fn write_weights(dir: &Path, family: Family, labels: usize, prefix: &str) {
        let mut state = 0x9e37_79b9_7f4a_7c15_u64;
        let mut weights: HashMap<String, Tensor> = HashMap::new();
        let mut put = |name: String, shape: &[usize]| {
            let numbers: Vec<f32> = (0..shape.iter().product::<usize>())
                .map(|_| {
                    state ^= state << 13;
                    state ^= state >> 7;
                    state ^= state << 17;
                    f32::from(i16::try_from(state % 2001).unwrap() - 1000) / 3000.0
                })
                .collect();
            weights.insert(name, Tensor::from_vec(numbers, shape, &Device::Cpu).unwrap());
        };
        let (hidden, wide) = (32, 64);
        let mut layer = |name: &str, out: usize, from: usize| {
            put(format!("{name}.weight"), &[out, from]);
            put(format!("{name}.bias"), &[out]);
        };
        let own = |name: &str| if prefix.is_empty() { name.to_owned() } else { format!("{prefix}.{name}") };
        let mut norms = vec![own("embeddings.LayerNorm")];
        for at in 0..2 {
            let own = |name: &str| own(&format!("encoder.layer.{at}.{name}"));
            for name in ["attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense"]
            {
                layer(&own(name), hidden, hidden);
            }
            layer(&own("intermediate.dense"), wide, hidden);
            layer(&own("output.dense"), hidden, wide);
            norms.extend([own("attention.output.LayerNorm"), own("output.LayerNorm")]);
        }
        if labels > 0 {
            match family {
                Family::Bert => {
                    layer(&own("pooler.dense"), hidden, hidden);
                    layer("classifier", labels, hidden);
                }
                Family::Roberta | Family::XlmRoberta => {
                    layer("classifier.dense", hidden, hidden);
                    layer("classifier.out_proj", labels, hidden);
                }
            }
        }
        for norm in norms {
            put(format!("{norm}.weight"), &[hidden]);
            put(format!("{norm}.bias"), &[hidden]);
        }
        let positions = usize::try_from(LONGEST + family.first_position()).unwrap();
        let kinds = if family == Family::Bert { 2 } else { 1 };
        put(own("embeddings.word_embeddings.weight"), &[64, hidden]);
        put(own("embeddings.position_embeddings.weight"), &[positions, hidden]);
        put(own("embeddings.token_type_embeddings.weight"), &[kinds, hidden]);
        candle_core::safetensors::save(&weights, dir.join("model.safetensors")).unwrap();
    }

    pub(super) fn directory(family: Family, labels: &[&str], bare: bool) -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("config.json"), config(family, labels).to_string()).unwrap();
        write_words(dir.path(), family);
        let (labels, prefix) = if bare { (0, "") } else { (labels.len(), family.prefix()) };
        write_weights(dir.path(), family, labels, prefix);
        dir
    }

    #[test]
    fn a_directory_of_each_family_serves() {
        for family in [Family::Bert, Family::Roberta, Family::XlmRoberta] {
            let dir = directory(family, &["fee", "price", "time"], false);
            let model = load(dir.path()).unwrap();
            assert_eq!(model.labels(), ["fee", "fee", "time"], "other words for a label are read");
            let all: Vec<Vec<f32>> = SENTENCES.iter().map(|text| model.probabilities(text)).collect();
            assert!(all.iter().flatten().all(|probability| (0.0..=1.0).contains(probability)), "{family:?}: {all:?}");
            assert_ne!(all[0], all[2], "{family:?}");
        }
    }

    #[test]
    fn a_calibration_bends_the_probabilities() {
        let dir = directory(Family::Bert, &["fee", "time"], false);
        let before = load(dir.path()).unwrap().probabilities(SENTENCES[0]);
        let calibration = json!({"trained_from": "00", "sigmoids": {"time": {"a": 0.0, "b": 2.0}}});
        std::fs::write(dir.path().join("calibration.json"), calibration.to_string()).unwrap();
        let after = load(dir.path()).unwrap().probabilities(SENTENCES[0]);
        assert!((before[0] - after[0]).abs() < 1e-6);
        assert!((after[1] - 1.0 / (1.0 + 2.0_f32.exp())).abs() < 1e-6);
    }

    #[test]
    fn what_is_no_model_of_intents_is_refused() {
        let refused = |labels: &[&str], bare: bool| {
            let dir = directory(Family::Bert, labels, bare);
            candle::Intents::load(dir.path()).map(|_| ()).unwrap_err()
        };
        assert!(matches!(refused(&["LABEL_0", "LABEL_1"], false), NeuralError::Unfit(_)));
        assert!(matches!(refused(&["fee"], false), NeuralError::Unfit(_)));
        assert!(matches!(refused(&["fee", "time"], true), NeuralError::Unfit(_)));
        let dir = directory(Family::Bert, &["fee", "time"], false);
        std::fs::write(dir.path().join("config.json"), config(Family::Bert, &["fee", "time", "who"]).to_string())
            .unwrap();
        assert!(matches!(load(dir.path()).map(|_| ()), Err(NeuralError::Weights(_))));
    }

    #[test]
    fn a_reranker_without_a_head_finds_a_sentence_nearest_itself() {
        let dir = directory(Family::XlmRoberta, &[], true);
        let scores = load_reranker(dir.path()).unwrap().scores(SENTENCES[0], &[SENTENCES[2], SENTENCES[0]]);
        assert!((scores[1] - 1.0).abs() < 1e-4 && scores[0] < scores[1], "{scores:?}");
    }

    #[cfg(feature = "rust-bert")]
    mod both_rooms {
        use super::*;
        use crate::intent::{IntentModel as _, Reranker as _};
        use crate::neural::rust_bert;

        const NEAR: f32 = 1e-3;

        fn near(one: &[f32], other: &[f32], what: &str) {
            assert_eq!(one.len(), other.len(), "{what}");
            for (a, b) in one.iter().zip(other) {
                assert!((a - b).abs() < NEAR, "{what}: {one:?} {other:?}");
            }
        }

        #[test]
        fn say_the_same_of_one_directory() {
            for family in [Family::Bert, Family::Roberta, Family::XlmRoberta] {
                let dir = directory(family, &["fee", "time", "who", "place"], false);
                let candle = candle::Intents::load(dir.path()).unwrap();
                let torch = rust_bert::Intents::load(dir.path()).unwrap();
                assert_eq!(candle.labels(), torch.labels());
                for text in SENTENCES {
                    let what = format!("{family:?} {text}");
                    near(&candle.probabilities(text), &torch.probabilities(text), &what);
                }
            }
        }

        #[test]
        fn rank_names_alike() {
            for (labels, bare) in [(&["LABEL_0"][..], false), (&["fee", "time"][..], false), (&[][..], true)] {
                for family in [Family::Bert, Family::Roberta, Family::XlmRoberta] {
                    let dir = directory(family, labels, bare);
                    let candle = candle::Names::load(dir.path()).unwrap().scores(SENTENCES[0], &SENTENCES);
                    let torch = rust_bert::Names::load(dir.path()).unwrap().scores(SENTENCES[0], &SENTENCES);
                    near(&candle, &torch, &format!("{family:?} {labels:?}"));
                }
            }
        }

        #[test]
        fn a_model_that_was_trained_serves_in_both() {
            use crate::intent::Example;
            let wishes = [("fee", "lệ phí bao nhiêu tiền"), ("time", "mấy ngày thì có")];
            let things = ["khai sinh", "kết hôn", "khai tử", "thường trú", "hộ chiếu", "lý lịch tư pháp", "xây dựng"];
            let pairs = things.iter().flat_map(|thing| wishes.map(|(label, wish)| (label, format!("{thing} {wish}"))));
            let examples: Vec<Example> = (0..)
                .zip(pairs)
                .map(|(group, (label, text))| Example { text, labels: vec![label.to_owned()], group })
                .collect();
            let recipe =
                rust_bert::Recipe { hidden: 32, rounds: 60, batch: 4, rate: 2e-3, threads: 1, ..Default::default() };
            let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
            for dir in [&one, &two] {
                let trained = rust_bert::train(&examples, &recipe, [7; 32], dir.path(), &mut |_| ()).unwrap();
                assert!(trained.loss < 0.3, "{trained:?}");
            }
            // The weights themselves differ here: libtorch has one source of chance,
            // which tests beside this one draw from.
            for file in ["config.json", "tokenizer.json"] {
                let read = |dir: &tempfile::TempDir| std::fs::read_to_string(dir.path().join(file)).unwrap();
                assert_eq!(read(&one), read(&two), "trained twice, {file}");
            }
            let candle = candle::Intents::load(one.path()).unwrap();
            let torch = rust_bert::Intents::load(one.path()).unwrap();
            assert_eq!(candle.labels(), ["fee", "time"]);
            for (text, expected) in
                [("giấy phép lệ phí bao nhiêu", [true, false]), ("cư trú mấy ngày có", [false, true])]
            {
                let said = candle.probabilities(text);
                near(&said, &torch.probabilities(text), text);
                assert_eq!([said[0] > said[1], said[1] > said[0]], expected, "{text}: {said:?}");
            }
        }
    }
}
