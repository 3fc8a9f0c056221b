use std::time::Duration;

/// What holds for every messenger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessengerConfig {
    /// How long an answer may take.
    pub deadline: Duration,
    /// How long an answer is worth giving, where the portal is silent.
    pub worth: Duration,
    /// What was written down is worth sending for so long.
    pub valid: Duration,
    /// Events of one citizen that come within this time are put into the order
    /// in which they were sent.
    pub order: Duration,
    /// A repetition is known for so long: providers repeat for hours.
    pub repeats: Duration,
    /// Answers that are made at one time.
    pub at_once: usize,
    /// Messages that are handed to one provider at one time.
    pub sends_at_once: usize,
    /// What was said is kept for so long, sealed.
    pub transcript: Duration,
    /// A private answer in a browser is kept for so long.
    pub private: Duration,
    /// Officers take conversations over.
    pub officers: bool,
    /// Whose officers, where the channel does not say: an agency's code, or
    /// empty for everybody.
    pub site: String,
    /// An officer who was not seen for so long has left the conversation.
    pub officer_gone: Duration,
    /// A citizen waits for an officer so long at most.
    pub most_wait: Duration,
    /// How long hand-overs that are over are known.
    pub handovers_kept: Duration,
    /// A wish to be called back is kept so long at most.
    pub callbacks_kept: Duration,
}

impl Default for MessengerConfig {
    fn default() -> Self {
        const HOUR: Duration = Duration::from_secs(3_600);
        Self {
            deadline: Duration::from_secs(8),
            worth: HOUR,
            valid: HOUR,
            order: Duration::from_millis(250),
            repeats: HOUR * 48,
            at_once: 64,
            sends_at_once: 32,
            transcript: HOUR * 24,
            private: Duration::from_secs(600),
            officers: true,
            site: String::new(),
            officer_gone: Duration::from_secs(120),
            most_wait: HOUR,
            handovers_kept: HOUR * 24 * 30,
            callbacks_kept: HOUR * 24 * 7,
        }
    }
}
