//! Shares, grants and the log, without the commands around them: what exactly two of three supervisors give away, and
//! what they and the requester's own machine refuse although the server asks for it.

use std::collections::BTreeMap;

use audit::{ActKind, Evidence, LogKey, News};
use client::{Class, Error, Grant, Logged, Opened, Policy, Spoken};
use rand::rngs::OsRng;

use crate::machines::{HOUR_MILLIS, Machine, Original, SUPERVISORS, Site};

#[tokio::test]
async fn any_two_of_three_open_the_record_byte_for_byte() {
    let site = Site::new().await;
    let original = site.collect(1).await;
    let grant = site.grant(1, &original);
    let row = site.log(ActKind::UnsealRequest, &grant).await;
    let mut answers = Vec::new();
    for supervisor in 0..3 {
        answers.push(site.approve(supervisor, &grant, row, &original).await);
    }
    for pair in [[0, 1], [0, 2], [2, 1]] {
        let opened = site.open(&grant, &original, &pair.map(|place| answers[place].clone())).await.unwrap();
        assert_eq!(opened.record().expose(), &original.record);
        assert_eq!(opened.approved_by(), pair.map(|place| SUPERVISORS[place].parse().unwrap()));
        assert!(opened.blamed().is_empty());
        assert_eq!(opened.page().unwrap().capture(), original.capture);
    }
    for alone in &answers {
        assert!(site.open(&grant, &original, std::slice::from_ref(alone)).await.is_err());
        // The same share twice is one share.
        assert!(site.open(&grant, &original, &[alone.clone(), alone.clone()]).await.is_err());
    }
    assert!(site.open(&grant, &original, &[]).await.is_err());
}

#[tokio::test]
async fn a_share_is_for_one_capture_under_one_grant() {
    let site = Site::new().await;
    let (original, other) = (site.collect(1).await, site.collect(2).await);
    let (grant, second, for_other) = (site.grant(1, &original), site.grant(2, &original), site.grant(3, &other));
    let row = site.log(ActKind::UnsealRequest, &grant).await;
    let second_row = site.log(ActKind::UnsealRequest, &second).await;
    let other_row = site.log(ActKind::UnsealRequest, &for_other).await;
    let good = site.approve(0, &grant, row, &original).await;
    let of_second = site.approve(1, &second, second_row, &original).await;
    let of_other = site.approve(1, &for_other, other_row, &other).await;
    for foreign in [of_second, of_other] {
        assert!(site.open(&grant, &original, &[good.clone(), foreign]).await.is_err());
    }
    // Answers to one grant open nothing under another, even for the same capture.
    let partner = site.approve(1, &grant, row, &original).await;
    assert!(site.open(&second, &original, &[good.clone(), partner.clone()]).await.is_err());
    assert!(site.open(&grant, &original, &[good, partner]).await.is_ok());
}

#[tokio::test]
async fn a_supervisor_believes_the_header_and_not_the_server() {
    let site = Site::new().await;
    let (original, other) = (site.collect(1).await, site.collect(2).await);
    let grant = site.grant(1, &original);
    let row = site.log(ActKind::UnsealRequest, &grant).await;
    let proof = site.evidence(0, row).await;
    // The header of one capture under the name of another.
    let swapped = site.answer(0, &grant, &other.header, &proof);
    assert!(matches!(swapped, Err(Error::OtherCapture { found, named })
        if found == other.capture && named == original.capture));
    let renamed = Grant { capture: other.capture, ..grant.clone() };
    assert!(matches!(site.answer(0, &renamed, &original.header, &proof), Err(Error::OtherCapture { .. })));
    // One changed character anywhere is noticed, before a share is touched.
    for at in (0..original.header.len()).step_by(61) {
        let mut altered = original.header.clone();
        altered[at] ^= 1;
        assert!(site.answer(0, &grant, &altered, &proof).is_err(), "byte {at}");
        let exchanged = Original { header: altered, ..original.copy() };
        assert!(site.open(&grant, &exchanged, &[]).await.is_err(), "byte {at}");
    }
    let foreign = Grant { header_hash: [0; 32], ..grant.clone() };
    let foreign_row = site.log(ActKind::UnsealRequest, &foreign).await;
    let foreign_proof = site.evidence(0, foreign_row).await;
    assert!(matches!(site.answer(0, &foreign, &original.header, &foreign_proof), Err(Error::OtherHeader)));
    assert!(site.supervisors[0].folder.seen().unwrap().is_none(), "nothing was believed, nothing is remembered");
    let honest = site.evidence(0, row).await;
    assert!(site.answer(0, &grant, &original.header, &honest).is_ok());
}

