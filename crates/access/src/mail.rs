//! The mailbox of ceremonies and repairs: what their members would otherwise carry to each other by hand. It keeps the same
//! files under the same names, each written once, and can read none that is for one person's eyes.

use std::collections::BTreeMap;

use audit::{ActKind, Journal};
use model::{Action, PersonId, Timestamp};
use serde::Serialize;
use sqlx::Row as _;
use store::Store;

use crate::{Error, Permit, Principal};

/// Longest message in bytes: what a reader of the carried folder takes.
const MAX_MESSAGE_BYTES: usize = 64 << 10;

/// Most messages under one plan: a ceremony of 32 members has 32 · 31 private ones.
const MOST_MESSAGES: usize = 2_048;

/// Most plans at a time.
const MOST_PLANS: usize = 64;

/// What the members of one plan have handed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MailOf {
    /// The plan's name.
    pub plan: String,
    /// How many messages.
    pub messages: u32,
    /// When the last one came.
    pub last_at: Timestamp,
}

/// Messages by name, as the carried folder has its files.
pub type Messages = BTreeMap<String, Vec<u8>>;

/// The table `mail`.
#[derive(Debug)]
pub struct Mail {
    store: Store,
    journal: Journal,
}

impl Mail {
    /// Over the control database.
    #[must_use]
    pub const fn new(store: Store, journal: Journal) -> Self {
        Self { store, journal }
    }

    /// Plans under which there is mail, newest last.
    ///
    /// # Errors
    /// When the permit is for something else, or the database cannot be read.
    pub async fn plans(&self, permit: &Permit) -> Result<Vec<MailOf>, Error> {
        permit.must_be_for(Action::InstallEpoch)?;
        let rows = sqlx::query("SELECT plan, count(*), max(put_at) FROM mail GROUP BY plan ORDER BY max(put_at)")
            .fetch_all(self.store.reader())
            .await?;
        rows.into_iter()
            .map(|row| {
                let last_at = Timestamp::from_millis(row.try_get(2)?);
                Ok(MailOf { plan: row.try_get(0)?, messages: row.try_get(1)?, last_at })
            })
            .collect()
    }

    /// Everything that is there under a plan.
    ///
    /// # Errors
    /// When the permit is for something else, or the database cannot be read.
    pub async fn read(&self, permit: &Permit, plan: &str) -> Result<Messages, Error> {
        permit.must_be_for(Action::InstallEpoch)?;
        let rows = sqlx::query("SELECT name, bytes FROM mail WHERE plan = ? ORDER BY name")
            .bind(plan)
            .fetch_all(self.store.reader())
            .await?;
        rows.into_iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect()
    }

    /// Whether this person may hand in a message of that name: what is in another's name, that other hands in.
    #[must_use]
    pub fn may_hand_in(name: &str, person: &PersonId) -> bool {
        is_name(name) && is_of(name, person)
    }

