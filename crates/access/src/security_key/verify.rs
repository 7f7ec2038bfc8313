//! Sections 7.1 and 7.2 of W3C Web Authentication, Level 3, step by step. Steps that are the browser's own, or about what is
//! never asked for here, are left out; the numbers are those of the Candidate Recommendation.

use data_encoding::BASE64URL_NOPAD;
use ring::signature::{ECDSA_P256_SHA256_ASN1, UnparsedPublicKey};
use sha2::{Digest as _, Sha256};

use super::read::{AuthenticatorData, ClientData, PublicKey, unattested};
use super::{Assertion, CHALLENGE_BYTES, MAX_CREDENTIAL_BYTES, Refusal, Registration, RelyingParty};

/// Signatures: about 72 bytes in DER, 64 for Ed25519.
const MAX_SIGNATURE_BYTES: usize = 256;

/// A key that has just been made, and is nobody's yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewKey {
    /// Its identifier, chosen by the key.
    pub credential: Vec<u8>,
    /// What is known of it.
    pub known: KnownKey,
}

/// What a site remembers of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownKey {
    pub(super) public: PublicKey,
    /// The counter that it told last; 0 for keys that do not count.
    pub counter: u32,
    /// Whether it can be copied to other devices by its maker's service.
    pub backup_eligible: bool,
}

/// A key was used, and everything is as it should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asserted {
    /// The counter that it tells now.
    pub counter: u32,
}

impl KnownKey {
    /// COSE's number of the algorithm: -7 or -8.
    #[must_use]
    pub const fn algorithm(&self) -> i64 {
        match self.public {
            PublicKey::Es256(_) => -7,
            PublicKey::EdDsa(_) => -8,
        }
    }

    /// The public key: both coordinates for ES256, 32 bytes for EdDSA.
    #[must_use]
    pub const fn public_key(&self) -> &[u8] {
        match &self.public {
            PublicKey::Es256(point) => point,
            PublicKey::EdDsa(point) => point,
        }
    }

    /// The same again, as it was stored.
    pub(super) fn stored(algorithm: i64, public_key: &[u8], counter: u32, backup_eligible: bool) -> Option<Self> {
        let public = match algorithm {
            -7 => PublicKey::Es256(public_key.try_into().ok()?),
            -8 => PublicKey::EdDsa(public_key.try_into().ok()?),
            _ => return None,
        };
        Some(Self { public, counter, backup_eligible })
    }
}

/// Section 7.1: takes a key that answers this challenge.
///
/// # Errors
/// The step that failed.
pub fn register(
    party: &RelyingParty,
    challenge: &[u8; CHALLENGE_BYTES],
    registration: &Registration<'_>,
) -> Result<NewKey, Refusal> {
    client_data(party, challenge, "webauthn.create", registration.client_data)?; // steps 5 to 11
    // Step 12 is for attestations, which sign the hash of the client data; there is none. Step 13, 21 and 22:
    let data = AuthenticatorData::read(unattested(registration.attestation)?)?;
    flags(party, &data)?; // steps 14 to 17
    // Steps 18 and 19: keys that are backed up are taken, and it is told of them that they can be. Step 20:
    let attested = data.attested.as_ref().ok_or(Refusal::NoKey)?;
    if !is_good(&attested.key) {
        return Err(Refusal::PublicKey);
    }
    // Steps 23 and 24 are about attestations. Step 25 was kept where the identifier was read; step 26 is the database's.
    Ok(NewKey {
        credential: attested.credential.to_vec(),
        known: KnownKey { public: attested.key, counter: data.counter, backup_eligible: data.backup_eligible() },
    })
}

