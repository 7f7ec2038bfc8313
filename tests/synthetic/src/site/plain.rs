//! Pages of no engine: the way in, and a few leaves that link to each other.

use super::html::{Markup, escape};
use super::planting::Gardener;
use super::traps;

/// Where a crawl begins.
pub(super) const HOME: &str = "/index.html";

fn path(number: usize) -> String {
    format!("/pages/leaf-{number}.html")
}

/// Plants the home page and `count` leaves.
pub(super) fn plant(gardener: &mut Gardener, count: usize) {
    let mut home = Markup::new(Gardener::language(0), "Welcome".to_owned());
    home.line("<h1>Welcome</h1>");
    home.line("<p><a href=\"/forum/index.php\">Forum</a> <a href=\"ads/index.php\">Advertisements</a></p>");
    // Each leaf links to the next, so that the last is as deep as the site goes.
    home.line("<p><a href=\"pages/leaf-0.html\">Leaves</a></p>");
    gardener.publish(HOME, &home);
    for number in 0..count {
        plant_leaf(gardener, number, count);
    }
}

fn plant_leaf(gardener: &mut Gardener, number: usize, count: usize) {
    let language = Gardener::language(number);
    let path = path(number);
    let hidden = gardener.hide(&path, language, 4);
    let heading = language.heading(&mut gardener.rng);
    let title = hidden.title.as_deref().map_or_else(|| heading.clone(), |more| format!("{heading}: {more}"));
    let mut markup = Markup::new(language, title);
    markup.head.push_str(&hidden.head);
    let author = hidden.author.as_deref().unwrap_or("oldmill");
    markup.line(&format!("<article><h1>{}</h1>", escape(&heading)));
    markup.line(&format!(
        "<p class=\"author\" rel=\"author\"><a rel=\"author\" href=\"#about\">{}</a></p>",
        escape(author)
    ));
    let rare = gardener.rare_word(&path, language);
    markup.line(&format!("<p>{} {rare}</p>", escape(&language.paragraph(&mut gardener.rng, 5))));
    markup.line(&hidden.visible);
    markup.line("</article>");
    markup.line(&hidden.tail);
    if number == 0 {
        traps::links(&mut markup);
    }
    if number + 1 < count {
        markup.line(&format!("<a href=\"leaf-{}.html\">…</a>", number + 1));
    }
    gardener.publish(&path, &markup);
}
