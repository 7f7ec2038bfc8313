//! Every role and every action, asked for in earnest.

use access::Error;
use model::{Action, Role};

use crate::site::Site;

const PEOPLE: [(&str, Role); 4] =
    [("a.ivan", Role::Analyst), ("s.maria", Role::Supervisor), ("o.lena", Role::Operator), ("u.paul", Role::Auditor)];

#[tokio::test]
async fn a_permit_is_given_exactly_where_the_table_grants_it_and_every_refusal_is_logged() {
    let site = Site::peopled().await;
    let (mut granted, mut refused) = (0, 0);
    for (person, role) in PEOPLE {
        let principal = site.signed_in(person).await;
        assert_eq!(principal.role(), role);
        for action in Action::ALL {
            match site.access.permit(&principal, action).await {
                Ok(permit) => {
                    assert!(role.may(action), "{role} {action:?}");
                    assert_eq!((permit.person().as_str(), permit.role(), permit.action()), (person, role, action));
                    granted += 1;
                }
                Err(Error::Role { role: told, action: about }) => {
                    assert!(!role.may(action), "{role} {action:?}");
                    assert_eq!((told, about), (role, action));
                    let record = site.last_record().await;
                    assert!(record.contains(r#""act":"refuse""#) && record.contains("role-table"), "{record}");
                    assert!(record.contains(person) && record.contains(&format!("{action:?}")), "{record}");
                    refused += 1;
                }
                Err(other) => panic!("{role} {action:?}: {other}"),
            }
        }
    }
    assert_eq!(granted + refused, Role::ALL.len() * Action::ALL.len());
    assert!(granted > 0 && refused > granted, "{granted} granted, {refused} refused");
}

#[tokio::test]
async fn a_licence_takes_a_permit_to_search_and_a_case_that_exists() {
    let site = Site::peopled().await;
    let case = "op-harbour-2026".parse().unwrap();
    let manager = site.permit("s.maria", Action::ManageCase).await;
    site.cases().open(&manager, &case, "invented pages").await.unwrap();
    site.cases().assign(&manager, &case, &"a.ivan".parse().unwrap()).await.unwrap();
    for (person, role) in PEOPLE {
        let principal = site.signed_in(person).await;
        for action in Action::ALL {
            let licence = site.access.licence(&principal, action, &case).await;
            let reads_the_index = matches!(action, Action::Search | Action::Pivot);
            match licence {
                Ok(licence) => {
                    assert!(role.may(action) && reads_the_index, "{role} {action:?}");
                    assert_eq!(licence.case(), &case);
                }
                Err(Error::Role { .. }) => assert!(!role.may(action), "{role} {action:?}"),
                Err(Error::OtherPermit { .. }) => assert!(role.may(action) && !reads_the_index, "{role} {action:?}"),
                Err(other) => panic!("{role} {action:?}: {other}"),
            }
        }
    }
    let analyst = site.signed_in("a.ivan").await;
    let nowhere = "op-nowhere".parse().unwrap();
    let unknown = site.access.licence(&analyst, Action::Search, &nowhere).await;
    assert!(matches!(unknown, Err(Error::Unknown { .. })));
}

#[tokio::test]
async fn a_permit_for_one_act_is_none_for_another() {
    let site = Site::peopled().await;
    let status = site.permit("s.maria", Action::ReadStatus).await;
    let case = "op-harbour-2026".parse().unwrap();
    let refused = [
        site.add(Some(&status), "a.nina", Role::Analyst).await.map(drop),
        site.access.people().change_role(&status, &"a.ivan".parse().unwrap(), Role::Auditor).await.map(drop),
        site.access.people().confirm(&status, 1).await.map(drop),
        site.cases().open(&status, &case, "invented").await,
        site.cases().close(&status, &case).await,
    ];
    for (place, outcome) in refused.into_iter().enumerate() {
        assert!(matches!(outcome, Err(Error::OtherPermit { .. })), "{place}: {outcome:?}");
    }
    assert!(site.cases().list().await.unwrap().is_empty());
    assert!(site.access.people().proposals().await.unwrap().is_empty());
}