/// Section 7.2: whether a known key answers this challenge. That it is this person's key and handle (step 6) was looked at
/// before.
///
/// # Errors
/// The step that failed.
pub fn assert(
    party: &RelyingParty,
    challenge: &[u8; CHALLENGE_BYTES],
    assertion: &Assertion<'_>,
    known: &KnownKey,
) -> Result<Asserted, Refusal> {
    client_data(party, challenge, "webauthn.get", assertion.client_data)?; // steps 8 to 14
    let data = AuthenticatorData::read(assertion.authenticator_data)?;
    flags(party, &data)?; // steps 15 to 18
    // Step 19.
    if data.backup_eligible() != known.backup_eligible {
        return Err(Refusal::BackupEligibility);
    }
    // An assertion makes no key (section 6.1: the flag is for attestations alone).
    if data.attested.is_some() {
        return Err(Refusal::AuthenticatorData);
    }
    // Steps 20 and 21.
    let hash = Sha256::digest(assertion.client_data);
    let signed = [assertion.authenticator_data, &hash].concat();
    signature_fits(&known.public, &signed, assertion.signature)?;
    // Step 22: a key that counts, or did so earlier, counts on.
    if (data.counter != 0 || known.counter != 0) && data.counter <= known.counter {
        return Err(Refusal::Counter);
    }
    // Step 23: no extension was asked for. Step 24 is the database's.
    Ok(Asserted { counter: data.counter })
}

/// Section 7.1, steps 5 to 11; section 7.2, steps 8 to 14.
fn client_data(
    party: &RelyingParty,
    challenge: &[u8; CHALLENGE_BYTES],
    ceremony: &str,
    bytes: &[u8],
) -> Result<(), Refusal> {
    let said = ClientData::read(bytes)?;
    if said.ceremony != ceremony {
        return Err(Refusal::Ceremony);
    }
    // What is compared is no secret of ours any more: the browser has shown it. It was used up before anything was compared.
    if said.challenge != BASE64URL_NOPAD.encode(challenge) {
        return Err(Refusal::Challenge);
    }
    if said.origin != party.origin() {
        return Err(Refusal::Origin);
    }
    if said.cross_origin == Some(true) {
        return Err(Refusal::CrossOrigin);
    }
    if said.top_origin.is_some() {
        return Err(Refusal::TopOrigin);
    }
    Ok(())
}

/// Section 7.1, steps 14 to 17; section 7.2, steps 15 to 18.
fn flags(party: &RelyingParty, data: &AuthenticatorData<'_>) -> Result<(), Refusal> {
    if data.rp_id_hash != Sha256::digest(party.id()).as_slice() {
        return Err(Refusal::RpIdHash);
    }
    if !data.user_present() {
        return Err(Refusal::UserPresence);
    }
    if !data.user_verified() {
        return Err(Refusal::UserVerification);
    }
    if data.backed_up() && !data.backup_eligible() {
        return Err(Refusal::BackupFlags);
    }
    Ok(())
}

/// Section 5.8.5: whether it is a point of its curve, and not one of so small an order that anybody's signature would fit.
fn is_good(key: &PublicKey) -> bool {
    match key {
        PublicKey::Es256(point) => p256::PublicKey::from_sec1_bytes(&uncompressed(point)).is_ok(),
        PublicKey::EdDsa(point) => ed25519_dalek::VerifyingKey::from_bytes(point).is_ok_and(|key| !key.is_weak()),
    }
}

/// SEC 1, section 2.3.3: a point that is written in full begins with 4.
fn uncompressed(point: &[u8; 64]) -> [u8; 65] {
    let mut whole = [4; 65];
    whole[1..].copy_from_slice(point);
    whole
}

/// Section 6.5.5: ES256 signatures are in DER, EdDSA signatures are 64 bytes.
fn signature_fits(key: &PublicKey, signed: &[u8], signature: &[u8]) -> Result<(), Refusal> {
    if signature.len() > MAX_SIGNATURE_BYTES {
        return Err(Refusal::TooLong);
    }
    let fits = match key {
        PublicKey::Es256(point) => {
            UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, uncompressed(point)).verify(signed, signature).is_ok()
        }
        PublicKey::EdDsa(point) => ed25519_dalek::VerifyingKey::from_bytes(point).is_ok_and(|key| {
            ed25519_dalek::Signature::from_slice(signature)
                .is_ok_and(|signature| key.verify_strict(signed, &signature).is_ok())
        }),
    };
    if fits { Ok(()) } else { Err(Refusal::Signature) }
}

/// Whether an identifier can be one at all.
pub(super) const fn can_be_a_credential(bytes: &[u8]) -> bool {
    !bytes.is_empty() && bytes.len() <= MAX_CREDENTIAL_BYTES
}
