//! The extraction profiles held against pages in the markup of each engine: fields, quotes, order, links.

use std::collections::BTreeMap;

use model::{AuthorisationId, CaptureId, Timestamp};
use page::{
    CaptureRecord, FetchedPage, Field, Link, LinkKind, LinkTarget, PageKind, ParsedPage, Problem, Profiles, Provenance,
    RecordKind, parse,
};
use synthetic::engine::{AD_ENGINES, Ad, Board, ENGINES, Page, Thread};

/// Pages of each kind that are made for each engine.
const SEEDS: u64 = 24;

/// The share of fields that must be right.
const GOAL: f64 = 0.98;

const HOST: &str = "http://forum.example";

fn parsed(page: &Page, profiles: &Profiles) -> (ParsedPage, Vec<Link>) {
    let now = Timestamp::parse_rfc3339("2026-11-24T04:00:00Z").unwrap();
    let (capture, authorisation) = (CaptureId::from_bytes([1; 16]), AuthorisationId::from_bytes([2; 16]));
    let case = "op-harbour-2026".parse().unwrap();
    let mut record = CaptureRecord::begun(capture, authorisation, case, "forum", format!("{HOST}{}", page.path), now);
    record.status = 200;
    record.body = page.html.clone().into_bytes().into();
    let mut parsed = parse(FetchedPage::new(record), profiles);
    let links = parsed.take_links();
    (parsed, links)
}

