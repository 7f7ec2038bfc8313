//! A forum as phpBB's prosilver writes it: an index, boards with topics, topics with posts, all of them over pages.

use std::fmt::Write as _;

use rand::Rng;

use super::group::Shared;
use super::html::{Markup, escape};
use super::planting::{Gardener, Hidden};
use crate::identifier::pick;
use crate::language::LANGUAGES;

const INDEX: &str = "/forum/index.php";

/// Topics on one page of a board.
const TOPICS_PER_PAGE: usize = 10;

/// Posts on one page of a topic.
const POSTS_PER_PAGE: usize = 6;

/// Names that people post under where nothing is hidden in it: words, no names of persons.
const REGULARS: &[&str] = &["harbourlight", "oldmill", "greenkettle", "slowboat", "bakersyard", "papermoon"];

/// How many pages each topic of each board has.
pub(super) struct LayOut(Vec<Vec<usize>>);

/// Boards, topics and their pages that fill about `pages` pages.
pub(super) fn lay_out(pages: usize) -> LayOut {
    let mut boards = vec![Vec::new(); LANGUAGES.len()];
    let mut total = 1 + boards.len();
    for turn in 0.. {
        let topic_pages = if turn % 4 == 3 { 2 } else { 1 };
        let at = turn % LANGUAGES.len();
        let board: &mut Vec<usize> = &mut boards[at];
        let further_list = usize::from(!board.is_empty() && board.len().is_multiple_of(TOPICS_PER_PAGE));
        if total + topic_pages + further_list > pages {
            break;
        }
        total += topic_pages + further_list;
        board.push(topic_pages);
    }
    LayOut(boards)
}

fn board_path(board: usize, page: usize) -> String {
    match page {
        0 => format!("/forum/viewforum.php?f={}", board + 1),
        _ => format!("/forum/viewforum.php?f={}&start={}", board + 1, page * TOPICS_PER_PAGE),
    }
}

/// Topics are numbered over all boards, whose turns come round and round.
fn topic_number(board: usize, topic: usize) -> usize {
    topic * LANGUAGES.len() + board
}

fn topic_path(board: usize, topic: usize, page: usize) -> String {
    let number = topic_number(board, topic) + 1;
    match page {
        0 => format!("/forum/viewtopic.php?f={}&t={number}", board + 1),
        _ => format!("/forum/viewtopic.php?f={}&t={number}&start={}", board + 1, page * POSTS_PER_PAGE),
    }
}

impl LayOut {
    /// Topics of all boards.
    pub(super) fn topics(&self) -> usize {
        self.0.iter().map(Vec::len).sum()
    }
}

/// Plants the forum and returns how many pages it has. The first page of a topic says what it shares, if it is one of
/// those of `shared`, which is in the order of the topics' numbers and may end before them.
pub(super) fn plant(gardener: &mut Gardener, LayOut(boards): &LayOut, shared: &[Option<Shared>]) -> usize {
    let mut count = 1;
    plant_index(gardener);
    for (board, topics) in boards.iter().enumerate() {
        let mut headings = Vec::new();
        for (topic, pages) in topics.iter().enumerate() {
            let heading = Gardener::language(board).heading(&mut gardener.rng);
            let shared = shared.get(topic_number(board, topic)).and_then(Option::as_ref);
            for page in 0..*pages {
                let at = TopicPage { board, topic, page, pages: *pages };
                plant_topic(gardener, at, &heading, shared.filter(|_| page == 0));
            }
            count += pages;
            headings.push(heading);
        }
        count += plant_board(gardener, board, &headings);
    }
    count
}

fn page(language: usize, title: String) -> Markup {
    let mut markup = Markup::new(Gardener::language(language), title);
    markup.generator = Some("phpBB");
    markup.body_attributes = " id=\"phpbb\" class=\"nojs ltr\"";
    // A reader who is logged in would see this link; following it ends the session.
    markup.line("<ul class=\"nav-main\"><li><a href=\"/forum/index.php\">Board index</a></li><li><a href=\"/forum/ucp.php?mode=logout\">Logout</a></li></ul>");
    markup
}

fn plant_index(gardener: &mut Gardener) {
    let mut markup = page(0, "Board index".to_owned());
    markup.line("<ul class=\"topiclist forums\">");
    for (board, language) in LANGUAGES.iter().enumerate() {
        markup.line(&format!(
            "<li class=\"row\"><a class=\"forumtitle\" href=\"{}\">{}</a></li>",
            escape(&board_path(board, 0)[7..]),
            escape(language.board)
        ));
    }
    markup.line("</ul>");
    gardener.publish(INDEX, &markup);
}

