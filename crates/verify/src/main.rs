//! `lanthorn-verify`: checks an evidence pack. One program, no network, no installation.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program for the command line")]

use std::path::Path;
use std::process::ExitCode;

use verify::{Trust, check, explain};

const USAGE: &str = "usage: lanthorn-verify [--log-key FILE] [--signers FILE] [--roots FILE] [--domain-signed] [--json] [--explain] PACK

Checks an evidence pack of Lanthorn: every file, every digest, every signature, every proof, and that nothing else is there.

  --log-key FILE   the log's public key, handed to you by another way than the pack
  --signers FILE   who may approve and make packs (OpenSSH allowed_signers), handed to you by another way than the pack
  --roots FILE     roots of time-stamping authorities and domains (PEM) that you trust
  --domain-signed  reject an archive that no domain has signed
  --json           print one JSON document
  --explain        also say what the pack proves and what it does not

Exit codes: 0 all of it holds, 1 something does not (the first fault is printed), 2 wrong use.";

fn main() -> ExitCode {
    match run(std::env::args().skip(1)) {
        Ok(code) => code,
        Err(wrong) => {
            eprintln!("{wrong}\n\n{USAGE}");
            ExitCode::from(2)
        }
    }
}

fn run(mut args: impl Iterator<Item = String>) -> Result<ExitCode, String> {
    let (mut trust, mut json, mut explained, mut pack) = (Trust::default(), false, false, None);
    let file = |name: &str, path: Option<String>| {
        let path = path.ok_or_else(|| format!("{name} needs a file"))?;
        std::fs::read_to_string(&path).map_err(|error| format!("{path} cannot be read: {error}"))
    };
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--log-key" => trust.log_key = Some(file("--log-key", args.next())?),
            "--signers" => trust.signers = Some(file("--signers", args.next())?),
            "--roots" => trust.roots = Some(file("--roots", args.next())?),
            "--domain-signed" => trust.domain_signed = true,
            "--json" => json = true,
            "--explain" => explained = true,
            "--help" | "-h" => {
                println!("{USAGE}");
                return Ok(ExitCode::SUCCESS);
            }
            other if other.starts_with('-') => return Err(format!("{other} is no option")),
            _ if pack.is_some() => return Err("one pack at a time".to_owned()),
            _ => pack = Some(arg),
        }
    }
    let pack = pack.ok_or("which pack?")?;
    let found = check(Path::new(&pack), &trust);
    match &found {
        Ok(report) if json => println!("{}", serde_json::json!({ "verified": true, "report": report })),
        Err(fault) if json => println!("{}", serde_json::json!({ "verified": false, "fault": fault })),
        Ok(report) => {
            println!(
                "OK: {} files, {} captures, {} originals, {} entries of the log",
                report.files, report.captures, report.originals, report.entries
            );
            report.stamped.iter().for_each(|stamp| println!("stamped: {stamp}"));
            report.on_its_own_word.iter().for_each(|word| println!("note: {word}"));
            if explained {
                println!();
                explain(report).iter().for_each(|line| println!("{line}"));
            }
        }
        Err(fault) => println!("REJECTED: {fault}"),
    }
    Ok(if found.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
