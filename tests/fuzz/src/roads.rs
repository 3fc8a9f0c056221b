//! Targets of the roads of messages: what comes from other machines.

/// A call of an aggregator at every door: the first line is the query, the
/// second a signature, the rest the body. What is taken is within its bounds,
/// and no stranger is a carrier.
pub fn provider_webhook(data: &[u8]) {
    let _ = channel_sms::providers::fuzz_webhook(data);
}

/// An update of Telegram's: what is handed in is within its bounds.
pub fn telegram_update(data: &[u8]) {
    let _ = channel_assistant::telegram::fuzz_update(data);
}
