//! What the disk tells of a frontier: counts and words, no address.

use super::*;

/// Parts of addresses that are looked for; each is in a URL that the frontier was given.
const TELLING: &[&str] =
    &["ads.example", "mirror.example", "helpline.example", "anna-k", "07700900123", "secret-board", "Disallow"];

#[tokio::test]
async fn no_byte_of_a_url_host_or_robots_txt_is_in_the_database_files() {
    let desk = Desk::new(|_| {}).await;
    desk.seed(&["http://ads.example/anna-k?tel=07700900123", "http://ads.example/secret-board/7"]).await;
    let robots = desk.lease().await;
    let answer = robots_txt(&robots, "User-agent: *\nDisallow: /secret-board\n");
    desk.turn_back(robots, answer).await;
    desk.advance(POLITE);
    let lease = desk.lease().await;
    desk.complete(lease, &["http://mirror.example/anna-k", "http://helpline.example/", "/relative/07700900123"]).await;
    desk.nothing().await;
    desk.why("board-a").await;

    // The signed document names its hosts: that is what it is for. Everything else is looked at.
    let mut tx = desk.store.begin().await.unwrap();
    sqlx::query("UPDATE authorisations SET document = ''").execute(&mut *tx).await.unwrap();
    tx.commit().await.unwrap();
    desk.store.truncate_wal().await.unwrap();
    for name in ["control.db", "control.db-wal"] {
        let bytes = std::fs::read(desk.folder.path().join(name)).unwrap_or_default();
        for telling in TELLING {
            let utf16: Vec<u8> = telling.encode_utf16().flat_map(u16::to_le_bytes).collect();
            for form in [telling.as_bytes(), &utf16] {
                assert!(!contains(&bytes, form), "{telling} is in {name}");
            }
        }
    }
}

/// What is looked for above is found where nothing is sealed: the scan sees.
#[tokio::test]
async fn the_scan_finds_what_lies_in_clear() {
    let desk = Desk::new(|_| {}).await;
    let names: Vec<_> = ["control.db", "control.db-wal"].map(|name| desk.folder.path().join(name)).to_vec();
    let bytes = names.iter().flat_map(|path| std::fs::read(path).unwrap_or_default()).collect::<Vec<u8>>();
    assert!(contains(&bytes, b"ads.example"), "the signed document stands in the database as it is");
}

#[tokio::test]
async fn a_frontier_under_another_key_reads_nothing_and_says_that_it_is_damaged() {
    let desk = Desk::with_pages(&["http://ads.example/"], |_| {}).await;
    let case = desk.authorised.case().clone();
    let other = Frontier::new(desk.store.clone(), CrawlKey::from_bytes([8; 32]), case, desk.trust.clone());
    let error = other.lease("crawl").await.unwrap_err();
    assert!(matches!(error, Error::Damaged { what: "a sealed URL", .. }), "{error}");
}

#[tokio::test]
async fn a_url_that_was_moved_to_another_row_is_noticed() {
    let desk = Desk::with_pages(&["http://ads.example/a", "http://ads.example/b"], |_| {}).await;
    let mut tx = desk.store.begin().await.unwrap();
    let swap =
        "UPDATE frontier_pages SET url_sealed = (SELECT url_sealed FROM frontier_pages WHERE page = 2) WHERE page = 1";
    sqlx::query(swap).execute(&mut *tx).await.unwrap();
    tx.commit().await.unwrap();
    let error = desk.frontier.lease("crawl").await.unwrap_err();
    assert!(matches!(error, Error::Damaged { what: "a URL's hash", .. }), "{error}");
}

#[tokio::test]
async fn nothing_that_is_printed_shows_an_address() {
    let desk = Desk::with_pages(&["http://ads.example/anna-k"], |_| {}).await;
    let lease = desk.lease().await;
    let mut found = Found::on(&lease, desk.clock.now());
    found.offer(&link("http://ads.example/secret-board"));
    found.offer(&link("http://mirror.example/anna-k"));
    let printed = format!("{lease:?} {found:?} {:?} {:?} {:?}", lease.target(), desk.frontier, redirect("/anna-k"));
    let status =
        format!("{:?} {} {}", desk.status("board-a").await, desk.status("board-a").await, desk.why("board-a").await);
    for telling in TELLING {
        assert!(!printed.contains(telling) && !status.contains(telling), "{telling}: {printed} {status}");
    }
}

fn contains(bytes: &[u8], piece: &[u8]) -> bool {
    bytes.windows(piece.len()).any(|window| window == piece)
}
