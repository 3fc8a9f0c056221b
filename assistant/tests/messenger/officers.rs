//! Who speaks: the house, or the officer.

use std::sync::Arc;
use std::time::Duration;

use channel_assistant::messenger::Event;
use gateway_core::desk::{Action, DeskHours, PersonReply, Reply};
use gateway_core::domain::{Channel, OfficerId, Phone, WorkingCalendar};
use gateway_core::ports::{Claimed, Clock as _, HandoverId, HandoverState, OfficerMove, Speaker, Switchboard as _};

use crate::stand_ins::Does;
use crate::world::{HELP, World, reads};

const SECOND: Duration = Duration::from_secs(1);
const OFFICER: OfficerId = OfficerId(7);

/// The Desk's way to a person, at nine in the morning of a working day.
fn person(world: &World) -> Does {
    let hours = DeskHours::at(&Arc::new(WorkingCalendar::default()), None, world.clock.now());
    assert!(hours.open_now);
    let reply = Reply::Person(PersonReply { after_misunderstandings: false, hours, callback: true });
    Does::Understand(Action::TalkToPerson, reply)
}

async fn in_line(world: &World, chat: &str) -> HandoverId {
    world.desk_does("officer", [person(world)]);
    world.event(Channel::Zalo, "oa", chat, "asks", Event::Said("officer".into()), Duration::ZERO).await;
    world.settled().await;
    world.waiters.rows.lock().last().unwrap().id
}

#[tokio::test(start_paused = true)]
async fn while_an_officer_holds_a_conversation_the_house_is_silent() {
    let world = World::new();
    let id = in_line(&world, "an").await;
    assert_eq!(world.messenger.claim(id, OFFICER).await.unwrap(), Claimed::Yes);
    world.settled().await;
    world.says("an", "my id is 074085001234").await;
    world.settled().await;
    reads(&world.got("an"), &["Đã báo cán bộ", "Cán bộ đã vào"]);
    assert_eq!(world.asked(), ["officer"], "the Desk is not asked");
    let said = world.database.said_by(Speaker::Citizen);
    assert_eq!(said.last().unwrap().text, "my id is 074085001234", "the officer reads it as it was written");
    let close = OfficerMove::Close { outcome: "answered".into() };
    assert!(world.messenger.pass(id, OFFICER, close).await.unwrap());
    world.says("an", "thanks").await;
    world.settled().await;
    assert_eq!(world.asked(), ["officer", "thanks"], "and now the house speaks again");
}

#[tokio::test(start_paused = true)]
async fn an_answer_under_way_when_an_officer_comes_is_not_said() {
    let world = World::new();
    let id = in_line(&world, "an").await;
    world.desk_does("slow", [Does::Take(SECOND * 5)]);
    world.says("an", "slow").await;
    world.pass(SECOND * 2).await;
    world.messenger.claim(id, OFFICER).await.unwrap();
    world.settled().await;
    reads(&world.got("an"), &["Đã báo cán bộ", "Cán bộ đã vào"]);
    let house = world.database.said_by(Speaker::Assistant);
    assert_eq!(house.len(), 1, "nor does it stand in the transcript");
    assert_eq!(world.database.said_by(Speaker::Citizen).len(), 2, "but the question does");
}

#[tokio::test(start_paused = true)]
async fn whoever_is_in_the_line_goes_on_asking_and_may_leave_it() {
    let world = World::new();
    in_line(&world, "an").await;
    world.says("an", "meanwhile").await;
    world.settled().await;
    reads(&world.got("an"), &["Đã báo cán bộ", HELP]);
    world.desk_does("no officer", [Does::Understand(Action::LeaveLine, Reply::LeftLine)]);
    world.says("an", "no officer").await;
    world.settled().await;
    assert_eq!(world.waiters.rows.lock()[0].state, HandoverState::Closed);
}

#[tokio::test(start_paused = true)]
async fn an_officer_who_is_gone_leaves_the_citizen_to_the_next() {
    let world = World::new();
    let id = in_line(&world, "an").await;
    world.messenger.claim(id, OFFICER).await.unwrap();
    world.pass(SECOND * 135).await;
    assert_eq!(world.waiters.rows.lock()[0].state, HandoverState::Waiting);
    world.pass(SECOND * 3_700).await;
    world.settled().await;
    reads(&world.got("an"), &["Đã báo cán bộ", "Cán bộ đã vào", "cán bộ kế tiếp", "chưa có cán bộ nào"]);
}

#[tokio::test(start_paused = true)]
async fn whoever_leaves_the_account_waits_no_more() {
    let world = World::new();
    in_line(&world, "an").await;
    let phone = Phone::parse("0912345678").unwrap();
    world.desk_does("call me", [Does::Understand(Action::TalkToPerson, Reply::CallbackNoted { phone })]);
    world.says("an", "call me").await;
    world.settled().await;
    assert_eq!(world.waiters.callbacks.lock().len(), 1);
    world.event(Channel::Zalo, "oa", "an", "gone", Event::Left, Duration::ZERO).await;
    world.settled().await;
    assert_eq!(world.waiters.rows.lock()[0].state, HandoverState::Closed);
    assert!(world.waiters.callbacks.lock().is_empty());
}
