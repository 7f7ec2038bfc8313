//! A first draft of a profile from saved pages: what repeats on them, and where its parts stand.
//!
//! It says names of elements and classes, never a word of a page's text. A person reads it, corrects it and tries it with
//! `lanthorn profile check`; nothing uses it before that.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use scraper::{ElementRef, Html, Selector};

use crate::marks::Marks;
use crate::{Field, PageKind, Problems, Profiles, RecordKind, miner, tree};

/// Votes for the places of parts, by kind of page.
#[derive(Default)]
struct Draft {
    pages: u32,
    record: Option<RecordKind>,
    records: BTreeMap<String, u32>,
    fields: BTreeMap<Field, BTreeMap<String, u32>>,
    links: BTreeMap<String, u32>,
}

/// A profile in its file form, drafted from pages of one site; `None` if nothing repeats on any of them.
///
/// It passes [`Profiles::check`].
#[must_use]
pub fn propose(name: &str, pages: &[String]) -> Option<String> {
    let mut drafts: BTreeMap<PageKind, Draft> = BTreeMap::new();
    let mut prints: BTreeMap<String, usize> = BTreeMap::new();
    for page in pages {
        let document = tree::build(page, &mut Problems::default());
        for print in fingerprints(&document) {
            *prints.entry(print).or_default() += 1;
        }
        if let Some(marks) = miner::find(&document, None) {
            drafts.entry(marks.kind).or_default().vote(&document, &marks);
        }
    }
    drafts.retain(|_, draft| !draft.records.is_empty());
    if drafts.is_empty() {
        return None;
    }
    let shared = prints.iter().filter(|(_, count)| **count == pages.len()).map(|(print, _)| print);
    // In the order of how telling they are: the generator, then names of the root elements.
    let print = shared.min_by_key(|print| (!print.starts_with("generator"), print.len()));
    let own = drafts
        .values()
        .next()
        .and_then(|draft| most(&draft.records))
        .map(|select| format!("select = {}", quoted(select)));
    let print = print.cloned().or(own)?;
    let mut out = format!(
        "# Proposed from {} saved pages. Read it, correct it, then: lanthorn profile check FILE\n\
         # The form of this file: docs/formats/profile.md.\n\
         format = 1\nname = {}\nrevision = 1\nabout = \"proposed from saved pages\"\n\n\
         # Links that must never be followed; those that end a session or change something are known already.\nnever = []\n\n\
         [[fingerprint]]\n{print}\n",
        pages.len(),
        quoted(name)
    );
    for draft in drafts.values() {
        draft.links(&mut out);
    }
    for (kind, draft) in &drafts {
        draft.page(*kind, &mut out)?;
    }
    Profiles::check(name, &out).is_ok().then_some(out)
}

impl Draft {
    fn vote(&mut self, document: &Html, marks: &Marks) {
        self.pages += 1;
        self.record = marks.records.first().map(|record| record.kind);
        let elements = document.tree.root().descendants().filter_map(ElementRef::wrap);
        for element in elements {
            let Some(mark) = marks.elements.get(&element.id()) else { continue };
            let Some(place) = place_of(element) else { continue };
            if mark.record.is_some() {
                *self.records.entry(place).or_default() += 1;
            } else if let Some(field) = mark.field {
                if field == Field::Title
                    && let Some(form) = element.descendent_elements().find_map(|e| link_form(e.attr("href")?))
                {
                    *self.links.entry(form).or_default() += 1;
                }
                *self.fields.entry(field).or_default().entry(place).or_default() += 1;
            }
        }
    }

    fn links(&self, out: &mut String) {
        let to = match self.record {
            Some(RecordKind::Thread) => "thread",
            Some(RecordKind::Ad) => "ad",
            _ => return,
        };
        if let Some(form) = most(&self.links) {
            let _ = write!(out, "\n[[link]]\nto = \"{to}\"\nurl = {}\n", quoted(form));
        }
    }

    fn page(&self, kind: PageKind, out: &mut String) -> Option<()> {
        let select = quoted(most(&self.records)?);
        let record = match self.record? {
            RecordKind::Thread => "thread",
            RecordKind::Post => "post",
            RecordKind::Ad => "ad",
        };
        let total: u32 = self.records.values().sum();
        let _ = write!(
            out,
            "\n[[page]]\nkind = \"{}\"\nwhen = {select}\n\n[page.record]\nkind = \"{record}\"\nselect = {select}\n\n[page.record.fields]\n",
            kind.as_str()
        );
        for (field, places) in &self.fields {
            let Some(place) = most(places) else { continue };
            // What nearly every record has is missed when it is gone.
            let required = if 10 * places[place] >= 9 * total { ", required = true" } else { "" };
            let _ = writeln!(out, "{} = {{ select = {}{required} }}", field.as_str(), quoted(place));
        }
        Some(())
    }
}

