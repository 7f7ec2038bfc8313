//! Addresses that lead nowhere new: rules that need nothing but the address, and the form that addresses share.
//!
//! What a rule refuses is counted under its name; where it led is kept nowhere. What only experience can tell (a form of
//! address that never brings anything, a parameter that never matters) is learnt by the frontier.

mod form;

pub(crate) use form::form;

use model::Timestamp;

/// Path segments and parameters of a page that somebody wrote; more is a maze.
const MAX_SEGMENTS: usize = 16;
const MAX_PARAMETERS: usize = 12;

/// The same segment, or pair of segments, so many times is a link that grows by itself.
const MAX_REPEATS: usize = 3;

/// A path and query of more bytes is no page that somebody wrote.
const MAX_BYTES: usize = 1_500;

/// Parameters that name our session and never a page. Compared without case.
const SESSION: &[&str] = &[
    "cfid",
    "cftoken",
    "jsessionid",
    "osclass_session",
    "osclsid",
    "oscsid",
    "phpsessid",
    "session",
    "session_id",
    "sessionid",
    "sid",
    "zenid",
];

/// Parameters that show the same things in another order or dress.
const DRESS: &[&str] = &[
    "dir",
    "iorder",
    "iordertype",
    "mobile",
    "order",
    "orderby",
    "print",
    "printable",
    "skin",
    "sk",
    "sort",
    "sort_by",
    "sortby",
    "sorder",
    "sordertype",
    "style",
    "sd",
    "theme",
    "view_mode",
    "viewmode",
];

/// Words of a path's last segment or of a parameter's value that do something instead of showing something.
const ACTS: &[&str] = &[
    "addtocart",
    "compose",
    "delete",
    "logoff",
    "logout",
    "newreply",
    "newthread",
    "newtopic",
    "postreply",
    "print",
    "quote",
    "register",
    "reply",
    "report",
    "sendmessage",
    "sendpm",
    "signout",
    "signup",
    "subscribe",
    "unsubscribe",
];

/// Parameters whose value may be one of [`ACTS`].
const DO: &[&str] = &["act", "action", "do", "mode", "op", "page", "task", "view"];

/// Words of a path that stand before a year.
const CALENDARS: &[&str] =
    &["archive", "cal", "calendar", "calendrier", "date", "day", "event", "events", "kalender", "month"];

/// What is made of an address that scope has admitted.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Judged {
    /// Nothing speaks against it.
    Fine,
    /// It is this address in truth: what was left out names a session.
    Instead(String),
    /// It leads nowhere new, by the rule of this name.
    Trap(&'static str),
}

/// Judges the path and query of an address, as it would be sent at `now`.
pub(crate) fn judge(path_and_query: &str, now: Timestamp) -> Judged {
    let (path, query) =
        path_and_query.split_once('?').map_or((path_and_query, None), |(path, query)| (path, Some(query)));
    if let Some(shorter) = without_session(path, query) {
        return Judged::Instead(shorter);
    }
    let segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
    let parameters: Vec<(&str, &str)> = query.map_or_else(Vec::new, |query| pairs(query).collect());
    if path_and_query.len() > MAX_BYTES || segments.len() > MAX_SEGMENTS || parameters.len() > MAX_PARAMETERS {
        return Judged::Trap("trap-maze");
    }
    if repeats(&segments) || twice(&parameters) {
        return Judged::Trap("trap-repetition");
    }
    if acts(&segments, &parameters) {
        return Judged::Trap("trap-act");
    }
    if parameters.iter().any(|(name, _)| is_one_of(name, DRESS)) {
        return Judged::Trap("trap-other-order");
    }
    if far_date(&segments, &parameters, now) {
        return Judged::Trap("trap-calendar");
    }
    Judged::Fine
}

/// The parameters of a query, in order.
pub(crate) fn pairs(query: &str) -> impl Iterator<Item = (&str, &str)> {
    query.split('&').filter(|pair| !pair.is_empty()).map(|pair| pair.split_once('=').unwrap_or((pair, "")))
}

