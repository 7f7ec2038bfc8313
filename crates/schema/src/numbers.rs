//! Tokens as numbers: what the index's columns keep of them, so that a pivot counts without reading a dictionary.

use model::{InvalidToken, Token};

/// The numbers of a token: the low 64 bits of its digest's 65, and above them its label and the first bit.
///
/// Whoever adds a token to a document adds the first to the column `token_digest` and the second to `token_label`.
#[must_use]
pub fn token_numbers(token: Token) -> (u64, u64) {
    let bits = token.to_bits();
    (bits as u64, (bits >> 64) as u64)
}

/// The token of these numbers.
///
/// # Errors
/// If no label has that number.
pub fn token_from_numbers(digest: u64, label: u64) -> Result<Token, InvalidToken> {
    Token::from_bits(u128::from(label) << 64 | u128::from(digest))
}
