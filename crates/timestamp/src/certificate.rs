//! Certificates: a chain from a leaf towards a root, each signed by the next, each in force at a moment.

use cms::cert::x509::Certificate;
use cms::cert::x509::ext::pkix::name::GeneralName;
use cms::cert::x509::ext::pkix::{BasicConstraints, ExtendedKeyUsage, SubjectAltName};
use data_encoding::BASE64;
use der::asn1::ObjectIdentifier;
use der::{Decode as _, Encode as _};
use model::Timestamp;
use ring::signature::{self, UnparsedPublicKey, VerificationAlgorithm};

use crate::Error;

/// Certificates of one file.
const MAX_CERTIFICATES: usize = 16;

const EC_KEY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const P_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");
const P_384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.34");
const RSA_KEY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const ECDSA_SHA_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.2");
const ECDSA_SHA_384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.3");
const RSA_SHA_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.11");
const RSA_SHA_384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.12");
const RSA_SHA_512: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.13");
const COMMON_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.3");
const TIME_STAMPING: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.8");

/// Certificates in their order, leaf first; or roots, in any.
#[derive(Clone, Debug)]
pub struct Chain(Vec<Certificate>);

impl Chain {
    /// Reads PEM.
    ///
    /// # Errors
    /// When there is no certificate in it, more than 16, or one that is none.
    pub fn from_pem(text: &str) -> Result<Self, Error> {
        let malformed = || Error::Malformed { what: "certificates" };
        let mut found = Vec::new();
        for block in text.split("-----BEGIN CERTIFICATE-----").skip(1).take(MAX_CERTIFICATES + 1) {
            let (inner, _) = block.split_once("-----END CERTIFICATE-----").ok_or_else(malformed)?;
            let inner: String = inner.split_ascii_whitespace().collect();
            found.push(read(&BASE64.decode(inner.as_bytes()).map_err(|_| malformed())?)?);
        }
        if found.is_empty() || found.len() > MAX_CERTIFICATES { Err(malformed()) } else { Ok(Self(found)) }
    }

    /// From certificates that came in a token: the leaf, and then whoever issued the one before.
    pub(crate) fn from_leaf(leaf: Certificate, others: &[Certificate]) -> Self {
        let mut chain = vec![leaf];
        while chain.len() < MAX_CERTIFICATES
            && let Some(next) =
                chain.last().and_then(|last| others.iter().find(|other| issued(other, last) && *other != last))
            && !chain.contains(next)
        {
            chain.push(next.clone());
        }
        Self(chain)
    }

    /// Each is signed by the next, which may sign certificates, and all are in force at this moment.
    ///
    /// # Errors
    /// The first thing that does not hold.
    pub fn check(&self, at: Timestamp) -> Result<(), Error> {
        let no = |why| Err(Error::Certificate { why });
        for certificate in &self.0 {
            let validity = &certificate.tbs_certificate.validity;
            let millis = |time: &cms::cert::x509::time::Time| {
                i64::try_from(time.to_unix_duration().as_millis()).unwrap_or(i64::MAX)
            };
            if at.millis() < millis(&validity.not_before) || at.millis() > millis(&validity.not_after) {
                return no("one of its certificates was not in force at the time");
            }
        }
        if self.0.windows(2).any(|pair| !issued(&pair[1], &pair[0])) {
            return no("one of its certificates is not signed by the next");
        }
        Ok(())
    }

    /// Whether the last certificate is one of these roots, or signed by one.
    #[must_use]
    pub fn leads_to(&self, roots: &Self) -> bool {
        self.0.last().is_some_and(|last| roots.0.iter().any(|root| root == last || issued(root, last)))
    }

    /// Whether the leaf is a certificate for this domain.
    #[must_use]
    pub fn names(&self, domain: &str) -> bool {
        let Some(leaf) = self.0.first().map(|leaf| &leaf.tbs_certificate) else { return false };
        let alternative = leaf.get::<SubjectAltName>().ok().flatten().is_some_and(|(_, names)| {
            names.0.iter().any(|name| matches!(name, GeneralName::DnsName(name) if name.as_str() == domain))
        });
        let common = leaf
            .subject
            .0
            .iter()
            .flat_map(|set| set.0.iter())
            .any(|name| name.oid == COMMON_NAME && name.value.value() == domain.as_bytes());
        alternative || common
    }

