//! Markup: escaping, and the frame of a page.

use std::fmt::Write as _;

use encoding_rs::Encoding;

use crate::language::Language;

/// Text for an element's content or a quoted attribute.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            _ => out.push(character),
        }
    }
    out
}

/// Text with every sign that is no letter or digit written as a numeric character reference, as some boards do against
/// harvesters.
pub(super) fn entities(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 3);
    for character in text.chars() {
        if character.is_ascii_punctuation() {
            let _ = write!(out, "&#{};", u32::from(character));
        } else {
            out.push(character);
        }
    }
    out
}

/// Undoes [`escape`] and [`entities`].
#[cfg(test)]
pub(crate) fn unescape(text: &str) -> String {
    let mut out = text.to_owned();
    for code in 33..127u8 {
        out = out.replace(&format!("&#{code};"), &char::from(code).to_string());
    }
    out.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
}

/// A page under construction.
pub(super) struct Markup {
    pub(super) language: &'static Language,
    /// `phpBB` or `Osclass`, if the page belongs to an engine.
    pub(super) generator: Option<&'static str>,
    /// The `body` element's attributes.
    pub(super) body_attributes: &'static str,
    /// Text of the `title` element.
    pub(super) title: String,
    /// Further markup of the head.
    pub(super) head: String,
    /// Markup of the body.
    pub(super) body: String,
}

impl Markup {
    pub(super) fn new(language: &'static Language, title: String) -> Self {
        Self { language, generator: None, body_attributes: "", title, head: String::new(), body: String::new() }
    }

    /// Adds a line to the body.
    pub(super) fn line(&mut self, markup: &str) -> &mut Self {
        self.body.push_str(markup);
        self.body.push('\n');
        self
    }

    /// The whole document in `charset`, as bytes.
    pub(super) fn render(&self, charset: &'static Encoding) -> Vec<u8> {
        let Language { tag, direction, .. } = self.language;
        let generator =
            self.generator.map(|name| format!("<meta name=\"generator\" content=\"{name}\">\n")).unwrap_or_default();
        let text = format!(
            "<!DOCTYPE html>\n<html lang=\"{tag}\" dir=\"{direction}\">\n<head>\n<meta charset=\"{}\">\n{generator}<title>{}</title>\n{}</head>\n<body{}>\n{}</body>\n</html>\n",
            charset.name().to_ascii_lowercase(),
            escape(&self.title),
            self.head,
            self.body_attributes,
            self.body,
        );
        // Signs that the charset lacks become character references, as browsers send them.
        charset.encode(&text).0.into_owned()
    }
}
