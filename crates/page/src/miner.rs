//! Records by repetition, where neither a profile nor the page itself says what it holds.
//!
//! The posts of a thread and the lines of a list are siblings made by one template: elements of one name and class, one
//! after the other, with most of the page's words in them. The group of siblings that holds most of them is taken, if it
//! holds enough; what the parts of a sibling are is read from what they say: a day, an amount, a heading, the longest text.

use std::collections::HashMap;

use ego_tree::NodeId;
use ego_tree::iter::Edge;
use scraper::{ElementRef, Html, Node};

use crate::date::{self, Now, Order};
use crate::limits::MAX_RECORDS;
use crate::marks::{Mark, Marks};
use crate::walk::characters;
use crate::{Field, PageKind, Record, RecordKind, price};

/// Fewest siblings that make a template.
const MIN_SIBLINGS: usize = 3;

/// Fewest characters of text of an average sibling: menus have less.
const MIN_CHARACTERS: usize = 25;

/// The share of a page's text, in hundredths, that the siblings must hold.
const MIN_SHARE: usize = 30;

/// Characters from which on a text is a post rather than a line of a list.
const POST_CHARACTERS: usize = 90;

/// Characters of a text that can be a day, an amount or a name.
const MAX_SHORT_CHARACTERS: usize = 60;

/// Elements of one sibling that are looked at.
const MAX_PARTS: usize = 400;

/// Text below one element: all of it, and that of links.
#[derive(Clone, Copy, Default)]
struct Weight {
    text: usize,
    links: usize,
}

/// The records of a document by repetition, if there are any.
pub(crate) fn find(document: &Html, now: Option<Now>) -> Option<Marks> {
    let (weights, total) = weigh(document);
    let siblings = best(document, &weights, total)?;
    let parts: Vec<_> = siblings.iter().map(|sibling| Parts::of(*sibling, now)).collect();
    let most = |is: fn(&Parts) -> bool| 2 * parts.iter().filter(|parts| is(parts)).count() >= parts.len();
    let (priced, told) =
        (most(|parts| parts.price.is_some()), most(|parts| parts.posted.is_some() || parts.author.is_some()));
    let average =
        siblings.iter().filter_map(|sibling| weights.get(&sibling.id())).map(|w| w.text - w.links).sum::<usize>()
            / siblings.len();
    let (page, kind) = match () {
        () if priced => (PageKind::AdList, RecordKind::Ad),
        () if told && average >= POST_CHARACTERS => (PageKind::Thread, RecordKind::Post),
        () if told && most(|parts| parts.title.is_some()) => (PageKind::Board, RecordKind::Thread),
        () => return None,
    };
    let mut marks = Marks { kind: page, ..Marks::default() };
    for (at, (sibling, parts)) in siblings.iter().zip(parts).enumerate().take(MAX_RECORDS) {
        marks.elements.entry(sibling.id()).or_default().record = Some(at);
        let record = Record {
            kind,
            posted: parts.posted.map(|(_, day)| day),
            price: parts.price.map(|(_, price)| price),
            answers: None,
        };
        marks.records.push(record);
        let fields = [
            (parts.author, Field::Author),
            (parts.posted.map(|(id, _)| id), Field::Posted),
            (parts.price.map(|(id, _)| id), Field::Price),
            (parts.title, Field::Title),
            (parts.body.filter(|_| kind != RecordKind::Thread), Field::Body),
        ];
        for (id, field) in fields {
            let Some(id) = id else { continue };
            let mark: &mut Mark = marks.elements.entry(id).or_default();
            mark.field.get_or_insert(field);
        }
    }
    Some(marks)
}

