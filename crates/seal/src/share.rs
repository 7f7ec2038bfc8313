//! Decryption shares: made by one supervisor for one header under one grant, checked by anybody, combined by the requester.

use std::collections::BTreeMap;
use std::fmt;

use curve25519_dalek::RistrettoPoint;
use curve25519_dalek::constants::{RISTRETTO_BASEPOINT_POINT, RISTRETTO_BASEPOINT_TABLE};
use curve25519_dalek::scalar::Scalar;
use curve25519_dalek::traits::{Identity as _, VartimeMultiscalarMul as _};
use rand::{CryptoRng, RngCore};
use zeroize::Zeroizing;

use crate::error::{Blame, Fault};
use crate::file_key::Legs;
use crate::group::{hash_to_scalar, lagrange, point, scalar};
use crate::{EpochPublic, Error, FileKey, Header, KeyShare, MlKemSecret, ProvenHeader};

/// Bytes of a share.
pub const SHARE_BYTES: usize = 99;

const WHAT: &str = "decryption share";
const VERSION: u8 = 1;
const DOMAIN: &str = "lanthorn 2026-11 tdh2 share";

/// The hash of the grant that a share is made under.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GrantHash(pub [u8; 32]);

/// One supervisor's part in opening one original, with the proof of who made it and under which grant.
#[derive(Clone, PartialEq, Eq)]
pub struct DecryptionShare {
    index: u16,
    u_i: [u8; 32],
    e: Scalar,
    f: Scalar,
}

/// What a supervisor sends to the requester: a share, and the ML-KEM secret of this one header.
#[derive(Clone, Debug)]
pub struct Contribution {
    /// The share.
    pub share: DecryptionShare,
    /// What ML-KEM put into this header's ciphertext.
    pub secret: MlKemSecret,
}

/// A file key that enough contributions gave, and the supervisors whose contributions did not hold.
#[derive(Debug)]
pub struct Combined {
    /// The key.
    pub key: FileKey,
    /// Who sent something that does not hold: to be shown and logged, even though the original opens.
    pub blamed: Vec<Blame>,
}

impl DecryptionShare {
    /// The index of the supervisor who made it, or whom it names.
    #[must_use]
    pub const fn index(&self) -> u16 {
        self.index
    }

    /// Its 99 bytes.
    #[must_use]
    pub fn to_bytes(&self) -> [u8; SHARE_BYTES] {
        let mut bytes = [VERSION; SHARE_BYTES];
        bytes[1..3].copy_from_slice(&self.index.to_be_bytes());
        bytes[3..35].copy_from_slice(&self.u_i);
        bytes[35..67].copy_from_slice(self.e.as_bytes());
        bytes[67..].copy_from_slice(self.f.as_bytes());
        bytes
    }

    /// Reads a share.
    ///
    /// # Errors
    /// If the bytes are of another length or version, or hold a scalar that is not reduced.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        let malformed = |why| Error::Malformed { what: WHAT, why };
        if let Some(found) = bytes.first().copied().filter(|version| *version != VERSION) {
            return Err(Error::Version { what: WHAT, found: u64::from(found), known: u64::from(VERSION) });
        }
        let bytes: &[u8; SHARE_BYTES] = bytes.try_into().map_err(|_| malformed("it is not of 99 bytes"))?;
        let word = |at: usize| -> [u8; 32] { bytes[at..at + 32].try_into().expect("a share has three words") };
        Ok(Self {
            index: u16::from_be_bytes([bytes[1], bytes[2]]),
            u_i: word(3),
            e: scalar(&word(35)).ok_or(malformed("a scalar is not reduced"))?,
            f: scalar(&word(67)).ok_or(malformed("a scalar is not reduced"))?,
        })
    }
}

/// Makes a supervisor's contribution to opening one original under one grant.
///
/// # Errors
/// If the header names another epoch than the key share.
pub fn make_share(
    header: &ProvenHeader<'_>,
    key: &KeyShare,
    grant: &GrantHash,
    rng: &mut (impl RngCore + CryptoRng),
) -> Result<Contribution, Error> {
    if header.label().epoch != key.epoch() {
        return Err(Error::OtherEpoch);
    }
    let u = header.u();
    let s = Zeroizing::new(Scalar::random(rng));
    let u_i = (u * key.secret()).compress().to_bytes();
    let a = (u * *s).compress().to_bytes();
    let b = (&*s * RISTRETTO_BASEPOINT_TABLE).compress().to_bytes();
    let statement = Statement { header: header.header().hash(), u: header.u_bytes(), grant, h_i: key.verification() };
    let e = statement.challenge(key.index(), &u_i, &a, &b);
    let f = *s + key.secret() * e;
    let secret = key.decapsulate(&header.header().stanza().ciphertext);
    Ok(Contribution { share: DecryptionShare { index: key.index(), u_i, e, f }, secret })
}

