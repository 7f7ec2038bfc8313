//! Sites that never were: a phpBB-like forum, an Osclass-like board of advertisements and plain pages, with everything
//! that was hidden in them written down. [`Site`] has them on one onion host, [`Town`] on three hosts whose pages share
//! identifiers, and [`onions`] makes plain pages on many.

mod ads;
pub mod adversary;
mod forum;
mod group;
pub(crate) mod html;
mod key;
mod onions;
mod plain;
mod planting;
mod town;
mod traps;

use std::collections::{BTreeMap, BTreeSet};

use model::Label;
use rand::SeedableRng;
use rand_chacha::ChaCha20Rng;
use serde::{Deserialize, Serialize};

pub use self::onions::onions;
use self::planting::{Almanac, Gardener, Plot};
pub use self::town::{Member, Size, Town, TownGroup};
pub use self::traps::{Trap, TrapKind};

/// Fewest pages of a site: below, not every kind of page and place would occur.
pub const MIN_PAGES: usize = 120;

/// Most groups of advertisements that share an identifier.
pub const MAX_GROUPS: usize = 40;

/// Advertisements of one group.
pub const GROUP_SIZE: usize = 3;

/// The port of a site that says nothing else.
pub const DEFAULT_PORT: u16 = 80;

/// An answer that is ready before it is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Canned {
    /// The HTTP status.
    pub status: u16,
    /// The headers.
    pub headers: Vec<(Vec<u8>, Vec<u8>)>,
    /// The body.
    pub body: Vec<u8>,
    /// What the first request gets instead, and each one after it until the list is used up.
    pub first: Vec<Canned>,
    /// In how many pieces the body comes, with a turn of the scheduler before each; 0 means in one.
    pub pieces: usize,
    /// After how many bytes of the body the connection ends, if that is before its end.
    pub cut_at: Option<usize>,
}

impl Canned {
    /// An HTML page.
    #[must_use]
    pub fn html(body: Vec<u8>) -> Self {
        Self::of_type("text/html", body)
    }

    /// Any body with its media type.
    #[must_use]
    pub fn of_type(media: &str, body: Vec<u8>) -> Self {
        let headers = vec![(b"content-type".to_vec(), media.as_bytes().to_vec())];
        Self { status: 200, headers, body, ..Self::default() }
    }

    /// A status without a body.
    #[must_use]
    pub fn status(status: u16, headers: &[(&str, &str)]) -> Self {
        let bytes = |text: &str| text.as_bytes().to_vec();
        let headers = headers.iter().map(|(name, value)| (bytes(name), bytes(value))).collect();
        Self { status, headers, ..Self::default() }
    }
}

/// Where on a page a value was hidden.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Place {
    /// Text that a reader sees.
    Visible,
    /// The text that stands in for an image.
    Alt,
    /// The document's title or a `title` attribute.
    Title,
    /// A `meta` element.
    Meta,
    /// A comment in the markup.
    Comment,
    /// A JSON-LD block.
    JsonLd,
    /// A `data-` attribute.
    Attribute,
    /// The address of a link, or the page's own.
    Url,
    /// The name under which something was posted.
    Author,
}

impl Place {
    /// All of them, in the order in which they take turns.
    pub const ALL: [Self; 9] = [
        Self::Visible,
        Self::Alt,
        Self::Title,
        Self::Meta,
        Self::Comment,
        Self::JsonLd,
        Self::Attribute,
        Self::Url,
        Self::Author,
    ];
}

/// One hidden value: what must never be found outside the sealed originals.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planted {
    /// What it is.
    pub label: Label,
    /// Its one value. An author's bare account name is its own.
    pub canonical: String,
    /// How it stands on the page, once character references are undone.
    pub written: String,
    /// On which page.
    pub path: String,
    /// Where on it.
    pub place: Place,
}

/// Advertisements that share one identifier, written differently on each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// What it is.
    pub label: Label,
    /// Its one value.
    pub canonical: String,
    /// The pages.
    pub paths: Vec<String>,
}

/// An ordinary word, and every page that has it in its visible text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Findable {
    /// The language tag of the pages, without region.
    pub language: &'static str,
    /// The word.
    pub word: &'static str,
    /// The pages.
    pub paths: BTreeSet<String>,
}

/// A site and the truth about it.
#[derive(Clone, Debug)]
pub struct Site {
    /// The seed that it was made from.
    pub seed: u64,
    /// What people call it: `forum`.
    pub name: String,
    /// Its host: an onion, or a name below `.test`.
    pub host: String,
    /// The port that stands in its URLs.
    pub port: u16,
    /// What its onion key is made from, if it is an onion.
    key_seed: Option<[u8; 32]>,
    path_prefixes: Vec<&'static str>,
    /// Path and query of every answer it gives.
    pub pages: BTreeMap<String, Canned>,
    /// What was hidden.
    pub planted: Vec<Planted>,
    /// Who belongs together.
    pub groups: Vec<Group>,
    /// The good pages, traps left out: a whole crawl has each of them exactly once.
    pub in_scope: Vec<String>,
    /// What a crawler must survive, and what it must leave alone.
    pub traps: Vec<Trap>,
    /// What a search must find.
    pub findable: Vec<Findable>,
}

