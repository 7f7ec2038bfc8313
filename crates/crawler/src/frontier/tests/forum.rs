//! Thirty days of a forum that goes on: what a budget of requests finds of what is new, when it is spent by what is learnt,
//! and when it is spent on every page in turn.
//!
//! Threads are answered by a Poisson process each, a few of them often and most hardly ever (Zipf); new threads are begun
//! every day. Time is moved by hand: a request costs its share of the day, and so does a moment with nothing to ask for.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fmt::Write as _;

use page::{ParsedPage, Profiles, parse};
use rand::{Rng as _, SeedableRng as _};

use super::*;
use crate::frontier::Frontier;

const BOARDS: usize = 6;
const THREADS_A_BOARD: usize = 45;
const THREADS_A_LIST: usize = 20;
const POSTS_A_PAGE: usize = 10;
const DAYS: i64 = 30;

/// Requests in a day: a look at every page of the forum would take six weeks. With twenty the gain was 2.0 when this was
/// written, with fifteen 2.2, with ten 2.1.
const REQUESTS_A_DAY: i64 = 15;

/// Posts in a day, over all threads, and threads that are begun.
const POSTS_A_DAY: f64 = 40.0;
const THREADS_A_DAY: i64 = 2;

/// At least so many times as many new posts must be found.
const GAIN: f64 = 2.0;

struct Thread {
    board: usize,
    /// When each post was written.
    posts: Vec<i64>,
}

/// A forum as it will have been, looked at at any moment of its thirty days.
struct Forum {
    threads: Vec<Thread>,
}

impl Forum {
    fn new(seed: u64, from: i64) -> Self {
        let mut rng = rand::rngs::StdRng::seed_from_u64(seed);
        let mut threads: Vec<Thread> = (0..BOARDS * THREADS_A_BOARD)
            .map(|number| Thread {
                board: number % BOARDS,
                posts: (0..rng.gen_range(1..40)).map(|_| from - rng.gen_range(1..300 * DAY)).collect(),
            })
            .collect();
        for day in 0..DAYS {
            for _ in 0..THREADS_A_DAY {
                threads.push(Thread {
                    board: rng.gen_range(0..BOARDS),
                    posts: vec![from + day * DAY + rng.gen_range(0..DAY)],
                });
            }
        }
        let order: Vec<usize> = rand::seq::index::sample(&mut rng, threads.len(), threads.len()).into_vec();
        let all: f64 = (1..=threads.len()).map(|rank| 1.0 / rank as f64).sum();
        for (rank, number) in order.into_iter().enumerate() {
            let a_day = POSTS_A_DAY / all / (rank + 1) as f64;
            let thread = &mut threads[number];
            let begun = thread.posts.iter().min().copied().unwrap_or(from).max(from);
            let mut at = begun;
            loop {
                at += (-(1.0 - rng.gen_range(0.0..1.0_f64)).ln() / a_day * DAY as f64) as i64;
                if at >= from + DAYS * DAY {
                    break;
                }
                thread.posts.push(at);
            }
            thread.posts.sort_unstable();
        }
        Self { threads }
    }

