use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use super::super::tests::reachable;
use super::*;
use crate::identifier::KINDS;
use crate::language::LANGUAGES;
use crate::site::{Place, onions};

fn town() -> &'static Town {
    static TOWN: LazyLock<Town> = LazyLock::new(|| Town::generate(7, Size::DEMO));
    &TOWN
}

fn count(site: &Site, mark: &str) -> usize {
    let bodies = site.in_scope.iter().map(|path| String::from_utf8_lossy(&site.pages[path].body));
    bodies.map(|body| body.matches(mark).count()).sum()
}

#[test]
fn the_same_seed_makes_the_same_town_and_another_seed_another() {
    let (one, two, other) =
        (Town::generate(3, Size::SMALL), Town::generate(3, Size::SMALL), Town::generate(4, Size::SMALL));
    for (one, two) in one.sites.iter().zip(&two.sites) {
        assert!(one.pages == two.pages && one.planted == two.planted && one.host == two.host);
    }
    assert_eq!(one.groups, two.groups);
    let hosts: BTreeSet<&str> = one.sites.iter().chain(&other.sites).map(|site| &*site.host).collect();
    assert_eq!(hosts.len(), 5, "two onions each, and the one name of the bulletin: {hosts:?}");
    assert!(one.sites[..2].iter().all(|site| authorisation::is_onion_v3(&site.host)));
}

#[test]
fn a_demonstration_has_enough_of_everything() {
    let town = town();
    let [forum, ads, bulletin] = &town.sites[..] else { panic!("{}", town.sites.len()) };
    let topics: BTreeSet<&str> = forum
        .in_scope
        .iter()
        .filter(|path| path.contains("viewtopic"))
        .map(|path| path.split("&start").next().unwrap())
        .collect();
    assert!(topics.len() >= 60, "{} topics", topics.len());
    assert!(count(forum, "<div class=\"post ") >= 300);
    assert!(count(forum, "<blockquote>") >= 100);
    assert!(count(forum, "class=\"forumtitle\"") >= 3);
    for paged in ["viewforum", "viewtopic"] {
        assert!(forum.in_scope.iter().any(|path| path.contains(paged) && path.contains("&start=")), "{paged}");
    }
    assert!(ads.in_scope.iter().filter(|path| path.contains("/ads/offer")).count() >= 150);
    assert!(ads.in_scope.iter().any(|path| path.contains("iPage=")));
    assert_eq!(bulletin.in_scope.len(), 20);
    assert!(town.captures() >= 400, "{}", town.captures());
    let languages: BTreeSet<&str> =
        town.sites.iter().flat_map(|site| &site.findable).map(|findable| findable.language).collect();
    assert_eq!(languages.len(), 6);
    assert_eq!(LANGUAGES.len(), 8);
}

#[test]
fn every_kind_stands_in_every_place_of_the_town() {
    let mut counts: BTreeMap<_, usize> = BTreeMap::new();
    for planted in town().sites.iter().flat_map(|site| &site.planted) {
        *counts.entry((planted.label, planted.place)).or_default() += 1;
    }
    assert!(counts.values().sum::<usize>() >= 300);
    for label in KINDS {
        assert!(Place::ALL.iter().all(|place| counts.contains_key(&(label, *place))), "{label}");
    }
}

#[test]
fn groups_reach_over_sites_and_are_written_differently_on_each() {
    for (town, size) in [(town(), Size::DEMO), (&Town::generate(5, Size::SMALL), Size::SMALL)] {
        assert_eq!(town.groups.len(), size.groups);
        for group in &town.groups {
            let sites: BTreeSet<usize> = group.members.iter().map(|member| member.site).collect();
            assert_eq!(sites.len(), group.members.len(), "one page a site: {group:?}");
            assert!(sites.contains(&0) && sites.contains(&1), "forum and advertisements: {group:?}");
            let written = |site: usize| group.members.iter().find(|member| member.site == site).unwrap();
            assert_ne!(written(0).written, written(1).written, "{group:?}");
        }
        assert!(town.groups.iter().any(|group| group.members.len() == 3));
        let values: BTreeSet<&str> = town.groups.iter().map(|group| &*group.canonical).collect();
        assert_eq!(values.len(), town.groups.len());
    }
}

/// A value outside the groups stands on one page of one site.
#[test]
fn nothing_else_is_shared() {
    let shared: BTreeSet<&str> = town().groups.iter().map(|group| &*group.canonical).collect();
    let mut seen = BTreeSet::new();
    for planted in town().sites.iter().flat_map(|site| &site.planted) {
        let canonical = &*planted.canonical;
        assert!(shared.contains(canonical) || seen.insert((planted.label, canonical)), "{planted:?}");
    }
}

#[test]
fn every_good_page_of_every_site_can_be_reached_and_every_trap_is_linked() {
    for site in &town().sites {
        let seen = reachable(site);
        let lost: Vec<&String> = site.in_scope.iter().filter(|path| !seen.contains(*path)).collect();
        assert!(lost.is_empty(), "{}: {lost:?}", site.name);
        let text = String::from_utf8_lossy(&site.pages["/pages/leaf-0.html"].body);
        assert!(site.traps.iter().all(|trap| text.contains(&super::super::html::escape(&trap.at))), "{}", site.name);
    }
    let alone: BTreeSet<TrapKind> = traps::ALONE.iter().map(|(kind, _)| *kind).collect();
    let here: BTreeSet<TrapKind> = town().sites.iter().flat_map(|site| &site.traps).map(|trap| trap.kind).collect();
    assert!(here.is_superset(&alone) && here.contains(&TrapKind::Cut), "{here:?}");
}

#[test]
fn every_planted_value_is_in_its_page() {
    for site in &town().sites {
        for planted in &site.planted {
            assert!(super::super::tests::shows(&site.pages[&planted.path].body, &planted.written), "{planted:?}");
        }
    }
}

#[test]
fn onions_have_pages_of_one_size_that_can_all_be_reached() {
    let sites = onions(9, 3, 40, 20_000);
    let hosts: BTreeSet<&str> = sites.iter().map(|site| &*site.host).collect();
    assert_eq!(hosts.len(), 3);
    for site in &sites {
        assert!(site.traps.is_empty());
        assert_eq!((site.in_scope.len(), site.pages.len(), reachable(site).len()), (40, 40, 40));
        let sizes = || site.pages.values().map(|canned| canned.body.len());
        assert!(sizes().all(|bytes| (20_000..20_500).contains(&bytes)), "{:?}", sizes().max());
        assert!(site.planted.len() == 200);
    }
    assert_eq!(onions(9, 3, 40, 20_000)[2].pages, sites[2].pages);
}
