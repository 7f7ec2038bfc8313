//! XenForo 1 and 2, the default styles.

use super::{Board, Page, Post, Thread, document, hrefs};
use crate::site::html::escape;

fn never() -> Vec<String> {
    ["/logout/?t=1f", "/threads/topic.7/reply", "/posts/12/report", "/members/x.4/", "/threads/topic.7/post-12"]
        .map(str::to_owned)
        .into()
}

fn path(id: u32) -> impl Fn(u32) -> String {
    move |page| match page {
        1 => format!("/threads/topic.{id}/"),
        page => format!("/threads/topic.{id}/page-{page}"),
    }
}

fn post(post: &Post, posts: &[Post]) -> String {
    let quote = post.quotes.as_ref().map_or(String::new(), |(place, words)| {
        let Post { id, author, .. } = &posts[*place];
        let author = escape(author);
        format!(
            "<blockquote data-attributes=\"member: 4\" data-quote=\"{author}\" data-source=\"post: {id}\" class=\"bbCodeBlock bbCodeBlock--expandable bbCodeBlock--quote js-expandWatch\"><div class=\"bbCodeBlock-title\"><a href=\"/goto/post?id={id}\" class=\"bbCodeBlock-sourceJump\" rel=\"nofollow\">{author} said:</a></div><div class=\"bbCodeBlock-content\"><div class=\"bbCodeBlock-expandContent js-expandContent\">{}</div><div class=\"bbCodeBlock-expandLink js-expandLink\"><a role=\"button\" tabindex=\"0\">Click to expand...</a></div></div></blockquote>",
            escape(words)
        )
    });
    format!(
        "<article class=\"message message--post js-post js-inlineModContainer\" data-author=\"{author}\" data-content=\"post-{id}\" id=\"js-post-{id}\" itemscope itemtype=\"https://schema.org/Comment\"><span class=\"u-anchorTarget\" id=\"post-{id}\"></span><div class=\"message-inner\"><div class=\"message-cell message-cell--user\"><section class=\"message-user\"><div class=\"message-userDetails\"><h4 class=\"message-name\"><a href=\"/members/x.4/\" class=\"username\" dir=\"auto\" data-user-id=\"4\">{author}</a></h4><h5 class=\"userTitle message-userTitle\">Member</h5></div></section></div>
<div class=\"message-cell message-cell--main\"><div class=\"message-main js-quickEditTarget\"><header class=\"message-attribution message-attribution--split\"><ul class=\"message-attribution-main listInline\"><li class=\"u-concealed\"><a href=\"/threads/topic.7/post-{id}\" rel=\"nofollow\"><time class=\"u-dt\" dir=\"auto\" datetime=\"{iso}\" title=\"{written} at {clock}\">{written}</time></a></li></ul><ul class=\"message-attribution-opposite\"><li><a href=\"/threads/topic.7/post-{id}\">#{number}</a></li></ul></header>
<div class=\"message-content js-messageContent\"><div class=\"message-userContent\"><article class=\"message-body js-selectToQuote\"><div class=\"bbWrapper\">{quote}{body}</div></article></div></div><footer class=\"message-footer\"><a href=\"/posts/{id}/report\">Report</a></footer></div></div></div></article>\n",
        id = post.id, number = post.number, author = escape(&post.author), iso = post.at.iso(), written = post.at.written(), clock = post.at.clock(), body = escape(&post.body),
    )
}

fn post_of_1(post: &Post, posts: &[Post]) -> String {
    let quote = post.quotes.as_ref().map_or(String::new(), |(place, words)| {
        let Post { id, author, .. } = &posts[*place];
        let author = escape(author);
        format!(
            "<div class=\"bbCodeBlock bbCodeQuote\" data-author=\"{author}\"><aside><div class=\"attribution type\">{author} said: <a href=\"goto/post?id={id}#post-{id}\" class=\"AttributionLink\">&uarr;</a></div><blockquote class=\"quoteContainer\"><div class=\"quote\">{}</div><div class=\"quoteExpand\">Click to expand...</div></blockquote></aside></div>",
            escape(words)
        )
    });
    format!(
        "<li id=\"post-{id}\" class=\"message   \" data-author=\"{author}\"><div class=\"messageUserInfo\" itemscope=\"itemscope\"><div class=\"messageUserBlock\"><h3 class=\"userText\"><a href=\"members/x.4/\" class=\"username\" dir=\"auto\" itemprop=\"name\">{author}</a><em class=\"userTitle\">Member</em></h3></div></div>
<div class=\"messageInfo primaryContent\"><div class=\"messageContent\"><article><blockquote class=\"messageText SelectQuoteContainer ugc baseHtml\">{quote}{body}<div class=\"messageTextEndMarker\">&nbsp;</div></blockquote></article></div><div class=\"messageMeta ToggleTriggerAnchor\"><div class=\"privateControls\"><span class=\"item muted\"><span class=\"authorEnd\"><a href=\"members/x.4/\" class=\"username author\" dir=\"auto\">{author}</a>,</span> <a href=\"threads/topic.7/#post-{id}\" title=\"Permalink\" class=\"datePermalink\"><span class=\"DateTime\" title=\"{written} at {clock}\">{written}</span></a></span></div></div></div></li>\n",
        id = post.id, author = escape(&post.author), written = post.at.written(), clock = post.at.clock(), body = escape(&post.body),
    )
}

