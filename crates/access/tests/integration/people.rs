//! Two persons for every change to people, and how the first two come in.

use access::{Error, Standing};
use model::{Action, Role};
use rand::rngs::OsRng;

use crate::site::{PASSPHRASE, Site, id};

#[tokio::test]
async fn the_first_two_supervisors_are_in_force_and_nobody_after_them() {
    let site = Site::empty().await;
    let too_early = site.add(None, "a.ivan", Role::Analyst).await;
    assert!(matches!(too_early, Err(Error::SupervisorsFirst)));
    for supervisor in ["s.maria", "s.omar"] {
        assert_eq!(site.add(None, supervisor, Role::Supervisor).await.unwrap(), Standing::InForce);
        assert!(site.last_record().await.contains("one of the first two supervisors"));
    }
    for role in Role::ALL {
        let alone = site.add(None, "x.third", role).await;
        assert!(matches!(alone, Err(Error::NeedsProposer)), "{role}");
    }
    assert_eq!(site.access.people().list().await.unwrap().len(), 2);
}

#[tokio::test]
async fn who_proposes_a_person_cannot_confirm_it() {
    let site = Site::peopled().await;
    let maria = site.permit("s.maria", Action::ManagePeople).await;
    let Standing::Waits(proposal) = site.add(Some(&maria), "a.nina", Role::Analyst).await.unwrap() else {
        panic!("one person added another");
    };
    let people = site.access.people();
    assert!(site.access.sign_in(&id("a.nina"), PASSPHRASE).await.is_err(), "a proposal is no person");
    let own = people.confirm(&maria, proposal).await;
    assert!(matches!(own, Err(Error::SamePerson { person }) if person == id("s.maria")));

    let omar = site.permit("s.omar", Action::ManagePeople).await;
    people.confirm(&omar, proposal).await.unwrap();
    assert_eq!(site.signed_in("a.nina").await.role(), Role::Analyst);
    let nina = people.find(&id("a.nina")).await.unwrap();
    assert_eq!((nina.proposed_by.as_deref(), nina.confirmed_by.as_deref()), (Some("s.maria"), Some("s.omar")));
    let again = people.confirm(&omar, proposal).await;
    assert!(matches!(again, Err(Error::Unknown { .. })), "a proposal is confirmed once");
    let left: i64 = sqlx::query_scalar("SELECT count(*) FROM proposals WHERE passphrase IS NOT NULL")
        .fetch_one(site.store.reader())
        .await
        .unwrap();
    assert_eq!(left, 0, "no second copy of a passphrase hash stays");
}

#[tokio::test]
async fn a_role_changes_with_two_hands_neither_of_them_the_persons_own() {
    let site = Site::peopled().await;
    site.confirmed("s.li", Role::Supervisor).await;
    let people = site.access.people();
    let maria = site.permit("s.maria", Action::ManagePeople).await;
    let Standing::Waits(proposal) = people.change_role(&maria, &id("s.li"), Role::Auditor).await.unwrap() else {
        panic!("one person changed a role");
    };
    assert_eq!(people.proposals().await.unwrap().len(), 1);
    assert!(matches!(people.confirm(&maria, proposal).await, Err(Error::SamePerson { .. })));
    let li = site.permit("s.li", Action::ManagePeople).await;
    assert!(matches!(people.confirm(&li, proposal).await, Err(Error::SamePerson { .. })));
    assert_eq!(people.find(&id("s.li")).await.unwrap().role, Role::Supervisor);

    let omar = site.permit("s.omar", Action::ManagePeople).await;
    people.confirm(&omar, proposal).await.unwrap();
    assert_eq!(people.find(&id("s.li")).await.unwrap().role, Role::Auditor);
    assert!(people.proposals().await.unwrap().is_empty());
    assert_eq!(site.last_acts(1).await, ["role"]);
    assert!(access::signers(&site.store).await.unwrap().keys().all(|person| *person != id("s.li")));
}

/// Otherwise the next person would come in as one of the first two, with nobody's hand but their own.
#[tokio::test]
async fn two_supervisors_always_stay() {
    let site = Site::peopled().await;
    let people = site.access.people();
    let maria = site.permit("s.maria", Action::ManagePeople).await;
    let omar = site.permit("s.omar", Action::ManagePeople).await;
    let Standing::Waits(proposal) = people.change_role(&maria, &id("s.maria"), Role::Analyst).await.unwrap() else {
        panic!("one person changed a role");
    };
    assert!(matches!(people.confirm(&omar, proposal).await, Err(Error::TooFewSupervisors)));
    assert!(matches!(site.add(None, "s.third", Role::Supervisor).await, Err(Error::NeedsProposer)));

    site.confirmed("s.li", Role::Supervisor).await;
    people.confirm(&omar, proposal).await.unwrap();
    assert_eq!(people.find(&id("s.maria")).await.unwrap().role, Role::Analyst);
}

#[tokio::test]
async fn what_is_missing_or_taken_is_refused_by_name() {
    let site = Site::peopled().await;
    let people = site.access.people();
    let maria = site.permit("s.maria", Action::ManagePeople).await;
    let taken = site.add(Some(&maria), "a.ivan", Role::Analyst).await;
    assert!(matches!(taken, Err(Error::Taken { .. })));
    site.add(Some(&maria), "a.nina", Role::Analyst).await.unwrap();
    let proposed = site.add(Some(&maria), "a.nina", Role::Operator).await;
    assert!(matches!(proposed, Err(Error::Taken { .. })));
    let keyless = people.add(Some(&maria), &id("s.li"), Role::Supervisor, PASSPHRASE, None, &mut OsRng).await;
    assert!(matches!(keyless, Err(Error::NeedsKeys)));
    let short = people.add(Some(&maria), &id("a.lu"), Role::Analyst, "eleven char", None, &mut OsRng).await;
    assert!(matches!(short, Err(Error::ShortPassphrase { least: 12 })));
    let keyless = people.change_role(&maria, &id("a.ivan"), Role::Supervisor).await;
    assert!(matches!(keyless, Err(Error::NeedsKeys)));
    let nobody = people.change_role(&maria, &id("a.nobody"), Role::Auditor).await;
    assert!(matches!(nobody, Err(Error::Unknown { .. })));
    assert!(matches!(people.confirm(&maria, 99).await, Err(Error::Unknown { .. })));
}
