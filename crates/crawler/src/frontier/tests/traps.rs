//! A site that is mostly traps: a calendar without end, addresses with sessions, lists without an end, thousands of empty
//! leaves, a maze of noise. What is asked for is its real pages.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use page::{ParsedPage, Profiles, parse};
use rand::{Rng as _, SeedableRng as _};

use super::*;

/// Real pages: lists of twenty, and what they list.
const ITEMS: usize = 1_500;
const A_LIST: usize = 20;

/// Requests that the crawl may make at most: real pages and traps together.
const BUDGET: usize = 1_900;

const VOCABULARY: usize = 900;

/// Words with the frequencies of a language: the second is half as frequent as the first.
fn prose(seed: u64, words: usize) -> String {
    let mut rng = rand::rngs::StdRng::seed_from_u64(seed);
    let word = |rng: &mut rand::rngs::StdRng| {
        let rank = ((VOCABULARY as f64).powf(rng.gen_range(0.0..1.0_f64))) as usize;
        spelled(rank)
    };
    (0..words).map(|_| word(&mut rng)).collect::<Vec<_>>().join(" ")
}

/// Words drawn at random from very many, as a maze of noise has them.
fn noise(seed: u64, words: usize) -> String {
    let mut rng = rand::rngs::StdRng::seed_from_u64(seed);
    (0..words).map(|_| spelled(rng.gen_range(0..400_000))).collect::<Vec<_>>().join(" ")
}

fn spelled(mut number: usize) -> String {
    let mut word = String::new();
    loop {
        word.push(char::from(b'b' + u8::try_from(number % 20).unwrap()));
        word.push(['a', 'e', 'i', 'o', 'u'][number % 5]);
        number /= 20;
        if number == 0 {
            return word;
        }
    }
}

/// The page at a path and query; `request` makes sessions and references differ each time.
fn page(path: &str, request: u64) -> (String, bool) {
    let (bare, query) = path.split_once('?').unwrap_or((path, ""));
    let value =
        |name: &str| query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('=')?.parse::<u64>().ok());
    let segments: Vec<&str> = bare.split('/').filter(|segment| !segment.is_empty()).collect();
    match segments.as_slice() {
        [] => (home(request), true),
        ["list"] => (list(value("p").unwrap_or(0) as usize, request), true),
        ["item", number] => {
            let number = number.parse().unwrap_or(0);
            let mut html = item(number);
            // Every page is full of ways into the traps.
            let _ = write!(
                html,
                "<a href=\"/item/{}?ref={request}\">again</a><a href=\"/tag/{}\">tag</a><a href=\"/list?p=0&sort=price\">by price</a>\
                 <a href=\"/maze/{}\">more</a><a href=\"/gone/{number}\">gone</a><a href=\"/login?back={number}\">reply</a>",
                number % 40,
                spelled(number as usize * 7_919),
                spelled(number as usize * 104_729),
            );
            (html, query.is_empty())
        }
        ["calendar", year, month] => (calendar(year.parse().unwrap_or(2026), month.parse().unwrap_or(1)), false),
        ["news"] => {
            let page = value("page").unwrap_or(0);
            (
                format!(
                    "<p>there is nothing more to see in these news today</p><a rel=next href=\"/news?page={}\">next</a>",
                    page + 1
                ),
                false,
            )
        }
        ["tag", tag] => {
            (format!("<h1>Things about {tag}</h1><p>nobody has written anything about this yet</p>"), false)
        }
        ["maze", ..] => {
            let seed = u64::from_le_bytes(blake3::hash(path.as_bytes()).as_bytes()[..8].try_into().unwrap());
            let mut html = format!("<p>{}</p>", noise(seed, 150));
            (0..12).for_each(|way| {
                let _ = write!(
                    html,
                    "<a href=\"/maze/{}/{}\">on</a>",
                    spelled(seed as usize % 90_000 + way),
                    spelled(way + 7_000)
                );
            });
            (html, false)
        }
        ["deeper", ..] => {
            ("<p>deeper and deeper into this part of the site</p><a href=\"more/\">more</a>".to_owned(), false)
        }
        ["login"] => ("<form><input name=user><input type=password></form>please log in to go on".to_owned(), false),
        _ => ("<title>Not found</title><p>This page does not exist.</p>".to_owned(), false),
    }
}

fn home(request: u64) -> String {
    format!(
        "<p>{}</p><a href=\"/list?p=0&PHPSESSID=a{request}\">list</a><a href=\"/calendar/2026/11\">calendar</a>\
         <a href=\"/news\">news</a><a href=\"/maze/in\">maze</a><a href=\"/deeper/more/\">deeper</a>",
        prose(1, 80)
    )
}

fn list(at: usize, request: u64) -> String {
    let mut html = format!("<h1>list</h1><p>{}</p>", prose(50_000 + at as u64, 20));
    for number in (at * A_LIST..ITEMS).take(A_LIST) {
        let _ = write!(html, "<a href=\"/item/{number}?sid={request}\">{}</a>", prose(number as u64, 4));
    }
    if (at + 1) * A_LIST < ITEMS {
        let _ = write!(html, "<a rel=next href=\"/list?p={}\">next</a>", at + 1);
    }
    html
}

fn item(number: u64) -> String {
    format!("<h1>{}</h1><p>{}</p>", prose(number, 4), prose(900_000 + number, 60))
}

