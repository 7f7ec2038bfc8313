//! Plain pages of one size on many onions: something to fetch at full speed.

use encoding_rs::UTF_8;

use super::html::{Markup, escape};
use super::planting::{Almanac, Gardener, Plot};
use super::{Site, key, plain};

/// Sites of `pages_each` pages, each page of at least `page_bytes` bytes and at most a sentence more, with four hidden
/// values each. Page `n` links to pages `2n + 1` and `2n + 2`, so that a crawler soon has many to choose from. There are
/// no traps.
#[must_use]
pub fn onions(seed: u64, count: usize, pages_each: usize, page_bytes: usize) -> Vec<Site> {
    (0..count).map(|number| onion(seed, number, pages_each, page_bytes)).collect()
}

/// The first streams are a town's.
const FIRST_PART: u64 = 1 << 32;

fn onion(seed: u64, number: usize, pages: usize, page_bytes: usize) -> Site {
    let part = FIRST_PART + number as u64;
    let key_seed = key::seed(seed, u64::MAX - part);
    let plot = Plot {
        name: format!("onion-{}", number + 1),
        host: key::host(&key_seed),
        key_seed: Some(key_seed),
        path_prefixes: vec![plain::HOME, "/pages/"],
    };
    let mut gardener = Gardener::new(seed, part, plot, Almanac::default());
    for page in 0..pages {
        plant_page(&mut gardener, page, pages, page_bytes);
    }
    gardener.finish().0
}

fn path(page: usize) -> String {
    match page {
        0 => plain::HOME.to_owned(),
        _ => format!("/pages/page-{page}.html"),
    }
}

fn plant_page(gardener: &mut Gardener, page: usize, pages: usize, page_bytes: usize) {
    let language = Gardener::language(page);
    let path_here = path(page);
    let hidden = gardener.hide(&path_here, language, 4);
    let heading = language.heading(&mut gardener.rng);
    let title = hidden.title.as_deref().map_or_else(|| heading.clone(), |more| format!("{heading}: {more}"));
    let mut markup = Markup::new(language, title);
    markup.head.push_str(&hidden.head);
    markup.line(&format!("<h1>{}</h1>", escape(&heading)));
    for next in [2 * page + 1, 2 * page + 2].into_iter().filter(|next| *next < pages) {
        markup.line(&format!("<a href=\"{}\">{next}</a>", path(next)));
    }
    let author = hidden.author.as_deref().unwrap_or("oldmill");
    markup.line(&format!("<p class=\"author\">{}</p>\n{}\n{}", escape(author), hidden.visible, hidden.tail));
    let frame = markup.render(UTF_8).len();
    let mut text = String::new();
    while frame + text.len() < page_bytes {
        let sentence = language.sentence(&mut gardener.rng);
        text.push_str("<p>");
        text.push_str(&escape(&sentence));
        text.push_str("</p>\n");
    }
    markup.body.push_str(&text);
    gardener.publish_in(UTF_8, &path_here, &markup);
}
