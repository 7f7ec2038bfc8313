//! One walk over the tree: every text becomes a segment, every address a link.

use ego_tree::NodeRef;
use ego_tree::iter::Edge;
use model::Sensitive;
use scraper::node::Element;
use scraper::{Html, Node};

use crate::address::{Addresses, Leads, refresh};
use crate::collector::Collector;
use crate::marks::{Mark, Marks};
use crate::{Field, LinkKind, Problem, Provenance, attribute, json, style, wall};

/// Bytes of hidden text inside a visible run up to which the two are also read as one.
const MAX_WOVEN_BYTES: usize = 1_024;

/// Walks over a document in its own order, without recursion.
pub(crate) fn walk(document: &Html, marks: &Marks, addresses: Addresses<'_>, out: &mut Collector) {
    let mut walk =
        Walk { marks, addresses, out, based: false, now: State::default(), outer: Vec::new(), run: Run::default() };
    for edge in document.tree.root().traverse() {
        match edge {
            Edge::Open(node) => walk.open(node),
            Edge::Close(node) => walk.close(node),
        }
    }
    walk.flush();
}

struct Walk<'a> {
    marks: &'a Marks,
    addresses: Addresses<'a>,
    out: &'a mut Collector,
    /// Whether a `base` was seen: the first one counts.
    based: bool,
    now: State,
    outer: Vec<State>,
    run: Run,
}

/// What holds for text at one place.
#[derive(Clone, Copy, Default)]
struct State {
    hidden: bool,
    /// Inside a script or style sheet: its text is dropped.
    silent: bool,
    /// Inside a `title` element.
    title: bool,
    field: Option<Field>,
    record: Option<usize>,
    /// Whether this element's borders end the run.
    ends: bool,
    block: bool,
}

/// Text since the last border of a block.
#[derive(Default)]
struct Run {
    visible: Sensitive<String>,
    hidden: Sensitive<String>,
    /// Both in order, for an identifier that is visible in part; from the first hidden text on.
    woven: Option<Sensitive<String>>,
    /// Bytes of hidden text that went into `woven`.
    hidden_bytes: usize,
    /// A hidden block stands in the run: it is a text of its own.
    unwoven: bool,
}

