//! A target of the account at Zalo: what comes to its webhook.

/// An event: the first line is its time, the rest the body. Unsigned nothing is
/// taken; what is taken is within the contract's bounds.
pub fn zalo_event(data: &[u8]) {
    let _ = channel_assistant::zalo::fuzz_event(data);
}