    /// The page at a path and query, and the posts on it.
    fn page(&self, path: &str, now: i64) -> (String, Vec<(usize, usize)>) {
        let number = |name: &str| {
            let query = path.split_once('?').map_or("", |(_, query)| query);
            query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('=')?.parse().ok()).unwrap_or(0usize)
        };
        match path.split(['?', '/']).nth(1) {
            Some("viewforum.php") => (self.list(number("f"), number("start"), now), Vec::new()),
            Some("viewtopic.php") => self.topic(number("t"), number("start"), now),
            _ => {
                let mut html = head();
                (0..BOARDS).for_each(|board| {
                    let _ = write!(
                        html,
                        "<li class=row><a class=forumtitle href=\"/viewforum.php?f={board}\">board</a></li>"
                    );
                });
                (html, Vec::new())
            }
        }
    }

    fn list(&self, board: usize, start: usize, now: i64) -> String {
        let mut lines: Vec<(i64, usize, usize)> = Vec::new();
        for (number, thread) in self.threads.iter().enumerate().filter(|(_, thread)| thread.board == board) {
            let written = thread.posts.iter().filter(|at| **at <= now);
            if let Some(last) = written.clone().max() {
                lines.push((*last, number, written.count()));
            }
        }
        lines.sort_unstable();
        let mut html = head();
        html.push_str("<h2 class=forum-title>board</h2><ul class=\"topiclist topics\">");
        let all = lines.len();
        for (last, number, posts) in lines.into_iter().rev().skip(start).take(THREADS_A_LIST) {
            // Views grow whether anybody writes or not.
            let (replies, views) = (posts - 1, now / DAY + number as i64);
            let last = Timestamp::from_millis(last);
            let _ = write!(
                html,
                "<li class=row><a class=topictitle href=\"/viewtopic.php?t={number}\">thread {number}</a>\
                 <div class=topic-poster><a class=username>somebody</a></div><dd class=posts>{replies}</dd>\
                 <dd class=views>{views} <dfn>Views</dfn></dd><dd class=lastpost>last by someone on {last}</dd></li>"
            );
        }
        html.push_str("</ul>");
        next(
            &mut html,
            (start + THREADS_A_LIST < all)
                .then(|| format!("/viewforum.php?f={board}&start={}", start + THREADS_A_LIST)),
        );
        html
    }

    fn topic(&self, number: usize, start: usize, now: i64) -> (String, Vec<(usize, usize)>) {
        let written = self.threads[number].posts.iter().filter(|at| **at <= now).count();
        let mut html = head();
        let _ = write!(html, "<h2 class=topic-title>thread {number}</h2>");
        let here: Vec<(usize, usize)> = (start..written.min(start + POSTS_A_PAGE)).map(|post| (number, post)).collect();
        for (_, post) in &here {
            let _ = write!(
                html,
                "<div class=post><p class=author><a class=username>writer</a></p><div class=content>\
                 {}</div></div>",
                words(number * 1_000 + post)
            );
        }
        next(
            &mut html,
            (start + POSTS_A_PAGE < written)
                .then(|| format!("/viewtopic.php?t={number}&start={}", start + POSTS_A_PAGE)),
        );
        (html, here)
    }

    /// Posts that were written within the thirty days.
    fn new_posts(&self, from: i64) -> usize {
        self.threads.iter().flat_map(|thread| &thread.posts).filter(|at| **at > from).count()
    }
}

/// What somebody wrote: eight words in an order of their own.
fn words(seed: usize) -> String {
    const WORDS: [&str; 16] = [
        "river", "room", "never", "again", "because", "station", "monday", "paper", "window", "after", "train",
        "quiet", "market", "small", "answer", "together",
    ];
    let mut rng = rand::rngs::StdRng::seed_from_u64(seed as u64);
    (0..8).map(|_| WORDS[rng.gen_range(0..WORDS.len())]).collect::<Vec<_>>().join(" ")
}

fn head() -> String {
    "<html><head><meta name=generator content=phpBB></head><body id=phpbb>".to_owned()
}