impl Walk<'_> {
    fn open(&mut self, node: NodeRef<'_, Node>) {
        match node.value() {
            Node::Text(text) if !self.now.silent => self.text(text),
            Node::Comment(comment) => self.out.push(Provenance::Comment, comment, None, self.now.record),
            Node::ProcessingInstruction(instruction) => {
                self.out.push(Provenance::Comment, &instruction.data, None, self.now.record);
            }
            Node::Element(element) => self.enter(node, element),
            _ => {}
        }
    }

    fn enter(&mut self, node: NodeRef<'_, Node>, element: &Element) {
        let mark = self.marks.elements.get(&node.id()).copied().unwrap_or_default();
        let next = self.state_in(element, mark, self.marks.shown.contains(&node.id()));
        // Something hidden does not part what stands before it from what stands after it.
        if next.ends && next.hidden {
            self.flush_hidden();
            self.run.unwoven |= next.block;
        } else if next.ends {
            self.flush();
        }
        self.outer.push(std::mem::replace(&mut self.now, next));
        match element.name() {
            "br" => self.run.line_break(self.now.hidden),
            "script" => self.script(node, element),
            "style" => self.out.problems.add(Problem::StyleDropped),
            "base" => self.base(element),
            "meta" => return self.meta(element),
            _ => {}
        }
        self.link(node, element);
        attribute::read(element, &self.addresses, self.now.record, self.out);
    }

    fn state_in(&self, element: &Element, mark: Mark, shown: bool) -> State {
        let title = element.name() == "title";
        let hidden = self.now.hidden || (style::is_hidden(element) && !shown);
        // What people write is one text, whatever a rule makes of the markup inside it, unless that is a block.
        let within_words = matches!(self.now.field, Some(Field::Body | Field::Quote));
        let block = style::is_block(element);
        let named = mark.field.or_else(|| names_author(element).then_some(Field::Author));
        let field = named.filter(|_| block || !within_words);
        State {
            hidden,
            silent: self.now.silent || matches!(element.name(), "script" | "style"),
            title: self.now.title || title,
            field: field.or(self.now.field).or((title && !self.now.hidden).then_some(Field::Title)),
            record: mark.record.or(self.now.record),
            block,
            ends: block || title || field.is_some() || mark.record.is_some() || (hidden && !self.now.hidden),
        }
    }

    fn close(&mut self, node: NodeRef<'_, Node>) {
        if !node.value().is_element() {
            return;
        }
        if self.now.ends && self.now.hidden {
            self.flush_hidden();
        } else if self.now.ends {
            self.flush();
        }
        self.now = self.outer.pop().unwrap_or_default();
    }

    fn text(&mut self, text: &str) {
        self.run.push(text, self.now.hidden);
    }

    fn flush(&mut self) {
        let State { field, record, title, .. } = self.now;
        let provenance = match field {
            _ if title => Provenance::Title,
            Some(Field::Author) => Provenance::Author,
            _ => Provenance::Visible,
        };
        let run = std::mem::take(&mut self.run);
        self.out.push(provenance, run.visible.expose(), field, record);
        self.out.push(Provenance::Hidden, run.hidden.expose(), field, record);
        let woven = !run.unwoven && (1..=MAX_WOVEN_BYTES).contains(&run.hidden_bytes);
        if let Some(both) = run.woven.filter(|_| woven && !run.visible.expose().trim().is_empty()) {
            self.out.push(Provenance::Hidden, both.expose(), field, record);
        }
    }

    fn flush_hidden(&mut self) {
        let hidden = std::mem::take(&mut self.run.hidden);
        self.out.push(Provenance::Hidden, hidden.expose(), self.now.field, self.now.record);
    }

    /// JSON-LD and other data for scripts are read; programs are dropped. They may hold identifiers, but nothing of them
    /// leaves this crate, so nothing of them can leak; the sealed original keeps them.
    fn script(&mut self, node: NodeRef<'_, Node>, element: &Element) {
        let kind = element.attr("type").unwrap_or_default().to_ascii_lowercase();
        let text = node.children().filter_map(|child| child.value().as_text());
        if kind.contains("json") {
            let record = self.now.record;
            for piece in text {
                let mut problems = std::mem::take(&mut self.out.problems);
                json::values(piece, &mut problems, |value| self.out.push_aside(Provenance::JsonLd, value, record));
                self.out.problems = problems;
            }
        } else if text.count() > 0 {
            self.out.problems.add(Problem::ScriptDropped);
        }
    }

    fn base(&mut self, element: &Element) {
        if let Some(href) = element.attr("href").filter(|_| !std::mem::replace(&mut self.based, true)) {
            self.addresses.set_base(href);
        }
    }

    fn meta(&mut self, element: &Element) {
        let content = element.attr("content").unwrap_or_default();
        let header = element.attr("http-equiv").unwrap_or_default();
        let address = match header.to_ascii_lowercase().as_str() {
            "refresh" => refresh(content).map(|target| (target, LinkKind::Refresh)),
            "onion-location" => Some((content, LinkKind::OnionLocation)),
            _ => None,
        };
        if let Some((target, kind)) = address {
            self.addresses.link(target, kind, "", Leads::Anywhere, self.now.record, self.out);
            self.addresses.read(target, self.now.record, self.out);
            return;
        }
        let author = element.attr("name").is_some_and(|name| name.to_ascii_lowercase().contains("author"));
        let (provenance, field) =
            if author { (Provenance::Author, Some(Field::Author)) } else { (Provenance::Meta, None) };
        self.out.push(provenance, content, field, self.now.record);
    }

    fn link(&mut self, node: NodeRef<'_, Node>, element: &Element) {
        let address = match element.name() {
            "a" | "area" | "link" => element.attr("href"),
            "iframe" | "frame" => element.attr("src"),
            _ => None,
        };
        let Some(address) = address else { return };
        let rel = element.attr("rel").unwrap_or_default().to_ascii_lowercase();
        let is = |word: &str| rel.split_ascii_whitespace().any(|known| known == word);
        let kind = match element.name() {
            "iframe" | "frame" => LinkKind::Frame,
            "link" if is("canonical") => LinkKind::Canonical,
            "link" if is("next") => LinkKind::Next,
            "link" if is("prev") || is("previous") => LinkKind::Previous,
            "link" => return,
            _ => LinkKind::Anchor,
        };
        // Every blog calls the next article `next`: only a link in the head is believed at its word.
        let next = self.marks.next.contains(&node.id()) || kind == LinkKind::Next;
        // A thread may be called `Exit`: what stands in a record was written by somebody, not by the site.
        let out = kind == LinkKind::Anchor && self.now.record.is_none() && wall::says_log_out(node, element);
        self.out.ends_session |= out;
        let leads = match (out, next) {
            (true, _) => Leads::Out,
            (false, true) => Leads::Next,
            (false, false) => Leads::Anywhere,
        };
        self.addresses.link(address, kind, &rel, leads, self.now.record, self.out);
    }
}

