//! Threads and advertisements that never were, in the markup of the engines that real forums and boards run on, with
//! everything that a reader of them must find written down.
//!
//! Each engine writes the parts of a page as its default theme does: the elements, names and attributes are facts about
//! the engine, the sentences around them are ours. `tests/engines.rs` holds the extraction profiles against this.

mod ads;
mod day;
mod discourse;
mod flarum;
mod invision;
mod mybb;
mod phpbb;
mod smf;
mod vbulletin;
mod xenforo;

use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha20Rng;

pub use day::Moment;

use crate::identifier::pick;
use crate::language::{LANGUAGES, Language};
use crate::site::html::escape;

/// One page of a thread.
#[derive(Debug)]
pub struct Thread {
    /// Its number on the site.
    pub id: u32,
    /// The board it stands in.
    pub board: String,
    /// Its heading.
    pub title: String,
    /// Which page this is, from 1.
    pub page: u32,
    /// How many there are.
    pub pages: u32,
    /// The posts of this page, in order.
    pub posts: Vec<Post>,
}

/// One post.
#[derive(Debug)]
pub struct Post {
    /// Its number on the site.
    pub id: u32,
    /// Its number in the thread, from 1.
    pub number: u32,
    /// Who wrote it.
    pub author: String,
    /// When.
    pub at: Moment,
    /// What it says, quotes apart.
    pub body: String,
    /// The post of this page that it quotes, by its place, and the words.
    pub quotes: Option<(usize, String)>,
}

/// A list of threads.
#[derive(Debug)]
pub struct Board {
    /// Its number on the site.
    pub id: u32,
    /// Its name.
    pub name: String,
    /// Which page this is, from 1.
    pub page: u32,
    /// How many there are.
    pub pages: u32,
    /// Number, heading, author and beginning of each thread.
    pub threads: Vec<(u32, String, String, Moment)>,
}

/// One advertisement.
#[derive(Debug)]
pub struct Ad {
    /// Its number on the site.
    pub id: u32,
    /// Its section.
    pub section: String,
    /// Its heading.
    pub title: String,
    /// What it says.
    pub body: String,
    /// What is asked, in whole units of a currency.
    pub price: u32,
    /// The currency as the page writes it, and its ISO 4217 code.
    pub currency: (&'static str, &'static str),
    /// Where.
    pub place: String,
    /// When.
    pub at: Moment,
    /// Who.
    pub seller: String,
}

/// A page in an engine's markup, and what must be found on it beside its records.
#[derive(Debug)]
pub struct Page {
    /// Path and query.
    pub path: String,
    /// The markup.
    pub html: String,
    /// Path and query of the page after it.
    pub next: Option<String>,
    /// Paths of the threads or advertisements that it links to.
    pub leads_to: Vec<String>,
    /// Paths of links that must never be followed.
    pub never: Vec<String>,
}

/// An engine for forums.
#[derive(Clone, Copy, Debug)]
pub struct Engine {
    /// The name of its profile.
    pub name: &'static str,
    /// Writes a page of a thread.
    pub thread: fn(&Thread) -> Page,
    /// Writes a page of a board.
    pub board: fn(&Board) -> Page,
    /// Whether its posts say when they were made.
    pub dated: bool,
    /// Whether its lists say who began a thread.
    pub lists_authors: bool,
}

/// An engine for advertisements: one advertisement, and a list of some.
#[derive(Clone, Copy, Debug)]
pub struct AdEngine {
    /// The name of its profile.
    pub name: &'static str,
    /// Writes one advertisement.
    pub ad: fn(&Ad) -> Page,
    /// Writes page `1` of `2` of a list.
    pub list: fn(&[Ad]) -> Page,
}

const fn engine(name: &'static str, thread: fn(&Thread) -> Page, board: fn(&Board) -> Page) -> Engine {
    Engine { name, thread, board, dated: true, lists_authors: true }
}

/// All engines for forums; some profiles know several generations of one.
pub const ENGINES: &[Engine] = &[
    engine("phpbb", phpbb::thread, phpbb::board),
    engine("smf", smf::thread, smf::board),
    engine("smf", smf::thread_of_2_0, smf::board),
    engine("mybb", mybb::thread, mybb::board),
    engine("vbulletin", vbulletin::thread_of_3, vbulletin::board),
    engine("vbulletin", vbulletin::thread_of_4, vbulletin::board),
    engine("vbulletin", vbulletin::thread_of_5, vbulletin::board),
    engine("xenforo", xenforo::thread_of_1, xenforo::board),
    engine("xenforo", xenforo::thread, xenforo::board),
    Engine { lists_authors: false, ..engine("discourse", discourse::thread, discourse::board) },
    Engine { dated: false, lists_authors: false, ..engine("flarum", flarum::thread, flarum::board) },
    engine("invision", invision::thread, invision::board),
];

