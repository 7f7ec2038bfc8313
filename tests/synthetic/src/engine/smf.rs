//! Simple Machines Forum 2.0 and 2.1, the default theme.

use super::{Board, Page, Post, Thread, document, hrefs};
use crate::site::html::escape;

const HEAD: &str = "<link rel=\"help\" href=\"/index.php?action=help\">";

fn pages(path: &impl Fn(u32) -> String, page: u32, pages: u32) -> String {
    (1..=pages)
        .map(|number| match number {
            number if number == page => format!("<span class=\"current_page nav_page\">{number}</span> "),
            number => format!("<a class=\"nav_page\" href=\"{}\">{number}</a> ", escape(&path(number))),
        })
        .collect()
}

fn never() -> Vec<String> {
    [
        "/index.php?action=logout;f0=1",
        "/index.php?action=post;topic=7.0",
        "/index.php?action=profile;u=4",
        "/index.php?action=printpage;topic=7.0",
        "/index.php?topic=7.msg12",
    ]
    .map(str::to_owned)
    .into()
}

fn post(post: &Post, posts: &[Post]) -> String {
    let quote = post.quotes.as_ref().map_or(String::new(), |(place, words)| {
        let Post { id, author, at, .. } = &posts[*place];
        format!(
            "<blockquote class=\"bbc_standard_quote\"><cite><a href=\"/index.php?topic=7.msg{id}#msg{id}\">Quote from: {} on {}, {}</a></cite>{}</blockquote>",
            escape(author), at.written(), at.clock(), escape(words)
        )
    });
    format!(
        "<div class=\"windowbg\" id=\"msg{id}\"><div class=\"post_wrapper\"><div class=\"poster\"><h4><a href=\"/index.php?action=profile;u=4\" title=\"View the profile\">{author}</a></h4><ul class=\"user_info\"><li class=\"membergroup\">Member</li><li class=\"postcount\">Posts: 17</li></ul></div>
<div class=\"postarea\"><div class=\"keyinfo\"><div id=\"subject_{id}\" class=\"subject_title subject_hidden\"><a href=\"/index.php?msg={id}\" rel=\"nofollow\">Re: topic</a></div><div class=\"postinfo\"><span class=\"messageicon\"></span><a href=\"/index.php?msg={id}\" rel=\"nofollow\" title=\"Reply #{number}\" class=\"smalltext\">{written}, {clock}</a></div></div>
<div class=\"post\"><div class=\"inner\" data-msgid=\"{id}\" id=\"msg_{id}\">{quote}{body}</div></div></div></div></div>\n",
        id = post.id, number = post.number, author = escape(&post.author), written = post.at.written(), clock = post.at.clock(), body = escape(&post.body),
    )
}

fn post_of_2_0(post: &Post, posts: &[Post]) -> String {
    let quote = post.quotes.as_ref().map_or(String::new(), |(place, words)| {
        let Post { id, author, at, .. } = &posts[*place];
        format!(
            "<div class=\"quoteheader\"><div class=\"topslice_quote\"><a href=\"/index.php?topic=7.msg{id}#msg{id}\">Quote from: {} on {}, {}</a></div></div><blockquote class=\"bbc_standard_quote\">{}</blockquote><div class=\"quotefooter\"><div class=\"botslice_quote\"></div></div>",
            escape(author), at.written(), at.clock(), escape(words)
        )
    });
    format!(
        "<div class=\"windowbg\"><span class=\"topslice\"><span></span></span><div class=\"post_wrapper\"><div class=\"poster\"><h4><img src=\"/off.gif\" alt=\"Offline\"> <a href=\"/index.php?action=profile;u=4\">{author}</a></h4></div>
<div class=\"postarea\"><div class=\"flow_hidden\"><div class=\"keyinfo\"><h5 id=\"subject_{id}\"><a href=\"/index.php?topic=7.msg{id}#msg{id}\" rel=\"nofollow\">Re: topic</a></h5><div class=\"smalltext\">&#171; <strong>Reply #{number} on:</strong> {written}, {clock} &#187;</div></div></div>
<div class=\"post\"><div class=\"inner\" id=\"msg_{id}\">{quote}{body}</div></div></div></div></div>\n",
        id = post.id, number = post.number, author = escape(&post.author), written = post.at.written(), clock = post.at.clock(), body = escape(&post.body),
    )
}

fn path(id: u32) -> impl Fn(u32) -> String {
    move |page| format!("/index.php?topic={id}.{}", 20 * (page - 1))
}

