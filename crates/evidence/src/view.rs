//! A redacted page as HTML: one form, so that whoever has the file can take the three texts out again.

use redactor::RedactedPage;

/// Between this line and the next such comment stands each text, escaped and otherwise as it is.
const MARKS: [(&str, &str); 3] = [("title", "h1"), ("board", "p"), ("body", "pre")];

/// The page. The body stands in a `pre`, whose first line feed HTML drops: one of ours is there to be dropped.
pub(crate) fn render(page: &RedactedPage) -> String {
    let texts = [page.title(), page.board().unwrap_or_default(), page.body()];
    let language = page.language().map_or_else(String::new, |tag| format!(" lang=\"{}\"", escape(tag)));
    let mut html = format!(
        "<!doctype html>\n<html{language}>\n<meta charset=\"utf-8\">\n<meta name=\"generator\" content=\"lanthorn: redacted view\">\n\
         <meta name=\"capture\" content=\"{}\">\n<title>{}</title>\n\
         <style>body{{font:16px/1.5 sans-serif;max-width:46em;margin:2em auto;padding:0 1em}}pre{{font:inherit;white-space:pre-wrap}}</style>\n\
         <p><small>Redacted view of capture {}. What stands in brackets replaces personal data.</small></p>\n",
        page.capture(),
        escape(page.title()),
        page.capture(),
    );
    for ((name, element), text) in MARKS.into_iter().zip(texts) {
        html.push_str(&format!("<!--{name}--><{element}>\n{}</{element}><!--/{name}-->\n", escape(text)));
    }
    html + "</html>\n"
}

/// Markup that shows a text as it is.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + text.len() / 16);
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            '\r' => escaped.push_str("&#13;"),
            other => escaped.push(other),
        }
    }
    escaped
}
