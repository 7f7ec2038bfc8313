//! The frontier over a real database, a clock that is moved by hand, and authorisations signed for invented hosts.

mod accounts;
mod always;
mod forum;
mod lending;
mod privacy;
mod standing;
mod traps;
mod troubles;

use authorisation::{Authorised, Document, Draft, DraftTarget, SignedDocument, Trust, sign};
use ed25519_dalek::SigningKey;
use model::{CaptureId, Clock, PersonId, Sensitive, Timestamp};
use page::{CaptureRecord, FetchedPage, Link, LinkKind, LinkTarget};
use store::Store;
use tempfile::TempDir;

use super::{Frontier, Leased, NothingDue, Seeded};
use crate::{Advice, CrawlKey, Error, Fetched, Found, HostStatus, Lease, Purpose, Registry, TransportError};

/// The least delay between two requests to a host that is not the authorising body's own.
const POLITE: i64 = 3_000;

const DAY: i64 = 86_400_000;

/// Hosts of the test's authorisation, each with the site's label.
const HOSTS: [(&str, &str); 3] =
    [("ads.example", "board-a"), ("forum.example", "board-b"), ("list.example", "board-c")];

/// A case with one authorisation, its frontier and its clock.
struct Desk {
    folder: TempDir,
    store: Store,
    clock: Clock,
    frontier: Frontier,
    trust: Trust,
    signed: SignedDocument,
    authorised: Authorised,
}

impl Desk {
    /// With all of [`HOSTS`] below `/`, generous ceilings, and whatever `change` makes of them.
    async fn new(change: impl FnOnce(&mut Draft)) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let clock = Clock::manual(start());
        let store = Store::open(&folder.path().join("control.db"), clock.clone()).await.expect("a database");
        let signed = signed(change);
        let trust = trust();
        let authorised = signed.verify(&trust, start()).expect("it is signed and in force");
        let frontier = Frontier::new(store.clone(), key(), authorised.case().clone(), trust.clone());
        let desk = Self { folder, store, clock, frontier, trust, signed, authorised };
        desk.register().await;
        desk
    }

    /// As [`new`](Self::new), with seeds, and with every host's robots.txt found to be absent.
    async fn with_pages(urls: &[&str], change: impl FnOnce(&mut Draft)) -> Self {
        let desk = Self::new(change).await;
        desk.seed(urls).await;
        let hosts: std::collections::BTreeSet<_> = urls.iter().filter_map(|url| url.split('/').nth(2)).collect();
        for _ in hosts {
            let robots = desk.lease().await;
            assert_eq!(robots.purpose(), Purpose::Robots);
            desk.turn_back(robots, Fetched::Status(404)).await;
        }
        desk.advance(POLITE);
        desk
    }

    async fn register(&self) {
        let mut tx = self.store.begin().await.unwrap();
        let registry = Registry::new(self.store.clone());
        registry.add(&mut tx, &self.signed, &self.authorised).await.unwrap();
        tx.commit().await.unwrap();
    }

    async fn seed(&self, urls: &[&str]) -> Seeded {
        let urls: Vec<String> = urls.iter().map(|url| (*url).to_owned()).collect();
        let mut tx = self.store.begin().await.unwrap();
        let seeded = self.frontier.seed(&mut tx, &self.authorised, &urls).await.unwrap();
        tx.commit().await.unwrap();
        seeded
    }

    async fn lease(&self) -> Lease {
        match self.frontier.lease("crawl").await.unwrap() {
            Leased::Lease(lease) => lease,
            Leased::Nothing(nothing) => panic!("nothing is due: {nothing:?}"),
        }
    }

    async fn nothing(&self) -> NothingDue {
        match self.frontier.lease("crawl").await.unwrap() {
            Leased::Lease(lease) => panic!("{lease:?} is due"),
            Leased::Nothing(nothing) => nothing,
        }
    }

    async fn turn_back(&self, lease: Lease, fetched: Fetched) {
        let mut tx = self.store.begin().await.unwrap();
        self.frontier.turn_back(&mut tx, lease, fetched).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// Completes a page on which these links were found.
    async fn complete(&self, lease: Lease, links: &[&str]) -> u64 {
        let mut found = Found::on(&lease, self.clock.now());
        links.iter().for_each(|url| found.offer(&link(url)));
        let mut tx = self.store.begin().await.unwrap();
        let added = self.frontier.complete(&mut tx, lease, found).await.unwrap();
        tx.commit().await.unwrap();
        added
    }

    async fn complete_lost(&self, lease: Lease) -> bool {
        let found = Found::on(&lease, self.clock.now());
        let mut tx = self.store.begin().await.unwrap();
        matches!(self.frontier.complete(&mut tx, lease, found).await, Err(Error::LeaseLost))
    }

    fn advance(&self, millis: i64) {
        self.clock.advance_millis(millis);
    }

    async fn status(&self, site: &str) -> HostStatus {
        let all = super::status(&self.store, self.authorised.case()).await.unwrap();
        all.into_iter().find(|host| host.site == site).expect("the host is known")
    }

    async fn why(&self, site: &str) -> String {
        super::why(&self.store, self.authorised.case(), site).await.unwrap().join("\n")
    }

    /// A number that a query finds.
    async fn number(&self, query: &'static str) -> i64 {
        sqlx::query_scalar(query).fetch_one(self.store.reader()).await.unwrap()
    }
}