/// The path and query without one parameter.
pub(crate) fn without(path_and_query: &str, drop: impl Fn(&str) -> bool) -> Option<String> {
    let (path, query) = path_and_query.split_once('?')?;
    let kept: Vec<&str> = query.split('&').filter(|pair| !drop(pair.split('=').next().unwrap_or_default())).collect();
    if kept.len() == query.split('&').count() {
        return None;
    }
    let query = kept.join("&");
    Some(if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") })
}

fn without_session(path: &str, query: Option<&str>) -> Option<String> {
    let mut changed = false;
    let mut cut = path.to_owned();
    if let Some(at) = path.to_ascii_lowercase().find(";jsessionid=") {
        let end = path[at..].find('/').map_or(path.len(), |end| at + end);
        cut.replace_range(at..end, "");
        changed = true;
    }
    let Some(query) = query else { return changed.then_some(cut) };
    let whole = format!("{cut}?{query}");
    let is_session = |name: &str| is_one_of(name, SESSION) || name.to_ascii_lowercase().starts_with("aspsessionid");
    without(&whole, is_session).or_else(|| changed.then_some(whole))
}

fn is_one_of(word: &str, words: &[&str]) -> bool {
    words.iter().any(|known| known.eq_ignore_ascii_case(word))
}

/// `/a/b/a/b/a/b`, or `/a/a/a`.
fn repeats(segments: &[&str]) -> bool {
    let times = |length: usize| {
        segments.windows(length * MAX_REPEATS).any(|window| {
            let first = &window[..length];
            window.chunks(length).all(|chunk| chunk == first) && first.iter().any(|segment| segment.len() > 1)
        })
    };
    let often =
        segments.iter().any(|one| one.len() > 1 && segments.iter().filter(|other| *other == one).count() > MAX_REPEATS);
    often || (1..=4).any(times)
}

/// The same parameter again and again.
fn twice(parameters: &[(&str, &str)]) -> bool {
    parameters.iter().any(|one| parameters.iter().filter(|other| other.0 == one.0).count() > MAX_REPEATS)
}

fn acts(segments: &[&str], parameters: &[(&str, &str)]) -> bool {
    let last = segments.last().map(|last| last.split('.').next().unwrap_or_default()).unwrap_or_default();
    // SMF and its kin part their parameters with semicolons, of which `pairs` knows nothing.
    let first = |value: &str| value.split(';').next().is_some_and(|word| is_one_of(word, ACTS));
    let said = |(name, value): &(&str, &str)| is_one_of(name, ACTS) || is_one_of(name, DO) && first(value);
    is_one_of(last, ACTS) || parameters.iter().any(said)
}

/// A year that nobody has written about: more than one ahead, or before the web. Looked for where a calendar says one.
fn far_date(segments: &[&str], parameters: &[(&str, &str)], now: Timestamp) -> bool {
    let this_year = now.to_string().get(..4).and_then(|year| year.parse::<i32>().ok()).unwrap_or(2026);
    let far = |text: &str| {
        let year = text.get(..4).filter(|year| year.bytes().all(|byte| byte.is_ascii_digit()))?;
        let alone = text.len() == 4 || text.as_bytes()[4] == b'-' && text.len() <= 10;
        let year: i32 = year.parse().ok().filter(|_| alone)?;
        Some((1_000..3_000).contains(&year) && !(1_990..=this_year + 1).contains(&year))
    };
    let dated = |name: &str| is_one_of(name, CALENDARS) || matches!(name, "year" | "y" | "from" | "to" | "start_date");
    let in_path = segments.windows(2).any(|pair| is_one_of(pair[0], CALENDARS) && far(pair[1]) == Some(true));
    let in_query = parameters.iter().any(|(name, value)| dated(&name.to_ascii_lowercase()) && far(value) == Some(true));
    in_path || in_query
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_secs(1_795_000_000); // November 2026

    #[test]
    fn what_leads_nowhere_is_told_by_its_address() {
        for (address, rule) in [
            ("/shop/item/shop/item/shop/item/", "trap-repetition"),
            ("/img/img/img/x", "trap-repetition"),
            ("/x?a=1&a=2&a=3&a=4", "trap-repetition"),
            ("/calendar/2031/5", "trap-calendar"),
            ("/events.php?date=1871-02-03", "trap-calendar"),
            ("/c?year=2044&month=2", "trap-calendar"),
            ("/list?sort=price", "trap-other-order"),
            ("/list?p=2&ORDER=desc", "trap-other-order"),
            ("/ucp.php?mode=logout", "trap-act"),
            ("/index.php?action=reply&t=7", "trap-act"),
            ("/logout", "trap-act"),
            ("/index.php?action=logout;a1b2=c3d4", "trap-act"),
            ("/thread/7/report.php", "trap-act"),
            ("/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17", "trap-maze"),
        ] {
            assert_eq!(judge(address, NOW), Judged::Trap(rule), "{address}");
        }
    }

    #[test]
    fn ordinary_addresses_are_fine() {
        for address in [
            "/",
            "/viewtopic.php?f=1&t=20&start=40",
            "/board/2031/7",
            "/ads/flat-in-riga.html",
            "/index.php?page=item&id=3",
            "/calendar/2026/11",
            "/archive/2019/04/a-story",
            "/a/a/b",
            "/1/1/1/1",
            "/x?dates=5",
            "/reply-to-all/7",
        ] {
            assert_eq!(judge(address, NOW), Judged::Fine, "{address}");
        }
    }

    #[test]
    fn a_session_is_left_out_and_the_rest_stays() {
        let instead = |to: &str| Judged::Instead(to.to_owned());
        assert_eq!(judge("/viewtopic.php?t=7&sid=0123456789abcdef", NOW), instead("/viewtopic.php?t=7"));
        assert_eq!(judge("/x?PHPSESSID=abc", NOW), instead("/x"));
        assert_eq!(judge("/a;jsessionid=AB12/b?c=1", NOW), instead("/a/b?c=1"));
    }
}
