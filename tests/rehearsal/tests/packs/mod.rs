//! Evidence packs: made by the shipped commands, checked by ours and by others' programs.

mod corruptions;
mod derivations;
mod determinism;
mod papers;
mod reports;
mod tools;

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;

use client::{KeyFolder, Unlocked};
use rehearsal::{CASE, Installation};
use verify::Trust;

use crate::ready;
use crate::stamps::{openssl, prepare, serve};
use crate::unsealing::{FRAME_BYTES, some_capture, witness};

/// The unit's own domain.
const DOMAIN: &str = "evidence.unit.example";

/// A pack, and what belongs to it.
struct Packed {
    lanthorn: Installation,
    pack: PathBuf,
    court: age::x25519::Identity,
    capture: String,
    request: String,
    trust: Trust,
}

/// A pack of a whole case with one original, made by s.amina and approved by the others.
fn packed(lanthorn: Installation) -> Packed {
    let capture = some_capture(&lanthorn);
    let court = age::x25519::Identity::generate();
    let request = ask_and_approve(&lanthorn, &capture);
    let domain = authorities(&lanthorn);
    let pack = lanthorn.path("pack");
    let grant = granted(&lanthorn, &["--unredacted"]);
    let (keys, to) = (lanthorn.key_folder("s.amina"), pack.display().to_string());
    let recipient = court.to_public().to_string();
    let args =
        ["evidence", "export", &grant, "--keys", &keys, "--out", &to, "--original", &request, "--to", &recipient];
    let domain: Vec<&str> = domain.iter().map(String::as_str).collect();
    let made = lanthorn.by("s.amina", &[&args[..], &domain].concat()).good().json();
    assert_eq!(made["originals"], 1, "{made}");
    let trust = Trust {
        log_key: Some(fs::read_to_string(lanthorn.data().join("log/log.vkey")).unwrap()),
        signers: Some(fs::read_to_string(pack.join("approvals/allowed_signers")).unwrap()),
        roots: Some(
            ["tsa/ca.pem", "tsa2/ca.pem"].map(|root| fs::read_to_string(lanthorn.path(root)).unwrap()).concat(),
        ),
        domain_signed: true,
    };
    Packed { lanthorn, pack, court, capture, request, trust }
}