fn start() -> Timestamp {
    Timestamp::parse_rfc3339("2026-11-25T12:00:00Z").expect("it is a date-time")
}

fn key() -> CrawlKey {
    CrawlKey::from_bytes([7; 32])
}

fn people() -> [(PersonId, SigningKey); 2] {
    [("s.maria", 1), ("s.jonas", 2)]
        .map(|(name, seed)| (name.parse().expect("it is a person id"), SigningKey::from_bytes(&[seed; 32])))
}

fn trust() -> Trust {
    Trust {
        signers: people().iter().map(|(person, key)| (person.clone(), key.verifying_key())).collect(),
        required: 2,
        audience: "lanthorn.example".to_owned(),
        revoked: Default::default(),
    }
}

fn signed(change: impl FnOnce(&mut Draft)) -> SignedDocument {
    let mut draft = Draft::parse(&authorisation::example()).expect("the example is a draft");
    draft.targets = HOSTS.map(|(host, site)| target(host, site)).to_vec();
    draft.ceilings.requests_per_minute = 600;
    change(&mut draft);
    let document = Document::parse(&draft.to_toml()).expect("the document keeps every rule");
    let signatures = people().iter().map(|(person, key)| sign(&document, person, key)).collect();
    SignedDocument { document, signatures }
}

fn target(host: &str, site: &str) -> DraftTarget {
    DraftTarget {
        host: host.to_owned(),
        scheme: "http".to_owned(),
        path_prefixes: vec!["/".to_owned()],
        site: site.to_owned(),
        ..DraftTarget::default()
    }
}

/// An address below one of [`HOSTS`], admitted.
pub(crate) fn target_of(url: &str) -> authorisation::Target {
    let paper = signed(|_| {}).verify(&trust(), start()).expect("it is signed and in force");
    authorisation::scope::admit(&paper, url, start()).expect("it lies in the scope")
}

fn link(url: &str) -> Link {
    let href = Sensitive::new(url.to_owned());
    Link { href, nofollow: false, kind: LinkKind::Anchor, target: LinkTarget::Page, record: None }
}

fn redirect(to: &str) -> Fetched {
    Fetched::Redirect(Sensitive::new(to.to_owned()))
}

fn failed(advice: Advice, reached: bool) -> Fetched {
    Fetched::Failed(TransportError { advice, reached, what: "the circuit was closed" })
}

/// What a host answers that has a robots.txt.
fn robots_txt(lease: &Lease, text: &str) -> Fetched {
    let target = lease.target();
    let capture = CaptureId::from_bytes([3; 16]);
    let (authorisation, case) = (target.authorisation(), target.case().clone());
    let mut record = CaptureRecord::begun(capture, authorisation, case, target.site(), target.url(), start());
    record.status = 200;
    record.body = Sensitive::new(text.as_bytes().to_vec());
    Fetched::Page(FetchedPage::new(record))
}
