//! Time stamps under checkpoints, by an authority that is OpenSSL on the loopback address.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use rehearsal::Installation;

use crate::ready;

/// Requests that the authority answers before it goes home.
const MOST: usize = 16;

pub(crate) fn openssl(home: &Path, args: &[&str]) {
    let ran = Command::new("openssl").args(args).current_dir(home).stdin(Stdio::null()).output().expect("openssl");
    assert!(ran.status.success(), "{args:?}: {ran:?}");
}

/// Keys and certificates of a root and of an authority under it.
pub(crate) fn prepare(home: &Path) {
    fs::create_dir(home).unwrap();
    let extension = "[v]\nbasicConstraints=critical,CA:FALSE\nextendedKeyUsage=critical,timeStamping\n";
    fs::write(home.join("tsa.ext"), extension).unwrap();
    fs::write(
        home.join("tsa.cnf"),
        "[tsa]\ndefault_tsa=one\n[one]\nserial=serial\ncrypto_device=builtin\nsigner_cert=tsa.pem\nsigner_key=tsa.key\n\
         signer_digest=sha256\ndefault_policy=1.3.6.1.4.1.99999.1\ndigests=sha256\ness_cert_id_alg=sha256\n",
    )
    .unwrap();
    fs::write(home.join("serial"), "01\n").unwrap();
    for key in ["ca.key", "tsa.key"] {
        openssl(home, &["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", key]);
    }
    openssl(
        home,
        &["req", "-new", "-x509", "-key", "ca.key", "-subj", "/CN=Example Root", "-days", "9", "-out", "ca.pem"],
    );
    openssl(home, &["req", "-new", "-key", "tsa.key", "-subj", "/CN=Example TSA", "-out", "tsa.csr"]);
    let sign = ["x509", "-req", "-in", "tsa.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "9"];
    openssl(home, &[&sign[..], &["-extfile", "tsa.ext", "-extensions", "v", "-out", "tsa.pem"]].concat());
}

/// Answers queries as RFC 3161, section 3.4 has it over HTTP.
pub(crate) fn serve(home: PathBuf, listener: TcpListener) {
    std::thread::spawn(move || {
        for connection in listener.incoming().take(MOST).flatten() {
            let _ = answer(&home, connection);
        }
    });
}

fn answer(home: &Path, mut connection: TcpStream) -> std::io::Result<()> {
    connection.set_read_timeout(Some(Duration::from_secs(5)))?;
    let mut reader = BufReader::new(connection.try_clone()?);
    let mut length = 0;
    for line in reader.by_ref().lines() {
        let line = line?;
        if line.is_empty() {
            break;
        }
        if let Some(value) = line.strip_prefix("content-length: ") {
            length = value.parse().unwrap_or(0);
        }
    }
    let mut query = vec![0; length];
    reader.read_exact(&mut query)?;
    fs::write(home.join("q.tsq"), query)?;
    openssl(home, &["ts", "-reply", "-config", "tsa.cnf", "-queryfile", "q.tsq", "-out", "r.tsr"]);
    connection.write_all(b"HTTP/1.0 200 OK\r\ncontent-type: application/timestamp-reply\r\n\r\n")?;
    connection.write_all(&fs::read(home.join("r.tsr"))?)
}

fn stamped(lanthorn: &Installation, extra: &[&str]) -> rehearsal::Ran {
    lanthorn.by("u.paul", &[&["audit", "stamp"], extra].concat())
}

#[test]
fn checkpoints_are_stamped_queued_while_offline_and_judged_by_openssl() {
    let lanthorn = ready(79, 20);
    assert_eq!(stamped(&lanthorn, &[]).code, 2, "no authority is configured");
    let home = lanthorn.path("tsa");
    prepare(&home);
    // A port that nobody listens on yet: the authority is offline.
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let file = lanthorn.data().join("lanthorn.toml");
    let config = fs::read_to_string(&file).unwrap();
    fs::write(&file, config.replace("authorities = []", &format!("authorities = [\"http://{address}/tsa\"]"))).unwrap();
    let offline = stamped(&lanthorn, &[]);
    assert_ne!(offline.code, 0, "{offline:?}");
    assert_eq!(offline.json()["waiting"], 1, "{offline:?}");
    assert_eq!(stamped(&lanthorn, &[]).json()["waiting"], 1, "it is asked about once");

    serve(home.clone(), TcpListener::bind(address).unwrap());
    let online = stamped(&lanthorn, &[]).good().json();
    assert_eq!((online["stamped"].as_array().unwrap().len(), &online["waiting"]), (1, &0.into()), "{online}");
    assert_eq!(stamped(&lanthorn, &[]).good().json()["stamped"], serde_json::json!([]), "the last one is young");
    let _ = lanthorn.crawl().good();
    assert_eq!(stamped(&lanthorn, &["--now"]).good().json()["stamped"].as_array().unwrap().len(), 1);

    let ca = home.join("ca.pem").display().to_string();
    let listed = lanthorn.run(&["audit", "stamps", "--ca", &ca]).good().json();
    let listed = listed.as_array().unwrap();
    assert!(listed.len() == 2 && listed.iter().all(|one| one["signature"] == "holds"), "{listed:?}");
    // By hand, as an outside expert would, from a copy of the public log.
    let copy = lanthorn.path("copy");
    let _ = lanthorn.run(&["audit", "export", &copy.display().to_string()]).good();
    let stamps = copy.join("stamps");
    let replies: Vec<_> = fs::read_dir(&stamps).unwrap().map(|entry| entry.unwrap().path()).collect();
    let reply = replies.iter().find(|path| path.extension().is_some_and(|extension| extension == "tsr")).unwrap();
    let name = reply.file_name().unwrap().to_str().unwrap();
    let data = format!("{}.checkpoint", name.split('-').next().unwrap());
    openssl(&stamps, &["ts", "-verify", "-data", &data, "-in", name, "-CAfile", &ca]);

    // Another root; a changed reply; a changed checkpoint.
    let other = lanthorn.path("other");
    prepare(&other);
    let wrong = lanthorn.run(&["audit", "stamps", "--ca", &other.join("ca.pem").display().to_string()]);
    assert!(wrong.code != 0 && wrong.err.contains("OpenSSL refuses"), "{wrong:?}");
    let folder = lanthorn.data().join("log/stamps");
    for (file, judge) in [(name, true), (data.as_str(), false)] {
        let path = folder.join(file);
        let before = fs::read(&path).unwrap();
        let mut changed = before.clone();
        let last = changed.len() - 9;
        changed[last] ^= 1;
        fs::write(&path, changed).unwrap();
        let args: &[&str] = if judge { &["audit", "stamps", "--ca", &ca] } else { &["audit", "stamps"] };
        assert_ne!(lanthorn.run(args).code, 0, "{file}");
        fs::write(&path, before).unwrap();
    }
    let verified = lanthorn.run(&["audit", "verify"]).good().json();
    assert_eq!((&verified["verified"], &verified["open_intents"]), (&true.into(), &0.into()), "{verified}");
}