/// Checks that a share was made by the supervisor it names, for this header, under this grant.
///
/// # Errors
/// If not, with the supervisor it names.
pub fn verify_share(
    epoch: &EpochPublic,
    header: &ProvenHeader<'_>,
    grant: &GrantHash,
    share: &DecryptionShare,
) -> Result<(), Blame> {
    checked(epoch, header, header.header().hash(), grant, share).map(|_| ())
}

/// Checks every contribution, combines enough of those that hold, and unwraps the file key.
///
/// # Errors
/// If the header names another epoch, too few shares hold, or no ML-KEM secret fits.
pub fn combine(
    epoch: &EpochPublic,
    header: &ProvenHeader<'_>,
    grant: &GrantHash,
    contributions: &[Contribution],
) -> Result<Combined, Error> {
    if header.label().epoch != epoch.id() {
        return Err(Error::OtherEpoch);
    }
    let hash = header.header().hash();
    let (mut good, mut blamed) = (BTreeMap::new(), Vec::new());
    for contribution in contributions {
        match checked(epoch, header, hash, grant, &contribution.share) {
            Ok(u_i) => drop(good.insert(contribution.share.index, (u_i, &contribution.secret))),
            Err(blame) => blamed.push(blame),
        }
    }
    let needed = epoch.threshold();
    if good.len() < needed {
        return Err(Error::NotEnoughShares { good: good.len(), needed, blamed });
    }
    let shared = interpolate(good.iter().take(needed).map(|(index, (u_i, _))| (*index, *u_i)));
    let unwrap = |secret: &MlKemSecret| unwrap(header.header(), &shared, secret);
    let Some((right, key)) = good.values().find_map(|(_, secret)| unwrap(secret).map(|key| (*secret, key))) else {
        return Err(Error::NoSecretFits);
    };
    let wrong = good.iter().filter(|(_, (_, secret))| **secret != *right);
    blamed.extend(wrong.map(|(index, _)| Blame { index: *index, fault: Fault::WrongSecret }));
    Ok(Combined { key, blamed })
}

/// What a share's proof covers beside its own points.
struct Statement<'a> {
    header: [u8; 32],
    u: &'a [u8],
    grant: &'a GrantHash,
    h_i: &'a [u8; 32],
}

impl Statement<'_> {
    fn challenge(&self, index: u16, u_i: &[u8], a: &[u8], b: &[u8]) -> Scalar {
        let Self { header, u, grant, h_i } = self;
        hash_to_scalar(DOMAIN, &[&index.to_be_bytes(), &grant.0, header, u, u_i, *h_i, a, b])
    }
}

fn checked(
    epoch: &EpochPublic,
    header: &ProvenHeader<'_>,
    hash: [u8; 32],
    grant: &GrantHash,
    share: &DecryptionShare,
) -> Result<RistrettoPoint, Blame> {
    let blame = |fault| Blame { index: share.index, fault };
    let member = epoch.member(share.index).ok_or(blame(Fault::NotInRoster))?;
    let u_i = point(&share.u_i).ok_or(blame(Fault::BadProof))?;
    let coefficients = [share.f, -share.e];
    let a = RistrettoPoint::vartime_multiscalar_mul(coefficients, [*header.u(), u_i]);
    let b = RistrettoPoint::vartime_multiscalar_mul(coefficients, [RISTRETTO_BASEPOINT_POINT, *member.verification()]);
    let statement = Statement { header: hash, u: header.u_bytes(), grant, h_i: member.verification_bytes() };
    let expected = statement.challenge(share.index, &share.u_i, a.compress().as_bytes(), b.compress().as_bytes());
    if expected == share.e { Ok(u_i) } else { Err(blame(Fault::BadProof)) }
}

/// The shared secret, from as many points as the threshold. The group's secret itself never exists.
fn interpolate(points: impl Iterator<Item = (u16, RistrettoPoint)>) -> Zeroizing<[u8; 32]> {
    let points: Vec<_> = points.collect();
    let indices: Vec<_> = points.iter().map(|(index, _)| *index).collect();
    let mut sum = RistrettoPoint::identity();
    for (index, u_i) in &points {
        sum += u_i * lagrange(&indices, *index, 0);
    }
    Zeroizing::new(sum.compress().to_bytes())
}

fn unwrap(header: &Header, shared: &[u8; 32], secret: &MlKemSecret) -> Option<FileKey> {
    let stanza = header.stanza();
    let label = header.label().to_bytes();
    let legs = Legs { shared, secret, label: &label, u: &stanza.key_part[..32], ciphertext: &stanza.ciphertext };
    FileKey::unwrap(&stanza.wrapped, legs)
}

impl fmt::Debug for DecryptionShare {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "DecryptionShare(supervisor {}, {SHARE_BYTES} bytes)", self.index)
    }
}