/// How much text stands below each element, in one walk.
fn weigh(document: &Html) -> (HashMap<NodeId, Weight>, usize) {
    let mut weights = HashMap::new();
    let mut open: Vec<Weight> = vec![Weight::default()];
    let (mut links, mut unseen) = (0_usize, 0_usize);
    for edge in document.tree.root().traverse() {
        match edge {
            Edge::Open(node) => match node.value() {
                Node::Element(element) => {
                    links += usize::from(element.name() == "a");
                    unseen += usize::from(is_apart(element.name()));
                    open.push(Weight::default());
                }
                Node::Text(text) if unseen == 0 => {
                    let length = characters(text);
                    if let Some(last) = open.last_mut() {
                        last.text += length;
                        last.links += if links > 0 { length } else { 0 };
                    }
                }
                _ => {}
            },
            Edge::Close(node) => {
                let Node::Element(element) = node.value() else { continue };
                links -= usize::from(element.name() == "a");
                unseen -= usize::from(is_apart(element.name()));
                let weight = open.pop().unwrap_or_default();
                if let Some(outer) = open.last_mut() {
                    outer.text += weight.text;
                    outer.links += weight.links;
                }
                weights.insert(node.id(), weight);
            }
        }
    }
    (weights, open.first().map_or(0, |weight| weight.text))
}

fn is_apart(name: &str) -> bool {
    matches!(name, "script" | "style" | "template" | "nav" | "footer" | "head" | "select" | "option")
}

/// The siblings of one name and class that hold most of the page's own words.
fn best<'a>(document: &'a Html, weights: &HashMap<NodeId, Weight>, total: usize) -> Option<Vec<ElementRef<'a>>> {
    let mut best: Option<(usize, Vec<ElementRef<'a>>)> = None;
    for parent in document.tree.root().descendants().filter_map(ElementRef::wrap) {
        let mut groups: HashMap<(&str, &str), Vec<ElementRef<'a>>> = HashMap::new();
        for child in parent.child_elements() {
            // The first class is the template's; those after it often count rows or tell the unread.
            let class = child.attr("class").unwrap_or_default().split_ascii_whitespace().next().unwrap_or_default();
            let class = class.trim_end_matches(|c: char| c.is_ascii_digit());
            groups.entry((child.value().name(), class)).or_default().push(child);
        }
        for group in groups.into_values().filter(|group| group.len() >= MIN_SIBLINGS) {
            let weight = |sibling: &ElementRef<'_>| weights.get(&sibling.id()).copied().unwrap_or_default();
            let text: usize = group.iter().map(|sibling| weight(sibling).text).sum();
            // One sibling with nearly everything in it is a column, not a record.
            let largest = group.iter().map(|sibling| weight(sibling).text).max().unwrap_or_default();
            let sound =
                text >= MIN_CHARACTERS * group.len() && 100 * text >= MIN_SHARE * total && 4 * largest <= 3 * text;
            let has_parts =
                group.iter().filter(|sibling| sibling.child_elements().next().is_some()).count() * 2 > group.len();
            if sound && has_parts && best.as_ref().is_none_or(|(most, _)| text > *most) {
                best = Some((text, group));
            }
        }
    }
    best.map(|(_, group)| group)
}

/// What the parts of one sibling are.
struct Parts {
    title: Option<NodeId>,
    author: Option<NodeId>,
    posted: Option<(NodeId, crate::Day)>,
    price: Option<(NodeId, crate::Price)>,
    body: Option<NodeId>,
}

