//! Epochs: whose keys originals are sealed to, and who signed that.

mod certificate;
mod frost;
mod generation;
mod key_share;
mod message;
mod one_process;
mod plan;
mod repair;

use std::collections::BTreeMap;
use std::fmt;

use curve25519_dalek::RistrettoPoint;
use curve25519_dalek::traits::Identity as _;
use ed25519_dalek::VerifyingKey;
use model::{EpochId, PersonId, Timestamp};

pub use certificate::{EpochBody, EpochCertificate, MAX_CERTIFICATE_BYTES};
pub use generation::{AwaitingBroadcasts, AwaitingMessages, Generated, PrivateMessages, begin};
pub use key_share::KeyShare;
pub use one_process::{Ceremony, ceremony, refresh};
pub use plan::{MAX_MEMBERS, MIN_THRESHOLD, Plan, Renewal};
pub use repair::{Helping, RepairPlan};

use crate::group::lagrange;
use crate::kem::PublicKey;

/// The public half of an epoch that all of its supervisors signed.
///
/// Only [`EpochCertificate::verify`] makes one, and a [`Sealer`](crate::Sealer) takes nothing else: a crawler cannot be
/// given a key that the supervisors did not make.
#[derive(Clone)]
pub struct EpochPublic {
    id: EpochId,
    generation: u32,
    body: [u8; 32],
    created: Timestamp,
    threshold: u16,
    group_key: RistrettoPoint,
    mlkem: PublicKey,
    members: BTreeMap<u16, Member>,
}

/// One supervisor in the roster of an epoch.
#[derive(Clone, PartialEq, Eq)]
pub struct Member {
    person: PersonId,
    signing: VerifyingKey,
    verification: RistrettoPoint,
    verification_bytes: [u8; 32],
}

impl EpochPublic {
    /// The epoch's id.
    #[must_use]
    pub const fn id(&self) -> EpochId {
        self.id
    }

    /// How often its shares were refreshed.
    #[must_use]
    pub const fn generation(&self) -> u32 {
        self.generation
    }

    /// The name of its certificate: the first 16 bytes of the body's hash, in hexadecimal. Two refreshes of the same shares
    /// have different ones; a first certificate's is the epoch's id.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        certificate::id_of(blake3::Hash::from_bytes(self.body)).to_string()
    }

    /// When its key was generated, or its shares were refreshed last.
    #[must_use]
    pub const fn created(&self) -> Timestamp {
        self.created
    }

    /// How many supervisors it takes to open an original.
    #[must_use]
    pub fn threshold(&self) -> usize {
        usize::from(self.threshold)
    }

    /// The supervisor of that index.
    #[must_use]
    pub fn member(&self, index: u16) -> Option<&Member> {
        self.members.get(&index)
    }

    /// All supervisors, by index.
    pub fn members(&self) -> impl ExactSizeIterator<Item = (u16, &Member)> {
        self.members.iter().map(|(index, member)| (*index, member))
    }

    pub(crate) const fn group_key(&self) -> &RistrettoPoint {
        &self.group_key
    }

    pub(crate) const fn mlkem(&self) -> &PublicKey {
        &self.mlkem
    }
}

impl Member {
    /// Who it is.
    #[must_use]
    pub const fn person(&self) -> &PersonId {
        &self.person
    }

    /// The key that this supervisor signs with.
    #[must_use]
    pub const fn signing(&self) -> &VerifyingKey {
        &self.signing
    }

    pub(crate) const fn verification(&self) -> &RistrettoPoint {
        &self.verification
    }

    pub(crate) const fn verification_bytes(&self) -> &[u8; 32] {
        &self.verification_bytes
    }
}

/// Whether the verification shares and the group key lie on one polynomial of degree `threshold - 1` in the exponent.
fn lie_on_one_polynomial(threshold: u16, group_key: &RistrettoPoint, members: &BTreeMap<u16, Member>) -> bool {
    let base: Vec<u16> = members.keys().copied().take(usize::from(threshold)).collect();
    let at = |x: u16| {
        let term = |index: &u16| members[index].verification * lagrange(&base, *index, x);
        base.iter().map(term).fold(RistrettoPoint::identity(), |sum, point| sum + point)
    };
    let others = members.iter().skip(base.len());
    at(0) == *group_key && others.fold(true, |all, (index, member)| all & (at(*index) == member.verification))
}

impl fmt::Debug for EpochPublic {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "EpochPublic({}, {} of {})", self.id, self.threshold, self.members.len())
    }
}

impl fmt::Debug for Member {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Member({})", self.person)
    }
}
