//! Cases: opened once, closed once, and who did it.

use access::Error;
use model::{Action, CaseId};

use crate::site::Site;

#[tokio::test]
async fn a_case_is_opened_once_found_and_closed_once() {
    let site = Site::peopled().await;
    let (cases, manager) = (site.cases(), site.permit("s.maria", Action::ManageCase).await);
    let (harbour, market): (CaseId, CaseId) = ("op-harbour-2026".parse().unwrap(), "op-market".parse().unwrap());
    assert!(cases.list().await.unwrap().is_empty());
    cases.open(&manager, &harbour, "invented pages").await.unwrap();
    site.clock.advance_millis(1);
    cases.open(&manager, &market, "more of them").await.unwrap();
    assert_eq!(site.last_acts(2).await, ["case", "case"]);
    let twice = cases.open(&manager, &harbour, "again").await;
    assert!(twice.is_err_and(|error| error.to_string().contains("op-harbour-2026")));

    let listed = cases.list().await.unwrap();
    assert_eq!(listed.iter().map(|case| &case.case).collect::<Vec<_>>(), [&harbour, &market]);
    assert_eq!((listed[0].title.as_str(), listed[0].opened_by.as_str()), ("invented pages", "s.maria"));
    assert!(listed[0].open && cases.find_open(&harbour).await.is_ok());

    cases.close(&manager, &harbour).await.unwrap();
    assert!(!cases.find(&harbour).await.unwrap().open);
    assert!(matches!(cases.find_open(&harbour).await, Err(Error::ClosedCase { case }) if case == harbour));
    assert!(matches!(cases.close(&manager, &harbour).await, Err(Error::ClosedCase { .. })));
    assert!(cases.find_open(&market).await.is_ok());
}

#[tokio::test]
async fn an_unknown_case_is_told_with_where_to_look() {
    let site = Site::peopled().await;
    let error = site.cases().find(&"op-nowhere".parse().unwrap()).await.unwrap_err();
    assert_eq!(error.to_string(), "find case op-nowhere: there is none; see `lanthorn case list`");
}

#[tokio::test]
async fn a_case_is_read_by_whoever_opened_it_and_those_they_put_on_it_and_nobody_else() {
    let site = Site::peopled().await;
    let (cases, manager) = (site.cases(), site.permit("s.maria", Action::ManageCase).await);
    let case: CaseId = "op-harbour-2026".parse().unwrap();
    cases.open(&manager, &case, "invented pages").await.unwrap();
    let may_read = async |person: &str| {
        let principal = site.signed_in(person).await;
        site.access.licence(&principal, Action::Search, &case).await.is_ok()
    };
    assert!(may_read("s.maria").await);
    for outside in ["a.ivan", "s.omar"] {
        assert!(!may_read(outside).await, "{outside} was not put on it");
        assert!(site.last_record().await.contains("own-case"), "the attempt of {outside} is in the log");
    }
    cases.assign(&manager, &case, &"a.ivan".parse().unwrap()).await.unwrap();
    assert!(may_read("a.ivan").await && !may_read("s.omar").await);
}
