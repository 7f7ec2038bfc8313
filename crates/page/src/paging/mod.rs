//! The link to the page after this one, found without a profile.
//!
//! Every link is judged by what it says, what it is called in the markup, whether numbered links stand around it and
//! whether its address is that of this page with a number one step on. No single sign decides: an arrow may lead to the
//! next picture, a class `next` to the next article. The address with the most signs wins, and needs
//! [`ENOUGH`] of them. Measured on the annotated pages of `TeamHG-Memex/autopager` by `cargo xtask eval pages`.

mod address;
mod words;

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap, HashSet};

use ego_tree::NodeId;
use scraper::{ElementRef, Html, Node};
use url::Url;

use address::Step;
use words::{Called, Said};

/// What the signs of a link must add up to.
const ENOUGH: i32 = 8;

/// Links of a page that are judged; a pager stands within them.
const MAX_JUDGED: usize = 4_000;

/// Bytes of a link's text that are read: whoever says more does not say "next".
const MAX_TEXT_BYTES: usize = 160;
/// Bytes of a number of a page, with the signs around it.
const MAX_NUMBER_BYTES: usize = 40;

/// Elements around a link whose numbered links make them a pager.
const PAGER_LEVELS: usize = 4;

/// Nodes of a container among which its links are looked for.
const MAX_PAGER_NODES: usize = 2_000;

/// Links that a pager may hold; a container of more is the page.
const MAX_PAGER_LINKS: usize = 40;

/// One address that links lead to.
struct Judged {
    weight: i32,
    /// A link to it says a number: it is a page among pages.
    numbered: bool,
    /// How many numbers on it is.
    distance: u64,
    links: Vec<NodeId>,
}

/// The links of one form of address that have the most signs.
struct Best {
    /// Signs, and how near the page is.
    rank: (i32, Reverse<u64>),
    numbered: bool,
    links: Vec<NodeId>,
}

impl Best {
    const fn of(rank: (i32, Reverse<u64>)) -> Self {
        Self { rank, numbered: false, links: Vec::new() }
    }
}

/// The elements of a document that link to the page after `own`, by their signs.
pub(crate) fn next_links(document: &Html, own: &str) -> HashSet<NodeId> {
    let Ok(own) = Url::parse(own) else { return HashSet::new() };
    let base = base_of(document, &own);
    let head = elements(document, "link").find(|link| has_rel(*link, "next"));
    let head = head.and_then(|link| target_of(&base, link.attr("href")?.trim()));
    let mut pagers = Pagers::default();
    let mut judged: BTreeMap<Url, Judged> = BTreeMap::new();
    for link in elements(document, "a").take(MAX_JUDGED) {
        let Some(target) = link.attr("href").and_then(|href| target_of(&base, href.trim())) else { continue };
        let said = words::said(&text_of(link));
        let (step, distance) = address::step(&own, &target);
        let weight = weigh(link, said, step, &mut pagers);
        let new = Judged { weight, numbered: false, distance, links: Vec::new() };
        let entry = judged.entry(target).or_insert(new);
        entry.weight = entry.weight.max(weight);
        entry.numbered |= matches!(said, Said::Number(_)) && pagers.around(link) == Pager::Numbered;
        entry.links.push(link.id());
    }
    // A page may hold several pagers: of each form of address, the one with the most signs and the shortest step. One
    // without numbers must be the only one.
    let mut best: HashMap<String, Best> = HashMap::new();
    for (target, judged) in judged {
        let numbered = if judged.numbered { 3 } else { 0 };
        let head = if head.as_ref() == Some(&target) { 3 } else { 0 };
        let rank = (judged.weight + numbered + head, Reverse(judged.distance));
        let entry = best.entry(address::form(&target)).or_insert_with(|| Best::of(rank));
        if rank > entry.rank {
            *entry = Best::of(rank);
        }
        if rank == entry.rank {
            entry.numbered |= judged.numbered;
            entry.links.extend(judged.links);
        }
    }
    let most = best.values().map(|best| best.rank).max();
    best.into_values()
        .filter(|best| best.rank.0 >= ENOUGH && (Some(best.rank) == most || best.numbered))
        .flat_map(|best| best.links)
        .collect()
}

fn elements<'a>(document: &'a Html, name: &'a str) -> impl Iterator<Item = ElementRef<'a>> {
    document.tree.root().descendants().filter_map(ElementRef::wrap).filter(move |e| e.value().name() == name)
}

fn has_rel(element: ElementRef<'_>, wanted: &str) -> bool {
    element.attr("rel").is_some_and(|rel| rel.split_ascii_whitespace().any(|word| word.eq_ignore_ascii_case(wanted)))
}

fn base_of(document: &Html, own: &Url) -> Url {
    let base = elements(document, "base").next();
    base.and_then(|base| own.join(base.attr("href")?.trim()).ok()).unwrap_or_else(|| own.clone())
}

/// Where a link leads, if that can be a page of its own.
fn target_of(base: &Url, href: &str) -> Option<Url> {
    if href.is_empty() || href.starts_with('#') || href.len() > crate::limits::MAX_URL_BYTES {
        return None;
    }
    let mut url = base.join(href).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
    url.set_fragment(None);
    Some(url)
}

