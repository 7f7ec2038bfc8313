//! Passphrases: argon2id in PHC strings (RFC 9106; parameters after OWASP's password storage advice).

use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};

use crate::Error;

/// The fewest characters of a passphrase.
pub(crate) const LEAST_CHARS: usize = 12;

/// How much work one guess costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hardness {
    memory_kib: u32,
    passes: u32,
}

impl Hardness {
    /// 64 MiB and 3 passes: about a tenth of a second.
    #[must_use]
    pub const fn standard() -> Self {
        Self { memory_kib: 64 * 1024, passes: 3 }
    }

    /// As little as argon2 allows, so that tests spend their time elsewhere. Never for real people.
    #[must_use]
    pub const fn for_tests() -> Self {
        Self { memory_kib: 8, passes: 1 }
    }

    fn argon2(self) -> Result<Argon2<'static>, Error> {
        let params = Params::new(self.memory_kib, self.passes, 1, None).map_err(|error| Error::Hash(error.into()))?;
        Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
    }

    pub(crate) fn hash(
        self,
        passphrase: &str,
        rng: &mut (impl rand::CryptoRng + rand::RngCore),
    ) -> Result<String, Error> {
        if passphrase.chars().count() < LEAST_CHARS {
            return Err(Error::ShortPassphrase { least: LEAST_CHARS });
        }
        let salt = SaltString::generate(rng);
        Ok(self.argon2()?.hash_password(passphrase.as_bytes(), &salt).map_err(Error::Hash)?.to_string())
    }

    /// Spends the time of one check although there is nobody to check, so that names cannot be guessed by the clock.
    pub(crate) fn spend(self, passphrase: &str) {
        if let (Ok(argon2), Ok(salt)) = (self.argon2(), SaltString::from_b64("bm9ib2R5aXNoZXJl")) {
            let _ = argon2.hash_password(passphrase.as_bytes(), &salt);
        }
    }
}

/// Whether the passphrase belongs to the PHC string; the string carries its own parameters.
pub(crate) fn fits(passphrase: &str, phc: &str) -> bool {
    PasswordHash::new(phc).is_ok_and(|hash| Argon2::default().verify_password(passphrase.as_bytes(), &hash).is_ok())
}
