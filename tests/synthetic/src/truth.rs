//! What another program must know about sites that are being served: `truth.json`.
//!
//! It is the ground truth that a demonstration or a bench measures against, and it holds every hidden value in the clear:
//! it belongs beside a data folder and never into it.

use std::collections::{BTreeMap, BTreeSet};

use data_encoding::HEXLOWER;
use model::Label;
use serde::{Deserialize, Serialize};

use crate::paper;
use crate::scan::Needle;
use crate::site::{Place, Site, Town, TrapKind};

/// The version of the file's format.
pub const VERSION: u32 = 1;

/// Everything about some sites but their pages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Truth {
    /// [`VERSION`].
    pub version: u32,
    /// The seed that they were made from.
    pub seed: u64,
    /// Pages that a whole crawl keeps.
    pub captures: usize,
    /// How many values were planted under each label.
    pub planted_by_label: BTreeMap<Label, usize>,
    /// The sites.
    pub sites: Vec<Served>,
    /// What was hidden.
    pub planted: Vec<Planted>,
    /// Pages that share an identifier across sites.
    pub groups: Vec<Group>,
}

/// One site.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Served {
    /// What people call it.
    pub name: String,
    /// Its host.
    pub host: String,
    /// The port in its URLs: what an onion maps to `listen`, and what an exit connects to.
    pub port: u16,
    /// The port of 127.0.0.1 on which it is served.
    pub listen: u16,
    /// The expanded secret key of its onion in hexadecimal: the last 64 bytes of a C tor's `hs_ed25519_secret_key`.
    pub onion_secret: Option<String>,
    /// The URL to begin with.
    pub seed_url: String,
    /// The path prefixes that its authorisation names.
    pub path_prefixes: Vec<String>,
    /// The record of its requests, named from this file's folder: `METHOD HOST PATH` lines.
    pub asked: String,
    /// The paths of its good pages: a whole crawl has each of them exactly once.
    pub in_scope: Vec<String>,
    /// What a crawler must survive, and what it must leave alone.
    pub traps: Vec<Trap>,
    /// Ordinary words and the pages that have them.
    pub findable: Vec<Findable>,
}

/// One trap.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trap {
    /// What it does.
    pub kind: TrapKind,
    /// Path and query on the site, or an absolute URL elsewhere.
    pub at: String,
    /// Whether a lawful crawler never asks for it.
    pub forbidden: bool,
    /// Whether there is text to be had in the end.
    pub has_text: bool,
}

/// A word that a search must find.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Findable {
    /// The language tag of the pages, without region.
    pub language: String,
    /// The word.
    pub word: String,
    /// The pages.
    pub paths: BTreeSet<String>,
}

/// One hidden value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Planted {
    /// The name of the site.
    pub site: String,
    /// What it is.
    pub label: Label,
    /// Its one value.
    pub canonical: String,
    /// How it stands on the page.
    pub written: String,
    /// On which page.
    pub path: String,
    /// Where on it.
    pub place: Place,
}

/// Pages that share an identifier.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// What it is.
    pub label: Label,
    /// Its one value.
    pub canonical: String,
    /// The pages.
    pub members: Vec<Member>,
}

/// One page of a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// The name of the site.
    pub site: String,
    /// The page's URL.
    pub url: String,
    /// How the identifier is written there.
    pub written: String,
}

impl Truth {
    /// The truth about a town whose sites are served on these ports of loopback, in their order.
    #[must_use]
    pub fn of_town(town: &Town, listen: &[u16]) -> Self {
        let mut truth = Self::of(&town.sites, listen);
        truth.groups.extend(town.groups.iter().map(|group| {
            let member = |member: &crate::site::Member| {
                let site = &town.sites[member.site];
                Member { site: site.name.clone(), url: site.url(&member.path), written: member.written.clone() }
            };
            let members = group.members.iter().map(member).collect();
            Group { label: group.label, canonical: group.canonical.clone(), members }
        }));
        truth
    }

    /// The truth about sites that have nothing to do with each other.
    #[must_use]
    pub fn of(sites: &[Site], listen: &[u16]) -> Self {
        let mut planted_by_label = BTreeMap::new();
        for (label, count) in sites.iter().flat_map(Site::count_by_label) {
            *planted_by_label.entry(label).or_default() += count;
        }
        Self {
            version: VERSION,
            seed: sites.first().map_or(0, |site| site.seed),
            captures: sites.iter().map(Site::captures).sum(),
            planted_by_label,
            sites: sites.iter().zip(listen).map(|(site, listen)| Served::of(site, *listen)).collect(),
            planted: sites.iter().flat_map(planted).collect(),
            groups: Vec::new(),
        }
    }