pub(super) fn thread(thread: &Thread) -> Page {
    let path = path(thread.id);
    let next = thread.next(&path);
    let posts: String = thread.posts.iter().map(|each| post(each, &thread.posts)).collect();
    let content = format!(
        "<ul class=\"p-breadcrumbs\" itemscope><li itemprop=\"itemListElement\"><a href=\"/\" itemprop=\"item\"><span itemprop=\"name\">Forums</span></a></li><li itemprop=\"itemListElement\"><a href=\"/forums/general.2/\" itemprop=\"item\"><span itemprop=\"name\">{}</span></a></li></ul>{}<div class=\"p-title\"><h1 class=\"p-title-value\">{}</h1></div><div class=\"block-outer\"><nav class=\"pageNavWrapper\"><div class=\"pageNav\"><ul class=\"pageNav-main\"><li class=\"pageNav-page pageNav-page--current\"><a href=\"{}\">1</a></li></ul>{}</div></nav></div><div class=\"block-body js-replyNewMessageContainer\">{posts}</div>",
        escape(&thread.board),
        hrefs(&never()),
        escape(&thread.title),
        path(1),
        next.as_ref().map_or(String::new(), |path| format!(
            "<a href=\"{path}\" class=\"pageNav-jump pageNav-jump--next\">Next</a>"
        )),
    );
    Page {
        path: path(thread.page),
        html: document(
            "id=\"XF\" lang=\"en-US\" data-app=\"public\" data-template=\"thread_view\" data-logged-in=\"false\"",
            &thread.title,
            "",
            "data-template=\"thread_view\"",
            &content,
        ),
        next,
        leads_to: Vec::new(),
        never: never(),
    }
}

pub(super) fn thread_of_1(thread: &Thread) -> Page {
    let path = path(thread.id);
    let next = thread.next(&path);
    let posts: String = thread.posts.iter().map(|each| post_of_1(each, &thread.posts)).collect();
    let content = format!(
        "<div class=\"breadBoxTop\"><nav><fieldset class=\"breadcrumb\"><span class=\"crumbs\"><span class=\"crust\"><a href=\"/\" class=\"crumb\"><span>Home</span></a></span><span class=\"crust\"><a href=\"/forums/general.2/\" class=\"crumb\"><span>{}</span></a></span></span></fieldset></nav></div>{}<div class=\"titleBar\"><h1>{}</h1></div><div class=\"PageNav\" data-page=\"1\"><span class=\"pageNavHeader\">Page 1 of 3</span><nav><a href=\"{}\" class=\"currentPage\">1</a>{}</nav></div><form class=\"InlineModForm section\"><ol class=\"messageList\" id=\"messageList\">{posts}</ol></form>",
        escape(&thread.board),
        hrefs(&never()),
        escape(&thread.title),
        path(1),
        next.as_ref().map_or(String::new(), |path| format!("<a href=\"{path}\" class=\"text\">Next &gt;</a>")),
    );
    Page {
        path: path(thread.page),
        html: document(
            "id=\"XenForo\" lang=\"en-US\" class=\"Public NoJs LoggedOut\"",
            &thread.title,
            "<base href=\"http://forum.example/\">",
            "",
            &content,
        ),
        next,
        leads_to: Vec::new(),
        never: never(),
    }
}

pub(super) fn board(board: &Board) -> Page {
    let path = |page: u32| match page {
        1 => format!("/forums/general.{}/", board.id),
        page => format!("/forums/general.{}/page-{page}", board.id),
    };
    let leads_to: Vec<_> = board.threads.iter().map(|(id, ..)| format!("/threads/topic.{id}/")).collect();
    let rows: String = board
        .threads
        .iter()
        .zip(&leads_to)
        .map(|((id, title, author, at), path)| {
            format!(
                "<div class=\"structItem structItem--thread js-inlineModContainer js-threadListItem-{id}\" data-author=\"{author}\"><div class=\"structItem-cell structItem-cell--main\"><div class=\"structItem-title\"><a href=\"/forums/general.2/?prefix_id=1\" class=\"labelLink\"><span class=\"label\">Info</span></a> <a href=\"{path}\" data-tp-primary=\"on\">{}</a></div><div class=\"structItem-minor\"><ul class=\"structItem-parts\"><li><a href=\"/members/x.4/\" class=\"username\">{author}</a></li><li class=\"structItem-startDate\"><a href=\"{path}\" rel=\"nofollow\"><time class=\"u-dt\" datetime=\"{}\">{}</time></a></li></ul></div></div><div class=\"structItem-cell structItem-cell--latest\"><a href=\"/threads/topic.{id}/latest\"><time datetime=\"2026-11-01T00:00:00+0000\">x</time></a></div></div>\n",
                escape(title), at.iso(), at.written(), author = escape(author)
            )
        })
        .collect();
    let content = format!(
        "<h1 class=\"p-title-value\">{}</h1><div class=\"pageNav\"><a href=\"{}\" class=\"pageNav-jump pageNav-jump--next\">Next</a></div><div class=\"structItemContainer\">{rows}</div>",
        escape(&board.name),
        path(2)
    );
    Page {
        path: path(1),
        html: document("id=\"XF\" data-template=\"forum_view\"", &board.name, "", "", &content),
        next: Some(path(2)),
        leads_to,
        never: Vec::new(),
    }
}
