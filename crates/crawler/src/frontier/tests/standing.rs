//! What stands against collecting at all: pauses, revocation, validity, ceilings, a clock that was set back.

use page::limits::MAX_BODY_BYTES;

use super::*;
use crate::HostState;
use crate::limits::MAX_ROBOTS_BYTES;

#[tokio::test]
async fn a_pause_says_who_and_why_until_it_is_taken_back() {
    let desk = Desk::with_pages(&["http://ads.example/"], |_| {}).await;
    let (case, by) = (desk.authorised.case().clone(), "o.li".parse().unwrap());
    let mut tx = desk.store.begin().await.unwrap();
    assert_eq!(crate::pause(&mut tx, &case, &by, "the server\nlooks ill").await.unwrap(), 1);
    tx.commit().await.unwrap();
    let nothing = desk.nothing().await;
    assert_eq!((nothing.until, nothing.reason.as_str()), (None, "paused by o.li: the serverlooks ill"));
    assert!(desk.why("board-a").await.contains("collecting is paused by o.li: the serverlooks ill"));
    let mut tx = desk.store.begin().await.unwrap();
    assert_eq!(crate::resume(&mut tx, &case).await.unwrap(), 1);
    assert_eq!(crate::resume(&mut tx, &case).await.unwrap(), 0, "there is nothing left to resume");
    tx.commit().await.unwrap();
    assert!(!desk.why("board-a").await.contains("paused"));
    desk.lease().await;
}

#[tokio::test]
async fn after_a_revocation_no_page_is_lent_by_any_process_and_the_reason_stands_at_the_host() {
    let desk = Desk::with_pages(&["http://ads.example/", "http://ads.example/b"], |_| {}).await;
    let lease = desk.lease().await;
    let registry = Registry::new(desk.store.clone());
    let mut tx = desk.store.begin().await.unwrap();
    registry.revoke(&mut tx, desk.authorised.id()).await.unwrap();
    tx.commit().await.unwrap();
    desk.complete(lease, &["http://ads.example/c"]).await; // what was on its way is finished, and nothing follows
    desk.advance(POLITE);
    let nothing = desk.nothing().await;
    assert_eq!(nothing.until, None);
    assert!(nothing.reason.starts_with("refused by rule `revoked`: it was revoked on 2026-11-25"), "{nothing:?}");
    let host = desk.status("board-a").await;
    assert_eq!((host.state, host.waiting), (HostState::Retired, 2));
    assert_eq!(host.reason, nothing.reason);
    let mut tx = desk.store.begin().await.unwrap();
    let again = registry.add(&mut tx, &desk.signed, &desk.authorised).await.unwrap_err();
    assert!(again.to_string().contains("revoked"), "{again}");
}

#[tokio::test]
async fn an_authorisation_counts_from_its_first_moment_to_its_last() {
    let desk = Desk::new(|draft| draft.not_after = "2026-11-26T00:00:00Z".to_owned()).await;
    desk.seed(&["http://ads.example/"]).await;
    desk.advance(-7 * DAY); // before it begins: no page has been asked for yet, so the clock may stand here
    let nothing = desk.nothing().await;
    assert!(nothing.reason.contains("it begins on 2026-11-20T00:00:00.000Z"), "{nothing:?}");
    desk.advance(7 * DAY);
    let robots = desk.lease().await;
    desk.turn_back(robots, Fetched::Status(404)).await;
    desk.advance(DAY);
    let nothing = desk.nothing().await;
    assert_eq!(nothing.until, None);
    assert!(nothing.reason.starts_with("refused by rule `validity`: it ended on 2026-11-26"), "{nothing:?}");
    assert_eq!(desk.status("board-a").await.state, HostState::Retired);
}

#[tokio::test]
async fn whoever_is_not_trusted_any_more_authorises_nothing() {
    let desk = Desk::with_pages(&["http://ads.example/"], |_| {}).await;
    let mut trust = desk.trust.clone();
    trust.signers.retain(|person, _| person.as_str() != "s.jonas");
    desk.frontier.trust(trust);
    let nothing = desk.nothing().await;
    assert!(nothing.reason.starts_with("refused by rule `signatures`"), "{nothing:?}");
    desk.frontier.trust(desk.trust.clone());
    desk.lease().await;
}

#[tokio::test]
async fn when_the_clock_was_set_back_nothing_is_collected_until_it_is_right() {
    let desk = Desk::with_pages(&["http://ads.example/", "http://forum.example/"], |_| {}).await;
    let lease = desk.lease().await;
    let (seen, site) = (desk.clock.now(), lease.target().site().to_owned());
    desk.advance(-3_600_000);
    let nothing = desk.nothing().await;
    assert_eq!(nothing.until, Some(seen));
    assert!(nothing.reason.starts_with("the clock stands at 2026-11-25T11:00:0"), "{nothing:?}");
    desk.complete(lease, &[]).await; // what is on its way comes home all the same
    assert_eq!(desk.nothing().await.until, Some(seen));
    desk.advance(3_600_000);
    assert_ne!(desk.lease().await.target().site(), site, "the other host has rested long enough");
}

