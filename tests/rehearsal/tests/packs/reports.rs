//! What is said of what has left: recipients, corrections, referrals, and the rights report.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use rehearsal::{CASE, Installation};
use serde_json::Value;

use super::{Packed, accepts};

/// An address, a time, a ground; and the page's words nowhere.
pub(super) fn a_platform_is_told_where_and_nothing_else(made: &Packed) {
    let lanthorn = &made.lanthorn;
    let (keys, file) = (lanthorn.key_folder("s.amina"), lanthorn.path("referral.json"));
    let to = file.display().to_string();
    let refer = |who: &str, ground: &str| {
        let args = [
            "referral",
            "make",
            &made.request,
            "--keys",
            &keys,
            "--to",
            "Example Hotline",
            "--ground",
            ground,
            "--out",
            &to,
        ];
        lanthorn.by(who, &args)
    };
    assert_eq!(refer("s.maria", "house rule 4").code, 3, "another's request");
    let told = refer("s.amina", "she answers at +44 7700 900123");
    assert!(told.code == 3 && told.err.contains("no-identifier-in-note"), "{told:?}");
    let number = refer("s.amina", "house rule 4: no such advertisements").good().json()["referral"].to_string();
    let written: Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
    let url = written["url"].as_str().unwrap();
    let path = url.strip_prefix(&format!("http://{}", lanthorn.site.host)).unwrap();
    let text = fs::read_to_string(&file).unwrap();
    let planted = lanthorn.site.planted.iter().filter(|planted| planted.path == path && planted.written.len() > 6);
    assert_eq!(planted.filter(|planted| text.contains(&planted.written)).count(), 0);

    let listed = lanthorn.by("s.maria", &["referral", "list"]).good().json();
    assert_eq!((&listed[0]["state"], &listed[0]["hours"]), (&"sent".into(), &0.into()), "{listed}");
    let waiting = lanthorn.later(50, "s.maria", &["referral", "list"]).good().json();
    assert_eq!(waiting[0]["hours"], 50, "{waiting}");
    let _ = lanthorn.by("s.amina", &["referral", "answer", &number, "acted", "--note", "taken down"]).good();
    let still = lanthorn.later(90, "s.maria", &["referral", "list"]).good().json();
    assert_eq!((&still[0]["state"], &still[0]["hours"]), (&"acted".into(), &0.into()), "the clock stands: {still}");
    assert_eq!(lanthorn.by("s.amina", &["referral", "answer", "99", "acted", "--note", "none"]).code, 4);
    assert_eq!(lanthorn.by("a.ivan", &["referral", "answer", &number, "acted", "--note", "no"]).code, 3);
}

pub(super) fn what_has_left_is_known_and_can_be_corrected(lanthorn: &Installation) {
    let listed = lanthorn.by("s.maria", &["evidence", "recipients", CASE]).good().json();
    assert_eq!((listed.as_array().unwrap().len(), &listed[0]["recipient"]), (1, &"a court".into()), "{listed}");
    let out = lanthorn.path("corrections");
    let correct = |note: &str| {
        let folder = out.display().to_string();
        lanthorn.by("s.maria", &["evidence", "correct", CASE, "--note", note, "--out", &folder])
    };
    assert_eq!(correct("the number is +44 7700 900123").code, 3);
    let done = correct("exhibit EX-1 is a copy of another page").good().json();
    assert_eq!(done["recipients"], serde_json::json!(["a court"]));
    let notice = fs::read_to_string(out.join("correction-1.txt")).unwrap();
    assert!(notice.contains("EX-1") && notice.contains(listed[0]["mark"].as_str().unwrap()), "{notice}");
    let log = lanthorn.by("u.paul", &["audit", "tail", "--kind", "alter"]).good().out;
    assert!(log.contains("a court"), "{log}");
}

pub(super) fn the_rights_report_counts_what_was_done(lanthorn: &Installation) {
    let out = lanthorn.path("rights");
    let folder = out.display().to_string();
    let today = model::Clock::system().now().day();
    let report = |who: &str, period: &str| {
        lanthorn
            .by(who, &["report", "rights", "--period", period, "--keys", &lanthorn.key_folder(who), "--out", &folder])
    };
    assert_eq!(report("s.maria", &today).code, 3, "only an auditor");
    assert_eq!(report("u.paul", "november").code, 2);
    let shown = report("u.paul", &format!("{today}..{today}")).good().json();
    let figure = |what: &str| {
        let sections = shown["report"]["sections"].as_array().unwrap();
        let figures = sections.iter().flat_map(|section| section["figures"].as_array().unwrap());
        let found =
            figures.into_iter().find(|figure| figure["what"] == what).unwrap_or_else(|| panic!("{what}: {shown}"));
        found["value"].clone()
    };
    assert_eq!(figure("Disclosures to a court"), "1");
    assert_eq!(figure("Cases open"), "1");
    assert_eq!(figure("Authorisations in force now"), "1");
    assert_eq!(figure("Log verified for this report"), "yes");
    assert_eq!(figure("Requests of data subjects"), Value::Null, "no record tells");
    assert!(figure("Refusals by rule `approved-disclosure`").as_str().unwrap().parse::<u32>().unwrap() >= 2);
    let kept: usize = figure("Pages kept").as_str().unwrap().parse().unwrap();
    assert!(kept >= lanthorn.site.in_scope.len(), "{kept}");
    for name in ["rights.json", "rights.html", "rights.pdf"] {
        let message = fs::File::open(out.join(name)).unwrap();
        let mut judge = Command::new("ssh-keygen");
        judge.args(["-Y", "verify", "-n", "report@lanthorn", "-f", "allowed_signers", "-I", "u.paul", "-s"]);
        judge.arg(format!("{name}.sig")).current_dir(Path::new(&out)).stdin(Stdio::from(message));
        assert!(accepts(&mut judge), "{name}");
    }
    assert!(fs::read_to_string(out.join("rights.html")).unwrap().contains("class=\"unknown\""));
    super::papers::the_pdf_says_what_the_page_says(&out.join("rights"));
}
