//! A good pack before programs that are not ours.

use std::fs;
use std::process::{Command, Stdio};

use data_encoding::HEXLOWER;
use sha2::{Digest as _, Sha256};

use super::{FRAME_BYTES, Packed, accepts, corruptions};

/// What authsign, which signed archives are made for, says of ours under a local root.
const AUTHSIGN: &str = "
import json, zipfile
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from authsign.verifier import Verifier
root = x509.load_pem_x509_certificate(open('tsa/ca.pem', 'rb').read()).fingerprint(hashes.SHA256()).hex()
open('roots.yaml', 'w').write('domain_cert_roots:\\n  - \"%s\"\\ntimestamp_cert_roots:\\n  - \"%s\"\\n' % (root, root))
signed = json.loads(zipfile.ZipFile('pack/redacted.wacz').read('datapackage-digest.json'))['signedData']
verifier = Verifier(trusted_roots_filename='roots.yaml')
print(verifier(signed))
signed['hash'] = 'sha256:' + '0' * 64
try:
    accepted = bool(verifier(signed))
except Exception:
    accepted = False
assert not accepted
";

/// The judges that are written in Python, and the log's verifier that is written in Go.
pub(super) fn judges_accept(made: &Packed) {
    let judge = |name: &str, args: &[&str]| {
        let python = python();
        let program = std::path::Path::new(python.get_program()).with_file_name(name);
        let mut command = Command::new(program);
        command.args(args).current_dir(made.lanthorn.path(""));
        command
    };
    assert!(accepts(&mut judge("warcio", &["check", "data.warc.gz"])), "warcio");
    assert!(accepts(&mut judge("wacz", &["validate", "-f", "pack/redacted.wacz"])), "wacz");
    let judged = python().args(["-B", "-c", AUTHSIGN]).current_dir(made.lanthorn.path("")).output().unwrap();
    assert!(judged.status.success(), "{judged:?}");
    assert!(String::from_utf8_lossy(&judged.stdout).contains(super::DOMAIN), "{judged:?}");
    let stamps = made.pack.join("log/stamps");
    let names = fs::read_dir(&stamps).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let replies: Vec<_> = names.filter(|name| name.ends_with(".tsr")).collect();
    assert_eq!(replies.len(), 2, "one by each authority: {replies:?}");
    let roots = made.lanthorn.path("roots.pem");
    fs::write(&roots, made.trust.roots.as_ref().unwrap()).unwrap();
    for reply in replies {
        let note = format!("{}.checkpoint", reply.split('-').next().unwrap());
        let roots = roots.display().to_string();
        crate::stamps::openssl(&stamps, &["ts", "-verify", "-data", &note, "-in", &reply, "-CAfile", &roots]);
    }
    let records = made.pack.join("archive-stamps");
    let names = fs::read_dir(&records).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let replies: Vec<_> = names.filter(|name| name.ends_with(".tsr")).collect();
    assert_eq!(replies.len(), 2, "the third authority was silent: {replies:?}");
    for reply in replies {
        stamped(made, &records.join(reply));
    }
    let mut derivation = python();
    derivation.args(["-B", "tools/check_derivation.py", "--original"]).arg(made.lanthorn.path("opened"));
    derivation.args(["derivations.jsonl", "redacted.wacz"]).current_dir(&made.pack);
    assert!(accepts(&mut derivation), "{derivation:?}");

    let verifier = made.lanthorn.path("go-verifier");
    let mut go = Command::new("go");
    go.args(["build", "-o"]).arg(&verifier).arg(concat!(env!("CARGO_MANIFEST_DIR"), "/../go-verifier/main.go"));
    go.envs([("GO111MODULE", "off"), ("GOPATH", "/usr/share/gocode"), ("GOFLAGS", "")]);
    go.env("GOCACHE", made.lanthorn.path("go-cache"));
    assert!(accepts(&mut go), "golang-golang-x-mod-dev is installed: `cargo xtask test` does so");
    assert!(
        accepts(Command::new(&verifier).arg("-pack").arg(&made.pack).arg(made.lanthorn.data().join("log/log.vkey"))),
        "go"
    );
}

