//! What the pack says of itself, held against the grant under which it left.

use std::collections::BTreeSet;

use seal::sshsig;
use serde_json::Value;

use crate::fault::{Fault, hold};
use crate::files::Files;
use crate::json::{list, number, parse, text, texts};
use crate::signers::Signers;

const AT: &str = "pack.json";
const GRANT: &str = "approvals/disclosure";
const NAMESPACE: &str = "disclosure@lanthorn";

/// Every file of a pack that is not of an original, an approval or an authorisation.
const PLACES: [&str; 15] = [
    "pack.json",
    "HOW-TO-VERIFY.txt",
    "custody.html",
    "custody.pdf",
    "defence.json",
    "error-rates.txt",
    "case.jsonld",
    "captures.jsonl",
    "derivations.jsonl",
    "redacted.wacz",
    "log/entries.jsonl",
    "log/checkpoint",
    "log/log.vkey",
    "approvals/allowed_signers",
    "tools/check_derivation.py",
];

pub(crate) struct About {
    pub(crate) case: String,
    pub(crate) edition: String,
    pub(crate) recipient: String,
    pub(crate) requester: String,
    pub(crate) approved_by: Vec<String>,
    pub(crate) captures: u64,
    /// Capture, file, age recipient.
    pub(crate) originals: Vec<(String, String, String)>,
    pub(crate) authorisations: BTreeSet<String>,
    pub(crate) unused: BTreeSet<String>,
    pub(crate) rules: BTreeSet<String>,
    pub(crate) origin: String,
    pub(crate) entries: u64,
    /// Approvals that it takes.
    pub(crate) approvals_needed: u64,
}

impl About {
    pub(crate) fn check(files: &Files, signers: &Signers) -> Result<Self, Fault> {
        let value = parse(AT, &files.text(AT)?)?;
        hold(text(&value, "format", AT)? == "lanthorn evidence pack", AT, || "it is of another format".to_owned())?;
        let version = number(&value, "version", AT)?;
        hold(version == 1, AT, || format!("it is of version {version}, and the newest known here is 1"))?;
        let about = Self::read(&value)?;
        for path in PLACES {
            hold(files.has(path), path, || "the pack has no such file".to_owned())?;
        }
        about.check_places(files)?;
        about.check_grant(&files.text(GRANT)?, &value)?;
        about.check_approvals(files, signers)?;
        let maker = files.maker(signers);
        hold(maker.as_deref() == Some(about.requester.as_str()), "MANIFEST.sha256.sig", || {
            format!("it is by {}, and the grant is {}'s", maker.as_deref().unwrap_or("nobody known"), about.requester)
        })?;
        Ok(about)
    }

    fn read(value: &Value) -> Result<Self, Fault> {
        let original = |one: &Value| {
            let of = |name| Ok::<_, Fault>(text(one, name, AT)?.to_owned());
            Ok((of("capture")?, of("file")?, of("recipient")?))
        };
        Ok(Self {
            case: text(value, "case", AT)?.to_owned(),
            edition: text(value, "edition", AT)?.to_owned(),
            recipient: text(value, "recipient", AT)?.to_owned(),
            requester: text(value, "requester", AT)?.to_owned(),
            approved_by: texts(value, "approved_by", AT)?,
            captures: number(value, "captures", AT)?,
            originals: list(value, "originals", AT)?.iter().map(original).collect::<Result<_, Fault>>()?,
            authorisations: texts(value, "authorisations", AT)?.into_iter().collect(),
            unused: texts(value, "unused", AT)?.into_iter().collect(),
            rules: texts(value, "rules", AT)?.into_iter().collect(),
            origin: text(value, "log/origin", AT)?.to_owned(),
            entries: number(value, "log/entries", AT)?,
            approvals_needed: number(value, "approvals_needed", AT)?,
        })
    }

