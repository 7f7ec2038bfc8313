//! The certificate of an epoch, signed by all of its supervisors.

use std::collections::BTreeMap;

use curve25519_dalek::RistrettoPoint;
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use minicbor::Encoder;
use model::{EpochId, PersonId, Timestamp};

use super::{EpochPublic, MAX_MEMBERS, Member, Plan, Renewal, lie_on_one_polynomial};
use crate::Error;
use crate::cbor::{Reader, VECTOR, same};
use crate::group::point;
use crate::kem::PublicKey;

/// More than this is no certificate.
pub const MAX_CERTIFICATE_BYTES: usize = 64 << 10;

const WHAT: &str = "epoch certificate";
const VERSION: u64 = 1;
const RENEWAL_VERSION: u64 = 2;
const SIGNED: &[u8] = b"lanthorn epoch certificate v1\n";

/// What the supervisors sign.
#[derive(Clone)]
pub struct EpochBody {
    pub(super) created: Timestamp,
    pub(super) threshold: u16,
    pub(super) group_key: RistrettoPoint,
    pub(super) mlkem: PublicKey,
    pub(super) members: BTreeMap<u16, Member>,
    pub(super) transcript: [u8; 32],
    pub(super) renews: Option<Renewal>,
}

/// A body and the signatures under it: as read, and not yet believed.
#[derive(Clone)]
pub struct EpochCertificate {
    body: Vec<u8>,
    signatures: BTreeMap<u16, Signature>,
}

impl EpochBody {
    /// The one form: CBOR with the keys 0 to 6, and 7 where it renews an epoch.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(1400 + self.members.len() * 120);
        self.write(&mut Encoder::new(&mut bytes)).expect(VECTOR);
        bytes
    }

    fn write(&self, out: &mut Encoder<&mut Vec<u8>>) -> Result<(), minicbor::encode::Error<std::convert::Infallible>> {
        match self.renews {
            None => out.map(7)?.u8(0)?.u64(VERSION)?,
            Some(_) => out.map(8)?.u8(0)?.u64(RENEWAL_VERSION)?,
        };
        out.u8(1)?.i64(self.created.millis())?;
        out.u8(2)?.u16(self.threshold)?;
        out.u8(3)?.bytes(self.group_key.compress().as_bytes())?;
        out.u8(4)?.bytes(&self.mlkem.to_bytes())?;
        out.u8(5)?.array(self.members.len() as u64)?;
        for (index, member) in &self.members {
            out.array(4)?.u16(*index)?.str(member.person.as_str())?;
            out.bytes(member.signing.as_bytes())?.bytes(&member.verification_bytes)?;
        }
        out.u8(6)?.bytes(&self.transcript)?;
        self.renews.map_or(Ok(()), |renewal| renewal.write(out.u8(7)?))
    }

    fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        let mut input = Reader::new(bytes, WHAT);
        let renewing = input.versioned_map_of([(7, VERSION), (8, RENEWAL_VERSION)])? == RENEWAL_VERSION;
        let created = Timestamp::from_millis(input.key(1)?.i64()?);
        let threshold = input.key(2)?.u16()?;
        let group_key = read_point(input.key(3)?)?;
        let mlkem = PublicKey::from_bytes(&input.key(4)?.fixed()?)?;
        let mut members = BTreeMap::new();
        for _ in 0..input.key(5)?.list(MAX_MEMBERS)? {
            input.array(4)?;
            members.insert(input.u16()?, read_member(&mut input)?);
        }
        let transcript = input.key(6)?.fixed()?;
        let renews = if renewing { Some(Renewal::read(input.key(7)?)?) } else { None };
        let body = Self { created, threshold, group_key, mlkem, members, transcript, renews };
        same(&body.to_bytes(), bytes, WHAT)?;
        body.plan().check(WHAT)?;
        Ok(body)
    }

    /// The plan that this body says it came from.
    pub(super) fn plan(&self) -> Plan {
        let members = self.members.iter().map(|(index, member)| (*index, (member.person.clone(), member.signing)));
        Plan { created: self.created, threshold: self.threshold, members: members.collect(), renews: self.renews }
    }

    /// The epoch's id: that of the first body, which every later one names.
    #[must_use]
    pub fn id(&self) -> EpochId {
        self.renews.map_or_else(|| id_of(blake3::hash(&self.to_bytes())), |renewal| renewal.epoch)
    }

    /// The name of the certificate that this body will have: the first 16 bytes of its hash, in hexadecimal.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        id_of(blake3::hash(&self.to_bytes())).to_string()
    }

    /// A supervisor's signature. Whoever signs says that these are the broadcasts and the keys that he or she has seen.
    #[must_use]
    pub fn sign(&self, key: &SigningKey) -> Signature {
        key.sign(&[SIGNED, &self.to_bytes()].concat())
    }

    /// The certificate with these signatures, by index.
    #[must_use]
    pub fn certify(&self, signatures: BTreeMap<u16, Signature>) -> EpochCertificate {
        EpochCertificate { body: self.to_bytes(), signatures }
    }
}

