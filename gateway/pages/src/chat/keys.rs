//! Every Fluent key of the chat. A test holds the table against
//! `locales/<language>/chat.ftl` in both directions.

use gateway_locale::keys::Key;

use crate::key_table::key_table;

key_table! {
    pub(super)
    TITLE = "chat-title" [];
    LEAD = "chat-lead" [];
    LOG = "chat-log" [];
    LABEL = "chat-label" [];
    HINT = "chat-hint" [];
    SEND = "chat-send" [];
    PERSON = "chat-person" [];
    PERSON_WORDS = "chat-person-words" [];
    END = "chat-end" [];
    KEPT = "chat-kept" ["hours", "minutes"];
    YOU = "chat-you" [];
    ASSISTANT = "chat-assistant" [];
    OFFICER = "chat-officer" [];
    EVENT = "chat-event" [];
    CONNECTING = "chat-connecting" [];
    CONNECTED = "chat-connected" [];
    LOST = "chat-lost" [];
    SENDING = "chat-sending" [];
    SENT = "chat-sent" [];
    NOT_SENT = "chat-not-sent" [];
    RETRY = "chat-retry" [];
    REFUSED = "chat-refused" [];
    ANEW = "chat-anew" [];
    EXPIRED = "chat-expired" [];
    BARE = "chat-bare" [];
    WHOLE = "chat-whole" [];
    WIDGET_OPEN = "chat-widget-open" [];
    WIDGET_CLOSE = "chat-widget-close" [];
    WIDGET_TITLE = "chat-widget-title" [];
}

#[cfg(test)]
mod tests {
    use super::ALL;
    use crate::key_table::check;

    #[test]
    fn every_language_says_every_key_with_the_same_arguments() {
        check::every_language_says(ALL.iter().map(|(_, key)| *key), "chat.ftl");
    }

    #[test]
    fn every_key_of_the_table_is_spoken_somewhere() {
        let ours = [include_str!("page.rs"), include_str!("widget.rs")].concat();
        check::all_are_spoken(ALL, &ours, &["keys::"]);
    }
}