/// Two time-stamping authorities that have stamped the log, a third that is silent, and a domain of the unit: what `export` is told.
fn authorities(lanthorn: &Installation) -> Vec<String> {
    let urls = ["tsa", "tsa2"].map(|name| {
        let home = lanthorn.path(name);
        prepare(&home);
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        serve(home, listener);
        format!("http://{address}/{name}")
    });
    let file = lanthorn.data().join("lanthorn.toml");
    let config = fs::read_to_string(&file).unwrap();
    let of = |urls: &[&str]| config.replace("authorities = []", &format!("authorities = {urls:?}"));
    fs::write(&file, of(&[&urls[0], &urls[1]])).unwrap();
    let _ = lanthorn.by("u.paul", &["audit", "stamp"]).good();
    fs::write(&file, of(&[&urls[0], &urls[1], &format!("http://{}/tsa", late(lanthorn))])).unwrap();

    let home = lanthorn.path("tsa");
    fs::write(home.join("domain.ext"), format!("subjectAltName=DNS:{DOMAIN}\n")).unwrap();
    openssl(&home, &["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", "domain.key"]);
    openssl(&home, &["req", "-new", "-key", "domain.key", "-subj", &format!("/CN={DOMAIN}"), "-out", "domain.csr"]);
    let sign =
        ["x509", "-req", "-in", "domain.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "9"];
    openssl(&home, &[&sign[..], &["-extfile", "domain.ext", "-out", "domain.pem"]].concat());
    let chain = |leaf: &str, to: &str| {
        let pem = |name: &str| fs::read_to_string(home.join(name)).unwrap();
        fs::write(home.join(to), pem(leaf) + &pem("ca.pem")).unwrap();
        home.join(to).display().to_string()
    };
    let (domain, authority) = (chain("domain.pem", "domain.chain"), chain("tsa.pem", "tsa.chain"));
    let key = home.join("domain.key").display().to_string();
    ["--domain", DOMAIN, "--domain-key", &key, "--domain-cert", &domain, "--authority-cert", &authority]
        .map(str::to_owned)
        .to_vec()
}

/// Where an authority will be: nobody listens there yet.
fn late(lanthorn: &Installation) -> String {
    let place = lanthorn.path("late-authority");
    fs::read_to_string(&place).unwrap_or_else(|_| {
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
        fs::write(place, &address).unwrap();
        address
    })
}

/// s.amina asks for one original; the other two approve.
fn ask_and_approve(lanthorn: &Installation, capture: &str) -> String {
    let request = crate::unsealing::ask(lanthorn, "s.amina", capture);
    witness(lanthorn, "s.jonas");
    crate::unsealing::approve(lanthorn, "s.maria", &request);
    crate::unsealing::approve(lanthorn, "s.jonas", &request);
    request
}

/// A grant of s.amina's that two others have signed.
fn granted(lanthorn: &Installation, more: &[&str]) -> String {
    let grant = lanthorn.path("grant-of-all").display().to_string();
    let mut args = vec![
        "evidence",
        "ask",
        CASE,
        "--recipient",
        "Example District Court, registry",
        "--reason",
        "exhibits of the indictment",
        "--legal-basis",
        "Example Criminal Procedure Act, section 101",
        "--out",
        &grant,
    ];
    args.extend(more);
    let _ = lanthorn.by("s.amina", &args).good();
    for who in ["s.maria", "s.jonas"] {
        let _ = lanthorn.run(&["evidence", "sign", &grant, "--keys", &lanthorn.key_folder(who)]).good();
    }
    grant
}

/// A person's keys, as their own program has them.
fn keys_of(lanthorn: &Installation, who: &str) -> Unlocked {
    let passphrase = fs::read_to_string(lanthorn.passphrase()).unwrap();
    KeyFolder::open(Path::new(&lanthorn.key_folder(who))).unwrap().unlock(&passphrase).unwrap()
}

/// One installation for all of it: making one takes longer than any of the checks.
#[test]
fn packs_leave_under_a_grant_and_everybody_can_check_them() {
    let lanthorn = ready(71, 60);
    let _ = lanthorn.crawl().good();
    no_pack_leaves_without_enough_others_who_approve(&lanthorn);
    let made = packed(lanthorn);
    std::thread::scope(|scope| {
        scope.spawn(|| corruptions::every_changed_pack_is_rejected_with_a_sentence_that_fits(&made));
        everybody_can_check_it(&made);
    });
}

fn everybody_can_check_it(made: &Packed) {
    let report = verify::check(&made.pack, &made.trust).unwrap_or_else(|fault| panic!("{fault}"));
    assert!(report.on_its_own_word.is_empty() && report.originals == 1 && report.captures > 20, "{report:?}");
    assert_eq!(report.approved_by, ["s.jonas", "s.maria"]);
    assert_eq!(report.stamped.len(), 5, "the log and the records by two authorities, and the domain: {report:?}");

    // The same by the commands; without keys they say what they took on trust.
    let to = made.pack.display().to_string();
    let shown = made.lanthorn.run(&["verify", &to]).good().json();
    assert_eq!(shown["report"]["on_its_own_word"].as_array().unwrap().len(), 3, "{shown}");
    let explained = made.lanthorn.run(&["evidence", "explain", &to]).good().json();
    assert!(explained["explained"].to_string().contains("does not prove"), "{explained}");

    // The log knows the pack, and closed every act.
    let tail = made.lanthorn.by("u.paul", &["audit", "tail", "--kind", "disclose"]).good().out;
    assert!(tail.contains(&report.manifest_sha256), "{tail}");
    assert_eq!(made.lanthorn.run(&["audit", "verify"]).good().json()["open_intents"], 0);

    nothing_planted_is_readable(made);
    tools::stock_tools_accept(made);
    tools::the_original_is_what_was_committed_to(made);
    tools::the_archive_of_originals_is_the_recipients_alone(made);
    tools::judges_accept(made);
    tools::who_was_silent_answers_later(made);
    papers::the_pdf_says_what_the_page_says(&made.pack.join("custody"));
    reports::a_platform_is_told_where_and_nothing_else(made);
}

/// Every identifier that was planted is nowhere in the pack but inside the encrypted original.
fn nothing_planted_is_readable(made: &Packed) {
    let mut texts = Vec::new();
    let mut folders = vec![made.pack.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "wacz") {
                let warc = corruptions::members(&path).into_iter().find(|(name, _)| name.ends_with(".gz")).unwrap().1;
                let mut text = Vec::new();
                std::io::Read::read_to_end(&mut flate2::read::MultiGzDecoder::new(&warc[..]), &mut text).unwrap();
                texts.push(String::from_utf8_lossy(&text).into_owned());
            } else if path.extension().is_none_or(|end| end != "toml") {
                texts.push(String::from_utf8_lossy(&fs::read(path).unwrap()).into_owned());
            }
        }
    }
    let planted = made.lanthorn.site.planted.iter().filter(|planted| planted.written.len() > 6);
    let leaked = planted.filter(|planted| texts.iter().any(|text| text.contains(&planted.written)));
    assert_eq!(leaked.count(), 0);
}

