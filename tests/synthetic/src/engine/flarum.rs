//! Flarum, the view for readers without scripts.

use super::{Board, Page, Thread, document, hrefs};
use crate::site::html::escape;

/// What readers without scripts are given, inside what readers with them get.
fn shell(title: &str, content: &str) -> String {
    let content = format!(
        "<div id=\"app\" class=\"App\"><main class=\"App-content\"><div id=\"content\"></div><div id=\"flarum-loading\" style=\"display: none\">Loading...</div><noscript><div class=\"Alert\"><div class=\"container\">This site is best viewed with scripts.</div></div></noscript><noscript id=\"flarum-content\">{content}</noscript></main></div><script id=\"flarum-json-payload\" type=\"application/json\">{{\"locale\":\"en\"}}</script>"
    );
    document("lang=\"en\" dir=\"ltr\"", title, "", "", &content)
}

fn turning(page: u32, next: Option<&str>) -> String {
    let previous = if page > 1 { "<a href=\"?page=1\">&laquo; Previous Page</a>" } else { "" };
    let next = next.map_or(String::new(), |path| format!("<a href=\"{}\">Next Page &raquo;</a>", escape(path)));
    format!("{previous}{next}")
}

pub(super) fn thread(thread: &Thread) -> Page {
    let path = |page: u32| match page {
        1 => format!("/d/{}-topic", thread.id),
        page => format!("/d/{}-topic?page={page}", thread.id),
    };
    let next = thread.next(path);
    let never: Vec<_> =
        ["/u/x", "/logout?token=1f", "/settings", "/d/7-topic/3", "/all?sort=top"].map(str::to_owned).into();
    let posts: String = thread
        .posts
        .iter()
        .map(|post| {
            let quote = post.quotes.as_ref().map_or(String::new(), |(_, words)| {
                format!("<blockquote class=\"uncited\"><div><p>{}</p></div></blockquote>", escape(words))
            });
            format!(
                "<article><div class=\"PostUser\"><h3 class=\"PostUser-name\">{}</h3></div><div class=\"Post-body\">{quote}<p>{}</p></div></article>\n<hr>\n",
                escape(&post.author), escape(&post.body)
            )
        })
        .collect();
    let content = format!(
        "<div class=\"container\"><h1>{}</h1>{}<div>{posts}</div>{}</div>",
        escape(&thread.title),
        "",
        turning(thread.page, next.as_deref())
    );
    let content = format!("{content}<div>{}</div>", hrefs(&never));
    Page { path: path(thread.page), html: shell(&thread.title, &content), next, leads_to: Vec::new(), never }
}

pub(super) fn board(board: &Board) -> Page {
    let path = "/t/general".to_owned();
    let next = Some("/t/general?page=2".to_owned());
    let leads_to: Vec<_> = board.threads.iter().map(|(id, ..)| format!("/d/{id}-topic")).collect();
    let rows: String = board
        .threads
        .iter()
        .zip(&leads_to)
        .map(|((_, title, ..), path)| format!("<li><a href=\"{path}\">{}</a></li>\n", escape(title)))
        .collect();
    let content = format!(
        "<div class=\"container\"><h1>{}</h1><ul>{rows}</ul>{}</div>",
        escape(&board.name),
        turning(1, next.as_deref())
    );
    Page { path, html: shell(&board.name, &content), next, leads_to, never: Vec::new() }
}
