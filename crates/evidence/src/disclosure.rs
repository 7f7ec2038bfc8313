//! The disclosure grant: what exactly may leave, to whom, and why; what supervisors sign before a pack is made.

use std::collections::BTreeSet;

use model::{CaptureId, CaseId, PersonId, Timestamp};

use crate::Error;

/// What approvals of a disclosure are signed for.
pub const DISCLOSURE_NAMESPACE: &str = "disclosure@lanthorn";

/// What the exporter signs the manifest for.
pub const PACK_NAMESPACE: &str = "pack@lanthorn";

const FIRST: &str = "lanthorn disclosure v1";
const MAX_VALUE_CHARS: usize = 1_000;
const MAX_CAPTURES: usize = 100_000;
const MAX_BYTES: usize = 8 << 20;

/// What of the captures leaves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Edition {
    /// Redacted views; originals one by one, each under a grant of its own.
    #[default]
    Redacted,
    /// The same, and a web archive of those originals, encrypted for the recipient.
    Unredacted,
}

impl Edition {
    /// Its word in grants and packs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Redacted => "redacted",
            Self::Unredacted => "unredacted",
        }
    }
}

/// A disclosure grant. It has one written form (`docs/formats/evidence-pack.md`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disclosure {
    /// The case.
    pub case: CaseId,
    /// What of the captures leaves.
    pub edition: Edition,
    /// Who asks, and will make the pack: never one of those who approve.
    pub requester: PersonId,
    /// Who gets the pack, in words.
    pub recipient: String,
    /// Why.
    pub reason: String,
    /// Instrument and article.
    pub legal_basis: String,
    /// When it was asked for; the pack is dated by it.
    pub issued: Timestamp,
    /// Until when a pack may be made of it.
    pub not_after: Timestamp,
    /// Which captures; `None`: all of the case that are not erased.
    pub captures: Option<BTreeSet<CaptureId>>,
}

impl Disclosure {
    /// Its one written form.
    ///
    /// # Errors
    /// When a value is empty, too long or has control characters or white space at its ends.
    pub fn to_text(&self) -> Result<String, Error> {
        let values = [&self.recipient, &self.reason, &self.legal_basis];
        if values.into_iter().any(|value| {
            value.is_empty()
                || value.chars().count() > MAX_VALUE_CHARS
                || value.contains(char::is_control)
                || value.trim() != value
        }) {
            return Err(Error::Grant(
                "recipient, reason and legal basis have 1 to 1,000 characters, none of them control characters, and no white space at the ends",
            ));
        }
        let mut text = format!(
            "{FIRST}\ncase {}\nedition {}\nrequester {}\nrecipient {}\nreason {}\nlegal-basis {}\nissued {}\nnot-after {}\n",
            self.case,
            self.edition.as_str(),
            self.requester,
            self.recipient,
            self.reason,
            self.legal_basis,
            self.issued,
            self.not_after
        );
        match &self.captures {
            None => text.push_str("captures all\n"),
            Some(captures) if captures.is_empty() || captures.len() > MAX_CAPTURES => {
                return Err(Error::Grant("it names no capture, or more than 100,000"));
            }
            Some(captures) => {
                text.push_str(&format!("captures {}\n", captures.len()));
                captures.iter().for_each(|capture| text.push_str(&format!("{capture}\n")));
            }
        }
        Ok(text)
    }

    /// Reads what [`to_text`](Self::to_text) writes, and nothing else.
    ///
    /// # Errors
    /// When it is written in any other way.
    pub fn parse(text: &str) -> Result<Self, Error> {
        const FORM: Error = Error::Grant("it does not have the form of `lanthorn disclosure v1`");
        if text.len() > MAX_BYTES {
            return Err(FORM);
        }
        let mut lines = text.lines();
        if lines.next() != Some(FIRST) {
            return Err(FORM);
        }
        let mut value = |key: &str| {
            let line = lines.next()?.strip_prefix(key)?.strip_prefix(' ')?;
            Some(line.to_owned())
        };
        let (case, edition) = (value("case").ok_or(FORM)?, value("edition").ok_or(FORM)?);
        let editions = [Edition::Redacted, Edition::Unredacted];
        let edition = editions.into_iter().find(|one| one.as_str() == edition);
        let edition = edition.ok_or(Error::Grant("an edition is `redacted` or `unredacted`"))?;
        let time = |text: Option<String>| Timestamp::parse_rfc3339(&text?);
        let (requester, recipient) = (value("requester").ok_or(FORM)?, value("recipient").ok_or(FORM)?);
        let (reason, legal_basis) = (value("reason").ok_or(FORM)?, value("legal-basis").ok_or(FORM)?);
        let issued = time(value("issued")).ok_or(FORM)?;
        let not_after = time(value("not-after")).ok_or(FORM)?;
        let captures = match value("captures").ok_or(FORM)?.as_str() {
            "all" => None,
            _ => Some(lines.map(|line| line.parse().map_err(|_| FORM)).collect::<Result<BTreeSet<_>, _>>()?),
        };
        let read = Self {
            case: case.parse().map_err(|_| FORM)?,
            edition,
            requester: requester.parse().map_err(|_| FORM)?,
            recipient,
            reason,
            legal_basis,
            issued,
            not_after,
            captures,
        };
        if read.to_text()? == text { Ok(read) } else { Err(FORM) }
    }

    /// Whether it names this capture.
    #[must_use]
    pub fn names(&self, capture: CaptureId) -> bool {
        self.captures.as_ref().is_none_or(|captures| captures.contains(&capture))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn some(captures: Option<BTreeSet<CaptureId>>) -> Disclosure {
        Disclosure {
            case: "op-harbour-2026".parse().unwrap(),
            edition: if captures.is_some() { Edition::Unredacted } else { Edition::Redacted },
            requester: "s.amina".parse().unwrap(),
            recipient: "Example District Court, registry".into(),
            reason: "exhibits of the indictment".into(),
            legal_basis: "Example Act, section 7".into(),
            issued: Timestamp::from_secs(1_795_000_000),
            not_after: Timestamp::from_secs(1_795_086_400),
            captures,
        }
    }

    #[test]
    fn it_reads_back_and_no_other_writing_does() {
        for captures in [None, Some(BTreeSet::from([CaptureId::from_bytes([3; 16]), CaptureId::from_bytes([1; 16])]))] {
            let text = some(captures.clone()).to_text().unwrap();
            assert_eq!(Disclosure::parse(&text).unwrap(), some(captures));
            for at in 0..text.len() {
                let mut other = text.clone().into_bytes();
                other.remove(at);
                let other = String::from_utf8(other).unwrap();
                assert!(Disclosure::parse(&other).map_or(true, |read| read.to_text().unwrap() == other), "{other}");
            }
            assert!(Disclosure::parse(&text.replace("redacted", "raw")).is_err());
            assert!(Disclosure::parse(&format!("{text}\n")).is_err());
        }
        let mut odd = some(None);
        odd.reason = "two\nlines".into();
        assert!(odd.to_text().is_err());
    }
}
