//! Three cookies, each `__Host-`, `Secure`, `HttpOnly` and `SameSite=Strict`: bound to this very host, sent to no other, read
//! by no script, and brought along by no foreign page's link or form.

use axum::http::{HeaderMap, header};

/// Who is signed in.
pub(crate) const SESSION: &str = "__Host-lanthorn";
/// A visitor on the way to signing in; it only binds forms to their browser.
pub(crate) const VISIT: &str = "__Host-visit";
/// The language that a visitor has chosen.
pub(crate) const LANGUAGE: &str = "__Host-language";

/// The longest cookie that is looked at.
const MAX_BYTES: usize = 128;

pub(crate) fn read<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let lines = headers.get_all(header::COOKIE).into_iter().filter_map(|line| line.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    // Of two cookies of one name neither is believed: somebody has put one there.
    let first = pairs.find(|(found, _)| *found == name).map(|(_, value)| value);
    if pairs.any(|(found, _)| found == name) { None } else { first.filter(|value| value.len() <= MAX_BYTES) }
}

pub(crate) fn set(name: &str, value: &str) -> String {
    format!("{name}={value}; Path=/; Secure; HttpOnly; SameSite=Strict")
}

pub(crate) fn clear(name: &str) -> String {
    format!("{name}=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_read_whole_and_only_when_there_is_one() {
        let headers = |text: &str| HeaderMap::from_iter([(header::COOKIE, text.parse().unwrap())]);
        assert_eq!(read(&headers("a=1; __Host-lanthorn=x=y"), SESSION), Some("x=y"));
        assert_eq!(read(&headers("__Host-lanthorn=x; __Host-lanthorn=y"), SESSION), None);
        assert_eq!(read(&headers("X__Host-lanthorn=x"), SESSION), None);
        assert_eq!(read(&headers(&format!("{SESSION}={}", "a".repeat(200))), SESSION), None);
    }
}
