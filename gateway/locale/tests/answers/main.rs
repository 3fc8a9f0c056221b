//! What citizens read: every answer in both languages and each medium. The
//! snapshots are there to be read by people who write to citizens.

#![expect(clippy::unwrap_used, reason = "the helpers of tests may fail the test")]

mod cases;
mod hostile;
mod lengths;
mod promises;
mod promises_talk;

use gateway_core::domain::Locale;
use gateway_locale::{Locales, Medium};

fn book(locale: Locale, medium: Medium) -> String {
    let locales = Locales::embedded().unwrap();
    let mut book = String::new();
    for (name, answered) in cases::all() {
        let rendered = locales.render(&answered, locale, medium);
        book.push_str(&format!("# {name}\n{}\n", rendered.text));
        if let Some(rest) = &rendered.rest {
            book.push_str(&format!("(then) {rest}\n"));
        }
        for choice in &rendered.choices {
            book.push_str(&format!("[{}] {}\n", choice.label, choice.send.as_deref().unwrap_or("-")));
        }
        book.push('\n');
    }
    book
}

macro_rules! books {
    ($($name:ident: $locale:ident $medium:expr;)*) => {
        $(
            #[test]
            fn $name() {
                insta::assert_snapshot!(stringify!($name), book(Locale::$locale, $medium));
            }
        )*
    };
}

books! {
    vi_plain: VI Medium::PLAIN;
    en_plain: EN Medium::PLAIN;
    vi_chat: VI Medium::CHAT;
    en_chat: EN Medium::CHAT;
    vi_sms: VI Medium::sms(true);
    en_sms: EN Medium::sms(true);
    vi_sms_accented: VI Medium::sms(false);
    vi_speech: VI Medium::SPEECH;
    en_speech: EN Medium::SPEECH;
}