fn next(html: &mut String, next: Option<String>) {
    if let Some(next) = next {
        let _ = write!(
            html,
            "<div class=pagination><ul><li class=next><a rel=next href=\"{next}\">next</a></li></ul></div>"
        );
    }
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

/// One turn of the frontier; which page was asked for and what stood on it.
async fn turn(
    desk: &Desk,
    frontier: &Frontier,
    forum: &Forum,
    profiles: &Profiles,
) -> Option<(String, Vec<(usize, usize)>)> {
    let Leased::Lease(lease) = frontier.lease("crawl").await.unwrap() else { return None };
    let now = desk.clock.now();
    if lease.purpose() == Purpose::Robots {
        let why = lease.why().to_owned();
        desk.turn_back(lease, Fetched::Status(404)).await;
        return Some((why, Vec::new()));
    }
    let (html, posts) = forum.page(lease.target().path_and_query(), now.millis());
    let why = lease.why().to_owned();
    let mut page = parsed(&lease, html, profiles);
    let found = Found::read(&lease, &mut page, now);
    let mut tx = desk.store.begin().await.unwrap();
    frontier.complete(&mut tx, lease, found).await.unwrap();
    tx.commit().await.unwrap();
    Some((why, posts))
}

#[tokio::test]
async fn thirty_days_of_a_forum_find_more_by_what_is_learnt_than_page_by_page() {
    let desk = Desk::new(|draft| {
        draft.targets.truncate(2);
        draft.ceilings.depth = 200;
        draft.ceilings.pages = 1_000_000;
        draft.ceilings.bytes = 1 << 40;
        draft.ceilings.days = 60;
        draft.not_after = Timestamp::from_millis(start().millis() + 60 * DAY).to_string();
    })
    .await;
    desk.seed(&["http://forum.example/"]).await;
    let profiles = Profiles::builtin();
    // Everything that is there is known before the thirty days begin.
    let from = start().millis() + 2 * DAY;
    let forum = Forum::new(7, from);
    let mut pages = 0;
    while desk.clock.now().millis() < from - DAY {
        match turn(&desk, &desk.frontier, &forum, &profiles).await {
            Some(_) => pages += 1,
            None if desk.status("board-b").await.waiting == 0 => break,
            None => {}
        }
        desk.advance(POLITE);
    }
    assert!(pages > 600, "{pages} pages were there");
    desk.advance(from - desk.clock.now().millis());

    let slot = DAY / REQUESTS_A_DAY;
    let (mut found, mut reasons) = (BTreeSet::new(), BTreeMap::new());
    for _ in 0..DAYS * REQUESTS_A_DAY {
        if let Some((why, posts)) = turn(&desk, &desk.frontier, &forum, &profiles).await {
            found.extend(posts);
            let kind: String =
                why.split(':').next().unwrap_or_default().chars().filter(|c| !c.is_ascii_digit()).collect();
            *reasons.entry(kind).or_insert(0) += 1;
            assert!(explains(&why), "a visit without a reason: {why:?}");
        }
        desk.advance(slot);
    }
    let fresh = |found: &BTreeSet<(usize, usize)>| {
        found.iter().filter(|(thread, post)| forum.threads[*thread].posts[*post] > from).count()
    };
    let (ours, theirs, all) = (fresh(&found), page_by_page(&forum, from), forum.new_posts(from));
    assert!(ours as f64 >= GAIN * theirs as f64, "{ours} against {theirs} of {all}; {reasons:?}");
}

/// Whether a reason says why a page is asked for now.
fn explains(why: &str) -> bool {
    ["next visit is due", "its line in the list", "everything listed before", "not visited yet", "robots.txt"]
        .iter()
        .any(|known| why.contains(known))
}

/// The same budget spent on every known page in turn, pages that are new first.
fn page_by_page(forum: &Forum, from: i64) -> usize {
    let mut known = BTreeSet::new();
    let mut turn = VecDeque::new();
    let mut all = vec!["/".to_owned()];
    while let Some(path) = all.pop() {
        if known.insert(path.clone()) {
            turn.push_back(path.clone());
            all.extend(links(&forum.page(&path, from).0));
        }
    }
    let mut found = BTreeSet::new();
    for request in 0..DAYS * REQUESTS_A_DAY {
        let now = from + request * DAY / REQUESTS_A_DAY;
        let Some(path) = turn.pop_front() else { break };
        let (html, posts) = forum.page(&path, now);
        found.extend(posts);
        turn.push_back(path);
        for link in links(&html) {
            if known.insert(link.clone()) {
                turn.push_front(link);
            }
        }
    }
    found.iter().filter(|(thread, post)| forum.threads[*thread].posts[*post] > from).count()
}

fn links(html: &str) -> Vec<String> {
    html.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()).map(str::to_owned).collect()
}
