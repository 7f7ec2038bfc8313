//! The cookies of one session on one host, after RFC 6265, as far as one host needs it.

use std::fmt;

use authorisation::{Scheme, Target};
use model::{Sensitive, Timestamp};
use zeroize::Zeroizing;

use crate::politeness::http_date;

/// Cookies of one session, and bytes of one.
const MAX_COOKIES: usize = 64;
const MAX_COOKIE_BYTES: usize = 4 << 10;

/// The cookies that a session is made of. `Debug` prints how many there are.
#[derive(Default)]
pub(crate) struct Jar(Vec<Cookie>);

struct Cookie {
    name: String,
    value: Sensitive<String>,
    path: String,
    secure: bool,
    /// Milliseconds; `i64::MAX` for as long as the session.
    until: i64,
}

impl Clone for Jar {
    fn clone(&self) -> Self {
        Self(
            self.0
                .iter()
                .map(|cookie| Cookie {
                    value: Sensitive::new(cookie.value.expose().clone()),
                    name: cookie.name.clone(),
                    path: cookie.path.clone(),
                    ..*cookie
                })
                .collect(),
        )
    }
}

impl Jar {
    /// Takes in what a `Set-Cookie` header says that came from `target` at `now`; what it may not say changes nothing.
    pub(crate) fn take(&mut self, header: &[u8], target: &Target, now: Timestamp) {
        let Some(text) = std::str::from_utf8(header).ok().filter(|text| text.len() <= MAX_COOKIE_BYTES) else { return };
        if text.chars().any(|c| c.is_control()) {
            return;
        }
        let mut parts = text.split(';');
        let Some((name, value)) = parts.next().and_then(|pair| pair.split_once('=')) else { return };
        let (name, value) = (name.trim(), value.trim());
        if name.is_empty() {
            return;
        }
        let path = default_path(target);
        let mut cookie = Cookie {
            name: name.to_owned(),
            value: Sensitive::new(value.to_owned()),
            path,
            secure: false,
            until: i64::MAX,
        };
        let mut max_age = None;
        for part in parts {
            let (key, value) = part.split_once('=').unwrap_or((part, ""));
            let (key, value) = (key.trim().to_ascii_lowercase(), value.trim());
            match key.as_str() {
                "domain" => {
                    let domain = value.trim_start_matches('.').to_ascii_lowercase();
                    let host = target.host();
                    let ours = domain.is_empty() || host == domain || host.ends_with(&format!(".{domain}"));
                    if !ours {
                        return;
                    }
                }
                "path" if value.starts_with('/') => cookie.path = value.to_owned(),
                "secure" => cookie.secure = true,
                "expires" => cookie.until = expires(value).map_or(i64::MAX, Timestamp::millis),
                "max-age" => max_age = value.parse::<i64>().ok(),
                _ => {}
            }
        }
        if let Some(seconds) = max_age {
            cookie.until = now.millis().saturating_add(seconds.saturating_mul(1_000));
        }
        self.0.retain(|known| known.name != cookie.name || known.path != cookie.path);
        if cookie.until > now.millis() && self.0.len() < MAX_COOKIES {
            self.0.push(cookie);
        }
    }

    /// The `Cookie` header for a target; `None` without any.
    pub(crate) fn header(&self, target: &Target, now: Timestamp) -> Option<Sensitive<Vec<u8>>> {
        let path = target.path_and_query().split('?').next().unwrap_or("/");
        let fits = |cookie: &&Cookie| {
            cookie.until > now.millis()
                && (!cookie.secure || target.scheme() == Scheme::Https || target.host().ends_with(".onion"))
                && below(path, &cookie.path)
        };
        let mut fitting: Vec<&Cookie> = self.0.iter().filter(fits).collect();
        fitting.sort_by_key(|cookie| std::cmp::Reverse(cookie.path.len()));
        let most = fitting.iter().map(|cookie| cookie.name.len() + cookie.value.expose().len() + 3).sum();
        let mut header = Vec::with_capacity(most);
        for cookie in &fitting {
            if !header.is_empty() {
                header.extend_from_slice(b"; ");
            }
            header.extend_from_slice(cookie.name.as_bytes());
            header.push(b'=');
            header.extend_from_slice(cookie.value.expose().as_bytes());
        }
        (!header.is_empty()).then(|| Sensitive::new(header))
    }

