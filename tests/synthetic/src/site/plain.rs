//! Pages of no engine: the way in, and a few leaves that link to each other.

use super::group::Shared;
use super::html::{Markup, escape};
use super::planting::Gardener;
use super::traps::{self, TrapKind};

/// Where a crawl begins.
pub(super) const HOME: &str = "/index.html";

fn path(number: usize) -> String {
    format!("/pages/leaf-{number}.html")
}

/// What the plain pages of a site have besides their own text.
pub(super) struct Plan<'p> {
    /// Links of the home page: address and text.
    pub(super) doors: &'p [(&'static str, &'static str)],
    /// How many leaves there are.
    pub(super) leaves: usize,
    /// What the leaves share with other pages, in order; it may end before them.
    pub(super) shared: &'p [Option<Shared>],
    /// The traps that the first leaf links to.
    pub(super) traps: &'p [(TrapKind, &'static str)],
}

/// Plants the home page and the leaves.
pub(super) fn plant(gardener: &mut Gardener, plan: &Plan<'_>) {
    let mut home = Markup::new(Gardener::language(0), "Welcome".to_owned());
    home.line("<h1>Welcome</h1>");
    let doors: Vec<String> = plan.doors.iter().map(|(href, text)| format!("<a href=\"{href}\">{text}</a>")).collect();
    if !doors.is_empty() {
        home.line(&format!("<p>{}</p>", doors.join(" ")));
    }
    // Each leaf links to the next, so that the last is as deep as the site goes.
    home.line("<p><a href=\"pages/leaf-0.html\">Leaves</a></p>");
    gardener.publish(HOME, &home);
    for number in 0..plan.leaves {
        plant_leaf(gardener, number, plan);
    }
}

fn plant_leaf(gardener: &mut Gardener, number: usize, plan: &Plan<'_>) {
    let language = Gardener::language(number);
    let path = path(number);
    let mut hidden = gardener.hide(&path, language, 4);
    if let Some(Some(shared)) = plan.shared.get(number) {
        hidden.visible.push_str(&shared.contact(gardener, language, &path));
    }
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
        traps::links(&mut markup, plan.traps);
    }
    if number + 1 < plan.leaves {
        markup.line(&format!("<a href=\"leaf-{}.html\">…</a>", number + 1));
    }
    gardener.publish(&path, &markup);
}