pub(super) fn id_of(body: blake3::Hash) -> EpochId {
    let mut id = [0; 16];
    id.copy_from_slice(&body.as_bytes()[..16]);
    EpochId::from_bytes(id)
}

fn read_point(input: &mut Reader<'_>) -> Result<RistrettoPoint, Error> {
    point(&input.fixed()?).ok_or_else(|| input.error("a key is no point"))
}

fn read_member(input: &mut Reader<'_>) -> Result<Member, Error> {
    let person = input.text()?.parse().map_err(|_| input.error("a supervisor is no person id"))?;
    let signing = VerifyingKey::from_bytes(&input.fixed()?).map_err(|_| input.error("a signing key is none"))?;
    let verification = read_point(input)?;
    Ok(Member { person, signing, verification, verification_bytes: verification.compress().to_bytes() })
}

impl EpochCertificate {
    /// The one form.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.body.len() + 16 + self.signatures.len() * 72);
        self.write(&mut Encoder::new(&mut bytes)).expect(VECTOR);
        bytes
    }

    fn write(&self, out: &mut Encoder<&mut Vec<u8>>) -> Result<(), minicbor::encode::Error<std::convert::Infallible>> {
        out.array(3)?.u64(VERSION)?.bytes(&self.body)?.array(self.signatures.len() as u64)?;
        for (index, signature) in &self.signatures {
            out.array(2)?.u16(*index)?.bytes(&signature.to_bytes())?;
        }
        Ok(())
    }

    /// Reads a certificate. It is not believed before [`verify`](Self::verify).
    ///
    /// # Errors
    /// If the bytes are no certificate of version 1.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        if bytes.len() > MAX_CERTIFICATE_BYTES {
            return Err(Error::TooLarge { what: WHAT, bytes: bytes.len(), limit: MAX_CERTIFICATE_BYTES });
        }
        let mut input = Reader::new(bytes, WHAT);
        input.versioned_array(3, VERSION)?;
        let body = input.bytes()?.to_vec();
        let mut signatures = BTreeMap::new();
        for _ in 0..input.list(MAX_MEMBERS)? {
            input.array(2)?;
            signatures.insert(input.u16()?, Signature::from_bytes(&input.fixed()?));
        }
        let certificate = Self { body, signatures };
        same(&certificate.to_bytes(), bytes, WHAT)?;
        Ok(certificate)
    }

    /// One certificate from those that each supervisor has signed alone. It is not believed before [`verify`](Self::verify).
    ///
    /// # Errors
    /// If they are not about the same body: then somebody was shown other broadcasts, or another plan.
    pub fn join(parts: &[Self]) -> Result<Self, Error> {
        let Some((first, others)) = parts.split_first() else {
            return Err(Error::Certificate("nobody has signed it"));
        };
        let mut joined = first.clone();
        for part in others {
            if part.body != joined.body {
                return Err(Error::Certificate(
                    "its supervisors did not sign the same keys: somebody was shown others",
                ));
            }
            joined.signatures.extend(&part.signatures);
        }
        Ok(joined)
    }

    /// The epoch and the generation that the certificate itself claims: to find what it has to be held against, never to be
    /// trusted.
    ///
    /// # Errors
    /// If the body is none.
    pub fn claims(&self) -> Result<(EpochId, u32), Error> {
        let body = EpochBody::from_bytes(&self.body)?;
        Ok((body.id(), body.renews.map_or(0, |renewal| renewal.generation)))
    }

    /// The persons and keys that the certificate itself claims: to be shown to a person, never to be trusted.
    ///
    /// # Errors
    /// If the body is none.
    pub fn claimed_roster(&self) -> Result<BTreeMap<PersonId, VerifyingKey>, Error> {
        Ok(EpochBody::from_bytes(&self.body)?.plan().trusted())
    }

    /// Believes the certificate if exactly the trusted supervisors are its roster and all of them signed it.
    ///
    /// # Errors
    /// If not, or its keys do not fit together.
    pub fn verify(&self, trusted: &BTreeMap<PersonId, VerifyingKey>) -> Result<EpochPublic, Error> {
        let body = EpochBody::from_bytes(&self.body)?;
        if body.renews.is_some() {
            return Err(Error::Certificate("it renews an epoch: take the certificates before it too"));
        }
        if body.plan().trusted() != *trusted {
            return Err(Error::Certificate("its roster is not the one of the trusted supervisors"));
        }
        self.signed(body)
    }

    /// Believes a certificate that renews an epoch: it must go on from the one before it, keep its keys and its threshold,
    /// and be signed by everybody who stays, who are at least as many as are needed to open an original.
    ///
    /// # Errors
    /// If not, or its keys do not fit together.
    pub fn renew(&self, previous: &EpochPublic) -> Result<EpochPublic, Error> {
        let body = EpochBody::from_bytes(&self.body)?;
        body.plan().fits(previous)?;
        if body.group_key != previous.group_key || body.mlkem.to_bytes() != previous.mlkem.to_bytes() {
            return Err(Error::Certificate("it renews an epoch and changes its keys"));
        }
        self.signed(body)
    }

    /// Believes the last of an epoch's certificates, oldest first, if exactly the trusted supervisors are its roster. Those
    /// before it are believed because each was signed by its own roster, and is named by the one after it.
    ///
    /// # Errors
    /// If there is none, or one of them does not hold.
    pub fn verify_chain(chain: &[Self], trusted: &BTreeMap<PersonId, VerifyingKey>) -> Result<EpochPublic, Error> {
        let Some((first, later)) = chain.split_first() else {
            return Err(Error::Certificate("there is none"));
        };
        let first = first.verify(&first.claimed_roster()?)?;
        let last = later.iter().try_fold(first, |previous, next| next.renew(&previous))?;
        let roster: BTreeMap<_, _> =
            last.members.values().map(|member| (member.person.clone(), member.signing)).collect();
        if roster == *trusted {
            Ok(last)
        } else {
            Err(Error::Certificate("its roster is not the one of the trusted supervisors"))
        }
    }

    /// Everybody in the body's roster has signed it, nobody else has, and its shares belong together.
    fn signed(&self, body: EpochBody) -> Result<EpochPublic, Error> {
        if !self.signatures.keys().eq(body.members.keys()) {
            return Err(Error::Certificate("it is not signed by all supervisors of its roster, and by nobody else"));
        }
        let message = [SIGNED, &self.body].concat();
        for (index, signature) in &self.signatures {
            if body.members[index].signing.verify_strict(&message, signature).is_err() {
                return Err(Error::Certificate("a supervisor's signature does not hold"));
            }
        }
        if !lie_on_one_polynomial(body.threshold, &body.group_key, &body.members) {
            return Err(Error::Certificate("its verification shares do not belong to its group key"));
        }
        let hash = blake3::hash(&self.body);
        let (id, generation) = body.renews.map_or_else(|| (id_of(hash), 0), |it| (it.epoch, it.generation));
        let EpochBody { created, threshold, group_key, mlkem, members, .. } = body;
        Ok(EpochPublic { id, generation, body: *hash.as_bytes(), created, threshold, group_key, mlkem, members })
    }
}

impl std::fmt::Debug for EpochBody {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "EpochBody({} of {})", self.threshold, self.members.len())
    }
}

impl std::fmt::Debug for EpochCertificate {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "EpochCertificate({} signatures)", self.signatures.len())
    }
}