/// Stock `age` opens it, the judges of web archives accept it, and the page in it is what the server had sent. The redacted archive has
/// nothing of it.
pub(super) fn the_archive_of_originals_is_the_recipients_alone(made: &Packed) {
    let (identity, opened) = (made.lanthorn.path("court.key"), made.lanthorn.path("unredacted.wacz"));
    let mut age = Command::new("age");
    age.args(["--decrypt", "-i"]).arg(&identity).arg("-o").arg(&opened);
    assert!(accepts(age.arg(made.pack.join("originals/unredacted.wacz.age"))));
    let inside = corruptions::members(&opened);
    let warc = made.lanthorn.path("unredacted.warc.gz");
    fs::write(&warc, &inside.iter().find(|(name, _)| name == "archive/data.warc.gz").unwrap().1).unwrap();
    let judged = python().args(["-B", "-c", ORIGINALS]).arg(&opened).arg(&warc).output().unwrap();
    assert!(judged.status.success(), "{judged:?}");
    let told: serde_json::Value = serde_json::from_slice(&judged.stdout).unwrap();
    let path = told["url"].as_str().unwrap().strip_prefix(&format!("http://{}", made.lanthorn.site.host)).unwrap();
    let sent = HEXLOWER.encode(&Sha256::digest(&made.lanthorn.site.pages[path].body));
    assert_eq!((&told["body_sha256"], &told["kinds"]), (&sent.into(), &"warcinfo response request metadata".into()));
    for name in ["unredacted.wacz", "unredacted.warc.gz"] {
        fs::remove_file(made.lanthorn.path(name)).unwrap();
    }
}

/// `wacz validate` and `warcio check` in one process, and what the response holds.
const ORIGINALS: &str = "
import hashlib, json, subprocess, sys, os
from warcio.archiveiterator import ArchiveIterator
wacz, warc = sys.argv[1:]
tools = os.path.dirname(sys.executable)
for judge in (['warcio', 'check', warc], ['wacz', 'validate', '-f', wacz]):
    subprocess.run([os.path.join(tools, judge[0])] + judge[1:], check=True, stdout=sys.stderr)
kinds, told = [], {}
for record in ArchiveIterator(open(warc, 'rb')):
    kinds.append(record.rec_type)
    if record.rec_type == 'response':
        told['url'] = record.rec_headers.get_header('WARC-Target-URI')
        told['body_sha256'] = hashlib.sha256(record.raw_stream.read()).hexdigest()
told['kinds'] = ' '.join(kinds)
print(json.dumps(told))
";

/// OpenSSL holds a token against the records of the archive.
fn stamped(made: &Packed, reply: &std::path::Path) {
    let path = |path: std::path::PathBuf| path.display().to_string();
    let (data, reply) = (path(made.lanthorn.path("data.warc.gz")), path(reply.to_owned()));
    let roots = path(made.lanthorn.path("roots.pem"));
    crate::stamps::openssl(&made.pack, &["ts", "-verify", "-data", &data, "-in", &reply, "-CAfile", &roots]);
}

/// The query of the authority that was silent has waited; its token is of the archive that has left.
pub(super) fn who_was_silent_answers_later(made: &Packed) {
    let about: serde_json::Value = serde_json::from_slice(&fs::read(made.pack.join("pack.json")).unwrap()).unwrap();
    assert_eq!(about["archive_stamps"], serde_json::json!({ "asked": 3, "got": 2 }));
    let still = made.lanthorn.by("u.paul", &["audit", "stamp"]);
    assert!(still.code == 4 && still.json()["waiting"] == 2, "the archive and the log: {still:?}");
    let listener = std::net::TcpListener::bind(super::late(&made.lanthorn)).unwrap();
    crate::stamps::serve(made.lanthorn.path("tsa"), listener);
    let answered = made.lanthorn.by("u.paul", &["audit", "stamp"]).good().json();
    let late = answered["stamped"].as_array().unwrap().iter().find(|one| one["archive"].is_string()).unwrap();
    stamped(made, std::path::Path::new(late["file"].as_str().unwrap()));
}

