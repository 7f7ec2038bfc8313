//! The labels of hidden identifiers and the token that stands in for one: `[PHONE:k7f3a9q2m4xtc]`.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Characters after the colon: 13 of Crockford base32 in lower case carry 65 bits.
pub const TOKEN_DIGEST_CHARS: usize = 13;

/// Crockford's alphabet in lower case: no i, l, o, u.
pub(crate) const CROCKFORD: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

macro_rules! labels {
    ($($(#[$doc:meta])* $name:ident = $text:literal,)*) => {
        /// What kind of identifier a span hides.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[non_exhaustive]
        pub enum Label {
            $($(#[$doc])* #[serde(rename = $text)] $name,)*
        }

        impl Label {
            /// Every label.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The word in tokens, JSON and reports.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }
        }
    };
}

labels! {
    /// A person's name.
    Person = "PERSON",
    /// A place finer than region.
    Location = "LOCATION",
    /// An organisation.
    Org = "ORG",
    /// A telephone number.
    Phone = "PHONE",
    /// An e-mail address.
    Email = "EMAIL",
    /// A web address.
    Url = "URL",
    /// An account name on a platform.
    Handle = "HANDLE",
    /// A cryptocurrency address.
    Crypto = "CRYPTO",
    /// An international bank account number.
    Iban = "IBAN",
    /// A payment card number.
    Card = "CARD",
    /// A national identity, tax or passport number.
    NationalId = "NATIONAL_ID",
    /// An IP or MAC address.
    Ip = "IP",
    /// A date of birth or other personal date.
    Date = "DATE",
    /// A geographic position.
    Coordinate = "COORDINATE",
    /// A vehicle's registration plate.
    Plate = "PLATE",
    /// A password, key or other secret.
    Secret = "SECRET",
    /// An onion address.
    Onion = "ONION",
    /// Another identifier.
    OtherId = "OTHER_ID",
    /// A run of digits that nothing explains: hidden because it might be one of the above.
    Digits = "DIGITS",
}

impl fmt::Display for Label {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}

impl FromStr for Label {
    type Err = InvalidToken;

    fn from_str(text: &str) -> Result<Self, InvalidToken> {
        Self::ALL.iter().copied().find(|label| label.as_str() == text).ok_or(InvalidToken)
    }
}

/// A hidden identifier: its label and 65 bits of a keyed hash of its canonical value.
///
/// Only `redactor` computes the digest; anybody may read, compare and print a token.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Token {
    label: Label,
    digest: [u8; TOKEN_DIGEST_CHARS],
}

impl Token {
    /// From the first 65 bits of a keyed hash, most significant bit first.
    #[must_use]
    pub fn from_hash(label: Label, hash: &[u8; 32]) -> Self {
        let bit = |i: usize| usize::from(hash[i / 8] >> (7 - i % 8) & 1);
        let mut digest = [0; TOKEN_DIGEST_CHARS];
        for (place, character) in digest.iter_mut().enumerate() {
            let value = (0..5).fold(0, |value, i| value << 1 | bit(place * 5 + i));
            *character = CROCKFORD[value];
        }
        Self { label, digest }
    }

    /// As a number of 128 bits: the place of its label in [`Label::ALL`] above the 65 bits of its digest. Numbers are in the
    /// order of their tokens.
    #[must_use]
    pub fn to_bits(self) -> u128 {
        let value = |character: &u8| CROCKFORD.iter().position(|known| known == character).unwrap_or_default();
        self.digest.iter().fold(self.label as u128, |bits, character| bits << 5 | value(character) as u128)
    }

    /// The token of such a number.
    ///
    /// # Errors
    /// If no label has that place.
    pub fn from_bits(bits: u128) -> Result<Self, InvalidToken> {
        let label = usize::try_from(bits >> (5 * TOKEN_DIGEST_CHARS)).map_err(|_| InvalidToken)?;
        let mut digest = [0; TOKEN_DIGEST_CHARS];
        for (place, character) in digest.iter_mut().rev().enumerate() {
            *character = CROCKFORD[(bits >> (5 * place) & 31) as usize];
        }
        Ok(Self { label: Label::ALL.get(label).copied().ok_or(InvalidToken)?, digest })
    }

    /// What it hides.
    #[must_use]
    pub const fn label(self) -> Label {
        self.label
    }

    /// The 13 characters after the colon.
    #[must_use]
    pub fn digest(&self) -> &str {
        std::str::from_utf8(&self.digest).unwrap_or_default()
    }
}

/// `[PHONE:k7f3a9q2m4xtc]`.
impl fmt::Display for Token {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "[{}:{}]", self.label, self.digest())
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{self}")
    }
}

impl FromStr for Token {
    type Err = InvalidToken;

    /// Reads `[PHONE:k7f3a9q2m4xtc]`, with or without the brackets.
    fn from_str(text: &str) -> Result<Self, InvalidToken> {
        let inner = text.strip_prefix('[').map_or(Some(text), |rest| rest.strip_suffix(']')).ok_or(InvalidToken)?;
        let (label, digest) = inner.split_once(':').ok_or(InvalidToken)?;
        let digest: [u8; TOKEN_DIGEST_CHARS] = digest.as_bytes().try_into().map_err(|_| InvalidToken)?;
        if !digest.iter().all(|character| CROCKFORD.contains(character)) {
            return Err(InvalidToken);
        }
        Ok(Self { label: label.parse()?, digest })
    }
}

/// The text is no token of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a token: expected [LABEL:13 characters of lower-case Crockford base32]")]
pub struct InvalidToken;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_prints_and_reads_back() {
        let token = Token::from_hash(Label::Phone, &[0xa5; 32]);
        assert_eq!(token.to_string(), "[PHONE:mpjtb9d5mpjtb]");
        assert_eq!(token.to_string().parse(), Ok(token));
        assert_eq!("PHONE:mpjtb9d5mpjtb".parse(), Ok(token));
    }

    #[test]
    fn a_token_is_a_number_and_the_number_a_token() {
        let mut tokens: Vec<Token> = Label::ALL
            .iter()
            .flat_map(|label| [[0; 32], [0xff; 32], [0xa5; 32], [1; 32]].map(|hash| Token::from_hash(*label, &hash)))
            .collect();
        for token in &tokens {
            assert_eq!(Token::from_bits(token.to_bits()), Ok(*token));
        }
        tokens.sort_unstable();
        assert!(tokens.is_sorted_by_key(|token| token.to_bits()), "in one order");
        assert_eq!(Token::from_bits((Label::ALL.len() as u128) << 65), Err(InvalidToken));
    }

    #[test]
    fn what_is_no_token_is_refused() {
        for text in
            ["", "[PHONE]", "[PHONE:short]", "[FONE:mpjtb9d5mpjtb]", "[PHONE:mpjtb9d5mpjti]", "[PHONE:mpjtb9d5mpjtb"]
        {
            assert_eq!(text.parse::<Token>(), Err(InvalidToken), "{text}");
        }
    }
}
