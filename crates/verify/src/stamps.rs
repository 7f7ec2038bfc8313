//! The time of others: stamps under checkpoints of the log, and the domain's signature under the archive with the stamp over it.

use audit::{Checkpoint, LogVerifier, verify_consistency};
use data_encoding::BASE64;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use timestamp::{Chain, Query, judge};

use crate::Trust;
use crate::fault::{Fault, hold};
use crate::files::Files;
use crate::json::{number, parse, text};
use crate::log::Entries;

/// How long after a signature its time stamp may be: what authsign allows.
const MAX_DELAY_MILLIS: i64 = 10 * 60 * 1000;

/// What the stamps prove.
#[derive(Default)]
pub(crate) struct Stamped {
    /// Authority's time and what it saw.
    pub(crate) says: Vec<String>,
    /// Whether something was signed under a root that nobody gave.
    pub(crate) unrooted: bool,
}

/// The roots that whoever checks has given.
fn roots(trust: &Trust) -> Result<Option<Chain>, Fault> {
    let read = trust.roots.as_deref().map(Chain::from_pem).transpose();
    read.map_err(|error| Fault::new("the given roots", error.to_string()))
}

/// Every stamp of the log: its checkpoint is the log's, the log goes on from it, and the authority signed its digest.
pub(crate) fn check_log(files: &Files, log: &Entries, trust: &Trust) -> Result<Stamped, Fault> {
    let mut found = Stamped::default();
    let roots = roots(trust)?;
    let own = files.text("log/log.vkey")?;
    let verifier = LogVerifier::parse(trust.log_key.as_deref().unwrap_or(&own).trim())
        .map_err(|_| Fault::new("log/log.vkey", "it is no key of a log"))?;
    let names: Vec<&str> = files.within("log/stamps/").collect();
    for name in &names {
        let at = format!("log/stamps/{name}");
        let (entries, extension) =
            name.split_once(['-', '.']).ok_or_else(|| Fault::new(&at, "no file of a pack has this name"))?;
        hold(!entries.is_empty() && entries.bytes().all(|byte| byte.is_ascii_digit()), &at, || {
            "no file of a pack has this name".to_owned()
        })?;
        match extension.rsplit('.').next() {
            Some("checkpoint" | "consistency") => continue,
            Some("tsq") => {
                hold(files.has(&at.replace(".tsq", ".tsr")), &at, || "it has no reply".to_owned())?;
                continue;
            }
            Some("tsr") => {}
            _ => return Err(Fault::new(&at, "no file of a pack has this name")),
        }
        let note_at = format!("log/stamps/{entries}.checkpoint");
        let note = files.bytes(&note_at)?;
        let then = Checkpoint::open(&note, &verifier).map_err(|error| Fault::new(&note_at, error.to_string()))?;
        hold(then.size.to_string() == entries, &note_at, || "it has another number of entries".to_owned())?;
        let proof_at = format!("log/stamps/{entries}.consistency");
        let proof = parse(&proof_at, &files.text(&proof_at)?)?;
        let hash = |one: &Value| BASE64.decode(one.as_str()?.as_bytes()).ok()?.try_into().ok();
        let proof: Option<Vec<[u8; 32]>> = proof.as_array().and_then(|all| all.iter().map(hash).collect());
        let now = log.checkpoint();
        let goes_on = proof.is_some_and(|proof| verify_consistency(then.size, now.size, &then.root, &now.root, &proof));
        hold(goes_on, &proof_at, || "the log does not go on from the stamped checkpoint".to_owned())?;
        let reply = files.bytes(&at)?;
        let query_at = at.replace(".tsr", ".tsq");
        let query =
            Query::from_der(&files.bytes(&query_at)?).map_err(|error| Fault::new(&query_at, error.to_string()))?;
        let digest: [u8; 32] = Sha256::digest(&note).into();
        hold(*query.digest() == digest, &query_at, || "it asks about another checkpoint".to_owned())?;
        query.read(&reply).map_err(|error| Fault::new(&at, error.to_string()))?;
        found.judge(&at, &reply, &digest, None, roots.as_ref(), &format!("the log had {entries} entries"))?;
    }
    Ok(found)
}

