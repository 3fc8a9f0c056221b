//! The front page and what its box is answered.

use std::sync::Arc;

use gateway_core::desk::{Action, Content, Focus, Question, QuestionKind, RefusalKind, Reply};
use gateway_core::domain::{Channel, Locale, ProcedureCode};
use http::StatusCode;

use crate::support::{HOSTILE, NUMBER, disclosed, dossier, house_that_refuses, house_that_says, number, one, several};

#[tokio::test]
async fn the_front_page_asks_nothing_of_the_desk() {
    let house = house_that_refuses(RefusalKind::TooMany);
    house.announces("Chiều nay nghỉ <b>", "Closed this afternoon");
    let page = house.get("/").await;
    assert_eq!(page.status, StatusCode::OK);
    for wanted in [
        "action=\"/ask\"",
        "name=\"text\"",
        "href=\"/procedures/1.001193\"",
        "Đăng ký khai sinh",
        "href=\"/procedures?event=child\"",
        "href=\"/chat\"",
        "Giờ làm việc: từ thứ hai đến thứ sáu",
        "href=\"tel:02741022\"",
        "Chiều nay nghỉ &lt;b&gt;",
    ] {
        assert!(page.says(wanted), "{wanted}");
    }
    assert!(!page.says("9.999999"), "what the catalogue does not hold is not offered");
    assert!(!page.says("event=land"), "nor is an event without procedures");
    assert!(house.was_not_asked());
    let english = house.get("/?lang=en").await;
    for wanted in ["What do you need?", "Birth registration", "Closed this afternoon", "Monday to Friday"] {
        assert!(english.says(wanted), "{wanted}");
    }
}

#[tokio::test]
async fn free_words_go_to_the_desk_as_they_are() {
    let house = house_that_says(Ok(Reply::Procedure(one())));
    let page = house.post("/ask", &[("text", "  làm giấy khai sinh  ")]).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.says("Giấy chứng sinh") && page.says("href=\"/procedures/1.001193\""), "{}", page.html);
    let asked = house.asked();
    assert_eq!(asked.channel, Channel::Web);
    assert_eq!(asked.content, Content::Text("làm giấy khai sinh".into()));
    assert!(asked.conversation.is_some());
    // What is chosen or asked next belongs to the same conversation.
    let conversation = page.html.split("name=\"conversation\" value=\"").nth(1).unwrap().get(..16).unwrap().to_owned();
    let again = house.post("/ask", &[("text", "mất bao lâu"), ("conversation", &conversation)]).await;
    assert!(again.says(&format!("value=\"{conversation}\"")));
    let hostile = house.post("/ask", &[("text", "a"), ("conversation", HOSTILE)]).await;
    assert!(!hostile.says("<img src=x"), "a conversation's name is ours");
}

#[tokio::test]
async fn choices_are_buttons_and_links() {
    let code = ProcedureCode::parse("1.001193").unwrap();
    let choices = vec![
        Action::show(code.clone(), Focus::Overview),
        Action::show(code, Focus::Fee),
        Action::TrackDossier { number: number() },
    ];
    let question = Question { kind: QuestionKind::WhichProcedure, choices };
    let page = house_that_says(Ok(Reply::Question(Arc::new(question)))).post("/ask", &[("text", "khai sinh")]).await;
    assert!(page.says("href=\"/procedures/1.001193\""));
    assert!(page.says("value=\"1.001193 lệ phí\"") && page.says("Đăng ký khai sinh: lệ phí"), "{}", page.html);
    assert!(page.says(&format!("value=\"{NUMBER}\"")), "a number is sent as a body");
}

#[tokio::test]
async fn a_number_in_the_box_is_a_look_up() {
    let page = house_that_says(Ok(Reply::Dossier(dossier()))).post("/ask", &[("text", NUMBER)]).await;
    assert!(page.says("Việc cần làm tiếp") && page.says("name=\"digits\""));
    let private = house_that_says(Ok(Reply::Disclosed(Box::new(disclosed()))));
    let page = private.post("/ask", &[("text", &format!("{NUMBER} cccd 7391"))]).await;
    assert!(page.says("N. V. A.") && !page.says("7391"), "what proved something is not repeated");
    assert_eq!(page.header("cache-control"), "private, no-store");
}

#[tokio::test]
async fn a_list_is_linked_and_its_words_stand_in_an_address_only_if_they_tell_nobody() {
    let house = house_that_says(Ok(Reply::Procedures(several(9))));
    let page = house.post("/ask", &[("text", "khai sinh")]).await;
    assert!(page.says("href=\"/procedures?q=khai+sinh\""), "{}", page.html);
    let mut telling = several(9);
    telling.query = "khai sinh 0912345678".into();
    let page = house_that_says(Ok(Reply::Procedures(telling))).post("/ask", &[("text", "khai sinh 0912345678")]).await;
    assert!(!page.attributes("href").iter().any(|address| address.contains("0912345678")));
}

#[tokio::test]
async fn what_was_not_understood_says_so_and_leaves_the_box() {
    let page = house_that_refuses(RefusalKind::NotUnderstood).post("/ask", &[("text", HOSTILE)]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.says("Rất tiếc") && page.says("name=\"text\"") && page.says("&lt;script&gt;"));
    assert!(!page.says("<script>alert") && !page.says("<img src=x"));
    let nothing = house_that_refuses(RefusalKind::NotUnderstood).post("/ask", &[("text", "  ")]).await;
    assert_eq!((nothing.status, nothing.header("location")), (StatusCode::SEE_OTHER, "/"));
}

#[tokio::test]
async fn an_answer_in_another_language_says_which() {
    let house = house_that_says(Ok(Reply::Greeting));
    house.speaks(Locale::EN);
    let page = house.post("/ask", &[("text", "hello")]).await;
    assert!(page.says("<html lang=\"vi\">") && page.says("<section class=\"answer\" lang=\"en\""), "{}", page.html);
}
