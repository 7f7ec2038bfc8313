//! Three sites that belong together: a forum and a board of advertisements on onions of their own, and plain pages on a
//! name of the clearnet. Some identifiers stand on several of them, written differently on each.

use model::Label;

use super::group::{self, Shared};
use super::planting::{Almanac, Gardener, Plot};
use super::traps::{self, TrapKind};
use super::{Site, ads, forum, key, plain};

/// The host of the plain pages: a name that only an exit of a private network resolves (RFC 2606).
const BULLETIN: &str = "bulletin.test";

/// How large a town is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// Pages of the forum at most, those beside its boards left out.
    pub forum_pages: usize,
    /// Advertisements.
    pub ads: usize,
    /// Plain pages, the home page left out.
    pub leaves: usize,
    /// Identifiers that stand on several sites; at most a third of the advertisements, and no more than topics.
    pub groups: usize,
}

impl Size {
    /// For the demonstration: more than 400 captures.
    pub const DEMO: Self = Self { forum_pages: 176, ads: 200, leaves: 19, groups: 44 };

    /// For tests that need every kind of page and trap, and few of each.
    pub const SMALL: Self = Self { forum_pages: 48, ads: 36, leaves: 8, groups: 12 };
}

/// Some sites and what they share.
#[derive(Clone, Debug)]
pub struct Town {
    /// The forum, the advertisements and the plain pages, in this order.
    pub sites: Vec<Site>,
    /// Which pages belong together.
    pub groups: Vec<TownGroup>,
}

/// An identifier that stands on pages of more than one site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TownGroup {
    /// What it is.
    pub label: Label,
    /// Its one value.
    pub canonical: String,
    /// Where it stands.
    pub members: Vec<Member>,
}

/// One page of a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Index of the site.
    pub site: usize,
    /// Path and query of the page.
    pub path: String,
    /// How the identifier is written there.
    pub written: String,
}

/// What the three sites share, in the order of topics, advertisements and leaves.
#[derive(Default)]
struct Plans {
    topics: Vec<Option<Shared>>,
    ads: Vec<Option<Shared>>,
    leaves: Vec<Option<Shared>>,
}

impl Town {
    /// Makes the town of a seed. The same arguments, the same bytes.
    #[must_use]
    pub fn generate(seed: u64, size: Size) -> Self {
        let layout = forum::lay_out(size.forum_pages);
        let mut gardener = Gardener::new(seed, 1, onion(seed, 1, "forum", "/forum/"), Almanac::default());
        let (plans, shared) = plan(&mut gardener, size, layout.topics());

        forum::plant(&mut gardener, &layout, &plans.topics);
        beside(&mut gardener, &[("/forum/index.php", "Forum")], 1, &[], traps::OF_FORUM);
        let (forum, almanac) = gardener.finish();

        let mut gardener = Gardener::new(seed, 2, onion(seed, 2, "ads", "/ads/"), almanac);
        ads::plant(&mut gardener, plans.ads);
        beside(&mut gardener, &[("/ads/index.php", "Advertisements")], 1, &[], traps::OF_ADS);
        let (board, almanac) = gardener.finish();

        let plot = Plot {
            name: "bulletin".to_owned(),
            host: BULLETIN.to_owned(),
            key_seed: None,
            path_prefixes: vec![plain::HOME, "/pages/"],
        };
        let mut gardener = Gardener::new(seed, 3, plot, almanac);
        beside(&mut gardener, &[], size.leaves, &plans.leaves, traps::OF_BULLETIN);
        let (bulletin, _) = gardener.finish();

        let sites = vec![forum, board, bulletin];
        let groups = shared.into_iter().map(|(label, canonical)| find(&sites, label, canonical)).collect();
        Self { sites, groups }
    }

    /// Pages that a whole crawl keeps: the good ones, and the traps that have text in the end.
    #[must_use]
    pub fn captures(&self) -> usize {
        self.sites.iter().map(Site::captures).sum()
    }

    /// The site of a name.
    #[must_use]
    pub fn site(&self, name: &str) -> Option<&Site> {
        self.sites.iter().find(|site| site.name == name)
    }
}

fn onion(seed: u64, part: u64, name: &str, prefix: &'static str) -> Plot {
    let key_seed = key::seed(seed, u64::MAX - part);
    Plot {
        name: name.to_owned(),
        host: key::host(&key_seed),
        key_seed: Some(key_seed),
        path_prefixes: vec![plain::HOME, prefix, "/pages/"],
    }
}

/// The plain pages of a site and what stands at its traps.
fn beside(
    gardener: &mut Gardener,
    doors: &[(&'static str, &'static str)],
    leaves: usize,
    shared: &[Option<Shared>],
    traps: &[(TrapKind, &'static str)],
) {
    plain::plant(gardener, &plain::Plan { doors, leaves, shared, traps });
    traps::plant(gardener, traps);
}

/// Decides which pages share what. The members of a group are in different languages: advertisements, topics and leaves
/// come in the languages' order, eight to a round, and so the three numbers differ by 3 and by 5 within a round.
fn plan(gardener: &mut Gardener, size: Size, topics: usize) -> (Plans, Vec<(Label, String)>) {
    const ROUND: usize = crate::language::LANGUAGES.len();
    let mut plans = Plans {
        topics: (0..topics).map(|_| None).collect(),
        ads: (0..size.ads).map(|_| None).collect(),
        leaves: (0..size.leaves).map(|_| None).collect(),
    };
    let mut values = Vec::new();
    for group in 0..size.groups {
        let (ad, round) = (3 * group, group / ROUND * ROUND);
        let beside = |step: usize| round + (ad + step) % ROUND;
        let places = [
            plans.ads.get_mut(ad).map(|place| (ad, place)),
            plans.topics.get_mut(beside(3)).map(|place| (beside(3), place)),
            plans.leaves.get_mut(beside(5)).map(|place| (beside(5), place)),
        ];
        let places: Vec<(usize, &mut Option<Shared>)> = places.into_iter().flatten().collect();
        let tags: Vec<&str> = places.iter().map(|(number, _)| Gardener::language(*number).tag).collect();
        let identifier = group::identifier(gardener, group, &tags);
        for ((turn, (_, place)), tag) in places.into_iter().enumerate().zip(tags) {
            *place = Some(Shared::written_on(&identifier, group, turn, tag));
        }
        values.push((identifier.label, identifier.canonical));
    }
    (plans, values)
}

/// Every page that a value was written on.
fn find(sites: &[Site], label: Label, canonical: String) -> TownGroup {
    let mut members = Vec::new();
    for (number, site) in sites.iter().enumerate() {
        let here = site.planted.iter().filter(|planted| planted.label == label && planted.canonical == canonical);
        members.extend(here.map(|planted| Member {
            site: number,
            path: planted.path.clone(),
            written: planted.written.clone(),
        }));
    }
    TownGroup { label, canonical, members }
}

#[cfg(test)]
mod tests;
