//! When the desks are open, and how a person is reached.

use super::stand_ins::{World, world_with};
use super::*;
use crate::desk::{DeskHours, PersonReply};
use crate::domain::calendar::{CalendarConfig, DayOfWeek};
use crate::domain::{WorkingCalendar, local_datetime};

fn open(config: CalendarConfig, hotline: Option<&str>) -> World {
    world_with(|parts| {
        parts.calendar = Arc::new(WorkingCalendar::new(config).unwrap());
        parts.rules.hotline = hotline.map(Into::into);
    })
}

async fn hours(world: &World, at: &str) -> DeskHours {
    let received_at = format!("{at}:00+07:00").parse().unwrap();
    let asked = Request { received_at, ..request(Content::Action(Action::OpeningHours)) };
    match world.desk.handle(asked).await.outcome {
        Ok(Reply::OpeningHours(hours)) => hours,
        other => panic!("{other:?}"),
    }
}

/// What is told at each moment: open, or when it opens next and whether that is today.
async fn opens(world: &World, moments: &[(&str, Option<(&str, bool)>)]) {
    for (at, opens) in moments {
        let told = hours(world, at).await;
        let opens = opens.map(|(at, today)| (format!("{at}:00+07:00").parse().unwrap(), today));
        assert_eq!(told.open_now, opens.is_none(), "{at}");
        assert_eq!(told.opens_at, opens.map(|(at, _)| local_datetime(at)), "{at}");
        assert_eq!(told.opens_today, opens.is_none_or(|(_, today)| today), "{at}");
    }
}

#[tokio::test]
async fn open_at_lunch_and_after_hours() {
    let world = open(CalendarConfig::default(), Some("1022"));
    opens(
        &world,
        &[
            // Monday.
            ("2026-10-19T06:59", Some(("2026-10-19T07:00", true))),
            ("2026-10-19T07:00", None),
            ("2026-10-19T11:30", None),
            ("2026-10-19T11:31", Some(("2026-10-19T13:30", true))),
            ("2026-10-19T17:00", None),
            ("2026-10-19T17:01", Some(("2026-10-20T07:00", false))),
            ("2026-10-19T23:59", Some(("2026-10-20T07:00", false))),
            // Friday evening and the weekend.
            ("2026-10-23T17:01", Some(("2026-10-26T07:00", false))),
            ("2026-10-24T09:00", Some(("2026-10-26T07:00", false))),
            ("2026-10-25T09:00", Some(("2026-10-26T07:00", false))),
            // Before 2 September, which has a bridge day on Monday, and worked on
            // a Saturday for it.
            ("2026-08-28T18:00", Some(("2026-09-03T07:00", false))),
            ("2026-08-21T18:00", Some(("2026-08-22T07:00", false))),
            ("2026-08-22T15:00", None),
        ],
    )
    .await;
    let told = hours(&world, "2026-10-19T09:00").await;
    assert_eq!(told.hotline.as_deref(), Some("1022"));
    assert_eq!(told.week, [true, true, true, true, true, false, false]);
    assert_eq!((told.sessions.len(), told.saturday_mornings), (2, false));
}

#[tokio::test]
async fn a_saturday_morning_receives_where_the_province_says_so() {
    let world = open(CalendarConfig { saturday_mornings: true, ..CalendarConfig::default() }, None);
    opens(
        &world,
        &[
            ("2026-10-23T17:01", Some(("2026-10-24T07:00", false))),
            ("2026-10-24T06:00", Some(("2026-10-24T07:00", true))),
            ("2026-10-24T11:00", None),
            // No afternoon on a Saturday.
            ("2026-10-24T11:31", Some(("2026-10-26T07:00", false))),
            ("2026-10-24T14:00", Some(("2026-10-26T07:00", false))),
            // Tết takes the whole week, and the Saturday after it receives.
            ("2026-02-14T12:00", Some(("2026-02-21T07:00", false))),
        ],
    )
    .await;
    let told = hours(&world, "2026-10-19T09:00").await;
    assert!(told.saturday_mornings);
    assert_eq!(told.hotline, None);
}

#[tokio::test]
async fn another_weekend_is_told_as_it_is() {
    let config = CalendarConfig {
        weekend: vec![DayOfWeek::Sunday, DayOfWeek::Wednesday],
        saturday_mornings: true,
        makeup_days: Vec::new(),
        ..CalendarConfig::default()
    };
    let world = open(config, None);
    opens(&world, &[("2026-10-20T18:00", Some(("2026-10-22T07:00", false))), ("2026-10-24T15:00", None)]).await;
    let told = hours(&world, "2026-10-19T09:00").await;
    assert_eq!(told.week, [true, true, false, true, true, true, false]);
    assert!(!told.saturday_mornings, "a Saturday that is worked all day is no Saturday morning");
}

#[tokio::test]
async fn a_person_is_reached_by_telephone_and_at_the_desk() {
    for hotline in [None, Some("1022")] {
        let world = open(CalendarConfig::default(), hotline);
        let answered = world.desk.handle(request(Content::Action(Action::TalkToPerson))).await;
        let Ok(Reply::Person(PersonReply { after_misunderstandings: false, hours, callback: false })) =
            &answered.outcome
        else {
            panic!("{answered:?}")
        };
        assert_eq!((hours.open_now, hours.hotline.as_deref()), (true, hotline));
        assert_eq!(answered.said().as_str(), "person");
    }
}