    /// Hands messages in, all or none, and logs that. Which of them were new.
    ///
    /// # Errors
    /// Refused when a message is in another person's name, when another one has its name, or when there are too many.
    pub async fn put(
        &self,
        by: &Principal,
        permit: &Permit,
        plan: &str,
        messages: &Messages,
    ) -> Result<Vec<String>, Error> {
        permit.must_be_for(Action::InstallEpoch)?;
        let fits = |(name, bytes): (&String, &Vec<u8>)| is_name(name) && bytes.len() <= MAX_MESSAGE_BYTES;
        if plan.len() != 32 || !plan.bytes().all(|byte| byte.is_ascii_hexdigit()) || !messages.iter().all(fits) {
            return Err(Error::Mail {
                rule: "mail-form",
                why: "a message or its name is not one of a ceremony's or a repair's",
            });
        }
        if !messages.keys().all(|name| is_of(name, by.person())) {
            return Err(Error::Mail {
                rule: "own-mail",
                why: "a message is in another person's name; they hand it in themselves",
            });
        }
        let mut tx = self.store.begin().await?;
        let (all, plans): (i64, i64) = {
            let row = sqlx::query(
                "SELECT count(*) FILTER (WHERE plan = ?1), count(DISTINCT plan) FILTER (WHERE plan <> ?1) FROM mail",
            )
            .bind(plan)
            .fetch_one(&mut *tx)
            .await?;
            (row.try_get(0)?, row.try_get(1)?)
        };
        let fits = |have: i64, more: usize, most: usize| usize::try_from(have).is_ok_and(|have| have + more <= most);
        if !fits(all, messages.len(), MOST_MESSAGES) || !fits(plans, 1, MOST_PLANS) {
            return Err(Error::Mail {
                rule: "mail-bounds",
                why: "there is too much of it; end ceremonies that nobody goes on with",
            });
        }
        let names: Vec<String> =
            sqlx::query_scalar("SELECT name FROM mail WHERE plan = ?").bind(plan).fetch_all(&mut *tx).await?;
        // Once it has ended nobody reads the private ones any more: every member has kept what came of them.
        let ended = names.iter().chain(messages.keys()).any(|name| ends(name));
        let mut new = Vec::new();
        for (name, bytes) in messages.iter().filter(|(name, _)| !ended || !is_private(name)) {
            let there: Option<Vec<u8>> = sqlx::query_scalar("SELECT bytes FROM mail WHERE plan = ? AND name = ?")
                .bind(plan)
                .bind(name)
                .fetch_optional(&mut *tx)
                .await?;
            match there {
                Some(there) if there == *bytes => {}
                Some(_) => {
                    return Err(Error::Mail {
                        rule: "written-once",
                        why: "another message has that name already; compare the plan's name",
                    });
                }
                None => {
                    sqlx::query("INSERT INTO mail (plan, name, bytes, put_by, put_at) VALUES (?, ?, ?, ?, ?)")
                        .bind(plan)
                        .bind(name)
                        .bind(bytes)
                        .bind(by.person().as_str())
                        .bind(self.store.clock().now().millis())
                        .execute(&mut *tx)
                        .await?;
                    new.push(name.clone());
                }
            }
        }
        if ended {
            let private = "DELETE FROM mail WHERE plan = ? AND name LIKE '%-from-%'";
            sqlx::query(private).bind(plan).execute(&mut *tx).await?;
        }
        if !new.is_empty() {
            let act = by.act(ActKind::Epoch).detail("step", "mail").detail("plan", plan).detail("messages", new.len());
            self.journal.note(&mut tx, act).await?;
        }
        tx.commit().await?;
        Ok(new)
    }

    /// Throws a plan's messages away. How many there were.
    ///
    /// # Errors
    /// When the permit is for something else, or database or log fail.
    pub async fn clear(&self, by: &Principal, permit: &Permit, plan: &str) -> Result<u64, Error> {
        permit.must_be_for(Action::InstallEpoch)?;
        let mut tx = self.store.begin().await?;
        let gone = sqlx::query("DELETE FROM mail WHERE plan = ?").bind(plan).execute(&mut *tx).await?.rows_affected();
        if gone > 0 {
            let act = by.act(ActKind::Epoch).detail("step", "mail-cleared").detail("messages", gone);
            self.journal.note(&mut tx, act).await?;
        }
        tx.commit().await?;
        Ok(gone)
    }
}

fn is_name(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
    (1..=160).contains(&name.len()) && !name.starts_with('.') && name.bytes().all(plain)
}

/// Whether a person may hand in a message of that name: it is nobody's, or it says that it is from that person.
fn is_of(name: &str, person: &PersonId) -> bool {
    let nobodys = matches!(name, "plan" | "certificate" | "restored") || name.starts_with("before-");
    let from = |start: &str, end: &str| name.starts_with(&format!("{start}{person}{end}"));
    nobodys
        || [("1-", ".announcement"), ("2-from-", "-to-"), ("3-from-", ".age"), ("3-", ".signed"), ("aborted-by-", "")]
            .iter()
            .any(|(start, end)| from(start, end))
}

/// Whether nothing more is to be said once this is there.
fn ends(name: &str) -> bool {
    matches!(name, "certificate" | "restored") || name.starts_with("aborted-by-")
}

/// Whether it is for one person's eyes.
fn is_private(name: &str) -> bool {
    name.contains("-from-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_handed_in_by_whom_it_is_from() {
        let maria: PersonId = "s.maria".parse().unwrap();
        for own in [
            "plan",
            "certificate",
            "before-0",
            "restored",
            "1-s.maria.announcement",
            "2-from-s.maria-to-s.jonas.age",
            "3-s.maria.signed",
            "3-from-s.maria.age",
            "aborted-by-s.maria",
        ] {
            assert!(is_name(own) && is_of(own, &maria), "{own}");
        }
        for other in [
            "1-s.jonas.announcement",
            "2-from-s.jonas-to-s.maria.age",
            "3-s.jonas.signed",
            "1-s.maria2.announcement",
            "3-from-s.jonas.age",
            "aborted-by-s.jonas",
            "1-s.maria",
            "whatever",
        ] {
            assert!(!is_of(other, &maria), "{other}");
        }
        for bad in ["", ".plan", "../plan", "a/b", "a b", "a\0", &"x".repeat(161)] {
            assert!(!is_name(bad), "{bad}");
        }
    }
}
