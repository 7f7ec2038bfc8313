//! Markup into a tree, within bounds that hold token by token.
//!
//! The HTML algorithm looks through its stack of open elements on almost every tag, and through the attributes of a tag
//! on every further one, so a page of a million open elements, or a tag of a million attributes, costs a trillion steps.
//! A [`Gate`] stands between the tokenizer and the tree builder and keeps both short. Nothing here or later recurses.

use std::cell::{Cell, RefCell};

use ego_tree::NodeId;
use html5ever::buffer_queue::BufferQueue;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{
    EndTag, StartTag, Tag, TagToken, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};
use html5ever::tree_builder::{TreeBuilder, TreeBuilderOpts, TreeSink};
use html5ever::{LocalName, TokenizerResult};
use scraper::{Html, HtmlTreeSink};

use crate::limits::{MAX_ATTRIBUTES, MAX_ATTRIBUTES_WRITTEN, MAX_DEPTH, MAX_NODES};
use crate::{Problem, Problems};

/// Tags, opening and closing, that are read: each costs up to [`MAX_DEPTH`] steps and may make no node.
const MAX_TAGS: usize = 2 * MAX_NODES;

/// Bytes given to the tokenizer at a time.
const CHUNK_BYTES: usize = 2 << 10;

/// Elements closed at once whose own end tags are still waited for.
const MAX_CLOSED: usize = 4_096;

/// How many of those an end tag is compared with.
const CLOSED_LOOK_BACK: usize = 8;

/// Elements that have no end tag, so that one must not be made up for them.
const VOID: [&str; 19] = [
    "area", "base", "basefont", "bgsound", "br", "col", "embed", "frame", "hr", "image", "img", "input", "keygen",
    "link", "meta", "param", "source", "track", "wbr",
];

/// Builds the tree of a document.
pub(crate) fn build(text: &str, problems: &mut Problems) -> Html {
    // A reader with scripts switched off, as careful readers of onion sites are, sees what is in `noscript`.
    let options = TreeBuilderOpts { scripting_enabled: false, ..TreeBuilderOpts::default() };
    let gate = Gate {
        builder: TreeBuilder::new(HtmlTreeSink::new(Html::new_document()), options),
        tags: Cell::new(0),
        tokens: Cell::new(0),
        shut: Cell::new(false),
        closed: RefCell::default(),
        problems: RefCell::default(),
    };
    let tokenizer = Tokenizer::new(gate, TokenizerOpts::default());
    let input = BufferQueue::default();
    let mut watch = TagWatch::Idle;
    for chunk in Chunks(text) {
        let before = tokenizer.sink.tokens.get();
        input.push_back(StrTendril::from_slice(chunk));
        while !matches!(tokenizer.feed(&input), TokenizerResult::Done) {}
        watch = watch.after(chunk, tokenizer.sink.tokens.get() == before);
        if watch.is_hostile() {
            tokenizer.sink.shut_for(Problem::HostileTag);
            break;
        }
    }
    if !tokenizer.sink.shut.get() {
        tokenizer.end();
    }
    for (problem, count) in tokenizer.sink.problems.take().iter() {
        problems.add_many(problem, count);
    }
    tokenizer.sink.builder.sink.finish()
}

/// Passes tokens on to the tree builder as long as the tree stays within bounds.
struct Gate {
    builder: TreeBuilder<NodeId, HtmlTreeSink>,
    tags: Cell<usize>,
    tokens: Cell<usize>,
    shut: Cell<bool>,
    /// Names of elements that were closed at once because they stood too deep.
    closed: RefCell<Vec<LocalName>>,
    problems: RefCell<Problems>,
}

impl TokenSink for Gate {
    type Handle = NodeId;

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<NodeId> {
        if matches!(token, Token::ParseError(_)) {
            return TokenSinkResult::Continue;
        }
        self.tokens.set(self.tokens.get() + 1);
        if !self.shut.get() && (self.nodes() >= MAX_NODES || self.tags.get() >= MAX_TAGS) {
            self.shut_for(Problem::TooManyNodes);
        }
        if self.shut.get() {
            return TokenSinkResult::Continue;
        }
        match token {
            TagToken(tag) if tag.kind == StartTag => self.start(tag, line),
            TagToken(tag) => self.end(tag, line),
            other => self.builder.process_token(other, line),
        }
    }

    fn end(&self) {
        self.builder.end();
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        self.builder.adjusted_current_node_present_but_not_in_html_namespace()
    }
}

impl Gate {
    fn nodes(&self) -> usize {
        self.builder.sink.0.borrow().tree.values().len()
    }

    fn shut_for(&self, problem: Problem) {
        self.shut.set(true);
        self.problems.borrow_mut().add(problem);
    }