#[tokio::test]
async fn a_grant_that_is_not_in_the_log_gets_no_share() {
    let site = Site::new().await;
    let original = site.collect(1).await;
    let grant = site.grant(1, &original);
    let not_logged = |answer: Result<Vec<u8>, Error>| matches!(answer, Err(Error::NotLogged { .. }));
    // Another request's entry; an entry of another kind; a longer time than was announced; another recipient.
    let row = site.log(ActKind::UnsealRequest, &grant).await;
    let unlogged = site.grant(2, &original);
    let proof = site.evidence(0, row).await;
    assert!(not_logged(site.answer(0, &unlogged, &original.header, &proof)));
    let longer = Grant { not_after: grant.not_after.plus_millis(1), ..grant.clone() };
    assert!(not_logged(site.answer(0, &longer, &original.header, &proof)));
    let thief = age::x25519::Identity::generate().to_public().to_string();
    let stolen = Grant { recipient: thief, ..grant.clone() };
    assert!(not_logged(site.answer(0, &stolen, &original.header, &proof)));
    let opened_row = site.log(ActKind::UnsealOpen, &unlogged).await;
    let opened_proof = site.evidence(0, opened_row).await;
    assert!(not_logged(site.answer(0, &unlogged, &original.header, &opened_proof)));
    // A log of somebody else's, whatever it says.
    let elsewhere = Site::new().await;
    let theirs = elsewhere.log(ActKind::UnsealRequest, &grant).await;
    let foreign = elsewhere.evidence(0, theirs).await;
    assert!(not_logged(site.answer(0, &grant, &original.header, &foreign)));
    assert!(site.answer(0, &grant, &original.header, &proof).is_ok());
}

/// The proof must lead on from what this very folder has seen: a rewritten log is told from one that grew.
#[tokio::test]
async fn each_approval_remembers_the_log_and_asks_that_it_goes_on_from_there() {
    let site = Site::new().await;
    let original = site.collect(1).await;
    let (first, second) = (site.grant(1, &original), site.grant(2, &original));
    let row = site.log(ActKind::UnsealRequest, &first).await;
    let fresh = site.evidence(0, row).await;
    site.approve(0, &first, row, &original).await;
    let seen = site.supervisors[0].folder.seen().unwrap().unwrap();
    assert_eq!(seen.size, u64::try_from(row).unwrap());

    let later = site.log(ActKind::UnsealRequest, &second).await;
    // A proof for somebody who has seen nothing shows no more that the log only grew.
    let from_nothing = Evidence::gather(&site.folder.path().join("log"), &site.store, later, 0).await.unwrap();
    let refused = site.answer(0, &second, &original.header, &from_nothing);
    assert!(matches!(refused, Err(Error::NotLogged { .. })), "{refused:?}");
    site.approve(0, &second, later, &original).await;
    assert!(site.supervisors[0].folder.seen().unwrap().unwrap().size > seen.size);
    assert!(site.answer(0, &first, &original.header, &fresh).is_err(), "an older log than was seen");
}

/// A share and an opening both ask that somebody else has seen the log in which the request stands.
#[tokio::test]
async fn an_unwitnessed_grant_gets_no_share_and_opens_nothing() {
    let site = Site::new().await;
    let original = site.collect(1).await;
    let grant = site.grant(1, &original);
    site.sequencer.run_once().await.unwrap();
    let witnessed_before = site.cosigned(&site.auditor).unwrap();
    site.keep(&site.auditor, &witnessed_before).await;
    let row = site.log_unwitnessed(ActKind::UnsealRequest, &grant).await;
    let unwitnessed = |answer: Result<_, Error>| matches!(answer, Err(Error::Unwitnessed { found: 0, needed: 1 }));

    let before = site.answer(0, &grant, &original.header, &site.evidence(0, row).await);
    assert!(unwitnessed(before), "a log that did not hold the request yet");
    // One's own word and the word of whoever asks count for nothing.
    site.keep(&site.supervisors[0], &site.cosigned(&site.supervisors[0]).unwrap()).await;
    site.keep(&site.requester, &site.cosigned(&site.requester).unwrap()).await;
    assert!(unwitnessed(site.answer(0, &grant, &original.header, &site.evidence(0, row).await)));
    assert!(site.logged(&grant).await.is_ok(), "for whoever asked the first supervisor is a witness");
    // The other's word does: a member of the epoch.
    assert!(site.answer(1, &grant, &original.header, &site.evidence(1, row).await).is_ok());
    site.keep(&site.supervisors[2], &site.cosigned(&site.supervisors[2]).unwrap()).await;
    assert!(site.answer(0, &grant, &original.header, &site.evidence(0, row).await).is_ok());
}

