//! What a member says to all others in the first round, signed.

use ed25519_dalek::{Signature, VerifyingKey};
use minicbor::{Decoder, Encoder};
use seal::Plan;

use crate::sshsig;
use crate::{Error, Unlocked};

/// What it is signed for.
const NAMESPACE: &str = "ceremony@lanthorn";
const VERSION: u64 = 1;

/// A member's broadcast, and the key that messages to them are encrypted to; signed by them.
pub(super) struct Announcement {
    pub(super) broadcast: Vec<u8>,
    pub(super) recipient: String,
}

impl Announcement {
    /// What is signed: the plan, the broadcast, and the key that messages are to be encrypted to.
    fn statement(&self, plan: &Plan) -> Option<Vec<u8>> {
        let mut bytes = Vec::new();
        Encoder::new(&mut bytes)
            .array(3)
            .ok()?
            .bytes(&plan.to_bytes())
            .ok()?
            .bytes(&self.broadcast)
            .ok()?
            .str(&self.recipient)
            .ok()?;
        Some(bytes)
    }

    pub(super) fn sign(&self, plan: &Plan, unlocked: &Unlocked) -> Result<Vec<u8>, Error> {
        let wrong = || Error::Malformed { what: "the announcement" };
        let statement = self.statement(plan).ok_or_else(wrong)?;
        let signature = sshsig::sign(NAMESPACE, &statement, unlocked.signing_key()).to_bytes();
        let mut bytes = Vec::new();
        let mut out = Encoder::new(&mut bytes);
        let written = out
            .array(4)
            .and_then(|out| out.u64(VERSION)?.bytes(&self.broadcast)?.str(&self.recipient)?.bytes(&signature));
        written.map_err(|_| wrong())?;
        Ok(bytes)
    }

    pub(super) fn read(bytes: &[u8], plan: &Plan, key: &VerifyingKey) -> Option<Self> {
        let mut input = Decoder::new(bytes);
        if input.array().ok()? != Some(4) || input.u64().ok()? != VERSION {
            return None;
        }
        let announcement = Self { broadcast: input.bytes().ok()?.to_vec(), recipient: input.str().ok()?.to_owned() };
        let signature = Signature::from_slice(input.bytes().ok()?).ok()?;
        let good = input.position() == bytes.len()
            && sshsig::verifies(NAMESPACE, &announcement.statement(plan)?, &signature, key);
        good.then_some(announcement)
    }
}
