//! `lanthorn redact`: text in, redacted text out, under a random key that dies with the process.

use std::io::{self, IsTerminal, Read, Write};
use std::num::NonZeroUsize;

use anyhow::Context as _;
use model::Kind;
use rand::rngs::OsRng;
use redactor::jsonl::JsonlOptions;
use redactor::{Options, Redactor, TokenKey};
use zeroize::Zeroizing;

use crate::args::RedactArgs;
use crate::failure::{failure, usage};
use crate::site::failed;

/// The longest plain text or page that is read.
const MAX_INPUT_BYTES: u64 = 32 << 20;

pub(crate) fn run(args: &RedactArgs) -> anyhow::Result<()> {
    if io::stdin().is_terminal() {
        let _ = writeln!(io::stderr(), "reading from the keyboard; end with Ctrl-D");
    }
    // A fresh key each time: the tokens of a run can be compared with one another and with nothing else.
    let redactor = Redactor::new(TokenKey::generate(&mut OsRng));
    let text = Options { lang: args.lang.clone(), ..Options::default() };
    if args.jsonl {
        let options = JsonlOptions { text, explain: args.explain };
        let threads = std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
        let out = io::BufWriter::new(io::stdout().lock());
        let summary = redactor::jsonl::run_parallel(io::stdin(), out, &redactor, &options, threads).map_err(failed)?;
        if args.stats {
            let counts: Vec<_> = summary.spans.iter().map(|(label, count)| format!("{label} {count}")).collect();
            let _ =
                writeln!(io::stderr(), "{} texts, {} bytes; {}", summary.texts, summary.text_bytes, counts.join(", "));
        }
        return match summary.bad_lines {
            0 => Ok(()),
            1 => Err(failure(Kind::CheckFailed, "1 line was answered with an error")),
            many => Err(failure(Kind::CheckFailed, format!("{many} lines were answered with an error"))),
        };
    }
    if args.html {
        return html(&redactor, read_all()?, args.stats);
    }
    let input = Zeroizing::new(String::from_utf8_lossy(&read_all()?).into_owned());
    let redacted = redactor::redact_text(&redactor, &input, &text);
    let mut out = io::BufWriter::new(io::stdout().lock());
    out.write_all(redacted.redacted.as_bytes())
        .and_then(|()| out.flush())
        .context("failed to write to standard output")?;
    let mut notes = io::stderr().lock();
    if args.explain {
        for span in &redacted.spans {
            let _ = writeln!(
                notes,
                "{}..{} {} by {} ({}): {}",
                span.start, span.end, span.token, span.detector, span.rule, span.reason
            );
        }
    }
    if args.stats {
        let mut counts = std::collections::BTreeMap::<_, u64>::new();
        redacted.spans.iter().for_each(|span| *counts.entry(span.label).or_default() += 1);
        let counts: Vec<_> = counts.iter().map(|(label, count)| format!("{label} {count}")).collect();
        let _ = writeln!(notes, "{}", counts.join(", "));
    }
    Ok(())
}

/// A page: title and visible text. What stands elsewhere on it is searched, too, and counts in the statistics.
fn html(redactor: &Redactor, mut input: Zeroizing<Vec<u8>>, stats: bool) -> anyhow::Result<()> {
    let page = redactor.redact_html(std::mem::take(&mut *input)).map_err(failed)?;
    let mut out = io::BufWriter::new(io::stdout().lock());
    let written = writeln!(out, "{}", page.title()).and_then(|()| writeln!(out, "{}", page.body()));
    written.and_then(|()| out.flush()).context("failed to write to standard output")?;
    if stats {
        let counts: Vec<_> = page.counts().iter().map(|(label, count)| format!("{label} {count}")).collect();
        let _ = writeln!(io::stderr(), "{}", counts.join(", "));
    }
    Ok(())
}

fn read_all() -> anyhow::Result<Zeroizing<Vec<u8>>> {
    let mut bytes = Zeroizing::new(Vec::new());
    io::stdin().lock().take(MAX_INPUT_BYTES + 1).read_to_end(&mut bytes).context("failed to read standard input")?;
    if bytes.len() as u64 > MAX_INPUT_BYTES {
        return Err(usage("the input is longer than 32 MiB; give it in parts, or as --jsonl"));
    }
    Ok(bytes)
}
