//! Addresses on a page: made absolute, decoded for reading, sorted by what they lead to.

use model::Sensitive;
use scraper::{ElementRef, Html};
use url::Url;

use crate::limits::MAX_URL_BYTES;
use crate::profile::Profile;
use crate::{Link, LinkKind, LinkTarget, Problem, Provenance};

use crate::collector::Collector;

/// Extensions of pages rather than of files.
const PAGE_EXTENSIONS: [&str; 9] = ["html", "htm", "xhtml", "php", "asp", "aspx", "jsp", "cgi", "do"];

/// The page's own address and the base its links are read against.
pub(crate) struct Addresses<'a> {
    own: Option<Url>,
    base: Option<Url>,
    profile: Option<&'a Profile>,
}

/// What a link says of itself beside its address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Leads {
    /// Nothing.
    Anywhere,
    /// That it leads to the next page.
    Next,
    /// That it ends our session.
    Out,
}

impl<'a> Addresses<'a> {
    pub(crate) fn new(own: &str, profile: Option<&'a Profile>) -> Self {
        let own = Url::parse(own).ok();
        Self { base: own.clone(), own, profile }
    }

    /// Takes the first `<base href>` into account.
    pub(crate) fn set_base(&mut self, href: &str) {
        let base = self.own.as_ref().and_then(|own| own.join(href.trim()).ok());
        self.base = base.filter(|base| matches!(base.scheme(), "http" | "https")).or(self.base.take());
    }

    /// What the links of a document are read against, its first `<base href>` heeded.
    pub(crate) fn base_in(&self, document: &Html) -> Option<Url> {
        let elements = document.tree.root().descendants().filter_map(ElementRef::wrap);
        let href = elements.filter(|element| element.value().name() == "base").find_map(|element| element.attr("href"));
        let base = href.and_then(|href| self.own.as_ref()?.join(href.trim()).ok());
        base.filter(|base| matches!(base.scheme(), "http" | "https")).or_else(|| self.own.clone())
    }

    /// Keeps the text of an address that stands in an attribute, and the name of the file it leads to.
    pub(crate) fn read(&self, href: &str, record: Option<usize>, out: &mut Collector) {
        let href = href.trim();
        let scheme = href.split_once(':').map(|(scheme, _)| scheme.trim().to_ascii_lowercase()).unwrap_or_default();
        match scheme.as_str() {
            "data" | "blob" => return out.problems.add(Problem::DataUrlDropped),
            "javascript" | "vbscript" => return out.problems.add(Problem::ScriptDropped),
            _ => {}
        }
        let absolute = self.base.as_ref().and_then(|base| base.join(href).ok());
        // The site's own name says nothing about anyone; only what follows it is read.
        let text = match &absolute {
            Some(url) if self.is_own(url) => percent_decoded(&url[url::Position::BeforePath..]),
            Some(url) => percent_decoded(url.as_str()),
            None => percent_decoded(href),
        };
        out.push_aside(Provenance::Url, text.trim_start_matches('/'), record);
        if let Some(name) = absolute.as_ref().and_then(file_name) {
            out.push_aside(Provenance::FileName, &name, record);
        }
    }

    /// Keeps a link.
    pub(crate) fn link(
        &self,
        href: &str,
        kind: LinkKind,
        rel: &str,
        leads: Leads,
        record: Option<usize>,
        out: &mut Collector,
    ) {
        let href = href.trim();
        if href.is_empty() || href.starts_with('#') {
            return;
        }
        let url = (href.len() <= MAX_URL_BYTES).then(|| self.base.as_ref()?.join(href).ok()).flatten();
        let usable = url.filter(|url| matches!(url.scheme(), "http" | "https") && url.as_str().len() <= MAX_URL_BYTES);
        let Some(mut url) = usable else {
            out.problems.add(Problem::UnusableLink);
            return;
        };
        url.set_fragment(None);
        let own = self.is_own(&url);
        if let Some(profile) = self.profile.filter(|_| own) {
            profile.drop_parameters(&mut url);
        }
        let rest = &url[url::Position::BeforePath..];
        let target = match self.profile.filter(|_| own) {
            _ if leads == Leads::Out || crate::profile::is_never_anywhere(rest) => LinkTarget::Never,
            Some(profile) => profile.target(rest, leads == Leads::Next),
            None if leads == Leads::Next => LinkTarget::NextPage,
            None => LinkTarget::Page,
        };
        let nofollow = rel
            .split_ascii_whitespace()
            .any(|word| ["nofollow", "ugc", "sponsored"].iter().any(|known| word.eq_ignore_ascii_case(known)));
        out.link(Link { href: Sensitive::new(url.into()), nofollow, kind, target, record });
    }

    fn is_own(&self, url: &Url) -> bool {
        self.own.as_ref().is_some_and(|own| own.host() == url.host() && own.host().is_some())
    }
}

