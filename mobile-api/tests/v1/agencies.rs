use std::sync::Arc;

use gateway_core::desk::{Action, RefusalKind, Reply};
use gateway_core::domain::{Agency, AgencyPeriod};

use crate::support::{api_that_refuses, api_that_says};

#[tokio::test]
async fn the_agencies_are_listed_and_may_be_kept_for_a_while() {
    let agency = Agency {
        code: "000.00.17.H09".into(),
        name: "Trung tâm Phục vụ hành chính công".into(),
        english: None,
        address: Some("Tầng 1, Tòa nhà Trung tâm hành chính".into()),
        phone: Some("0274 1022".into()),
        valid: AgencyPeriod::default(),
        succeeded_by: None,
    };
    let api = api_that_says(Ok(Reply::Agencies(vec![Arc::new(agency)])));
    let told = api.get("/api/v1/agencies").await;
    assert_eq!(told.status, 200, "{}", told.text);
    assert_eq!(told.header("cache-control"), "public, max-age=300");
    assert_eq!(told.json()["agencies"][0]["code"], "000.00.17.H09");
    assert!(api.action() == Action::ListAgencies);
    let again = api.get_with("/api/v1/agencies", "if-none-match", told.header("etag")).await;
    assert_eq!(again.status, 304);
}

#[tokio::test]
async fn a_refusal_is_a_problem_here_too() {
    let told = api_that_refuses(RefusalKind::TooMany).get("/api/v1/agencies").await;
    assert_eq!((told.status.as_u16(), told.problem().as_str()), (429, "too_many_requests"));
}
