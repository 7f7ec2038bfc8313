//! Discourse, the view for readers without scripts.

use super::{Board, Page, Post, Thread, document, hrefs};
use crate::site::html::escape;

const HEAD: &str = "<meta name=\"generator\" content=\"Discourse 3.4.0 - https://github.com/discourse/discourse\">";

fn post(post: &Post, posts: &[Post]) -> String {
    let quote = post.quotes.as_ref().map_or(String::new(), |(place, words)| {
        let Post { number, author, .. } = &posts[*place];
        let author = escape(author);
        format!(
            "<aside class=\"quote no-group\" data-username=\"{author}\" data-post=\"{number}\" data-topic=\"7\"><div class=\"title\"><div class=\"quote-controls\"></div><img alt=\"\" width=\"24\" height=\"24\" src=\"/a.png\" class=\"avatar\"> {author}:</div><blockquote><p>{}</p></blockquote></aside>",
            escape(words)
        )
    });
    format!(
        "<div id=\"post_{number}\" itemprop=\"comment\" itemscope itemtype=\"http://schema.org/Comment\" class=\"topic-body crawler-post\"><div class=\"crawler-post-meta\"><span class=\"creator\" itemprop=\"author\" itemscope itemtype=\"http://schema.org/Person\"><a itemprop=\"url\" rel=\"nofollow\" href=\"/u/x\"><span itemprop=\"name\">{author}</span></a></span><link itemprop=\"mainEntityOfPage\" href=\"/t/topic/7\"><span class=\"crawler-post-infos\"><time itemprop=\"datePublished\" datetime=\"{iso}\" class=\"post-time\">{written}</time><meta itemprop=\"dateModified\" content=\"2026-11-01T00:00:00Z\"><span itemprop=\"position\">{number}</span></span></div><div class=\"post\" itemprop=\"text\">{quote}<p>{body}</p></div><div itemprop=\"interactionStatistic\"><meta itemprop=\"userInteractionCount\" content=\"0\"></div></div>\n",
        number = post.number,
        author = escape(&post.author),
        iso = post.at.iso(),
        written = post.at.written(),
        body = escape(&post.body),
    )
}

pub(super) fn thread(thread: &Thread) -> Page {
    let path = |page: u32| match page {
        1 => format!("/t/topic/{}", thread.id),
        page => format!("/t/topic/{}?page={page}", thread.id),
    };
    let next = thread.next(path);
    let never: Vec<_> = ["/u/x", "/login", "/t/topic/7/3", "/search?q=x", "/session/x"].map(str::to_owned).into();
    let posts: String = thread.posts.iter().map(|each| post(each, &thread.posts)).collect();
    let content = format!(
        "<header><a href=\"/\">Forum</a></header><div id=\"main-outlet\" class=\"wrap\" role=\"main\"><div id=\"topic-title\"><h1><a href=\"/t/topic/{}\">{}</a></h1><div class=\"topic-category\" itemscope><span itemprop=\"itemListElement\"><a href=\"/c/general/4\" class=\"badge-wrapper bullet\"><span class=\"badge-category__name category-title\" itemprop=\"name\">{}</span></a></span></div></div>{}<div itemscope itemtype=\"http://schema.org/DiscussionForumPosting\">{posts}{}</div></div>",
        thread.id, escape(&thread.title), escape(&thread.board), hrefs(&never),
        next.as_ref().map_or(String::new(), |path| format!("<div role=\"navigation\" itemscope itemtype=\"http://schema.org/SiteNavigationElement\" class=\"topic-body crawler-post-pagination\"><span itemprop=\"name\"><b><a rel=\"next\" itemprop=\"url\" href=\"{path}\">next page →</a></b></span></div>")),
    );
    Page {
        path: path(thread.page),
        html: document("lang=\"en\"", &thread.title, HEAD, "class=\"crawler\"", &content),
        next,
        leads_to: Vec::new(),
        never,
    }
}

pub(super) fn board(board: &Board) -> Page {
    let path = format!("/c/general/{}", board.id);
    let next = format!("{path}?page=1");
    let leads_to: Vec<_> = board.threads.iter().map(|(id, ..)| format!("/t/topic/{id}")).collect();
    let rows: String = board
        .threads
        .iter()
        .zip(&leads_to)
        .map(|((_, title, _, at), path)| {
            format!(
                "<tr class=\"topic-list-item\" itemprop=\"itemListElement\" itemscope itemtype=\"http://schema.org/ListItem\"><td class=\"main-link\" itemprop=\"item\"><meta itemprop=\"position\" content=\"1\"><span class=\"link-top-line\"><a itemprop=\"url\" href=\"{path}\" class=\"title raw-link raw-topic-link\">{}</a></span></td><td class=\"replies\"><span class=\"posts\" title=\"posts\">3</span></td><td class=\"views\"><span class=\"views\" title=\"views\">17</span></td><td>{}</td></tr>\n",
                escape(title), at.written()
            )
        })
        .collect();
    let content = format!(
        "<div id=\"main-outlet\" class=\"wrap\"><div class=\"category-heading\"><h1><span class=\"category-title\">{}</span></h1></div><div class=\"topic-list-container\" itemscope itemtype=\"http://schema.org/ItemList\"><table class=\"topic-list\"><thead><tr><th>Topic</th></tr></thead><tbody>{rows}</tbody></table></div><div role=\"navigation\" class=\"navigation\"><a rel=\"next\" itemprop=\"url\" href=\"{next}\">next page →</a></div></div>",
        escape(&board.name)
    );
    Page {
        path,
        html: document("", &board.name, HEAD, "class=\"crawler\"", &content),
        next: Some(next),
        leads_to,
        never: Vec::new(),
    }
}