/// The last part of a path, if it looks like the name of a file.
fn file_name(url: &Url) -> Option<String> {
    let name = percent_decoded(url.path_segments()?.next_back()?);
    let (stem, extension) = name.rsplit_once('.')?;
    let plausible = (1..=5).contains(&extension.len()) && extension.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let page = PAGE_EXTENSIONS.iter().any(|known| extension.eq_ignore_ascii_case(known));
    (plausible && !page && !stem.is_empty() && !stem.contains('@')).then(|| name.clone())
}

/// Undoes percent-encoding, twice if it was laid over itself. Bytes that are no UTF-8 become replacement characters.
pub(crate) fn percent_decoded(text: &str) -> String {
    let once = decode_once(text);
    if once.contains('%') { decode_once(&once) } else { once }
}

fn decode_once(text: &str) -> String {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let pair = (bytes.get(at + 1).copied().and_then(digit), bytes.get(at + 2).copied().and_then(digit));
        match (bytes[at], pair) {
            (b'%', (Some(high), Some(low))) => {
                out.push(u8::try_from(high << 4 | low).unwrap_or_default());
                at += 3;
            }
            (byte, _) => {
                out.push(byte);
                at += 1;
            }
        }
    }
    String::from_utf8(out).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

/// The addresses in a `srcset`.
pub(crate) fn source_set(value: &str) -> impl Iterator<Item = &str> {
    value.split(',').filter_map(|candidate| candidate.split_ascii_whitespace().next())
}

/// The address in a `meta` refresh such as `5; url=next.html`.
pub(crate) fn refresh(content: &str) -> Option<&str> {
    let (_, rest) = content.split_once([';', ','])?;
    let rest = rest.trim_start();
    let target = match rest.get(..3) {
        Some(word) if word.eq_ignore_ascii_case("url") => rest[3..].trim_start().strip_prefix('=')?,
        _ => rest,
    };
    Some(target.trim().trim_matches(['"', '\''])).filter(|target| !target.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn linked(own: &str, base: Option<&str>, href: &str) -> Option<String> {
        let mut addresses = Addresses::new(own, None);
        if let Some(base) = base {
            addresses.set_base(base);
        }
        let mut out = Collector::default();
        addresses.link(href, LinkKind::Anchor, "", Leads::Anywhere, None, &mut out);
        out.links.pop().map(|link| link.href.into_inner())
    }

    #[test]
    fn links_are_absolute_and_without_fragment() {
        let own = "http://forum.example/a/b?c=1";
        assert_eq!(linked(own, None, "d?e#f").unwrap(), "http://forum.example/a/d?e");
        assert_eq!(linked(own, None, " //other.example\\x ").unwrap(), "http://other.example/x");
        assert_eq!(linked(own, Some("/base/"), "d").unwrap(), "http://forum.example/base/d");
        assert_eq!(linked(own, Some("javascript:1"), "d").unwrap(), "http://forum.example/a/d");
        for unusable in ["#top", "", "mailto:a@example.org", "javascript:go()", "http://", "ftp://files.example/"] {
            assert_eq!(linked(own, None, unusable), None, "{unusable}");
        }
        assert_eq!(linked(own, None, &format!("/{}", "a".repeat(MAX_URL_BYTES))), None);
    }

    #[test]
    fn addresses_are_read_decoded_and_without_the_sites_own_name() {
        let addresses = Addresses::new("http://forum.example/", None);
        let mut out = Collector::default();
        addresses.read("/u/anna%40example.org?tel=%252B447700900123", None, &mut out);
        addresses.read("http://other.example/img/anna%20b.jpg", None, &mut out);
        addresses.read("tel:+44%207700%20900123", None, &mut out);
        addresses.read("data:image/png;base64,AAAA", None, &mut out);
        let texts: Vec<_> = out.segments.iter().map(|s| (s.provenance, s.text.expose().as_str())).collect();
        assert_eq!(
            texts,
            [
                (Provenance::Url, "u/anna@example.org?tel=+447700900123"),
                (Provenance::Url, "http://other.example/img/anna b.jpg"),
                (Provenance::FileName, "anna b.jpg"),
                (Provenance::Url, "tel:+44 7700 900123"),
            ]
        );
        assert_eq!(out.problems.count(Problem::DataUrlDropped), 1);
    }

    #[test]
    fn refresh_and_source_sets_are_read() {
        assert_eq!(refresh("5; URL='next.html'"), Some("next.html"));
        assert_eq!(refresh("0;next.html"), Some("next.html"));
        assert_eq!(refresh("30"), None);
        assert_eq!(source_set("a.jpg 1x, b.jpg 2x").collect::<Vec<_>>(), ["a.jpg", "b.jpg"]);
    }

    #[test]
    fn percent_signs_that_encode_nothing_stay() {
        assert_eq!(percent_decoded("100%"), "100%");
        assert_eq!(percent_decoded("%zz%4"), "%zz%4");
        assert_eq!(percent_decoded("%ff"), "\u{fffd}");
    }
}
