//! What the fuzzers found worth keeping (`tests/fuzz/corpus`), read again on the stable toolchain: whatever is accepted is in its
//! one form.

use std::fs;
use std::path::Path;

use seal::{DecryptionShare, EpochCertificate, Header, Label, Plan, RepairPlan};

/// Every file of the corpora of these targets.
fn kept(targets: &[&str]) -> Vec<Vec<u8>> {
    let corpora = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fuzz/corpus");
    let files = |target: &&str| fs::read_dir(corpora.join(target)).unwrap().map(|entry| entry.unwrap().path());
    let all: Vec<_> = targets.iter().flat_map(files).map(|path| fs::read(path).unwrap()).collect();
    assert!(all.len() > 50, "the corpora have {} files", all.len());
    all
}

#[test]
fn nothing_in_the_corpora_has_two_forms() {
    let mut labels = 0;
    for bytes in kept(&["share", "label", "seal_header"]) {
        // Some targets read their first byte as a choice.
        for bytes in [&bytes[..], bytes.get(1..).unwrap_or_default()] {
            if let Ok(label) = Label::from_bytes(bytes) {
                assert_eq!(label.to_bytes(), bytes);
                labels += 1;
            }
            if let Ok(share) = DecryptionShare::from_bytes(bytes) {
                assert_eq!(share.to_bytes(), bytes);
            }
            if let Ok(header) = Header::parse(bytes) {
                assert_eq!(header.as_bytes(), bytes);
                let _ = header.verify();
            }
            if let Ok(certificate) = EpochCertificate::from_bytes(bytes) {
                assert_eq!(certificate.to_bytes(), bytes);
            }
            if let Ok(plan) = Plan::from_bytes(bytes) {
                assert_eq!(plan.to_bytes(), bytes);
            }
            if let Ok(plan) = RepairPlan::from_bytes(bytes) {
                assert_eq!(plan.to_bytes(), bytes);
            }
        }
    }
    assert!(labels > 0, "there is a good label among them");
}