    /// What a scan looks for, in the order of what was planted.
    #[must_use]
    pub fn needles(&self) -> Vec<Needle> {
        let needle = |planted: &Planted| Needle {
            label: planted.label,
            canonical: planted.canonical.clone(),
            written: planted.written.clone(),
        };
        self.planted.iter().map(needle).collect()
    }

    /// The sites as an authorisation names them.
    #[must_use]
    pub fn targets(&self, min_delay_ms: u32) -> Vec<paper::Target> {
        let target = |site: &Served| paper::Target {
            host: site.host.clone(),
            port: site.port,
            path_prefixes: site.path_prefixes.clone(),
            label: Some(site.name.clone()),
            min_delay_ms,
            login: None,
        };
        self.sites.iter().map(target).collect()
    }
}

impl Served {
    fn of(site: &Site, listen: u16) -> Self {
        let trap = |trap: &crate::site::Trap| Trap {
            kind: trap.kind,
            at: trap.at.clone(),
            forbidden: trap.kind.is_forbidden(),
            has_text: trap.kind.has_text(),
        };
        let findable = |findable: &crate::site::Findable| Findable {
            language: findable.language.to_owned(),
            word: findable.word.to_owned(),
            paths: findable.paths.clone(),
        };
        Self {
            name: site.name.clone(),
            host: site.host.clone(),
            port: site.port,
            listen,
            onion_secret: site.onion_secret().map(|secret| HEXLOWER.encode(&secret)),
            seed_url: site.seed_url(),
            path_prefixes: site.path_prefixes().iter().copied().map(str::to_owned).collect(),
            asked: format!("{}/asked.log", site.name),
            in_scope: site.in_scope.clone(),
            traps: site.traps.iter().map(trap).collect(),
            findable: site.findable.iter().map(findable).collect(),
        }
    }
}

fn planted(site: &Site) -> impl Iterator<Item = Planted> + '_ {
    site.planted.iter().map(|planted| Planted {
        site: site.name.clone(),
        label: planted.label,
        canonical: planted.canonical.clone(),
        written: planted.written.clone(),
        path: planted.path.clone(),
        place: planted.place,
    })
}

#[cfg(test)]
mod tests {
    use authorisation::{Document, scope};
    use model::Timestamp;

    use super::*;
    use crate::site::Size;

    const NOW: Timestamp = Timestamp::from_secs(1_795_000_000);

    #[test]
    fn the_file_says_what_the_town_says_and_can_be_read_again() {
        let mut town = Town::generate(31, Size::SMALL);
        town.sites[2].port = 8_123;
        let truth = Truth::of_town(&town, &[1, 2, 3]);
        let again: Truth = serde_json::from_str(&serde_json::to_string(&truth).unwrap()).unwrap();
        assert_eq!(again, truth);
        assert_eq!(truth.needles(), Needle::all(&town.sites));
        assert_eq!(truth.planted_by_label.values().sum::<usize>(), truth.planted.len());
        assert_eq!((truth.sites.len(), truth.groups.len()), (3, town.groups.len()));
        assert_eq!(truth.sites[2].seed_url, "http://bulletin.test:8123/index.html");
        assert!(truth.sites[2].onion_secret.is_none());
        let secret = truth.sites[0].onion_secret.as_ref().unwrap();
        assert_eq!(HEXLOWER.decode(secret.as_bytes()).unwrap(), town.sites[0].onion_secret().unwrap());
    }

    #[test]
    fn its_authorisation_admits_every_good_page_of_every_site_and_no_forbidden_one() {
        let mut town = Town::generate(32, Size::SMALL);
        town.sites[2].port = 8_123;
        let truth = Truth::of_town(&town, &[1, 2, 3]);
        let text = paper::document(truth.targets(5), "op-harbour-2026", "lanthorn.example", NOW);
        assert!(Document::parse(&text).is_ok(), "{text}");
        let signed = paper::signed(truth.targets(5), "op-harbour-2026", "lanthorn.example", NOW);
        let paper = signed.verify(&paper::trust("lanthorn.example"), NOW).unwrap();
        for site in &town.sites {
            for path in &site.in_scope {
                let target = scope::admit(&paper, &site.url(path), NOW).unwrap();
                assert_eq!((target.path_and_query(), target.min_delay_ms()), (&**path, 5));
            }
            for trap in &site.traps {
                let base = url::Url::parse(&site.seed_url()).unwrap();
                let admitted = scope::admit(&paper, base.join(&trap.at).unwrap().as_str(), NOW).is_ok();
                let outside = matches!(trap.kind, TrapKind::OtherHost | TrapKind::OtherPath | TrapKind::Protected);
                assert_eq!(admitted, !outside, "{trap:?}");
            }
        }
    }
}
