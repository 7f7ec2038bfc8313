//! An original as plain text: no markup, no images, nothing that a terminal would obey.

use model::Sensitive;
use page::{FetchedPage, Profiles, Provenance, parse};

/// The longest rendering.
const MAX_RENDERED_BYTES: usize = 4 << 20;

/// Renders a page: what it was asked as, and every piece of text in it with its provenance.
#[must_use]
pub fn render(page: FetchedPage, profiles: &Profiles) -> Sensitive<String> {
    let mut text = String::new();
    let record = page.record();
    line(&mut text, "address", record.url.expose());
    line(&mut text, "asked", &format!("{} to {}", record.started, record.ended));
    line(&mut text, "status", &record.status.to_string());
    line(
        &mut text,
        "body",
        &format!("{} bytes{}", record.body.expose().len(), if record.truncated.is_some() { ", cut short" } else { "" }),
    );
    text.push('\n');
    for segment in parse(page, profiles).segments() {
        if text.len() > MAX_RENDERED_BYTES {
            text.push_str("\n(the rest is left out: the page is too long to be shown)\n");
            break;
        }
        if segment.provenance == Provenance::Visible {
            push(&mut text, segment.text.expose());
            text.push('\n');
        } else {
            line(&mut text, segment.provenance.as_str(), segment.text.expose());
        }
    }
    Sensitive::new(text)
}

fn line(text: &mut String, what: &str, value: &str) {
    text.push('[');
    text.push_str(what);
    text.push_str("] ");
    push(text, value);
    text.push('\n');
}

/// Control characters and marks that turn the reading direction are shown as their number.
fn push(text: &mut String, value: &str) {
    for character in value.chars() {
        let turns = matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{61c}');
        if (character.is_control() && character != '\n') || turns {
            text.push_str(&format!("<U+{:04X}>", u32::from(character)));
        } else {
            text.push(character);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_is_given_nothing_to_obey() {
        let mut text = String::new();
        push(&mut text, "a\u{1b}[2Jb\u{202e}c\n");
        assert_eq!(text, "a<U+001B>[2Jb<U+202E>c\n");
    }
}
