//! Linking channels as stories: both sides prove themselves, and nobody sees
//! more of a dossier for it.

use std::time::Duration;

use super::super::{AskedAbout, Audience, LINK_CONSENT, LinkAction, LinkReply, LinkedWith, MyRequestsReply};
use super::stand_ins::{NOW, World, world, world_with};
use super::*;
use crate::domain::OneTimeCode;
use crate::ports::{Clock as _, Links as _, PastRequest, Subject};

const OWN: &str = "0912345678";
const OTHER: &str = "0987654321";

/// A citizen at a messenger.
fn at(world: &World, channel: Channel, account: &str, action: Action) -> Request {
    let now = world.clock.now();
    Request {
        channel,
        sender: Sender::Account(account.into()),
        assurance: SenderAssurance::Provider,
        received_at: now,
        deadline: now + SignedDuration::from_secs(5),
        ..request(Content::Action(action))
    }
}

fn at_zalo(world: &World, account: &str, action: LinkAction) -> Request {
    at(world, Channel::Zalo, account, Action::Link(action))
}

fn by_phone(world: &World, phone: &str, action: Action) -> Request {
    Request {
        channel: Channel::Sms,
        sender: Sender::Phone(Phone::parse(phone).unwrap()),
        ..at(world, Channel::Sms, "-", action)
    }
}

fn ask_for(phone: &str) -> LinkAction {
    LinkAction::Phone { phone: Some(Phone::parse(phone).unwrap()), words: format!("liên kết số {phone}").into() }
}

fn send_back(code: &OneTimeCode) -> LinkAction {
    LinkAction::Confirm { code: code.clone(), words: code.digits().into() }
}

fn link_reply(answered: &Answered) -> &LinkReply {
    match &answered.outcome {
        Ok(Reply::Link(reply)) => reply,
        other => panic!("{other:?}"),
    }
}

/// The code of the last message, and the phone that got it.
fn last_code(world: &World) -> (OneTimeCode, Phone) {
    let said = world.letters.said.lock();
    let last = said.last().unwrap();
    match &last.subject {
        Subject::LinkCode { code, .. } => (code.clone(), last.to.clone()),
        other => panic!("{other:?}"),
    }
}

async fn say(world: &World, account: &str, action: LinkAction) -> LinkReply {
    link_reply(&world.desk.handle(at_zalo(world, account, action)).await).clone()
}

/// Links the account and the phone as a citizen would.
async fn linked(world: &World, account: &str, phone: &str) {
    assert!(matches!(say(world, account, ask_for(phone)).await, LinkReply::CodeSent { minutes: 10, .. }));
    let (code, to) = last_code(world);
    assert_eq!(to, Phone::parse(phone).unwrap());
    let linked = say(world, account, send_back(&code)).await;
    assert!(matches!(linked, LinkReply::Linked { .. }), "{linked:?}");
}

#[tokio::test]
async fn a_code_that_comes_back_links_and_the_consent_is_written_down() {
    let world = world();
    let sent = say(&world, "zalo/oa/1", ask_for(OWN)).await;
    assert_eq!(sent, LinkReply::CodeSent { phone: Phone::parse(OWN).unwrap(), minutes: 10 });
    let (code, _) = last_code(&world);
    assert_eq!(
        say(&world, "zalo/oa/1", send_back(&code)).await,
        LinkReply::Linked { phone: "09xx xxx 678".into(), replaced: false }
    );
    let links = world.ties.links.lock().clone();
    assert_eq!((links.len(), links[0].consent.as_str(), links[0].since), (1, LINK_CONSENT, world.clock_now()));
    assert_eq!(links[0].phone, world.hash_key().hash("phone", "+84912345678"));
    assert_eq!(world.ties.words.lock()[0], format!("liên kết số {OWN} / {}", code.digits()));
    assert_eq!(say(&world, "zalo/oa/1", send_back(&code)).await, LinkReply::NoCode, "good once");
    let shown = say(&world, "zalo/oa/1", LinkAction::Show).await;
    let LinkReply::Shown(shown) = shown else { panic!("{shown:?}") };
    assert_eq!(shown[0].with, LinkedWith::Phone("09xx xxx 678".into()));
}

#[tokio::test]
async fn somebody_elses_phone_is_not_linked_without_its_code() {
    let world = world();
    say(&world, "zalo/oa/thief", ask_for(OWN)).await;
    let (code, _) = last_code(&world);
    for left in (1..5).rev() {
        let wrong = say(&world, "zalo/oa/thief", send_back(&OneTimeCode::from_bits(999_999))).await;
        assert_eq!(wrong, LinkReply::WrongCode { left });
    }
    let fifth = say(&world, "zalo/oa/thief", send_back(&OneTimeCode::from_bits(999_998))).await;
    assert_eq!(fifth, LinkReply::NoCode);
    assert_eq!(say(&world, "zalo/oa/thief", send_back(&code)).await, LinkReply::NoCode, "spent by five tries");
    assert!(world.ties.links.lock().is_empty());
}