fn most(votes: &BTreeMap<String, u32>) -> Option<&str> {
    votes.iter().max_by_key(|(place, votes)| (**votes, std::cmp::Reverse(place.len()))).map(|(place, _)| place.as_str())
}

/// Name and class of an element; of one without a class, those of the element around it, too.
fn place_of(element: ElementRef<'_>) -> Option<String> {
    let named = |element: ElementRef<'_>| {
        let class = element.attr("class").unwrap_or_default().split_ascii_whitespace().find(|class| is_name(class));
        let name = element.value().name();
        (class.map_or_else(|| name.to_owned(), |class| format!("{name}.{class}")), class.is_some())
    };
    let (own, telling) = named(element);
    let place = if telling {
        own
    } else {
        let outer = ElementRef::wrap(element.parent()?).filter(|outer| outer.value().name() != "body");
        outer.map_or(own.clone(), |outer| format!("{} > {own}", named(outer).0))
    };
    Selector::parse(&place).is_ok().then_some(place)
}

/// A class that names a thing rather than numbers it.
fn is_name(class: &str) -> bool {
    class.len() <= 64
        && class.starts_with(|c: char| c.is_ascii_alphabetic())
        && class.bytes().all(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'-' | b'_'))
}

/// What a link's path and query look like, its numbers left open and the words of a title dropped.
fn link_form(href: &str) -> Option<String> {
    let path = href.split('#').next()?.trim_start_matches('.');
    let path = path
        .strip_prefix("http://")
        .or_else(|| path.strip_prefix("https://"))
        .map_or(path, |rest| rest.split_once('/').map_or("", |(_, path)| path));
    let (before, _) = path.split_once(|c: char| c.is_ascii_digit())?;
    let before = before
        .rsplit_once('-')
        .filter(|(_, last)| last.is_empty() && before.contains('/'))
        .map_or(before, |_| before.split_inclusive('/').next().unwrap_or(before));
    (before.len() > 2 && before.is_ascii())
        .then(|| format!("{}[^?&]*\\d", regex::escape(before.trim_start_matches('/'))))
}

fn fingerprints(document: &Html) -> Vec<String> {
    let mut prints = Vec::new();
    for element in document.tree.root().descendants().filter_map(ElementRef::wrap).take(400) {
        let name = element.value().name();
        if name == "meta" && element.attr("name").is_some_and(|name| name.eq_ignore_ascii_case("generator")) {
            let word = element
                .attr("content")
                .unwrap_or_default()
                .split(|c: char| !c.is_ascii_alphabetic())
                .next()
                .unwrap_or_default();
            if word.len() > 2 {
                prints.push(format!("generator = {}", quoted(&word.to_ascii_lowercase())));
            }
        }
        if matches!(name, "html" | "body")
            && let Some(id) = element.attr("id").filter(|id| is_name(id))
        {
            prints.push(format!("select = {}", quoted(&format!("{name}#{id}"))));
        }
    }
    prints
}

/// A TOML string.
fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_profile_is_drafted_from_what_repeats_and_says_no_word_of_the_pages() {
        let post = |n: u32| {
            format!(
                "<div class='msg odd n{n}'><b class=poster>mate {n}</b> <span class=when>2{n} Nov 2026</span><div class=words>The rooms above the harbour office are let by the week from the first of the month, ask there for number {n}.</div></div>"
            )
        };
        let page =
            |from: u32| format!("<body id=board><main>{}</main>", (from..from + 4).map(post).collect::<String>());
        let text = propose("harbour", &[page(1), page(3)]).unwrap();
        for line in [
            "select = \"body#board\"",
            "select = \"div.msg\"",
            "author = { select = \"b.poster\", required = true }",
            "body = { select = \"div.words\", required = true }",
        ] {
            assert!(text.contains(line), "{line}\n{text}");
        }
        assert!(!text.contains("mate") && !text.contains("harbour office"));
        assert_eq!(propose("harbour", &["<p>Two rooms free.".to_owned()]), None);
        assert_eq!(propose("harbour", &[]), None);
    }

    #[test]
    fn links_are_known_by_what_stands_before_their_number() {
        assert_eq!(link_form("./viewtopic.php?f=2&t=7").as_deref(), Some(r"viewtopic\.php\?f=[^?&]*\d"));
        assert_eq!(link_form("http://a.example/ad/55").as_deref(), Some(r"ad/[^?&]*\d"));
        assert_eq!(link_form("/about"), None);
    }
}