    fn start(&self, mut tag: Tag, line: u64) -> TokenSinkResult<NodeId> {
        self.tags.set(self.tags.get() + 1);
        if tag.attrs.len() > MAX_ATTRIBUTES {
            tag.attrs.truncate(MAX_ATTRIBUTES);
            self.problems.borrow_mut().add(Problem::TooManyAttributes);
        }
        let name = tag.name.clone();
        let before = self.nodes();
        let result = self.builder.process_token(TagToken(tag), line);
        // Raw text cannot hold elements, and whatever asks the tokenizer for something is such an element.
        let may_hold_elements = matches!(result, TokenSinkResult::Continue) && !VOID.contains(&&*name);
        if may_hold_elements && self.nodes() > before && self.depth_of_newest() > MAX_DEPTH {
            self.close(name, line);
        }
        result
    }

    /// Closes an element as soon as it is open: it stays in the tree, and what follows becomes its sibling.
    fn close(&self, name: LocalName, line: u64) {
        self.problems.borrow_mut().add(Problem::TooDeep);
        let end = Tag {
            kind: EndTag,
            name: name.clone(),
            self_closing: false,
            attrs: Vec::new(),
            had_duplicate_attributes: false,
        };
        let _ = self.builder.process_token(TagToken(end), line);
        let mut closed = self.closed.borrow_mut();
        if closed.len() < MAX_CLOSED {
            closed.push(name);
        }
    }

    fn end(&self, tag: Tag, line: u64) -> TokenSinkResult<NodeId> {
        self.tags.set(self.tags.get() + 1);
        let mut closed = self.closed.borrow_mut();
        if let Some(back) = closed.iter().rev().take(CLOSED_LOOK_BACK).position(|name| *name == tag.name) {
            let keep = closed.len() - back - 1;
            closed.truncate(keep);
            return TokenSinkResult::Continue;
        }
        closed.clear();
        drop(closed);
        self.builder.process_token(TagToken(tag), line)
    }

    fn depth_of_newest(&self) -> usize {
        let html = self.builder.sink.0.borrow();
        html.tree.nodes().next_back().map_or(0, |node| node.ancestors().count())
    }
}

/// Cuts a text so that every `<` begins a piece and no piece is long.
struct Chunks<'a>(&'a str);

impl<'a> Iterator for Chunks<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let longest = self.0.floor_char_boundary(CHUNK_BYTES);
        let window = &self.0[..longest];
        let first = window.chars().next()?;
        let cut = window[first.len_utf8()..].find('<').map_or(longest, |at| at + first.len_utf8());
        let (chunk, rest) = self.0.split_at(cut);
        self.0 = rest;
        Some(chunk)
    }
}

/// Follows the attributes of a tag that the tokenizer is still inside of.
///
/// The tokenizer emits nothing while it reads a tag or a comment. As every `<` begins a chunk, the chunk after which it
/// fell silent tells which of the two it is.
enum TagWatch {
    /// The tokenizer emits text, or has just emitted a tag.
    Idle,
    /// It is silent inside a comment or a declaration.
    Aside,
    /// It is inside a tag.
    Tag(Place, usize),
}

/// Where inside a tag.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    TagName,
    Between,
    Name,
    AfterName,
    BeforeValue,
    Quoted(char),
    AfterQuoted,
    Unquoted,
    Done,
}

impl TagWatch {
    const fn is_hostile(&self) -> bool {
        matches!(self, Self::Tag(place, written) if *written > MAX_ATTRIBUTES_WRITTEN && !matches!(place, Place::Done))
    }

    fn after(self, chunk: &str, silent: bool) -> Self {
        let tag = chunk.strip_prefix('<').map(|rest| rest.strip_prefix('/').unwrap_or(rest));
        let tag = tag.filter(|rest| rest.starts_with(|first: char| first.is_ascii_alphabetic()));
        match (self, tag) {
            (Self::Tag(place, written), _) if silent => Self::follow(place, written, chunk),
            (Self::Aside, _) if silent => Self::Aside,
            (_, Some(rest)) => Self::follow(Place::TagName, 0, rest),
            (_, None) if silent => Self::Aside,
            (_, None) => Self::Idle,
        }
    }

