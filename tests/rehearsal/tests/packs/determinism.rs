//! The same disclosure header, signatures, tokens, pages and log make the same bytes.

use std::fs;
use std::path::Path;

use audit::{Act, ActKind, Actor, Journal, Log, LogKey, Sequencer};
use evidence::{Approval, Disclosure, Edition, Gap, Pack, Setting, Stamp};
use model::{Clock, Timestamp};
use store::Store;

use super::derivations::sealed;

pub(super) fn the_same_inputs_make_the_same_bytes(pages: &[(page::FetchedPage, redactor::RedactedPage)]) {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let openings = runtime.block_on(async {
        let store = Store::open(&folder.path().join("control.db"), Clock::system()).await.unwrap();
        let journal = Journal::new(store.clone());
        journal.note_now(Act::new(ActKind::Case, Actor::Process("test"))).await.unwrap();
        let key = LogKey::generate("lanthorn.example/audit", &mut rand::rngs::OsRng).unwrap();
        Sequencer::open(store, &log, key).await.unwrap().run_once().await.unwrap();
        journal.openings(&audit::Filter::default(), 10).await.unwrap()
    });
    let vkey = fs::read_to_string(log.join("log.vkey")).unwrap();
    let make = |to: &Path, token: &str| {
        let mut pack = Pack::begin(to, setting()).unwrap();
        for (_, page) in pages {
            pack.capture(&sealed(page.capture()), page, Vec::new()).unwrap();
        }
        pack.entries(openings.clone());
        let first = pages[0].1.capture();
        pack.original(first, "age1court", b"a header, and the payload", b"a grant", &[approval()]).unwrap();
        pack.stamp(Stamp {
            entries: 1,
            authority: "0a0b0c0d".to_owned(),
            checkpoint: b"a note".to_vec(),
            query: b"a query".to_vec(),
            reply: token.as_bytes().to_vec(),
        });
        let signed = serde_json::json!({ "signature": "by a domain", "timeSignature": token });
        let mut log = Log::open(&log, None).unwrap();
        pack.finish(&mut log, &vkey, Some(signed), |_| "a signature".to_owned()).unwrap()
    };
    let pack = |name: &str, token: &str| make(&folder.path().join(name), token);
    let (one, two) = (pack("one", "a token"), pack("two", "a token"));
    assert_eq!(one, two);
    assert_ne!(one.manifest_sha256, pack("three", "another token").manifest_sha256, "a token is part of it");
    for list in ["MANIFEST.sha256", "MANIFEST.blake3"] {
        let read = |name: &str| fs::read(folder.path().join(name).join(list)).unwrap();
        assert_eq!(read("one"), read("two"), "{list}");
    }
}

fn setting() -> Setting {
    let issued = Timestamp::from_secs(1_795_000_000);
    Setting {
        disclosure: Disclosure {
            case: rehearsal::CASE.parse().unwrap(),
            edition: Edition::Redacted,
            requester: "s.amina".parse().unwrap(),
            recipient: "a court".to_owned(),
            reason: "a test".to_owned(),
            legal_basis: "an act".to_owned(),
            issued,
            not_after: issued.plus_millis(1_000),
            captures: None,
        },
        approvals: vec![approval()],
        threshold: 2,
        signers: Vec::new(),
        made: issued,
        site: "lanthorn.example".to_owned(),
        case_title: "invented pages".to_owned(),
        tool: "lanthorn 0".to_owned(),
        authorisations: Vec::new(),
        gaps: vec![Gap { site: "site-1".to_owned(), what: "pages given up".to_owned(), count: 3 }],
        unused: Vec::new(),
        about_others: 2,
        clock_checks: Vec::new(),
    }
}

fn approval() -> Approval {
    let person = "s.maria".parse().unwrap();
    Approval { person, signature: "a signature".to_owned(), signer: "s.maria ssh-ed25519 AAAA\n".to_owned() }
}
