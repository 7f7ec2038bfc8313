//! Protected destinations: hosts that no authorisation can name, and that no link leads to.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::{Error, draft, host};

/// A list of protected destinations; a host protects its subdomains, too.
#[derive(Clone, Debug)]
pub struct Protected {
    hosts: BTreeMap<String, ProtectedHost>,
}

/// One entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProtectedHost {
    /// Its normal form.
    pub host: String,
    /// Whom it serves.
    pub category: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    version: u32,
    category: Vec<Category>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Category {
    name: String,
    why: String,
    hosts: Vec<String>,
}

static BUILTIN: LazyLock<Protected> = LazyLock::new(|| {
    Protected::parse(include_str!("../../../config/protected-destinations.toml"))
        .expect("the list is compiled in, and a test reads it")
});

impl Protected {
    /// The list that is compiled in. Nobody can shorten it without building another program.
    #[must_use]
    pub fn builtin() -> &'static Self {
        &BUILTIN
    }

    /// Reads a list.
    ///
    /// # Errors
    /// When it is not TOML of the right shape or an entry is no host.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let file: File = draft::from_toml(text)?;
        if file.version != 1 {
            return Err(Error::Protected(format!("version {} is not known; 1 is", file.version)));
        }
        let mut hosts = BTreeMap::new();
        for category in file.category {
            if category.why.is_empty() || category.hosts.is_empty() {
                return Err(Error::Protected(format!("category {} needs hosts and a reason", category.name)));
            }
            for (number, written) in category.hosts.iter().enumerate() {
                let host = host::normal(written)
                    .map_err(|why| Error::Protected(format!("host {} of {}: {why}", number + 1, category.name)))?;
                hosts.insert(host.clone(), ProtectedHost { host, category: category.name.clone() });
            }
        }
        Ok(Self { hosts })
    }

    /// The entry that protects a host, its own or that of a name above it. A trailing dot and letter case do not help.
    #[must_use]
    pub fn find(&self, host: &str) -> Option<&ProtectedHost> {
        let host = host.trim_end_matches('.').to_ascii_lowercase();
        let mut name = host.as_str();
        loop {
            if let Some(found) = self.hosts.get(name) {
                return Some(found);
            }
            name = name.split_once('.')?.1;
        }
    }

    /// Every entry, by host.
    pub fn iter(&self) -> impl Iterator<Item = &ProtectedHost> {
        self.hosts.values()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_compiled_in_reads_and_covers_every_category() {
        let categories: std::collections::BTreeSet<_> =
            Protected::builtin().iter().map(|entry| entry.category.as_str()).collect();
        for needed in [
            "whistleblowing",
            "press",
            "helpline",
            "lgbt-support",
            "health",
            "sex-worker-safety",
            "religious",
            "political",
            "trade-union",
            "legal-aid",
        ] {
            assert!(categories.contains(needed), "{needed}");
        }
        assert!(Protected::builtin().iter().any(|entry| host::is_onion_v3(&entry.host)));
    }

    #[test]
    fn a_host_protects_its_subdomains_and_nothing_beside_it() {
        let list = Protected::builtin();
        for inside in ["helpline.example", "chat.helpline.example", "a.b.HELPLINE.example."] {
            assert_eq!(list.find(inside).map(|entry| entry.category.as_str()), Some("helpline"), "{inside}");
        }
        for beside in ["nothelpline.example", "helpline.example.net", "example", ""] {
            assert_eq!(list.find(beside), None, "{beside}");
        }
    }

    #[test]
    fn a_list_with_a_wrong_entry_is_refused() {
        for bad in [
            "version = 2\ncategory = []",
            "version = 1\n[[category]]\nname = \"x\"\nwhy = \"y\"\nhosts = [\"127.0.0.1\"]",
            "version = 1\n[[category]]\nname = \"x\"\nwhy = \"\"\nhosts = [\"a.example\"]",
        ] {
            assert!(Protected::parse(bad).is_err(), "{bad}");
        }
    }
}
