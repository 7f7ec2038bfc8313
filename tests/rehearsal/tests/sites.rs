//! Many sites through the redactor alone: each seed plants other values in other disguises and other words around them.

use std::path::Path;

use model::{AuthorisationId, CaptureId, Timestamp};
use page::{CaptureRecord, FetchedPage, Profiles};
use redactor::{OutboxKey, Redactor, TokenKey};
use synthetic::scan::{Needle, Scan};
use synthetic::site::Site;

/// Sites of a test run, beside those that the end-to-end tests crawl. `cargo xtask soak sites` asks for more, and larger ones.
const SITES: u64 = 6;
const PAGES: u64 = 120;

#[test]
#[expect(clippy::disallowed_methods, reason = "`cargo xtask soak` asks for more sites of the same test")]
fn nothing_that_any_site_plants_is_left_of_it() {
    let asked = |name: &str, usual: u64| std::env::var(name).map_or(usual, |text| text.parse().expect("a number"));
    let (first, pages) = (asked("LANTHORN_SEED", 10_000), asked("LANTHORN_PAGES", PAGES) as usize);
    for seed in first..first + asked("LANTHORN_SITES", SITES) {
        let site = Site::generate(seed, pages);
        let left = left_of(&site);
        assert!(left.is_empty(), "seed {seed}: {left:#?}");
    }
}

/// What the rows of the outbox still hold of what a site planted.
fn left_of(site: &Site) -> Vec<String> {
    let needles = Needle::all([site]);
    let scan = Scan::new(&needles);
    let (redactor, profiles) = (Redactor::new(TokenKey::from_bytes([7; 32])), Profiles::builtin());
    let key = OutboxKey::from_bytes([8; 32]);
    let now = Timestamp::from_secs(1_795_000_000);
    let mut left = Vec::new();
    for (path, page) in &site.pages {
        let authorisation = AuthorisationId::from_bytes([7; 16]);
        let (capture, case) = (CaptureId::from_bytes([9; 16]), "op-harbour-2026".parse().unwrap());
        let mut record = CaptureRecord::begun(capture, authorisation, case, "site-1", site.url(path), now);
        record.status = 200;
        record.body = page.body.clone().into();
        let row = redactor.redact(page::parse(FetchedPage::new(record), &profiles)).to_row(&key);
        for leak in scan.bytes(Path::new(path), &row).unwrap() {
            left.push(format!("{path}: {:?} as {:?}", needles[leak.needle], leak.form));
        }
    }
    left
}
