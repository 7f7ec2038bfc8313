//! Judging a reply without its query: that it is about a digest, and that its signature holds.
//!
//! RFC 5652, section 5.4 (the signed attributes), RFC 3161, section 2.4.2, RFC 5816 (the certificate's SHA-256 among them).

use cms::cert::CertificateChoices;
use cms::signed_data::{SignedData, SignerIdentifier};
use der::asn1::{ObjectIdentifier, OctetString};
use der::{Decode as _, Encode as _};
use sha2::{Digest as _, Sha256, Sha384, Sha512};
use x509_tsp::TimeStampResp;

use crate::certificate::{Chain, verifies, with_digest};
use crate::info::Info;
use crate::{Error, MAX_REPLY_BYTES, SHA_256, SIGNED_DATA, Stamp, TST_INFO};

const SHA_384: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.2");
const SHA_512: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.3");
const CONTENT_TYPE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.3");
const MESSAGE_DIGEST: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.4");
const SIGNING_CERTIFICATE_V2: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.47");

/// A reply whose signature holds, and the certificates that it leads through.
#[derive(Clone, Debug)]
pub struct Judged {
    /// What it says.
    pub stamp: Stamp,
    /// The authority's certificate and those above it; whom they lead to is for the reader to trust.
    pub chain: Chain,
}

/// Judges a reply about a SHA-256 digest. `more` are certificates that did not come with it.
///
/// # Errors
/// The first thing that does not hold. Whether the chain leads to a root that somebody trusts is [`Chain::leads_to`].
pub fn judge(reply: &[u8], digest: &[u8; 32], more: Option<&Chain>) -> Result<Judged, Error> {
    let malformed = || Error::Malformed { what: "reply" };
    let no = |why| Error::Certificate { why };
    if reply.len() > MAX_REPLY_BYTES {
        return Err(malformed());
    }
    let response = TimeStampResp::from_der(reply).map_err(|_| malformed())?;
    let token = response.time_stamp_token.filter(|_| response.status.status as u32 <= 1).ok_or(Error::NotGranted)?;
    if token.content_type != SIGNED_DATA {
        return Err(malformed());
    }
    let signed: SignedData = token.content.decode_as().map_err(|_| malformed())?;
    if signed.encap_content_info.econtent_type != TST_INFO {
        return Err(malformed());
    }
    let content = signed.encap_content_info.econtent.as_ref().ok_or_else(malformed)?.value().to_vec();
    let info = Info::from_der(&content).map_err(|_| malformed())?;
    if info.imprint.hash_algorithm.oid != SHA_256 || info.imprint.hashed_message.as_bytes() != digest {
        return Err(Error::Other { what: "digest" });
    }
    let given = signed.certificates.iter().flat_map(|set| set.0.iter()).filter_map(|one| match one {
        CertificateChoices::Certificate(certificate) => Some(certificate.clone()),
        CertificateChoices::Other(_) => None,
    });
    let all: Vec<_> = given.chain(more.into_iter().flat_map(Chain::all).cloned()).collect();
    let [signer] = signed.signer_infos.0.as_slice() else { return Err(malformed()) };
    let leaf = all.iter().find(|certificate| match &signer.sid {
        SignerIdentifier::IssuerAndSerialNumber(sid) => {
            sid.issuer == certificate.tbs_certificate.issuer
                && sid.serial_number == certificate.tbs_certificate.serial_number
        }
        SignerIdentifier::SubjectKeyIdentifier(_) => false,
    });
    let leaf = leaf.ok_or_else(|| no("the certificate of its signer is not with it"))?;

    let attributes = signer.signed_attrs.as_ref().ok_or_else(malformed)?;
    let attribute = |oid| {
        let mut found = attributes.iter().filter(|attribute| attribute.oid == oid);
        found.next().filter(|_| found.next().is_none()).and_then(|attribute| attribute.values.get(0))
    };
    let kind = attribute(CONTENT_TYPE).and_then(|value| value.decode_as::<ObjectIdentifier>().ok());
    let stated =
        attribute(MESSAGE_DIGEST).and_then(|value| value.decode_as::<OctetString>().ok()).ok_or_else(malformed)?;
    let found = match signer.digest_alg.oid {
        SHA_256 => Sha256::digest(&content).to_vec(),
        SHA_384 => Sha384::digest(&content).to_vec(),
        SHA_512 => Sha512::digest(&content).to_vec(),
        _ => return Err(no("its digest algorithm is none of SHA-2")),
    };
    if kind != Some(TST_INFO) || stated.as_bytes() != found {
        return Err(no("its signed attributes are of another content"));
    }
    let own = Sha256::digest(leaf.to_der().map_err(|_| malformed())?);
    let bound = attribute(SIGNING_CERTIFICATE_V2).and_then(|value| value.to_der().ok());
    if bound.is_some_and(|value| !value.windows(own.len()).any(|window| window == &own[..])) {
        return Err(no("its signed attributes name another certificate"));
    }
    let message = attributes.to_der().map_err(|_| malformed())?;
    let algorithm = with_digest(signer.signature_algorithm.oid, signer.digest_alg.oid);
    if !verifies(leaf, algorithm, &message, signer.signature.as_bytes()) {
        return Err(no("its signature does not hold"));
    }
    let chain = Chain::from_leaf(leaf.clone(), &all);
    if !chain.is_for_time_stamps() {
        return Err(no("its certificate is not for time stamps alone"));
    }
    chain.check(info.time)?;
    let serial = info.serial.as_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(Judged { stamp: Stamp { time: info.time, policy: info.policy.to_string(), serial }, chain })
}
