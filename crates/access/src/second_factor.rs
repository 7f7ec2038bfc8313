//! The second step of signing in: six digits of an authenticator program (TOTP, RFC 6238 with its customary parameters:
//! SHA-1, 30 seconds, six digits), each good once.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;

use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{ChaCha20Poly1305, Key, Nonce};
use hmac::{Hmac, Mac as _};
use model::{PersonId, Role, Timestamp};
use rand::{CryptoRng, RngCore};
use sha1::Sha1;
use store::Tx;
use zeroize::Zeroize as _;

use crate::{Error, Principal};

const STEP_SECS: i64 = 30;
const NONCE_BYTES: usize = 12;
/// RFC 4226 asks for 160 bits.
const SECRET_BYTES: usize = 20;
/// How long a secret that was shown may be confirmed.
const ENROLLING_MILLIS: i64 = 10 * 60 * 1_000;

/// What the secrets of authenticator programs lie encrypted under. The server's own; the crawl and the log never hold it.
pub struct SecondFactorKey(ChaCha20Poly1305);

impl SecondFactorKey {
    /// The key in a file, which is made when there is none. Its folder must be there, and nobody else may read it.
    ///
    /// # Errors
    /// When the file cannot be read or made, others can read it, or it has not 32 bytes.
    pub fn load_or_make(path: &Path, rng: &mut (impl CryptoRng + RngCore)) -> io::Result<Self> {
        let mut bytes = [0; 32];
        match fs::read(path) {
            Ok(found) => {
                if fs::metadata(path)?.permissions().mode() & 0o077 != 0 {
                    return Err(io::Error::new(io::ErrorKind::PermissionDenied, "others can read it: chmod 600"));
                }
                bytes = found.try_into().map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "not 32 bytes"))?;
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                rng.fill_bytes(&mut bytes);
                // Whole or absent: a server that is killed here must not find half a key the next time.
                let beside = path.with_extension("new");
                let _ = fs::remove_file(&beside);
                let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&beside)?;
                file.write_all(&bytes).and_then(|()| file.sync_all())?;
                fs::rename(&beside, path)?;
            }
            Err(error) => return Err(error),
        }
        Ok(Self(ChaCha20Poly1305::new(Key::from_slice(&bytes))))
    }

    fn seal(&self, person: &PersonId, secret: &[u8], rng: &mut (impl CryptoRng + RngCore)) -> Result<Vec<u8>, Error> {
        let mut sealed = vec![0; NONCE_BYTES];
        rng.fill_bytes(&mut sealed);
        let payload = Payload { msg: secret, aad: person.as_str().as_bytes() };
        let text = self.0.encrypt(Nonce::from_slice(&sealed), payload).map_err(|_| DAMAGED)?;
        sealed.extend(text);
        Ok(sealed)
    }

    fn open(&self, person: &PersonId, sealed: &[u8]) -> Result<Vec<u8>, Error> {
        let (nonce, text) = sealed.split_at_checked(NONCE_BYTES).ok_or(DAMAGED)?;
        let payload = Payload { msg: text, aad: person.as_str().as_bytes() };
        self.0.decrypt(Nonce::from_slice(nonce), payload).map_err(|_| DAMAGED)
    }
}

const DAMAGED: Error = Error::Row { table: "second_factors" };

/// What the right passphrase led to.
#[derive(Debug)]
pub enum SignedIn {
    /// The code was right, too.
    In(Principal),
    /// There is no second step yet: it has to be set up first.
    Enrol(Enrolling),
}

/// Somebody whose passphrase was right and who has yet to set up the second step. Nothing else can be done with it.
pub struct Enrolling {
    pub(crate) person: PersonId,
    pub(crate) role: Role,
    secret: [u8; SECRET_BYTES],
    until: Timestamp,
}

impl Enrolling {
    pub(crate) fn new(person: PersonId, role: Role, now: Timestamp, rng: &mut (impl CryptoRng + RngCore)) -> Self {
        let mut secret = [0; SECRET_BYTES];
        rng.fill_bytes(&mut secret);
        Self { person, role, secret, until: now.plus_millis(ENROLLING_MILLIS) }
    }

