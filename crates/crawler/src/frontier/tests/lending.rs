//! Lending: whose turn it is, what is booked with it, and what becomes of a lease that nobody gives back.

use std::collections::BTreeSet;

use super::*;
use crate::limits::LEASE_MILLIS;

#[tokio::test]
async fn robots_txt_is_read_before_the_first_page_and_again_after_a_day() {
    let desk = Desk::new(|_| {}).await;
    assert_eq!(desk.seed(&["http://ads.example/", "http://ads.example/a"]).await.added, 2);
    let robots = desk.lease().await;
    assert_eq!((robots.purpose(), robots.target().url()), (Purpose::Robots, "http://ads.example/robots.txt"));
    desk.turn_back(robots, Fetched::Status(404)).await;
    desk.advance(POLITE);
    let page = desk.lease().await;
    assert_eq!((page.purpose(), page.target().url()), (Purpose::Page, "http://ads.example/"));
    desk.complete(page, &[]).await;
    desk.advance(DAY);
    assert_eq!(desk.lease().await.purpose(), Purpose::Robots);
    assert!(desk.why("board-a").await.contains("obeyed: the host has none"));
}

#[tokio::test]
async fn what_robots_txt_forbids_is_passed_over_and_its_delay_is_kept() {
    let desk = Desk::new(|_| {}).await;
    desk.seed(&["http://ads.example/private/1", "http://ads.example/a", "http://ads.example/b"]).await;
    let robots = desk.lease().await;
    let answer = robots_txt(&robots, "User-agent: *\nDisallow: /private\nCrawl-delay: 20\n");
    desk.turn_back(robots, answer).await;
    desk.advance(19_999);
    assert_eq!(desk.nothing().await.until, Some(start().plus_millis(20_000)));
    desk.advance(1);
    assert_eq!(desk.lease().await.target().url(), "http://ads.example/a");
    let why = desk.why("board-a").await;
    assert!(why.contains("1 pages will not be visited: robots.txt asks not to visit it"), "{why}");
    assert!(why.contains("its robots.txt asks for 20000 ms between two requests"), "{why}");
    assert!(why.contains("robots.txt for http:80, read on 2026-11-25T12:00:00.000Z: obeyed"), "{why}");
}

#[tokio::test]
async fn robots_txt_that_cannot_be_reached_holds_a_host_up_unless_it_is_set_aside() {
    let desk = Desk::new(|draft| {
        let ground = "order EX 17/2026, paragraph 4".to_owned();
        draft.targets[1].robots = authorisation::DraftRobots::SetAside { ground };
    })
    .await;
    desk.seed(&["http://ads.example/", "http://forum.example/"]).await;
    for _ in 0..2 {
        let robots = desk.lease().await;
        desk.turn_back(robots, Fetched::Status(500)).await;
    }
    assert!(desk.why("board-a").await.contains("the server answered 500 when asked for robots.txt"));
    assert!(desk.why("board-b").await.contains("set aside, on the ground that order EX 17/2026, paragraph 4"));
    desk.advance(120_000);
    let purposes: BTreeSet<_> = [desk.lease().await, desk.lease().await]
        .iter()
        .map(|lease| (lease.target().site().to_owned(), lease.purpose() == Purpose::Robots))
        .collect();
    assert_eq!(purposes, [("board-a".to_owned(), true), ("board-b".to_owned(), false)].into());
}

#[tokio::test]
async fn workers_that_ask_at_once_get_different_hosts_and_no_host_twice() {
    let urls = HOSTS.map(|(host, _)| format!("http://{host}/"));
    let urls: Vec<&str> = urls.iter().map(String::as_str).collect();
    let desk = Desk::with_pages(&urls, |_| {}).await;
    desk.seed(&["http://ads.example/b", "http://forum.example/b", "http://list.example/b"]).await;
    let other = Store::open(&desk.folder.path().join("control.db"), desk.clock.clone()).await.unwrap();
    let other = Frontier::new(other, key(), desk.authorised.case().clone(), desk.trust.clone());
    let asking = (0..8).map(|number| {
        let frontier = if number % 2 == 0 { desk.frontier.clone() } else { other.clone() };
        tokio::spawn(async move { frontier.lease(&format!("worker-{number}")).await })
    });
    let mut sites = Vec::new();
    for asked in asking.collect::<Vec<_>>() {
        if let Leased::Lease(lease) = asked.await.unwrap().unwrap() {
            sites.push(lease.target().site().to_owned());
        }
    }
    sites.sort();
    assert_eq!(sites, ["board-a", "board-b", "board-c"]);
    assert_eq!(desk.nothing().await.leased, 3);
}

#[tokio::test]
async fn a_lease_that_nobody_gives_back_runs_out_and_its_page_is_lent_again() {
    let desk = Desk::with_pages(&["http://ads.example/", "http://ads.example/b"], |_| {}).await;
    let first = desk.lease().await;
    let (url, key, reserved) = (first.target().url().to_owned(), first.document_key(), first.byte_limit());
    desk.advance(LEASE_MILLIS - 1);
    let nothing = desk.nothing().await;
    assert_eq!((nothing.until, nothing.leased), (Some(first.until()), 1));
    assert_eq!(nothing.reason, "1 pages are being fetched");
    desk.advance(1);
    // When the request ended nobody knows: the host rests once more.
    assert_eq!(desk.nothing().await.until, Some(desk.clock.now().plus_millis(POLITE)));
    assert_eq!(desk.status("board-a").await.reason, "a worker ended before its page was kept");
    desk.advance(POLITE);
    let other = desk.lease().await;
    assert_ne!(other.target().url(), url, "a page on which a worker ends waits behind the others");
    desk.complete(other, &[]).await;
    desk.advance(POLITE);
    let again = desk.lease().await;
    assert_eq!((again.target().url(), again.document_key(), again.visit()), (url.as_str(), key, 0));
    assert!(desk.complete_lost(first).await, "the worker that comes too late is told so");
    desk.complete(again, &[]).await;
    assert_eq!(desk.number("SELECT bytes FROM frontier_budgets").await, i64::try_from(reserved).unwrap());
    assert_eq!(desk.number("SELECT bytes_reserved FROM frontier_budgets").await, 0);
}

