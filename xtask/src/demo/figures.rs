//! What the demonstration measured, for machines and for people.

use std::path::PathBuf;

use serde_json::{Value, json};

use crate::text::Voice;

/// What fewer than so many groups linked would mean: the product does not do what it is for.
const LEAST_LINKED_OF_40: u64 = 35;

/// The figures of one run; each was measured in it.
#[derive(Debug)]
pub(crate) struct Figures {
    pub(crate) sites: u64,
    pub(crate) captures: u64,
    pub(crate) sealed: u64,
    pub(crate) indexed: u64,
    pub(crate) redactions: Value,
    pub(crate) planted: u64,
    pub(crate) leaks: u64,
    pub(crate) linked_groups_planted: u64,
    pub(crate) linked_groups_found: u64,
    pub(crate) log_entries: u64,
    pub(crate) log_verified: bool,
    pub(crate) unsealed_identical: bool,
    pub(crate) seconds_network: f64,
    pub(crate) seconds_crawl: f64,
    pub(crate) seconds_total: f64,
}

impl Figures {
    pub(crate) fn to_json(&self) -> Value {
        let tenths = |seconds: f64| (seconds * 10.0).round() / 10.0;
        json!({
            "sites": self.sites,
            "captures": self.captures,
            "sealed": self.sealed,
            "indexed": self.indexed,
            "redactions": self.redactions,
            "planted": self.planted,
            "leaks": self.leaks,
            "linked_groups_planted": self.linked_groups_planted,
            "linked_groups_found": self.linked_groups_found,
            "log_entries": self.log_entries,
            "log_verified": self.log_verified,
            "unsealed_identical": self.unsealed_identical,
            "seconds": {
                "network": tenths(self.seconds_network),
                "crawl": tenths(self.seconds_crawl),
                "total": tenths(self.seconds_total),
            },
        })
    }

    /// What was to be shown and was not.
    pub(crate) fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        let mut must = |holds: bool, fault: String| {
            if !holds {
                faults.push(fault);
            }
        };
        must(self.leaks == 0, format!("{} planted values were found in the data folder", self.leaks));
        must(
            self.captures > 0 && self.sealed == self.captures,
            format!("{} captures, {} sealed", self.captures, self.sealed),
        );
        must(self.indexed == self.captures, format!("{} captures, {} in the index", self.captures, self.indexed));
        let least = self.linked_groups_planted * LEAST_LINKED_OF_40 / 40;
        must(
            self.linked_groups_found >= least,
            format!("{} of {} groups are linked", self.linked_groups_found, self.linked_groups_planted),
        );
        must(self.log_verified, "the log did not verify".to_owned());
        must(self.unsealed_identical, "the opened original is not the server's page".to_owned());
        faults
    }

    /// The end of the story.
    pub(crate) fn tell(&self, voice: Voice, kept: &Option<PathBuf>) {
        voice.head("what you have seen");
        for line in [
            format!(
                "{} pages of {} sites were collected over Tor, inside what two supervisors had signed.",
                self.captures, self.sites
            ),
            format!(
                "{} originals lie sealed; one was opened, by two of three people, and it was the server's page.",
                self.sealed
            ),
            format!(
                "{} identifiers had been planted; {} of them are anywhere in the data folder.",
                self.planted, self.leaks
            ),
            format!(
                "{} of {} groups of pages that share one, written differently on each, are one pivot apart.",
                self.linked_groups_found, self.linked_groups_planted
            ),
            format!("{} acts are in a log that code of the Go project has verified.", self.log_entries),
            format!(
                "It took {:.0} s: {:.0} s for the network, {:.0} s for the crawl.",
                self.seconds_total, self.seconds_network, self.seconds_crawl
            ),
        ] {
            voice.say(&line);
        }
        match kept {
            Some(place) => {
                voice.say("\nThe installation is still there. Everybody's passphrase is in the file `passphrase`:");
                let place = place.display();
                voice.say(&format!("  export LANTHORN_DATA={place}/data"));
                voice.say("  lanthorn search op-harbour-2026 river --as a.ivan --passphrase-file passphrase");
                voice.say("  lanthorn audit tail --as u.paul --passphrase-file passphrase");
                voice.say("  lanthorn doctor --deep");
            }
            None => voice.say("\n`cargo xtask demo --keep DIR` leaves the installation for you to look round in."),
        }
        voice.say("docs/manual/first-crawl.md explains each step.");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figures() -> Figures {
        Figures {
            sites: 3,
            captures: 423,
            sealed: 423,
            indexed: 423,
            redactions: json!({ "PHONE": 7 }),
            planted: 1_458,
            leaks: 0,
            linked_groups_planted: 44,
            linked_groups_found: 44,
            log_entries: 900,
            log_verified: true,
            unsealed_identical: true,
            seconds_network: 15.04,
            seconds_crawl: 40.0,
            seconds_total: 90.0,
        }
    }

    #[test]
    fn each_shortfall_is_a_fault() {
        assert_eq!(figures().faults(), [""; 0]);
        let spoilt: [fn(&mut Figures); 6] = [
            |figures| figures.leaks = 1,
            |figures| figures.sealed = 422,
            |figures| figures.indexed = 422,
            |figures| figures.linked_groups_found = 37,
            |figures| figures.log_verified = false,
            |figures| figures.unsealed_identical = false,
        ];
        for spoil in spoilt {
            let mut figures = figures();
            spoil(&mut figures);
            assert_eq!(figures.faults().len(), 1, "{figures:?}");
        }
    }

    #[test]
    fn seconds_are_given_in_tenths() {
        assert_eq!(figures().to_json()["seconds"]["network"], 15.0);
    }
}