/// Whoever holds the log's key can write a second history; not to anybody who has seen the first.
#[tokio::test]
async fn a_forked_log_is_witnessed_by_nobody_who_saw_the_other_and_gets_no_share() {
    let keys = tempfile::tempdir().unwrap();
    let path = keys.path().join("log.key");
    LogKey::generate("lanthorn.example/audit", &mut OsRng).unwrap().save(&path).unwrap();
    let [site, fork] = [Site::with(LogKey::load(&path).unwrap()).await, Site::with(LogKey::load(&path).unwrap()).await];
    let original = site.collect(1).await;
    let grant = site.grant(1, &original);
    let row = site.log(ActKind::UnsealRequest, &grant).await;
    site.approve(0, &grant, row, &original).await;

    let _ = fork.collect(2).await;
    let second = site.grant(2, &original);
    let shown = fork.log(ActKind::UnsealRequest, &second).await;
    let seen = site.supervisors[0].folder.seen().unwrap().unwrap().size;
    let news = News::gather(&fork.dir(), seen).unwrap();
    let Machine { folder, unlocked } = &site.supervisors[0];
    let refused = client::witness(folder, unlocked, &news, &site.log, site.clock.now()).unwrap_err();
    assert!(
        matches!(&refused, Error::Forked { why } if why.contains("forked") && why.contains("entries")),
        "{refused}"
    );
    let proof = Evidence::gather(&fork.dir(), &fork.store, shown, seen).await.unwrap();
    let refused = site.answer(0, &second, &original.header, &proof);
    assert!(matches!(refused, Err(Error::NotLogged { ref why }) if why.contains("forked")), "{refused:?}");
}

/// No changed bit of what passes through the server is accepted: not of an answer, and not of a grant.
#[tokio::test]
async fn no_flipped_bit_of_an_answer_or_a_grant_is_accepted() {
    let site = Site::new().await;
    let original = site.collect(1).await;
    let grant = site.grant(1, &original);
    let row = site.log(ActKind::UnsealRequest, &grant).await;
    let answers = [site.approve(0, &grant, row, &original).await, site.approve(1, &grant, row, &original).await];
    let logged = site.logged(&grant).await.unwrap();
    let Original { header, payload, commitments, .. } = &original;
    let (trusted, unlocked, now) = (site.trusted(), &site.requester.unlocked, site.clock.now());
    for at in 0..answers[0].len() {
        let mut altered = answers.clone();
        altered[0][at] ^= 1 << (at % 8);
        let read =
            Opened::combine(&logged, header, payload, &altered, &trusted, &site.epoch, commitments, unlocked, now);
        assert!(read.is_err(), "byte {at}");
    }
    let bytes = grant.to_bytes().unwrap();
    for bit in 0..bytes.len() * 8 {
        let mut altered = bytes.clone();
        altered[bit / 8] ^= 1 << (bit % 8);
        let Ok(altered) = Grant::parse(&altered) else { continue };
        let evidence = Evidence::gather(&site.dir(), &site.store, row, 0).await.unwrap();
        let checked = Logged::check(&site.supervisors[2].folder, &site.epoch, &altered, &evidence, &site.log);
        assert!(matches!(checked, Err(Error::NotLogged { .. })), "bit {bit}");
    }
}