/// All engines for advertisements.
pub const AD_ENGINES: &[AdEngine] = &[
    AdEngine { name: "ads-osclass", ad: ads::osclass, list: ads::osclass_list },
    AdEngine { name: "ads-generic", ad: ads::generic, list: ads::generic_list },
];

/// Names to post under: words, no names of persons, and some that markup must not swallow.
const AUTHORS: &[&str] = &[
    "harbourlight",
    "old mill",
    "Green_Kettle",
    "slow-boat 7",
    "bakers & yard",
    "papermoon",
    "тихая пристань",
    "κήπος",
];

const CURRENCIES: &[(&str, &str)] =
    &[("€", "EUR"), ("£", "GBP"), ("грн", "UAH"), ("lei", "RON"), ("₽", "RUB"), ("zł", "PLN")];

fn language(seed: u64) -> &'static Language {
    &LANGUAGES[usize::try_from(seed).unwrap_or_default() % LANGUAGES.len()]
}

impl Thread {
    /// Some page of some thread.
    #[must_use]
    pub fn generate(seed: u64) -> Self {
        let mut rng = ChaCha20Rng::seed_from_u64(seed);
        let language = language(seed);
        let (page, pages) = (rng.gen_range(1..3), 3);
        let first = rng.gen_range(1_000..9_000);
        let mut posts: Vec<Post> = Vec::new();
        let mut at = Moment::some(&mut rng);
        for place in 0..rng.gen_range(4..11) {
            let quoted =
                (place > 0 && rng.gen_bool(0.5)).then(|| rng.gen_range(0..usize::try_from(place).unwrap_or_default()));
            let quotes = quoted.map(|place| {
                // The first words, as people do.
                let words: Vec<_> = posts[place].body.split(' ').take(9).collect();
                (place, words.join(" "))
            });
            at = at.later(rng.gen_range(3..900));
            // A number makes every post unlike the others.
            let body = format!("{} {}", language.paragraph(&mut rng, 2), pick(&mut rng, &["(a)", "(b)", "(c)"]));
            let number = (page - 1) * 20 + place + 1;
            let body = format!("{number}. {body}");
            posts.push(Post {
                id: first + 3 * place,
                number,
                author: pick(&mut rng, AUTHORS).to_owned(),
                at,
                body,
                quotes,
            });
        }
        Self {
            id: rng.gen_range(10..999),
            board: language.board.to_owned(),
            title: format!("{} <{}>", language.heading(&mut rng), rng.gen_range(1..99)),
            page,
            pages,
            posts,
        }
    }

    /// Path with a number for the next page, if there is one.
    fn next(&self, path: impl Fn(u32) -> String) -> Option<String> {
        (self.page < self.pages).then(|| path(self.page + 1))
    }
}

impl Board {
    /// Some page of some board.
    #[must_use]
    pub fn generate(seed: u64) -> Self {
        let mut rng = ChaCha20Rng::seed_from_u64(seed);
        let language = language(seed);
        let threads = (0..rng.gen_range(4..12))
            .map(|place| {
                let title = format!("{} {place}", language.heading(&mut rng));
                (100 + place, title, pick(&mut rng, AUTHORS).to_owned(), Moment::some(&mut rng))
            })
            .collect();
        Self { id: rng.gen_range(2..40), name: language.board.to_owned(), page: 1, pages: 3, threads }
    }
}

impl Ad {
    /// Some advertisement.
    #[must_use]
    pub fn generate(seed: u64) -> Self {
        let mut rng = ChaCha20Rng::seed_from_u64(seed);
        let language = language(seed);
        Self {
            id: rng.gen_range(100..9_999),
            section: language.board.to_owned(),
            title: language.heading(&mut rng),
            body: language.paragraph(&mut rng, 4),
            price: rng.gen_range(2..40) * 50,
            currency: pick(&mut rng, CURRENCIES),
            place: pick(&mut rng, language.towns).to_owned(),
            at: Moment::some(&mut rng),
            seller: pick(&mut rng, AUTHORS).to_owned(),
        }
    }
}

/// A whole document.
fn document(html: &str, title: &str, head: &str, body: &str, content: &str) -> String {
    format!(
        "<!DOCTYPE html>\n<html {html}><head><meta charset=\"utf-8\"><title>{}</title>{head}</head>\n<body {body}>\n{content}\n</body></html>\n",
        escape(title)
    )
}

/// Links as a page writes them, from where they must lead.
fn hrefs(paths: &[String]) -> String {
    paths.iter().map(|path| format!("<a href=\"{}\">·</a>\n", escape(path))).collect()
}
