//! Cases of others: not there, in every way of asking.

use access::{Access, Cases, Hardness};
use axum::http::StatusCode;
use model::Action;
use search::SearchCapability;
use server::{Method, ROUTES, Reply};

use crate::site::{CASE, PASSPHRASE, Site, case, permit, person};

/// Takes a.anna off the case.
async fn dismiss(site: &Site) {
    // The commands are another process; here the capability is the server's, and dismissing takes none.
    assert!(SearchCapability::take().is_none());
    let mut tx = site.store.begin().await.unwrap();
    let gone = sqlx::query("DELETE FROM case_people WHERE person = 'a.anna'").execute(&mut *tx).await.unwrap();
    assert_eq!(gone.rows_affected(), 1);
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn a_case_of_others_is_not_there_and_looks_like_one_that_never_was() {
    let site = Site::new().await;
    dismiss(&site).await;
    let mut anna = site.signed_in("a.anna").await;
    let capture = &model::CaptureId::from_bytes([7; 16]).to_string();
    let mut attempts = 0;
    for route in ROUTES.iter().filter(|route| route.path.contains("{case}") && route.need.takes(model::Role::Analyst)) {
        let mut answers = Vec::new();
        for name in [CASE, "op-never-2020"] {
            let path = route.path.replace("{case}", name).replace("{capture}", capture).replace("{indicator}", "debt");
            let path = ["{folder}", "{note}", "{search}"].iter().fold(path, |path, number| path.replace(number, "1"));
            let fields = [
                ("q", "harbour"),
                ("token", "[PHONE:k7f3a9q2m4xtc]"),
                ("reason", "why"),
                ("code", "R1"),
                ("legal_basis", "Act"),
                ("name", "a name"),
                ("text", "a text"),
                ("folder", "1"),
                ("decision", "confirm"),
            ];
            let answer = match (route.method, route.reply) {
                (Method::Get, _) => anna.get(&format!("{path}?{}", serde_urlencoded::to_string(fields).unwrap())).await,
                (Method::Post, Reply::Page) => anna.submit("/", &path, &fields).await,
                (Method::Post, Reply::Json) => {
                    let token = anna.get("/").await.token();
                    anna.headers.push(("x-lanthorn-form-token", token));
                    let body = serde_json::to_string(&fields.into_iter().collect::<std::collections::BTreeMap<_, _>>());
                    let answer = anna.post_json(&path, &body.unwrap()).await;
                    anna.headers.clear();
                    answer
                }
            };
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{route:?} {name}: {}", answer.text);
            answers.push(answer.text);
            attempts += 1;
        }
        assert_eq!(answers[0], answers[1], "{route:?}");
    }
    assert!(attempts >= 70, "{attempts}");
    assert!(!anna.get("/cases").await.text.contains(CASE));
    let refused = site.log().await.into_iter().filter(|(kind, record)| kind == "refuse" && record.contains("own-case"));
    assert!(refused.count() >= 10, "every attempt is in the log");

    let mut ivan = site.signed_in("a.ivan").await;
    assert!(ivan.get("/cases").await.text.contains(CASE));
    assert_eq!(ivan.get(&format!("/cases/{CASE}/search")).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_request_of_others_is_not_there() {
    let site = Site::new().await;
    let mut tx = site.store.begin().await.unwrap();
    sqlx::query("INSERT INTO requests (capture, requester, granting, asked_at, not_after, journal_seq) VALUES (zeroblob(16), 'a.ivan', x'00', 0, 9000000000000, 1)")
        .execute(&mut *tx)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let mut anna = site.signed_in("a.anna").await;
    let (theirs, none) = (anna.get("/requests/1").await, anna.get("/requests/2").await);
    assert_eq!((theirs.status, &theirs.text), (StatusCode::NOT_FOUND, &none.text));
    let withdrawn = anna.submit("/", "/requests/1/withdraw", &[("reason", "not mine")]).await;
    assert_eq!(withdrawn.status, StatusCode::NOT_FOUND);
    assert!(!anna.get("/requests").await.text.contains("/requests/1"));
}

#[tokio::test]
async fn whoever_is_on_a_case_puts_others_on_it_and_the_last_one_stays() {
    let folder = tempfile::tempdir().unwrap();
    let store = store::Store::open(&folder.path().join("control.db"), model::Clock::system()).await.unwrap();
    let journal = audit::Journal::new(store.clone());
    let capability = SearchCapability::take().unwrap();
    let access = Access::new(store.clone(), journal.clone(), capability, Hardness::for_tests());
    let keys = access::Enrolment { signing_key: [7; 32], recipient: "age1example".to_owned() };
    for name in ["s.maria", "s.jonas"] {
        let role = model::Role::Supervisor;
        let people = access.people();
        people.add(None, &person(name), role, PASSPHRASE, Some(&keys), &mut rand::rngs::OsRng).await.unwrap();
    }
    let maria = access.sign_in(&person("s.maria"), PASSPHRASE).await.unwrap();
    let jonas = access.sign_in(&person("s.jonas"), PASSPHRASE).await.unwrap();
    let cases = Cases::new(store, journal);
    let by_maria = permit(&access, &maria, Action::ManageCase).await;
    let by_jonas = permit(&access, &jonas, Action::ManageCase).await;
    cases.open(&by_maria, &case(CASE), "invented").await.unwrap();
    assert!(access.permit_in(&maria, Action::Search, Some(&case(CASE))).await.is_ok(), "she opened it");
    assert!(access.permit_in(&jonas, Action::Search, Some(&case(CASE))).await.is_err());
    assert!(access.licence(&jonas, Action::Search, &case(CASE)).await.is_err());
    assert!(cases.assign(&by_jonas, &case(CASE), &person("s.jonas")).await.is_err(), "nobody lets themselves in");
    assert!(cases.dismiss(&by_maria, &case(CASE), &person("s.maria")).await.is_err(), "the last one stays");
    cases.assign(&by_maria, &case(CASE), &person("s.jonas")).await.unwrap();
    assert!(access.licence(&jonas, Action::Search, &case(CASE)).await.is_ok());
    cases.dismiss(&by_jonas, &case(CASE), &person("s.maria")).await.unwrap();
    assert!(access.licence(&maria, Action::Search, &case(CASE)).await.is_err());
}
