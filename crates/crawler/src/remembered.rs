//! What is kept of an answer so that the next one can be compared with it, and asked for only if it is another.

use std::fmt;

use zeroize::Zeroizing;

/// Bytes of a validator that are kept; a longer one is none.
const MAX_VALIDATOR_BYTES: usize = 256;

/// The hash of a body as it came over the wire, and what the server calls that version. Kept sealed.
///
/// A server that gives every visitor an `ETag` of their own would know them again by it. So the date is sent where there
/// is one, which thousands of visitors share, and the tag only where there is none.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Remembered {
    pub(crate) body: [u8; 32],
    pub(crate) modified: Vec<u8>,
    pub(crate) tag: Vec<u8>,
}

/// Says that there is one.
impl fmt::Debug for Remembered {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Remembered")
    }
}

impl Remembered {
    /// Of a body and the headers with which it came.
    pub(crate) fn of(body: &[u8], headers: &[(Vec<u8>, Vec<u8>)]) -> Self {
        let header = |wanted: &str| {
            let found = headers.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted.as_bytes()));
            let value = found.map(|(_, value)| value.as_slice()).unwrap_or_default();
            let lawful = value.len() <= MAX_VALIDATOR_BYTES && value.iter().all(|byte| (0x20..0x7f).contains(byte));
            if lawful { value.to_vec() } else { Vec::new() }
        };
        Self { body: *blake3::hash(body).as_bytes(), modified: header("last-modified"), tag: header("etag") }
    }

    /// The header that asks for another version only.
    pub(crate) fn condition(&self) -> Option<(&'static str, &[u8])> {
        if !self.modified.is_empty() {
            return Some(("If-Modified-Since", &self.modified));
        }
        (!self.tag.is_empty()).then_some(("If-None-Match", &self.tag))
    }

    /// The form that is sealed: the hash, the length of the date, the date, the tag.
    pub(crate) fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        let length = u16::try_from(self.modified.len()).unwrap_or_default();
        Zeroizing::new([&self.body[..], &length.to_be_bytes(), &self.modified, &self.tag].concat())
    }

    /// From its form.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (body, rest) = bytes.split_first_chunk::<32>()?;
        let (length, rest) = rest.split_first_chunk::<2>()?;
        let (modified, tag) = rest.split_at_checked(usize::from(u16::from_be_bytes(*length)))?;
        Some(Self { body: *body, modified: modified.to_vec(), tag: tag.to_vec() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_remembered_comes_back() {
        let headers = vec![
            (b"ETag".to_vec(), b"\"7\"".to_vec()),
            (b"last-modified".to_vec(), b"Sun, 06 Nov 1994 08:49:37 GMT".to_vec()),
        ];
        let all = Remembered::of(b"body", &headers);
        assert!(Remembered::from_bytes(&all.to_bytes()) == Some(all.clone()));
        assert_eq!(all.condition().unwrap().0, "If-Modified-Since");
        let tag = Remembered::of(b"body", &headers[..1]);
        assert_eq!(tag.condition(), Some(("If-None-Match", &b"\"7\""[..])));
        assert_eq!(Remembered::of(b"body", &[(b"etag".to_vec(), b"a\r\nhost: x".to_vec())]).condition(), None);
        assert!(Remembered::from_bytes(&[0; 33]).is_none());
    }
}
