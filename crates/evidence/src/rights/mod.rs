//! The rights report: what an installation did in a period, drawn from its own records alone. What no record tells is printed as
//! unknown and counted; no sentence of it is a legal conclusion.

mod counts;
mod report;
mod sections;

use std::collections::BTreeMap;

use audit::Entry;
use model::Timestamp;
use serde_json::{Value, json};

use crate::{Error, paper};
use counts::Counts;

/// What a rights report's files are signed for.
pub const REPORT_NAMESPACE: &str = "report@lanthorn";

/// What the records say beside the log.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// The installation's name.
    pub site: String,
    /// The program and its version.
    pub tool: String,
    /// The redaction rules in force.
    pub rules: String,
    /// First moment of the period.
    pub from: Timestamp,
    /// First moment after it.
    pub until: Timestamp,
    /// When the report was made.
    pub made: Timestamp,
    /// Cases that are open, and closed.
    pub cases: (u64, u64),
    /// Cases whose review is overdue.
    pub reviews_overdue: u64,
    /// Authorisations in force, over, and revoked, at the time of the report.
    pub authorisations: (u64, u64, u64),
    /// Links not followed, by rule, over the whole life of what is kept.
    pub refused_links: BTreeMap<String, u64>,
    /// Redacted pages that are kept.
    pub pages: u64,
    /// Identifiers hidden in them by label; `None` where this process may not read the rows.
    pub hidden: Option<BTreeMap<String, u64>>,
    /// Captures whose time is over and that are still kept, and captures that are held.
    pub retention: Option<(u64, u64)>,
    /// Entries of the log, and whether it was verified for this report.
    pub log: Option<(u64, bool)>,
    /// People by role.
    pub people: BTreeMap<String, u64>,
}

/// One number, or the want of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figure {
    /// What is counted.
    pub what: String,
    /// The number or word; `None` is unknown.
    pub value: Option<String>,
    /// Which records it is drawn from, in words that name a command where there is one.
    pub source: &'static str,
}

/// One section.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// Its number.
    pub number: u8,
    /// Its heading.
    pub title: &'static str,
    /// The provisions that ask for it.
    pub law: &'static str,
    /// What the records say.
    pub figures: Vec<Figure>,
}

/// A report.
#[derive(Clone, Debug)]
pub struct Rights {
    facts: Facts,
    sections: Vec<Section>,
}

impl Rights {
    /// Draws the report from facts and from the log's entries of the period.
    #[must_use]
    pub fn of(facts: Facts, entries: &[Entry]) -> Self {
        let sections = sections::all(&facts, &Counts::of(entries));
        Self { facts, sections }
    }

    /// Its sections.
    #[must_use]
    pub fn sections(&self) -> &[Section] {
        &self.sections
    }

    /// How many figures no record tells.
    #[must_use]
    pub fn unknown(&self) -> usize {
        self.sections.iter().flat_map(|section| &section.figures).filter(|figure| figure.value.is_none()).count()
    }

    /// As JSON: `docs/formats/rights-report.md`.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let figure = |one: &Figure| json!({ "what": one.what, "value": one.value, "unknown": one.value.is_none(), "source": one.source });
        let sections: Vec<_> = self
            .sections
            .iter()
            .map(|one| json!({ "number": one.number, "title": one.title, "law": one.law, "figures": one.figures.iter().map(figure).collect::<Vec<_>>() }))
            .collect();
        json!({
            "format": "lanthorn rights report",
            "version": 1,
            "site": self.facts.site,
            "made_by": self.facts.tool,
            "from": self.facts.from.to_string(),
            "until": self.facts.until.to_string(),
            "made": self.facts.made.to_string(),
            "unknown": self.unknown(),
            "sections": sections,
        })
    }

    /// As one page of HTML.
    #[must_use]
    pub fn to_html(&self) -> String {
        paper::html(&self.report())
    }

    /// As PDF; the same report is the same bytes.
    ///
    /// # Errors
    /// When a page cannot be set.
    pub fn to_pdf(&self) -> Result<Vec<u8>, Error> {
        paper::pdf(&self.report())
    }

    fn report(&self) -> paper::Paper {
        report::report(&self.facts, &self.sections, self.unknown())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(kind: &str, part: &str, record: Value) -> Entry {
        Entry {
            seq: 1,
            at: Timestamp::from_secs(1_795_000_000),
            kind: kind.to_owned(),
            part: part.to_owned(),
            record: Some(record.to_string()),
        }
    }

    #[test]
    fn what_is_counted_is_in_the_records_and_what_is_not_is_unknown() {
        let entries = [
            entry("consult", "intent", json!({ "case": "a" })),
            entry("consult", "outcome", json!({ "outcome": "done" })),
            entry("unseal-request", "note", json!({ "reason": "break-glass" })),
            entry("refuse", "note", json!({ "rule": "own-request" })),
            entry("stamp", "intent", json!({ "queries": "1" })),
            entry("stamp", "note", json!({ "of": "clock", "ahead_ms": "3" })),
            entry("disclose", "intent", json!({ "recipient": "Example Court", "edition": "redacted" })),
        ];
        let report = Rights::of(Facts::default(), &entries);
        let value = |what: &str| {
            let figures = report.sections().iter().flat_map(|section| &section.figures);
            figures.into_iter().find(|figure| figure.what == what).unwrap_or_else(|| panic!("{what}")).value.clone()
        };
        assert_eq!(value("Searches"), Some("1".into()));
        assert_eq!(value("Requests to open that broke the glass"), Some("1".into()));
        assert_eq!(value("Refusals by rule `own-request`"), Some("1".into()));
        assert_eq!(value("Disclosures to Example Court"), Some("1".into()));
        assert_eq!(value("Time stamps asked for"), Some("1".into()));
        assert_eq!(value("Comparisons of the machine’s clock with an authority’s"), Some("1".into()));
        assert_eq!(value("Requests of data subjects"), None);
        assert!(report.unknown() > 5);
        assert_eq!(report.sections().len(), 25);
        let html = report.to_html();
        assert!(html.contains("unknown") && html.contains("Example Court"));
    }
}
