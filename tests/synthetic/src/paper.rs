//! The authorisation under which a synthetic site may be crawled, and two supervisors to sign it.

use std::collections::{BTreeMap, BTreeSet};

use authorisation::{
    Authorised, Document, Draft, DraftAccount, DraftCeilings, DraftLegalBasis, DraftRobots, DraftTarget,
    SignedDocument, Trust, sign,
};
use ed25519_dalek::SigningKey;
use model::{PersonId, Timestamp};

use crate::site::Site;

/// The supervisors that the documents name.
pub const SUPERVISORS: [&str; 2] = ["s.maria", "s.jonas"];

/// Days for which a document holds.
const DAYS: i64 = 30;

const DAY_MILLIS: i64 = 86_400_000;

/// A site as an authorisation names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// Its host.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// The path prefixes that may be asked for.
    pub path_prefixes: Vec<String>,
    /// Its label for people; without one it is called by its number.
    pub label: Option<String>,
    /// Milliseconds between two requests.
    pub min_delay_ms: u32,
    /// The login page of the account `reader-1`, if its pages are read with one.
    pub login: Option<String>,
}

/// Without a delay, as it suits a test in memory.
impl From<&Site> for Target {
    fn from(site: &Site) -> Self {
        Self {
            host: site.host.clone(),
            port: site.port,
            path_prefixes: site.path_prefixes().iter().copied().map(str::to_owned).collect(),
            label: None,
            min_delay_ms: 0,
            login: None,
        }
    }
}

/// The document for some sites, as the text of its file: the authorising body's own services, ceilings that a test does
/// not reach. It holds from the day before `now`.
#[must_use]
pub fn document<T: Into<Target>>(
    targets: impl IntoIterator<Item = T>,
    case: &str,
    audience: &str,
    now: Timestamp,
) -> String {
    document_with(targets, case, audience, now, |_| {})
}

/// The same, with whatever `change` makes of the draft.
#[must_use]
pub fn document_with<T: Into<Target>>(
    targets: impl IntoIterator<Item = T>,
    case: &str,
    audience: &str,
    now: Timestamp,
    change: impl FnOnce(&mut Draft),
) -> String {
    let today = now.millis().div_euclid(DAY_MILLIS) * DAY_MILLIS;
    let day = |days: i64| Timestamp::from_millis(today + days * DAY_MILLIS).to_string();
    let target = |(number, target): (usize, T)| {
        let Target { host, port, path_prefixes, label, min_delay_ms, login } = target.into();
        let ground = "the account is our own, on a forum of our own".to_owned();
        let account = |login| DraftAccount { label: "reader-1".to_owned(), ground, login, profile: String::new() };
        DraftTarget {
            host,
            scheme: "http".to_owned(),
            ports: vec![port],
            path_prefixes,
            site: label.unwrap_or_else(|| format!("site-{}", number + 1)),
            own_service: true,
            min_delay_ms: Some(min_delay_ms),
            robots: DraftRobots::Obey {},
            account: login.map(account),
        }
    };
    let mut draft = Draft {
        version: 1,
        case: case.to_owned(),
        audience: audience.to_owned(),
        purpose: "show on invented pages that everything holds before any real page is touched".to_owned(),
        offence_codes: vec!["EX-TIP-3".to_owned()],
        question: "which of the invented advertisements share an identifier".to_owned(),
        less_intrusive_rejected: "the pages are our own, nobody is intruded upon".to_owned(),
        media: "text-only".to_owned(),
        retention_days: 30,
        not_before: day(-1),
        not_after: day(DAYS - 1),
        revocation_id: format!("synthetic-{}", now.secs()),
        supervisors: SUPERVISORS.map(str::to_owned).to_vec(),
        legal_basis: DraftLegalBasis {
            instrument: "Example Criminal Procedure Act".to_owned(),
            article: "section 100, paragraph 2".to_owned(),
            issuing_authority: "Example District Court".to_owned(),
            reference: "EX 1/2026".to_owned(),
        },
        ceilings: DraftCeilings {
            pages: 1_000_000,
            bytes: 1 << 38,
            requests_per_minute: 600_000,
            depth: 1_000,
            days: 30,
        },
        targets: targets.into_iter().enumerate().map(target).collect(),
    };
    change(&mut draft);
    draft.to_toml()
}

/// The signing key of one of [`SUPERVISORS`]: fixed, because it protects nothing.
#[must_use]
pub fn signing_key(supervisor: usize) -> SigningKey {
    let mut seed = [0x5e; 32];
    seed[0] = u8::try_from(supervisor).unwrap_or(u8::MAX);
    SigningKey::from_bytes(&seed)
}

/// An installation that trusts both supervisors.
#[must_use]
pub fn trust(audience: &str) -> Trust {
    let signers = people().zip(0..).map(|(person, number)| (person, signing_key(number).verifying_key()));
    let signers: BTreeMap<_, _> = signers.collect();
    Trust { required: signers.len(), signers, audience: audience.to_owned(), revoked: BTreeSet::new() }
}

/// [`document`] with both signatures under it.
///
/// # Panics
/// If the case or the audience is no lawful one.
#[must_use]
pub fn signed<T: Into<Target>>(
    targets: impl IntoIterator<Item = T>,
    case: &str,
    audience: &str,
    now: Timestamp,
) -> SignedDocument {
    let document = Document::parse(&document(targets, case, audience, now)).expect("the document keeps every rule");
    let signatures = people().zip(0..).map(|(person, number)| sign(&document, &person, &signing_key(number))).collect();
    SignedDocument { document, signatures }
}

/// What verification makes of [`signed`] for one site.
///
/// # Panics
/// If the case or the audience is no lawful one.
#[must_use]
pub fn authorised(site: &Site, case: &str, audience: &str, now: Timestamp) -> Authorised {
    signed([site], case, audience, now).verify(&trust(audience), now).expect("both supervisors have signed")
}

fn people() -> impl Iterator<Item = PersonId> {
    SUPERVISORS.into_iter().map(|name| name.parse().expect("both names are account names"))
}

#[cfg(test)]
mod tests {
    use authorisation::scope;

    use super::*;
    use crate::site::TrapKind;

    const NOW: Timestamp = Timestamp::from_secs(1_795_000_000);

    #[test]
    fn every_good_page_is_admitted_unchanged_and_no_foreign_one() {
        let site = Site::generate(1, 120);
        let paper = authorised(&site, "op-harbour-2026", "lanthorn.example", NOW);
        for path in &site.in_scope {
            let target = scope::admit(&paper, &site.url(path), NOW).unwrap();
            assert_eq!(target.path_and_query(), path);
        }
        for kind in [TrapKind::OtherHost, TrapKind::OtherPath, TrapKind::Protected] {
            for at in site.trap(kind) {
                let url = if at.starts_with('/') && !at.starts_with("//") {
                    site.url(at)
                } else {
                    at.replacen("//elsewhere", "http://elsewhere", usize::from(at.starts_with("//")))
                };
                assert!(scope::admit(&paper, &url, NOW).is_err(), "{kind:?}");
            }
        }
    }
}
