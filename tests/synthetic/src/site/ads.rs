//! A board of advertisements as Osclass's bender theme writes it: categories over pages, and the advertisements, some of
//! which belong together by an identifier that each writes in its own way.

use std::fmt::Write as _;

use model::Label;
use rand::Rng;

use super::group::{self, Shared};
use super::html::{Markup, escape};
use super::planting::Gardener;
use super::{GROUP_SIZE, Group, MAX_GROUPS, Place};
use crate::language::LANGUAGES;

const INDEX: &str = "/ads/index.php";

/// Advertisements on one page of a category.
const PER_PAGE: usize = 20;

/// Names of advertisers where nothing is hidden in it.
const ADVERTISER: &str = "papermoon";

/// Pages of a board with so many advertisements: the index, the lists, the advertisements.
fn page_count(ads: usize) -> usize {
    let lists: usize = (0..LANGUAGES.len()).map(|category| lists_of(ads, category)).sum();
    1 + lists + ads
}

/// Advertisements go to the categories in turn.
fn lists_of(ads: usize, category: usize) -> usize {
    let mine = (ads + LANGUAGES.len() - 1 - category) / LANGUAGES.len();
    mine.div_ceil(PER_PAGE).max(1)
}

/// The most advertisements that fit into `pages` pages.
pub(super) fn fitting(pages: usize) -> usize {
    (0..=pages).rev().find(|ads| page_count(*ads) <= pages).unwrap_or(0)
}

fn list_path(category: usize, page: usize) -> String {
    match page {
        0 => format!("/ads/index.php?page=search&sCategory={}", category + 1),
        _ => format!("/ads/index.php?page=search&sCategory={}&iPage={}", category + 1, page + 1),
    }
}

/// Plants the board, one advertisement for each entry, and returns how many pages it has.
pub(super) fn plant(gardener: &mut Gardener, mut shared: Vec<Option<Shared>>) -> usize {
    let count = shared.len();
    let mut categories = vec![Vec::new(); LANGUAGES.len()];
    for (number, shared) in shared.iter_mut().enumerate() {
        let (path, heading) = plant_ad(gardener, number, shared.take());
        categories[number % LANGUAGES.len()].push((path, heading));
    }
    let mut markup = page(0, "Advertisements".to_owned(), "home");
    for (category, language) in LANGUAGES.iter().enumerate() {
        markup.line(&format!(
            "<a class=\"category\" href=\"{}\">{}</a>",
            escape(&list_path(category, 0)),
            escape(language.board)
        ));
    }
    gardener.publish(INDEX, &markup);
    for (category, ads) in categories.iter().enumerate() {
        plant_lists(gardener, category, ads, lists_of(count, category));
    }
    page_count(count)
}

/// Decides which advertisements belong together: the members of a group stand in different categories, and so do they in
/// different languages.
pub(super) fn plan_groups(gardener: &mut Gardener, count: usize) -> Vec<Option<Shared>> {
    let groups = MAX_GROUPS.min(count / GROUP_SIZE);
    let mut shared: Vec<Option<Shared>> = (0..count).map(|_| None).collect();
    for group in 0..groups {
        let members: Vec<usize> =
            (0..GROUP_SIZE).map(|member| member * groups + (group + 3 * member) % groups).collect();
        let tags: Vec<&str> = members.iter().map(|member| Gardener::language(*member).tag).collect();
        let identifier = group::identifier(gardener, group, &tags);
        for ((turn, member), tag) in members.iter().enumerate().zip(tags) {
            shared[*member] = Some(Shared::written_on(&identifier, group, turn, tag));
        }
        gardener.groups.push(Group { label: identifier.label, canonical: identifier.canonical, paths: Vec::new() });
    }
    shared
}

fn page(language: usize, title: String, class: &'static str) -> Markup {
    let mut markup = Markup::new(Gardener::language(language), title);
    markup.generator = Some("Osclass");
    markup.body_attributes = match class {
        "item" => " class=\"item\"",
        "search" => " class=\"search\"",
        _ => " class=\"home\"",
    };
    markup.line("<div class=\"header\"><a href=\"/ads/index.php\">Advertisements</a> <a href=\"/ads/index.php?page=login\">Log in</a></div>");
    markup
}