#[tokio::test]
async fn the_ceiling_of_pages_counts_every_asking_and_none_beyond() {
    let desk =
        Desk::with_pages(&["http://ads.example/", "http://ads.example/b"], |draft| draft.ceilings.pages = 2).await;
    for _ in 0..2 {
        let lease = desk.lease().await;
        desk.turn_back(lease, Fetched::Status(500)).await;
        desk.advance(POLITE);
    }
    let nothing = desk.nothing().await;
    assert_eq!((nothing.until, nothing.reason.as_str()), (None, "the authorisation's 2 pages have been asked for"));
    let host = desk.status("board-a").await;
    assert_eq!((host.state, host.reason.as_str()), (HostState::Exhausted, nothing.reason.as_str()));
}

#[tokio::test]
async fn bytes_are_reserved_before_they_are_received_and_the_rest_is_not_shared() {
    let urls = ["http://ads.example/", "http://forum.example/", "http://list.example/"];
    let body = i64::try_from(MAX_BODY_BYTES).unwrap();
    let desk = Desk::with_pages(&urls, |draft| draft.ceilings.bytes = body + body / 2).await;
    let first = desk.lease().await;
    assert_eq!(first.byte_limit(), MAX_BODY_BYTES as u64);
    let nothing = desk.nothing().await;
    assert_eq!(nothing.until, Some(first.until()));
    assert_eq!(nothing.reason, "the rest of the byte ceiling is reserved for pages that are being fetched");
    first.meter.count(MAX_BODY_BYTES);
    desk.complete(first, &[]).await;
    let second = desk.lease().await;
    assert_eq!(second.byte_limit(), MAX_BODY_BYTES as u64 / 2, "a page is cut where the ceiling is");
    second.meter.count(MAX_BODY_BYTES / 2);
    desk.complete(second, &[]).await;
    let nothing = desk.nothing().await;
    let reason = format!("the authorisation's {} bytes have been received", body + body / 2);
    assert_eq!((nothing.until, nothing.reason.as_str()), (None, reason.as_str()));
}

#[tokio::test]
async fn no_more_requests_are_made_in_a_minute_than_allowed_and_robots_txt_is_one() {
    let desk = Desk::new(|draft| draft.ceilings.requests_per_minute = 2).await;
    desk.seed(&["http://ads.example/", "http://forum.example/"]).await;
    for _ in 0..2 {
        let robots = desk.lease().await;
        assert_eq!(robots.byte_limit(), MAX_ROBOTS_BYTES as u64);
        desk.turn_back(robots, Fetched::Status(404)).await;
    }
    desk.advance(POLITE);
    let nothing = desk.nothing().await;
    assert_eq!(nothing.reason, "2 requests were made in the last minute, as many as allowed");
    assert_eq!(nothing.until, Some(start().plus_millis(61_000)));
    desk.clock.advance_millis(nothing.until.unwrap().since_millis(desk.clock.now()));
    desk.lease().await;
}

#[tokio::test]
async fn the_days_of_collecting_run_from_the_first_request() {
    let desk = Desk::with_pages(&["http://ads.example/"], |draft| draft.ceilings.days = 2).await;
    desk.advance(2 * DAY - POLITE - 1);
    let robots = desk.lease().await;
    assert_eq!(robots.purpose(), Purpose::Robots, "the last moment counts");
    desk.turn_back(robots, Fetched::Status(404)).await;
    desk.advance(1);
    let nothing = desk.nothing().await;
    assert_eq!((nothing.until, nothing.reason.as_str()), (None, "the 2 days of the authorisation have passed"));
}

#[tokio::test]
async fn another_case_s_authorisation_is_no_seed_and_what_scope_refuses_is_told() {
    let desk = Desk::new(|_| {}).await;
    let other = Frontier::new(desk.store.clone(), key(), "op-other".parse().unwrap(), desk.trust.clone());
    let mut tx = desk.store.begin().await.unwrap();
    let refused = other.seed(&mut tx, &desk.authorised, &[]).await.unwrap_err();
    assert!(refused.to_string().contains("another case"), "{refused}");
    drop(tx);
    let seeded = desk.seed(&["http://mirror.example/", "http://ads.example/", "http://press.example/"]).await;
    let rules: Vec<_> = seeded.refused.iter().map(|refusal| refusal.rule().as_str()).collect();
    assert_eq!((seeded.added, rules), (1, vec!["host", "protected-destination"]));
    assert_eq!(desk.seed(&[]).await.added, 2, "without seeds every prefix is one, and one is known");
}
