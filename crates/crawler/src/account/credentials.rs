//! User name and password: in memory while a crawl needs them, encrypted everywhere else.

use std::fmt;
use std::io::{Read as _, Write as _};
use std::iter;
use std::str::FromStr as _;

use age::secrecy::ExposeSecret as _;
use model::Sensitive;
use zeroize::Zeroizing;

use crate::Error;

/// Bytes of a user name or a password.
const MAX_SECRET_BYTES: usize = 512;

/// What an operator typed.
pub struct Typed {
    /// The user name.
    pub user: Sensitive<String>,
    /// The password.
    pub password: Sensitive<String>,
}

impl Typed {
    /// What stands against using it for the account of that label.
    pub(crate) fn fault(&self, label: &str) -> Option<&'static str> {
        let (user, password) = (self.user.expose(), self.password.expose());
        let lawful = |text: &str| text.len() <= MAX_SECRET_BYTES && !text.chars().any(char::is_control);
        if user.is_empty() || password.is_empty() {
            return Some("user name and password are both needed, each on a line of its own");
        }
        if !lawful(user) || !lawful(password) {
            return Some("user name and password have at most 512 bytes each, and no control characters");
        }
        // The label stands in logs and records, where the user name must never be.
        label.eq_ignore_ascii_case(user).then_some(
            "the label of the account in the authorisation is its user name, which must stand in no record: have it called something else",
        )
    }
}

/// User name, password, and the only host that they are for. `Debug` prints nothing of them.
pub(crate) struct Credentials {
    pub(crate) host: String,
    pub(crate) user: Sensitive<String>,
    pub(crate) password: Sensitive<String>,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Credentials")
    }
}

/// Encrypts what was typed to the key of a case; `host` goes with it, and the secrets to no other.
pub(crate) fn seal(recipient: &str, host: &str, typed: &Typed) -> Result<Vec<u8>, Error> {
    let wrong = |_| Error::Account("the key of the case for accounts is none");
    let recipient = age::x25519::Recipient::from_str(recipient).map_err(wrong)?;
    let failed = |_| Error::Account("what was typed could not be encrypted");
    let recipients = iter::once(&recipient as &dyn age::Recipient);
    let encryptor = age::Encryptor::with_recipients(recipients).map_err(|_| failed(()))?;
    let plain = Zeroizing::new(format!("{host}\n{}\n{}", typed.user.expose(), typed.password.expose()).into_bytes());
    let mut sealed = Vec::new();
    let mut writer = encryptor.wrap_output(&mut sealed).map_err(|_| failed(()))?;
    writer.write_all(&plain).map_err(|_| failed(()))?;
    writer.finish().map_err(|_| failed(()))?;
    Ok(sealed)
}

/// The key of a case for accounts: its secret half, as the crawl process holds it.
pub(crate) struct AccountKey(age::x25519::Identity);

impl AccountKey {
    /// A new one.
    pub(crate) fn generate() -> Self {
        Self(age::x25519::Identity::generate())
    }

    /// Reads what [`to_text`](Self::to_text) wrote.
    pub(crate) fn parse(text: &[u8]) -> Option<Self> {
        age::x25519::Identity::from_str(std::str::from_utf8(text).ok()?).ok().map(Self)
    }

    /// The secret half, to be sealed.
    pub(crate) fn to_text(&self) -> Zeroizing<String> {
        Zeroizing::new(self.0.to_string().expose_secret().to_owned())
    }

    /// The public half.
    pub(crate) fn recipient(&self) -> String {
        self.0.to_public().to_string()
    }

    /// Opens what [`seal`] sealed to it.
    pub(crate) fn open(&self, sealed: &[u8]) -> Option<Credentials> {
        let decryptor = age::Decryptor::new_buffered(sealed).ok()?;
        let mut reader = decryptor.decrypt(iter::once(&self.0 as &dyn age::Identity)).ok()?;
        // Roomy at once: a vector that grows by itself would leave copies in freed memory.
        let mut plain = Zeroizing::new(Vec::with_capacity(4 * MAX_SECRET_BYTES));
        reader.read_to_end(&mut plain).ok()?;
        let mut lines = std::str::from_utf8(&plain).ok()?.splitn(3, '\n');
        let mut line = || lines.next().map(str::to_owned);
        Some(Credentials { host: line()?, user: Sensitive::new(line()?), password: Sensitive::new(line()?) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(user: &str, password: &str) -> Typed {
        Typed { user: Sensitive::new(user.to_owned()), password: Sensitive::new(password.to_owned()) }
    }

    #[test]
    fn what_is_typed_comes_back_under_the_key_of_the_case_alone() {
        let key = AccountKey::generate();
        let sealed = seal(&key.recipient(), "ads.example", &typed("reader seven", "a b\u{e9}c")).unwrap();
        let opened = AccountKey::parse(key.to_text().as_bytes()).unwrap().open(&sealed).unwrap();
        assert_eq!(
            (&*opened.host, &**opened.user.expose(), &**opened.password.expose()),
            ("ads.example", "reader seven", "a b\u{e9}c")
        );
        assert!(AccountKey::generate().open(&sealed).is_none());
        assert!(!sealed.windows(6).any(|part| part == b"reader"));
        assert_eq!(format!("{opened:?}"), "Credentials");
    }

    #[test]
    fn what_cannot_be_or_would_stand_in_records_is_refused() {
        assert_eq!(typed("reader.seven", "x").fault("reader-1"), None);
        for (user, password) in [("", "x"), ("x", ""), ("x\ny", "x"), ("Reader-1", "x")] {
            assert!(typed(user, password).fault("reader-1").is_some(), "{user}");
        }
        assert!(typed(&"x".repeat(513), "x").fault("reader-1").is_some());
    }
}