fn calendar(year: u32, month: u32) -> String {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let (next, before) = if month >= 12 {
        (format!("{}/1", year + 1), format!("{year}/11"))
    } else {
        (format!("{year}/{}", month + 1), format!("{}/12", year - 1))
    };
    let name = MONTHS[(month as usize + 11) % 12];
    format!(
        "<h1>{name} {year}</h1><p>Monday Tuesday Wednesday Thursday Friday Saturday Sunday no events in this month</p>\
         <a rel=next href=\"/calendar/{next}\">next</a><a href=\"/calendar/{before}\">before</a>"
    )
}

fn parsed(lease: &Lease, html: String, profiles: &Profiles) -> ParsedPage {
    let target = lease.target();
    let (authorisation, case) = (target.authorisation(), target.case().clone());
    let capture = CaptureId::from_bytes([3; 16]);
    let mut record = CaptureRecord::begun(capture, authorisation, case, target.site(), target.url(), start());
    record.status = 200;
    record.body = Sensitive::new(html.into_bytes());
    parse(FetchedPage::new(record), profiles)
}

#[tokio::test]
async fn nearly_all_of_the_budget_goes_to_real_pages() {
    let desk = Desk::with_pages(&["http://ads.example/"], |draft| {
        draft.ceilings.depth = 500;
        draft.ceilings.pages = 1_000_000;
        draft.ceilings.bytes = 1 << 40;
    })
    .await;
    let profiles = Profiles::builtin();
    let (mut real, mut traps, mut seen) = (0, Vec::new(), BTreeSet::new());
    for request in 0..BUDGET as u64 {
        let lease = match desk.frontier.lease("crawl").await.unwrap() {
            Leased::Lease(lease) => lease,
            // Many pages that may not be visited any more are passed over in several steps.
            Leased::Nothing(nothing) if nothing.until == Some(desk.clock.now()) => continue,
            Leased::Nothing(_) => break,
        };
        let path = lease.target().path_and_query().to_owned();
        let (html, is_real) = page(&path, request);
        if is_real
            && seen.insert(
                path.split('?').next().unwrap_or_default().to_owned() + if path.contains("p=") { &path } else { "" },
            )
        {
            real += 1;
        } else {
            traps.push(path);
        }
        let mut page = parsed(&lease, html, &profiles);
        let found = Found::read(&lease, &mut page, desk.clock.now());
        let mut tx = desk.store.begin().await.unwrap();
        desk.frontier.complete(&mut tx, lease, found).await.unwrap();
        tx.commit().await.unwrap();
        desk.advance(POLITE);
    }
    let share = real as f64 / (real + traps.len()) as f64;
    let all = 1 + ITEMS + ITEMS.div_ceil(A_LIST);
    let why = desk.why("board-a").await;
    assert!(share >= 0.95, "{share:.3}: {real} real pages and {} traps: {traps:?}\n{why}", traps.len());
    assert!(real * 100 >= all * 99, "{real} of {all} real pages were found\n{why}");
    for rule in [
        "a trap: ",
        "trap-calendar",
        "trap-other-order",
        "parameter(s) of its addresses never change",
        "says that it is not there",
    ] {
        assert!(why.contains(rule), "{rule}: {why}");
    }
}

#[tokio::test]
async fn a_test_for_persons_holds_the_host_and_nothing_is_tried() {
    let desk = Desk::with_pages(&["http://ads.example/"], |_| {}).await;
    let profiles = Profiles::builtin();
    let lease = desk.lease().await;
    let html = "<title>Just a moment...</title><form id=challenge-form><input name=captcha></form>";
    let mut page = parsed(&lease, html.to_owned(), &profiles);
    let found = Found::read(&lease, &mut page, desk.clock.now());
    let mut tx = desk.store.begin().await.unwrap();
    desk.frontier.complete(&mut tx, lease, found).await.unwrap();
    tx.commit().await.unwrap();
    desk.advance(40 * DAY / 10);
    let nothing = desk.nothing().await;
    assert!(nothing.until.is_none() && nothing.reason.contains("proof that a person is there"), "{nothing:?}");
    assert!(desk.status("board-a").await.held.is_some());

    let mut tx = desk.store.begin().await.unwrap();
    assert_eq!(crate::release(&mut tx, desk.authorised.case(), "board-a").await.unwrap(), 1);
    tx.commit().await.unwrap();
    // robots.txt is old by now, and read again before anything else.
    let lease = desk.lease().await;
    assert_eq!(lease.purpose(), Purpose::Robots);
    desk.turn_back(lease, Fetched::Status(404)).await;
    desk.advance(POLITE);
    assert_eq!(desk.lease().await.visit(), 1, "the page is looked at again");
}

#[tokio::test]
async fn login_walls_in_a_row_hold_the_host() {
    let desk = Desk::with_pages(&["http://ads.example/"], |_| {}).await;
    let profiles = Profiles::builtin();
    let lease = desk.lease().await;
    desk.complete(
        lease,
        &["http://ads.example/1", "http://ads.example/2", "http://ads.example/3", "http://ads.example/4"],
    )
    .await;
    for _ in 0..3 {
        desk.advance(POLITE);
        let lease = desk.lease().await;
        let html = "<p>log in</p><form><input name=user><input type=password></form>".to_owned();
        let mut page = parsed(&lease, html, &profiles);
        let found = Found::read(&lease, &mut page, desk.clock.now());
        let mut tx = desk.store.begin().await.unwrap();
        desk.frontier.complete(&mut tx, lease, found).await.unwrap();
        tx.commit().await.unwrap();
    }
    desk.advance(POLITE);
    assert!(desk.nothing().await.reason.contains("3 page(s) in a row asked for a login"));
    assert_eq!(desk.status("board-a").await.retired, 3);
}
