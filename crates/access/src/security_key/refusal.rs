//! Why a key is not taken: one refusal for each step that can fail.

/// What is wrong with what a browser handed over. The steps are those of W3C Web Authentication, Level 3: section 7.1 for a
/// key that is being made, section 7.2 for one that is being used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// A field is longer than anything a browser sends.
    #[error("a field is too long")]
    TooLong,
    /// 7.1 steps 5 and 6, 7.2 steps 8 and 9: the client data cannot be read.
    #[error("the client data is not JSON of the known form")]
    ClientData,
    /// 7.1 step 7, 7.2 step 10: made for the other ceremony.
    #[error("the client data is of another ceremony")]
    Ceremony,
    /// 7.1 step 8, 7.2 step 11: an answer to something else, or to nothing that was asked.
    #[error("the challenge is not the one that was asked")]
    Challenge,
    /// 7.1 step 9, 7.2 step 12: signed for a page of somebody else.
    #[error("the origin is not this site's")]
    Origin,
    /// 7.1 step 10, 7.2 step 13: inside a page of another origin.
    #[error("it was made inside a page of another origin")]
    CrossOrigin,
    /// 7.1 step 11, 7.2 step 14: another origin around ours.
    #[error("another page stood around it")]
    TopOrigin,
    /// 7.1 step 13: the attestation object is no CBOR of that form, or something follows it.
    #[error("the attestation object cannot be read")]
    AttestationObject,
    /// Section 6.1: authenticator data that is cut short, or has something after its end.
    #[error("the authenticator data cannot be read")]
    AuthenticatorData,
    /// 7.1 step 14, 7.2 step 15: a key of another site.
    #[error("the key belongs to another site")]
    RpIdHash,
    /// 7.1 step 15, 7.2 step 16: nobody touched it.
    #[error("nobody was present")]
    UserPresence,
    /// 7.1 step 16, 7.2 step 17: no PIN and no finger.
    #[error("the key did not verify who uses it")]
    UserVerification,
    /// 7.1 step 17, 7.2 step 18: backed up, and not to be backed up.
    #[error("the flags contradict one another")]
    BackupFlags,
    /// 7.2 step 19: a key changes whether it can be backed up never.
    #[error("whether the key can be backed up has changed")]
    BackupEligibility,
    /// Section 6.5.1: there is no key in what a key was to be made of.
    #[error("there is no key in it")]
    NoKey,
    /// 7.1 step 20: another algorithm, or parameters of another one.
    #[error("the key's algorithm is neither ES256 nor EdDSA")]
    Algorithm,
    /// Section 5.8.5: the key is no point of its curve, or one that anybody could sign with.
    #[error("the public key is not a good one")]
    PublicKey,
    /// 7.1 step 21: a format that was not asked for.
    #[error("the attestation is not of the format `none`")]
    AttestationFormat,
    /// 7.1 step 22: format `none` has an empty statement (section 8.7).
    #[error("the attestation of format `none` says something")]
    AttestationStatement,
    /// 7.1 step 25: the identifier's length.
    #[error("the key's identifier is empty or too long")]
    CredentialLength,
    /// 7.1 step 26: a key is one person's, once.
    #[error("the key is registered already")]
    Registered,
    /// 7.2 step 6: nobody has this key.
    #[error("nobody has registered this key")]
    UnknownKey,
    /// 7.2 step 6: the key's handle is another person's.
    #[error("the key answers for somebody else")]
    UserHandle,
    /// 7.2 step 21: the signature does not verify.
    #[error("the signature is not the key's")]
    Signature,
    /// 7.2 step 22: the counter did not rise: there may be a copy of the key.
    #[error("the key's counter went back: there may be a copy of it")]
    Counter,
}

impl Refusal {
    /// Its name in the log.
    #[must_use]
    pub const fn rule(self) -> &'static str {
        match self {
            Self::TooLong => "key-length",
            Self::ClientData => "key-client-data",
            Self::Ceremony => "key-ceremony",
            Self::Challenge => "key-challenge",
            Self::Origin => "key-origin",
            Self::CrossOrigin => "key-cross-origin",
            Self::TopOrigin => "key-top-origin",
            Self::AttestationObject => "key-attestation-object",
            Self::AuthenticatorData => "key-authenticator-data",
            Self::RpIdHash => "key-rp-id",
            Self::UserPresence => "key-user-presence",
            Self::UserVerification => "key-user-verification",
            Self::BackupFlags => "key-backup-flags",
            Self::BackupEligibility => "key-backup-eligibility",
            Self::NoKey => "key-absent",
            Self::Algorithm => "key-algorithm",
            Self::PublicKey => "key-public-key",
            Self::AttestationFormat => "key-attestation-format",
            Self::AttestationStatement => "key-attestation-statement",
            Self::CredentialLength => "key-credential-length",
            Self::Registered => "key-registered",
            Self::UnknownKey => "key-unknown",
            Self::UserHandle => "key-user-handle",
            Self::Signature => "key-signature",
            Self::Counter => "key-counter",
        }
    }
}
