//! Signing in: nothing is told to whoever guesses, and guessing takes longer and longer.

use access::Error;
use model::HasKind as _;

use crate::site::{PASSPHRASE, Site, id};

const WRONG: &str = "another lantern altogether";

#[tokio::test]
async fn a_wrong_passphrase_and_an_unknown_person_are_told_apart_by_the_log_alone() {
    let site = Site::peopled().await;
    let wrong = site.access.sign_in(&id("a.ivan"), WRONG).await.unwrap_err();
    assert!(site.last_record().await.contains("wrong passphrase"));
    let unknown = site.access.sign_in(&id("a.nobody"), WRONG).await.unwrap_err();
    assert!(site.last_record().await.contains("unknown person"));
    assert!(matches!((&wrong, &unknown), (Error::SignIn, Error::SignIn)));
    assert_eq!((wrong.to_string(), wrong.kind()), (unknown.to_string(), unknown.kind()));
    assert_eq!(site.last_acts(2).await, ["sign-in-failed", "sign-in-failed"]);
    let records: Vec<_> = site.journal.tail(100).await.unwrap();
    assert!(records.iter().filter_map(|entry| entry.record.as_deref()).all(|record| !record.contains(WRONG)));
}

#[tokio::test]
async fn the_right_passphrase_signs_in_with_the_role_on_record() {
    let site = Site::peopled().await;
    let principal = site.signed_in("o.lena").await;
    assert_eq!((principal.person(), principal.role()), (&id("o.lena"), model::Role::Operator));
    assert_eq!(site.last_acts(1).await, ["sign-in"]);
}

#[tokio::test]
async fn waiting_begins_with_the_third_failure_and_doubles() {
    let site = Site::peopled().await;
    let ivan = id("a.ivan");
    for _ in 0..3 {
        assert!(matches!(site.access.sign_in(&ivan, WRONG).await, Err(Error::SignIn)));
    }
    // Not even the right one counts now, and asking does not prolong the wait.
    for passphrase in [PASSPHRASE, WRONG, PASSPHRASE] {
        let early = site.access.sign_in(&ivan, passphrase).await;
        assert!(matches!(early, Err(Error::Locked { seconds: 1..=3 })), "{early:?}");
    }
    assert!(site.access.sign_in(&id("s.maria"), PASSPHRASE).await.is_ok(), "others do not wait");
    site.clock.advance_millis(2_000);
    assert!(matches!(site.access.sign_in(&ivan, WRONG).await, Err(Error::SignIn)));
    site.clock.advance_millis(2_000);
    assert!(matches!(site.access.sign_in(&ivan, PASSPHRASE).await, Err(Error::Locked { .. })), "four seconds by now");
    site.clock.advance_millis(2_000);
    assert!(site.access.sign_in(&ivan, PASSPHRASE).await.is_ok());
    for _ in 0..2 {
        assert!(matches!(site.access.sign_in(&ivan, WRONG).await, Err(Error::SignIn)), "a success forgives");
    }
    assert!(site.access.sign_in(&ivan, PASSPHRASE).await.is_ok());
}

/// A failure is counted before the passphrase is looked at: a crowd of guesses has no more tries than one after another.
#[tokio::test]
async fn guesses_side_by_side_gain_nothing() {
    let site = Site::peopled().await;
    let ivan = id("a.ivan");
    let guess = || site.access.sign_in(&ivan, WRONG);
    let (a, b, c, d, e, f) = tokio::join!(guess(), guess(), guess(), guess(), guess(), guess());
    let looked_at = [a, b, c, d, e, f].iter().filter(|tried| matches!(tried, Err(Error::SignIn))).count();
    assert_eq!(looked_at, 3);
}