#[tokio::test]
async fn a_code_links_the_account_that_asked_for_it_and_nobody_else() {
    let world = world();
    say(&world, "zalo/oa/1", ask_for(OWN)).await;
    let (code, _) = last_code(&world);
    assert_eq!(say(&world, "zalo/oa/2", send_back(&code)).await, LinkReply::NoCode);
    say(&world, "zalo/oa/2", ask_for(OTHER)).await;
    assert!(matches!(say(&world, "zalo/oa/2", send_back(&code)).await, LinkReply::WrongCode { .. }));
    // A second number in place of the first: the first one's code is worth nothing.
    world.clock.move_by(Duration::from_secs(61));
    say(&world, "zalo/oa/1", ask_for(OTHER)).await;
    assert!(matches!(say(&world, "zalo/oa/1", send_back(&code)).await, LinkReply::WrongCode { left: 4 }));
    assert!(world.ties.links.lock().is_empty());
}

#[tokio::test]
async fn a_code_ends_after_ten_minutes() {
    let world = world();
    say(&world, "zalo/oa/1", ask_for(OWN)).await;
    let (code, _) = last_code(&world);
    world.clock.move_by(Duration::from_secs(601));
    assert_eq!(say(&world, "zalo/oa/1", send_back(&code)).await, LinkReply::NoCode);
}

#[tokio::test]
async fn codes_are_few_and_the_answer_sounds_and_takes_the_same() {
    let world = world();
    for account in ["zalo/oa/1", "zalo/oa/2", "zalo/oa/3", "zalo/oa/4"] {
        let before = world.clock_now();
        let said = say(&world, account, ask_for(OWN)).await;
        assert!(matches!(said, LinkReply::CodeSent { .. }), "{said:?}");
        assert_eq!(world.clock_now().duration_since(before), SignedDuration::from_millis(700));
    }
    assert_eq!(world.letters.sent.lock().len(), 3, "three a day to one phone, whoever asks");
    for _ in 0..8 {
        world.clock.move_by(Duration::from_secs(61));
        assert!(matches!(say(&world, "zalo/oa/9", ask_for(OTHER)).await, LinkReply::CodeSent { .. }));
    }
    assert_eq!(world.letters.sent.lock().len(), 6);
    assert_eq!(say(&world, "zalo/oa/9", ask_for("02743822123")).await, LinkReply::NotAMobile);
}

#[tokio::test]
async fn a_contact_links_only_after_the_consent_was_asked_for() {
    let world = world();
    let press = || {
        let contact = LinkAction::Contact { phone: Phone::parse(OWN).unwrap() };
        at(&world, Channel::Telegram, "telegram/bot/1", Action::Link(contact))
    };
    let unasked = world.desk.handle(press()).await;
    assert_eq!(link_reply(&unasked), &LinkReply::Offered { by_code: true, by_contact: true });
    assert!(world.ties.links.lock().is_empty(), "nobody has consented");
    let pressed = world.desk.handle(press()).await;
    assert_eq!(link_reply(&pressed), &LinkReply::Linked { phone: "09xx xxx 678".into(), replaced: false });
    let offer = at_zalo(&world, "zalo/oa/1", LinkAction::Phone { phone: None, words: "liên kết".into() });
    let offered = world.desk.handle(offer).await;
    assert_eq!(link_reply(&offered), &LinkReply::Offered { by_code: true, by_contact: false });
}

#[tokio::test]
async fn in_groups_and_where_nobody_vouches_nothing_is_linked() {
    let world = world();
    let group = Request { audience: Audience::Group, ..at_zalo(&world, "zalo/oa/1", ask_for(OWN)) };
    assert_eq!(link_reply(&world.desk.handle(group).await), &LinkReply::OnlyPrivately);
    let group = Request { audience: Audience::Group, ..at(&world, Channel::Zalo, "zalo/oa/1", Action::MyRequests) };
    assert_eq!(link_reply(&world.desk.handle(group).await), &LinkReply::OnlyPrivately);
    let claimed = Request { assurance: SenderAssurance::Claimed, ..at_zalo(&world, "zalo/oa/1", ask_for(OWN)) };
    assert_eq!(link_reply(&world.desk.handle(claimed).await), &LinkReply::NotHere);
    for channel in [Channel::Webchat, Channel::Mobile, Channel::Web, Channel::Kiosk, Channel::Terminal] {
        let asked = at(&world, channel, "somebody", Action::Link(ask_for(OWN)));
        assert_eq!(link_reply(&world.desk.handle(asked).await), &LinkReply::NotHere, "{channel:?}");
    }
    let no_road = world_with(|parts| parts.notifier = None);
    assert_eq!(say(&no_road, "zalo/oa/1", ask_for(OWN)).await, LinkReply::NoWay);
    let spoofed = Request { assurance: SenderAssurance::Claimed, ..by_phone(&world, OWN, Action::MyRequests) };
    assert_eq!(link_reply(&world.desk.handle(spoofed).await), &LinkReply::NotHere);
    assert!(world.letters.sent.lock().is_empty());
}

