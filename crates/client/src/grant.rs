//! A grant: what exactly is asked, in the one form that is logged, signed, and bound into every share.

use model::{CaptureId, PersonId, Timestamp};
use seal::GrantHash;

use crate::Error;

/// The first line of the one form.
const FIRST_LINE: &str = "lanthorn grant v1";

/// The longest free text of a grant.
const MAX_TEXT_CHARS: usize = 1_000;

/// A request to open one original, for one person, for some time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// The request's number.
    pub request: i64,
    /// Which capture.
    pub capture: CaptureId,
    /// BLAKE3 of its sealed header.
    pub header_hash: [u8; 32],
    /// Who asks.
    pub requester: PersonId,
    /// The requester's age key: answers are encrypted to it and to nothing else.
    pub recipient: String,
    /// The reason, as a code of the site.
    pub code: String,
    /// The reason in words.
    pub reason: String,
    /// The legal basis.
    pub legal_basis: String,
    /// When it dies.
    pub not_after: Timestamp,
}

impl Grant {
    /// The code that waives the approvers' ceilings, and nothing else; it owes a review.
    pub const BREAK_GLASS: &str = "break-glass";

    /// Whether it waives them.
    #[must_use]
    pub fn breaks_glass(&self) -> bool {
        self.code == Self::BREAK_GLASS
    }

    /// The one form: a line each, in this order.
    ///
    /// # Errors
    /// When a text is not one line, or too long.
    pub fn to_bytes(&self) -> Result<Vec<u8>, Error> {
        for (field, text) in [
            ("code", &self.code),
            ("reason", &self.reason),
            ("legal basis", &self.legal_basis),
            ("recipient", &self.recipient),
        ] {
            let fits = !text.trim().is_empty() && text.trim() == text && text.chars().count() <= MAX_TEXT_CHARS;
            if !fits || text.chars().any(char::is_control) {
                return Err(Error::Text { field, most: MAX_TEXT_CHARS });
            }
        }
        let header = hex(&self.header_hash);
        Ok(format!(
            "{FIRST_LINE}\nrequest {}\ncapture {}\nheader {header}\nrequester {}\nrecipient {}\ncode {}\nreason {}\nlegal-basis {}\nnot-after {}\n",
            self.request, self.capture, self.requester, self.recipient, self.code, self.reason, self.legal_basis, self.not_after
        )
        .into_bytes())
    }

    /// Reads the one form, and refuses every other writing of the same.
    ///
    /// # Errors
    /// When the bytes are anything else.
    pub fn parse(bytes: &[u8]) -> Result<Self, Error> {
        let read = || -> Option<Self> {
            let mut lines = std::str::from_utf8(bytes).ok()?.split('\n');
            if lines.next()? != FIRST_LINE {
                return None;
            }
            let mut value = |key: &str| lines.next()?.strip_prefix(key)?.strip_prefix(' ');
            let request = value("request")?.parse().ok()?;
            let capture = value("capture")?.parse().ok()?;
            let header = value("header")?;
            let mut header_hash = [0; 32];
            for (place, byte) in header_hash.iter_mut().enumerate() {
                *byte = u8::from_str_radix(header.get(place * 2..place * 2 + 2)?, 16).ok()?;
            }
            Some(Self {
                request,
                capture,
                header_hash,
                requester: value("requester")?.parse().ok()?,
                recipient: value("recipient")?.to_owned(),
                code: value("code")?.to_owned(),
                reason: value("reason")?.to_owned(),
                legal_basis: value("legal-basis")?.to_owned(),
                not_after: Timestamp::parse_rfc3339(value("not-after")?)?,
            })
        };
        let grant = read().filter(|grant| grant.to_bytes().is_ok_and(|again| again == bytes));
        grant.ok_or(Error::Malformed { what: "the grant" })
    }

    /// What shares are bound to and the log commits to: BLAKE3 of the one form.
    ///
    /// # Errors
    /// As [`to_bytes`](Self::to_bytes).
    pub fn hash(&self) -> Result<GrantHash, Error> {
        Ok(GrantHash(*blake3::hash(&self.to_bytes()?).as_bytes()))
    }

    /// The hash as the log entry that announces the request must name it, in its field `grant`.
    ///
    /// # Errors
    /// As [`to_bytes`](Self::to_bytes).
    pub fn log_word(&self) -> Result<String, Error> {
        Ok(hex(&self.hash()?.0))
    }
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
pub(crate) fn example() -> Grant {
    Grant {
        request: 7,
        capture: CaptureId::from_bytes([3; 16]),
        header_hash: [0xab; 32],
        requester: "a.ivan".parse().unwrap(),
        recipient: age::x25519::Identity::generate().to_public().to_string(),
        code: "R1".into(),
        reason: "a child may be at risk".into(),
        legal_basis: "Example Act, s. 7".into(),
        not_after: Timestamp::from_secs(1_795_000_000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_one_form_reads_back_and_no_other_does() {
        let grant = example();
        let bytes = grant.to_bytes().unwrap();
        assert_eq!(Grant::parse(&bytes).unwrap(), grant);
        for place in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[place] ^= 1;
            assert_ne!(Grant::parse(&changed).ok(), Some(grant.clone()), "byte {place}");
        }
        assert!(Grant::parse(&[&bytes[..], b"x\n"].concat()).is_err());
    }

    #[test]
    fn a_text_of_two_lines_is_refused() {
        let grant = Grant { reason: "one\nnot-after 2099-01-01T00:00:00.000Z".into(), ..example() };
        assert!(grant.to_bytes().is_err());
    }
}
