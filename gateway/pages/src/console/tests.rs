//! Roles, sites, forged forms, hostile words, and that an act is written before
//! anything is shown or done.

use std::sync::Arc;

use axum::body::Body;
use gateway_core::domain::{Channel, Locale, OfficerId};
use gateway_core::ports::{Callback, Handover, HandoverReason, HandoverState, KeyedHash, Speaker};
use http::{Request, StatusCode};

use super::stand_ins::{BINH, CUC, HOSTILE, Room, STRANGER, SUPERVISOR, get, handover, held_by, now, post, send};

fn room(handovers: impl IntoIterator<Item = Handover>) -> Arc<Room> {
    let room = Room::default();
    room.handovers.lock().unwrap().extend(handovers);
    Arc::new(room)
}

fn complaint(id: i64) -> Handover {
    Handover { reason: HandoverReason::Complaint, for_supervisor: true, ..handover(id) }
}

#[tokio::test]
async fn nobody_who_is_not_signed_in_sees_anything() {
    let room = room([handover(7)]);
    for path in ["/officers/chats", "/officers/chats/7", "/officers/callbacks", "/officers/load"] {
        let told = get(&room, 0, path).await;
        assert_eq!(told.status, StatusCode::SEE_OTHER, "{path}");
        assert!(told.headers["location"].to_str().unwrap().starts_with("/officers/sign-in"), "{path}");
    }
    assert!(room.taken_order().is_empty());
}

#[tokio::test]
async fn each_officer_sees_the_line_of_their_agencies_and_supervisors_see_complaints_and_colleagues() {
    let room = room([handover(7), complaint(8), held_by(9, CUC), Handover { site: "".into(), ..handover(10) }]);
    let sees = async |officer| {
        let told = get(&room, officer, "/officers/chats").await;
        assert_eq!(told.status, StatusCode::OK);
        [7, 8, 9, 10].map(|id| told.html.contains(&format!("href=\"/officers/chats/{id}\"")))
    };
    assert_eq!(sees(BINH).await, [true, false, false, true]);
    assert_eq!(sees(CUC).await, [true, false, true, true]);
    assert_eq!(sees(STRANGER).await, [false, false, false, true], "what is of no agency is everybody's");
    assert_eq!(sees(SUPERVISOR).await, [true, true, true, true]);
    let told = get(&room, SUPERVISOR, "/officers/chats").await;
    assert!(told.html.contains("Cúc") && told.html.contains("Complaint"), "{}", told.html);
    let part = get(&room, SUPERVISOR, "/officers/chats?part=line").await;
    assert!(part.html.starts_with("<section") && !part.html.contains("<html"), "{}", part.html);
}

