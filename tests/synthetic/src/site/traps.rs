//! What sites do to crawlers: links that must not be followed, and answers that must be survived.

use encoding_rs::UTF_8;
use model::Label;
use serde::{Deserialize, Serialize};

use super::html::{Markup, escape};
use super::planting::Gardener;
use super::{Canned, Place};

/// One trap, linked from the first leaf.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trap {
    /// What it does.
    pub kind: TrapKind,
    /// Path and query on the site, or an absolute URL elsewhere.
    pub at: String,
}

/// What a trap does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TrapKind {
    /// Another host.
    OtherHost,
    /// A path outside the prefixes of the authorisation.
    OtherPath,
    /// A protected destination.
    Protected,
    /// A link that ends a session, sends something, or lists the same again.
    NeverFollow,
    /// A path that robots.txt closes.
    Robots,
    /// A redirect that leaves the scope.
    RedirectOut,
    /// A redirect to a good page.
    RedirectIn,
    /// An image that says so.
    Image,
    /// An image that says it is a page.
    DisguisedImage,
    /// Nothing there.
    Gone,
    /// More bytes than a body may have.
    Huge,
    /// Markup that ends in the middle, in a charset that does not exist, with bytes that are none.
    Broken,
    /// A hundred thousand elements inside each other.
    Deep,
    /// Too many requests at first, then a page.
    Busy,
    /// A page that comes in many small pieces.
    Slow,
    /// A page whose connection ends in the middle of the body.
    Cut,
}

impl TrapKind {
    /// Whether a lawful crawler never asks for it.
    #[must_use]
    pub const fn is_forbidden(self) -> bool {
        matches!(self, Self::OtherHost | Self::OtherPath | Self::Protected | Self::NeverFollow | Self::Robots)
    }

    /// Whether there is text to be had in the end.
    #[must_use]
    pub const fn has_text(self) -> bool {
        matches!(self, Self::Huge | Self::Broken | Self::Deep | Self::Busy | Self::Slow | Self::Cut)
    }
}

/// Bytes of the huge page: above the eight mebibytes that a body may have.
const HUGE_BYTES: usize = 9 << 20;

/// Elements inside each other on the deep page.
const DEPTH: usize = 100_000;

/// The traps of a site that stands alone, and where they are.
pub(super) const ALONE: &[(TrapKind, &str)] = &[
    (TrapKind::OtherHost, "http://elsewhere.example/board/7"),
    (TrapKind::OtherHost, "//elsewhere.example/board/8"),
    (TrapKind::OtherPath, "/private/notes.html"),
    (TrapKind::OtherPath, "/pages/../private/more.html"),
    (TrapKind::Protected, "http://helpline.example/ask"),
    (TrapKind::NeverFollow, "/forum/ucp.php?mode=logout"),
    (TrapKind::NeverFollow, "/forum/posting.php?mode=reply&t=1"),
    (TrapKind::Robots, "/pages/closed/list.html"),
    (TrapKind::RedirectOut, "/pages/moved-away.html"),
    (TrapKind::RedirectIn, "/pages/moved-here.html"),
    (TrapKind::Image, "/pages/photo.jpg"),
    (TrapKind::DisguisedImage, "/pages/photo.html"),
    (TrapKind::Gone, "/pages/gone.html"),
    (TrapKind::Huge, "/pages/huge.html"),
    (TrapKind::Broken, "/pages/broken.html"),
    (TrapKind::Deep, "/pages/deep.html"),
    (TrapKind::Busy, "/pages/busy.html"),
    (TrapKind::Slow, "/pages/slow.html"),
];

/// The traps of three sites that stand together: each kind at least once, and ways out of the scope on every site.
pub(super) const OF_FORUM: &[(TrapKind, &str)] = &[
    (TrapKind::OtherHost, "http://elsewhere.example/board/7"),
    (TrapKind::OtherPath, "/private/notes.html"),
    (TrapKind::NeverFollow, "/forum/ucp.php?mode=logout"),
    (TrapKind::NeverFollow, "/forum/posting.php?mode=reply&t=1"),
    (TrapKind::RedirectOut, "/pages/moved-away.html"),
    (TrapKind::Image, "/pages/photo.jpg"),
    (TrapKind::Busy, "/pages/busy.html"),
    (TrapKind::Deep, "/pages/deep.html"),
];
pub(super) const OF_ADS: &[(TrapKind, &str)] = &[
    (TrapKind::OtherHost, "//elsewhere.example/board/8"),
    (TrapKind::OtherPath, "/pages/../private/more.html"),
    (TrapKind::Protected, "http://helpline.example/ask"),
    (TrapKind::Robots, "/pages/closed/list.html"),
    (TrapKind::DisguisedImage, "/pages/photo.html"),
    (TrapKind::Gone, "/pages/gone.html"),
    (TrapKind::Huge, "/pages/huge.html"),
    (TrapKind::Slow, "/pages/slow.html"),
];
pub(super) const OF_BULLETIN: &[(TrapKind, &str)] = &[
    (TrapKind::OtherHost, "http://elsewhere.example/board/9"),
    (TrapKind::OtherPath, "/private/notes.html"),
    (TrapKind::RedirectOut, "/pages/moved-away.html"),
    (TrapKind::RedirectIn, "/pages/moved-here.html"),
    (TrapKind::Broken, "/pages/broken.html"),
    (TrapKind::Cut, "/pages/cut.html"),
    (TrapKind::Busy, "/pages/busy.html"),
];

