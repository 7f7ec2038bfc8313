//! vBulletin 3, 4 and 5, the default styles.

use super::{Board, Page, Post, Thread, document, hrefs};
use crate::site::html::escape;

fn never() -> Vec<String> {
    [
        "/login.php?do=logout&logouthash=1f",
        "/newreply.php?do=newreply&p=12",
        "/printthread.php?t=7",
        "/member.php?4-x",
        "/showthread.php?7-x&p=12",
    ]
    .map(str::to_owned)
    .into()
}

fn path(id: u32) -> impl Fn(u32) -> String {
    move |page| match page {
        1 => format!("/showthread.php?{id}-topic"),
        page => format!("/showthread.php?{id}-topic/page{page}"),
    }
}

fn post_of_4(post: &Post, posts: &[Post]) -> String {
    let quote = post.quotes.as_ref().map_or(String::new(), |(place, words)| {
        let Post { id, author, .. } = &posts[*place];
        format!(
            "<div class=\"bbcode_container\"><div class=\"bbcode_quote\"><div class=\"quote_container\"><div class=\"bbcode_quote_container\"></div><div class=\"bbcode_postedby\"><img src=\"/q.png\" alt=\"Quote\"> Originally Posted by <strong>{}</strong> <a href=\"showthread.php?p={id}#post{id}\" rel=\"nofollow\"><img class=\"inlineimg\" src=\"/v.png\" alt=\"View Post\"></a></div><div class=\"message\">{}</div></div></div></div>",
            escape(author), escape(words)
        )
    });
    format!(
        "<li class=\"postbitlegacy postbitim postcontainer old\" id=\"post_{id}\"><div class=\"posthead\"><span class=\"postdate old\"><span class=\"date\">{american},&nbsp;<span class=\"time\">{clock}</span></span></span><span class=\"nodecontrols\"><a name=\"post{id}\" href=\"showthread.php?7-x&amp;p={id}&amp;viewfull=1#post{id}\" class=\"postcounter\">#{number}</a></span></div>
<div class=\"postdetails\"><div class=\"userinfo\"><div class=\"username_container\"><div class=\"popupmenu memberaction\"><a class=\"username offline popupctrl\" href=\"member.php?4-x\" title=\"x is offline\"><strong>{author}</strong></a></div></div><span class=\"usertitle\">Junior Member</span><dl class=\"userinfo_extra\"><dt>Join Date</dt><dd>Jan 2020</dd></dl></div>
<div class=\"postbody\"><div class=\"postrow\"><h2 class=\"title icon\">Re: topic</h2><div class=\"content\"><div id=\"post_message_{id}\"><blockquote class=\"postcontent restore \">{quote}{body}</blockquote></div></div></div></div></div></li>\n",
        id = post.id, number = post.number, author = escape(&post.author), american = post.at.american(), clock = post.at.clock(), body = escape(&post.body),
    )
}

fn post_of_3(post: &Post, posts: &[Post]) -> String {
    let quote = post.quotes.as_ref().map_or(String::new(), |(place, words)| {
        let Post { id, author, .. } = &posts[*place];
        format!(
            "<div style=\"margin:20px\"><div class=\"smallfont\">Quote:</div><table><tr><td class=\"alt2\" style=\"border:1px inset\"><div>Originally Posted by <strong>{}</strong> <a href=\"showthread.php?p={id}#post{id}\" rel=\"nofollow\"><img class=\"inlineimg\" src=\"/v.gif\" alt=\"View Post\"></a></div><div style=\"font-style:italic\">{}</div></td></tr></table></div>",
            escape(author), escape(words)
        )
    });
    format!(
        "<div id=\"edit{id}\"><table class=\"tborder\" id=\"post{id}\" width=\"100%\"><tr><td class=\"thead\"><a name=\"post{id}\"><img src=\"/o.gif\" alt=\"Old\"></a> {american}, {clock}</td><td class=\"thead\" align=\"right\">#<a href=\"showpost.php?p={id}&amp;postcount=1\"><strong>{number}</strong></a></td></tr>
<tr><td class=\"alt2\" width=\"175\"><div id=\"postmenu_{id}\"><a class=\"bigusername\" href=\"member.php?u=4\">{author}</a></div><div class=\"smallfont\">Junior Member</div><div class=\"smallfont\">Join Date: Jan 2020</div></td><td class=\"alt1\" id=\"td_post_{id}\"><div class=\"smallfont\"><strong>Re: topic</strong></div><hr><div id=\"post_message_{id}\">{quote}{body}</div></td></tr></table></div>\n",
        id = post.id, number = post.number, author = escape(&post.author), american = post.at.american(), clock = post.at.clock(), body = escape(&post.body),
    )
}

