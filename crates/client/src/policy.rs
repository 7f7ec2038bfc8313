//! What a person's own client asks of the log, and how much it approves in a day: kept in the key folder, so that no
//! server can change it.

use std::collections::BTreeSet;

use audit::WitnessKey;
use serde::{Deserialize, Serialize};

use crate::class::MAX_CLASSES;
use crate::{Class, Error};

/// Most lines of other witnesses that one folder trusts.
const MAX_TRUSTED: usize = 64;

/// A folder's own rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// How many witnesses must have cosigned a checkpoint that holds a grant before a share is given or an original
    /// opened. The folder's owner and the person who asked are not among them.
    pub cosignatures: usize,
    /// Witnesses beside the epoch's members: an auditor's client.
    pub witnesses: Vec<WitnessKey>,
    /// Approvals in 24 hours, all together.
    pub a_day: usize,
    /// Approvals in 24 hours for one person's requests.
    pub a_day_for_one_person: usize,
    /// Approvals in 24 hours in one case.
    pub a_day_in_one_case: usize,
    /// Somebody of each has to have approved before this client does.
    pub classes: Vec<Class>,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            cosignatures: 1,
            witnesses: Vec::new(),
            a_day: 20,
            a_day_for_one_person: 10,
            a_day_in_one_case: 10,
            classes: Vec::new(),
        }
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    version: u32,
    cosignatures: usize,
    witnesses: Vec<String>,
    approvals_a_day: usize,
    approvals_a_day_for_one_person: usize,
    approvals_a_day_in_one_case: usize,
    #[serde(default)]
    classes: Vec<Class>,
}

impl Policy {
    /// Reads the file.
    ///
    /// # Errors
    /// When it is not a policy of version 1. Then nothing is approved: a rule that cannot be read is not waived.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let wrong = || Error::Malformed { what: "policy.toml in the key folder" };
        let file: File = toml::from_str(text).map_err(|_| wrong())?;
        let classes = file.classes;
        let names: BTreeSet<&str> = classes.iter().map(|class| class.name.as_str()).collect();
        let are_whole = classes.iter().all(Class::is_whole) && names.len() == classes.len();
        if file.version != 1 || file.witnesses.len() > MAX_TRUSTED || classes.len() > MAX_CLASSES || !are_whole {
            return Err(wrong());
        }
        let witnesses = file.witnesses.iter().map(|text| WitnessKey::parse(text).map_err(|_| wrong()));
        Ok(Self {
            cosignatures: file.cosignatures,
            witnesses: witnesses.collect::<Result<_, _>>()?,
            a_day: file.approvals_a_day,
            a_day_for_one_person: file.approvals_a_day_for_one_person,
            a_day_in_one_case: file.approvals_a_day_in_one_case,
            classes,
        })
    }

    /// The file's text.
    #[must_use]
    pub fn to_toml(&self) -> String {
        let class = |Class { name, people }: &Class| {
            let people: Vec<String> = people.iter().map(|person| format!("\"{person}\"")).collect();
            format!("[[classes]]\nname = \"{name}\"\npeople = [{}]\n", people.join(", "))
        };
        let classes: String = self.classes.iter().map(class).collect();
        let witnesses: String = self.witnesses.iter().map(|key| format!("    \"{key}\",\n")).collect();
        format!(
            "# What this client asks for before it gives a share. The server cannot change it; you can.\n\
             version = 1\n\
             # Witnesses, beside you and whoever asks, that must have cosigned a log in which the request stands.\n\
             cosignatures = {}\n\
             # Witnesses beside the epoch's members, such as an auditor: the lines that `supervisor witness` prints.\n\
             witnesses = [\n{witnesses}]\n\
             # Ceilings in 24 hours.\n\
             approvals_a_day = {}\napprovals_a_day_for_one_person = {}\napprovals_a_day_in_one_case = {}\n\
             # Classes of supervisors, a `[[classes]]` each with `name` and `people`: somebody of each has to have approved before\n\
             # you do. With none you may be the first.\n\
             {classes}",
            self.cosignatures, self.a_day, self.a_day_for_one_person, self.a_day_in_one_case
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_reads_back_and_what_is_no_policy_is_refused() {
        let key = ed25519_dalek::SigningKey::from_bytes(&[7; 32]).verifying_key();
        let witness = WitnessKey::of_person("unit-7.example/audit", &"r.omar".parse().unwrap(), key);
        let class = |name: &str, people: &[&str]| Class {
            name: name.to_owned(),
            people: people.iter().map(|person| person.parse().unwrap()).collect(),
        };
        let classes = vec![class("prosecution", &["s.amina", "s.noor"]), class("data-protection", &["s.pavel"])];
        for policy in [
            Policy::default(),
            Policy { cosignatures: 2, witnesses: vec![witness], ..Policy::default() },
            Policy { classes, ..Policy::default() },
        ] {
            assert_eq!(Policy::parse(&policy.to_toml()).unwrap(), policy);
        }
        let good = Policy::default().to_toml();
        for bad in
            ["", &good.replace("version = 1", "version = 2"), &(good.clone() + "more = 1\n"), &good[..good.len() / 2]]
        {
            assert!(Policy::parse(bad).is_err(), "{bad}");
        }
        for classes in [
            vec![class("", &["s.amina"])],
            vec![class("nobody", &[])],
            vec![class("a\"b", &["s.amina"])],
            vec![class("twice", &["s.amina"]), class("twice", &["s.noor"])],
        ] {
            let bad = Policy { classes, ..Policy::default() }.to_toml();
            assert!(Policy::parse(&bad).is_err(), "{bad}");
        }
    }
}
