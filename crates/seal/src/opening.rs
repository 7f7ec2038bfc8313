//! Opening an original, and disclosing it under another header. Both take a file key; nothing else can.

use age::Recipient;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD_NO_PAD as BASE64;
use model::Sensitive;

use crate::header::{FIRST_LINE, finish, mac};
use crate::{Commitments, Error, FileKey, Header, payload};

/// Columns of a stanza's body in an age header.
const COLUMNS: usize = 64;

/// Opens an original and checks it against what the log committed to.
///
/// # Errors
/// If the header or the payload is not what was written, or the original is another one.
pub fn open(
    header: &Header,
    payload: &[u8],
    key: &FileKey,
    expected: &Commitments,
) -> Result<Sensitive<Vec<u8>>, Error> {
    let (original, found) = payload::read(header, payload, key)?;
    if found == *expected { Ok(original) } else { Err(Error::OtherOriginal) }
}

/// The age file that `to` opens with stock tools: a new header, the same payload byte for byte.
///
/// The original is opened and checked first, so that nothing is disclosed that the log did not commit to. Randomness of
/// the new header is the recipient's own: age's interface takes none.
///
/// # Errors
/// As [`open`], and if the recipient does not take the key.
pub fn disclose(
    header: &Header,
    payload: &[u8],
    key: &FileKey,
    expected: &Commitments,
    to: &dyn Recipient,
) -> Result<Vec<u8>, Error> {
    open(header, payload, key, expected)?;
    let (stanzas, _) = to.wrap_file_key(&key.to_age()).map_err(|_| Error::Recipient)?;
    let mut text = FIRST_LINE.to_owned();
    for stanza in stanzas {
        text.push_str("->");
        for word in std::iter::once(&stanza.tag).chain(&stanza.args) {
            text.push(' ');
            text.push_str(word);
        }
        text.push('\n');
        let body = BASE64.encode(&stanza.body);
        let mut rest = body.as_str();
        // The last line of a body is a short one, and empty if need be: that is how its end is told.
        while rest.len() >= COLUMNS {
            let (line, later) = rest.split_at(COLUMNS);
            text.push_str(line);
            text.push('\n');
            rest = later;
        }
        text.push_str(rest);
        text.push('\n');
    }
    text.push_str("---");
    let mac = mac(key, text.as_bytes());
    let mut file = finish(text, &mac).into_bytes();
    file.extend_from_slice(payload);
    Ok(file)
}
