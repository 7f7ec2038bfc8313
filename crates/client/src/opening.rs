//! The requester's side: combine enough answers, open, check against the log's commitment.

use std::collections::BTreeMap;

use ed25519_dalek::VerifyingKey;
use model::{PersonId, Sensitive, Timestamp};
use page::FetchedPage;
use seal::{Blame, Commitments, EpochPublic, FileKey, Header, combine};

use crate::answer::Answer;
use crate::{Error, Logged, Unlocked};
use seal::sshsig::{self, GRANT_NAMESPACE};

/// An opened original, in memory of the requester's machine. Wiped when dropped.
pub struct Opened {
    header: Header,
    key: FileKey,
    record: Sensitive<Vec<u8>>,
    blamed: Vec<Blame>,
    approved_by: Vec<PersonId>,
    approvals: Vec<Approved>,
}

/// A supervisor's approval as others can check it.
#[derive(Clone, Debug)]
pub struct Approved {
    /// Who approved.
    pub person: PersonId,
    /// The signature file over the grant, for `ssh-keygen -Y verify`.
    pub signature: String,
    /// The person's line of an `allowed_signers` file.
    pub signer: String,
}

impl Opened {
    /// Combines the answers to a grant that stands in the log, and opens the original.
    ///
    /// Answers whose signature is not a trusted supervisor's are not used.
    ///
    /// # Errors
    /// A refusal that names its rule; too few good answers; an original that is not the one the log committed to.
    #[expect(clippy::too_many_arguments, reason = "everything that an opening is checked against, once, here")]
    pub fn combine(
        logged: &Logged,
        header: &[u8],
        payload: &[u8],
        answers: &[Vec<u8>],
        supervisors: &BTreeMap<PersonId, VerifyingKey>,
        epoch: &EpochPublic,
        expected: &Commitments,
        unlocked: &Unlocked,
        now: Timestamp,
    ) -> Result<Self, Error> {
        let grant = &logged.grant;
        if now > grant.not_after {
            return Err(Error::Expired);
        }
        if unlocked.identity().to_public().to_string() != grant.recipient {
            return Err(Error::OtherRecipient);
        }
        let header = Header::parse(header)?;
        if header.hash() != grant.header_hash {
            return Err(Error::OtherHeader);
        }
        let proven = header.verify()?;
        let mut approved_by = Vec::new();
        let mut approvals = Vec::new();
        let mut contributions = Vec::new();
        for file in answers {
            // What cannot be read counts as no answer: nobody who writes rubbish keeps the others from answering.
            let Ok(answer) = Answer::unlock(file, unlocked.identity()) else { continue };
            let Some(key) = supervisors.get(&answer.supervisor).filter(|key| answer.is_signed_by(key, grant)) else {
                continue;
            };
            approvals.push(Approved {
                signature: sshsig::armoured(GRANT_NAMESPACE, &answer.signature, key),
                signer: sshsig::allowed_signer(GRANT_NAMESPACE, &answer.supervisor, key),
                person: answer.supervisor.clone(),
            });
            approved_by.push(answer.supervisor);
            contributions.push(answer.contribution);
        }
        let combined = combine(epoch, &proven, &grant.hash()?, &contributions)?;
        let record = seal::open(&header, payload, &combined.key, expected)?;
        Ok(Self { key: combined.key, blamed: combined.blamed, record, approved_by, approvals, header })
    }

    /// The capture record's bytes.
    #[must_use]
    pub const fn record(&self) -> &Sensitive<Vec<u8>> {
        &self.record
    }

    /// The page inside.
    ///
    /// # Errors
    /// When the record is not of a known version.
    pub fn page(&self) -> Result<FetchedPage, Error> {
        Ok(FetchedPage::decode(self.record.expose())?)
    }

    /// Supervisors whose part did not hold: to be shown and logged, although the original opened.
    #[must_use]
    pub fn blamed(&self) -> &[Blame] {
        &self.blamed
    }

    /// The supervisors whose signed approvals were used.
    #[must_use]
    pub fn approved_by(&self) -> &[PersonId] {
        &self.approved_by
    }

    /// Their approvals as files that stock `ssh-keygen` checks.
    #[must_use]
    pub fn approvals(&self) -> &[Approved] {
        &self.approvals
    }

    /// The same original as an age file for one recipient: a new header, the payload byte for byte.
    ///
    /// # Errors
    /// When the recipient is no age public key, or the payload is not what was sealed.
    pub fn disclose(&self, payload: &[u8], expected: &Commitments, recipient: &str) -> Result<Vec<u8>, Error> {
        let to: age::x25519::Recipient =
            recipient.parse().map_err(|_| Error::Malformed { what: "the recipient's age key" })?;
        Ok(seal::disclose(&self.header, payload, &self.key, expected, &to)?)
    }
}

impl std::fmt::Debug for Opened {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Opened({} approvals, {} blamed)", self.approved_by.len(), self.blamed.len())
    }
}