/// Adds up the signs of one link.
fn weigh(link: ElementRef<'_>, said: Said, step: Step, pagers: &mut Pagers) -> i32 {
    let text = match said {
        Said::Next => 6,
        Said::NextAndMore | Said::Arrow => 4,
        Said::Previous => -12,
        Said::OtherThing => -8,
        Said::Number(_) | Said::Words => -2,
        Said::Nothing => 0,
        Said::Sentence => -5,
    };
    let hint = |hint: String| match words::said(&hint) {
        // Of an icon the explanation is all there is.
        Said::Next if said == Said::Nothing => 5_i32,
        Said::Next => 3,
        Said::NextAndMore => 2,
        Said::Previous | Said::OtherThing => -6,
        _ => 0,
    };
    let hints = hints(link).map(hint).max_by_key(|weight| weight.abs()).unwrap_or_default();
    let named = words::called(&names(link));
    let name = match named {
        Called::Next => 4,
        Called::End if said == Said::Next => -1,
        Called::Previous | Called::End => -6,
        Called::Elsewhere => -8,
        Called::Nothing => 0,
    };
    let rel = if has_rel(link, "next") { 4 } else { 0 } - if has_rel(link, "prev") { 6 } else { 0 };
    let forward = text > 0 || name > 0 || hints > 0 || rel > 0;
    let step = match step {
        // Where the newest stands first and the page itself calls the way back to it "next".
        Step::Back if said == Said::Next && named == Called::Next => -1,
        Step::Forward => 4,
        Step::First => 2,
        Step::Number => 0,
        Step::Back | Step::Same => -6,
        Step::OtherPage => -1,
        Step::OtherHost => -5,
    };
    let pager = match pagers.around(link) {
        Pager::Numbered => 3,
        Pager::Named => 2,
        Pager::None => 0,
    };
    let sum = text + hints + name + rel + step + pager;
    // A number alone is a page like the others.
    if forward { sum } else { sum.min(0) }
}

/// What a link says, or what its image does.
fn text_of(link: ElementRef<'_>) -> String {
    let mut text = String::new();
    for piece in link.text() {
        text.push_str(piece);
        text.push(' ');
        if text.len() > MAX_TEXT_BYTES {
            break;
        }
    }
    if text.trim().is_empty() {
        text = link.descendent_elements().find_map(|e| e.attr("alt")).unwrap_or_default().to_owned();
    }
    words::plain(&text)
}

/// Attributes that explain a link.
fn hints<'a>(link: ElementRef<'a>) -> impl Iterator<Item = String> + 'a {
    let inner = link.descendent_elements().take(8);
    let said =
        inner.flat_map(|e| ["title", "aria-label", "alt", "data-title"].iter().filter_map(move |name| e.attr(name)));
    said.map(words::plain)
}

/// Names in the markup: of the link, of what it holds, and of the elements that hold nothing but it.
fn names(link: ElementRef<'_>) -> String {
    let mut names = String::new();
    let mut add = |element: ElementRef<'_>| {
        for name in ["class", "id", "data-action", "data-page"] {
            if let Some(value) = element.attr(name).filter(|value| value.len() < 200) {
                names.push_str(value);
                names.push(' ');
            }
        }
    };
    link.descendent_elements().take(6).for_each(&mut add);
    for outer in link.ancestors().filter_map(ElementRef::wrap).take(2) {
        let alone = outer.descendent_elements().filter(|e| e.value().name() == "a").nth(1).is_none();
        if !alone || matches!(outer.value().name(), "body" | "main" | "article" | "section" | "table" | "html") {
            break;
        }
        add(outer);
    }
    for outer in link.ancestors().filter_map(ElementRef::wrap).take(6) {
        let calendar = ["id", "class"].iter().filter_map(|name| outer.attr(name)).any(|name| name.contains("calendar"));
        if calendar {
            names.push_str("calendar ");
        }
    }
    for source in link.descendent_elements().take(6).filter_map(|element| element.attr("src")) {
        names.push_str(source.rsplit('/').next().filter(|name| name.len() < 64).unwrap_or_default());
    }
    names
}

/// What stands around a link.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Pager {
    None,
    /// Its container is called a pager.
    Named,
    /// Its container holds numbered links.
    Numbered,
}

/// Containers already looked at.
#[derive(Default)]
struct Pagers(HashMap<NodeId, Pager>);

impl Pagers {
    fn around(&mut self, link: ElementRef<'_>) -> Pager {
        let mut best = Pager::None;
        for outer in link.ancestors().filter_map(ElementRef::wrap).take(PAGER_LEVELS) {
            let kind = *self.0.entry(outer.id()).or_insert_with(|| kind_of(outer));
            if kind == Pager::Numbered {
                return kind;
            }
            if kind == Pager::Named {
                best = kind;
            }
        }
        best
    }
}

fn kind_of(container: ElementRef<'_>) -> Pager {
    let links = || {
        container
            .descendent_elements()
            .take(MAX_PAGER_NODES)
            .filter(|e| e.value().name() == "a")
            .take(MAX_PAGER_LINKS + 1)
    };
    if links().count() > MAX_PAGER_LINKS {
        return Pager::None;
    }
    let numbers = links().filter(|link| matches!(words::said(&text_of(*link)), Said::Number(1..=100_000))).count();
    // The number of the page itself is often no link.
    let bare = container.descendants().filter_map(|node| match node.value() {
        Node::Text(text) => Some(text),
        _ => None,
    });
    // Most of what is no link is prose, which is not worth a copy to be told from a number.
    let may_be = |text: &str| text.trim().len() <= MAX_NUMBER_BYTES && text.bytes().any(|byte| byte.is_ascii_digit());
    let bare = bare
        .take(200)
        .filter(|text| may_be(text) && matches!(words::said(&words::plain(text)), Said::Number(1..=100_000)))
        .count();
    if numbers >= 2 || (numbers >= 1 && bare >= 2) {
        return Pager::Numbered;
    }
    let named =
        ["class", "id", "role", "aria-label"].iter().filter_map(|name| container.attr(name)).any(words::names_pager);
    if named { Pager::Named } else { Pager::None }
}

#[cfg(test)]
mod tests;
