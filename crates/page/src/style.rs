//! Which elements a reader sees, and which of them stand in one line with the text around them.

use scraper::node::Element;

/// Elements that stand in the line: text before, in and after them reads as one.
const INLINE: [&str; 46] = [
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "blink", "br", "cite", "code", "data", "del", "dfn", "em",
    "font", "i", "image", "img", "ins", "kbd", "label", "map", "mark", "nobr", "output", "picture", "q", "rb", "rt",
    "rp", "ruby", "s", "samp", "small", "source", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var",
    "wbr",
];

/// Elements whose content a browser does not show.
const UNSEEN: [&str; 10] =
    ["audio", "canvas", "datalist", "iframe", "noembed", "noframes", "noscript", "object", "template", "video"];

/// Whether the borders of an element end a run of text.
pub(crate) fn is_block(element: &Element) -> bool {
    let name = element.name();
    // Names with a hyphen are the page's own, and stand in the line unless a style sheet says otherwise.
    let inline = INLINE.contains(&name) || name.contains('-');
    match element.attr("style").and_then(|style| declared(style, "display")) {
        Some(display) if display.starts_with("inline") => false,
        Some(display) if ["block", "flex", "grid", "table", "list-item"].contains(&display.as_str()) => true,
        _ => !inline,
    }
}

/// Whether an element hides itself and all that is in it.
pub(crate) fn is_hidden(element: &Element) -> bool {
    UNSEEN.contains(&element.name())
        || element.attr("hidden").is_some()
        || element.attr("aria-hidden").is_some_and(|value| value.eq_ignore_ascii_case("true"))
        || (element.name() == "dialog" && element.attr("open").is_none())
        || element.attr("style").is_some_and(style_hides)
}

fn style_hides(style: &str) -> bool {
    let is =
        |property, values: &[&str]| declared(style, property).is_some_and(|value| values.contains(&value.as_str()));
    let zero = |property| {
        declared(style, property).is_some_and(|value| {
            let number = value.trim_end_matches(|c: char| c.is_ascii_alphabetic() || c == '%');
            number.parse::<f32>().is_ok_and(|number| number.abs() < 0.011)
        })
    };
    is("display", &["none"])
        || is("visibility", &["hidden", "collapse"])
        || is("content-visibility", &["hidden"])
        || zero("font-size")
        || zero("opacity")
        || declared(style, "text-indent").is_some_and(|value| value.starts_with("-9"))
        || ["left", "top"].iter().any(|side| declared(style, side).is_some_and(|value| value.starts_with("-9")))
}

/// The last value that a `style` attribute gives a property, in lower case, without `!important`.
fn declared(style: &str, property: &str) -> Option<String> {
    style.rsplit(';').find_map(|declaration| {
        let (name, value) = declaration.split_once(':')?;
        let value = value.split('!').next().unwrap_or_default().trim();
        name.trim().eq_ignore_ascii_case(property).then(|| value.to_ascii_lowercase())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn styles_that_hide() {
        for style in [
            "display:none",
            "color: red; DISPLAY : None !important",
            "visibility:hidden",
            "font-size:0",
            "font-size: 0.0px",
            "opacity:0;",
            "position:absolute;left:-9999px",
            "text-indent: -999em",
        ] {
            assert!(style_hides(style), "{style}");
        }
        for style in ["", "display:block", "font-size:10px", "opacity:.5", "display:none;display:block", "left:-1px"] {
            assert!(!style_hides(style), "{style}");
        }
    }
}
