//! phpBB 3.3, prosilver.

use super::{Board, Page, Post, Thread, document, hrefs};
use crate::site::html::escape;

fn post(post: &Post, posts: &[Post]) -> String {
    let quote = post.quotes.as_ref().map_or(String::new(), |(place, words)| {
        let Post { id, author, at, .. } = &posts[*place];
        format!(
            "<blockquote cite=\"./viewtopic.php?p={id}#p{id}\"><div><cite><a href=\"./memberlist.php?mode=viewprofile&amp;u=9\">{}</a> wrote: <a href=\"./viewtopic.php?p={id}#p{id}\" data-post-id=\"{id}\" onclick=\"x()\">↑</a><span class=\"responsive-hide\">{}</span></cite>{}</div></blockquote>",
            escape(author), at.short(), escape(words)
        )
    });
    format!(
        "<div id=\"p{id}\" class=\"post has-profile bg2\"><div class=\"inner\"><dl class=\"postprofile\" id=\"profile{id}\"><dt class=\"has-profile-rank no-avatar\"><div class=\"avatar-container\"></div><a href=\"./memberlist.php?mode=viewprofile&amp;u=9\" class=\"username\">{author}</a></dt><dd class=\"profile-rank\">Site member</dd><dd class=\"profile-posts\"><strong>Posts:</strong> <a href=\"./search.php?author_id=9&amp;sr=posts\">17</a></dd></dl>
<div class=\"postbody\"><div id=\"post_content{id}\"><h3><a href=\"./viewtopic.php?p={id}#p{id}\">Re: topic</a></h3><ul class=\"post-buttons\"><li><a href=\"./posting.php?mode=quote&amp;p={id}\" title=\"Reply with quote\">Quote</a></li></ul>
<p class=\"author\"><a class=\"unread\" href=\"./viewtopic.php?p={id}#p{id}\" title=\"Post\">Post</a><span class=\"responsive-hide\">by <strong><a href=\"./memberlist.php?mode=viewprofile&amp;u=9\" class=\"username\">{author}</a></strong> » </span><time datetime=\"{iso}\">{short}</time></p>
<div class=\"content\">{quote}{body}</div><div id=\"sig{id}\" class=\"signature\">still waters</div></div></div></div></div>\n",
        id = post.id,
        author = escape(&post.author),
        iso = post.at.iso(),
        short = post.at.short(),
        body = escape(&post.body),
    )
}

const HEAD: &str = "<meta name=\"generator\" content=\"phpBB\">";

fn pagination(next: Option<&str>) -> String {
    let next = next.map_or(String::new(), |path| {
        format!("<li class=\"arrow next\"><a class=\"button\" href=\"{}\" rel=\"next\"><span class=\"sr-only\">Next</span></a></li>", escape(path))
    });
    format!("<div class=\"pagination\">30 posts <ul><li class=\"active\"><span>1</span></li>{next}</ul></div>")
}

pub(super) fn thread(thread: &Thread) -> Page {
    let path = |page: u32| match page {
        1 => format!("/viewtopic.php?f=2&t={}", thread.id),
        page => format!("/viewtopic.php?f=2&t={}&start={}", thread.id, 10 * (page - 1)),
    };
    let next = thread.next(path);
    let never = [
        "/ucp.php?mode=logout",
        "/posting.php?mode=reply&t=7",
        "/viewtopic.php?t=7&view=print",
        "/report.php?p=12",
        "/viewtopic.php?p=12",
    ];
    let never: Vec<_> = never.map(str::to_owned).into();
    let posts: String = thread.posts.iter().map(|each| post(each, &thread.posts)).collect();
    let content = format!(
        "<ul id=\"nav-breadcrumbs\" class=\"nav-breadcrumbs linklist navbar\"><li class=\"breadcrumbs\"><span class=\"crumb\"><a href=\"./index.php\"><span itemprop=\"name\">Board index</span></a></span><span class=\"crumb\"><a href=\"./viewforum.php?f=2\"><span itemprop=\"name\">{}</span></a></span></li></ul>{}<h2 class=\"topic-title\"><a href=\"./viewtopic.php?f=2&amp;t={}\">{}</a></h2>{}{posts}",
        escape(&thread.board),
        hrefs(&never),
        thread.id,
        escape(&thread.title),
        pagination(next.as_deref()),
    );
    Page {
        path: path(thread.page),
        html: document(
            "dir=\"ltr\" lang=\"en-gb\"",
            &thread.title,
            HEAD,
            "id=\"phpbb\" class=\"nojs notouch section-viewtopic ltr\"",
            &content,
        ),
        next,
        leads_to: Vec::new(),
        never,
    }
}

pub(super) fn board(board: &Board) -> Page {
    let next = Some(format!("/viewforum.php?f={}&start=25", board.id));
    let leads_to: Vec<_> =
        board.threads.iter().map(|(id, ..)| format!("/viewtopic.php?f={}&t={id}", board.id)).collect();
    let rows: String = board
        .threads
        .iter()
        .zip(&leads_to)
        .map(|((_, title, author, at), path)| {
            format!(
                "<li class=\"row bg1\"><dl class=\"row-item topic_read\"><dt><div class=\"list-inner\"><a href=\".{}\" class=\"topictitle\">{}</a><br><div class=\"topic-poster responsive-hide left-box\">by <a href=\"./memberlist.php?mode=viewprofile&amp;u=9\" class=\"username\">{}</a> » <time datetime=\"{}\">{}</time></div></div></dt><dd class=\"lastpost\"><span>by <a class=\"username\" href=\"./memberlist.php?u=1\">last one</a> <time datetime=\"2026-11-01T00:00:00+00:00\">1 Nov 2026</time></span></dd></dl></li>\n",
                escape(path), escape(title), escape(author), at.iso(), at.short()
            )
        })
        .collect();
    let content = format!(
        "<h2 class=\"forum-title\"><a href=\"./viewforum.php?f={}\">{}</a></h2><div class=\"forumbg\"><ul class=\"topiclist topics\">{rows}</ul></div>{}",
        board.id,
        escape(&board.name),
        pagination(next.as_deref())
    );
    Page {
        path: format!("/viewforum.php?f={}", board.id),
        html: document(
            "lang=\"en-gb\"",
            &board.name,
            HEAD,
            "id=\"phpbb\" class=\"nojs section-viewforum ltr\"",
            &content,
        ),
        next,
        leads_to,
        never: Vec::new(),
    }
}