#[tokio::test]
async fn a_reading_is_on_disk_before_anything_is_shown() {
    let room = room([handover(7)]);
    room.line(Speaker::Citizen, "xin chào", "");
    let told = get(&room, BINH, "/officers/chats/7").await;
    assert_eq!(told.status, StatusCode::OK);
    assert_eq!(room.taken_order(), ["act chat_read", "lines"]);
    assert!(told.html.contains("xin chào"));
    assert_eq!(told.headers["cache-control"], "private, no-store");

    get(&room, BINH, "/officers/chats/7?part=lines&after=1").await;
    assert_eq!(room.taken_order(), ["lines"], "nothing new is nothing read");
    let part = get(&room, BINH, "/officers/chats/7?part=lines&after=0").await;
    assert!(part.html.contains("xin chào") && room.taken_order() == ["lines", "act chat_read"]);

    *room.deaf.lock().unwrap() = true;
    for path in ["/officers/chats/7", "/officers/chats/7?part=lines&after=0"] {
        let told = get(&room, BINH, path).await;
        assert!(told.status == StatusCode::SERVICE_UNAVAILABLE && !told.html.contains("xin chào"), "{path}");
    }
    let told = post(&room, BINH, "/officers/chats/7/take", &[]).await;
    assert_eq!(told.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(!room.taken_order().contains(&"claim".to_owned()), "what is not recorded is not done");
}

#[tokio::test]
async fn who_does_not_hold_it_reads_only_as_they_may() {
    let room = room([handover(7), complaint(8), held_by(9, CUC)]);
    room.handovers.lock().unwrap().push(Handover { state: HandoverState::Closed, ..handover(11) });
    let status = async |officer, id: i64| get(&room, officer, &format!("/officers/chats/{id}")).await.status;
    let (ok, not, taken) = (StatusCode::OK, StatusCode::FORBIDDEN, StatusCode::CONFLICT);
    assert_eq!((status(BINH, 7).await, status(STRANGER, 7).await, status(SUPERVISOR, 7).await), (ok, not, ok));
    assert_eq!((status(BINH, 8).await, status(SUPERVISOR, 8).await), (not, ok));
    assert_eq!((status(CUC, 9).await, status(BINH, 9).await, status(SUPERVISOR, 9).await), (ok, taken, ok));
    assert_eq!((status(BINH, 11).await, status(SUPERVISOR, 11).await), (taken, ok));
    assert_eq!(status(BINH, 404).await, StatusCode::NOT_FOUND);
    let told = get(&room, BINH, "/officers/chats/9").await;
    assert!(told.html.contains("Cúc holds this conversation now"), "{}", told.html);
    let read_only = get(&room, SUPERVISOR, "/officers/chats/9").await;
    assert!(!read_only.html.contains("say-form") && read_only.html.contains("You only read"));
}

#[tokio::test]
async fn only_the_holder_speaks_and_the_act_comes_first() {
    let room = room([held_by(9, CUC)]);
    for path in ["say", "note", "pass", "close", "dossier"] {
        let fields = [("text", "Chào bác"), ("to", "line"), ("outcome", "solved"), ("number", "x")];
        for (officer, status) in
            [(BINH, StatusCode::CONFLICT), (SUPERVISOR, StatusCode::CONFLICT), (STRANGER, StatusCode::FORBIDDEN)]
        {
            let told = post(&room, officer, &format!("/officers/chats/9/{path}"), &fields).await;
            assert_eq!(told.status, status, "{officer} {path}");
        }
    }
    assert!(room.taken_order().is_empty(), "nothing was done");
    let said = post(&room, CUC, "/officers/chats/9/say", &[("text", " Chào bác "), ("key", "00112233aabbccdd")]).await;
    assert_eq!(
        (said.status, &said.headers["location"]),
        (StatusCode::SEE_OTHER, &"/officers/chats/9".parse().unwrap())
    );
    assert_eq!(room.taken_order(), ["act chat_said", "say Chào bác"]);
    post(&room, CUC, "/officers/chats/9/note", &[("text", "nội bộ"), ("key", "00112233aabbccdd")]).await;
    assert_eq!(room.taken_order(), ["act chat_noted", "note nội bộ"]);
    post(&room, CUC, "/officers/chats/9/say", &[("text", "Chào bác"), ("key", "00112233aabbccdd")]).await;
    post(&room, CUC, "/officers/chats/9/say", &[("text", "Chào bác"), ("key", "00112233aabbccde")]).await;
    let keys = room.keys.lock().unwrap().clone();
    assert_eq!(keys[0], keys[2], "the same form is the same line");
    assert!(keys[0] != keys[1] && keys[0] != keys[3], "a note and another form are others");
    room.taken_order();
    *room.slow.lock().unwrap() = true;
    let late = post(&room, CUC, "/officers/chats/9/say", &[("text", "Chào bác")]).await;
    assert_eq!(late.status, StatusCode::CONFLICT, "the switchboard has the last word");
}

#[tokio::test]
async fn what_is_empty_or_too_long_is_not_said_and_not_lost() {
    let room = room([held_by(9, BINH)]);
    let long = "ô".repeat(2_001);
    for text in ["", "  \n ", &long] {
        let told = post(&room, BINH, "/officers/chats/9/say", &[("text", text)]).await;
        assert_eq!(told.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(told.html.contains("role=\"alert\"") && told.html.contains(text.trim()));
    }
    for (path, field) in [("pass", "to"), ("close", "outcome")] {
        for value in ["", "nobody", "3", "1"] {
            let told = post(&room, BINH, &format!("/officers/chats/9/{path}"), &[(field, value)]).await;
            assert_eq!(told.status, StatusCode::UNPROCESSABLE_ENTITY, "{path} {value}");
        }
    }
    let order = room.taken_order();
    assert!(order.iter().all(|what| ["act chat_read", "lines"].contains(&what.as_str())), "{order:?}");
}

#[tokio::test]
async fn it_is_passed_to_colleagues_who_may_see_it_and_ended_with_a_reason() {
    let room = room([held_by(9, BINH)]);
    let page = get(&room, BINH, "/officers/chats/9").await.html;
    assert!(page.contains("<option value=\"2\">Cúc</option>") && page.contains("<option value=\"4\">Yến</option>"));
    assert!(!page.contains("Dung"), "who may not see the agency is not offered");
    room.taken_order();
    for (to, done) in [("line", "Requeue"), ("supervisor", "ToSupervisor"), ("2", "To(OfficerId(2))")] {
        let told = post(&room, BINH, "/officers/chats/9/pass", &[("to", to)]).await;
        assert_eq!(
            (told.status, &told.headers["location"]),
            (StatusCode::SEE_OTHER, &"/officers/chats".parse().unwrap())
        );
        assert_eq!(room.taken_order(), ["act chat_passed".to_owned(), format!("pass {done}")]);
    }
    post(&room, BINH, "/officers/chats/9/close", &[("outcome", "passed_on")]).await;
    assert_eq!(room.taken_order(), ["act chat_closed", "pass Close { outcome: \"passed_on\" }"]);
}

#[tokio::test]
async fn who_is_not_quick_enough_is_told_so() {
    let room = room([handover(7), complaint(8)]);
    assert_eq!(post(&room, BINH, "/officers/chats/8/take", &[]).await.status, StatusCode::FORBIDDEN);
    assert_eq!(post(&room, STRANGER, "/officers/chats/7/take", &[]).await.status, StatusCode::FORBIDDEN);
    assert!(room.taken_order().is_empty());
    *room.slow.lock().unwrap() = true;
    let told = post(&room, BINH, "/officers/chats/7/take", &[]).await;
    assert!(told.status == StatusCode::CONFLICT && told.html.contains("Cúc holds"), "{}", told.html);
    assert_eq!(room.taken_order(), ["act chat_taken", "claim"]);
    *room.slow.lock().unwrap() = false;
    let told = post(&room, SUPERVISOR, "/officers/chats/8/take", &[]).await;
    assert_eq!(told.headers["location"], "/officers/chats/8");
}

#[tokio::test]
async fn a_form_of_another_page_does_nothing() {
    let room = room([handover(7), held_by(9, BINH)]);
    let paths = ["7/take", "9/say", "9/note", "9/pass", "9/close", "9/dossier", "touch"];
    for path in paths {
        let request = Request::post(format!("/officers/chats/{path}"));
        let told = send(&room, BINH, request.body(Body::from("csrf=00&text=a&to=line&outcome=solved")).unwrap()).await;
        assert_eq!(told.status, StatusCode::FORBIDDEN, "{path}");
    }
    assert!(room.taken_order().is_empty());
}

#[tokio::test]
async fn what_a_citizen_writes_is_inert() {
    let room = room([held_by(9, BINH)]);
    room.line(Speaker::Citizen, HOSTILE, "");
    room.line(Speaker::Assistant, HOSTILE, "track_dossier | dossier status=in_progress next=x | 7K3F");
    room.lines.lock().unwrap()[1].buttons = vec![(HOSTILE.to_owned(), HOSTILE.to_owned())];
    room.line(Speaker::Note, HOSTILE, "");
    let told = get(&room, BINH, "/officers/chats/9").await;
    assert!(
        !told.html.contains("<script>alert") && !told.html.contains("<img src=x") && !told.html.contains('\u{202e}')
    );
    assert_eq!(told.html.matches("<bdi dir=\"auto\">&lt;script&gt;").count(), 4);
    assert!(told.html.contains("Understood: where a dossier is."), "{}", told.html);
    assert!(told.html.contains("Answer code: 7K3F"));
    let draft = post(&room, BINH, "/officers/chats/9/dossier", &[("number", HOSTILE)]).await;
    assert!(draft.status == StatusCode::UNPROCESSABLE_ENTITY && !draft.html.contains("<script>alert"));
    let policy = told.headers["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("script-src 'self'") && !policy.contains("unsafe"));
}

#[tokio::test]
async fn the_owners_view_is_the_owners_until_the_desk_shows_it() {
    let room = room([held_by(9, BINH)]);
    room.line(
        Speaker::Assistant,
        "N. V. A., 20.000 đ",
        "disclose_dossier | disclosed status=in_progress next=x | 7K3F",
    );
    let told = get(&room, BINH, "/officers/chats/9").await;
    assert!(!told.html.contains("N. V. A.") && told.html.contains("for the citizen alone"), "{}", told.html);
    room.taken_order();
    let number = ("number", "000.00.17.H09-210819-0012");
    let told = post(&room, BINH, "/officers/chats/9/dossier", &[number, ("proof", "1234")]).await;
    assert!(told.status == StatusCode::OK && told.html.contains("dossier-answer"), "{}", told.html);
    let order = room.taken_order();
    assert_eq!(order[..2], ["act dossier_read", "desk Action(disclose_dossier) of a:officer/1"]);
    let wrong = post(&room, BINH, "/officers/chats/9/dossier", &[number, ("proof", "12")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    post(&room, BINH, "/officers/chats/9/dossier", &[number, ("proof", "")]).await;
    assert!(room.taken_order().contains(&"desk Action(track_dossier) of a:officer/1".to_owned()));
}

#[tokio::test]
async fn what_was_before_is_told_without_words() {
    let room = room([held_by(9, BINH)]);
    let told = get(&room, BINH, "/officers/chats/9").await;
    assert!(told.html.contains("Solved") && told.html.contains("where a dossier is"), "{}", told.html);
    assert!(told.html.contains("(7K3F)"));
}

#[tokio::test]
async fn ready_answers_are_in_the_citizens_language_and_fill_the_box() {
    let room = room([held_by(9, BINH), Handover { locale: Locale::EN, ..held_by(12, BINH) }]);
    let told = get(&room, BINH, "/officers/chats/9?canned=goodbye").await;
    assert!(told.html.contains("<optgroup label=\"Ending\">"), "{}", told.html);
    let filled = |html: &str, text: &str| html.split("<textarea").nth(1).is_some_and(|rest| rest.contains(text));
    assert!(filled(&told.html, "Kính chào ông/bà.</textarea>"), "{}", told.html);
    assert!(filled(&get(&room, BINH, "/officers/chats/12?canned=goodbye").await.html, "Good-bye.</textarea>"));
    assert!(filled(&get(&room, BINH, "/officers/chats/12?canned=unknown").await.html, "></textarea>"));
}

#[tokio::test]
async fn who_is_there_is_seen_at_all_that_they_hold() {
    let room = room([handover(7), held_by(9, BINH), held_by(10, CUC), held_by(12, BINH)]);
    assert_eq!(post(&room, BINH, "/officers/chats/touch", &[]).await.status, StatusCode::NO_CONTENT);
    assert_eq!(room.taken_order(), ["touch 9 1", "touch 12 1"]);
}

#[tokio::test]
async fn a_number_is_shown_to_whoever_takes_the_call_and_to_nobody_else() {
    let room = room([]);
    room.callbacks.lock().unwrap().push(Callback {
        id: 5,
        conversation: KeyedHash([5; 16]),
        channel: Channel::Zalo,
        phone: "+84912345678".into(),
        locale: Locale::VI,
        at: now(),
        officer: None,
    });
    let shows = async |officer| get(&room, officer, "/officers/callbacks").await.html.contains("+84912345678");
    assert!(!shows(BINH).await && !shows(SUPERVISOR).await);
    assert_eq!(post(&room, BINH, "/officers/callbacks/5/done", &[]).await.status, StatusCode::CONFLICT);
    assert_eq!(post(&room, BINH, "/officers/callbacks/5/take", &[]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(room.taken_order(), ["act callback_taken", "take callback"]);
    assert_eq!(room.callbacks.lock().unwrap()[0].officer, Some(OfficerId(BINH)));
    assert!(shows(BINH).await && !shows(CUC).await && !shows(SUPERVISOR).await);
    assert_eq!(post(&room, CUC, "/officers/callbacks/5/take", &[]).await.status, StatusCode::CONFLICT);
    assert_eq!(post(&room, CUC, "/officers/callbacks/5/done", &[]).await.status, StatusCode::CONFLICT);
    assert_eq!(post(&room, BINH, "/officers/callbacks/5/done", &[]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(room.taken_order(), ["act callback_done", "end callback"]);
}

#[tokio::test]
async fn load_is_for_supervisors() {
    let room = room([]);
    assert_eq!(get(&room, BINH, "/officers/load").await.status, StatusCode::FORBIDDEN);
    assert!(room.taken_order().is_empty());
    let told = get(&room, SUPERVISOR, "/officers/load").await;
    assert!(told.status == StatusCode::OK && told.html.contains("Bình"), "{}", told.html);
    assert_eq!(room.taken_order(), ["act load_read", "load"]);
}

#[tokio::test]
async fn streams_are_for_those_who_may_see() {
    let room = room([handover(7), held_by(9, CUC)]);
    let status = async |officer, path| get(&room, officer, path).await;
    let line = status(BINH, "/officers/chats/events").await;
    assert_eq!((line.status, &line.headers["cache-control"]), (StatusCode::OK, &"private, no-store".parse().unwrap()));
    assert_eq!(line.headers["content-type"], "text/event-stream");
    assert_eq!(status(BINH, "/officers/chats/7/events").await.status, StatusCode::OK);
    assert_eq!(status(STRANGER, "/officers/chats/7/events").await.status, StatusCode::FORBIDDEN);
    assert_eq!(status(BINH, "/officers/chats/9/events").await.status, StatusCode::CONFLICT);
    assert_eq!(status(0, "/officers/chats/events").await.status, StatusCode::SEE_OTHER);
}
