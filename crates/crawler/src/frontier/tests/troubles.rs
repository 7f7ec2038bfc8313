//! What goes wrong between a host and us, and who pays for it: the page, the host, or nobody.

use super::*;
use crate::{HostState, MAX_ATTEMPTS, MAX_REDIRECTS};

const ONE: &[&str] = &["http://ads.example/"];

#[tokio::test]
async fn a_host_that_asks_for_rest_gets_at_least_as_long_as_it_asked_for() {
    for (status, asked) in [(429, Some(90_000)), (503, Some(1_000)), (429, Some(7 * DAY)), (503, None)] {
        let desk = Desk::with_pages(ONE, |_| {}).await;
        let lease = desk.lease().await;
        desk.turn_back(lease, Fetched::Backoff { status, retry_after_millis: asked }).await;
        let host = desk.status("board-a").await;
        assert_eq!(host.state, HostState::Snoozed);
        let rest = host.next_at.since_millis(desk.clock.now());
        assert!(rest >= asked.unwrap_or(60_000).max(POLITE), "{status} {asked:?}: {rest} ms");
        let said = asked.map(|millis| format!(" and asked for {} s", millis / 1000)).unwrap_or_default();
        assert!(host.reason.ends_with(&format!(": the server answered {status}{said}")), "{}", host.reason);
        let nothing = desk.nothing().await;
        assert_eq!((nothing.until, nothing.reason), (Some(host.next_at), format!("board-a: {}", host.reason)));
        assert!(desk.why("board-a").await.contains(&format!("will be asked for again: the server answered {status}")));
    }
}

#[tokio::test]
async fn waits_in_a_row_grow_and_one_success_shortens_them_by_one() {
    let desk = Desk::with_pages(ONE, |_| {}).await;
    let mut last = 0;
    for _ in 0..3 {
        let lease = desk.lease().await;
        desk.turn_back(lease, Fetched::Backoff { status: 503, retry_after_millis: None }).await;
        let rest = desk.status("board-a").await.next_at.since_millis(desk.clock.now());
        assert!(rest >= 2 * last - last / 2, "{last} and then {rest}"); // each is doubled, and up to a quarter longer
        last = rest;
        desk.advance(rest);
    }
    assert_eq!(desk.number("SELECT backoff FROM frontier_hosts").await, 3);
    let lease = desk.lease().await;
    desk.complete(lease, &["http://ads.example/b"]).await;
    assert_eq!(desk.number("SELECT backoff FROM frontier_hosts").await, 2);
}

#[tokio::test]
async fn what_fails_on_the_way_never_costs_a_page_a_try_and_takes_another_lane() {
    let desk = Desk::with_pages(ONE, |_| {}).await;
    for (lane, advice) in [Advice::Soon, Advice::Later].into_iter().cycle().take(2 * MAX_ATTEMPTS as usize).enumerate()
    {
        let lease = desk.lease().await;
        assert_eq!((lease.purpose(), lease.lane() as usize), (Purpose::Page, lane));
        desk.turn_back(lease, failed(advice, false)).await;
        assert_eq!(desk.number("SELECT attempts FROM frontier_pages").await, 0);
        let host = desk.status("board-a").await;
        assert_eq!((host.state, host.waiting), (HostState::Snoozed, 1));
        assert!(host.reason.ends_with(": the circuit was closed"), "{}", host.reason);
        desk.advance(host.next_at.since_millis(desk.clock.now()));
    }
    let lease = desk.lease().await;
    desk.complete(lease, &[]).await;
    assert_eq!(desk.status("board-a").await.done, 1);
}

#[tokio::test]
async fn a_failure_of_the_way_is_short_at_first_and_an_absent_service_is_left_for_hours() {
    let rest = async |fetched| {
        let desk = Desk::with_pages(ONE, |_| {}).await;
        let lease = desk.lease().await;
        desk.turn_back(lease, fetched).await;
        desk.status("board-a").await.next_at.since_millis(desk.clock.now())
    };
    assert!((POLITE..10_000).contains(&rest(failed(Advice::Soon, false)).await));
    assert_eq!(rest(failed(Advice::Soon, true)).await, POLITE);
    assert!((60_000..=75_000).contains(&rest(failed(Advice::Later, true)).await));
    assert!((6 * 3_600_000..=27_000_000).contains(&rest(failed(Advice::MuchLater, false)).await));
}

#[tokio::test]
async fn a_page_is_given_up_after_its_own_failures_and_says_so() {
    let desk = Desk::with_pages(ONE, |_| {}).await;
    let mut lanes = Vec::new();
    for attempt in 1..=MAX_ATTEMPTS {
        let lease = desk.lease().await;
        lanes.push(lease.lane());
        desk.turn_back(lease, failed(Advice::Soon, true)).await;
        assert_eq!(desk.number("SELECT attempts FROM frontier_pages").await, attempt);
        desk.advance(DAY / 24);
    }
    lanes.dedup();
    assert_eq!(lanes.len(), usize::try_from(MAX_ATTEMPTS).unwrap(), "each try takes another way: {lanes:?}");
    let why = desk.why("board-a").await;
    assert!(why.contains("1 pages will not be visited: given up after 5 tries: the circuit was closed"), "{why}");
    assert_eq!(desk.nothing().await.reason, "every page that is known has been visited");
}