fn plant_board(gardener: &mut Gardener, board: usize, headings: &[String]) -> usize {
    let language = Gardener::language(board);
    let pages = headings.len().div_ceil(TOPICS_PER_PAGE).max(1);
    for at in 0..pages {
        let mut markup = page(board, language.board.to_owned());
        markup.line(&format!(
            "<h2 class=\"forum-title\">{}</h2>\n<ul class=\"topiclist topics\">",
            escape(language.board)
        ));
        for (topic, heading) in headings.iter().enumerate().skip(at * TOPICS_PER_PAGE).take(TOPICS_PER_PAGE) {
            let href = escape(&topic_path(board, topic, 0)[7..]);
            let poster = pick(&mut gardener.rng, REGULARS);
            let day = gardener.rng.gen_range(1..29);
            markup.line(&format!(
                "<li class=\"row\"><a class=\"topictitle\" href=\"{href}\">{}</a>\n<div class=\"topic-poster\"><a class=\"username\" href=\"memberlist.php?mode=contact&amp;u={topic}\">{poster}</a> <time datetime=\"2026-10-{day:02}T09:30:00+00:00\">2026-10-{day:02}</time></div></li>",
                escape(heading)
            ));
        }
        markup.line("</ul>");
        pagination(&mut markup, (at + 1 < pages).then(|| board_path(board, at + 1)));
        gardener.publish(&board_path(board, at), &markup);
    }
    pages
}

/// One page of a topic.
struct TopicPage {
    board: usize,
    topic: usize,
    page: usize,
    pages: usize,
}

fn plant_topic(gardener: &mut Gardener, at: TopicPage, heading: &str, shared: Option<&Shared>) {
    let TopicPage { board, topic, page: at, pages } = at;
    let language = Gardener::language(board);
    let path = topic_path(board, topic, at);
    let mut hidden = gardener.hide(&path, language, 4);
    if let Some(shared) = shared {
        hidden.visible.push_str(&shared.contact(gardener, language, &path));
    }
    let title = hidden.title.as_deref().map_or_else(|| heading.to_owned(), |more| format!("{heading}: {more}"));
    let mut markup = page(board, title);
    markup.head.push_str(&hidden.head);
    markup.line(&format!("<div class=\"breadcrumbs\"><span class=\"crumb\">{}</span></div>", escape(language.board)));
    markup.line(&format!("<h2 class=\"topic-title\">{}</h2>", escape(heading)));
    let posts = if at + 1 < pages { POSTS_PER_PAGE } else { gardener.rng.gen_range(2..=POSTS_PER_PAGE) };
    // What is hidden belongs to one of the posts; the first says the rare word.
    let bearer = gardener.rng.gen_range(0..posts);
    let rare = gardener.rare_word(&path, language);
    let mut previous = String::new();
    for post in 0..posts {
        let text = language.paragraph(&mut gardener.rng, 3);
        let content = content(&text, if post == 0 { rare } else { "" }, (post == bearer).then_some(&hidden), &previous);
        let author =
            hidden.author.as_deref().filter(|_| post == bearer).unwrap_or_else(|| pick(&mut gardener.rng, REGULARS));
        let minute = at * POSTS_PER_PAGE + post;
        let day = topic % 28 + 1;
        markup.line(&format!(
            "<div class=\"post has-profile\"><div class=\"postbody\"><p class=\"author\">by <strong><a class=\"username\" href=\"memberlist.php?mode=contact&amp;u={}\">{}</a></strong> <time datetime=\"2026-10-{day:02}T10:{minute:02}:00+00:00\">{day} Oct 2026</time></p>\n<div class=\"content\">{content}</div></div></div>",
            board + 1,
            escape(author),
        ));
        previous = text;
    }
    markup.line(&hidden.tail);
    markup.line(&format!("<a href=\"{}\">print</a>", escape(&format!("{}&view=print", &path[7..]))));
    pagination(&mut markup, (at + 1 < pages).then(|| topic_path(board, topic, at + 1)));
    gardener.publish(&path, &markup);
}

fn content(text: &str, rare: &str, hidden: Option<&Hidden>, previous: &str) -> String {
    let mut content = String::new();
    if !previous.is_empty() {
        let _ = write!(content, "<blockquote><div>{}</div></blockquote>", escape(previous));
    }
    let _ = write!(content, "<p>{}</p>", escape(text));
    if !rare.is_empty() {
        let _ = write!(content, "<p>{rare}</p>");
    }
    content.push_str(hidden.map_or("", |hidden| &hidden.visible));
    content
}

fn pagination(markup: &mut Markup, next: Option<String>) {
    if let Some(next) = next {
        let href = escape(&next[7..]);
        markup.line(&format!(
            "<div class=\"pagination\"><ul><li class=\"next\"><a rel=\"next\" href=\"{href}\">Next</a></li></ul></div>"
        ));
    }
}
