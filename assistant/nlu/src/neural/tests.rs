use crate::neural::directory::{Family, ModelConfig, Sigmoid};

#[test]
fn a_config_from_elsewhere_is_read() {
    let config: ModelConfig = serde_json::from_str(
        r#"{"architectures": ["XLMRobertaForSequenceClassification"], "model_type": "xlm-roberta",
            "vocab_size": 250002, "hidden_size": 384, "num_hidden_layers": 12, "num_attention_heads": 12,
            "intermediate_size": 1536, "hidden_act": "gelu", "max_position_embeddings": 514, "type_vocab_size": 1,
            "layer_norm_eps": 1e-05, "pad_token_id": 1, "id2label": {"0": "fee", "1": "time"}}"#,
    )
    .unwrap();
    assert_eq!(config.model_type, Family::XlmRoberta);
    assert_eq!(config.labels(), ["fee", "time"]);
    assert_eq!(config.longest(), 512);
}

#[test]
fn without_a_calibration_a_score_of_nothing_is_a_half() {
    assert!((Sigmoid::default().of(0.0) - 0.5).abs() < 1e-6);
    assert!(Sigmoid::default().of(3.0) > 0.95);
}