#[tokio::test]
async fn after_its_time_a_grant_opens_nothing() {
    let site = Site::new().await;
    let original = site.collect(1).await;
    let grant = site.grant(1, &original);
    let row = site.log(ActKind::UnsealRequest, &grant).await;
    site.clock.advance_millis(HOUR_MILLIS);
    let answers = [site.approve(0, &grant, row, &original).await, site.approve(1, &grant, row, &original).await];
    assert!(site.open(&grant, &original, &answers).await.is_ok(), "its last millisecond");
    let proof = site.evidence(2, row).await;
    site.clock.advance_millis(1);
    assert!(matches!(site.answer(2, &grant, &original.header, &proof), Err(Error::Expired)));
    assert!(matches!(site.open(&grant, &original, &answers).await, Err(Error::Expired)));
}

#[tokio::test]
async fn nobody_but_the_requester_reads_the_answers() {
    let site = Site::new().await;
    let original = site.collect(1).await;
    let grant = site.grant(1, &original);
    let row = site.log(ActKind::UnsealRequest, &grant).await;
    let answers = [site.approve(0, &grant, row, &original).await, site.approve(1, &grant, row, &original).await];
    // The third supervisor holds both files, as the server does.
    let Original { header, payload, commitments, .. } = &original;
    let third = &site.supervisors[2].unlocked;
    let trusted = site.trusted();
    let now = site.clock.now();
    let logged = site.logged(&grant).await.unwrap();
    let read = Opened::combine(&logged, header, payload, &answers, &trusted, &site.epoch, commitments, third, now);
    assert!(matches!(read, Err(Error::OtherRecipient)));
    let own = Grant { recipient: site.supervisors[2].folder.enrolment().recipient.clone(), ..grant.clone() };
    site.log(ActKind::UnsealRequest, &own).await;
    let of_own = site.logged(&own).await.unwrap();
    let read = Opened::combine(&of_own, header, payload, &answers, &trusted, &site.epoch, commitments, third, now);
    assert!(read.is_err(), "answers that cannot be read are none, and then there are too few");
    // An answer whose signer is not trusted does not count.
    let fewer = BTreeMap::from_iter(trusted.into_iter().filter(|(person, _)| person.as_str() != SUPERVISORS[0]));
    let unlocked = &site.requester.unlocked;
    let read = Opened::combine(&logged, header, payload, &answers, &fewer, &site.epoch, commitments, unlocked, now);
    assert!(read.is_err());
    // Nobody who writes rubbish keeps two others from answering.
    let [first, second] = answers;
    let answers = [b"rubbish".to_vec(), first, second];
    let trusted = site.trusted();
    Opened::combine(&logged, header, payload, &answers, &trusted, &site.epoch, commitments, unlocked, now).unwrap();
}

#[tokio::test]
async fn a_supervisor_gives_no_share_for_the_own_request() {
    let site = Site::new().await;
    let original = site.collect(1).await;
    let grant = Grant { requester: SUPERVISORS[0].parse().unwrap(), ..site.grant(1, &original) };
    let row = site.log(ActKind::UnsealRequest, &grant).await;
    let own = site.answer(0, &grant, &original.header, &site.evidence(0, row).await);
    assert!(matches!(own, Err(Error::OwnRequest)));
    assert!(site.answer(1, &grant, &original.header, &site.evidence(1, row).await).is_ok());
}

#[tokio::test]
async fn a_payload_that_is_not_the_committed_one_is_not_opened() {
    let site = Site::new().await;
    let (original, other) = (site.collect(1).await, site.collect(2).await);
    let grant = site.grant(1, &original);
    let row = site.log(ActKind::UnsealRequest, &grant).await;
    let answers = [site.approve(0, &grant, row, &original).await, site.approve(2, &grant, row, &original).await];
    for at in [0, 20, original.payload.len() / 2, original.payload.len() - 1] {
        let mut altered = original.copy();
        altered.payload[at] ^= 1;
        assert!(site.open(&grant, &altered, &answers).await.is_err(), "byte {at}");
    }
    assert!(
        site.open(&grant, &Original { payload: other.payload.clone(), ..original.copy() }, &answers).await.is_err()
    );
    assert!(
        site.open(&grant, &Original { commitments: other.commitments, ..original.copy() }, &answers).await.is_err()
    );
    assert!(site.open(&grant, &original, &answers).await.is_ok());
}