    /// Who.
    #[must_use]
    pub const fn person(&self) -> &PersonId {
        &self.person
    }

    /// The secret as authenticator programs take it: base32, in groups of four.
    #[must_use]
    pub fn secret(&self) -> String {
        let text = data_encoding::BASE32_NOPAD.encode(&self.secret);
        text.as_bytes().chunks(4).map(String::from_utf8_lossy).collect::<Vec<_>>().join(" ")
    }

    /// The same as an address that a program on the same machine opens (Key URI format of Google Authenticator).
    #[must_use]
    pub fn uri(&self, site: &str) -> String {
        let secret = data_encoding::BASE32_NOPAD.encode(&self.secret);
        format!("otpauth://totp/{site}:{}?secret={secret}&issuer={site}&algorithm=SHA1&digits=6&period=30", self.person)
    }

    /// Stores the secret, if `code` shows that the person's program has it.
    pub(crate) async fn confirm(
        &self,
        tx: &mut Tx,
        key: &SecondFactorKey,
        code: &str,
        now: Timestamp,
        rng: &mut (impl CryptoRng + RngCore + Send),
    ) -> Result<(), Error> {
        let step = step_of(&self.secret, code, now, 0).filter(|_| now < self.until).ok_or(Error::SignIn)?;
        let sealed = key.seal(&self.person, &self.secret, rng)?;
        // Two who hold the passphrase race: the first one wins, and the second learns that it is not alone.
        sqlx::query("INSERT INTO second_factors (person, secret_sealed, last_step, enrolled_at) VALUES (?, ?, ?, ?)")
            .bind(self.person.as_str())
            .bind(sealed)
            .bind(step)
            .bind(now.millis())
            .execute(&mut **tx)
            .await
            .map_err(|error| match &error {
                sqlx::Error::Database(cause) if cause.is_unique_violation() => Error::SignIn,
                _ => error.into(),
            })?;
        Ok(())
    }
}

impl Drop for Enrolling {
    fn drop(&mut self) {
        self.secret.zeroize();
    }
}

/// Prints who, not the secret.
impl std::fmt::Debug for Enrolling {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Enrolling({})", self.person)
    }
}

/// Whether a person has a second step.
pub(crate) async fn is_enrolled(tx: &mut Tx, person: &PersonId) -> Result<bool, Error> {
    let query = sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM second_factors WHERE person = ?)");
    Ok(query.bind(person.as_str()).fetch_one(&mut **tx).await?)
}

/// Uses a code up: true once for each.
pub(crate) async fn spend(
    tx: &mut Tx,
    key: &SecondFactorKey,
    person: &PersonId,
    code: &str,
    now: Timestamp,
) -> Result<bool, Error> {
    let row: Option<(Vec<u8>, i64)> =
        sqlx::query_as("SELECT secret_sealed, last_step FROM second_factors WHERE person = ?")
            .bind(person.as_str())
            .fetch_optional(&mut **tx)
            .await?;
    let Some((sealed, last)) = row else { return Ok(false) };
    let secret = key.open(person, &sealed)?;
    let Some(step) = step_of(&secret, code, now, last) else { return Ok(false) };
    let update = sqlx::query("UPDATE second_factors SET last_step = ? WHERE person = ?");
    update.bind(step).bind(person.as_str()).execute(&mut **tx).await?;
    Ok(true)
}

/// Takes a person's second step away.
pub(crate) async fn forget(tx: &mut Tx, person: &PersonId) -> Result<bool, Error> {
    let gone = sqlx::query("DELETE FROM second_factors WHERE person = ?").bind(person.as_str());
    Ok(gone.execute(&mut **tx).await?.rows_affected() > 0)
}

