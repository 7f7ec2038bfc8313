//! The mailbox of the unsealing: asked for, decided by others, dead after one denial or its time.

use access::{Answered, Asked, Error, Mailbox, Reviews};
use audit::{Act, ActKind};
use model::{Action, CaptureId, Role, Timestamp};

use crate::site::{Site, id};

const CAPTURE: CaptureId = CaptureId::from_bytes([3; 16]);
const HOUR_MILLIS: i64 = 3_600_000;

struct Post {
    site: Site,
    mailbox: Mailbox,
    not_after: Timestamp,
}

impl Post {
    async fn new() -> Self {
        let site = Site::peopled().await;
        site.confirmed("s.li", Role::Supervisor).await;
        let (mailbox, not_after) = (site.mailbox(), site.clock.now().plus_millis(HOUR_MILLIS));
        Self { site, mailbox, not_after }
    }

    async fn ask(&self, who: &str) -> i64 {
        let principal = self.site.signed_in(who).await;
        let permit = self.site.access.permit(&principal, Action::RequestUnseal).await.unwrap();
        let number = self.mailbox.next_number().await.unwrap();
        let act = principal.act(ActKind::UnsealRequest).capture(CAPTURE).detail("grant", "00ff");
        self.mailbox.ask(&permit, self.asked(number, b"the grant", false), act).await.unwrap()
    }

    fn asked<'a>(&self, request: i64, granting: &'a [u8], break_glass: bool) -> Asked<'a> {
        Asked { request, capture: CAPTURE, granting, not_after: self.not_after, break_glass }
    }

    async fn break_the_glass(&self, who: &str) -> Result<i64, Error> {
        let principal = self.site.signed_in(who).await;
        let permit = self.site.access.permit(&principal, Action::RequestUnseal).await.unwrap();
        let number = self.mailbox.next_number().await.unwrap();
        let act = principal.act(ActKind::UnsealRequest).capture(CAPTURE);
        self.mailbox.ask(&permit, self.asked(number, b"the grant", true), act).await
    }

    async fn review(&self, who: &str, request: i64) -> Result<(), Error> {
        let principal = self.site.signed_in(who).await;
        let permit = self.site.access.permit(&principal, Action::ReviewUse).await?;
        Reviews::new(self.site.store.clone(), self.site.journal.clone())
            .review(&principal, &permit, request, true, "the child was in the next room")
            .await
    }

    async fn decide(&self, who: &str, request: i64, reason: Option<&str>) -> Result<(), Error> {
        let principal = self.site.signed_in(who).await;
        let permit = self.site.access.permit(&principal, Action::DecideUnseal).await?;
        match reason {
            Some(reason) => self.mailbox.deny(&principal, &permit, request, reason).await,
            None => self.mailbox.approve(&principal, &permit, request, answered(who.as_bytes())).await,
        }
    }
}

const fn answered(answer: &[u8]) -> Answered<'_> {
    Answered { answer, signature: &[7; 64] }
}

