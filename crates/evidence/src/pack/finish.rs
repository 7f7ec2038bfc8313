//! The last steps of a pack: archive, stamps, log, reports, what it says of itself, manifest.

use std::fs::{self, File};
use std::io::Write as _;

use audit::Log;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::{Pack, Written, file};
use crate::custody::{self, Told};
use crate::disclosure::Edition;
use crate::error::at;
use crate::{Error, bundle, defence, howto, manifest, paper};

impl Pack {
    /// Finishes the pack: archive (with `signed`, what a domain has signed), log, reports, manifest, and its signature by `sign`
    /// (an armoured SSHSIG).
    ///
    /// # Errors
    /// When the log does not prove an entry, or a file cannot be written.
    pub fn finish(
        mut self,
        log: &mut Log,
        vkey: &str,
        signed: Option<Value>,
        sign: impl FnOnce(&[u8]) -> String,
    ) -> Result<Written, Error> {
        self.close_archive()?;
        if (self.setting.disclosure.edition == Edition::Unredacted) != self.unredacted {
            return Err(Error::Grant("its edition is unredacted, and the pack has no archive of originals"));
        }
        for (path, mut lines) in [self.captures, self.derivations] {
            lines.flush().map_err(at(&path))?;
            lines.get_ref().sync_all().map_err(at(&path))?;
        }
        let root = &self.root;
        let grant = &self.setting.disclosure;
        if let Some(closed) = self.closed.take() {
            closed.finish(&root.join("redacted.wacz"), signed)?;
        }
        let write = |name: &str, content: &[u8]| file(root, name, content);
        for stamp in &self.stamps {
            let proof = log.consistency_proof(stamp.entries)?;
            let proof: Vec<_> = proof.iter().map(|hash| data_encoding::BASE64.encode(hash)).collect();
            let name = format!("log/stamps/{}", stamp.entries);
            fs::create_dir_all(root.join("log/stamps")).map_err(at(root))?;
            if !root.join(format!("{name}.checkpoint")).exists() {
                write(&format!("{name}.checkpoint"), &stamp.checkpoint)?;
                write(&format!("{name}.consistency"), json!(proof).to_string().as_bytes())?;
            }
            write(&format!("{name}-{}.tsq", stamp.authority), &stamp.query)?;
            write(&format!("{name}-{}.tsr", stamp.authority), &stamp.reply)?;
        }
        let (asked, tokens) = &self.archive_stamps;
        for token in tokens {
            fs::create_dir_all(root.join("archive-stamps")).map_err(at(root))?;
            write(&format!("archive-stamps/{}.tsq", token.authority), &token.query)?;
            write(&format!("archive-stamps/{}.tsr", token.authority), &token.reply)?;
        }
        write("log/entries.jsonl", self.entries.lines(log)?.as_bytes())?;
        write("log/checkpoint", log.note().as_bytes())?;
        write("log/log.vkey", format!("{}\n", vkey.trim()).as_bytes())?;
        write("approvals/allowed_signers", self.signers.iter().cloned().collect::<String>().as_bytes())?;
        let (origin, size) = (log.checkpoint().origin.clone(), log.checkpoint().size);
        let rules: Vec<_> = self.rules.into_iter().collect();
        let told = Told {
            setting: &self.setting,
            lines: &self.lines,
            originals: &self.originals,
            hidden: &self.hidden,
            rules: &rules,
            log: (&origin, size),
            archive_stamps: (*asked, tokens.len()),
        };
        let bundle = bundle::document(&self.setting, &self.exhibits, self.entries.all());
        write("case.jsonld", (serde_json::to_string_pretty(&bundle)? + "\n").as_bytes())?;
        let defence = defence::document(&self.setting, self.entries.all(), &rules);
        write("defence.json", (serde_json::to_string_pretty(&defence)? + "\n").as_bytes())?;
        let report = custody::report(&told, self.entries.all());
        write("custody.html", paper::html(&report).as_bytes())?;
        write("custody.pdf", &paper::pdf(&report)?)?;
        let originals: Vec<_> = self.originals.iter().map(|original| json!({ "capture": original.capture, "file": original.file, "recipient": original.recipient })).collect();
        let gaps: Vec<_> = self
            .setting
            .gaps
            .iter()
            .map(|gap| json!({ "site": gap.site, "what": gap.what, "count": gap.count }))
            .collect();
        let about = json!({
            "format": "lanthorn evidence pack",
            "version": 1,
            "case": grant.case.as_str(),
            "edition": grant.edition.as_str(),
            "requester": grant.requester.as_str(),
            "recipient": grant.recipient,
            "approvals_needed": self.setting.threshold,
            "approved_by": self.setting.approvals.iter().map(|one| one.person.as_str()).collect::<Vec<_>>(),
            "issued": grant.issued.to_string(),
            "made": self.setting.made.to_string(),
            "made_by": self.setting.tool,
            "site": self.setting.site,
            "captures": self.lines.len(),
            "originals": originals,
            "authorisations": self.setting.authorisations.iter().map(|one| one.id.to_string()).collect::<Vec<_>>(),
            "unused": self.setting.unused.iter().map(ToString::to_string).collect::<Vec<_>>(),
            "gaps": gaps,
            "archive_stamps": { "asked": asked, "got": tokens.len() },
            "rules": rules,
            "log": { "origin": origin, "entries": size },
        });
        write("pack.json", (serde_json::to_string_pretty(&about)? + "\n").as_bytes())?;
        write("HOW-TO-VERIFY.txt", howto::text(&self.setting, &origin).as_bytes())?;
        let lists = manifest::of(root)?;
        write("MANIFEST.blake3", lists.blake3.as_bytes())?;
        write("MANIFEST.sha256", lists.sha256.as_bytes())?;
        write("MANIFEST.sha256.sig", sign(lists.sha256.as_bytes()).as_bytes())?;
        File::open(root).and_then(|folder| folder.sync_all()).map_err(at(root))?;
        Ok(Written {
            manifest_sha256: Sha256::digest(&lists.sha256).into(),
            captures: self.lines.len(),
            bytes: lists.bytes,
        })
    }
}