    fn follow(mut place: Place, mut written: usize, text: &str) -> Self {
        for character in text.chars() {
            let space = matches!(character, '\t' | '\n' | '\x0c' | '\r' | ' ');
            let next = match (place, character) {
                (Place::Done, _) => return Self::Tag(place, written),
                (Place::Quoted(quote), _) if character == quote => Place::AfterQuoted,
                (Place::Quoted(_), _) => place,
                (_, '>') => Place::Done,
                (Place::BeforeValue, '"' | '\'') => Place::Quoted(character),
                (Place::BeforeValue, _) if space => place,
                (Place::BeforeValue, _) => Place::Unquoted,
                (Place::Name | Place::AfterName, '=') => Place::BeforeValue,
                (Place::Name, _) if space => Place::AfterName,
                (Place::AfterName, _) if space => place,
                (Place::TagName | Place::Unquoted | Place::AfterQuoted | Place::Between, _) if space => Place::Between,
                (Place::TagName | Place::Name | Place::AfterName | Place::AfterQuoted | Place::Between, '/') => {
                    Place::Between
                }
                (Place::TagName | Place::Unquoted | Place::Name, _) => place,
                (Place::Between | Place::AfterName | Place::AfterQuoted, _) => {
                    written += 1;
                    Place::Name
                }
            };
            place = next;
        }
        Self::Tag(place, written)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn built(text: &str) -> (Html, Problems) {
        let mut problems = Problems::default();
        let html = build(text, &mut problems);
        (html, problems)
    }

    fn deepest(html: &Html) -> usize {
        html.tree.nodes().map(|node| node.ancestors().count()).max().unwrap_or_default()
    }

    #[test]
    fn a_plain_page_is_what_html5ever_makes_of_it_alone() {
        let text = "<!doctype html><p title=\"a > b\">one <b>two</b><p>three<!-- < four --><script>5 <b</script>";
        let (html, problems) = built(text);
        assert!(problems.is_empty());
        assert_eq!(html.html(), Html::parse_document(text).html());
    }

    #[test]
    fn a_million_open_elements_keep_their_text_and_stay_shallow() {
        let names =
            ["b", "font", "table", "template", "svg", "ul><li", "a", "select", "p><b"].map(|name| (name, 100_000));
        for (name, times) in names.into_iter().chain([("div", 1_000_000)]) {
            let (html, problems) = built(&format!("{}end", format!("<{name}>").repeat(times)));
            assert!(html.tree.nodes().len() <= MAX_NODES + 2 * MAX_DEPTH, "{name}");
            assert!(deepest(&html) <= 3 * MAX_DEPTH, "{name} {}", deepest(&html));
            let text = html.html().contains("end");
            assert!(text || problems.count(Problem::TooManyNodes) > 0, "{name}");
        }
    }

    #[test]
    fn what_stands_too_deep_is_kept_beside_and_closes_nothing_else() {
        let deep = MAX_DEPTH + 40;
        let text = format!("<main>{}inner{}</main><p id=after>after", "<div>".repeat(deep), "</div>".repeat(deep));
        let (html, problems) = built(&text);
        assert!(problems.count(Problem::TooDeep) > 0);
        let after = html.tree.nodes().find(|node| node.value().as_element().is_some_and(|e| e.id() == Some("after")));
        assert_eq!(after.unwrap().ancestors().count(), 3, "the paragraph stands in html, body of the document");
    }

    #[test]
    fn a_tag_of_countless_attributes_ends_the_page_at_once() {
        for (lead, attribute) in [("<p ", "a{} "), ("&<p ", "a{}=\">\" "), ("<p/", "a{}/"), ("</p ", "a{}='x'")] {
            let mut text = format!("before{lead}");
            for i in 0..400_000 {
                text.push_str(&attribute.replace("{}", &i.to_string()));
            }
            let (_, problems) = built(&text);
            assert_eq!(problems.count(Problem::HostileTag), 1, "{lead} {attribute}");
        }
    }

    #[test]
    fn long_comments_and_long_values_are_no_attack() {
        let words = "<x word word ".repeat(5_000);
        let image = "/9j/4AAQ ".repeat(50_000);
        let (html, problems) =
            built(&format!("<!--{words}--><img alt=ok src=\"data:image/jpeg;base64,{image}\"><p>end"));
        assert!(problems.is_empty(), "{problems:?}");
        assert!(html.html().ends_with("<p>end</p></body></html>"));
    }

    #[test]
    fn more_attributes_than_allowed_are_dropped() {
        let attributes: String = (0..MAX_ATTRIBUTES + 5).map(|i| format!(" a{i}=1")).collect();
        let (html, problems) = built(&format!("<p{attributes}>x"));
        let most = html.tree.values().filter_map(|node| node.as_element()).map(|e| e.attrs().count()).max();
        assert_eq!((most, problems.count(Problem::TooManyAttributes)), (Some(MAX_ATTRIBUTES), 1));
    }

    proptest! {
        #[test]
        fn tag_soup_is_what_html5ever_makes_of_it_alone(
            pieces in proptest::collection::vec(
                prop::sample::select(vec![
                    "<b>", "</b>", "<p>", "</p>", "<a href=x>", "</a>", "<table>", "<td>", "</table>", "<tr>", "<template>",
                    "</template>", "<svg>", "</svg>", "<math>", "<mi>", "<select>", "<option>", "</select>", "<form>", "x", " ",
                    "&amp", "&", "<!--", "-->", "<script>", "</script>", "<style>", "</style>", "<title>", "</title>", "<", ">",
                    "\"", "'", "=", "<frameset>", "<body>", "</body>", "<html>", "</html>", "<head>", "</head>", "<br>", "</br>",
                    "<![CDATA[", "]]>", "<textarea>", "</textarea>", "<plaintext>", "\0", "<li>", "<i>", "</i>", "<nobr>",
                    "<foreignObject>", "<desc>", "<caption>", "<col>", "<button>", "<noscript>", "<meta charset=x>", "é",
                ]),
                0..60,
            )
        ) {
            let text: String = pieces.concat();
            let (html, problems) = built(&text);
            prop_assert!(problems.is_empty());
            // scraper alone parses with scripts on; the one element for which that matters is left out of the comparison.
            if !text.contains("<noscript>") {
                prop_assert_eq!(html.html(), Html::parse_document(&text).html());
            }
        }
    }
}
