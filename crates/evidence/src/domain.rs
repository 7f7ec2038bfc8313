//! The signature of a domain under an archive, in the form of `wacz-auth` that authsign checks: ECDSA on P-256 by a certificate for
//! the domain, over the text of the package's digest, and a time stamp over the signature.

use data_encoding::BASE64;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::Error;

/// A domain's key and its certificate's chain.
pub struct Domain {
    name: String,
    key: EcdsaKeyPair,
    chain: String,
}

/// A signature that waits for its time stamp.
pub struct DomainSignature {
    hash: String,
    created: String,
    signature: String,
}

impl Domain {
    /// From PEM: a PKCS#8 key on P-256, and the certificates from the domain's to its root's.
    ///
    /// # Errors
    /// When the key is of another kind, or something is no PEM.
    pub fn read(name: &str, key: &str, chain: &str) -> Result<Self, Error> {
        let body: String = key.lines().filter(|line| !line.starts_with("-----")).map(str::trim).collect();
        let der = BASE64.decode(body.as_bytes()).map_err(|_| Error::Domain("its key is no PEM"))?;
        let key = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &der, &SystemRandom::new());
        let key = key.map_err(|_| {
            Error::Domain(
                "its key is no PKCS#8 key on P-256: `openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256`",
            )
        })?;
        if !chain.contains("-----BEGIN CERTIFICATE-----") {
            return Err(Error::Domain("there is no certificate for its key"));
        }
        Ok(Self { name: name.to_owned(), key, chain: chain.to_owned() })
    }

    /// Signs a package.
    ///
    /// # Errors
    /// When the system gives no randomness.
    pub fn sign(&self, hash: &str, created: &str) -> Result<DomainSignature, Error> {
        let signature = self.key.sign(&SystemRandom::new(), hash.as_bytes());
        let signature = signature.map_err(|_| Error::Domain("its key could not sign"))?;
        Ok(DomainSignature {
            hash: hash.to_owned(),
            created: created.to_owned(),
            signature: BASE64.encode(signature.as_ref()),
        })
    }

    /// What stands in the archive: the signature with its time stamp, and the authority's certificates.
    #[must_use]
    pub fn signed(&self, made: &DomainSignature, software: &str, reply: &[u8], authority: &str) -> Value {
        json!({
            "hash": made.hash,
            "created": made.created,
            "software": software,
            "version": "0.1.0",
            "signature": made.signature,
            "domain": self.name,
            "domainCert": self.chain,
            "timeSignature": BASE64.encode(reply),
            "timestampCert": authority,
        })
    }
}

impl DomainSignature {
    /// What the time stamp is to be about.
    #[must_use]
    pub fn digest(&self) -> [u8; 32] {
        Sha256::digest(&self.signature).into()
    }
}
