use std::collections::VecDeque;

use super::html::unescape;
use super::*;
use crate::identifier::KINDS;

fn site() -> &'static Site {
    static SITE: std::sync::LazyLock<Site> = std::sync::LazyLock::new(|| Site::generate(7, 500));
    &SITE
}

/// The addresses in a page's anchors, made absolute as paths of this site.
fn links(site: &Site, path: &str) -> Vec<String> {
    let base = url::Url::parse(&site.url(path)).unwrap();
    let text = String::from_utf8_lossy(&site.pages[path].body).into_owned();
    let hrefs =
        text.split("<a ").skip(1).filter_map(|rest| rest.split('>').next()?.split("href=\"").nth(1)?.split('"').next());
    hrefs
        .filter_map(|href| base.join(&unescape(href)).ok())
        .filter(|url| url.host_str() == Some(&site.host))
        .map(|url| url[url::Position::BeforePath..url::Position::AfterQuery].to_owned())
        .collect()
}

/// The good pages that links lead to from the first.
pub(super) fn reachable(site: &Site) -> BTreeSet<String> {
    let good: BTreeSet<&String> = site.in_scope.iter().collect();
    let mut seen = BTreeSet::from([plain::HOME.to_owned()]);
    let mut queue = VecDeque::from([plain::HOME.to_owned()]);
    while let Some(path) = queue.pop_front() {
        for link in links(site, &path) {
            if good.contains(&link) && seen.insert(link.clone()) {
                queue.push_back(link);
            }
        }
    }
    seen
}

#[test]
fn the_same_seed_makes_the_same_site_and_another_seed_another() {
    let (one, two, other) = (Site::generate(3, 150), Site::generate(3, 150), Site::generate(4, 150));
    assert!(one.pages == two.pages && one.planted == two.planted && one.groups == two.groups);
    assert_ne!(one.host, other.host);
    // The blocks of reserved numbers are small, so that a few turn up in both.
    let foreign: BTreeSet<&str> = other.planted.iter().map(|planted| &*planted.canonical).collect();
    let shared = one.planted.iter().filter(|planted| foreign.contains(&*planted.canonical)).count();
    assert!(shared * 10 < one.planted.len(), "{shared} of {}", one.planted.len());
}

#[test]
fn the_site_has_exactly_the_pages_asked_for() {
    for pages in [120, 150, 199, 500] {
        let site = Site::generate(11, pages);
        assert_eq!(site.in_scope.len(), pages);
        assert!(site.in_scope.iter().all(|path| site.pages[path].status == 200 && !site.is_forbidden(path)));
    }
}

#[test]
fn every_good_page_can_be_reached_by_links() {
    let site = site();
    let seen = reachable(site);
    let lost: Vec<&String> = site.in_scope.iter().filter(|path| !seen.contains(*path)).collect();
    assert!(lost.is_empty(), "{lost:?}");
}

#[test]
fn every_link_leads_to_a_page_a_trap_or_somewhere_forbidden() {
    let site = site();
    for path in &site.in_scope {
        for link in links(site, path) {
            assert!(site.pages.contains_key(&link) || site.is_forbidden(&link), "{path} links to {link}");
        }
    }
}

#[test]
fn every_planted_value_is_in_its_page() {
    let site = site();
    for planted in &site.planted {
        assert!(shows(&site.pages[&planted.path].body, &planted.written), "{planted:?}");
    }
}

/// Whether a page in one of the charsets that sites use shows a value, as it is or behind character references.
pub(super) fn shows(body: &[u8], written: &str) -> bool {
    let charsets = [encoding_rs::UTF_8, encoding_rs::WINDOWS_1251, encoding_rs::ISO_8859_7, encoding_rs::WINDOWS_1252];
    charsets.iter().any(|charset| {
        let encoded = charset.encode(written).0;
        let plain = unescape(&charset.decode_without_bom_handling(body).0);
        plain.contains(written) || body.windows(encoded.len()).any(|part| part == &*encoded)
    })
}

#[test]
fn every_kind_stands_in_every_place() {
    let site = site();
    for label in KINDS {
        for place in Place::ALL {
            let count = site.planted.iter().filter(|planted| planted.label == label && planted.place == place).count();
            assert!(count > 0, "no {label} in {place:?}");
        }
        assert!(site.count_by_label()[&label] >= 40, "few {label}");
    }
}

#[test]
fn groups_share_one_value_and_write_it_differently() {
    let site = site();
    assert_eq!(site.groups.len(), MAX_GROUPS);
    let mut differing = 0;
    for group in &site.groups {
        assert_eq!(group.paths.len(), GROUP_SIZE, "{group:?}");
        let planted: Vec<&Planted> =
            site.planted.iter().filter(|planted| planted.canonical == group.canonical).collect();
        assert_eq!(planted.len(), GROUP_SIZE, "{group:?}");
        assert!(planted.iter().all(|planted| group.paths.contains(&planted.path)));
        let written: BTreeSet<&str> = planted.iter().map(|planted| &*planted.written).collect();
        differing += usize::from(written.len() > 1);
    }
    assert_eq!(differing, MAX_GROUPS);
}

#[test]
fn findable_words_stand_on_their_pages_and_nowhere_else() {
    let site = site();
    let languages: BTreeSet<&str> = site.findable.iter().map(|findable| findable.language).collect();
    assert_eq!(languages.len(), 6);
    for findable in &site.findable {
        let with_word: BTreeSet<String> = site
            .in_scope
            .iter()
            .filter(|path| {
                let canned = &site.pages[*path];
                let text = String::from_utf8_lossy(&canned.body);
                let named = text.split("<meta charset=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
                let charset = encoding_rs::Encoding::for_label(named.as_bytes()).unwrap();
                charset.decode(&canned.body).0.contains(findable.word)
            })
            .cloned()
            .collect();
        assert_eq!(with_word, findable.paths, "{}", findable.word);
        assert!(!findable.paths.is_empty());
    }
}

/// What hides digits that nothing explains would otherwise hide part of the ordinary text.
#[test]
fn ordinary_text_has_no_long_runs_of_digits() {
    let site = site();
    let mut text = String::from_utf8_lossy(&site.pages["/forum/index.php"].body).into_owned();
    text.push_str(&String::from_utf8_lossy(&site.pages["/ads/index.php"].body));
    let longest = text.split(|character: char| !character.is_ascii_digit()).map(str::len).max();
    assert!(longest < Some(7));
}

#[test]
fn every_trap_is_there_and_linked() {
    let site = site();
    let text = String::from_utf8_lossy(&site.pages["/pages/leaf-0.html"].body).into_owned();
    for trap in &site.traps {
        assert!(text.contains(&html::escape(&trap.at)), "{trap:?}");
    }
    assert!(site.pages[site.trap(TrapKind::Huge)[0]].body.len() > 8 << 20);
    assert_eq!(site.pages[site.trap(TrapKind::Busy)[0]].first[0].status, 429);
    for kind in [TrapKind::OtherPath, TrapKind::Robots, TrapKind::NeverFollow] {
        assert!(site.trap(kind).iter().all(|path| site.is_forbidden(&path.replace("/pages/..", ""))), "{kind:?}");
    }
}