fn no_pack_leaves_without_enough_others_who_approve(lanthorn: &Installation) {
    let capture = some_capture(lanthorn);
    let grant = lanthorn.path("grant").display().to_string();
    let ask = |who: &str| {
        let args =
            ["evidence", "ask", CASE, "--recipient", "a court", "--reason", "exhibits", "--legal-basis", "an act"];
        lanthorn.by(who, &[&args[..], &["--capture", &capture, "--out", &grant]].concat())
    };
    assert_eq!(ask("a.ivan").code, 3, "an analyst never exports");
    let _ = ask("s.amina").good();
    let out = lanthorn.path("pack-of-one").display().to_string();
    let export = |who: &str| {
        lanthorn.by(who, &["evidence", "export", &grant, "--keys", &lanthorn.key_folder(who), "--out", &out])
    };
    let sign = |who: &str| lanthorn.run(&["evidence", "sign", &grant, "--keys", &lanthorn.key_folder(who)]);
    let none = export("s.amina");
    assert!(none.code == 3 && none.err.contains("0 of 2 supervisors"), "{none:?}");
    let own = sign("s.amina");
    assert!(own.code == 3 && own.err.contains("others-approve"), "{own:?}");
    let _ = sign("s.maria").good();
    // An analyst's signature, and one of another text, count for nothing.
    let _ = sign("a.ivan").good();
    assert_eq!(export("s.amina").code, 3);
    fs::write(format!("{grant}.s.jonas.sig"), fs::read(format!("{grant}.s.maria.sig")).unwrap()).unwrap();
    let stolen = export("s.amina");
    assert!(stolen.code == 3 && stolen.err.contains("by the key that s.jonas has enrolled"), "{stolen:?}");
    fs::remove_file(format!("{grant}.s.jonas.sig")).unwrap();
    let _ = sign("s.jonas").good();
    let others = export("s.maria");
    assert!(others.code == 3 && others.err.contains("own-request"), "{others:?}");
    let late = lanthorn.later(
        200,
        "s.amina",
        &["evidence", "export", &grant, "--keys", &lanthorn.key_folder("s.amina"), "--out", &out],
    );
    assert!(late.code == 3 && late.err.contains("grant-alive"), "{late:?}");
    let made = export("s.amina").good().json();
    assert_eq!((&made["captures"], &made["originals"]), (&1.into(), &0.into()), "{made}");
    assert!(verify::check(Path::new(&out), &Trust::default()).is_ok());
    tools::case_accepts(Path::new(&out));
    let custody = fs::read_to_string(Path::new(&out).join("custody.html")).unwrap();
    assert!(
        custody.contains("Captures of the case that are not in this pack")
            && custody.contains("Chaîne de conservation")
    );
    let about: serde_json::Value =
        serde_json::from_slice(&fs::read(Path::new(&out).join("pack.json")).unwrap()).unwrap();
    assert!(about["unused"].as_array().unwrap().len() > 10, "what was left out is named: {about}");
    papers::the_pdf_says_what_the_page_says(&Path::new(&out).join("custody"));
    reports::what_has_left_is_known_and_can_be_corrected(lanthorn);
    reports::the_rights_report_counts_what_was_done(lanthorn);
    // Refusals are in the log, too.
    let refused = lanthorn.by("u.paul", &["audit", "tail", "--kind", "refuse"]).good().out;
    assert!(refused.matches("approved-disclosure").count() >= 2, "{refused}");
}

/// Runs a program and says whether it accepted.
fn accepts(command: &mut Command) -> bool {
    let ran = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    ran.status.success()
}