fn post_of_5(post: &Post, posts: &[Post]) -> String {
    let quote = post.quotes.as_ref().map_or(String::new(), |(place, words)| {
        let Post { id, author, .. } = &posts[*place];
        format!(
            "<div class=\"bbcode_container\"><div class=\"bbcode_quote\"><div class=\"quote_container\"><div class=\"bbcode_postedby\">Originally posted by <strong>{}</strong> <a href=\"/forum/node/7?p={id}#post{id}\"><img alt=\"View Post\"></a></div><div class=\"message\">{}</div></div></div></div>",
            escape(author), escape(words)
        )
    });
    format!(
        "<li data-node-id=\"{id}\" class=\"b-post js-post js-comment-parent\"><div class=\"b-post__body\"><div class=\"b-userinfo\"><div class=\"author h-text-size--14\"><strong><a href=\"/member/4-x\">{author}</a></strong></div><div class=\"usertitle\">Junior Member</div></div><div class=\"b-post__content\"><div class=\"b-post__arrow\"></div><h2 class=\"b-post__title js-post-title\">Re: topic</h2><div class=\"b-post__timestamp\"><time datetime=\"{iso}\">{american}, {clock}</time></div><div class=\"js-post__content-text restore h-wordwrap\">{quote}{body}</div></div></div></li>\n",
        id = post.id,
        author = escape(&post.author),
        iso = post.at.iso(),
        american = post.at.american(),
        clock = post.at.clock(),
        body = escape(&post.body),
    )
}

pub(super) fn thread_of_3(thread: &Thread) -> Page {
    let path = |page: u32| match page {
        1 => format!("/showthread.php?t={}", thread.id),
        page => format!("/showthread.php?t={}&page={page}", thread.id),
    };
    let next = thread.next(path);
    let posts: String = thread.posts.iter().map(|each| post_of_3(each, &thread.posts)).collect();
    let content = format!(
        "<table class=\"tborder\"><tr><td class=\"alt1\"><span class=\"navbar\"><a href=\"index.php\">Forum</a></span> <span class=\"navbar\">&gt; <a href=\"forumdisplay.php?f=2\">{}</a></span><div><span class=\"navbar\"><strong>{}</strong></span></div></td></tr></table>{}<div class=\"pagenav\"><table><tr><td>Page {} of {}</td><td class=\"alt2\"><strong>1</strong></td>{}</tr></table></div><div id=\"posts\">{posts}</div>",
        escape(&thread.board), escape(&thread.title), hrefs(&never()), thread.page, thread.pages,
        next.as_ref().map_or(String::new(), |path| format!("<td class=\"alt1\"><a rel=\"next\" class=\"smallfont\" href=\"{}\" title=\"Next Page - Results 11 to 20\">&gt;</a></td>", &escape(path)[1..])),
    );
    Page {
        path: path(thread.page),
        html: document("", &thread.title, "<meta name=\"generator\" content=\"vBulletin 3.8.7\">", "", &content),
        next,
        leads_to: Vec::new(),
        never: never(),
    }
}

pub(super) fn thread_of_4(thread: &Thread) -> Page {
    let path = path(thread.id);
    let next = thread.next(&path);
    let posts: String = thread.posts.iter().map(|each| post_of_4(each, &thread.posts)).collect();
    let content = format!(
        "<div id=\"breadcrumb\" class=\"breadcrumb\"><ul class=\"floatcontainer\"><li class=\"navbithome\"><a href=\"index.php\">Home</a></li><li class=\"navbit\"><a href=\"forum.php\">Forum</a></li><li class=\"navbit\"><a href=\"forumdisplay.php?2-x\">{}</a></li><li class=\"navbit lastnavbit\"><span>{title}</span></li></ul></div>{}<div id=\"pagetitle\" class=\"pagetitle\"><h1>Thread: <span class=\"threadtitle\"><a href=\"showthread.php?7-x\">{title}</a></span></h1></div><div class=\"pagination_top\"><form class=\"pagination popupmenu\"><span class=\"selected\"><a href=\"javascript://\">1</a></span>{}</form></div><div id=\"postlist\" class=\"postlist restrain\"><ol id=\"posts\" class=\"posts\" start=\"1\">{posts}</ol></div>",
        escape(&thread.board), hrefs(&never()),
        next.as_ref().map_or(String::new(), |path| format!("<span class=\"prev_next\"><a rel=\"next\" href=\"{}\" title=\"Next Page\"><img src=\"/n.png\" alt=\"Next\"></a></span>", &escape(path)[1..])),
        title = escape(&thread.title),
    );
    Page {
        path: path(thread.page),
        html: document(
            "dir=\"ltr\" lang=\"en\" id=\"vbulletin_html\"",
            &thread.title,
            "<meta name=\"generator\" content=\"vBulletin 4.2.2\">",
            "",
            &content,
        ),
        next,
        leads_to: Vec::new(),
        never: never(),
    }
}