/// Where no profile says so, the page may itself: a `rel` or an `itemprop` with the word `author`.
fn names_author(element: &Element) -> bool {
    let says = |name| {
        element
            .attr(name)
            .is_some_and(|words| words.split_ascii_whitespace().any(|word| word.eq_ignore_ascii_case("author")))
    };
    says("rel") || says("itemprop")
}

impl Run {
    fn push(&mut self, text: &str, hidden: bool) {
        if hidden {
            self.weave();
            append(&mut self.hidden, text);
            self.hidden_bytes = self.hidden_bytes.saturating_add(text.trim().len());
        } else {
            append(&mut self.visible, text);
        }
        if let Some(woven) = self.woven.as_mut().filter(|_| self.hidden_bytes <= MAX_WOVEN_BYTES) {
            append(woven, text);
        }
    }

    fn line_break(&mut self, hidden: bool) {
        if hidden {
            self.weave();
            break_line(&mut self.hidden);
        } else {
            break_line(&mut self.visible);
        }
        if let Some(woven) = &mut self.woven {
            break_line(woven);
        }
    }

    /// Up to the first hidden text both are what is visible.
    fn weave(&mut self) {
        if self.woven.is_none() {
            self.woven = Some(Sensitive::new(self.visible.expose().clone()));
        }
    }
}

/// Appends a text, each run of white space as one space.
fn append(to: &mut Sensitive<String>, text: &str) {
    let to = to.expose_mut();
    let open = |to: &str| !(to.is_empty() || to.ends_with([' ', '\n']));
    to.reserve(text.len());
    if is_spaced(text) {
        let begins = text.strip_prefix(' ').filter(|_| !open(to));
        return to.push_str(begins.unwrap_or(text));
    }
    for character in text.chars() {
        if !character.is_whitespace() {
            to.push(character);
        } else if open(to) {
            to.push(' ');
        }
    }
}

/// Whether the only white space of a text is single spaces. Most are so, and are copied whole.
fn is_spaced(text: &str) -> bool {
    let bytes = text.as_bytes();
    // Without a way out in the middle: the whole is then compared many bytes at a time.
    let breaks = bytes.iter().fold(false, |found, byte| found | matches!(byte, b'\t'..=b'\r'));
    let pairs = bytes.iter().zip(bytes.iter().skip(1));
    let doubled = pairs.fold(false, |found, (one, next)| found | (*one == b' ' && *next == b' '));
    bytes.is_ascii() && !breaks && !doubled
}

/// Characters of a text that are no white space.
pub(crate) fn characters(text: &str) -> usize {
    if text.is_ascii() {
        return text.bytes().map(|byte| usize::from(!matches!(byte, b'\t'..=b'\r' | b' '))).sum();
    }
    text.chars().filter(|character| !character.is_whitespace()).count()
}

fn break_line(to: &mut Sensitive<String>) {
    let to = to.expose_mut();
    let kept = to.trim_end_matches(' ').len();
    to.truncate(kept);
    if !to.is_empty() {
        to.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// The short way of a text gives what the long one gives.
        #[test]
        fn white_space_is_joined_whichever_way_a_text_goes(pieces in prop::collection::vec("[ab\u{e9}\u{a0}\u{2003} \t\n\u{b}]{0,12}", 0..6)) {
            let mut to = Sensitive::new(String::new());
            let mut expected = String::new();
            for piece in &pieces {
                append(&mut to, piece);
                for character in piece.chars() {
                    if !character.is_whitespace() {
                        expected.push(character);
                    } else if !(expected.is_empty() || expected.ends_with([' ', '\n'])) {
                        expected.push(' ');
                    }
                }
                let counted = piece.split_whitespace().map(|word| word.chars().count()).sum::<usize>();
                prop_assert_eq!(characters(piece), counted);
            }
            prop_assert_eq!(to.expose(), &expected);
        }
    }
}
