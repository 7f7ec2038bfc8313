//! The demonstration's judge: it has the truth about the sites and the token key of the throw-away installation, which
//! nobody has of a real case, and says which tokens the identifiers that were planted have become.
//!
//! `judge TOKEN-KEY TRUTH` prints `[{"label": …, "members": pages, "sites": sites, "tokens": […]}, …]`, one for each group
//! of pages that share an identifier. Whether those pages are really linked is then asked of the product itself.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "it prints its verdict")]

use std::collections::BTreeSet;
use std::path::Path;
use std::process::ExitCode;

use redactor::{Options, Redactor, TokenKey, redact_text};
use serde_json::{Value, json};
use synthetic::truth::{Group, Truth};

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [key, truth] = &args[..] else {
        eprintln!("usage: judge TOKEN-KEY TRUTH");
        return ExitCode::from(2);
    };
    match judge(Path::new(key), Path::new(truth)) {
        Ok(groups) => {
            println!("{}", Value::from(groups));
            ExitCode::SUCCESS
        }
        Err(why) => {
            eprintln!("error: failed to {why}");
            ExitCode::FAILURE
        }
    }
}

fn judge(key: &Path, truth: &Path) -> Result<Vec<Value>, String> {
    let redactor = Redactor::new(TokenKey::load(key).map_err(|error| error.to_string())?);
    let text = std::fs::read_to_string(truth).map_err(|error| format!("read the truth: {error}"))?;
    let truth: Truth = serde_json::from_str(&text).map_err(|error| format!("read the truth: {error}"))?;
    Ok(truth.groups.iter().map(|group| verdict(&redactor, group)).collect())
}

fn verdict(redactor: &Redactor, group: &Group) -> Value {
    let spans = |written: &str| redact_text(redactor, written, &Options::default()).spans;
    let tokens: BTreeSet<String> = group
        .members
        .iter()
        .flat_map(|member| spans(&member.written))
        .filter(|span| span.label == group.label)
        .map(|span| span.token.to_string())
        .collect();
    let sites: BTreeSet<&str> = group.members.iter().map(|member| &*member.site).collect();
    let pages: BTreeSet<&str> = group.members.iter().map(|member| &*member.url).collect();
    json!({ "label": group.label, "members": pages.len(), "sites": sites.len(), "tokens": tokens })
}
