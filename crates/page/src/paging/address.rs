//! How an address differs from the page's own.

use url::Url;

/// How far a link goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// One number of the address is higher, and nothing else differs.
    Forward,
    /// This page's own address has no number, and the link adds one: a second page, or a first step.
    First,
    /// Numbers differ in another way.
    Number,
    /// One number of the address is lower, or gone.
    Back,
    /// It is this page.
    Same,
    /// Another page of the host.
    OtherPage,
    /// Another host.
    OtherHost,
}

/// Parts of an address before the number of a page.
const PAGE_NAMES: [&str; 8] = ["page=", "p=", "start=", "offset=", "paged=", "st=", "page", "pg="];

/// Parts of an address before a number that says how a page is shown.
const DISPLAY_NAMES: [&str; 10] =
    ["limit=", "count=", "perpage=", "per_page=", "pagesize=", "show=", "sort=", "order=", "ipp=", "size="];

/// Characters of a value of letters and digits mixed from which on it names a session.
const SESSION_CHARACTERS: usize = 16;

/// Numbers that can be a page or a place in a list.
const MAX_NUMBER_DIGITS: usize = 7;

/// Compares a link with the page's own address, both absolute, and says how many numbers on it is.
pub(super) fn step(own: &Url, target: &Url) -> (Step, u64) {
    let host = |url: &Url| url.host_str().map(|host| host.trim_start_matches("www.").to_owned());
    if host(own) != host(target) {
        return (Step::OtherHost, 0);
    }
    let (here, there) = (parts(own), parts(target));
    if here == there {
        return (Step::Same, 0);
    }
    if here.len() == there.len() {
        let mut differing = here.iter().zip(&there).enumerate().filter(|(_, (a, b))| a != b);
        let (first, more) = (differing.next(), differing.next());
        if let (Some((at, (a, b))), None) = (first, more) {
            let display = at.checked_sub(1).is_some_and(|before| DISPLAY_NAMES.contains(&here[before].as_str()));
            return match (number(a), number(b)) {
                _ if display => (Step::OtherPage, 0),
                (Some(a), Some(b)) if b > a => (Step::Forward, b - a),
                (Some(_), Some(_)) => (Step::Back, 0),
                _ => (Step::OtherPage, 0),
            };
        }
    }
    // A number more than before, in path or query: `/page/2`, `?start=20`, `-2.html`.
    let missing =
        |from: &[String], of: &[String]| of.iter().filter(|part| !from.contains(part)).cloned().collect::<Vec<_>>();
    let (gained, lost) = (missing(&here, &there), missing(&there, &here));
    if gained.iter().any(|part| DISPLAY_NAMES.contains(&part.as_str()))
        && !gained.iter().any(|part| PAGE_NAMES.contains(&part.as_str()))
    {
        return (Step::OtherPage, 0);
    }
    let mut numbers = gained.iter().filter_map(|part| number(part));
    let named = gained.iter().any(|part| PAGE_NAMES.contains(&part.as_str()));
    match (numbers.next(), lost.len()) {
        (Some(number), 0) if gained.len() <= 3 => (Step::First, number),
        (Some(number), _) if named => (Step::First, number),
        (None, _) if lost.iter().any(|part| number(part).is_some()) => (Step::Back, 0),
        (Some(number), _) => (Step::Number, number),
        _ => (Step::OtherPage, 0),
    }
}

/// An address with a sign for every number: the pages of one list share it.
pub(super) fn form(url: &Url) -> String {
    let mut form = url.host_str().unwrap_or_default().to_owned();
    for part in parts(url) {
        form.push('/');
        form.push_str(if number(&part).is_some() { "#" } else { &part });
    }
    form
}

/// Path and query as words and numbers, without what names a session.
fn parts(url: &Url) -> Vec<String> {
    let mut out = Vec::new();
    split(url.path(), &mut out);
    let mut pairs: Vec<_> = url.query_pairs().filter(|(name, value)| !names_session(name, value)).collect();
    pairs.sort();
    for (name, value) in pairs.iter().filter(|(_, value)| !value.is_empty()) {
        out.push(format!("{}=", name.to_ascii_lowercase()));
        split(value, &mut out);
    }
    out
}

fn names_session(name: &str, value: &str) -> bool {
    let mixed = || value.bytes().all(|b| b.is_ascii_alphanumeric()) && value.bytes().any(|b| b.is_ascii_digit());
    matches!(name, "sid" | "s" | "PHPSESSID")
        || (value.len() >= SESSION_CHARACTERS && mixed() && number(value).is_none())
}

fn split(text: &str, out: &mut Vec<String>) {
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let digit = first.is_ascii_digit();
        let end = rest.find(|c: char| c.is_ascii_digit() != digit).unwrap_or(rest.len());
        let part = if digit { rest[..end].to_owned() } else { rest[..end].trim_matches('/').to_ascii_lowercase() };
        if !part.is_empty() {
            out.push(part);
        }
        rest = &rest[end..];
    }
}

fn number(part: &str) -> Option<u64> {
    (part.len() <= MAX_NUMBER_DIGITS).then(|| part.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_told_by_their_numbers() {
        let stepped = |own: &str, target: &str| {
            let own = Url::parse("http://a.example").unwrap().join(own).unwrap();
            step(&own, &own.join(target).unwrap()).0
        };
        for (own, target, expected) in [
            ("/t/5?page=2", "?page=3", Step::Forward),
            ("/t/5?page=2", "?page=1", Step::Back),
            ("/t/5?page=2", "/t/5", Step::Back),
            ("/t/5", "/t/5/page-2", Step::First),
            ("/t/5", "/t/5?start=20", Step::First),
            ("/t/5/", "/t/5", Step::Same),
            ("/t/5?s=abc", "/t/5?s=def", Step::Same),
            ("/t/5", "/about", Step::Back),
            ("/news", "/about", Step::OtherPage),
            ("/t/5", "http://b.example/t/6", Step::OtherHost),
            ("/page/3/", "/page/4/", Step::Forward),
        ] {
            assert_eq!(stepped(own, target), expected, "{own} -> {target}");
        }
    }
}
