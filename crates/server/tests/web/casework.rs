//! Folders, notes, alerts and indicators through forms: what is refused, what is shown again, what is in the log.

use axum::http::StatusCode;

use crate::site::{CASE, Site};

fn at(place: &str) -> String {
    format!("/cases/{CASE}/{place}")
}

#[tokio::test]
async fn a_folder_is_made_once_and_an_identifier_in_its_name_is_neither_kept_nor_shown() {
    let site = Site::new().await;
    let mut ivan = site.signed_in("a.ivan").await;
    let (folders, page) = (at("folders"), at("folders"));
    let made = ivan.submit(&page, &folders, &[("name", "to be checked <b>")]).await;
    assert_eq!((made.status, made.location()), (StatusCode::SEE_OTHER, at("folders/1").as_str()), "{}", made.text);
    let shown = ivan.get(&page).await.text;
    assert!(shown.contains("to be checked &#60;b&#62;") && !shown.contains("<b>"), "{shown}");

    let again = ivan.submit(&page, &folders, &[("name", "to be checked <b>")]).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    assert!(again.text.contains("Choose another name."), "{}", again.text);
    let refused = ivan.submit(&page, &folders, &[("name", "+1 202 555 0143")]).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    assert!(!refused.text.contains("0143"), "{}", refused.text);
    let log = site.log().await;
    assert!(log.iter().any(|(kind, record)| kind == "refuse" && record.contains("no-identifier-in-query")));
    assert!(log.iter().all(|(_, record)| !record.contains("0143")));

    assert_eq!(ivan.get(&at("folders/1")).await.status, StatusCode::OK);
    assert_eq!(ivan.get(&at("folders/2")).await.status, StatusCode::NOT_FOUND);
    let capture = model::CaptureId::from_bytes([7; 16]);
    let put = ivan.submit(&page, &at(&format!("captures/{capture}/folders")), &[("folder", "1")]).await;
    assert_eq!(put.status, StatusCode::NOT_FOUND, "the case has no such capture: {}", put.text);
}

#[tokio::test]
async fn an_assessment_says_what_it_rests_on_and_what_was_typed_is_shown_again() {
    let site = Site::new().await;
    let mut ivan = site.signed_in("a.ivan").await;
    let notes = at("notes");
    let typed = [("about", "case"), ("kind", "assessed"), ("text", "the same hands write these")];
    let unfounded = ivan.submit(&notes, &notes, &typed).await;
    assert_eq!(unfounded.status, StatusCode::BAD_REQUEST);
    assert!(unfounded.text.contains("the same hands write these"), "it need not be typed again");
    assert!(unfounded.text.contains("value=\"assessed\" selected"), "{}", unfounded.text);

    let founded =
        [&typed[..], &[("basis", "the wording of six pages"), ("confidence", "low"), ("until", "2027-05-31")]].concat();
    let wrong = [&founded[..5], &[("until", "soon")]].concat();
    assert_eq!(ivan.submit(&notes, &notes, &wrong).await.status, StatusCode::BAD_REQUEST);
    let written = ivan.submit(&notes, &notes, &founded).await;
    assert_eq!((written.status, written.location()), (StatusCode::SEE_OTHER, at("notes#note-1").as_str()));
    let shown = ivan.get(&notes).await.text;
    for said in ["the same hands write these", "the wording of six pages", "Low", "2027-05-31", "a.ivan"] {
        assert!(shown.contains(said), "{said}: {shown}");
    }

    let withdrawal = at("notes/1/withdraw");
    let mut anna = site.signed_in("a.anna").await;
    assert_eq!(anna.submit("/", &withdrawal, &[]).await.status, StatusCode::NOT_FOUND, "a note of somebody else's");
    assert_eq!(ivan.submit(&notes, &withdrawal, &[]).await.status, StatusCode::SEE_OTHER);
    assert!(!ivan.get(&notes).await.text.contains("the same hands"));
}

#[tokio::test]
async fn a_search_is_saved_as_understood_and_forgotten_again() {
    let site = Site::new().await;
    let mut ivan = site.signed_in("a.ivan").await;
    let alerts = at("alerts");
    let wrong = ivan.submit(&alerts, &alerts, &[("name", "nights"), ("q", "harbour AND (night")]).await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
    assert!(wrong.text.contains("character 13") && wrong.text.contains("harbour AND (night"), "{}", wrong.text);
    let saved = ivan.submit(&alerts, &alerts, &[("name", "nights"), ("q", "harbour night"), ("alert", "1")]).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text);
    let shown = ivan.get(&alerts).await.text;
    assert!(shown.contains("harbour AND night") || shown.contains("harbour night"), "{shown}");

    let looked = ivan.submit(&alerts, &at("alerts/1"), &[]).await;
    assert!(looked.status == StatusCode::OK && looked.text.contains("No page has set it off."), "{}", looked.text);
    assert_eq!(ivan.get(&at("alerts/1")).await.status, StatusCode::NOT_FOUND, "looking is an act");
    assert_eq!(ivan.submit(&alerts, &at("alerts/1/forget"), &[]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(ivan.submit(&alerts, &at("alerts/1"), &[]).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_flag_is_decided_with_a_reason_and_only_where_there_is_a_page() {
    let site = Site::new().await;
    let mut ivan = site.signed_in("a.ivan").await;
    let page = ivan.get(&at("indicators")).await;
    assert!(page.status == StatusCode::OK && page.text.contains("never about a person"), "{}", page.text);
    let flag = at(&format!("indicators/debt/{}", model::CaptureId::from_bytes([7; 16])));
    let hurried = ivan.submit(&at("indicators"), &flag, &[("decision", "confirm")]).await;
    assert_eq!(hurried.status, StatusCode::BAD_REQUEST, "no reason, no decision");
    let sure = [("decision", "confirm"), ("reason", "read the page; it says so")];
    assert_eq!(ivan.submit(&at("indicators"), &flag, &sure).await.status, StatusCode::NOT_FOUND, "no such page");
}
