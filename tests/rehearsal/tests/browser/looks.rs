//! Every page under axe, and none wider than its window. With `LANTHORN_SCREENSHOTS=DIR` also in light and dark, wide and
//! narrow, left to right and right to left, and a picture of each is left there to be looked at.

use rehearsal::served::Served;
use rehearsal::{CASE, Installation};

use super::Visit;
use super::driver::{Browser, Look};

/// Held against every rule, in every run.
pub(super) const LOOKS: [Look; 1] = [Look { dark: false, narrow: false, language: "en" }];

/// Held against the rules that depend on how a page is looked at, where pictures are wanted: together they take minutes.
pub(super) const MORE: [Look; 5] = [
    Look { dark: true, narrow: true, language: "ar" },
    Look { dark: false, narrow: true, language: "fr" },
    Look { dark: true, narrow: false, language: "es" },
    Look { dark: false, narrow: false, language: "ar" },
    Look { dark: true, narrow: true, language: "es" },
];

pub(super) fn all(installation: &Installation, served: &Served, visits: &[Visit]) {
    let pages = pages_of(installation);
    let mut browser = Browser::open(true);
    let (mut seen, mut wide) = (0, Vec::new());
    let more = if Browser::takes_pictures() { &MORE[..] } else { &[] };
    for (number, look) in LOOKS.iter().chain(more).enumerate() {
        // Nobody chooses the language first: whoever comes back has chosen none.
        browser.forget("__Host-lanthorn");
        browser.goto(&served.url("/help"));
        browser.look(*look);
        for (who, paths) in &pages {
            if let Some(visit) = visits.iter().find(|visit| visit.who == *who) {
                browser.take_cookie(&visit.cookie);
            }
            for path in paths {
                browser.goto(&served.url(path));
                assert!(*who == "nobody" || browser.text("header").contains(who), "{path} is shown to {who}");
                if number == 0 {
                    browser.checked();
                } else {
                    browser.checked_for_looks();
                }
                if browser.overhang() > 0 {
                    wide.push(format!("{path} by {} ({look:?})", browser.overhang()));
                }
                browser.pictured(&format!("{who}{}", path.replace(['/', '?', '=', '&', '+', ':', '%'], "-")));
                seen += 1;
            }
        }
    }
    assert!(wide.is_empty(), "wider than the window: {wide:#?}");
    assert!(seen >= 35, "{seen}");
}

/// The pages of each role.
fn pages_of(installation: &Installation) -> Vec<(&'static str, Vec<String>)> {
    let hits = installation.by("a.ivan", &["search", CASE, "kind:ad", "--limit", "20"]).good().json();
    let hits = hits["hits"].as_array().expect("hits");
    let hit = hits.iter().find(|hit| hit["tokens"][0].is_string()).expect("a hit with a token");
    let capture = hit["capture"].as_str().expect("a capture").to_owned();
    let token = hit["tokens"][0].as_str().expect("a token").replace('[', "%5B").replace(']', "%5D");
    let case = format!("/cases/{CASE}");
    let of = |paths: &[&str]| paths.iter().map(|path| (*path).to_owned()).collect::<Vec<_>>();
    vec![
        ("nobody", of(&["/sign-in"])),
        (
            "a.ivan",
            of(&[
                "/",
                "/cases",
                "/help",
                "/requests",
                "/requests/1",
                &format!("{case}/search"),
                &format!("{case}/search?q=kind:ad"),
                &format!("{case}/search?q=harbour+AND+%28night"),
                &format!("{case}/search?q=zzzzzz"),
                &format!("{case}/pivot?token={token}"),
                &format!("{case}/links?token={token}&depth=1"), // deeper ones are as they are, and take axe a minute
                &format!("{case}/groups"),
                &format!("{case}/folders"),
                &format!("{case}/folders/1"),
                &format!("{case}/notes"),
                &format!("{case}/alerts"),
                &format!("{case}/indicators"),
                &format!("{case}/captures/{capture}"),
                &format!("{case}/captures/{capture}/request"),
                "/nowhere",
            ]),
        ),
        ("s.maria", of(&["/", "/keys", "/queue", "/queue/1", "/authorisations", "/retention"])),
        ("o.lena", of(&["/", "/crawls", &format!("/crawls/{CASE}"), "/cases"])),
        ("u.paul", of(&["/", "/log", "/log?kind=refuse", "/log/verification", "/log/patterns"])),
    ]
}