/// Right and all of one thing.
#[derive(Default)]
struct Tally(BTreeMap<&'static str, (u32, u32)>, Vec<String>);

impl Tally {
    fn hold<T: PartialEq + std::fmt::Debug>(&mut self, what: &'static str, found: T, expected: T) {
        let entry = self.0.entry(what).or_default();
        entry.1 += 1;
        if found == expected {
            entry.0 += 1;
        } else if self.1.len() < 8 {
            self.1.push(format!("{what}: found {found:?}, expected {expected:?}"));
        }
    }

    /// The share of all things that are right.
    fn share(&self) -> f64 {
        let (right, all) = self.0.values().fold((0, 0), |(right, all), (r, a)| (right + r, all + a));
        f64::from(right) / f64::from(all.max(1))
    }

    fn all_right(&self, what: &str) -> bool {
        self.0.get(what).is_none_or(|(right, all)| right == all)
    }
}

/// The visible text of one field of one record, white space collapsed.
fn field(page: &ParsedPage, record: Option<usize>, field: Field) -> String {
    let of = page.segments().iter().filter(|segment| {
        segment.record == record
            && segment.field == Some(field)
            && matches!(segment.provenance, Provenance::Visible | Provenance::Author)
    });
    of.map(|segment| segment.text.expose().as_str())
        .collect::<Vec<_>>()
        .join(" ")
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

fn target(links: &[Link], path: &str, kind: LinkKind) -> Option<LinkTarget> {
    let found = links.iter().filter(|link| link.kind == kind && link.href.expose() == &format!("{HOST}{path}"));
    // The strictest counts, as it does for the crawler: a link that never may be followed is not.
    found.map(|link| link.target).min_by_key(|target| *target != LinkTarget::Never)
}

fn links_are_told(tally: &mut Tally, links: &[Link], page: &Page, kind: LinkTarget) {
    for path in &page.never {
        tally.hold("never followed", target(links, path, LinkKind::Anchor), Some(LinkTarget::Never));
    }
    for path in &page.leads_to {
        tally.hold("leads to", target(links, path, LinkKind::Anchor), Some(kind));
    }
    let next: Vec<_> = links
        .iter()
        .filter(|link| link.target == LinkTarget::NextPage)
        .map(|link| link.href.expose()[HOST.len()..].to_owned())
        .collect();
    tally.hold("next page", next, page.next.clone().into_iter().collect());
}

#[test]
fn every_engines_threads_are_read() {
    let profiles = Profiles::builtin();
    let mut faults = Vec::new();
    for engine in ENGINES {
        let mut tally = Tally::default();
        for seed in 0..SEEDS {
            let thread = Thread::generate(seed);
            let page = (engine.thread)(&thread);
            let (found, links) = parsed(&page, &profiles);
            tally.hold(
                "profile",
                found.profile().and_then(|profile| profile.split(' ').next().map(str::to_owned)),
                Some(engine.name.to_owned()),
            );
            tally.hold("kind", found.kind(), PageKind::Thread);
            tally.hold("title", field(&found, None, Field::Title).contains(&thread.title), true);
            if engine.name != "flarum" {
                tally.hold("board", field(&found, None, Field::Board), thread.board.clone());
            }
            tally.hold("posts", found.records().len(), thread.posts.len());
            tally.hold("missing fields", found.problems().count(Problem::MissingField), 0);
            for (at, post) in thread.posts.iter().enumerate() {
                let record = found.records().get(at).copied();
                tally.hold("author", field(&found, Some(at), Field::Author), post.author.clone());
                tally.hold("body", field(&found, Some(at), Field::Body), post.body.clone());
                let quote = field(&found, Some(at), Field::Quote);
                let words = post.quotes.as_ref().map(|(_, words)| words.as_str());
                tally.hold("quote", words.map_or(quote.is_empty(), |words| quote.contains(words)), true);
                tally.hold(
                    "answers",
                    record.and_then(|record| record.answers),
                    post.quotes.as_ref().map(|(place, _)| *place),
                );
                if engine.dated {
                    tally.hold(
                        "posted",
                        record.and_then(|record| record.posted).map(|day| day.to_string()),
                        Some(post.at.date()),
                    );
                }
            }
            links_are_told(&mut tally, &links, &page, LinkTarget::Thread);
        }
        judge(engine.name, "threads", &tally, &mut faults);
        for what in ["posts", "body", "quote", "answers", "never followed"] {
            if !tally.all_right(what) {
                faults.push(format!("{}: {what} is not always right", engine.name));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_engines_lists_are_read() {
    let profiles = Profiles::builtin();
    let mut faults = Vec::new();
    for engine in ENGINES {
        let mut tally = Tally::default();
        for seed in 0..SEEDS {
            let board = Board::generate(seed);
            let page = (engine.board)(&board);
            let (found, links) = parsed(&page, &profiles);
            tally.hold("kind", found.kind(), PageKind::Board);
            tally.hold("name", field(&found, None, Field::Board), board.name.clone());
            tally.hold(
                "threads",
                found.records().iter().filter(|record| record.kind == RecordKind::Thread).count(),
                board.threads.len(),
            );
            for (at, (_, title, author, moment)) in board.threads.iter().enumerate() {
                tally.hold("title", field(&found, Some(at), Field::Title), title.clone());
                if engine.lists_authors {
                    tally.hold("author", field(&found, Some(at), Field::Author), author.clone());
                }
                if engine.dated {
                    let posted = found.records().get(at).and_then(|record| record.posted);
                    tally.hold("posted", posted.map(|day| day.to_string()), Some(moment.date()));
                }
            }
            links_are_told(&mut tally, &links, &page, LinkTarget::Thread);
        }
        judge(engine.name, "lists", &tally, &mut faults);
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn advertisements_are_read() {
    let profiles = Profiles::builtin();
    let mut faults = Vec::new();
    for engine in AD_ENGINES {
        let mut tally = Tally::default();
        for seed in 0..SEEDS {
            let ads: Vec<_> = (0..6).map(|more| Ad::generate(seed * 100 + more)).collect();
            let page = (engine.ad)(&ads[0]);
            let (found, links) = parsed(&page, &profiles);
            let ad = &ads[0];
            tally.hold(
                "profile",
                found.profile().and_then(|profile| profile.split(' ').next().map(str::to_owned)),
                Some(engine.name.to_owned()),
            );
            tally.hold("kind", found.kind(), PageKind::Ad);
            tally.hold("title", field(&found, Some(0), Field::Title), ad.title.clone());
            tally.hold("body", field(&found, Some(0), Field::Body), ad.body.clone());
            tally.hold("place", field(&found, Some(0), Field::Place).contains(&ad.place), true);
            tally.hold("section", field(&found, None, Field::Board), ad.section.clone());
            let price = found.price().map(|price| (price.minor_units, price.currency));
            tally.hold("price", price, Some((u64::from(ad.price) * 100, ad.currency.1.as_bytes().try_into().ok())));
            tally.hold("posted", found.posted_day().map(|day| day.to_string()), Some(ad.at.date()));
            links_are_told(&mut tally, &links, &page, LinkTarget::Ad);

            let page = (engine.list)(&ads);
            let (found, links) = parsed(&page, &profiles);
            tally.hold("list kind", found.kind(), PageKind::AdList);
            tally.hold("list", found.records().len(), ads.len());
            for (at, ad) in ads.iter().enumerate() {
                tally.hold("list title", field(&found, Some(at), Field::Title), ad.title.clone());
                tally.hold("list place", field(&found, Some(at), Field::Place), ad.place.clone());
                let price = found.records().get(at).and_then(|record| record.price).map(|price| price.minor_units);
                tally.hold("list price", price, Some(u64::from(ad.price) * 100));
            }
            links_are_told(&mut tally, &links, &page, LinkTarget::Ad);
        }
        judge(engine.name, "advertisements", &tally, &mut faults);
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

fn judge(engine: &str, what: &str, tally: &Tally, faults: &mut Vec<String>) {
    if tally.share() < GOAL {
        faults.push(format!(
            "{engine}, {what}: {:.3} are right; {:?}\n  {}",
            tally.share(),
            tally.0,
            tally.1.join("\n  ")
        ));
    }
}

/// The share of posts and lines that must be told apart on pages that no profile knows.
const GOAL_WITHOUT: f64 = 0.9;

#[test]
fn without_a_profile_records_are_found_by_repetition() {
    let profiles = Profiles::default();
    let mut tally = Tally::default();
    let mut by_engine = Vec::new();
    for engine in ENGINES {
        let mut own = Tally::default();
        for seed in 0..SEEDS {
            let thread = Thread::generate(seed);
            let (found, _) = parsed(&(engine.thread)(&thread), &profiles);
            for tally in [&mut tally, &mut own] {
                for (at, post) in thread.posts.iter().enumerate() {
                    let texts = found.segments().iter().filter(|segment| segment.record == Some(at));
                    let said = texts.map(|segment| segment.text.expose().as_str()).collect::<Vec<_>>().join(" ");
                    tally.hold("post", said.contains(&post.body), true);
                }
            }
        }
        by_engine.push(format!("{} {:.3}", engine.name, own.share()));
    }
    assert!(tally.share() >= GOAL_WITHOUT, "{:.3} of posts: {by_engine:?}", tally.share());
}