#[tokio::test]
async fn each_answer_decides_what_becomes_of_the_page() {
    let refusal = || authorisation::Refusal::new(authorisation::Rule::Media, "its type is image/png");
    let again = "will be asked for again";
    for (fetched, state, reason) in [
        (Fetched::Status(404), "retired", "the server answered 404"),
        (Fetched::Status(500), "waiting", "will be asked for again: the server answered 500"),
        (Fetched::Refused(refusal()), "retired", "refused by rule `media`: its type is image/png"),
        (failed(Advice::Never, true), "retired", "the circuit was closed"),
        (failed(Advice::Never, false), "retired", "the circuit was closed"),
        (failed(Advice::Later, true), "waiting", again),
        (redirect("/other"), "done", "it redirects to another page of the scope"),
        (redirect("http://mirror.example/"), "retired", "where it redirects to is refused by rule `host`"),
    ] {
        let desk = Desk::with_pages(ONE, |_| {}).await;
        let lease = desk.lease().await;
        let word = format!("{fetched:?}");
        desk.turn_back(lease, fetched).await;
        let select = "SELECT state, reason FROM frontier_pages ORDER BY page LIMIT 1";
        let found: (String, String) = sqlx::query_as(select).fetch_one(desk.store.reader()).await.unwrap();
        assert_eq!(found.0, state, "{word}");
        assert!(found.1.starts_with(reason), "{word}: {}", found.1);
        assert!(!found.1.contains("mirror.example"), "where a page led is kept nowhere: {}", found.1);
    }
}

#[tokio::test]
async fn a_server_that_fails_three_times_on_a_page_is_believed() {
    let desk = Desk::with_pages(ONE, |_| {}).await;
    for _ in 0..3 {
        let lease = desk.lease().await;
        desk.turn_back(lease, Fetched::Status(502)).await;
        desk.advance(POLITE);
    }
    assert!(desk.why("board-a").await.contains("1 pages will not be visited: the server answered 502"));
}

#[tokio::test]
async fn redirects_are_links_that_end_after_so_many() {
    let desk = Desk::with_pages(&["http://ads.example/0"], |_| {}).await;
    for hop in 0..=MAX_REDIRECTS {
        let lease = desk.lease().await;
        assert_eq!((lease.target().url(), lease.depth()), (format!("http://ads.example/{hop}").as_str(), 0));
        desk.turn_back(lease, redirect(&format!("/{}", hop + 1))).await;
        desk.advance(POLITE);
    }
    desk.nothing().await;
    let why = desk.why("board-a").await;
    assert!(why.contains("where it redirects to is refused by rule `depth`: 5 redirects led here"), "{why}");
    assert_eq!(desk.number("SELECT count(*) FROM frontier_pages").await, MAX_REDIRECTS + 1);
}

#[tokio::test]
async fn a_redirect_in_a_circle_ends_at_once() {
    let desk = Desk::with_pages(&["http://ads.example/a", "http://ads.example/b"], |_| {}).await;
    for to in ["/b", "/a"] {
        let lease = desk.lease().await;
        desk.turn_back(lease, redirect(to)).await;
        desk.advance(POLITE);
    }
    assert_eq!(desk.nothing().await.reason, "every page that is known has been visited");
}

#[tokio::test]
async fn what_our_own_fault_stopped_is_asked_for_again_and_what_was_not_asked_for_is_untouched() {
    let desk = Desk::with_pages(ONE, |_| {}).await;
    let lease = desk.lease().await;
    let mut tx = desk.store.begin().await.unwrap();
    desk.frontier.release(&mut tx, lease).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(desk.number("SELECT attempts FROM frontier_pages").await, 0);
    for attempt in 1..=MAX_ATTEMPTS {
        desk.advance(POLITE);
        let lease = desk.lease().await;
        let mut tx = desk.store.begin().await.unwrap();
        desk.frontier.fail(&mut tx, lease, "the disk is full").await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(desk.number("SELECT attempts FROM frontier_pages").await, attempt);
    }
    assert!(desk.why("board-a").await.contains("given up after 5 tries: the disk is full"));
}

#[tokio::test]
async fn a_slow_server_rests_five_times_as_long_as_it_took() {
    let desk = Desk::with_pages(&["http://ads.example/", "http://ads.example/b"], |_| {}).await;
    let lease = desk.lease().await;
    lease.meter.answered_after(2_000);
    desk.complete(lease, &[]).await;
    let host = desk.status("board-a").await;
    assert_eq!(host.next_at.since_millis(desk.clock.now()), 10_000);
    assert_eq!((host.latency_ms, host.reason.as_str()), (Some(2_000), "10 s pass between two requests"));
}
