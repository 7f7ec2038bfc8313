//! `lanthorn people`: propose, confirm, list. Every change needs two persons.

use access::Standing;
use anyhow::Context as _;
use client::Enrolment;
use model::Action;
use rand::rngs::OsRng;

use crate::args::PeopleCommand;
use crate::context::Context;
use crate::site::failed;
use crate::terminal::{self, table};

pub(crate) async fn run(context: &Context, command: PeopleCommand) -> anyhow::Result<()> {
    let site = context.site().await?;
    match command {
        PeopleCommand::Add { name, role, enrolment, new_passphrase_file } => {
            let enrolment = enrolment.map(|file| read_enrolment(&file)).transpose()?;
            if let Some(theirs) = &enrolment {
                anyhow::ensure!(theirs.person == name, "the enrolment file is {}'s, not {name}'s", theirs.person);
            }
            let keys =
                enrolment.map(|file| access::Enrolment { signing_key: file.signing_key, recipient: file.recipient });
            let access = context.access(&site)?;
            let permit = match &context.common.person {
                None => None,
                Some(_) => {
                    let principal = context.sign_in(&access).await?;
                    Some(access.permit(&principal, Action::ManagePeople).await.map_err(failed)?)
                }
            };
            let passphrase = match new_passphrase_file {
                Some(file) => terminal::from_file(&file)?,
                None => context.passphrase(&format!("{name} (new)"))?,
            };
            let standing =
                access.people().add(permit.as_ref(), &name, role, &passphrase, keys.as_ref(), &mut OsRng).await;
            let standing = standing.map_err(failed)?;
            site.settle_log().await;
            tell_standing(context, &name.to_string(), standing)
        }
        PeopleCommand::Role { name, role } => {
            let (access, _principal, permit) = context.permit(&site, Action::ManagePeople).await?;
            let standing = access.people().change_role(&permit, &name, role).await.map_err(failed)?;
            site.settle_log().await;
            tell_standing(context, &name.to_string(), standing)
        }
        PeopleCommand::ForgetSecondFactor { name } => {
            let (access, _principal, permit) = context.permit(&site, Action::ManagePeople).await?;
            access.forget_second_factor(&permit, &name).await.map_err(failed)?;
            site.settle_log().await;
            context.output().show(&serde_json::json!({ "person": name, "second_factor": false }), |out| {
                writeln!(out, "{name} sets up another second factor when they sign in on the web next")
            })
        }
        PeopleCommand::Keys { name } => {
            let (access, _principal, _permit) = context.permit(&site, Action::ManagePeople).await?;
            let person = access.people().find(&name).await.map_err(failed)?;
            let keys = access.keys_of(&person.person).await.map_err(failed)?;
            site.settle_log().await;
            context.output().show(&serde_json::json!({ "person": name, "keys": keys }), |out| {
                if keys.is_empty() {
                    return writeln!(out, "{name} has no security key");
                }
                let rows: Vec<_> = keys
                    .iter()
                    .map(|key| {
                        let used = key.used_at.map_or_else(|| "not yet".to_owned(), |at| at.to_string());
                        let kind = if key.backup_eligible { "can be copied" } else { "one device" };
                        vec![key.key.to_string(), key.name.clone(), key.added_at.to_string(), used, kind.to_owned()]
                    })
                    .collect();
                table(out, &["KEY", "NAME", "ADDED", "LAST USED", "KIND"], &rows)
            })
        }
        PeopleCommand::ForgetKey { name, key } => {
            let (access, _principal, permit) = context.permit(&site, Action::ManagePeople).await?;
            access.forget_key(&permit, &name, key).await.map_err(failed)?;
            site.settle_log().await;
            context.output().show(&serde_json::json!({ "person": name, "key": key, "taken_away": true }), |out| {
                writeln!(out, "{name} signs in with key {key} no more; sessions that began with it have ended")
            })
        }
        PeopleCommand::Confirm { proposal } => {
            let (access, _principal, permit) = context.permit(&site, Action::ManagePeople).await?;
            let done = access.people().confirm(&permit, proposal).await.map_err(failed)?;
            site.settle_log().await;
            context.output().show(&done, |out| writeln!(out, "confirmed: {} is {}", done.person, done.role))
        }
        PeopleCommand::List => {
            let access = context.access(&site)?;
            let (people, proposals) =
                (access.people().list().await.map_err(failed)?, access.people().proposals().await.map_err(failed)?);
            context.output().show(&serde_json::json!({ "people": people, "proposals": proposals }), |out| {
                let rows: Vec<_> = people
                    .iter()
                    .map(|person| {
                        let by = person.confirmed_by.clone().unwrap_or_else(|| "first two".to_owned());
                        vec![person.person.to_string(), person.role.to_string(), by]
                    })
                    .collect();
                table(out, &["PERSON", "ROLE", "CONFIRMED BY"], &rows)?;
                for open in &proposals {
                    writeln!(out, "\nproposal {}: {} {} as {}, by {}; waits for `lanthorn people confirm {}` by another supervisor", open.proposal, open.kind, open.person, open.role, open.proposed_by, open.proposal)?;
                }
                Ok(())
            })
        }
    }
}

/// Reads the public halves that somebody enrolled with.
pub(crate) fn read_enrolment(file: &std::path::Path) -> anyhow::Result<Enrolment> {
    let text = std::fs::read_to_string(file).with_context(|| format!("failed to read {}", file.display()))?;
    Enrolment::parse(&text).map_err(failed)
}

fn tell_standing(context: &Context, name: &str, standing: Standing) -> anyhow::Result<()> {
    match standing {
        Standing::InForce => context.output().show(&serde_json::json!({ "person": name, "in_force": true }), |out| {
            writeln!(out, "{name} is in force, as one of the first two supervisors")
        }),
        Standing::Waits(proposal) => context.output().show(
            &serde_json::json!({ "person": name, "in_force": false, "proposal": proposal }),
            |out| {
                writeln!(
                    out,
                    "proposal {proposal} waits for another supervisor: lanthorn --as THEM people confirm {proposal}"
                )
            },
        ),
    }
}
