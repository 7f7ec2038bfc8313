//! Invision Community 4, the default theme.

use super::{Board, Page, Post, Thread, document, hrefs};
use crate::site::html::escape;

const BODY: &str = "class=\"ipsApp ipsApp_front ipsJS_none ipsClearfix\" data-controller=\"core.front.core.app\" data-pageapp=\"forums\" data-pagelocation=\"front\"";

fn post(post: &Post, posts: &[Post]) -> String {
    let quote = post.quotes.as_ref().map_or(String::new(), |(place, words)| {
        let Post { id, author, at, .. } = &posts[*place];
        let author = escape(author);
        format!(
            "<blockquote class=\"ipsQuote\" data-ipsquote=\"\" data-gramm=\"false\" data-ipsquote-contentapp=\"forums\" data-ipsquote-contentclass=\"forums_Topic\" data-ipsquote-contentcommentid=\"{id}\" data-ipsquote-contentid=\"7\" data-ipsquote-username=\"{author}\" data-cite=\"{author}\"><div class=\"ipsQuote_citation\">On {} at {}, {author} said:</div><div class=\"ipsQuote_contents\"><p>{}</p></div></blockquote>",
            at.european(), at.clock(), escape(words)
        )
    });
    format!(
        "<a id=\"findComment-{id}\"></a><a id=\"comment-{id}\"></a>\n<article id=\"elComment_{id}\" class=\"cPost ipsBox ipsResponsive_pull ipsComment ipsComment_parent ipsClearfix ipsClear ipsColumns\"><aside class=\"ipsComment_author cAuthorPane ipsColumn\"><h3 class=\"ipsType_sectionHead cAuthorPane_author ipsType_blendLinks\"><strong><a href=\"/profile/4-x/\" class=\"ipsType_break\">{author}</a></strong></h3><ul class=\"cAuthorPane_info\"><li data-role=\"group\">Members</li></ul></aside>
<div class=\"ipsColumn ipsMargin:none\"><div id=\"comment-{id}_wrap\" class=\"ipsComment_content\"><div class=\"ipsComment_meta ipsType_light\"><div class=\"ipsType_reset\"><a href=\"/topic/7-topic/?do=findComment&amp;comment={id}\" class=\"ipsType_blendLinks\">Posted <time datetime=\"{iso}\" title=\"{american} {clock}\" data-short=\"x\">{written}</time></a></div></div><div class=\"cPost_contentWrap\"><div data-role=\"commentContent\" class=\"ipsType_normal ipsType_richText ipsPadding_bottom ipsContained\">{quote}<p>{body}</p></div><div class=\"ipsItemControls\"><ul class=\"ipsComment_controls\"><li><a href=\"/topic/7-topic/?do=reportComment&amp;comment={id}\">Report</a></li></ul></div></div></div></div></article>\n",
        id = post.id, author = escape(&post.author), iso = post.at.iso(), american = post.at.american(), clock = post.at.clock(), written = post.at.written(), body = escape(&post.body),
    )
}

fn pagination(next: Option<&str>) -> String {
    let next = next.map_or(String::new(), |path| {
        format!(
            "<li class=\"ipsPagination_next\"><a href=\"{}\" rel=\"next\" title=\"Next page\">Next</a></li>",
            escape(path)
        )
    });
    format!(
        "<ul class=\"ipsPagination\" data-pages=\"3\"><li class=\"ipsPagination_prev ipsPagination_inactive\"><a href=\"/x\" rel=\"prev\">Prev</a></li><li class=\"ipsPagination_page ipsPagination_active\"><a href=\"/x\">1</a></li>{next}</ul>"
    )
}

pub(super) fn thread(thread: &Thread) -> Page {
    let path = |page: u32| match page {
        1 => format!("/topic/{}-topic/", thread.id),
        page => format!("/topic/{}-topic/page/{page}/", thread.id),
    };
    let next = thread.next(path);
    let never: Vec<_> = [
        "/logout/?csrfKey=1f",
        "/topic/7-topic/?do=findComment&comment=12",
        "/profile/4-x/",
        "/topic/7-topic/?do=report",
        "/search/?q=x",
    ]
    .map(str::to_owned)
    .into();
    let posts: String = thread.posts.iter().map(|each| post(each, &thread.posts)).collect();
    let content = format!(
        "<nav class=\"ipsBreadcrumb ipsBreadcrumb_top\"><ul data-role=\"breadcrumbList\"><li><a href=\"/\">Home</a></li><li><a href=\"/forum/2-general/\"><span>{}</span></a></li><li>{title}</li></ul></nav>{}<div class=\"ipsPageHeader\"><h1 class=\"ipsType_pageTitle ipsContained_container\"><span class=\"ipsType_break ipsContained\"><span>{title}</span></span></h1></div>{}<div data-role=\"commentFeed\">{posts}</div>",
        escape(&thread.board),
        hrefs(&never),
        pagination(next.as_deref()),
        title = escape(&thread.title),
    );
    Page {
        path: path(thread.page),
        html: document("lang=\"en-US\" dir=\"ltr\"", &thread.title, "", BODY, &content),
        next,
        leads_to: Vec::new(),
        never,
    }
}

pub(super) fn board(board: &Board) -> Page {
    let path = format!("/forum/{}-general/", board.id);
    let next = Some(format!("{path}page/2/"));
    let leads_to: Vec<_> = board.threads.iter().map(|(id, ..)| format!("/topic/{id}-topic/")).collect();
    let rows: String = board
        .threads
        .iter()
        .zip(&leads_to)
        .map(|((id, title, author, at), path)| {
            format!(
                "<li class=\"ipsDataItem ipsDataItem_responsivePhoto\" data-rowid=\"{id}\"><div class=\"ipsDataItem_main\"><h4 class=\"ipsDataItem_title ipsContained_container\"><span class=\"ipsType_break ipsContained\"><a href=\"{path}\" title=\"x\"><span>{}</span></a></span></h4><div class=\"ipsDataItem_meta ipsType_reset ipsType_light\"><span>By <a href=\"/profile/4-x/\" class=\"ipsType_break\">{}</a>, </span><time datetime=\"{}\">{}</time></div></div><ul class=\"ipsDataItem_lastPoster\"><li><a href=\"/profile/5-y/\">last one</a></li></ul></li>\n",
                escape(title), escape(author), at.iso(), at.written()
            )
        })
        .collect();
    let content = format!(
        "<h1 class=\"ipsType_pageTitle\">{}</h1>{}<ol class=\"ipsDataList cForumTopicTable\">{rows}</ol>",
        escape(&board.name),
        pagination(next.as_deref())
    );
    Page { path, html: document("", &board.name, "", BODY, &content), next, leads_to, never: Vec::new() }
}
