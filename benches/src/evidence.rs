//! A redacted pack of a thousand captures by the shipped command, beside `warcio` writing the very same WARC records in the same
//! run: time, memory, size. Ours also reads and checks every row, proves every entry of the log, writes derivations and reports,
//! and hashes all of it twice; the peer gets the records parsed and in memory.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, ensure};
use rehearsal::{CASE, Installation};

use crate::watch::Wall;
use crate::{LOWER, Measured, Pair};

const SEED: u64 = 2027;
/// At least so many captures; the site has some pages more, because not all are in scope.
const CAPTURES: usize = 1_000;
const PAGES: usize = 1_100;
const MEGABYTE: f64 = 1e6;
const KIB_IN_A_MIB: f64 = 1024.0;

/// Writes the records of `data.warc.gz` again; prints seconds, bytes written, and its largest size in KiB.
const PEER: &str = "
import io, os, resource, time
from warcio.archiveiterator import ArchiveIterator
from warcio.warcwriter import WARCWriter
records = []
for record in ArchiveIterator(open('data.warc.gz', 'rb')):
    records.append((record.rec_headers, record.raw_stream.read()))
began = time.monotonic()
with open('peer.warc.gz', 'wb') as out:
    writer = WARCWriter(out, gzip=True, warc_version='1.1')
    for headers, block in records:
        made = writer.create_warc_record(headers.get_header('WARC-Target-URI'), headers.get_header('WARC-Type'), payload=io.BytesIO(block),
            length=len(block), warc_content_type=headers.get_header('Content-Type'), warc_headers_dict={'WARC-Date': headers.get_header('WARC-Date')})
        writer.write_record(made)
print(time.monotonic() - began, os.path.getsize('peer.warc.gz'), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, len(records))
";

/// Runs a command and prints its largest size in KiB last.
const WATCHED: &str = "
import resource, subprocess, sys
ran = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
sys.exit(ran.returncode)
";

pub(crate) fn measure() -> Result<Measured> {
    let lanthorn = Installation::ready(&beside("lanthorn-in-memory")?, SEED, PAGES);
    let _ = lanthorn.crawl().good();
    let grant = lanthorn.path("grant").display().to_string();
    let ask = [
        "evidence",
        "ask",
        CASE,
        "--recipient",
        "a court",
        "--reason",
        "a bench",
        "--legal-basis",
        "none",
        "--out",
        &grant,
    ];
    let _ = lanthorn.by("s.amina", &ask).good();
    for who in ["s.maria", "s.jonas"] {
        let _ = lanthorn.run(&["evidence", "sign", &grant, "--keys", &lanthorn.key_folder(who)]).good();
    }
    let (keys, pack) = (lanthorn.key_folder("s.amina"), lanthorn.path("pack"));
    let to = pack.display().to_string();
    let mut export = lanthorn.command(&["evidence", "export", &grant, "--keys", &keys, "--out", &to], 2);
    export.args(["--as", "s.amina"]);
    let mut watched = Command::new(python()?);
    watched.args(["-c", WATCHED]).arg(export.get_program()).args(export.get_args());
    for (name, value) in export.get_envs() {
        match value {
            Some(value) => watched.env(name, value),
            None => watched.env_remove(name),
        };
    }
    let began = Wall::begin();
    let ran = watched.stdin(Stdio::null()).output()?;
    let seconds = began.seconds();
    ensure!(ran.status.success(), "export failed: {}", String::from_utf8_lossy(&ran.stderr));
    let memory: f64 = String::from_utf8_lossy(&ran.stdout).trim().parse().context("the size of export")?;

    let warc = unzipped(&fs::read(pack.join("redacted.wacz"))?).context("the WARC in the archive")?;
    fs::write(lanthorn.path("data.warc.gz"), &warc)?;
    let peer = Command::new(python()?).args(["-c", PEER]).current_dir(lanthorn.path("")).output()?;
    ensure!(peer.status.success(), "warcio failed: {}", String::from_utf8_lossy(&peer.stderr));
    let said = String::from_utf8_lossy(&peer.stdout).into_owned();
    let numbers: Vec<f64> =
        said.split_whitespace().map(str::parse).collect::<Result<_, _>>().context("what warcio said")?;
    let [peer_seconds, peer_bytes, peer_memory, records] = numbers[..] else { anyhow::bail!("warcio said {said}") };

    let whole = sizes(&pack)?;
    let captures = fs::read_to_string(pack.join("captures.jsonl"))?.lines().count();
    ensure!(captures >= CAPTURES, "{captures} captures are too few for this bench");
    let mut measured = Measured::default();
    let pair = |ours: f64, peer: f64, unit| Pair { ours, peer, unit, better: LOWER };
    measured.pair("evidence", pair(seconds, peer_seconds, "s"));
    measured.pair("evidence, memory", pair(memory / KIB_IN_A_MIB, peer_memory / KIB_IN_A_MIB, "MiB"));
    measured.pair("evidence, WARC", pair(warc.len() as f64 / MEGABYTE, peer_bytes / MEGABYTE, "MB"));
    measured
        .notes
        .push(format!("{captures} captures, {records} records; the whole pack has {:.1} MB", whole as f64 / MEGABYTE));
    Ok(measured)
}

/// The WARC in an archive of stored members. Its name also stands in the package's description, which is no member's head.
fn unzipped(bytes: &[u8]) -> Option<Vec<u8>> {
    let (name, head) = (b"archive/data.warc.gz", b"PK\x03\x04");
    let mut places = bytes.windows(name.len()).enumerate().filter(|(_, window)| window == name).map(|(at, _)| at);
    let at = places.find(|at| at.checked_sub(30).is_some_and(|from| bytes[from..].starts_with(head)))?;
    let size = u32::from_le_bytes(bytes.get(at - 30 + 18..at - 30 + 22)?.try_into().ok()?) as usize;
    Some(bytes.get(at + name.len()..at + name.len() + size)?.to_vec())
}

fn sizes(folder: &std::path::Path) -> Result<u64> {
    let mut sum = 0;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        sum += if entry.file_type()?.is_dir() { sizes(&entry.path())? } else { entry.metadata()?.len() };
    }
    Ok(sum)
}

fn beside(name: &str) -> Result<PathBuf> {
    let beside = std::env::current_exe()?.with_file_name(name);
    ensure!(beside.exists(), "build it first: cargo build --release --package rehearsal --bins");
    Ok(beside)
}

/// The environment that the set-up makes under the target folder.
fn python() -> Result<PathBuf> {
    let program = std::env::current_exe()?;
    let found = program.ancestors().map(|folder| folder.join("python/bin/python3")).find(|python| python.exists());
    found.context("target/python is missing: `cargo xtask test` makes it")
}