#[tokio::test]
async fn a_request_is_logged_in_the_same_transaction_and_read_back_whole() {
    let post = Post::new().await;
    assert_eq!(post.mailbox.next_number().await.unwrap(), 1);
    let number = post.ask("a.ivan").await;
    assert_eq!((number, post.mailbox.next_number().await.unwrap()), (1, 2));
    let request = post.mailbox.find(number).await.unwrap();
    assert_eq!((request.capture, &request.requester), (CAPTURE, &id("a.ivan")));
    assert_eq!((&request.granting[..], request.not_after), (&b"the grant"[..], post.not_after));
    assert_eq!(request.asked_at, post.site.clock.now());
    assert_eq!((request.approvals(), request.dead(post.not_after)), (0, None));
    let logged = post.site.journal.tail(1).await.unwrap().remove(0);
    assert_eq!((logged.seq, logged.kind.as_str()), (request.journal_seq, "unseal-request"));
    assert!(logged.record.unwrap().contains(r#""grant":"00ff""#));
}

#[tokio::test]
async fn a_number_that_is_taken_leaves_no_log_entry_behind() {
    let post = Post::new().await;
    let number = post.ask("a.ivan").await;
    let permit = post.site.permit("a.ivan", Action::RequestUnseal).await;
    let before = post.site.journal.tail(1).await.unwrap().remove(0).seq;
    let act = Act::new(ActKind::UnsealRequest, audit::Actor::Person(id("a.ivan")));
    assert!(post.mailbox.ask(&permit, post.asked(number, b"other", false), act).await.is_err());
    assert_eq!(post.site.journal.tail(1).await.unwrap().remove(0).seq, before);
    assert_eq!(post.mailbox.find(number).await.unwrap().granting, b"the grant");
}

#[tokio::test]
async fn two_approvals_lie_side_by_side_each_from_its_own_supervisor() {
    let post = Post::new().await;
    let number = post.ask("a.ivan").await;
    post.decide("s.maria", number, None).await.unwrap();
    post.decide("s.li", number, None).await.unwrap();
    let request = post.mailbox.find(number).await.unwrap();
    assert_eq!(request.approvals(), 2);
    let answers: Vec<_> =
        request.decisions.iter().map(|made| (made.supervisor.as_str(), made.answer.as_deref().unwrap())).collect();
    assert_eq!(answers, [("s.maria", &b"s.maria"[..]), ("s.li", &b"s.li"[..])]);
    assert!(request.decisions.iter().all(|made| made.signature.as_deref() == Some(&[7; 64][..])));
    assert_eq!(post.site.last_acts(1).await, ["unseal-grant"]);
    let twice = post.decide("s.maria", number, None).await;
    assert!(matches!(twice, Err(Error::DecidedAlready { request }) if request == number));
    assert_eq!(post.mailbox.find(number).await.unwrap().decisions.len(), 2);
}

#[tokio::test]
async fn a_supervisor_may_think_better_of_an_approval_and_not_of_a_denial() {
    let post = Post::new().await;
    let number = post.ask("a.ivan").await;
    post.decide("s.maria", number, None).await.unwrap();
    post.decide("s.maria", number, Some("changed my mind")).await.unwrap();
    let request = post.mailbox.find(number).await.unwrap();
    assert_eq!((request.approvals(), request.decisions.len()), (0, 1));
    assert_eq!(request.decisions[0].answer, None, "the share is gone from the mailbox");
    assert_eq!(request.decisions[0].signature, None, "nobody waits for a signature that was taken back");
    assert_eq!(request.dead(post.site.clock.now()), Some("a supervisor denied it"));
    assert!(matches!(post.decide("s.maria", number, Some("again")).await, Err(Error::Dead { .. })));
    assert!(matches!(post.decide("s.maria", number, None).await, Err(Error::Dead { .. })));
}

#[tokio::test]
async fn one_denial_ends_a_request() {
    let post = Post::new().await;
    let number = post.ask("a.ivan").await;
    post.decide("s.maria", number, None).await.unwrap();
    post.decide("s.omar", number, Some("not necessary")).await.unwrap();
    let acts = post.site.last_acts(1).await;
    assert_eq!(acts, ["unseal-deny"]);
    let request = post.mailbox.find(number).await.unwrap();
    assert_eq!(request.dead(post.site.clock.now()), Some("a supervisor denied it"));
    assert_eq!(request.decisions[1].reason.as_deref(), Some("not necessary"));
    let late = post.decide("s.li", number, None).await;
    assert!(matches!(late, Err(Error::Dead { why: "a supervisor denied it", .. })));
}

#[tokio::test]
async fn a_request_whose_time_is_over_is_decided_no_more() {
    let post = Post::new().await;
    let number = post.ask("a.ivan").await;
    post.site.clock.advance_millis(HOUR_MILLIS);
    post.decide("s.maria", number, None).await.unwrap();
    post.site.clock.advance_millis(1);
    let late = post.decide("s.omar", number, None).await;
    assert!(matches!(late, Err(Error::Dead { why: "its time is over", .. })));
}

#[tokio::test]
async fn nobody_decides_the_own_request_or_with_another_persons_permit() {
    let post = Post::new().await;
    let number = post.ask("s.maria").await;
    let own = post.decide("s.maria", number, None).await;
    assert!(matches!(own, Err(Error::OwnRequest { request }) if request == number));
    assert!(post.site.last_record().await.contains("no-self-approval"));
    for person in ["a.ivan", "o.lena", "u.paul"] {
        assert!(matches!(post.decide(person, number, None).await, Err(Error::Role { .. })), "{person}");
    }
    let omar = post.site.permit("s.omar", Action::DecideUnseal).await;
    let maria = post.site.signed_in("s.maria").await;
    let borrowed = post.mailbox.approve(&maria, &omar, number, answered(b"answer")).await;
    assert!(matches!(borrowed, Err(Error::OtherPermit { .. })));
    let status = post.site.permit("s.omar", Action::ReadStatus).await;
    let omar = post.site.signed_in("s.omar").await;
    let unfit = post.mailbox.approve(&omar, &status, number, answered(b"answer")).await;
    assert!(matches!(unfit, Err(Error::OtherPermit { .. })));
    assert!(post.mailbox.find(number).await.unwrap().decisions.is_empty());
}

#[tokio::test]
async fn requests_are_listed_newest_first_and_an_unknown_one_is_told() {
    let post = Post::new().await;
    assert!(post.mailbox.list().await.unwrap().is_empty());
    for who in ["a.ivan", "s.maria", "a.ivan"] {
        post.ask(who).await;
    }
    let listed: Vec<_> = post.mailbox.list().await.unwrap().into_iter().map(|request| request.request).collect();
    assert_eq!(listed, [3, 2, 1]);
    assert!(matches!(post.mailbox.find(4).await, Err(Error::Unknown { .. })));
    assert!(matches!(post.decide("s.omar", 4, None).await, Err(Error::Unknown { .. })));
}

/// Answers are for the requester alone: no listing carries them.
#[tokio::test]
async fn no_answer_and_no_grant_is_serialised() {
    let post = Post::new().await;
    let number = post.ask("a.ivan").await;
    post.decide("s.maria", number, None).await.unwrap();
    let request = post.mailbox.find(number).await.unwrap();
    let json = serde_json::to_value(&request).unwrap();
    assert!(json.get("granting").is_none(), "{json}");
    assert!(json["decisions"][0].get("answer").is_none(), "{json}");
    assert_eq!(json["decisions"][0]["approved"], true);
}

/// Whoever broke the glass asks for nothing more until somebody who had no part in it has looked.
#[tokio::test]
async fn an_unreviewed_use_of_break_glass_blocks_its_user_and_nobody_else() {
    let post = Post::new().await;
    let urgent = post.break_the_glass("a.ivan").await.unwrap();
    assert!(matches!(post.break_the_glass("a.ivan").await, Err(Error::ReviewOwed { request }) if request == urgent));
    let own = post.break_the_glass("s.omar").await.unwrap();
    post.decide("s.maria", urgent, None).await.unwrap();

    assert!(matches!(post.review("s.maria", urgent).await, Err(Error::OwnReview { .. })), "she approved it");
    assert!(matches!(post.review("s.omar", own).await, Err(Error::OwnReview { .. })), "he asked for it");
    assert!(matches!(post.review("a.ivan", urgent).await, Err(Error::Role { .. })));
    assert!(matches!(post.review("s.li", 99).await, Err(Error::Unknown { .. })));
    // An erasure takes the request and leaves the debt.
    let mut tx = post.site.store.begin().await.unwrap();
    Mailbox::erase(&mut tx, &[CAPTURE]).await.unwrap();
    tx.commit().await.unwrap();
    assert!(matches!(post.break_the_glass("a.ivan").await, Err(Error::ReviewOwed { .. })));
    post.review("s.li", urgent).await.unwrap();
    assert!(matches!(post.review("s.li", urgent).await, Err(Error::ReviewedAlready { .. })));
    assert!(post.break_the_glass("a.ivan").await.is_ok());
}

/// Who had a part in it is known after the request is gone.
#[tokio::test]
async fn after_an_erasure_whoever_approved_still_does_not_review() {
    let post = Post::new().await;
    let urgent = post.break_the_glass("a.ivan").await.unwrap();
    post.decide("s.maria", urgent, None).await.unwrap();
    let mut tx = post.site.store.begin().await.unwrap();
    Mailbox::erase(&mut tx, &[CAPTURE]).await.unwrap();
    tx.commit().await.unwrap();
    assert!(matches!(post.mailbox.find(urgent).await, Err(Error::Unknown { .. })));
    assert!(matches!(post.review("s.maria", urgent).await, Err(Error::OwnReview { .. })), "she approved it");
    post.review("s.li", urgent).await.unwrap();
}
