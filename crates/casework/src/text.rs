//! Bounds of what people write.

use crate::Error;

/// Characters of a name.
pub const MAX_NAME_CHARS: usize = 80;

/// Characters of a note, a reason or a basis.
pub const MAX_TEXT_CHARS: usize = 4_000;

/// The text without white space around it, if it is not empty and not longer than that.
pub(crate) fn bounded(text: &str, most: usize) -> Result<&str, Error> {
    let text = text.trim();
    if text.is_empty() || text.chars().nth(most).is_some() { Err(Error::Length { most }) } else { Ok(text) }
}