#[tokio::test]
async fn the_disclosed_copy_opens_with_age_alone_and_for_its_recipient_alone() {
    let site = Site::new().await;
    let original = site.collect(1).await;
    let grant = site.grant(1, &original);
    let row = site.log(ActKind::UnsealRequest, &grant).await;
    let answers = [site.approve(0, &grant, row, &original).await, site.approve(1, &grant, row, &original).await];
    let opened = site.open(&grant, &original, &answers).await.unwrap();
    let (court, stranger) = (age::x25519::Identity::generate(), age::x25519::Identity::generate());
    let to = court.to_public().to_string();
    let copy = opened.disclose(&original.payload, &original.commitments, &to).unwrap();
    assert!(copy.ends_with(&original.payload), "the payload goes along byte for byte");
    let plain = age::decrypt(&court, &copy).unwrap();
    assert!(plain.windows(original.record.len()).any(|window| window == original.record));
    assert!(age::decrypt(&stranger, &copy).is_err());
    assert!(opened.disclose(&original.payload, &original.commitments, "age1nobody").is_err());
    let mut altered = original.payload.clone();
    altered[30] ^= 1;
    assert!(opened.disclose(&altered, &original.commitments, &to).is_err());
}

/// A class has spoken when one of its people has signed this very request, whatever the server says of it.
#[tokio::test]
async fn a_client_that_waits_for_a_class_believes_signatures_and_nothing_else() {
    let site = Site::new().await;
    let original = site.collect(1).await;
    let (grant, other) = (site.grant(1, &original), site.grant(2, &original));
    let (row, other_row) =
        (site.log(ActKind::UnsealRequest, &grant).await, site.log(ActKind::UnsealRequest, &other).await);
    let class = |name: &str, person: &str| Class { name: name.to_owned(), people: vec![person.parse().unwrap()] };
    let folder = &site.supervisors[0].folder;
    let wait_for = |name: &str, person: &str| {
        let policy = Policy { classes: vec![class(name, person)], ..folder.policy().unwrap() };
        folder.set_policy(&policy).unwrap();
    };
    wait_for("prosecution", SUPERVISORS[2]);
    let proof = site.evidence(0, row).await;
    let silent = |spoken: &[Spoken]| {
        let answer = site.approval_after(0, &grant, &original.header, &proof, spoken);
        matches!(answer, Err(Error::ClassSilent { class, .. }) if class == "prosecution")
    };
    let spoken = |supervisor: usize, signature: [u8; 64]| Spoken {
        person: SUPERVISORS[supervisor].parse().unwrap(),
        signature: signature.to_vec(),
    };
    assert!(silent(&[]));

    let of_other = site.evidence(2, other_row).await;
    let elsewhere = site.approval(2, &other, &original.header, &of_other).unwrap().signature;
    assert!(silent(&[spoken(2, elsewhere)]), "a signature under another request");
    let of_first = site.evidence(1, row).await;
    let jonas = site.approval(1, &grant, &original.header, &of_first).unwrap().signature;
    assert!(silent(&[spoken(1, jonas)]), "somebody of no class");
    assert!(silent(&[spoken(2, jonas)]), "another's signature under the name that is waited for");
    assert!(silent(&[Spoken { signature: vec![7; 12], ..spoken(2, jonas) }]), "no signature at all");

    let proof_of_third = site.evidence(2, row).await;
    let amina = site.approval(2, &grant, &original.header, &proof_of_third).unwrap().signature;
    for bit in 0..512 {
        let mut flipped = amina;
        flipped[bit / 8] ^= 1 << (bit % 8);
        assert!(silent(&[spoken(2, flipped)]), "bit {bit}");
    }
    let given = site.approval_after(0, &grant, &original.header, &proof, &[spoken(1, jonas), spoken(2, amina)]);
    assert!(given.is_ok(), "{given:?}");

    // Whoever is of a class need not wait for it, and cannot be waited for by a name that the epoch does not know.
    wait_for("own", SUPERVISORS[0]);
    assert!(site.approval(0, &grant, &original.header, &site.evidence(0, row).await).is_ok());
    wait_for("prosecution", "s.nobody");
    let proof = site.evidence(0, row).await;
    let unknown = Spoken { person: "s.nobody".parse().unwrap(), signature: amina.to_vec() };
    let refused = site.approval_after(0, &grant, &original.header, &proof, &[unknown]);
    assert!(matches!(refused, Err(Error::ClassSilent { .. })), "{refused:?}");
}
