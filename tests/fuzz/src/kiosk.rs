//! Targets of the terminal: its keyboard, its scanner and its catalogue on disk.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

use gateway_core::domain::dossier_number::DossierNumberParser;
use kiosk_client::CatalogueShelf;
use kiosk_typing::scan::{Burst, BurstTimes, Fed, ScanReader, Scanned, Stroke, TicketCode, ticket_payload};
use kiosk_typing::{Buffer, Key, Mark, Method, Pressed, Tone};
use mobile_api_types::CatalogueBundle;
use mobile_api_types::signature::{SigningKey, sign_bundle};

use super::TODAY;

/// Keys of every method; a control character is one of the keys without a sign.
/// Whatever was typed, backspace takes away the last letter that is seen and
/// nothing else, and the line keeps its length.
pub fn typing(data: &[u8]) {
    const MOST: usize = 40;
    let text = String::from_utf8_lossy(data);
    for method in [Method::Telex, Method::Vni, Method::Labelled, Method::Plain] {
        let mut line = Buffer::new(method, MOST);
        for c in text.chars() {
            let before = line.text().to_owned();
            let pressed = line.press(key(c));
            assert_eq!(pressed == Pressed::Changed, before != line.text(), "{method:?}: {pressed:?}");
            if pressed == Pressed::Changed && key(c) == Key::Backspace {
                assert!(before.starts_with(line.text()), "{method:?}: {before:?} became {:?}", line.text());
            }
            assert!(line.text().chars().count() <= MOST * 4, "too long");
        }
        if method == Method::Plain && text.len() < MOST && text.bytes().all(|b| b.is_ascii_alphanumeric()) {
            assert_eq!(line.text(), text);
        }
        while line.press(Key::Backspace) == Pressed::Changed {}
        assert!(line.is_empty(), "{method:?}: something stays");
    }
}

/// A scanner's text at full speed comes through in one piece; what is read of
/// it is no more than the text holds, and a ticket reads back the same.
pub fn scanned(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let reader = ScanReader::new(DossierNumberParser::default());
    match reader.read(text.clone().into_owned(), TODAY) {
        Scanned::Card(citizen) => {
            assert_eq!(citizen.digits().len(), 12);
            let again = reader.read(citizen.digits().to_owned(), TODAY);
            assert_eq!(again, Scanned::Card(citizen.clone()), "reads differently");
            assert!(!format!("{again:?}").contains(citizen.digits()), "printed whole");
        }
        Scanned::Dossier(number) => {
            assert_eq!(reader.read(number.to_string(), TODAY), Scanned::Dossier(number));
        }
        Scanned::Ticket(code) => assert_eq!(TicketCode::parse(code.as_str()).as_ref(), Some(&code)),
        Scanned::Dossiers(_) | Scanned::Unknown => {}
    }
    if let Some(code) = TicketCode::parse(&text) {
        assert_eq!(reader.read(ticket_payload(&code), TODAY), Scanned::Ticket(code));
    }
    burst(&text, data);
}

/// A file that nobody signed is no catalogue. Where the same bytes are signed, and
/// the whole of them is a bundle, the terminal has every procedure of it, read
/// from its place as it stands in the whole.
pub fn catalogue_bundle(data: &[u8]) {
    thread_local! {
        static FOLDER: Option<tempfile::TempDir> = tempfile::tempdir().ok();
    }
    let Ok(key) = SigningKey::from_seed(&[7; 32]) else { return };
    FOLDER.with(|folder| {
        if let Some(folder) = folder {
            on_disk(folder.path(), data, &key);
        }
    });
}

fn on_disk(folder: &Path, data: &[u8], key: &SigningKey) {
    let path = folder.join("catalogue-vi.bundle");
    let open = |bytes: &[u8]| {
        let written = std::fs::write(&path, bytes).is_ok();
        written.then(|| CatalogueShelf::new(folder).open("vi", &key.public()).ok().flatten()).flatten()
    };
    assert!(open(data).is_none(), "nobody signed this");
    let label = format!("\n{{\"signature\":\"{}\",\"etag\":null}}", sign_bundle(data, key));
    let opened = open(&[data, label.as_bytes()].concat());
    if let Some(catalogue) = &opened {
        let found = catalogue.search(&String::from_utf8_lossy(data), 5);
        assert!(found.len() <= 5.min(catalogue.len()), "more than there are");
    }
    let Ok(whole) = serde_json::from_slice::<CatalogueBundle<'static>>(data) else { return };
    if whole.language != "vi" {
        assert!(opened.is_none(), "of another language");
        return;
    }
    assert_eq!(opened.as_ref().map(|opened| opened.len()), Some(whole.procedures.len()), "a whole bundle");
    let mut seen = BTreeSet::new();
    for procedure in whole.procedures.iter().filter(|procedure| seen.insert(procedure.code.as_ref())) {
        let read = opened.as_ref().and_then(|opened| opened.procedure(&procedure.code).ok().flatten());
        assert_eq!(read.as_ref(), Some(procedure), "from its place");
    }
}

/// Each key some milliseconds after the one before, as the data say.
fn burst(text: &str, data: &[u8]) {
    let mut burst = Burst::new(BurstTimes::default());
    let mut now = Duration::ZERO;
    let mut got = 0;
    let mut count = |fed: Fed| {
        got += match fed {
            Fed::Held => 0,
            Fed::Typed(keys) => keys.len(),
            Fed::Scanned { typed, text } => typed.len() + text.chars().count(),
        };
    };
    let sent = text.chars().take(500);
    for (c, wait) in sent.clone().zip(data.iter().cycle()) {
        now += Duration::from_millis(u64::from(*wait % 64));
        while let Some(due) = burst.due().filter(|due| *due <= now) {
            count(burst.tick(due));
        }
        count(burst.feed(Stroke::Char(c), now));
    }
    while let Some(due) = burst.due() {
        count(burst.tick(due));
    }
    assert_eq!(got, sent.count(), "a key was lost or doubled");
}

fn key(c: char) -> Key {
    match c {
        '\u{1}' => Key::Tone(Tone::Acute),
        '\u{2}' => Key::Tone(Tone::Grave),
        '\u{3}' => Key::Tone(Tone::Hook),
        '\u{4}' => Key::Tone(Tone::Tilde),
        '\u{5}' => Key::Tone(Tone::Dot),
        '\u{6}' => Key::Mark(Mark::Hat),
        '\u{7}' => Key::Mark(Mark::Horn),
        '\u{8}' => Key::Backspace,
        '\u{b}' => Key::Mark(Mark::Breve),
        '\u{c}' => Key::Mark(Mark::Bar),
        ' ' => Key::Space,
        c => Key::Char(c),
    }
}
