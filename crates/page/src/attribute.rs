//! Text in attributes.

use scraper::node::Element;

use crate::address::{Addresses, source_set};
use crate::collector::Collector;
use crate::{Problem, Provenance};

/// Attributes that hold an address.
const ADDRESSES: [&str; 19] = [
    "action",
    "background",
    "cite",
    "classid",
    "codebase",
    "data",
    "data-href",
    "data-src",
    "data-url",
    "dynsrc",
    "formaction",
    "href",
    "icon",
    "longdesc",
    "lowsrc",
    "manifest",
    "ping",
    "poster",
    "src",
];

/// Attributes that arrange the page and name its parts. Their values are the site's, not anyone's words, and none of them
/// leaves this crate. Everything not named here is read: an attribute forgotten in this list costs time, never a leak.
const STRUCTURE: [&str; 62] = [
    "accept",
    "accept-charset",
    "align",
    "async",
    "autocomplete",
    "autofocus",
    "bgcolor",
    "border",
    "cellpadding",
    "cellspacing",
    "charset",
    "checked",
    "class",
    "color",
    "cols",
    "colspan",
    "controls",
    "crossorigin",
    "d",
    "defer",
    "dir",
    "disabled",
    "draggable",
    "enctype",
    "face",
    "fill",
    "for",
    "form",
    "frameborder",
    "headers",
    "height",
    "hidden",
    "http-equiv",
    "id",
    "integrity",
    "itemscope",
    "itemtype",
    "lang",
    "loading",
    "maxlength",
    "media",
    "method",
    "name",
    "nowrap",
    "points",
    "rel",
    "required",
    "role",
    "rows",
    "rowspan",
    "scope",
    "selected",
    "size",
    "sizes",
    "style",
    "tabindex",
    "target",
    "transform",
    "type",
    "valign",
    "viewbox",
    "width",
];

/// Reads all attributes of an element but those of `meta`, which has rules of its own.
pub(crate) fn read(element: &Element, addresses: &Addresses<'_>, record: Option<usize>, out: &mut Collector) {
    for (name, value) in element.attrs() {
        match name {
            _ if value.trim().is_empty() => {}
            "alt" => out.push_aside(Provenance::Alt, value, record),
            "title" => out.push_aside(Provenance::Title, value, record),
            "srcset" | "imagesrcset" | "data-srcset" => {
                source_set(value).for_each(|address| addresses.read(address, record, out));
            }
            _ if ADDRESSES.contains(&name) => addresses.read(value, record, out),
            _ if name.starts_with("on") => out.problems.add(Problem::ScriptDropped),
            _ if STRUCTURE.contains(&name) => {}
            _ => out.push_aside(Provenance::Attribute, value, record),
        }
    }
}