/// Tokens over the WARC file: each is of its bytes, and there are as many as the pack says.
pub(crate) fn check_warc(
    files: &Files,
    about: &Value,
    warc: &[u8],
    trust: &Trust,
    found: &mut Stamped,
) -> Result<(), Fault> {
    let roots = roots(trust)?;
    let (digest, mut replies) = (Sha256::digest(warc).into(), 0);
    for name in files.within("archive-stamps/") {
        let at = format!("archive-stamps/{name}");
        match name.split_once('.') {
            Some((authority, "tsq")) => {
                hold(files.has(&format!("archive-stamps/{authority}.tsr")), &at, || "it has no reply".to_owned())?;
            }
            Some((authority, "tsr")) => {
                let query_at = format!("archive-stamps/{authority}.tsq");
                let query = Query::from_der(&files.bytes(&query_at)?)
                    .map_err(|error| Fault::new(&query_at, error.to_string()))?;
                hold(*query.digest() == digest, &query_at, || "it asks about another archive".to_owned())?;
                let reply = files.bytes(&at)?;
                query.read(&reply).map_err(|error| Fault::new(&at, error.to_string()))?;
                found.judge(&at, &reply, &digest, None, roots.as_ref(), "the archive's records were as they are")?;
                replies += 1;
            }
            _ => return Err(Fault::new(&at, "no file of a pack has this name")),
        }
    }
    let got = number(about, "archive_stamps/got", "pack.json")?;
    hold(replies == got, "archive-stamps", || format!("it has {replies} tokens, and pack.json says {got}"))
}

/// The domain's signature, if the archive has one.
pub(crate) fn check_domain(
    at: &str,
    stated: &Value,
    created: &str,
    trust: &Trust,
    found: &mut Stamped,
) -> Result<(), Fault> {
    let signed = &stated["signedData"];
    if signed.is_null() {
        return hold(!trust.domain_signed, at, || "no domain has signed it".to_owned());
    }
    let at = &format!("{at}, signedData");
    let roots = roots(trust)?;
    hold(signed["hash"] == stated["hash"], at, || "its hash is not that of the package".to_owned())?;
    hold(text(signed, "created", at)? == created, at, || "it is not of the package's date".to_owned())?;
    let chain = |name: &str| {
        Chain::from_pem(text(signed, name, at)?).map_err(|error| Fault::new(at.as_str(), error.to_string()))
    };
    let domain = chain("domainCert")?;
    let name = text(signed, "domain", at)?;
    hold(domain.names(name), at, || format!("its certificate is not for {name}"))?;
    let signature = text(signed, "signature", at)?;
    let made =
        BASE64.decode(signature.as_bytes()).map_err(|_| Fault::new(at.as_str(), "its signature is malformed"))?;
    hold(domain.signed(text(signed, "hash", at)?.as_bytes(), &made), at, || {
        format!("the signature is not by the key of {name}")
    })?;
    let reply = BASE64
        .decode(text(signed, "timeSignature", at)?.as_bytes())
        .map_err(|_| Fault::new(at.as_str(), "its time stamp is malformed"))?;
    let digest: [u8; 32] = Sha256::digest(signature).into();
    let more = chain("timestampCert")?;
    let time =
        found.judge(at, &reply, &digest, Some(&more), roots.as_ref(), &format!("{name} had signed the archive"))?;
    let created =
        model::Timestamp::parse_rfc3339(created).ok_or_else(|| Fault::new(at.as_str(), "its date is none"))?;
    hold((-1_000..=MAX_DELAY_MILLIS).contains(&time.since_millis(created)), at, || {
        "its time stamp is not of the ten minutes after its date".to_owned()
    })?;
    domain.check(time).map_err(|error| Fault::new(at.as_str(), error.to_string()))?;
    if let Some(roots) = &roots {
        hold(domain.leads_to(roots), at, || format!("the certificate of {name} leads to no root that you trust"))?;
    }
    Ok(())
}

impl Stamped {
    fn judge(
        &mut self,
        at: &str,
        reply: &[u8],
        digest: &[u8; 32],
        more: Option<&Chain>,
        roots: Option<&Chain>,
        what: &str,
    ) -> Result<model::Timestamp, Fault> {
        let judged = judge(reply, digest, more).map_err(|error| Fault::new(at, error.to_string()))?;
        match roots {
            Some(roots) => hold(judged.chain.leads_to(roots), at, || {
                "its authority's certificate leads to no root that you trust".to_owned()
            })?,
            None => self.unrooted = true,
        }
        self.says.push(format!("by {} {what}", judged.stamp.time));
        Ok(judged.stamp.time)
    }
}