pub(super) fn thread(thread: &Thread) -> Page {
    let path = path(thread.id);
    let posts: String = thread.posts.iter().map(|each| post(each, &thread.posts)).collect();
    let content = format!(
        "<div class=\"navigate_section\"><ul><li><a href=\"/index.php\"><span>Forum</span></a></li><li><a href=\"/index.php?board=3.0\"><span>{}</span></a></li><li class=\"last\"><a href=\"{}\"><span>{title}</span></a></li></ul></div>{}<div id=\"display_head\" class=\"information\"><h2 class=\"display_title\"><span id=\"top_subject\">{title}</span></h2></div><div class=\"pagesection top\"><div class=\"pagelinks\">{}</div></div><div id=\"forumposts\"><form action=\"/index.php?action=quickmod2;topic=7\" method=\"post\">{posts}</form></div>",
        escape(&thread.board),
        escape(&path(1)),
        hrefs(&never()),
        pages(&path, thread.page, thread.pages),
        title = escape(&thread.title),
    );
    Page {
        path: path(thread.page),
        html: document("lang=\"en-US\"", &thread.title, HEAD, "id=\"chatbox\" class=\"action_messageindex\"", &content),
        next: thread.next(&path),
        leads_to: Vec::new(),
        never: never(),
    }
}

pub(super) fn thread_of_2_0(thread: &Thread) -> Page {
    let path = path(thread.id);
    let pages: String = (1..=thread.pages)
        .map(|number| match number {
            number if number == thread.page => format!("[<strong>{number}</strong>] "),
            number => format!("<a class=\"navPages\" href=\"{}\">{number}</a> ", escape(&path(number))),
        })
        .collect();
    let posts: String = thread.posts.iter().map(|each| post_of_2_0(each, &thread.posts)).collect();
    let content = format!(
        "<div class=\"navigate_section\"><ul><li><a href=\"/index.php\"><span>Forum</span></a> &#187;</li><li><a href=\"/index.php?board=3.0\"><span>{}</span></a> &#187;</li><li class=\"last\"><a href=\"{}\"><span>{title}</span></a></li></ul></div><div class=\"pagesection\"><div class=\"nextlinks\"><a href=\"/index.php?topic=7.0;prev_next=next#new\">next &#187;</a></div><div class=\"pagelinks floatleft\">Pages: {pages}</div></div>{}<div id=\"forumposts\"><div class=\"cat_bar\"><h3 class=\"catbg\"><span id=\"author\">Author</span> <span id=\"top_subject\">{title}</span></h3></div><form>{posts}</form></div>",
        escape(&thread.board),
        escape(&path(1)),
        hrefs(&never()),
        title = escape(&thread.title),
    );
    Page {
        path: path(thread.page),
        html: document("", &thread.title, HEAD, "", &content),
        next: thread.next(&path),
        leads_to: Vec::new(),
        never: never(),
    }
}

pub(super) fn board(board: &Board) -> Page {
    let path = |page: u32| format!("/index.php?board={}.{}", board.id, 20 * (page - 1));
    let leads_to: Vec<_> = board.threads.iter().map(|(id, ..)| format!("/index.php?topic={id}.0")).collect();
    let rows: String = board
        .threads
        .iter()
        .zip(&leads_to)
        .map(|((_, title, author, at), path)| {
            format!(
                "<div class=\"windowbg\"><div class=\"board_icon\"></div><div class=\"info info_block\"><div><div class=\"message_index_title\"><span class=\"preview\" title=\"\"><span id=\"msg_1\"><a href=\"{}\">{}</a></span></span></div><p class=\"floatleft\">Started by <a href=\"/index.php?action=profile;u=4\">{}</a></p></div></div><div class=\"board_stats centertext\"><p>Replies: 3</p></div><div class=\"lastpost\"><p><a href=\"/index.php?topic=9.new\">{}, {}</a><br>by last one</p></div></div>\n",
                escape(path), escape(title), escape(author), at.written(), at.clock()
            )
        })
        .collect();
    let content = format!(
        "<div id=\"display_head\" class=\"information\"><h2 class=\"display_title\">{}</h2></div><div class=\"pagelinks\">{}</div><div id=\"messageindex\"><div id=\"topic_header\" class=\"title_bar\"><div class=\"info\"><a href=\"/index.php?board=3.0;sort=subject\">Subject</a></div></div><div id=\"topic_container\">{rows}</div></div>",
        escape(&board.name),
        pages(&path, board.page, board.pages)
    );
    Page {
        path: path(1),
        html: document("", &board.name, HEAD, "id=\"chatbox\"", &content),
        next: Some(path(2)),
        leads_to,
        never: Vec::new(),
    }
}
