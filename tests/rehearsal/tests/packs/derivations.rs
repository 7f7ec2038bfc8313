//! Original and derivation make the redacted view: repeated here, and by a program in another language.

use std::fs;

use model::{CaptureId, Timestamp};
use page::{CaptureRecord, FetchedPage, Profiles};
use redactor::{OutboxKey, RedactedPage, Redactor, Step, TokenKey};
use synthetic::site::Site;

/// Pages of two sites as a crawl would have fetched them, redacted.
fn pages() -> Vec<(FetchedPage, RedactedPage)> {
    let redactor = Redactor::new(TokenKey::from_bytes([5; 32]));
    let mut made = Vec::new();
    for (seed, number) in [(81, 0_u8), (82, 1)] {
        let site = Site::generate(seed, 130);
        for (path, at) in site.in_scope.iter().zip(0_u8..) {
            let response = &site.pages[path];
            let started = Timestamp::from_secs(1_795_000_000);
            let mut id = [number; 16];
            id[15] = at;
            let record = || {
                let mut record = CaptureRecord::begun(
                    CaptureId::from_bytes(id),
                    model::AuthorisationId::from_bytes([1; 16]),
                    rehearsal::CASE.parse().unwrap(),
                    "site-1",
                    site.url(path),
                    started,
                );
                record.status = 200;
                record.response_headers = response.headers.clone().into();
                record.body = model::Sensitive::new(response.body.clone());
                FetchedPage::new(record)
            };
            let redacted = redactor.redact(page::parse(record(), &Profiles::builtin()));
            made.push((record(), redacted));
        }
    }
    made
}

#[test]
fn another_program_repeats_two_hundred_redactions_from_their_derivations() {
    let (pages, key) = (pages(), OutboxKey::from_bytes([6; 32]));
    assert!(pages.len() >= 200, "{}", pages.len());
    let folder = tempfile::tempdir().unwrap();
    let (mut lines, mut copied, mut given) = (String::new(), 0, 0);
    for (number, (fetched, redacted)) in pages.iter().enumerate() {
        // Through the outbox and back: what an export reads.
        let read = RedactedPage::from_row(&redacted.to_row(&key), &key).unwrap();
        assert!(read == *redacted, "a row loses nothing");
        let derivation = read.derivation().unwrap();
        for step in derivation.title.iter().chain(&derivation.board).chain(&derivation.body) {
            match step {
                Step::Copy { start, end } | Step::Reference { start, end } => copied += end - start,
                Step::Text(text) => given += text.chars().filter(|c| !c.is_whitespace()).count(),
                Step::Token { .. } => {}
            }
        }
        let record = fetched.encode();
        fs::write(folder.path().join(number.to_string()), record.expose()).unwrap();
        lines.push_str(&evidence::derivation_line(&read, &sealed(read.capture())).unwrap());
        lines.push('\n');
    }
    assert!(
        given * 50 < copied as usize,
        "{given} characters are given as text, and {copied} are shown in the original"
    );
    fs::write(folder.path().join("derivations.jsonl"), &lines).unwrap();
    let agreed = by_python(folder.path());
    assert_eq!(agreed, format!("{} agree\n", pages.len()));

    // One character moved, and it does not.
    let at = lines.find("[\"copy\",").unwrap() + 8;
    let end = at + lines[at..].find(',').unwrap();
    let start: u32 = lines[at..end].parse().unwrap();
    lines.replace_range(at..end, &(start + 1).to_string());
    fs::write(folder.path().join("derivations.jsonl"), &lines).unwrap();
    assert!(by_python(folder.path()).starts_with("WRONG: "));
    super::determinism::the_same_inputs_make_the_same_bytes(&pages[..40]);
}

/// The program that every pack carries, over records as they are.
fn by_python(folder: &std::path::Path) -> String {
    let program = "
import json, sys
sys.path.insert(0, sys.argv[1])
import check_derivation as check
agreed = 0
try:
    for number, line in enumerate(open('derivations.jsonl', encoding='utf-8')):
        check.check(json.loads(line), record=open(str(number), 'rb').read())
        agreed += 1
    print(agreed, 'agree')
except check.Wrong as wrong:
    print('WRONG:', wrong)
";
    let tools = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../crates/evidence/tools");
    let ran = super::tools::python().args(["-B", "-c", program]).arg(tools).current_dir(folder).output().unwrap();
    assert!(ran.status.success(), "{ran:?}");
    String::from_utf8(ran.stdout).unwrap()
}

/// What the vault would say of it; the derivation names only its commitments.
pub(super) fn sealed(capture: CaptureId) -> vault::Sealed {
    vault::Sealed {
        capture,
        case: rehearsal::CASE.parse().unwrap(),
        authorisation: model::AuthorisationId::from_bytes([1; 16]),
        epoch: model::EpochId::from_bytes([2; 16]),
        payload_hash: [3; 32],
        header_hash: [4; 32],
        payload_bytes: 1,
        header_bytes: 1,
        commitments: audit::Commitments { blake3: [5; 32], sha256: [6; 32] },
        sealed_at: Timestamp::from_secs(1_795_000_000),
        state: vault::State::Sealed,
    }
}