fn plant_lists(gardener: &mut Gardener, category: usize, ads: &[(String, String)], pages: usize) {
    let language = Gardener::language(category);
    for at in 0..pages {
        let mut markup = page(category, language.board.to_owned(), "search");
        markup.line(&format!(
            "<h1 class=\"search-title\">{}</h1>\n<ul class=\"listing-card-list\">",
            escape(language.board)
        ));
        for (path, heading) in ads.iter().skip(at * PER_PAGE).take(PER_PAGE) {
            markup.line(&format!(
                "<li class=\"listing-card\"><a class=\"title\" href=\"{}\">{}</a></li>",
                escape(path),
                escape(heading)
            ));
        }
        markup.line("</ul>");
        markup
            .line(&format!("<a href=\"{}\">price</a>", escape(&format!("{}&sOrder=i_price", list_path(category, 0)))));
        if at + 1 < pages {
            let next = escape(&list_path(category, at + 1));
            markup.line(&format!(
                "<div class=\"paginate\"><a class=\"searchPaginationNext\" rel=\"next\" href=\"{next}\">&gt;</a></div>"
            ));
        }
        gardener.publish(&list_path(category, at), &markup);
    }
}

fn plant_ad(gardener: &mut Gardener, number: usize, shared: Option<Shared>) -> (String, String) {
    let language = Gardener::language(number);
    let heading = language.heading(&mut gardener.rng);
    // Some addresses carry a number themselves, and the lists link to them.
    let in_address = (number % 9 == 5).then(|| gardener.fresh(Label::Phone));
    let digits = in_address.as_ref().map(|identifier| identifier.canonical.trim_start_matches('+').to_owned());
    let path = match &digits {
        Some(digits) => format!("/ads/offer-call-{digits}_i{}", number + 1),
        None => format!("/ads/offer_i{}", number + 1),
    };
    if let (Some(identifier), Some(digits)) = (in_address, digits) {
        gardener.note(Label::Phone, identifier.canonical, digits, &path, Place::Url);
    }
    let hidden = gardener.hide(&path, language, 3);
    let title = hidden.title.as_deref().map_or_else(|| heading.clone(), |more| format!("{heading}: {more}"));
    let mut markup = page(number, title, "item");
    let _ = writeln!(markup.head, "<link rel=\"canonical\" href=\"{}\">", escape(&path));
    markup.head.push_str(&hidden.head);

    let contact = shared.map(|shared| shared.contact(gardener, language, &path)).unwrap_or_default();
    let text = language.paragraph(&mut gardener.rng, 4);
    let rare = gardener.rare_word(&path, language);
    let (price, day) = (gardener.rng.gen_range(5..900), gardener.rng.gen_range(1..29));
    let town = crate::identifier::pick(&mut gardener.rng, language.towns);
    let board = escape(language.board);
    markup.line(&format!(
        "<ul class=\"breadcrumb\"><li>Advertisements</li><li>{board}</li><li>{}</li></ul>",
        escape(&heading)
    ));
    markup.line(&format!(
        "<div id=\"main\"><div id=\"item-content\"><h1><span class=\"price\">{price} {}</span> <strong>{}</strong></h1>\n<div class=\"item-header\"><span class=\"publish\">2026-10-{day:02}</span></div>\n<ul id=\"item_location\"><li>{}</li></ul>\n<div id=\"description\"><p>{} {rare}</p>\n{}</div>",
        language.currency,
        escape(&heading),
        escape(town),
        escape(&text),
        hidden.visible,
    ));
    let author = escape(hidden.author.as_deref().unwrap_or(ADVERTISER));
    markup.line(&format!("<div id=\"contact\"><p class=\"name\">{author}</p>{contact}</div></div></div>"));
    markup.line(&hidden.tail);
    gardener.publish(&path, &markup);
    (path, heading)
}
