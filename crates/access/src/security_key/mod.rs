//! Security keys and passkeys: the relying party's half of W3C Web Authentication, Level 3, as far as a site of ours needs
//! it. Why it is written here and not brought along: `docs/decisions/0017`.
//!
//! * [`RelyingParty`]: the one address that keys of a site are bound to.
//! * [`register`], [`assert`]: sections 7.1 and 7.2, step by step; each refusal is a [`Refusal`] of its own.
//! * What a site keeps of a key, and who signs in with it: the methods of [`Access`](crate::Access).
//!
//! Deliberately absent: attestation (the format is `none`: which maker's key somebody has is nothing that we ask), every
//! algorithm but ES256 and EdDSA, extensions, and keys without user verification.

mod keys;
mod read;
mod refusal;
mod sign_in;
mod verify;

pub use keys::SecurityKey;
pub(crate) use keys::{count, is_there};
pub use refusal::Refusal;
pub use sign_in::{Proof, Proved};
pub use verify::{Asserted, KnownKey, NewKey, assert, register};

use crate::Error;

/// Bytes of a challenge; section 13.4.3 asks for 16 or more.
pub const CHALLENGE_BYTES: usize = 32;
/// The longest identifier of a key (section 7.1, step 25).
pub(crate) const MAX_CREDENTIAL_BYTES: usize = 1_023;
/// Bytes of the handle that stands for a person on their keys; 64 is the most, and it tells nothing of them.
pub(crate) const HANDLE_BYTES: usize = 32;
/// Keys of one person.
pub const MAX_KEYS: usize = 10;
/// Characters of a key's name.
pub const MAX_NAME_CHARS: usize = 60;

/// What a browser hands over when somebody has made a key.
#[derive(Clone, Copy, Debug)]
pub struct Registration<'a> {
    /// `response.clientDataJSON`.
    pub client_data: &'a [u8],
    /// `response.attestationObject`.
    pub attestation: &'a [u8],
}

/// What a browser hands over when somebody has used a key.
#[derive(Clone, Copy, Debug)]
pub struct Assertion<'a> {
    /// `rawId`.
    pub credential: &'a [u8],
    /// `response.clientDataJSON`.
    pub client_data: &'a [u8],
    /// `response.authenticatorData`.
    pub authenticator_data: &'a [u8],
    /// `response.signature`.
    pub signature: &'a [u8],
    /// `response.userHandle`.
    pub user_handle: &'a [u8],
}

/// The address that keys are bound to: a browser uses a key there and nowhere else, so nobody can be led to sign in elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RelyingParty {
    origin: String,
    id: String,
}

impl RelyingParty {
    /// Reads `https://name`, `http://name.onion` or `http://localhost`, each with a port or without.
    ///
    /// ```
    /// let party = access::RelyingParty::new("https://lanthorn.unit.example").unwrap();
    /// assert_eq!(party.id(), "lanthorn.unit.example");
    /// assert!(access::RelyingParty::new("http://lanthorn.unit.example").is_err());
    /// assert!(access::RelyingParty::new("http://127.0.0.1:8470").is_err());
    /// ```
    ///
    /// # Errors
    /// [`Error::Origin`] for a path, an address without a name, and a name that browsers allow no keys at: they want a
    /// secure context, and a domain for the keys' scope (section 5.1.2).
    pub fn new(origin: &str) -> Result<Self, Error> {
        let wrong = |why| Error::Origin { origin: origin.to_owned(), why };
        let (secure, rest) = match (origin.strip_prefix("https://"), origin.strip_prefix("http://")) {
            (Some(rest), _) => (true, rest),
            (_, Some(rest)) => (false, rest),
            _ => return Err(wrong("it begins with neither https:// nor http://")),
        };
        let (id, port) = rest.split_once(':').map_or((rest, None), |(id, port)| (id, Some(port)));
        let label = |label: &str| {
            let inner = label.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
            (1..=63).contains(&label.len()) && inner && !label.starts_with('-') && !label.ends_with('-')
        };
        if id.len() > 253 || !id.split('.').all(label) {
            return Err(wrong("a name in small letters is needed, with a port or without, and nothing after it"));
        }
        // The last label of a domain is never a number (WHATWG URL, section 3.5): this is an address.
        if id.rsplit('.').next().is_some_and(|last| last.bytes().all(|byte| byte.is_ascii_digit())) {
            return Err(wrong("an address in numbers is no name; on this machine it is http://localhost"));
        }
        if !secure && id != "localhost" && !id.ends_with(".onion") {
            return Err(wrong("without TLS browsers use keys on localhost and on onion services alone"));
        }
        let usual = if secure { "443" } else { "80" };
        // A browser leaves the usual port out, and compares to the letter.
        if port.is_some_and(|port| port.parse::<u16>().is_err() || port.starts_with('0') || port == usual) {
            return Err(wrong("the port is not one that a browser would write there"));
        }
        Ok(Self { origin: origin.to_owned(), id: id.to_owned() })
    }

    /// As browsers write it: `https://unit.example`, `http://localhost:8470`.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The name, to which keys are bound: the RP ID.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The name and the port, as they stand in the `Host` of a request.
    #[must_use]
    pub fn host(&self) -> &str {
        self.origin.split_once("://").map_or("", |(_, host)| host)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_one_that_browsers_use_keys_at() {
        let onion = format!("http://{}.onion", "a".repeat(56));
        for good in ["https://unit.example", "https://unit.example:8443", "http://localhost", &onion] {
            assert_eq!(RelyingParty::new(good).unwrap().origin(), good);
        }
        for wrong in [
            "",
            "unit.example",
            "http://unit.example",
            "https://",
            "https://unit.example/",
            "https://unit.example/sign-in",
            "https://Unit.example",
            "https://unit.example:443",
            "https://unit.example:",
            "https://unit.example:099",
            "https://unit.example:70000",
            "http://localhost:80",
            "http://127.0.0.1",
            "https://192.0.2.1",
            "https://[2001:db8::1]",
            "https://-x.example",
            "https://a..example",
            "https://evil@unit.example",
            "https://*.example",
        ] {
            assert!(RelyingParty::new(wrong).is_err(), "{wrong}");
        }
        let party = RelyingParty::new("http://localhost:8470").unwrap();
        assert_eq!((party.id(), party.host()), ("localhost", "localhost:8470"));
    }
}
