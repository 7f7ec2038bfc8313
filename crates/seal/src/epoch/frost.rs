//! To and from the types of `frost-ristretto255`.

use curve25519_dalek::RistrettoPoint;
use frost_ristretto255::keys::{KeyPackage, PublicKeyPackage, SigningShare, VerifyingShare};
use frost_ristretto255::{Identifier, VerifyingKey};

use super::{EpochPublic, KeyShare};
use crate::Error;
use crate::group::point;

/// A share as `frost-ristretto255` has it.
pub(super) fn key_package(epoch: &EpochPublic, share: &KeyShare) -> Result<KeyPackage, Error> {
    let wrong = |_| stop("the share is no scalar", None);
    let signing = SigningShare::deserialize(share.secret().as_bytes()).map_err(wrong)?;
    let verifying = VerifyingShare::deserialize(share.verification()).map_err(wrong)?;
    Ok(KeyPackage::new(identifier(share.index())?, signing, verifying, verifying_key(epoch)?, epoch.threshold))
}

/// The public half of an epoch as `frost-ristretto255` has it.
pub(super) fn public_package(epoch: &EpochPublic) -> Result<PublicKeyPackage, Error> {
    let share = |(index, member): (&u16, &super::Member)| {
        let share = VerifyingShare::deserialize(&member.verification_bytes);
        Ok((identifier(*index)?, share.map_err(|_| stop("a key is no point", Some(*index)))?))
    };
    let shares = epoch.members.iter().map(share).collect::<Result<_, Error>>()?;
    Ok(PublicKeyPackage::new(shares, verifying_key(epoch)?, Some(epoch.threshold)))
}

fn verifying_key(epoch: &EpochPublic) -> Result<VerifyingKey, Error> {
    VerifyingKey::deserialize(epoch.group_key.compress().as_bytes()).map_err(|_| stop("a key is no point", None))
}

pub(super) fn identifier(index: u16) -> Result<Identifier, Error> {
    Identifier::try_from(index).map_err(|_| stop("0 is no member's index", None))
}

/// The index that an identifier was made of: a scalar, least significant byte first.
pub(super) fn index_of(identifier: &Identifier) -> u16 {
    let bytes = identifier.serialize();
    u16::from_le_bytes([bytes[0], bytes[1]])
}

pub(super) fn element<E>(bytes: Result<Vec<u8>, E>) -> Result<RistrettoPoint, Error> {
    let bytes: Option<[u8; 32]> = bytes.ok().and_then(|bytes| bytes.try_into().ok());
    bytes.and_then(|bytes| point(&bytes)).ok_or(stop("a key is no point", None))
}

pub(super) const fn stop(why: &'static str, culprit: Option<u16>) -> Error {
    Error::KeyGeneration { why, culprit }
}

pub(super) fn blame(error: &frost_ristretto255::Error, why: &'static str) -> Error {
    stop(why, error.culprits().first().map(index_of))
}