impl Parts {
    fn of(sibling: ElementRef<'_>, now: Option<Now>) -> Self {
        let mut parts = Self { title: None, author: None, posted: None, price: None, body: None };
        let mut longest = 0;
        for element in sibling.descendent_elements().skip(1).take(MAX_PARTS) {
            let name = element.value().name();
            let own = own_text(element);
            let length = own.chars().count();
            let short = (1..=MAX_SHORT_CHARACTERS).contains(&length);
            if parts.title.is_none() && matches!(name, "h1" | "h2" | "h3" | "h4" | "h5") && length > 0 {
                parts.title = Some(element.id());
            } else if parts.author.is_none() && short && names_person(element) {
                parts.author = Some(element.id());
            } else if parts.posted.is_none() && (name == "time" || (short && own.contains(|c: char| c.is_numeric()))) {
                let stated = element.attr("datetime").unwrap_or(&own);
                parts.posted = date::read(stated, Order::Dmy, now).map(|day| (element.id(), day));
            }
            if parts.price.is_none() && short && parts.posted.is_none_or(|(id, _)| id != element.id()) {
                parts.price =
                    price::read(&own).filter(|price| price.currency.is_some()).map(|price| (element.id(), price));
            }
            if length > longest
                && !matches!(name, "a" | "h1" | "h2" | "h3" | "h4" | "h5" | "time")
                && length > MAX_SHORT_CHARACTERS
            {
                longest = length;
                parts.body = Some(element.id());
            }
        }
        let link = || {
            let links = sibling
                .descendent_elements()
                .take(MAX_PARTS)
                .filter(|e| e.value().name() == "a" && e.attr("href").is_some());
            let links = links.filter(|link| parts.author != Some(link.id()));
            links.map(|link| (link.text().map(str::len).sum::<usize>(), link.id())).max_by_key(|(length, _)| *length)
        };
        parts.title = parts.title.or_else(|| link().filter(|(length, _)| *length > 4).map(|(_, id)| id));
        parts
    }
}

/// The text that stands in an element itself.
fn own_text(element: ElementRef<'_>) -> String {
    let mut own = String::new();
    for text in element.children().filter_map(|child| child.value().as_text()) {
        for word in text.split_whitespace() {
            if !own.is_empty() {
                own.push(' ');
            }
            own.push_str(&word[..word.floor_char_boundary(64)]);
            if own.len() > 2_000 {
                return own;
            }
        }
    }
    own
}

fn names_person(element: ElementRef<'_>) -> bool {
    let mut names = element.attr("class").into_iter().chain(element.attr("itemprop")).chain(element.attr("rel"));
    names.any(|name| {
        let name = name.to_ascii_lowercase();
        ["author", "username", "user-name", "poster", "nick", "seller", "member"].iter().any(|word| name.contains(word))
            && !name.contains("title")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(html: &str) -> Option<Marks> {
        find(&Html::parse_document(html), None)
    }

    #[test]
    fn posts_made_by_one_template_are_found_among_menus() {
        let menu = "<ul><li><a href=/a>Home</a><li><a href=/b>Search</a><li><a href=/c>Members</a></ul>";
        let post = |n: u32| {
            format!(
                "<div class='msg n{n}'><b class=poster>mate {n}</b> <span>2{n} Nov 2026</span><div class=text>The rooms above the harbour office are let by the week from the first of the month, ask there for number {n}.</div></div>"
            )
        };
        let marks = found(&format!("{menu}<main>{}</main>{menu}", (1..6).map(post).collect::<String>())).unwrap();
        assert_eq!((marks.kind, marks.records.len()), (PageKind::Thread, 5));
        assert_eq!(marks.records[2].posted.unwrap().to_string(), "2026-11-23");
        let fields = marks.elements.values().filter(|mark| mark.field == Some(Field::Body)).count();
        assert_eq!(fields, 5);
    }

    #[test]
    fn a_list_with_prices_is_a_list_of_advertisements() {
        let line = |n: u32| {
            format!("<tr class=row><td><a href=/x/{n}>A wooden boat, hardly used, number {n}</a><td>{n}50 €<td>Lübeck")
        };
        let marks = found(&format!("<table>{}</table>", (1..5).map(line).collect::<String>())).unwrap();
        assert_eq!((marks.kind, marks.records[0].price.unwrap().minor_units), (PageKind::AdList, 15_000));
    }

    #[test]
    fn prose_and_menus_hold_no_records() {
        let prose = "<p>The rooms above the harbour office are let by the week, ask there. ".repeat(9);
        assert!(found(&format!("<main>{prose}</main>")).is_none());
        assert!(found(&"<li><a href=/a>Home page</a>".repeat(30)).is_none());
        assert!(found("").is_none());
    }
}
