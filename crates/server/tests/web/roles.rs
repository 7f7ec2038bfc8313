//! The role table, generated: every route and every role.

use axum::http::StatusCode;
use model::Role;
use server::{Method, Need, ROUTES, Reply, Route};

use crate::site::{Browser, PEOPLE, Page, Site};

/// A path with something in each parameter.
fn path(route: &Route) -> String {
    let capture = &model::CaptureId::from_bytes([7; 16]).to_string();
    let fixed = [("{case}", "op-harbour-2026"), ("{capture}", capture), ("{indicator}", "debt")];
    let path = fixed.iter().fold(route.path.to_owned(), |path, (name, value)| path.replace(name, value));
    ["{request}", "{folder}", "{note}", "{search}", "{key}"].iter().fold(path, |path, name| path.replace(name, "1"))
}

async fn asked(browser: &mut Browser, route: &Route) -> Page {
    let path = path(route);
    match (route.method, route.reply) {
        (Method::Get, _) => browser.get(&path).await,
        (Method::Post, Reply::Page) => {
            let token = browser.get("/help").await.token();
            browser.post(&path, &[("form_token", &token)]).await
        }
        (Method::Post, Reply::Json) => {
            let token = browser.get("/help").await.token();
            browser.headers.push(("x-lanthorn-form-token", token));
            let page = browser.post_json(&path, "{}").await;
            browser.headers.clear();
            page
        }
    }
}

#[tokio::test]
async fn every_route_takes_the_roles_of_the_table_and_no_other() {
    let site = Site::new().await;
    let mut let_through = 0;
    for (who, role) in PEOPLE {
        let signed_in = site.signed_in(who).await;
        for route in ROUTES {
            if route.path.ends_with("/sign-out") || route.path.ends_with("/end") {
                continue; // tested below: what comes after would be nobody's
            }
            let answer = asked(&mut signed_in.clone(), route).await;
            let refused = answer.status == StatusCode::FORBIDDEN;
            assert_eq!(refused, !route.need.takes(role), "{route:?} for {role}: {} {}", answer.status, answer.text);
            assert_ne!(answer.status, StatusCode::INTERNAL_SERVER_ERROR, "{route:?} for {role}");
            let_through += u32::from(!refused);
        }
    }
    assert!(let_through > 160, "{let_through}");
}

#[tokio::test]
async fn nobody_gets_no_further_than_the_form() {
    let site = Site::new().await;
    for route in ROUTES.iter().filter(|route| !matches!(route.need, Need::Anyone | Need::Browser)) {
        let answer = asked(&mut site.browser(), route).await;
        match route.reply {
            Reply::Page => {
                assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/sign-in"), "{route:?}")
            }
            Reply::Json => assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{route:?}"),
        }
    }
}

#[tokio::test]
async fn a_refusal_is_in_the_log_before_it_is_told() {
    let site = Site::new().await;
    let mut lena = site.signed_in("o.lena").await;
    assert_eq!(lena.get("/cases").await.status, StatusCode::FORBIDDEN);
    let (kind, record) = site.log().await.pop().unwrap();
    assert_eq!(kind, "refuse");
    assert!(record.contains("o.lena") && record.contains("role-table"), "{record}");
}

#[test]
fn every_page_of_a_role_can_be_reached_from_its_menu_and_no_shortcut_is_given_twice() {
    for role in Role::ALL {
        let shortcuts: Vec<_> = ROUTES
            .iter()
            .filter(|route| route.need.takes(role))
            .filter_map(|route| route.menu.map(|(_, shortcut)| shortcut))
            .chain(['s'])
            .collect();
        let unlike: std::collections::BTreeSet<_> = shortcuts.iter().collect();
        assert_eq!(unlike.len(), shortcuts.len(), "{role}: {shortcuts:?}");
        assert!(shortcuts.len() > 4);
    }
}

#[test]
fn the_document_of_the_api_is_the_table() {
    let document = server::openapi();
    let mut operations = 0;
    for route in ROUTES.iter().filter(|route| route.reply == Reply::Json) {
        let method = if route.method == Method::Get { "get" } else { "post" };
        let operation = &document["paths"][route.path][method];
        let roles: Vec<_> =
            Role::ALL.into_iter().filter(|role| route.need.takes(*role)).map(|role| role.as_str()).collect();
        assert_eq!(operation["x-roles"], serde_json::json!(roles), "{route:?}");
        assert_eq!(operation["security"].is_array(), route.need != Need::Anyone, "{route:?}");
        let named = operation["parameters"].as_array().unwrap().iter().filter(|one| one["in"] == "path").count();
        assert_eq!(named, route.path.matches('{').count(), "{route:?}");
        operations += 1;
    }
    let paths = document["paths"].as_object().unwrap().values();
    assert_eq!(paths.map(|path| path.as_object().unwrap().len()).sum::<usize>(), operations);
}
