//! Conversations as stories: what is remembered, what is not, in which language
//! it goes on, and how nobody is held in a loop.

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use parking_lot::Mutex;

use super::stand_ins::{NOW, World, number, procedure, world, world_with};
use super::*;
use crate::desk::{
    Choice, Conversation, ConversationId, Focuses, PersonReply, Question, QuestionKind, Service, Subject, Topic,
};
use crate::domain::DossierNumberParser;
use crate::ports::{Conversations, Heard, Interpreter, KeyedHash, StoreError, Understood};

/// Understands what the test wrote down, and writes down what it heard.
#[derive(Default)]
struct Listening {
    meanings: Vec<(&'static str, Interpretation)>,
    /// Texts that are surely in a language.
    said_in: Vec<(&'static str, Locale)>,
    heard: Mutex<Vec<(Locale, Option<Conversation>)>>,
}

impl Interpreter for Listening {
    fn interpret(&self, heard: &Heard<'_>) -> Understood {
        self.heard.lock().push((heard.locale, heard.before.cloned()));
        let meaning = self.meanings.iter().find(|(text, _)| *text == heard.text).map(|(_, meaning)| meaning.clone());
        let locale = self.said_in.iter().find(|(text, _)| *text == heard.text).map(|(_, locale)| *locale);
        Understood { meaning: meaning.unwrap_or(Interpretation::NotUnderstood), locale }
    }
}

impl Listening {
    /// The language and the conversation of the last text.
    fn last(&self) -> (Locale, Option<Conversation>) {
        self.heard.lock().last().cloned().unwrap()
    }
}

/// A world whose interpreter listens.
fn listening(meanings: Vec<(&'static str, Interpretation)>, said_in: Vec<(&'static str, Locale)>) -> Talk {
    let ears = Arc::new(Listening { meanings, said_in, heard: Mutex::default() });
    let world = world_with(|parts| parts.interpreter = ears.clone());
    Talk { world, ears }
}

struct Talk {
    world: World,
    ears: Arc<Listening>,
}

impl Talk {
    async fn say(&self, text: &str) -> Answered {
        self.world.desk.handle(said(text)).await
    }

    /// The one conversation that is remembered.
    fn remembered(&self) -> Conversation {
        let all = self.world.talks.all.lock();
        assert_eq!(all.len(), 1);
        all.values().next().unwrap().0.clone()
    }
}

const ID: &str = "0123456789abcdef";

fn said(text: &str) -> Request {
    Request { conversation: Some(ConversationId::new(ID)), ..request(Content::Text(text.into())) }
}

fn code(text: &str) -> ProcedureCode {
    ProcedureCode::parse(text).unwrap()
}

fn birth(focus: impl Into<Focuses>) -> Interpretation {
    Interpretation::Act(Action::show(code("1.001193"), focus))
}

fn ask(kind: QuestionKind, choices: Vec<Action>) -> Interpretation {
    Interpretation::Ask(Arc::new(Question { kind, choices }))
}

#[tokio::test]
async fn the_next_question_hears_what_the_last_one_was_about() {
    let both = Focuses::from(Focus::Fee).with(Focus::Papers);
    let talk = listening(vec![("phí và giấy tờ khai sinh", birth(both)), ("bao lâu", birth(Focus::Time))], vec![]);
    talk.say("phí và giấy tờ khai sinh").await;
    assert_eq!(talk.ears.last(), (Locale::VI, None), "there is nothing before the first question");
    talk.say("bao lâu").await;
    let (_, before) = talk.ears.last();
    let before = before.unwrap();
    assert_eq!((before.procedure(), before.focus()), (Some(code("1.001193")), both));
    assert_eq!((before.subject, before.turns), (Subject::Procedure, 1));
    let after = talk.remembered();
    assert_eq!((after.focus(), after.turns), (Focuses::from(Focus::Time), 2));
}

#[tokio::test]
async fn the_procedures_spoken_of_are_remembered_latest_first_and_never_twice() {
    let adoption = Interpretation::Act(Action::show(code("2.001263"), Focus::Overview));
    let talk = listening(vec![("khai sinh", birth(Focus::Overview)), ("con nuôi", adoption)], vec![]);
    for text in ["khai sinh", "con nuôi", "khai sinh"] {
        talk.say(text).await;
    }
    assert_eq!(talk.remembered().procedures, ["1.001193", "2.001263"]);
}

#[tokio::test]
async fn what_was_offered_is_remembered_in_its_order() {
    let choices = vec![
        Action::show(code("2.001263"), Focus::Fee),
        Action::ListAgencies,
        Action::TrackDossier { number: number(MINE) },
        Action::DiscloseDossier { number: number(MINE), proof: Proof::IdLastFour(LastFour::parse("1234").unwrap()) },
    ];
    let talk = listening(vec![("thủ tục", ask(QuestionKind::WhichProcedure, choices))], vec![]);
    talk.say("thủ tục").await;
    let remembered = talk.remembered();
    assert_eq!((remembered.subject, remembered.focus()), (Subject::Choice, Focus::Fee.into()));
    assert_eq!(
        remembered.choices,
        [
            Choice::Procedure("2.001263".into(), "fee".into()),
            Choice::Other,
            Choice::Dossier(MINE.into()),
            // A proof is never remembered: its place is.
            Choice::Other
        ]
    );
}

#[tokio::test]
async fn a_question_back_tells_what_is_wanted() {
    let wanted = [
        (QuestionKind::NumberMissing, Subject::NumberWanted),
        (QuestionKind::WhichDossier, Subject::NumberWanted),
        (QuestionKind::ProcedureMissing, Subject::ProcedureWanted),
        (QuestionKind::NoneAtLevel(crate::domain::Level::Commune), Subject::Choice),
    ];
    for (kind, subject) in wanted {
        let talk = listening(vec![("?", ask(kind, Vec::new()))], vec![]);
        talk.say("?").await;
        assert_eq!(talk.remembered().subject, subject);
    }
}

#[tokio::test]
async fn the_dossier_stays_the_subject_whether_it_was_found_or_not() {
    let mine = number(MINE);
    let track = Interpretation::Act(Action::TrackDossier { number: mine.clone() });
    let talk = listening(vec![("hồ sơ tôi", track), ("cảm ơn", Interpretation::Act(Action::Thank))], vec![]);
    *talk.world.portal.down.lock() = true;
    assert_eq!(refusal(&talk.say("hồ sơ tôi").await), &RefusalKind::PortalDown);
    let today = jiff::civil::date(2026, 10, 19);
    let spoken_of = |conversation: &Conversation| conversation.dossier(&DossierNumberParser::default(), today);
    assert_eq!(spoken_of(&talk.remembered()), Some(mine.clone()));
    *talk.world.portal.down.lock() = false;
    talk.world.portal.dossiers.lock().insert(mine.clone(), dossier(&mine, "4"));
    assert!(matches!(talk.say("hồ sơ tôi").await.outcome, Ok(Reply::Dossier(_))));
    // A word in passing changes nothing.
    assert!(matches!(talk.say("cảm ơn").await.outcome, Ok(Reply::Thanks)));
    let remembered = talk.remembered();
    assert_eq!((spoken_of(&remembered), remembered.subject), (Some(mine), Subject::Dossier));
}

#[tokio::test]
async fn a_keyword_or_a_button_belongs_to_the_conversation_too() {
    let talk = listening(vec![("phí bao nhiêu", birth(Focus::Fee))], vec![]);
    let button = Request { conversation: Some(ConversationId::new(ID)), ..track(&number(MINE)) };
    talk.world.desk.handle(button).await;
    talk.say("phí bao nhiêu").await;
    let before = talk.ears.last().1.unwrap();
    assert_eq!((before.subject, before.dossier.as_deref()), (Subject::Dossier, Some(MINE)));
}

#[tokio::test]
async fn without_a_conversation_nothing_is_remembered() {
    let talk = listening(vec![("khai sinh", birth(Focus::Fee))], vec![]);
    for _ in 0..2 {
        let alone = Request { conversation: None, ..said("khai sinh") };
        assert!(matches!(talk.world.desk.handle(alone).await.outcome, Ok(Reply::Procedure(_))));
        assert_eq!(talk.ears.last().1, None);
    }
    assert!(talk.world.talks.all.lock().is_empty());
}

#[tokio::test]
async fn a_conversation_expires_and_each_turn_prolongs_it() {
    let talk = listening(vec![("khai sinh", birth(Focus::Fee))], vec![]);
    let start: Timestamp = NOW.parse().unwrap();
    let at = |minutes: i64| Request { received_at: start + SignedDuration::from_mins(minutes), ..said("khai sinh") };
    for (minutes, known) in [(0, false), (29, true), (58, true), (88, false), (89, true)] {
        talk.world.desk.handle(at(minutes)).await;
        assert_eq!(talk.ears.last().1.is_some(), known, "{minutes}");
    }
}

#[tokio::test]
async fn a_broken_store_costs_the_thread_and_never_the_answer() {
    let talk = listening(vec![("khai sinh", birth(Focus::Fee))], vec![]);
    talk.say("khai sinh").await;
    *talk.world.talks.broken.lock() = true;
    assert!(matches!(talk.say("khai sinh").await.outcome, Ok(Reply::Procedure(_))));
    assert_eq!(talk.ears.last().1, None);
    // Without a memory nobody can say that it is the second time.
    for _ in 0..3 {
        assert_eq!(refusal(&talk.say("ơ kìa").await), &RefusalKind::NotUnderstood);
    }
    *talk.world.talks.broken.lock() = false;
    talk.say("khai sinh").await;
    assert_eq!(talk.ears.last().1.unwrap().turns, 1, "the thread goes on where it was");
}

/// A store that never answers.
struct Silent;

#[async_trait]
impl Conversations for Silent {
    async fn recall(&self, _: KeyedHash, _: Timestamp) -> Result<Option<Conversation>, StoreError> {
        std::future::pending().await
    }

    async fn remember(&self, _: KeyedHash, _: &Conversation, _: Timestamp) -> Result<(), StoreError> {
        std::future::pending().await
    }

    async fn forget(&self, _: KeyedHash) -> Result<(), StoreError> {
        std::future::pending().await
    }
}

#[tokio::test]
async fn a_silent_store_is_not_waited_for_longer_than_a_little() {
    let world = world_with(|parts| parts.conversations = Arc::new(Silent));
    world.interpreter.0.lock().insert("khai sinh".into(), birth(Focus::Fee));
    assert!(matches!(world.desk.handle(said("khai sinh")).await.outcome, Ok(Reply::Procedure(_))));
    let took = world.clock_now().duration_since(NOW.parse().unwrap());
    assert!(took <= SignedDuration::from_secs(2), "{took}");
}

#[tokio::test]
async fn after_two_questions_that_were_not_understood_a_person_is_offered() {
    let talk = listening(vec![("khai sinh", birth(Focus::Fee))], vec![]);
    let loops = |answered: &Answered| {
        matches!(&answered.outcome, Ok(Reply::Person(PersonReply { after_misunderstandings: true, .. })))
    };
    assert_eq!(refusal(&talk.say("a b c").await), &RefusalKind::NotUnderstood);
    assert!(loops(&talk.say("d e f").await));
    assert!(loops(&talk.say("g h i").await), "and again, as long as it goes on");
    talk.say("khai sinh").await;
    assert_eq!(talk.remembered().misunderstood, 0);
    assert_eq!(refusal(&talk.say("a b c").await), &RefusalKind::NotUnderstood, "a good answer in between resets");
    assert_eq!(talk.remembered().procedure(), Some(code("1.001193")), "and what was spoken of stays");
}

#[tokio::test]
async fn words_that_find_no_procedure_are_not_understood_either() {
    let query = ProcedureQuery { text: "nuôi rồng".into(), limit: 5, ..ProcedureQuery::default() };
    let find = Interpretation::Act(Action::FindProcedures { query, focus: Focuses::OVERVIEW });
    let talk = listening(vec![("nuôi rồng", find)], vec![]);
    assert_eq!(refusal(&talk.say("nuôi rồng").await), &RefusalKind::NotUnderstood);
    assert!(matches!(talk.say("nuôi rồng").await.outcome, Ok(Reply::Person(_))));
}

#[tokio::test]
async fn a_portal_that_is_down_is_no_misunderstanding() {
    let track = Interpretation::Act(Action::TrackDossier { number: number(MINE) });
    let talk = listening(vec![("hồ sơ tôi", track)], vec![]);
    *talk.world.portal.down.lock() = true;
    talk.say("a b c").await;
    talk.say("hồ sơ tôi").await;
    assert_eq!(refusal(&talk.say("a b c").await), &RefusalKind::NotUnderstood);
}

/// A text with the road's language, and the language that the answer is to have.
async fn speaks(talk: &Talk, text: &str, road: Locale, answered_in: Locale) {
    let answered = talk.world.desk.handle(Request { locale: road, ..said(text) }).await;
    assert_eq!(answered.locale, answered_in, "{text} on a road that says {road}");
    assert_eq!(talk.world.audit.rows.lock().last().unwrap().locale, answered_in);
}

#[tokio::test]
async fn who_writes_in_another_language_goes_on_in_it_and_may_come_back() {
    let (vi, en) = (Locale::VI, Locale::EN);
    let talk = listening(vec![], vec![("which papers", en), ("giấy tờ gì", vi)]);
    speaks(&talk, "lệ phí", vi, vi).await;
    speaks(&talk, "which papers", vi, en).await;
    speaks(&talk, "ok", vi, en).await;
    assert_eq!(talk.ears.last().0, en, "the interpreter hears in which language it goes on");
    // Back, by writing …
    speaks(&talk, "giấy tờ gì", vi, vi).await;
    speaks(&talk, "ok", vi, vi).await;
    // … and there again.
    speaks(&talk, "which papers", vi, en).await;
    speaks(&talk, "2", vi, en).await;
}

#[tokio::test]
async fn who_switches_the_app_is_answered_in_the_apps_language_at_once() {
    let (vi, en) = (Locale::VI, Locale::EN);
    let talk = listening(vec![], vec![("which papers", en), ("giấy tờ gì", vi)]);
    // The app is Vietnamese, the citizen is not.
    speaks(&talk, "which papers", vi, en).await;
    // The app is switched to English, later to Vietnamese.
    speaks(&talk, "ok", en, en).await;
    speaks(&talk, "ok", vi, vi).await;
    speaks(&talk, "which papers", vi, en).await;
    // The same with a button.
    let button = Request { conversation: Some(ConversationId::new(ID)), ..request(Content::Action(Action::Help)) };
    assert_eq!(talk.world.desk.handle(Request { locale: vi, ..button.clone() }).await.locale, en);
    assert_eq!(talk.world.desk.handle(Request { locale: en, ..button.clone() }).await.locale, en);
    assert_eq!(talk.world.desk.handle(Request { locale: vi, ..button }).await.locale, vi);
}

#[tokio::test]
async fn a_road_that_listens_to_the_words_learns_nothing_from_a_number() {
    // A text message says no language: the channel guesses from its words, and
    // Vietnamese is its guess where there are none.
    let (vi, en) = (Locale::VI, Locale::EN);
    let talk = listening(vec![], vec![]);
    speaks(&talk, "birth certificate fee", en, en).await;
    for number in ["2", "1.001193", MINE, "?"] {
        speaks(&talk, number, vi, en).await;
    }
    speaks(&talk, "giay khai sinh", vi, vi).await;
    speaks(&talk, "2", vi, vi).await;
}

#[tokio::test]
async fn without_a_conversation_the_words_decide_for_their_own_answer_alone() {
    let talk = listening(vec![], vec![("which papers", Locale::EN)]);
    for (text, locale) in [("which papers", Locale::EN), ("lệ phí", Locale::VI)] {
        let alone = Request { conversation: None, ..said(text) };
        assert_eq!(talk.world.desk.handle(alone).await.locale, locale);
    }
}

#[tokio::test]
async fn nothing_personal_is_in_a_conversation() {
    let text = "tôi là Nguyễn Thị Bưởi, 0912345678, cccd 074190001234, hồ sơ của tôi";
    let mine = number(MINE);
    let proof = Proof::IdLastFour(LastFour::parse("1234").unwrap());
    let disclose = Interpretation::Act(Action::DiscloseDossier { number: mine.clone(), proof: proof.clone() });
    let query = ProcedureQuery { text: "Đăng ký".into(), limit: 5, ..ProcedureQuery::default() };
    let find = Interpretation::Act(Action::FindProcedures { query: query.clone(), focus: Focuses::OVERVIEW });
    let offered = ask(
        QuestionKind::WhichProcedure,
        vec![
            Action::FindProcedures { query: ProcedureQuery { text: text.into(), ..query }, focus: Focuses::OVERVIEW },
            Action::DiscloseDossier { number: mine.clone(), proof },
            Action::Subscribe { number: mine.clone(), proof: None, words: text.into() },
        ],
    );
    let talk = listening(vec![(text, disclose), ("Đăng ký của Bưởi", find), ("Bưởi hỏi", offered)], vec![]);
    talk.world.portal.dossiers.lock().insert(mine.clone(), dossier(&mine, "5"));
    let sender = Sender::Phone(Phone::parse("0912345678").unwrap());
    let mut written = String::new();
    for words in [text, "Đăng ký của Bưởi", "Bưởi hỏi", "0912345678 nói gì cũng không hiểu", text] {
        let conversation = Some(ConversationId::new(&sender.key()));
        talk.world.desk.handle(Request { sender: sender.clone(), conversation, ..said(words) }).await;
        let all = talk.world.talks.all.lock();
        let (hash, (conversation, _)) = all.iter().next().unwrap();
        written.push_str(&format!("{hash:?} {conversation:?} {}\n", serde_json::to_string(conversation).unwrap()));
    }
    assert!(written.contains(MINE) && written.contains("1.001193"), "{written}");
    // Without the dossier's number, which is remembered.
    let written = written.replace(MINE, "");
    for private in ["Bưởi", "Nguyễn", "912345678", "074190001234", "1234", "giấy chứng sinh", "Đăng ký", "8000", "hỏi"]
    {
        assert!(!written.contains(private), "{private} in {written}");
    }
    let logged = format!("{:?} {:?}", talk.remembered(), ConversationId::new("0912345678"));
    assert!(!logged.contains(MINE) && !logged.contains("0912345678"), "{logged}");
}

#[tokio::test]
async fn the_same_id_on_two_channels_or_of_two_providers_is_two_conversations() {
    let talk = listening(vec![("khai sinh", birth(Focus::Fee))], vec![]);
    let roads = [(Channel::Mobile, "api"), (Channel::Sms, "api"), (Channel::Mobile, "other")];
    for (count, (channel, provider)) in roads.into_iter().enumerate() {
        let come = || Request { channel, provider: Provider::new(provider), ..said("khai sinh") };
        talk.world.desk.handle(come()).await;
        assert_eq!(talk.ears.last().1, None, "{channel:?} {provider}");
        talk.world.desk.handle(come()).await;
        assert!(talk.ears.last().1.is_some());
        assert_eq!(talk.world.talks.all.lock().len(), count + 1);
    }
}

#[tokio::test]
async fn a_flood_buys_neither_understanding_nor_memory() {
    for closed in [LimitedAction::Any, LimitedAction::FreeText] {
        let talk = listening(vec![("khai sinh", birth(Focus::Fee))], vec![]);
        talk.world.gate.closed.lock().insert(closed);
        assert_eq!(refusal(&talk.say("khai sinh").await), &RefusalKind::TooMany);
        assert!(talk.ears.heard.lock().is_empty() && talk.world.talks.all.lock().is_empty());
    }
    // What was understood is still counted as what it is.
    let talk = listening(vec![("khai sinh", birth(Focus::Fee))], vec![]);
    talk.world.gate.closed.lock().insert(LimitedAction::Procedures);
    assert_eq!(refusal(&talk.say("khai sinh").await), &RefusalKind::TooMany);
    assert_eq!(talk.ears.heard.lock().len(), 1);
}

#[tokio::test]
async fn a_replay_is_no_turn() {
    let talk = listening(vec![("khai sinh", birth(Focus::Fee))], vec![]);
    for _ in 0..2 {
        talk.world.desk.handle(Request { message_id: Some("m-1".into()), ..said("khai sinh") }).await;
    }
    assert_eq!(talk.remembered().turns, 1);
}

#[tokio::test]
async fn what_is_meant_kindly_is_answered_kindly() {
    let world = world();
    let answer = async |action: Action| world.desk.handle(request(Content::Action(action))).await.outcome.unwrap();
    assert!(matches!(answer(Action::Greet).await, Reply::Greeting));
    assert!(matches!(answer(Action::Thank).await, Reply::Thanks));
}

#[tokio::test]
async fn what_cannot_be_done_here_yet_is_said_and_so_is_where_to_call() {
    let wishes = [
        (Action::QueueNow { site: None }, Service::Queue),
        (Action::TakeTicket { wish: None }, Service::Ticket),
        (Action::Rate, Service::Rating),
        (Action::Pay, Service::Payment),
    ];
    for hotline in [None, Some("1022")] {
        let world = world_with(|parts| parts.rules.hotline = hotline.map(Into::into));
        for (action, service) in wishes.clone() {
            let answered = world.desk.handle(request(Content::Action(action))).await;
            let Ok(Reply::NotYet(reply)) = &answered.outcome else { panic!("{answered:?}") };
            assert_eq!((reply.service, reply.hotline.as_deref()), (service, hotline));
            let said = answered.said();
            assert_eq!(said.as_str(), format!("not_yet service={}", service.key()));
        }
    }
}

#[tokio::test]
async fn what_is_no_business_of_ours_is_turned_away_with_its_topic() {
    let world = world_with(|parts| parts.rules.hotline = Some("1022".into()));
    for topic in Topic::ALL {
        let answered = world.desk.handle(request(Content::Action(Action::TurnAway { topic }))).await;
        let Ok(Reply::TurnedAway { topic: told, hotline }) = &answered.outcome else { panic!("{answered:?}") };
        assert_eq!((*told, hotline.as_deref()), (topic, Some("1022")));
        assert_eq!(answered.said().as_str(), format!("turned_away topic={}", topic.key()));
        assert_eq!(Topic::from_key(topic.key()), Some(topic));
    }
}

#[test]
fn a_choice_leads_back_to_what_was_offered() {
    let (numbers, today) = (DossierNumberParser::default(), jiff::civil::date(2026, 10, 19));
    let both = Focuses::from(Focus::Papers).with(Focus::Fee);
    let action = |choice: Choice| choice.action(&numbers, today);
    let shown = action(Choice::Procedure("1.001193".into(), both.key()));
    assert!(shown == Some(Action::show(code("1.001193"), both)));
    assert!(action(Choice::Dossier(MINE.into())) == Some(Action::TrackDossier { number: number(MINE) }));
    assert!(action(Choice::Other).is_none());
    // What an older version kept, or what was cut: nothing, never a panic.
    for choice in [Choice::Procedure("x".into(), "fee".into()), Choice::Dossier("x".into())] {
        assert!(action(choice).is_none());
    }
}

#[test]
fn a_conversation_of_another_version_is_still_read() {
    let read: Conversation = serde_json::from_str(r#"{"procedures":["1.001193"],"focus":"papers+new","x":1}"#).unwrap();
    assert_eq!((read.procedure(), read.focus()), (Some(code("1.001193")), Focus::Papers.into()));
    assert_eq!((read.subject, read.locale()), (Subject::None, None));
}

#[test]
fn a_long_id_is_cut_between_letters() {
    let hash = |id: &str| {
        let key = world().hash_key();
        ConversationId::new(id).hash(&request(Content::Text(String::new())), &key)
    };
    assert_eq!(hash(&"ữ".repeat(66)), hash(&"ữ".repeat(500)));
    assert_ne!(hash("a"), hash("b"));
}

#[tokio::test]
async fn many_offers_and_many_procedures_are_bounded() {
    let codes: Vec<ProcedureCode> = (0..12).map(|n| code(&format!("1.{n:06}"))).collect();
    let choices = codes.iter().map(|code| Action::show(code.clone(), Focus::Overview)).collect();
    let talk = listening(vec![("thủ tục", ask(QuestionKind::WhichProcedure, choices))], vec![]);
    talk.say("thủ tục").await;
    assert_eq!(talk.remembered().choices.len(), 8);
    let catalogue = codes.iter().map(|code| Arc::new(procedure(code.as_str(), "Thủ tục", false))).collect();
    let world = world_with(|parts| parts.catalogue = Arc::new(stand_ins::ShortCatalogue(catalogue)));
    for code in codes {
        let show = request(Content::Action(Action::show(code, Focus::Overview)));
        world.desk.handle(Request { conversation: Some(ConversationId::new(ID)), ..show }).await;
    }
    let all = world.talks.all.lock();
    let (kept, _) = all.values().next().unwrap();
    assert_eq!(kept.procedures, ["1.000011", "1.000010", "1.000009", "1.000008"]);
}
