//! What must hold for every event, for the fuzzer.

use std::sync::LazyLock;

use jiff::Timestamp;

use super::config::ZaloConfig;
use super::event;
use crate::messenger::Event;

/// Reads bytes as an event of the account, once signed over the timestamp that
/// the first line tells, and once not. The rest is the body. Whether it was
/// taken.
#[doc(hidden)]
pub fn fuzz_event(bytes: &[u8]) -> bool {
    static CONFIG: LazyLock<ZaloConfig> = LazyLock::new(|| ZaloConfig {
        app_id: "1".into(),
        oa_id: "2".into(),
        oa_secret: "khoa".into(),
        app_secret: "khoa".into(),
        ..ZaloConfig::default()
    });
    let end = bytes.iter().position(|byte| *byte == b'\n').unwrap_or(bytes.len());
    let (timestamp, body) = bytes.split_at(end);
    let (timestamp, body) = (String::from_utf8_lossy(timestamp), body.get(1..).unwrap_or_default());
    let now = timestamp.parse().ok().and_then(|millis| Timestamp::from_millisecond(millis).ok());
    let now = now.unwrap_or(Timestamp::UNIX_EPOCH);
    assert!(event::read(&CONFIG, now, None, body).is_err(), "unsigned and taken");
    assert!(event::read(&CONFIG, now, Some("mac=00"), body).is_err(), "forged and taken");
    let signature = event::signature(&CONFIG, body, &timestamp);
    let Ok(Some(arrived)) = event::read(&CONFIG, now, Some(&signature), body) else { return false };
    assert!((1..=128).contains(&arrived.from.len()), "a sender of {} bytes", arrived.from.len());
    assert!((1..=130).contains(&arrived.event_id.len()), "an id of {} bytes", arrived.event_id.len());
    assert_eq!(arrived.sent_at, now, "another time than the signed one");
    if let Event::Said(words) = &arrived.what {
        assert!((1..=10_000).contains(&words.chars().count()), "words out of bounds");
    }
    true
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;

    /// Seeds that are not taken lead a fuzzer nowhere.
    #[test]
    fn the_seeds_of_the_fuzzer_are_taken() {
        let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fuzz/corpus/zalo_event");
        for (seed, taken) in
            [("text", true), ("sticker", true), ("follow", true), ("no_id", true), ("echo", false), ("twice", false)]
        {
            let bytes = fs::read(corpus.join(seed)).unwrap();
            assert_eq!(fuzz_event(&bytes), taken, "{seed}");
        }
    }
}
