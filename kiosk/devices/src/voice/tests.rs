use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use super::*;

/// A program must not be started while another test's fork still holds a file
/// that is being written (`ETXTBSY`): one test at a time.
static ALONE: Mutex<()> = Mutex::new(());

const PATIENCE: Duration = Duration::from_secs(20);

/// A speech program of a few lines: it notes its arguments and what it is to
/// say, and speaks for ever where the text says so.
fn program(folder: &Path) -> PathBuf {
    let path = folder.join("speak");
    let log = folder.join("log");
    let script = format!(
        "#!/bin/sh\n[ \"$1\" = --version ] && exit 0\ntext=$(cat)\necho \"$* | $text\" >> '{}'\n\
         case \"$text\" in *forever*) exec sleep 600;; *broken*) exit 3;; esac\n",
        log.display()
    );
    fs::write(&path, script).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    path
}

fn voice(program: PathBuf) -> (Voice, Receiver<VoiceEvent>) {
    let (tell, events) = channel();
    let settings = VoiceSettings { program, headphones: Some("jack".into()), ..VoiceSettings::default() };
    let voice = Voice::start(settings, Box::new(move |event| tell.send(event).unwrap_or_default())).unwrap();
    (voice, events)
}

fn next(events: &Receiver<VoiceEvent>) -> VoiceEvent {
    events.recv_timeout(PATIENCE).unwrap()
}

#[test]
fn one_after_the_other_and_then_silence() {
    let _alone = ALONE.lock();
    let folder = tempfile::tempdir().unwrap();
    let (voice, events) = voice(program(folder.path()));
    assert_eq!(next(&events), VoiceEvent::Present(true));
    let first = voice.say(Utterance::public("Mời ông bà lấy số", SpokenLanguage::Vi)).unwrap();
    assert!(voice.is_speaking());
    voice.set_volume(180);
    voice.set_rate(9_999);
    let second = voice.say(Utterance::public("broken", SpokenLanguage::En)).unwrap();
    let seen: Vec<VoiceEvent> = (0..5).map(|_| next(&events)).collect();
    assert_eq!(
        seen,
        [
            VoiceEvent::Started(first),
            VoiceEvent::Ended(first, HowEnded::Finished),
            VoiceEvent::Started(second),
            VoiceEvent::Ended(second, HowEnded::Failed),
            VoiceEvent::Silent
        ]
    );
    assert!(!voice.is_speaking());
    let log = fs::read_to_string(folder.path().join("log")).unwrap();
    assert!(log.contains("-v vi -b 1 -s"), "{log}");
    assert!(log.contains("--stdin | Mời ông bà lấy số"), "{log}");
    assert!(log.contains("-v en -b 1 -s 300 -a 180 --stdin | broken"), "{log}");
}

#[test]
fn it_stops_at_once_and_forgets_what_waits() {
    let _alone = ALONE.lock();
    let folder = tempfile::tempdir().unwrap();
    let (voice, events) = voice(program(folder.path()));
    next(&events);
    let long = voice.say(Utterance::public("forever", SpokenLanguage::En)).unwrap();
    assert_eq!(next(&events), VoiceEvent::Started(long));
    voice.say(Utterance::public("never said", SpokenLanguage::En)).unwrap();
    voice.stop();
    assert_eq!(next(&events), VoiceEvent::Ended(long, HowEnded::Stopped));
    assert_eq!(next(&events), VoiceEvent::Silent);
    let after = voice.say(Utterance::public("said", SpokenLanguage::En)).unwrap();
    assert_eq!(next(&events), VoiceEvent::Started(after));
    assert_eq!(next(&events), VoiceEvent::Ended(after, HowEnded::Finished));
    let log = fs::read_to_string(folder.path().join("log")).unwrap();
    assert!(!log.contains("never said"), "{log}");
}

#[test]
fn private_words_need_headphones_all_the_time() {
    let _alone = ALONE.lock();
    let folder = tempfile::tempdir().unwrap();
    let (voice, events) = voice(program(folder.path()));
    next(&events);
    let private = || Utterance::private("forever: Nguyễn Văn A", SpokenLanguage::Vi);
    assert_eq!(voice.say(private()), Err(Unsaid::NeedsHeadphones));
    voice.set_headphones(true);
    let first = voice.say(private()).unwrap();
    voice.say(private()).unwrap();
    let public = voice.say(Utterance::public("xin chào", SpokenLanguage::Vi)).unwrap();
    assert_eq!(next(&events), VoiceEvent::Started(first));
    voice.set_headphones(false);
    assert_eq!(next(&events), VoiceEvent::Ended(first, HowEnded::Stopped));
    assert_eq!(next(&events), VoiceEvent::Started(public));
    assert_eq!(next(&events), VoiceEvent::Ended(public, HowEnded::Finished));
    let log = fs::read_to_string(folder.path().join("log")).unwrap_or_default();
    assert!(!log.contains("-d jack --stdin | xin chào"), "{log}");
    assert!(!format!("{:?}", private()).contains("Nguyễn"));
}

#[test]
fn a_machine_without_speech_says_so() {
    let _alone = ALONE.lock();
    let (voice, events) = voice("/nowhere/espeak-ng".into());
    assert_eq!(next(&events), VoiceEvent::Present(false));
    assert_eq!(voice.is_present(), Some(false));
    assert_eq!(voice.say(Utterance::public("x", SpokenLanguage::Vi)), Err(Unsaid::Absent));
    assert!(!voice.is_speaking());
}

#[test]
fn too_much_is_refused_and_a_last_handle_silences() {
    let _alone = ALONE.lock();
    let folder = tempfile::tempdir().unwrap();
    let (voice, events) = voice(program(folder.path()));
    next(&events);
    let long = voice.say(Utterance::public("forever", SpokenLanguage::En)).unwrap();
    assert_eq!(next(&events), VoiceEvent::Started(long));
    for _ in 0..QUEUE {
        voice.say(Utterance::public("x", SpokenLanguage::En)).unwrap();
    }
    assert_eq!(voice.say(Utterance::public("x", SpokenLanguage::En)), Err(Unsaid::TooMany));
    drop(voice);
    assert_eq!(next(&events), VoiceEvent::Ended(long, HowEnded::Stopped));
}
