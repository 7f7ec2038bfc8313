//! A site that tries to lead a crawler out of its scope, one trick a page.
//!
//! Every trick names somewhere that no authorisation of the test covers: another host, another port or scheme of the
//! same host, or a path beside its prefix. `OUT` in a trick stands for a host of its own for each, so that a server that
//! is asked for it tells which trick worked.

use std::collections::BTreeMap;

use super::{Canned, Site};

/// The host that is authorised.
pub const HOST: &str = "board.example";

/// The one prefix that is authorised.
pub const PREFIX: &str = "/board/";

/// How a page tries.
#[derive(Clone, Copy)]
enum Way {
    /// The answer redirects with this status.
    Redirect(u16),
    /// A header of the answer.
    Header(&'static str),
    /// A link whose `href` it is, with a little text around it.
    Href,
    /// Markup in the body with `@@` where the address stands.
    Markup(&'static str),
    /// Markup in the head.
    Head(&'static str),
}

use Way::{Head, Header, Href, Markup, Redirect};

/// Name, way, and where it leads.
const TRICKS: &[(&str, Way, &str)] = &[
    ("redirect-300", Redirect(300), "http://OUT/"),
    ("redirect-301", Redirect(301), "http://OUT/"),
    ("redirect-302", Redirect(302), "http://OUT/"),
    ("redirect-303", Redirect(303), "http://OUT/"),
    ("redirect-305", Redirect(305), "http://OUT/"),
    ("redirect-307", Redirect(307), "http://OUT/"),
    ("redirect-308", Redirect(308), "http://OUT/"),
    ("created-elsewhere", Redirect(201), "http://OUT/"),
    ("redirect-protocol-relative", Redirect(302), "//OUT/board/"),
    ("redirect-userinfo", Redirect(302), "http://board.example@OUT/board/"),
    ("redirect-backslashes", Redirect(302), "\\\\OUT\\board\\"),
    ("redirect-port", Redirect(302), "http://board.example:8080/board/"),
    ("redirect-https", Redirect(302), "https://board.example/board/"),
    ("redirect-path", Redirect(302), "/private/redirected"),
    ("redirect-dots", Redirect(302), "/board/../private/dots"),
    ("redirect-encoded-dots", Redirect(302), "/board/%2e%2e/private/encoded"),
    ("redirect-control", Redirect(302), "http://OUT\t/board/"),
    ("refresh-header", Header("refresh"), "0; url=http://OUT/"),
    ("link-header-next", Header("link"), "<http://OUT/board/>; rel=\"next\""),
    ("link-header-canonical", Header("link"), "<http://OUT/board/>; rel=\"canonical\""),
    ("content-location", Header("content-location"), "http://OUT/board/"),
    ("onion-location-header", Header("onion-location"), "http://OUT/board/"),
    ("alternative-service", Header("alt-svc"), "h2=\"OUT:443\"; ma=86400"),
    ("reporting", Header("report-to"), "{\"group\":\"g\",\"endpoints\":[{\"url\":\"http://OUT/\"}]}"),
    ("location-without-redirect", Header("location"), "http://OUT/"),
    ("refresh-meta", Head("<meta http-equiv=refresh content=\"0;url=@@\">"), "http://OUT/"),
    ("onion-location-meta", Head("<meta http-equiv=onion-location content=\"@@\">"), "http://OUT/board/"),
    ("base", Head("<base href=\"@@\">"), "http://OUT/board/"),
    ("canonical", Head("<link rel=canonical href=\"@@\">"), "http://OUT/board/"),
    ("next", Head("<link rel=next href=\"@@\">"), "http://OUT/board/2"),
    ("prefetch", Head("<link rel=\"prefetch preload dns-prefetch preconnect\" href=\"@@\">"), "http://OUT/"),
    ("feed", Head("<link rel=alternate type=application/rss+xml href=\"@@\">"), "http://OUT/feed"),
    ("manifest", Head("<link rel=manifest href=\"@@\"><link rel=icon href=\"@@\">"), "http://OUT/m"),
    ("style", Head("<link rel=stylesheet href=\"@@\"><style>@import url(@@);</style>"), "http://OUT/s.css"),
    ("script", Head("<script src=\"@@\"></script><script>location='@@'</script>"), "http://OUT/s.js"),
    ("open-graph", Head("<meta property=og:url content=\"@@\">"), "http://OUT/board/"),
    ("image", Markup("<img src=\"@@\" srcset=\"@@ 1x, @@?2 2x\" longdesc=\"@@\">"), "http://OUT/i.png"),
    (
        "frame",
        Markup("<iframe src=\"@@\"></iframe><iframe srcdoc=\"<a href='@@'>x</a>\"></iframe>"),
        "http://OUT/board/",
    ),
    (
        "form",
        Markup("<form action=\"@@\" method=get><input name=q value=1><button formaction=\"@@\">go</button></form>"),
        "http://OUT/f",
    ),
    (
        "media",
        Markup(
            "<video src=\"@@\" poster=\"@@\"></video><audio src=\"@@\"></audio><object data=\"@@\"></object><embed src=\"@@\">",
        ),
        "http://OUT/v",
    ),
    ("ping", Markup("<a ping=\"@@\" href=\"/board/index.html\">home</a>"), "http://OUT/ping"),
    ("drawing", Markup("<svg><a xlink:href=\"@@\"><text>x</text></a><use href=\"@@\"/></svg>"), "http://OUT/board/"),
    ("map", Markup("<map><area href=\"@@\"></map>"), "http://OUT/board/"),
    (
        "comment",
        Markup(
            "<!-- <a href=\"@@\">x</a> --><noscript><a href=\"@@\">x</a></noscript><template><a href=\"@@\">x</a></template>",
        ),
        "http://OUT/board/",
    ),
    (
        "data-attribute",
        Markup("<div data-href=\"@@\" data-url=\"@@\" onclick=\"location='@@'\">x</div>"),
        "http://OUT/board/",
    ),
    (
        "json-ld",
        Markup("<script type=application/ld+json>{\"@type\":\"Offer\",\"url\":\"@@\"}</script>"),
        "http://OUT/board/",
    ),
    ("plain", Href, "http://OUT/board/7"),
    ("protocol-relative", Href, "//OUT/board/7"),
    ("backslashes", Href, "\\\\OUT\\board"),
    ("slash-backslash", Href, "/\\OUT/board"),
    ("three-slashes", Href, "http:///OUT/board"),
    ("no-slashes", Href, "http:OUT/board"),
    ("userinfo", Href, "http://board.example@OUT/board/"),
    ("userinfo-password", Href, "http://board.example:80@OUT/board/"),
    ("userinfo-encoded", Href, "http://board.example%2F@OUT/board/"),
    ("userinfo-own", Href, "http://x:y@board.example/board/userinfo"),
    ("suffix", Href, "http://board.example.OUT/board/"),
    ("prefix", Href, "http://notboard.example/board/"),
    ("subdomain", Href, "http://www.board.example/board/"),
    ("trailing-dot", Href, "http://board.example./board/"),
    ("homograph-cyrillic", Href, "http://bo\u{430}rd.example/board/"),
    ("homograph-punycode", Href, "http://xn--bord-53d.example/board/"),
    ("full-width", Href, "http://\u{ff42}oard.example/board/full-width"),
    ("soft-hyphen", Href, "http://bo\u{ad}ard.example/board/soft"),
    ("zero-width", Href, "http://bo\u{200b}ard.example/board/zero"),
    ("ideographic-stop", Href, "http://board\u{3002}example/board/stop"),
    ("right-to-left", Href, "http://board.example/\u{202e}board/"),
    ("ip-dotted", Href, "http://127.0.0.1/board/"),
    ("ip-decimal", Href, "http://2130706433/board/"),
    ("ip-octal", Href, "http://0177.0.0.01/board/"),
    ("ip-hexadecimal", Href, "http://0x7f000001/board/"),
    ("ip-short", Href, "http://127.1/board/"),
    ("ip-six", Href, "http://[::1]/board/"),
    ("ip-mapped", Href, "http://[::ffff:127.0.0.1]/board/"),
    ("ip-metadata", Href, "http://169.254.169.254/latest/meta-data/"),
    ("localhost", Href, "http://localhost/board/"),
    ("port", Href, "http://board.example:8080/board/"),
    ("port-zero", Href, "http://board.example:0/board/"),
    ("port-large", Href, "http://board.example:65616/board/"),
    ("https", Href, "https://board.example/board/"),
    ("nested-onion", Href, "http://2gzyxa5ihm7nsggfxnu52rck2vv4rvmdlkiu3zzui5du4xyclen53wid.OUT/board/"),
    ("other-onion", Href, "http://2gzyxa5ihm7nsggfxnu52rck2vv4rvmdlkiu3zzui5du4xyclen53wid.onion/board/"),
    ("protected", Href, "http://helpline.example/board/"),
    ("beside", Href, "/boards/7"),
    ("case", Href, "/BOARD/7"),
    ("dots", Href, "/board/../private/7"),
    ("dots-encoded", Href, "/board/%2e%2e/private/7"),
    ("dots-double-encoded", Href, "/board/%252e%252e/private/7"),
    ("dots-mixed", Href, "/board/.%2E/private/7"),
    ("dots-semicolon", Href, "/board/..;/private/7"),
    ("dots-overlong", Href, "/board/%c0%ae%c0%ae/private/7"),
    ("dots-u-encoded", Href, "/board/%u002e%u002e/private/7"),
    ("slash-encoded", Href, "/board%2f..%2fprivate"),
    ("backslash-path", Href, "/board/..\\private\\7"),
    ("backslash-encoded", Href, "/board/..%5cprivate%5c7"),
    ("null", Href, "/board/x%00/../../private"),
    ("line-break", Href, "/board/x%0d%0aHost:%20OUT"),
    ("tab-in-scheme", Href, "ht\ttp://OUT/board/"),
    ("line-in-scheme", Href, "ht\ntp://OUT/board/"),
    ("space-before", Href, " \u{1}http://OUT/board/"),
    ("entity", Href, "&#104;ttp://OU&#84;/board/"),
    ("data", Href, "data:text/html,<a href=http://OUT/>x</a>"),
    ("javascript", Href, "javascript:location='http://OUT/'"),
    ("file", Href, "file:///etc/passwd"),
    ("ftp", Href, "ftp://OUT/board/"),
    ("web-socket", Href, "ws://OUT/board/"),
    ("gopher", Href, "gopher://OUT/1"),
    ("blob", Href, "blob:http://OUT/7"),
    ("view-source", Href, "view-source:http://OUT/"),
    ("mail", Href, "mailto:someone@OUT"),
];

/// The tricks' names.
#[must_use]
pub fn names() -> Vec<&'static str> {
    TRICKS.iter().map(|(name, ..)| *name).collect()
}

/// Absolute addresses that the tricks name, for whoever wants to ask about each.
#[must_use]
pub fn addresses() -> Vec<String> {
    let absolute = |(name, _, to): &(&str, Way, &str)| to.contains("://").then(|| outside(name, to));
    TRICKS.iter().filter_map(absolute).filter(|to| !to.contains(['<', '{', ';', '&', '\''])).collect()
}

/// The page of a trick.
#[must_use]
pub fn page(name: &str) -> String {
    format!("{PREFIX}{name}.html")
}

/// The site: its index, a page for each trick, an open redirector, sitemaps and a robots.txt that lead outside.
#[must_use]
pub fn site() -> Site {
    let mut pages = BTreeMap::new();
    let mut index = String::new();
    for (name, way, to) in TRICKS {
        index.push_str(&format!("<li><a href=\"{}\">{name}</a>\n", page(name)));
        pages.insert(page(name), answer(name, *way, &outside(name, to)));
    }
    // An open redirector inside the scope, and the ways to it.
    for (number, to) in ["http://OUT/", "//OUT/", "/private/opened"].iter().enumerate() {
        let at = format!("{PREFIX}go?to={number}");
        index.push_str(&format!("<li><a href=\"{at}\">go</a>\n"));
        pages.insert(at, Canned::status(302, &[("location", &outside("open-redirector", to))]));
    }
    let chain = |at: usize| format!("{PREFIX}chain-{at}.html");
    index.push_str(&format!("<li><a href=\"{}\">a long way</a>\n", chain(0)));
    for at in 0..20 {
        pages.insert(chain(at), Canned::status(301, &[("location", &chain(at + 1))]));
    }
    pages.insert(PREFIX.to_owned(), Canned::html(format!("<title>board</title><ul>{index}</ul>").into_bytes()));
    pages.insert(format!("{PREFIX}index.html"), Canned::html(b"<p>a page like others</p>".to_vec()));
    let map = "<urlset><url><loc>http://outside-sitemap.example/</loc></url></urlset>";
    pages.insert(format!("{PREFIX}sitemap.xml"), Canned::of_type("application/xml", map.into()));
    let robots = "User-agent: *\nDisallow:\nSitemap: http://outside-sitemap.example/sitemap.xml\n\
                  Sitemap: http://board.example/private/sitemap.xml\nHost: outside-host.example\n";
    pages.insert("/robots.txt".to_owned(), Canned::of_type("text/plain", robots.into()));
    Site::of_pages("adversary", HOST, vec![PREFIX], pages)
}

fn outside(name: &str, to: &str) -> String {
    to.replace("OUT", &format!("outside-{name}.example"))
}

fn answer(name: &str, way: Way, to: &str) -> Canned {
    let said = said(name);
    let body = |head: &str, body: &str| {
        let page =
            format!("<html><head><title>{name}</title>{head}</head><body><p>{name}: {said}</p>{body}</body></html>");
        Canned::html(page.into_bytes())
    };
    match way {
        Redirect(status) => Canned { status, ..with(body("", ""), "location", to) },
        Header(header) => with(body("", ""), header, to),
        Head(markup) => body(&markup.replace("@@", to), "<a href=\"relative.html\">relative</a>"),
        Markup(markup) => body("", &markup.replace("@@", to)),
        Href => body("", &format!("<p>see <a href=\"{to}\">here</a>")),
    }
}

/// Something to read, another thing on each page.
fn said(name: &str) -> String {
    const WORDS: [&str; 24] = [
        "river", "garden", "never", "window", "paper", "station", "market", "quiet", "answer", "together", "bridge",
        "morning", "letter", "colour", "harbour", "winter", "mountain", "kitchen", "music", "yellow", "engine",
        "forest", "silver", "island",
    ];
    let mut state = name.bytes().fold(7usize, |state, byte| state.wrapping_mul(31).wrapping_add(usize::from(byte)));
    let mut word = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        WORDS[(state >> 33) % WORDS.len()]
    };
    (0..10).map(|_| word()).collect::<Vec<_>>().join(" ")
}

fn with(mut canned: Canned, header: &str, value: &str) -> Canned {
    canned.headers.push((header.as_bytes().to_vec(), value.replace(['\t', '\n'], " ").into_bytes()));
    canned
}
