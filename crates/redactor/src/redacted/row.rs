//! The outbox row of a redacted page: CBOR with integer keys behind a keyed BLAKE3 code.
//!
//! `"LRP" || version (1 byte) || code (32 bytes) || body`. The code covers the first four bytes and the body, so a row
//! that anybody else wrote, or that a disk changed, is refused.

use std::collections::BTreeMap;

use model::{CaptureId, Label, Token};
use page::{PageKind, Price};

use super::RedactedPage;
use crate::derivation::{self, CircumstancesRow, DerivationRow};
use crate::limits::MAX_ROW_BYTES;
use crate::{Error, OutboxKey};

/// The first bytes of every row; the last of them is the version.
const MAGIC: [u8; 4] = *b"LRP\x01";
const KINDS: [PageKind; 5] = [PageKind::Board, PageKind::Thread, PageKind::AdList, PageKind::Ad, PageKind::Other];
const CODE_BYTES: usize = 32;
const BODY_AT: usize = MAGIC.len() + CODE_BYTES;

/// The body. Keys are frozen: a change of meaning takes a new key or a new version.
#[derive(minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
struct Row<'a> {
    #[cbor(n(0), with = "minicbor::bytes")]
    capture: [u8; 16],
    #[b(1)]
    site: &'a str,
    #[b(2)]
    board: Option<&'a str>,
    #[b(3)]
    kind: &'a str,
    #[b(4)]
    language: Option<&'a str>,
    #[n(5)]
    url: String,
    #[b(6)]
    title: &'a str,
    #[b(7)]
    body: &'a str,
    #[n(8)]
    authors: Vec<String>,
    #[n(9)]
    tokens: Vec<String>,
    #[b(10)]
    posted_day: Option<&'a str>,
    #[n(11)]
    price_minor_units: Option<u64>,
    #[n(12)]
    currency: Option<String>,
    #[b(13)]
    places: Vec<&'a str>,
    #[b(14)]
    counts: BTreeMap<&'a str, u32>,
    #[b(15)]
    rules: &'a str,
    #[n(30)]
    derivation: Option<DerivationRow>,
    #[n(31)]
    circumstances: Option<CircumstancesRow>,
}

impl RedactedPage {
    /// Writes the page as an outbox row that only a holder of `key` can have made.
    #[must_use]
    pub fn to_row(&self, key: &OutboxKey) -> Vec<u8> {
        let row = Row {
            capture: *self.capture.as_bytes(),
            site: &self.site,
            board: self.board.as_deref(),
            kind: self.kind.as_str(),
            language: self.language.as_deref(),
            url: self.url.to_string(),
            title: &self.title,
            body: &self.body,
            authors: self.authors.iter().map(Token::to_string).collect(),
            tokens: self.tokens.iter().map(Token::to_string).collect(),
            posted_day: self.posted_day.as_deref(),
            price_minor_units: self.price.map(|price| price.minor_units),
            currency: self.price.and_then(|p| p.currency).map(|code| String::from_utf8_lossy(&code).into_owned()),
            places: self.places.iter().map(String::as_str).collect(),
            counts: self.counts.iter().map(|(label, count)| (label.as_str(), *count)).collect(),
            rules: &self.rules,
            derivation: self.derivation.as_ref().map(derivation::to_row),
            circumstances: self.circumstances.as_ref().map(derivation::circumstances_of),
        };
        let mut bytes = Vec::with_capacity(BODY_AT + self.title.len() + self.body.len() + 512);
        bytes.extend_from_slice(&MAGIC);
        bytes.extend_from_slice(&[0; CODE_BYTES]);
        // Writing to a vector cannot fail: its error type has no values.
        let Ok(()) = minicbor::encode(row, &mut bytes).map_err(|_| ()) else { return Vec::new() };
        let code = code(key, &bytes[BODY_AT..]);
        bytes[MAGIC.len()..BODY_AT].copy_from_slice(code.as_bytes());
        bytes
    }

    /// Reads a row back.
    ///
    /// # Errors
    /// If it was written under another key, is damaged, or has a version this build does not know.
    pub fn from_row(bytes: &[u8], key: &OutboxKey) -> Result<Self, Error> {
        if bytes.len() > MAX_ROW_BYTES {
            return Err(Error::Row("it is longer than a row may be"));
        }
        let (head, body) = bytes.split_at_checked(BODY_AT).ok_or(Error::Row("it is shorter than its head"))?;
        let (magic, stated) = head.split_at(MAGIC.len());
        if magic != MAGIC {
            return Err(Error::Row("it has another format or version"));
        }
        // Comparing two `Hash` values takes constant time.
        let stated = blake3::Hash::from_slice(stated).map_err(|_| Error::Row("its code has the wrong length"))?;
        if code(key, body) != stated {
            return Err(Error::Row("its code does not match: it was written under another key, or changed since"));
        }
        let row: Row<'_> = minicbor::decode(body).map_err(|_| Error::Row("its body is not what the format says"))?;
        Self::from_parts(&row)
    }

    fn from_parts(row: &Row<'_>) -> Result<Self, Error> {
        let token = |text: &String| text.parse::<Token>().map_err(|_| Error::Row("a token in it is malformed"));
        let currency = match &row.currency {
            Some(code) => Some(code.as_bytes().try_into().map_err(|_| Error::Row("its currency is malformed"))?),
            None => None,
        };
        Ok(Self {
            capture: CaptureId::from_bytes(row.capture),
            site: row.site.to_owned(),
            board: row.board.map(str::to_owned),
            kind: KINDS.into_iter().find(|kind| kind.as_str() == row.kind).ok_or(Error::Row("its kind is unknown"))?,
            language: row.language.map(str::to_owned),
            url: token(&row.url)?,
            title: row.title.to_owned(),
            body: row.body.to_owned(),
            authors: row.authors.iter().map(token).collect::<Result<_, _>>()?,
            tokens: row.tokens.iter().map(token).collect::<Result<_, _>>()?,
            posted_day: row.posted_day.map(str::to_owned),
            price: row.price_minor_units.map(|minor_units| Price { minor_units, currency }),
            places: row.places.iter().map(|place| (*place).to_owned()).collect(),
            counts: row
                .counts
                .iter()
                .map(|(label, count)| Ok((label.parse::<Label>()?, *count)))
                .collect::<Result<_, model::InvalidToken>>()
                .map_err(|_| Error::Row("a label in it is unknown"))?,
            rules: row.rules.to_owned(),
            derivation: row.derivation.as_ref().map(derivation::from_row).transpose()?,
            circumstances: row.circumstances.as_ref().map(derivation::circumstances_from).transpose()?,
        })
    }
}

fn code(key: &OutboxKey, body: &[u8]) -> blake3::Hash {
    key.mac(&[&MAGIC, body])
}
