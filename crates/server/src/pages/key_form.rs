//! Asking a browser for a security key, and what it answers: the same on the page where one signs in and on that of one's keys.

use access::Assertion;
use axum::response::Response;
use data_encoding::BASE64URL_NOPAD;

use crate::ask::Ask;
use crate::challenges::Purpose;
use crate::headers;
use crate::problem::Problem;
use crate::session::{Seat, id_of};

/// Lets a page ask for a key.
pub(crate) fn may_use_keys(mut page: Response) -> Response {
    headers::allow_keys(page.headers_mut());
    page
}

/// What a form that asks for a key says to the script.
pub(crate) struct KeyForm {
    /// In base64url; nothing where keys are not used at this address.
    pub(crate) challenge: Option<String>,
    /// The name that keys are bound to.
    pub(crate) party: String,
    /// Where they are used.
    pub(crate) origin: String,
}

impl KeyForm {
    pub(crate) fn new(ask: &Ask, purpose: Purpose) -> Self {
        let keys = &ask.app.parts.settings.keys;
        let now = ask.app.parts.clock.now();
        let challenge = whose(ask)
            .filter(|_| ask.keys_here)
            .map(|whose| BASE64URL_NOPAD.encode(&ask.app.sessions.challenges.ask(whose, purpose, now)));
        Self { challenge, party: keys.id().to_owned(), origin: keys.origin().to_owned() }
    }
}

/// Whose browser it is: a session's or a visitor's.
fn whose(ask: &Ask) -> Option<[u8; 32]> {
    ask.seat.as_ref().map(Seat::whose).or_else(|| ask.visit.as_deref().map(id_of))
}

/// What this browser was asked, which is used up by it.
pub(crate) fn challenge(ask: &Ask, purpose: Purpose) -> Result<[u8; access::CHALLENGE_BYTES], Problem> {
    let now = ask.app.parts.clock.now();
    let taken = whose(ask).and_then(|whose| ask.app.sessions.challenges.take(whose, purpose, now));
    taken.ok_or(Problem::bad("key-late"))
}

/// The answer of a security key, as the browser's form brings it.
pub(crate) struct Answered {
    credential: Vec<u8>,
    client_data: Vec<u8>,
    authenticator_data: Vec<u8>,
    signature: Vec<u8>,
    user_handle: Vec<u8>,
}

impl Answered {
    pub(crate) fn of(ask: &Ask) -> Result<Self, Problem> {
        Ok(Self {
            credential: bytes(ask, "credential")?,
            client_data: bytes(ask, "client_data")?,
            authenticator_data: bytes(ask, "authenticator_data")?,
            signature: bytes(ask, "signature")?,
            // A key that does not say whose it is says so with nothing.
            user_handle: bytes(ask, "user_handle").unwrap_or_default(),
        })
    }

    pub(crate) fn assertion(&self) -> Assertion<'_> {
        Assertion {
            credential: &self.credential,
            client_data: &self.client_data,
            authenticator_data: &self.authenticator_data,
            signature: &self.signature,
            user_handle: &self.user_handle,
        }
    }
}

/// A field of bytes, in base64url without padding.
pub(crate) fn bytes(ask: &Ask, name: &str) -> Result<Vec<u8>, Problem> {
    let unreadable = || Problem::bad("unreadable");
    let text = ask.form.get(name).ok_or_else(unreadable)?;
    BASE64URL_NOPAD.decode(text.as_bytes()).map_err(|_| unreadable())
}