impl Site {
    /// Makes the site of a seed with exactly `pages` good pages, at least [`MIN_PAGES`]. The same arguments, the same
    /// bytes.
    #[must_use]
    pub fn generate(seed: u64, pages: usize) -> Self {
        let pages = pages.max(MIN_PAGES);
        let key_seed = key::seed(seed, u64::MAX);
        let plot = Plot {
            name: "alone".to_owned(),
            host: key::host(&key_seed),
            key_seed: Some(key_seed),
            path_prefixes: vec![plain::HOME, "/forum/", "/ads/", "/pages/"],
        };
        let mut gardener = Gardener::new(seed, 0, plot, Almanac::default());
        let topics = forum::lay_out(pages / 4);
        let forum_pages = forum::plant(&mut gardener, &topics, &[]);
        let plain_at_least = pages / 12;
        let ad_count = ads::fitting(pages - forum_pages - plain_at_least - 1);
        let shared = ads::plan_groups(&mut gardener, ad_count);
        let ad_pages = ads::plant(&mut gardener, shared);
        let plain = plain::Plan {
            doors: &[("/forum/index.php", "Forum"), ("ads/index.php", "Advertisements")],
            leaves: pages - forum_pages - ad_pages - 1,
            shared: &[],
            traps: traps::ALONE,
        };
        plain::plant(&mut gardener, &plain);
        traps::plant(&mut gardener, traps::ALONE);
        gardener.finish().0
    }

    /// A site of these pages and nothing hidden in them.
    #[must_use]
    pub fn of_pages(name: &str, host: &str, path_prefixes: Vec<&'static str>, pages: BTreeMap<String, Canned>) -> Self {
        let in_scope = pages.keys().filter(|path| *path != "/robots.txt").cloned().collect();
        Self {
            seed: 0,
            name: name.to_owned(),
            host: host.to_owned(),
            port: DEFAULT_PORT,
            key_seed: None,
            path_prefixes,
            pages,
            planted: Vec::new(),
            groups: Vec::new(),
            in_scope,
            traps: Vec::new(),
            findable: Vec::new(),
        }
    }

    /// The URL to begin with.
    #[must_use]
    pub fn seed_url(&self) -> String {
        self.url(plain::HOME)
    }

    /// The absolute URL of a path.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        match self.port {
            DEFAULT_PORT => format!("http://{}{path}", self.host),
            port => format!("http://{}:{port}{path}", self.host),
        }
    }

    /// The path prefixes that its authorisation names.
    #[must_use]
    pub fn path_prefixes(&self) -> &[&'static str] {
        &self.path_prefixes
    }

    /// The expanded secret key behind its onion host, as a C tor keeps it in `hs_ed25519_secret_key` after that file's
    /// heading of 32 bytes; `None` for a host that is no onion. It protects nothing: whoever has the seed has it.
    #[must_use]
    pub fn onion_secret(&self) -> Option<[u8; 64]> {
        self.key_seed.as_ref().map(key::expanded)
    }

    /// How many values were planted under each label, every writing counted.
    #[must_use]
    pub fn count_by_label(&self) -> BTreeMap<Label, usize> {
        let mut counts = BTreeMap::new();
        for planted in &self.planted {
            *counts.entry(planted.label).or_default() += 1;
        }
        counts
    }

    /// Whether a lawful crawler never asks this site for `path`: outside the prefixes, closed by robots.txt, no page but
    /// an act or the same list once more, or a picture inside a page.
    #[must_use]
    pub fn is_forbidden(&self, path: &str) -> bool {
        const ACTS: [&str; 6] = ["mode=", "view=print", "page=login", "sOrder=", "/pages/picture-", "/pages/closed/"];
        let inside = path == "/robots.txt" || self.path_prefixes.iter().any(|prefix| path.starts_with(prefix));
        !inside || ACTS.iter().any(|act| path.contains(act))
    }

    /// Pages that a whole crawl keeps: the good ones, and the traps that have text in the end.
    #[must_use]
    pub fn captures(&self) -> usize {
        self.in_scope.len() + self.traps.iter().filter(|trap| trap.kind.has_text()).count()
    }

    /// Where the traps of a kind stand.
    #[must_use]
    pub fn trap(&self, kind: TrapKind) -> Vec<&str> {
        self.traps.iter().filter(|trap| trap.kind == kind).map(|trap| &*trap.at).collect()
    }
}

/// The onion host of a seed's site.
#[must_use]
pub fn host(seed: u64) -> String {
    key::host(&key::seed(seed, u64::MAX))
}

/// A stream of randomness of its own for each part, so that a change in one part leaves the others as they are.
fn stream(seed: u64, part: u64) -> ChaCha20Rng {
    let mut rng = ChaCha20Rng::seed_from_u64(seed);
    rng.set_stream(part);
    rng
}

#[cfg(test)]
mod tests;