#[tokio::test]
async fn a_phone_has_so_many_accounts_and_an_account_one_phone() {
    let world = world();
    for account in ["zalo/oa/1", "zalo/oa/2", "zalo/oa/3"] {
        linked(&world, account, OWN).await;
    }
    world.clock.move_by(Duration::from_secs(24 * 3_600));
    say(&world, "zalo/oa/4", ask_for(OWN)).await;
    let (code, _) = last_code(&world);
    assert_eq!(say(&world, "zalo/oa/4", send_back(&code)).await, LinkReply::TooManyAccounts { most: 3 });
    say(&world, "zalo/oa/3", ask_for(OTHER)).await;
    let (code, _) = last_code(&world);
    assert_eq!(
        say(&world, "zalo/oa/3", send_back(&code)).await,
        LinkReply::Linked { phone: "09xx xxx 321".into(), replaced: true }
    );
    assert_eq!(world.ties.links.lock().len(), 3);
}

#[tokio::test]
async fn either_side_breaks_a_link_by_a_word() {
    let world = world();
    linked(&world, "zalo/oa/1", OWN).await;
    linked(&world, "zalo/oa/2", OWN).await;
    let shown = world.desk.handle(by_phone(&world, OWN, Action::Link(LinkAction::Show))).await;
    let LinkReply::Shown(shown) = link_reply(&shown).clone() else { panic!("{shown:?}") };
    assert_eq!(shown.len(), 2);
    assert!(shown.iter().all(|link| link.with == LinkedWith::Account(Channel::Zalo)));
    let one = by_phone(&world, OWN, Action::Link(LinkAction::Unlink { which: Some(2) }));
    assert_eq!(link_reply(&world.desk.handle(one).await), &LinkReply::Unlinked { count: 1 });
    let left = world.hash_key().hash("account", "zalo/oa/1");
    assert_eq!(world.ties.links.lock()[0].account, left, "the second one was broken");
    let none = by_phone(&world, OWN, Action::Link(LinkAction::Unlink { which: Some(7) }));
    assert_eq!(link_reply(&world.desk.handle(none).await), &LinkReply::Unlinked { count: 0 });
    // Nobody proves anything to be left alone, and nobody breaks another's.
    assert_eq!(say(&world, "zalo/oa/3", LinkAction::Unlink { which: None }).await, LinkReply::Unlinked { count: 0 });
    let all = by_phone(&world, OWN, Action::Link(LinkAction::Unlink { which: None }));
    let all = Request { assurance: SenderAssurance::Claimed, ..all };
    assert_eq!(link_reply(&world.desk.handle(all).await), &LinkReply::Unlinked { count: 1 });
    assert!(world.ties.links.lock().is_empty());
}

fn asked(world: &World, sender: &Sender, action: &str, minute: i64, channel: Channel) {
    let past = PastRequest {
        at: NOW.parse::<jiff::Timestamp>().unwrap() - SignedDuration::from_mins(minute),
        channel,
        action: action.into(),
        outcome: Outcome::Answered,
        locale: Locale::VI,
        answer_code: "7K3F".into(),
        said: "dossier status=in_progress next=wait_for_result".into(),
    };
    world.ties.asked.lock().push((sender.hash(&world.hash_key()), past));
}

#[tokio::test]
async fn my_requests_are_those_of_both_sides_and_of_no_third_one() {
    let world = world();
    let phone = Sender::Phone(Phone::parse(OWN).unwrap());
    let [first, second] = ["zalo/oa/1", "zalo/oa/2"].map(|account| Sender::Account(account.into()));
    asked(&world, &phone, "track_dossier", 30, Channel::Sms);
    asked(&world, &first, "show_procedure", 20, Channel::Zalo);
    asked(&world, &first, "greet", 19, Channel::Zalo);
    asked(&world, &second, "free_text", 10, Channel::Zalo);
    let my_requests = async |request: Request| match world.desk.handle(request).await.outcome {
        Ok(Reply::MyRequests(reply)) => reply,
        other => panic!("{other:?}"),
    };
    let told = |reply: &MyRequestsReply| reply.requests.iter().map(|one| one.about).collect::<Vec<_>>();
    let before = my_requests(at(&world, Channel::Zalo, "zalo/oa/1", Action::MyRequests)).await;
    assert_eq!((told(&before), before.linked), (vec![AskedAbout::Procedures], false));
    linked(&world, "zalo/oa/1", OWN).await;
    linked(&world, "zalo/oa/2", OWN).await;
    let own = my_requests(at(&world, Channel::Zalo, "zalo/oa/1", Action::MyRequests)).await;
    assert_eq!((told(&own), own.linked), (vec![AskedAbout::Procedures, AskedAbout::Dossier], true));
    let of_phone = my_requests(by_phone(&world, OWN, Action::MyRequests)).await;
    assert_eq!(told(&of_phone), [AskedAbout::Unclear, AskedAbout::Procedures, AskedAbout::Dossier]);
    say(&world, "zalo/oa/1", LinkAction::Unlink { which: None }).await;
    let after = my_requests(at(&world, Channel::Zalo, "zalo/oa/1", Action::MyRequests)).await;
    assert_eq!(told(&after), [AskedAbout::Procedures]);
}