    /// No file stands where none belongs, listed or not.
    fn check_places(&self, files: &Files) -> Result<(), Fault> {
        for path in files.all().filter(|path| !PLACES.contains(path)) {
            let belongs = path.starts_with("approvals/")
                || path.starts_with("log/stamps/")
                || path.starts_with("archive-stamps/")
                || path == crate::originals::ARCHIVE
                || self.originals.iter().any(|(_, file, _)| file == path)
                || path
                    .strip_prefix("authorisations/")
                    .and_then(|name| name.strip_suffix(".toml"))
                    .is_some_and(|id| self.authorisations.contains(id));
            hold(belongs, path, || "no file of a pack has this name".to_owned())?;
        }
        for id in &self.authorisations {
            let path = format!("authorisations/{id}.toml");
            hold(files.has(&path), &path, || "the pack has no such file".to_owned())?;
        }
        Ok(())
    }

    fn check_grant(&self, grant: &str, value: &Value) -> Result<(), Fault> {
        let mut lines = grant.lines();
        hold(lines.next() == Some("lanthorn disclosure v1"), GRANT, || {
            "it is no disclosure grant of version 1".to_owned()
        })?;
        let said = [
            ("case", self.case.as_str()),
            ("edition", self.edition.as_str()),
            ("requester", &self.requester),
            ("recipient", &self.recipient),
            ("issued", text(value, "issued", AT)?),
        ];
        for (key, expected) in said {
            let line = grant.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(' '));
            hold(line == Some(expected), AT, || format!("its `{key}` is not the one that was approved"))?;
        }
        let time = |text: Option<&str>| model::Timestamp::parse_rfc3339(text?);
        let said = |key: &str| grant.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(' '));
        let (from, made, until) = (time(said("issued")), time(value["made"].as_str()), time(said("not-after")));
        hold(made.is_some() && from <= made && made <= until, AT, || {
            "it was not made while its grant was alive".to_owned()
        })
    }

    fn check_approvals(&self, files: &Files, signers: &Signers) -> Result<(), Fault> {
        let (grant, needed) = (files.text(GRANT)?, self.approvals_needed);
        let mut found = BTreeSet::new();
        for name in files.within("approvals/disclosure.") {
            let at = format!("{GRANT}.{name}");
            let person = name.strip_suffix(".sig").ok_or_else(|| Fault::new(&at, "no file of a pack has this name"))?;
            let (key, signature) = sshsig::read(NAMESPACE, &files.text(&at)?)
                .ok_or_else(|| Fault::new(&at, format!("it is no SSH signature for {NAMESPACE} by an Ed25519 key")))?;
            let known = signers.name(NAMESPACE, &key);
            hold(known.as_deref() == Some(person), &at, || {
                format!("it is not by a key that {person} may approve with")
            })?;
            hold(sshsig::verifies(NAMESPACE, grant.as_bytes(), &signature, &key), &at, || {
                "it does not fit the grant: the grant was changed after it was approved".to_owned()
            })?;
            hold(person != self.requester, &at, || format!("{person} asked for the disclosure and cannot approve it"))?;
            found.insert(person.to_owned());
        }
        hold(found == self.approved_by.iter().cloned().collect(), AT, || {
            "`approved_by` names others than those who signed".to_owned()
        })?;
        hold(needed >= 2, AT, || "it says that fewer than two approvals are needed".to_owned())?;
        hold(found.len() as u64 >= needed, GRANT, || format!("{} of {needed} needed approvals are there", found.len()))
    }

    /// The captures that the grant names.
    pub(crate) fn named(&self, files: &Files) -> Result<Option<BTreeSet<String>>, Fault> {
        let grant = files.text(GRANT)?;
        let mut lines = grant.lines().skip_while(|line| !line.starts_with("captures "));
        let first = lines.next().ok_or_else(|| Fault::new(GRANT, "it says nothing of captures"))?;
        Ok(if first == "captures all" { None } else { Some(lines.map(str::to_owned).collect()) })
    }
}
