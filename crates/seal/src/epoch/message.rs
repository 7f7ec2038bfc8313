//! The messages of key generation, each in one form.

use minicbor::Encoder;
use model::Sensitive;
use zeroize::Zeroizing;

use crate::Error;
use crate::cbor::{Reader, VECTOR, same};

const VERSION: u64 = 1;
pub(super) const CONTRIBUTION_BYTES: usize = 32;

/// A member's random bytes for the ML-KEM seed.
pub(super) type Contribution = Zeroizing<[u8; CONTRIBUTION_BYTES]>;

/// Round 1, to everybody.
pub(super) struct Broadcast {
    pub(super) plan: [u8; 32],
    pub(super) index: u16,
    pub(super) package: Vec<u8>,
    pub(super) commitment: [u8; 32],
}

impl Broadcast {
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut out = Encoder::new(&mut bytes);
        out.array(5)
            .and_then(|out| out.u64(VERSION)?.bytes(&self.plan)?.u16(self.index))
            .and_then(|out| out.bytes(&self.package)?.bytes(&self.commitment))
            .expect(VECTOR);
        bytes
    }

    pub(super) fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        const WHAT: &str = "broadcast of round 1";
        let mut input = Reader::new(bytes, WHAT);
        input.versioned_array(5, VERSION)?;
        let plan = input.fixed()?;
        let index = input.u16()?;
        let broadcast = Self { plan, index, package: input.bytes()?.to_vec(), commitment: input.fixed()? };
        same(&broadcast.to_bytes(), bytes, WHAT)?;
        Ok(broadcast)
    }
}

/// Round 2, to one member.
pub(super) struct Message {
    pub(super) plan: [u8; 32],
    pub(super) from: u16,
    pub(super) to: u16,
    pub(super) package: Sensitive<Vec<u8>>,
    pub(super) contribution: Contribution,
}

impl Message {
    pub(super) fn to_bytes(&self) -> Sensitive<Vec<u8>> {
        let mut bytes = Vec::with_capacity(128 + self.package.expose().len());
        let mut out = Encoder::new(&mut bytes);
        out.array(6)
            .and_then(|out| out.u64(VERSION)?.bytes(&self.plan)?.u16(self.from)?.u16(self.to))
            .and_then(|out| out.bytes(self.package.expose())?.bytes(&*self.contribution))
            .expect(VECTOR);
        Sensitive::new(bytes)
    }

    pub(super) fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        const WHAT: &str = "private message of round 2";
        let mut input = Reader::new(bytes, WHAT);
        input.versioned_array(6, VERSION)?;
        let plan = input.fixed()?;
        let (from, to) = (input.u16()?, input.u16()?);
        let package = Sensitive::new(input.bytes()?.to_vec());
        let message = Self { plan, from, to, package, contribution: Zeroizing::new(input.fixed()?) };
        same(message.to_bytes().expose(), bytes, WHAT)?;
        Ok(message)
    }
}