/// The bundle is CASE, by the ontology's own validator.
pub(super) fn case_accepts(pack: &std::path::Path) {
    let python = python();
    let mut validate = Command::new(std::path::Path::new(python.get_program()).with_file_name("case_validate"));
    let ran = validate.args(["--allow-info", "case.jsonld"]).current_dir(pack).output().unwrap();
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stdout));
}

/// Python with the packages of the judges: the set-up makes it under the target folder (`xtask/src/machine.rs`).
pub(super) fn python() -> Command {
    let program = std::env::current_exe().unwrap();
    let found = program.ancestors().map(|folder| folder.join("python/bin/python3")).find(|python| python.exists());
    Command::new(found.expect("target/python is there: `cargo xtask test` makes it"))
}

pub(super) fn stock_tools_accept(made: &Packed) {
    let at = |program: &str, args: &[&str]| {
        let mut command = Command::new(program);
        command.args(args).current_dir(&made.pack);
        command
    };
    assert!(accepts(&mut at("sha256sum", &["--strict", "-c", "MANIFEST.sha256"])));
    let signed = [
        ("s.amina", "pack@lanthorn", "MANIFEST.sha256.sig".to_owned(), "MANIFEST.sha256".to_owned()),
        (
            "s.maria",
            "disclosure@lanthorn",
            "approvals/disclosure.s.maria.sig".to_owned(),
            "approvals/disclosure".to_owned(),
        ),
        (
            "s.jonas",
            "disclosure@lanthorn",
            "approvals/disclosure.s.jonas.sig".to_owned(),
            "approvals/disclosure".to_owned(),
        ),
        (
            "s.maria",
            "grant@lanthorn",
            format!("approvals/{}.s.maria.sig", made.capture),
            format!("approvals/{}", made.capture),
        ),
    ];
    for (who, purpose, signature, message) in signed {
        let message = fs::File::open(made.pack.join(message)).unwrap();
        let args = ["-Y", "verify", "-n", purpose, "-f", "approvals/allowed_signers", "-I", who, "-s", &signature];
        assert!(accepts(at("ssh-keygen", &args).stdin(Stdio::from(message))), "{who} for {purpose}");
    }
    let warc = made.lanthorn.path("data.warc.gz");
    let inside = corruptions::members(&made.pack.join("redacted.wacz"));
    fs::write(&warc, &inside.iter().find(|(name, _)| name == "archive/data.warc.gz").unwrap().1).unwrap();
    assert!(accepts(Command::new("gzip").arg("-t").arg(&warc)));
}

/// Stock `age` opens it, stock `sha256sum` makes the commitment of it, and it is what the server had sent.
pub(super) fn the_original_is_what_was_committed_to(made: &Packed) {
    let identity = made.lanthorn.path("court.key");
    let secret = age::secrecy::ExposeSecret::expose_secret(&made.court.to_string()).to_owned();
    fs::write(&identity, secret + "\n").unwrap();
    let opened = made.lanthorn.path("opened");
    let file = made.pack.join(format!("originals/{}.age", made.capture));
    let mut age = Command::new("age");
    age.args(["--decrypt", "-i"]).arg(&identity).arg("-o").arg(&opened).arg(&file);
    assert!(accepts(&mut age));
    let plain = fs::read(&opened).unwrap();
    let captures = fs::read_to_string(made.pack.join("captures.jsonl")).unwrap();
    let line = captures.lines().find(|line| line.contains(&made.capture)).unwrap();
    let line: serde_json::Value = serde_json::from_str(line).unwrap();
    let commitment = &line["collection"]["hash_value"]["commitment_sha256"];
    assert_eq!(HEXLOWER.encode(&Sha256::digest(&plain)), *commitment);
    let length = usize::try_from(u64::from_be_bytes(plain[1..9].try_into().unwrap())).unwrap();
    let page = page::FetchedPage::decode(&plain[FRAME_BYTES..FRAME_BYTES + length]).unwrap();
    let url = page.record().url.expose();
    let path = url.strip_prefix(&format!("http://{}", made.lanthorn.site.host)).unwrap();
    assert_eq!(page.record().body.expose(), &made.lanthorn.site.pages[path].body);
}