    /// Whether the leaf's key made this ECDSA signature with SHA-256, in DER.
    #[must_use]
    pub fn signed(&self, message: &[u8], signature: &[u8]) -> bool {
        self.0.first().is_some_and(|leaf| verifies(leaf, ECDSA_SHA_256, message, signature))
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = &Certificate> {
        self.0.iter()
    }

    /// Whether the leaf is for time stamps, and nothing else.
    pub(crate) fn is_for_time_stamps(&self) -> bool {
        let usage = self.0.first().and_then(|leaf| leaf.tbs_certificate.get::<ExtendedKeyUsage>().ok().flatten());
        usage.is_some_and(|(critical, usage)| critical && usage.0 == [TIME_STAMPING])
    }
}

pub(crate) fn read(bytes: &[u8]) -> Result<Certificate, Error> {
    let malformed = || Error::Malformed { what: "certificates" };
    let certificate = Certificate::from_der(bytes).map_err(|_| malformed())?;
    if certificate.to_der().is_ok_and(|written| written == bytes) { Ok(certificate) } else { Err(malformed()) }
}

/// Whether `issuer` may sign certificates and has signed this one.
fn issued(issuer: &Certificate, certificate: &Certificate) -> bool {
    let may = issuer.tbs_certificate.get::<BasicConstraints>().ok().flatten().is_some_and(|(_, basic)| basic.ca);
    let named = issuer.tbs_certificate.subject == certificate.tbs_certificate.issuer;
    let Ok(message) = certificate.tbs_certificate.to_der() else { return false };
    let algorithm = certificate.signature_algorithm.oid;
    may && named
        && certificate.tbs_certificate.signature.oid == algorithm
        && certificate.signature.as_bytes().is_some_and(|signature| verifies(issuer, algorithm, &message, signature))
}

/// Whether the certificate's key made the signature.
pub(crate) fn verifies(signer: &Certificate, algorithm: ObjectIdentifier, message: &[u8], made: &[u8]) -> bool {
    let key = &signer.tbs_certificate.subject_public_key_info;
    let curve = key.algorithm.parameters.as_ref().and_then(|any| any.decode_as::<ObjectIdentifier>().ok());
    let by: &dyn VerificationAlgorithm = match (key.algorithm.oid, curve, algorithm) {
        (EC_KEY, Some(P_256), ECDSA_SHA_256) => &signature::ECDSA_P256_SHA256_ASN1,
        (EC_KEY, Some(P_256), ECDSA_SHA_384) => &signature::ECDSA_P256_SHA384_ASN1,
        (EC_KEY, Some(P_384), ECDSA_SHA_256) => &signature::ECDSA_P384_SHA256_ASN1,
        (EC_KEY, Some(P_384), ECDSA_SHA_384) => &signature::ECDSA_P384_SHA384_ASN1,
        (RSA_KEY, _, RSA_SHA_256) => &signature::RSA_PKCS1_2048_8192_SHA256,
        (RSA_KEY, _, RSA_SHA_384) => &signature::RSA_PKCS1_2048_8192_SHA384,
        (RSA_KEY, _, RSA_SHA_512) => &signature::RSA_PKCS1_2048_8192_SHA512,
        _ => return false,
    };
    key.subject_public_key.as_bytes().is_some_and(|key| UnparsedPublicKey::new(by, key).verify(message, made).is_ok())
}

/// The algorithm of a signature whose digest is named apart.
pub(crate) fn with_digest(algorithm: ObjectIdentifier, digest: ObjectIdentifier) -> ObjectIdentifier {
    let by_digest = ["2.16.840.1.101.3.4.2.1", "2.16.840.1.101.3.4.2.2", "2.16.840.1.101.3.4.2.3"];
    let rsa = [RSA_SHA_256, RSA_SHA_384, RSA_SHA_512];
    let named = by_digest.iter().position(|known| digest == ObjectIdentifier::new_unwrap(known));
    match named {
        Some(place) if algorithm == RSA_KEY => rsa[place],
        _ => algorithm,
    }
}