#[tokio::test]
async fn a_process_that_starts_again_takes_back_its_own_leases_alone_and_stays_polite() {
    let desk = Desk::with_pages(&["http://ads.example/", "http://forum.example/"], |_| {}).await;
    let Leased::Lease(ours) = desk.frontier.lease("crawl").await.unwrap() else { panic!("a page is due") };
    let Leased::Lease(theirs) = desk.frontier.lease("other").await.unwrap() else { panic!("a page is due") };
    desk.advance(60_000); // the process is killed in the middle of a slow answer, and started again
    assert_eq!(desk.frontier.recover("crawl").await.unwrap(), 1);
    let nothing = desk.nothing().await;
    assert_eq!((nothing.until, nothing.leased), (Some(desk.clock.now().plus_millis(POLITE)), 1));
    desk.complete(theirs, &[]).await;
    desk.advance(POLITE);
    assert_eq!(desk.lease().await.target().url(), ours.target().url());
}

#[tokio::test]
async fn what_a_dropped_transaction_lent_or_found_was_never_lent_nor_found() {
    let desk = Desk::with_pages(&["http://ads.example/"], |_| {}).await;
    let lease = desk.lease().await;
    let url = lease.target().url().to_owned();
    let mut found = Found::on(&lease, desk.clock.now());
    found.offer(&link("http://ads.example/found"));
    let mut tx = desk.store.begin().await.unwrap();
    assert_eq!(desk.frontier.complete(&mut tx, lease, found).await.unwrap(), 1);
    drop(tx);
    assert_eq!(desk.number("SELECT count(*) FROM frontier_pages").await, 1);
    assert_eq!(desk.status("board-a").await.state, crate::HostState::Leased);
    desk.advance(LEASE_MILLIS);
    desk.nothing().await;
    desk.advance(POLITE);
    assert_eq!(desk.lease().await.target().url(), url);
}

#[tokio::test]
async fn a_page_is_known_once_however_it_is_written() {
    let desk = Desk::with_pages(&["http://ads.example/"], |_| {}).await;
    let lease = desk.lease().await;
    let spellings = [
        "http://ads.example/a/b",
        "HTTP://ADS.example:80/a/b",
        "http://ads.example/x/../a/b#top",
        "http://ads.example/%61/b",
        "http://ads.example/a/./b",
    ];
    assert_eq!(desk.complete(lease, &spellings).await, 1);
    assert_eq!(desk.seed(&["http://ads.example/a/b", "http://ads.example/"]).await.added, 0);
    assert_eq!(desk.number("SELECT count(DISTINCT url_hash) FROM frontier_pages").await, 2);
}

#[tokio::test]
async fn a_link_with_half_an_escape_is_the_same_page_when_it_is_lent() {
    let desk = Desk::with_pages(&["http://ads.example/"], |_| {}).await;
    let lease = desk.lease().await;
    assert_eq!(desk.complete(lease, &["/%2%61", "/%%61b", "/100%"]).await, 3);
    for url in ["http://ads.example/%2%61", "http://ads.example/%%61b", "http://ads.example/100%"] {
        desk.advance(POLITE);
        let lease = desk.lease().await;
        assert_eq!(lease.target().url(), url);
        desk.complete(lease, &[]).await;
    }
}

#[tokio::test]
async fn depth_counts_from_the_nearest_seed_and_ends_at_the_ceiling() {
    let desk = Desk::with_pages(&["http://ads.example/0"], |draft| draft.ceilings.depth = 2).await;
    let mut reached = Vec::new();
    for depth in 0..3 {
        let lease = desk.lease().await;
        reached.push((lease.depth(), lease.target().url().to_owned()));
        let next = format!("http://ads.example/{}", depth + 1);
        assert_eq!(desk.complete(lease, &[&next]).await, u64::from(depth < 2));
        desk.advance(POLITE);
    }
    assert_eq!(reached.last(), Some(&(2, "http://ads.example/2".to_owned())));
    let nothing = desk.nothing().await.reason;
    assert!(
        nothing.contains("every page that is known here has been visited; the next visit is due on 2026-"),
        "{nothing}"
    );
    assert_eq!(desk.status("board-a").await.refused.get("depth"), Some(&1));
}

#[tokio::test]
async fn links_out_of_scope_are_counted_by_rule_and_not_kept() {
    let desk = Desk::with_pages(&["http://ads.example/"], |_| {}).await;
    let lease = desk.lease().await;
    let out = ["http://mirror.example/", "http://helpline.example/", "https://ads.example/", "http://127.0.0.1/"];
    assert_eq!(desk.complete(lease, &out).await, 0);
    let refused = desk.status("board-a").await.refused;
    let refused: Vec<_> = refused.iter().map(|(rule, links)| (rule.as_str(), *links)).collect();
    assert_eq!(refused, [("host", 1), ("ip-literal", 1), ("protected-destination", 1), ("scheme", 1)]);
    assert_eq!(desk.number("SELECT count(*) FROM frontier_pages").await, 1);
}
