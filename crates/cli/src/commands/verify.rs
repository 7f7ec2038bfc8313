//! `lanthorn verify` and `lanthorn evidence explain`: a pack, checked offline.

use std::fs;
use std::path::Path;

use anyhow::Context as _;
use serde_json::json;
use verify::{Report, Trust};

use crate::args::VerifyArgs;
use crate::context::Context;

pub(crate) fn run(context: &Context, args: &VerifyArgs) -> anyhow::Result<()> {
    let read = |path: &Option<std::path::PathBuf>| {
        let text = |path: &Path| fs::read_to_string(path).with_context(|| format!("failed to read {}", path.display()));
        path.as_deref().map(text).transpose()
    };
    let report = checked(
        context,
        &args.pack,
        &Trust {
            log_key: read(&args.log_key)?,
            signers: read(&args.signers)?,
            roots: read(&args.roots)?,
            domain_signed: args.domain_signed,
        },
    )?;
    context.output().show(&json!({ "verified": true, "report": report }), |out| {
        writeln!(
            out,
            "all of it holds: {} files, {} captures, {} originals, {} entries of the log",
            report.files, report.captures, report.originals, report.entries
        )?;
        report.on_its_own_word.iter().try_for_each(|word| writeln!(out, "note: {word}"))
    })
}

/// Explains a pack that holds; one that does not is not worth explaining.
pub(crate) fn explain(context: &Context, pack: &Path) -> anyhow::Result<()> {
    let report = checked(context, pack, &Trust::default())?;
    let lines = verify::explain(&report);
    context.output().show(&json!({ "report": report, "explained": lines }), |out| {
        lines.iter().try_for_each(|line| writeln!(out, "{line}"))
    })
}

fn checked(context: &Context, pack: &Path, trust: &Trust) -> anyhow::Result<Report> {
    verify::check(pack, trust).map_err(|fault| {
        if context.common.json {
            // The fault is an answer, too.
            let _ = context.output().show(&json!({ "verified": false, "fault": fault }), |_| Ok(()));
        }
        anyhow::Error::from(fault).context("failed to verify the pack")
    })
}