/// The step that a code belongs to: this one, or one beside it for clocks that differ; later than `last`.
fn step_of(secret: &[u8], code: &str, now: Timestamp, last: i64) -> Option<i64> {
    let code: String = code.chars().filter(|character| !character.is_whitespace()).collect();
    if code.len() != 6 || !code.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let here = now.secs().div_euclid(STEP_SECS);
    // All three are computed whatever comes, so that the time says nothing.
    let fits = [here - 1, here, here + 1].map(|step| (step, same(&digits(secret, step), &code)));
    fits.into_iter().find(|(step, fits)| *fits && *step > last).map(|(step, _)| step)
}

fn same(one: &str, other: &str) -> bool {
    one.bytes().zip(other.bytes()).fold(one.len() ^ other.len(), |sum, (a, b)| sum | usize::from(a ^ b)) == 0
}

/// RFC 4226, section 5.3, with the counter of RFC 6238.
fn digits(secret: &[u8], step: i64) -> String {
    let mut mac =
        <Hmac<Sha1> as hmac::Mac>::new_from_slice(secret).unwrap_or_else(|_| unreachable!("any length is a key"));
    mac.update(&step.to_be_bytes());
    let hash = mac.finalize().into_bytes();
    let at = usize::from(hash[19] & 0xf);
    let number = u32::from_be_bytes([hash[at] & 0x7f, hash[at + 1], hash[at + 2], hash[at + 3]]);
    format!("{:06}", number % 1_000_000)
}

/// The code of a moment: what tests and a demonstration type in a program's place.
///
/// ```
/// // RFC 6238, appendix B, the last six of its eight digits.
/// let secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
/// assert_eq!(access::code_at(secret, model::Timestamp::from_secs(1_111_111_109)), Some("081804".to_owned()));
/// ```
#[must_use]
pub fn code_at(secret: &str, now: Timestamp) -> Option<String> {
    let secret: String = secret.chars().filter(|character| !character.is_whitespace()).collect();
    let secret = data_encoding::BASE32_NOPAD.decode(secret.as_bytes()).ok()?;
    Some(digits(&secret, now.secs().div_euclid(STEP_SECS)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &[u8] = b"12345678901234567890";

    #[test]
    fn the_vectors_of_the_rfc_hold() {
        let vectors = [(59, "287082"), (1_111_111_111, "050471"), (1_234_567_890, "005924"), (2_000_000_000, "279037")];
        for (secs, code) in vectors {
            assert_eq!(digits(SECRET, secs / STEP_SECS), code);
        }
    }

    #[test]
    fn a_code_is_good_for_its_time_and_once() {
        let now = Timestamp::from_secs(1_234_567_890);
        let here = now.secs() / STEP_SECS;
        assert_eq!(step_of(SECRET, "005 924", now, 0), Some(here));
        assert_eq!(step_of(SECRET, "005924", now.plus_millis(30_000), 0), Some(here));
        assert_eq!(step_of(SECRET, "005924", now.plus_millis(90_000), 0), None);
        assert_eq!(step_of(SECRET, "005924", now, here), None);
        for wrong in ["", "00592", "0059244", "x05924", "٠٠٥٩٢٤"] {
            assert_eq!(step_of(SECRET, wrong, now, 0), None, "{wrong}");
        }
    }

    #[test]
    fn a_sealed_secret_opens_for_its_person_only() {
        let folder = tempfile::tempdir().unwrap();
        let mut rng = rand::rngs::OsRng;
        let path = folder.path().join("second-factor.key");
        let key = SecondFactorKey::load_or_make(&path, &mut rng).unwrap();
        let ivan: PersonId = "a.ivan".parse().unwrap();
        let sealed = key.seal(&ivan, SECRET, &mut rng).unwrap();
        assert!(!sealed.windows(8).any(|eight| eight == &SECRET[..8]));
        // What a kill left beside it is nobody's key.
        fs::write(path.with_extension("new"), b"half").unwrap();
        let again = SecondFactorKey::load_or_make(&path, &mut rng).unwrap();
        assert_eq!(again.open(&ivan, &sealed).unwrap(), SECRET);
        assert!(again.open(&"a.anna".parse().unwrap(), &sealed).is_err());
    }
}
