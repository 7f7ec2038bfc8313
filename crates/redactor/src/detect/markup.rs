//! Text with tags in it, as pages quote it and as boards that escape badly show it: the same text without the tags, so
//! that a number or an address cut up by them is read whole.

use super::scan::BARRIER;
use super::view::View;

/// The longest tag or comment that is taken for one.
const MAX_TAG_BYTES: usize = 512;

/// Tags that end a line.
const BLOCKS: &[&str] = &["br", "p", "div", "li", "tr", "td", "th", "hr", "ul", "ol", "table", "h1", "h2", "h3", "h4"];

/// The text without its tags; `None` if it has none.
pub(super) fn without_tags(text: &str) -> Option<View> {
    let mut view = View::default();
    let mut copied = 0;
    let mut at = 0;
    while let Some(open) = memchr::memchr(b'<', &text.as_bytes()[at..]).map(|skip| at + skip) {
        let Some(end) = tag_end(&text[open..]).map(|length| open + length) else {
            at = open + 1;
            continue;
        };
        view.copy(text, copied..open);
        view.cut();
        let tag = &text[open..end];
        if let Some((from, to)) = alternative(tag) {
            view.copy(text, open + from..open + to);
            view.cut();
        } else if is_block(tag) {
            view.write("\n", &(open..end));
        }
        copied = end;
        at = end;
    }
    (copied > 0).then(|| {
        view.copy(text, copied..text.len());
        view
    })
}

/// How long the tag or comment is that begins here.
fn tag_end(rest: &str) -> Option<usize> {
    let bytes = rest.as_bytes();
    if !bytes.get(1).is_some_and(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'/' | b'!')) {
        return None;
    }
    let window = &bytes[..bytes.len().min(MAX_TAG_BYTES)];
    let (end, from) = if rest.starts_with("<!--") { (&b"-->"[..], 4) } else { (&b">"[..], 1) };
    let inside = memchr::memmem::find(&window[from..], end)?;
    let body = &window[from..from + inside];
    (!body.contains(&BARRIER) && (from == 4 || !body.contains(&b'<'))).then_some(from + inside + end.len())
}

fn is_block(tag: &str) -> bool {
    let name = tag.trim_start_matches(['<', '/']);
    let end = name.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(name.len());
    BLOCKS.contains(&name[..end].to_ascii_lowercase().as_str())
}

/// Where the text stands that a picture is shown with, within its tag.
fn alternative(tag: &str) -> Option<(usize, usize)> {
    let at = tag.find(" alt=").or_else(|| tag.find(" ALT="))? + 5;
    let quote = tag[at..].chars().next()?;
    if quote == '"' || quote == '\'' {
        let length = tag[at + 1..].find(quote)?;
        return Some((at + 1, at + 1 + length));
    }
    let length = tag[at..].find(|c: char| c.is_whitespace() || c == '>')?;
    Some((at, at + length))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_go_and_what_they_cut_up_is_one_again() {
        let text = "<b>202</b><i>555</i><span class=x>0143</span>, 1 < 2";
        let view = without_tags(text).expect("it has tags");
        assert_eq!(view.text(), "2025550143, 1 < 2");
        let parts: Vec<&str> = view.origins(&(0..10)).into_iter().map(|part| &text[part]).collect();
        assert_eq!(parts, ["202", "555", "0143"]);
        assert!(view.is_cut(&(0..10)) && !view.is_cut(&(0..3)));
        assert_eq!(without_tags(r#"<img alt="2"><img src=x alt='0'>"#).expect("tags").text(), "20");
        assert!(without_tags("a < b, <3").is_none());
    }
}