/// Links to some traps.
pub(super) fn links(markup: &mut Markup, traps: &[(TrapKind, &'static str)]) {
    if traps.is_empty() {
        return;
    }
    for (_, at) in traps {
        markup.line(&format!("<a href=\"{}\">…</a>", escape(at)));
    }
    markup.line(
        "<a href=\"javascript:void(0)\">…</a> <a href=\"http:///\">…</a> <a href=\"ht\ntp://elsewhere.example/\">…</a>",
    );
}

/// Plants what stands at the traps of a site, and its robots.txt.
pub(super) fn plant(gardener: &mut Gardener, traps: &[(TrapKind, &'static str)]) {
    gardener.set("/robots.txt", Canned::of_type("text/plain", b"User-agent: *\nDisallow: /pages/closed/\n".to_vec()));
    for (kind, at) in traps {
        gardener.traps.push(Trap { kind: *kind, at: (*at).to_owned() });
        if at.starts_with('/') && !at.starts_with("//") {
            let answer = answer(gardener, *kind, at);
            gardener.set(&at.replace("/pages/..", ""), answer);
        }
    }
}

fn answer(gardener: &mut Gardener, kind: TrapKind, path: &str) -> Canned {
    const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0";
    match kind {
        TrapKind::OtherHost | TrapKind::Protected | TrapKind::Gone => Canned::status(404, &[]),
        TrapKind::OtherPath | TrapKind::NeverFollow | TrapKind::Robots | TrapKind::Slow | TrapKind::Busy => {
            let mut canned = page(gardener, path);
            match kind {
                TrapKind::Slow => canned.pieces = 40,
                TrapKind::Busy => canned.first = vec![Canned::status(429, &[("retry-after", "1")])],
                _ => {}
            }
            canned
        }
        TrapKind::RedirectOut => Canned::status(302, &[("location", "http://elsewhere.example/landing")]),
        TrapKind::RedirectIn => Canned::status(301, &[("location", "/pages/leaf-1.html")]),
        TrapKind::Image => Canned::of_type("image/jpeg", b"\xff\xd8\xff\xe0\0\x10JFIF\0".repeat(64)),
        TrapKind::DisguisedImage => Canned::html(PNG.repeat(16)),
        TrapKind::Huge => {
            let said = sentence(gardener, path);
            let mut body = format!("<html lang=\"en\"><title>huge</title><p>{said}</p>").into_bytes();
            let line = b"<p>clean quiet room near the river with good light</p>\n";
            body.extend(line.iter().cycle().take(HUGE_BYTES));
            Canned::html(body)
        }
        TrapKind::Cut => {
            let mut canned = page(gardener, path);
            canned.body.extend(b"<p>fresh bread and honey at the small market</p>\n".repeat(200));
            canned.cut_at = Some(canned.body.len() - 2_000);
            canned
        }
        TrapKind::Broken => {
            let said = sentence(gardener, path);
            let mut body = format!("<html lang=\"en\"><title>broken</title><p>{said}</p><div class=\"").into_bytes();
            body.extend([0xff, 0xfe, 0xc3, 0x28, 0xf0, 0x9f]);
            Canned::of_type("text/html; charset=x-no-such", body)
        }
        TrapKind::Deep => {
            let said = sentence(gardener, path);
            let mut body = b"<html lang=\"en\"><title>deep</title>".to_vec();
            body.extend(b"<div>".iter().cycle().take(DEPTH * 5));
            body.extend(said.as_bytes());
            Canned::html(body)
        }
    }
}

/// A small page with a number in it.
fn page(gardener: &mut Gardener, path: &str) -> Canned {
    let said = sentence(gardener, path);
    let mut markup = Markup::new(Gardener::language(0), "Trap".to_owned());
    markup.line(&format!("<p>{said}</p>"));
    Canned::html(markup.render(UTF_8))
}

/// A sentence with a number, written down like every other.
fn sentence(gardener: &mut Gardener, path: &str) -> String {
    let identifier = gardener.fresh(Label::Phone);
    let written = identifier.written[1].clone();
    gardener.note(Label::Phone, identifier.canonical, written.clone(), &path.replace("/pages/..", ""), Place::Visible);
    let language = Gardener::language(0);
    format!(
        "{} {} {}",
        language.sentence(&mut gardener.rng),
        language.lead(Label::Phone, &mut gardener.rng),
        escape(&written)
    )
}
