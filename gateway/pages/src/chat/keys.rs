//! Every Fluent key of the chat. A test holds the table against
//! `locales/<language>/chat.ftl` in both directions.

use gateway_locale::keys::Key;

macro_rules! keys {
    ($($name:ident = $id:literal [$($arg:literal),*];)*) => {
        $(pub(super) const $name: Key = Key::new($id, &[$($arg),*]);)*
        #[cfg(test)]
        const ALL: &[(&str, Key)] = &[$((stringify!($name), $name)),*];
    };
}

keys! {
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
    use gateway_locale::{check_resources, embedded_files};

    use super::{ALL, Key};

    #[test]
    fn every_language_says_every_key_with_the_same_arguments() {
        let files: Vec<_> = embedded_files().into_iter().filter(|(_, file, _)| file.ends_with("/chat.ftl")).collect();
        assert_eq!(files.len(), 2);
        let keys: Vec<Key> = ALL.iter().map(|(_, key)| *key).collect();
        let findings = check_resources(&keys, &files);
        assert!(findings.is_empty(), "{}", findings.iter().map(|found| format!("{found}\n")).collect::<String>());
    }

    #[test]
    fn every_key_of_the_table_is_spoken_somewhere() {
        let ours = [include_str!("page.rs"), include_str!("widget.rs")].concat();
        for (name, _) in ALL {
            let spoken = ours.match_indices(&format!("keys::{name}")).any(|(at, found)| {
                let after = ours.get(at + found.len()..).and_then(|rest| rest.chars().next());
                !after.is_some_and(|c| c.is_ascii_alphanumeric() || c == '_')
            });
            assert!(spoken, "nobody speaks {name}");
        }
    }
}
