//! The `spider` crate over one site, each page parsed with `scraper` and its links counted. Prints pages and links.

use std::sync::LazyLock;

use scraper::{Html, Selector};
use spider::tokio;
use spider::website::Website;

static LINKS: LazyLock<Selector> = LazyLock::new(|| Selector::parse("a[href]").expect("a constant"));

#[tokio::main]
async fn main() {
    let url = std::env::args().nth(1).expect("the URL to begin with");
    let mut website = Website::new(&url);
    website.with_respect_robots_txt(false).with_delay(0).with_depth(0);
    let mut pages = website.subscribe(4_096);
    let counting = tokio::spawn(async move {
        let (mut count, mut links) = (0u64, 0u64);
        while let Ok(page) = pages.recv().await {
            count += 1;
            links += Html::parse_document(&page.get_html()).select(&LINKS).count() as u64;
        }
        (count, links)
    });
    website.crawl().await;
    website.unsubscribe();
    drop(website);
    let (count, links) = counting.await.expect("the counting task");
    println!("{count} {links}");
}