pub(super) fn thread_of_5(thread: &Thread) -> Page {
    let path = |page: u32| match page {
        1 => format!("/forum/general/{}-topic", thread.id),
        page => format!("/forum/general/{}-topic/page{page}", thread.id),
    };
    let next = thread.next(path);
    let posts: String = thread.posts.iter().map(|each| post_of_5(each, &thread.posts)).collect();
    let content = format!(
        "<nav id=\"breadcrumbs\"><ul class=\"b-breadcrumbs\"><li class=\"crumb\"><a href=\"/\">Home</a></li><li class=\"crumb\"><a href=\"/forum/general\">{}</a></li><li class=\"crumb separator\"><span>{title}</span></li></ul></nav>{}<h1 class=\"main-title js-main-title\">{title}</h1><div class=\"pagenav-controls\">{}</div><ul class=\"conversation-list list-container h-clearfix thread-view\">{posts}</ul>",
        escape(&thread.board),
        hrefs(&never()),
        next.as_ref().map_or(String::new(), |path| format!(
            "<a class=\"js-pagenav-button js-pagenav-next-button b-button\" rel=\"next\" href=\"{}\">Next</a>",
            escape(path)
        )),
        title = escape(&thread.title),
    );
    Page {
        path: path(thread.page),
        html: document(
            "",
            &thread.title,
            "<meta name=\"generator\" content=\"vBulletin 5.7.5\">",
            "id=\"vb-page-body\" class=\"vb-page view-mode\"",
            &content,
        ),
        next,
        leads_to: Vec::new(),
        never: never(),
    }
}

pub(super) fn board(board: &Board) -> Page {
    let path = |page: u32| match page {
        1 => format!("/forumdisplay.php?{}-x", board.id),
        page => format!("/forumdisplay.php?{}-x/page{page}", board.id),
    };
    let leads_to: Vec<_> = board.threads.iter().map(|(id, ..)| format!("/showthread.php?{id}-topic")).collect();
    let rows: String = board
        .threads
        .iter()
        .zip(&leads_to)
        .map(|((id, title, author, at), path)| {
            format!(
                "<li class=\"threadbit \" id=\"thread_{id}\"><div class=\"rating0 nonsticky\"><div class=\"threadinfo\"><div class=\"inner\"><h3 class=\"threadtitle\"><a class=\"title\" href=\"{}\" id=\"thread_title_{id}\">{}</a></h3><div class=\"threadmeta\"><div class=\"author\"><span class=\"label\">Started by&nbsp;<a href=\"member.php?4-x\" class=\"username understate\">{}</a>‎,&nbsp;{} {}</span></div></div></div></div><dl class=\"threadlastpost td\"><dd><a href=\"member.php?5-y\">last one</a></dd></dl></div></li>\n",
                &path[1..], escape(title), escape(author), at.american(), at.clock()
            )
        })
        .collect();
    let content = format!(
        "<div id=\"pagetitle\" class=\"pagetitle\"><h1>Forum: <span class=\"forumtitle\">{}</span></h1></div><div class=\"threadpagenav\"><form class=\"pagination\"><span class=\"prev_next\"><a rel=\"next\" href=\"{}\" title=\"Next Page\"><img alt=\"Next\"></a></span></form></div><div id=\"threadlist\"><ol id=\"threads\" class=\"threads\">{rows}</ol></div>",
        escape(&board.name),
        &escape(&path(2))[1..]
    );
    Page {
        path: path(1),
        html: document(
            "id=\"vbulletin_html\"",
            &board.name,
            "<meta name=\"generator\" content=\"vBulletin 4.2.2\">",
            "",
            &content,
        ),
        next: Some(path(2)),
        leads_to,
        never: Vec::new(),
    }
}
