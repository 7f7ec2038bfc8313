//! MyBB 1.8, the default theme.

use super::{Board, Page, Post, Thread, document, hrefs};
use crate::site::html::escape;

const FOOT: &str = "<div id=\"footer\"><div class=\"lower\"><div class=\"wrapper\"><span id=\"copyright\">Powered By <a href=\"https://mybb.com\">MyBB</a></span></div></div></div>";

fn post(post: &Post, posts: &[Post]) -> String {
    let quote = post.quotes.as_ref().map_or(String::new(), |(place, words)| {
        let Post { id, author, at, .. } = &posts[*place];
        format!(
            "<blockquote class=\"mycode_quote\"><cite><span> ({}, {})</span>{} Wrote:  <a href=\"showthread.php?pid={id}#pid{id}\" class=\"quick_jump\"></a></cite>{}</blockquote>",
            at.american(), at.clock(), escape(author), escape(words)
        )
    });
    format!(
        "<a name=\"pid{id}\" id=\"pid{id}\"></a>\n<div class=\"post \" style=\"\" id=\"post_{id}\"><div class=\"post_author\"><div class=\"author_information\"><strong><span class=\"largetext\"><a href=\"member.php?action=profile&amp;uid=4\">{author}</a></span></strong> <br><span class=\"smalltext\">Junior Member<br></span></div><div class=\"author_statistics\">Posts: 17<br>Joined: Jan 2020</div></div>
<div class=\"post_content\"><div class=\"post_head\"><div class=\"float_right\"><strong><a href=\"showthread.php?tid=7&amp;pid={id}#pid{id}\">#{number}</a></strong></div><span class=\"post_date\">{american}, {clock} <span class=\"post_edit\" id=\"edited_by_{id}\"></span></span></div><div class=\"post_body scaleimages\" id=\"pid_{id}\">{quote}{body}</div><div class=\"post_meta\"></div></div><div class=\"post_controls\"><a href=\"newreply.php?tid=7&amp;replyto={id}\" class=\"postbit_quote\"><span>Reply</span></a></div></div>\n",
        id = post.id, number = post.number, author = escape(&post.author), american = post.at.american(), clock = post.at.clock(), body = escape(&post.body),
    )
}

fn pagination(path: &impl Fn(u32) -> String, page: u32, pages: u32) -> String {
    let numbers: String = (1..=pages)
        .map(|number| match number {
            number if number == page => format!("<span class=\"pagination_current\">{number}</span>\n"),
            number => format!("<a href=\"{}\" class=\"pagination_page\">{number}</a>\n", &escape(&path(number))[1..]),
        })
        .collect();
    let next = if page < pages {
        format!("<a href=\"{}\" class=\"pagination_next\">Next &raquo;</a>", &escape(&path(page + 1))[1..])
    } else {
        String::new()
    };
    format!("<div class=\"pagination\"><span class=\"pages\">Pages ({pages}):</span>{numbers}{next}</div>")
}

pub(super) fn thread(thread: &Thread) -> Page {
    let path = |page: u32| match page {
        1 => format!("/showthread.php?tid={}", thread.id),
        page => format!("/showthread.php?tid={}&page={page}", thread.id),
    };
    let never: Vec<_> = [
        "/member.php?action=logout&logoutkey=1f",
        "/newreply.php?tid=7",
        "/printthread.php?tid=7",
        "/showthread.php?tid=7&action=nextnewest",
        "/showthread.php?tid=7&pid=12",
    ]
    .map(str::to_owned)
    .into();
    let posts: String = thread.posts.iter().map(|each| post(each, &thread.posts)).collect();
    let content = format!(
        "<div id=\"content\"><div class=\"navigation\"><a href=\"index.php\">Forums</a> › <a href=\"forumdisplay.php?fid=2\">{}</a><br><span class=\"active\">{title}</span></div>{}{}<table border=\"0\" class=\"tborder tfixed clear\"><tr><td class=\"thead\"><div class=\"float_right\"><span class=\"smalltext\"><a href=\"misc.php?action=x\">Thread Modes</a></span></div><div><strong>{title}</strong></div></td></tr><tr><td id=\"posts_container\"><div id=\"posts\">{posts}</div></td></tr></table></div>{FOOT}",
        escape(&thread.board),
        hrefs(&never),
        pagination(&path, thread.page, thread.pages),
        title = escape(&thread.title),
    );
    Page {
        path: path(thread.page),
        html: document("xml:lang=\"en\" lang=\"en\"", &thread.title, "", "", &content),
        next: thread.next(path),
        leads_to: Vec::new(),
        never,
    }
}

pub(super) fn board(board: &Board) -> Page {
    let path = |page: u32| match page {
        1 => format!("/forumdisplay.php?fid={}", board.id),
        page => format!("/forumdisplay.php?fid={}&page={page}", board.id),
    };
    let leads_to: Vec<_> = board.threads.iter().map(|(id, ..)| format!("/showthread.php?tid={id}")).collect();
    let rows: String = board
        .threads
        .iter()
        .zip(&leads_to)
        .map(|((id, title, author, at), path)| {
            format!(
                "<tr class=\"inline_row\"><td class=\"trow1\"></td><td class=\"trow1 forumdisplay_regular\"><div><span> <span class=\" subject_new\" id=\"tid_{id}\"><a href=\"{}\">{}</a></span></span><div class=\"author smalltext\"><a href=\"member.php?action=profile&amp;uid=4\">{}</a></div></div></td><td class=\"trow1\">3</td><td class=\"trow1\"><span class=\"lastpost smalltext\">{}, {}<br><a href=\"showthread.php?tid={id}&amp;action=lastpost\">Last Post</a>: last one</span></td></tr>\n",
                &path[1..], escape(title), escape(author), at.american(), at.clock()
            )
        })
        .collect();
    let content = format!(
        "<div class=\"navigation\"><a href=\"index.php\">Forums</a><br><span class=\"active\">{}</span></div>{}<table class=\"tborder clear\">{rows}</table>{FOOT}",
        escape(&board.name),
        pagination(&path, board.page, board.pages)
    );
    Page {
        path: path(1),
        html: document("lang=\"en\"", &board.name, "", "", &content),
        next: Some(path(2)),
        leads_to,
        never: Vec::new(),
    }
}