    /// Whether there is none.
    pub(crate) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The form that is sealed: a line for each, its parts between tabs; no part holds either.
    pub(crate) fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        let most = self.0.iter().map(|c| c.name.len() + c.value.expose().len() + c.path.len() + 32).sum();
        let mut bytes = Zeroizing::new(Vec::with_capacity(most));
        for Cookie { name, value, path, secure, until } in &self.0 {
            for part in [name.as_str(), value.expose(), path, if *secure { "s" } else { "" }, &until.to_string()] {
                bytes.extend_from_slice(part.as_bytes());
                bytes.push(b'\t');
            }
            bytes.push(b'\n');
        }
        bytes
    }

    /// From its form.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let read = |line: &str| {
            let mut parts = line.split('\t');
            Some(Cookie {
                name: parts.next()?.to_owned(),
                value: Sensitive::new(parts.next()?.to_owned()),
                path: parts.next()?.to_owned(),
                secure: parts.next()? == "s",
                until: parts.next()?.parse().ok()?,
            })
        };
        std::str::from_utf8(bytes).ok()?.lines().map(read).collect::<Option<Vec<_>>>().map(Self)
    }
}

impl fmt::Debug for Jar {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Jar({} cookies)", self.0.len())
    }
}

/// RFC 6265 section 5.1.4: the folder of the page.
fn default_path(target: &Target) -> String {
    let path = target.path_and_query().split('?').next().unwrap_or("/");
    match path.rfind('/') {
        None | Some(0) => "/".to_owned(),
        Some(at) => path[..at].to_owned(),
    }
}

/// RFC 6265 section 5.1.4: whether a path is a folder or lies below it.
fn below(path: &str, folder: &str) -> bool {
    path == folder || path.strip_prefix(folder).is_some_and(|rest| folder.ends_with('/') || rest.starts_with('/'))
}

/// A date with hyphens is as frequent here as the one with spaces.
fn expires(text: &str) -> Option<Timestamp> {
    let (day, date) = text.split_once(", ")?;
    http_date(&format!("{day}, {}", date.replacen('-', " ", 2)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frontier::tests::target_of;

    const NOW: Timestamp = Timestamp::from_secs(1_795_600_000);

    fn sent(jar: &Jar, path: &str) -> String {
        let target = target_of(&format!("http://ads.example{path}"));
        jar.header(&target, NOW).map(|header| String::from_utf8(header.expose().clone()).unwrap()).unwrap_or_default()
    }

    #[test]
    fn cookies_come_go_and_keep_to_their_path() {
        let page = target_of("http://ads.example/forum/ucp.php?mode=login");
        let mut jar = Jar::default();
        for header in [
            "sid=abc; HttpOnly",
            "u=7; Path=/; Max-Age=60",
            "old=1; Path=/; Expires=Thu, 01-Jan-1970 00:00:01 GMT",
            "late=1; Path=/; Expires=Fri, 01 Jan 2100 00:00:00 GMT",
            "other=1; Domain=elsewhere.example; Path=/",
            "own=1; Domain=.ads.example; Path=/b",
            "tls=1; Secure; Path=/",
            "no value",
            "=1",
            "two\tparts=1",
        ] {
            jar.take(header.as_bytes(), &page, NOW);
        }
        assert_eq!(sent(&jar, "/forum/t/1"), "sid=abc; u=7; late=1");
        assert_eq!(sent(&jar, "/forumx"), "u=7; late=1");
        assert_eq!(sent(&jar, "/b/2"), "own=1; u=7; late=1");
        let again = Jar::from_bytes(&jar.to_bytes()).unwrap();
        assert_eq!(sent(&again, "/forum/t/1"), "sid=abc; u=7; late=1");
        assert!(again.header(&page, NOW.plus_millis(61_000)).is_some_and(|header| !header.expose().starts_with(b"u=")));
        jar.take(b"sid=deleted; Max-Age=0", &page, NOW);
        assert_eq!(sent(&jar, "/forum/t/1"), "u=7; late=1");
        assert_eq!(format!("{jar:?}"), "Jar(4 cookies)");
    }

    #[test]
    fn a_server_cannot_fill_the_memory() {
        let page = target_of("http://ads.example/");
        let mut jar = Jar::default();
        (0..1_000).for_each(|number| jar.take(format!("c{number}=1").as_bytes(), &page, NOW));
        jar.take(format!("big={}", "x".repeat(MAX_COOKIE_BYTES)).as_bytes(), &page, NOW);
        assert_eq!(jar.0.len(), MAX_COOKIES);
    }
}