#[tokio::test]
async fn a_link_opens_no_dossier() {
    let (world, mine) = with_mine("5");
    // The registered phone itself is linked to the account.
    linked(&world, "zalo/oa/1", OWN).await;
    let looks = *world.ties.looks.lock();
    let try_proof = async |proof: Proof, channel: Channel| {
        let action = Action::DiscloseDossier { number: mine.clone(), proof };
        world.desk.handle(at(&world, channel, "zalo/oa/1", action)).await
    };
    for proof in [Proof::SenderPhone, Proof::IdLastFour(LastFour::parse("0000").unwrap())] {
        let answered = try_proof(proof, Channel::Zalo).await;
        assert_eq!(refusal(&answered), &RefusalKind::NotDisclosed);
    }
    let public = at(&world, Channel::Zalo, "zalo/oa/1", Action::TrackDossier { number: mine.clone() });
    let answered = world.desk.handle(public).await;
    let Ok(Reply::Dossier(reply)) = &answered.outcome else { panic!("{answered:?}") };
    assert!(reply.more_with_proof);
    let watch = Action::Subscribe { number: mine.clone(), proof: None, words: "báo".into() };
    let answered = world.desk.handle(at(&world, Channel::Zalo, "zalo/oa/1", watch)).await;
    assert_eq!(refusal(&answered), &RefusalKind::NotOnThisChannel, "the account has no phone for a notice");
    assert_eq!(*world.ties.looks.lock(), looks, "no rule of disclosure looks at links");
}

#[tokio::test]
async fn without_the_store_nothing_is_linked_and_nothing_is_claimed() {
    let world = world();
    say(&world, "zalo/oa/1", ask_for(OWN)).await;
    let (code, _) = last_code(&world);
    *world.ties.broken.lock() = true;
    for action in [ask_for(OWN), send_back(&code), LinkAction::Show, LinkAction::Unlink { which: None }] {
        let answered = world.desk.handle(at_zalo(&world, "zalo/oa/1", action)).await;
        assert_eq!(refusal(&answered), &RefusalKind::Internal);
    }
    let answered = world.desk.handle(at(&world, Channel::Zalo, "zalo/oa/1", Action::MyRequests)).await;
    assert_eq!(refusal(&answered), &RefusalKind::Internal);
}

#[tokio::test]
async fn a_link_that_nobody_uses_ends_and_one_that_is_used_goes_on() {
    let world = world();
    linked(&world, "zalo/oa/1", OWN).await;
    world.clock.move_by(Duration::from_secs(300 * 86_400));
    assert!(matches!(say(&world, "zalo/oa/1", LinkAction::Show).await, LinkReply::Shown(links) if links.len() == 1));
    world.clock.move_by(Duration::from_secs(300 * 86_400));
    assert!(matches!(say(&world, "zalo/oa/1", LinkAction::Show).await, LinkReply::Shown(links) if links.len() == 1));
    world.clock.move_by(Duration::from_secs(366 * 86_400));
    assert_eq!(say(&world, "zalo/oa/1", LinkAction::Show).await, LinkReply::Shown(Vec::new()));
    let hash = world.hash_key().hash("account", "zalo/oa/1");
    assert_eq!(world.ties.senders_of(hash, world.clock_now()).await.unwrap(), Vec::new());
}

#[tokio::test]
async fn neither_audit_nor_log_names_phone_or_code() {
    let world = world();
    linked(&world, "zalo/oa/1", OWN).await;
    let (code, _) = last_code(&world);
    let rows = format!("{:?}", world.audit.rows.lock());
    for private in [code.digits(), "912345678", "zalo/oa/1", "678"] {
        assert!(!rows.contains(private), "{private} in {rows}");
    }
    assert!(rows.contains("confirm_link") && rows.contains("link outcome=linked"), "{rows}");
    let action = Action::Link(ask_for(OWN));
    assert_eq!(format!("{action:?} {:?}", at_zalo(&world, "1", ask_for(OWN)).content), "link_phone Action(link_phone)");
}
