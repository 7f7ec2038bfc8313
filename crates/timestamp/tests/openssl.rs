//! Against OpenSSL as the authority, and as the judge.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use rand::rngs::OsRng;
use sha2::{Digest as _, Sha256};
use timestamp::{Error, Query};

fn openssl(home: &Path, args: &[&str]) -> bool {
    let ran = Command::new("openssl").args(args).current_dir(home).stdin(Stdio::null()).output();
    ran.expect("Debian's openssl").status.success()
}

/// A certificate authority, and a time-stamping authority under it.
fn authority(home: &Path) {
    let subject = "subjectKeyIdentifier=hash\nbasicConstraints=critical,CA:";
    fs::write(home.join("ca.cnf"), format!("[v]\n{subject}TRUE\n")).unwrap();
    fs::write(home.join("tsa.ext"), format!("[v]\n{subject}FALSE\nextendedKeyUsage=critical,timeStamping\n")).unwrap();
    fs::write(
        home.join("tsa.cnf"),
        "[tsa]\ndefault_tsa=one\n[one]\nserial=serial\ncrypto_device=builtin\nsigner_cert=tsa.pem\nsigner_key=tsa.key\n\
         signer_digest=sha256\ndefault_policy=1.3.6.1.4.1.99999.1\ndigests=sha256\naccuracy=secs:1\ness_cert_id_alg=sha256\n",
    )
    .unwrap();
    fs::write(home.join("serial"), "01\n").unwrap();
    let key = ["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out"];
    for name in ["ca.key", "tsa.key"] {
        assert!(openssl(home, &[&key[..], &[name]].concat()));
    }
    let ca = ["req", "-new", "-x509", "-key", "ca.key", "-subj", "/CN=Example Root", "-days", "9", "-out", "ca.pem"];
    assert!(openssl(home, &ca));
    assert!(openssl(home, &["req", "-new", "-key", "tsa.key", "-subj", "/CN=Example TSA", "-out", "tsa.csr"]));
    let sign = ["x509", "-req", "-in", "tsa.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "9"];
    assert!(openssl(home, &[&sign[..], &["-extfile", "tsa.ext", "-extensions", "v", "-out", "tsa.pem"]].concat()));
}

#[test]
fn openssl_answers_our_query_and_its_answer_is_ours_alone() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    authority(home);
    let text = b"a checkpoint of an invented log\n";
    let query = Query::new(Sha256::digest(text).into(), &mut OsRng);
    fs::write(home.join("data"), text).unwrap();
    fs::write(home.join("q.tsq"), query.to_der()).unwrap();
    assert!(openssl(home, &["ts", "-reply", "-config", "tsa.cnf", "-queryfile", "q.tsq", "-out", "r.tsr"]));
    let reply = fs::read(home.join("r.tsr")).unwrap();
    let stamp = query.read(&reply).unwrap();
    assert_eq!((stamp.policy.as_str(), stamp.serial.as_str()), ("1.3.6.1.4.1.99999.1", "02"));
    let judged = |data: &str| openssl(home, &["ts", "-verify", "-in", "r.tsr", "-data", data, "-CAfile", "ca.pem"]);
    assert!(judged("data"));
    fs::write(home.join("other"), b"a checkpoint of another log\n").unwrap();
    assert!(!judged("other"));

    let other = Query::new(*query.digest(), &mut OsRng);
    assert_eq!(other.read(&reply), Err(Error::Other { what: "nonce" }));
    let other = Query::new([9; 32], &mut OsRng);
    assert_eq!(other.read(&reply), Err(Error::Other { what: "digest" }));

    // An authority that gives the time with fractions of a second.
    let fine = fs::read_to_string(home.join("tsa.cnf")).unwrap() + "clock_precision_digits=6\n";
    fs::write(home.join("tsa.cnf"), fine).unwrap();
    assert!(openssl(home, &["ts", "-reply", "-config", "tsa.cnf", "-queryfile", "q.tsq", "-out", "fine.tsr"]));
    let later = query.read(&fs::read(home.join("fine.tsr")).unwrap()).unwrap();
    assert!((0..60_000).contains(&later.time.since_millis(stamp.time)));

    // A digest that the authority does not take: it answers, and grants nothing.
    let refusal = fs::read_to_string(home.join("tsa.cnf")).unwrap().replace("digests=sha256", "digests=sha512");
    fs::write(home.join("tsa.cnf"), refusal).unwrap();
    assert!(openssl(home, &["ts", "-reply", "-config", "tsa.cnf", "-queryfile", "q.tsq", "-out", "no.tsr"]));
    assert_eq!(query.read(&fs::read(home.join("no.tsr")).unwrap()), Err(Error::NotGranted));

    // What is cut, lengthened, or changed is refused, or says the same: the signature is OpenSSL's to judge.
    for end in 0..reply.len() {
        assert!(query.read(&reply[..end]).is_err(), "its first {end} bytes");
    }
    assert!(query.read(&[&reply[..], b"\0"].concat()).is_err());
    for bit in 0..reply.len() * 8 {
        let mut changed = reply.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        let _ = query.read(&changed); // no panic
    }
}
