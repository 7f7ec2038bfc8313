//! The form of an address: what is left when everything that tells one page from the next is taken out.

/// Segments of a path that count; deeper ones share the form of the last.
const MAX_SEGMENTS: usize = 8;

/// A longer first segment names no section.
const MAX_SECTION: usize = 24;

/// Words by which one script shows different things.
const MAX_WORD: usize = 12;

/// What ends the name of a script.
const SCRIPTS: &[&str] = &[".php", ".asp", ".aspx", ".jsp", ".cgi", ".pl", ".do"];

/// The form of a path and query below one of the authorised prefixes: `/board/<w>/<9>?page=item&id`. Scripts' names and
/// short words of a query stay, because one script shows lists and items; whatever looks like a value goes.
pub(crate) fn form(path_and_query: &str, prefixes: &[String]) -> String {
    let (path, query) = path_and_query.split_once('?').unwrap_or((path_and_query, ""));
    let prefix = prefixes.iter().filter(|prefix| path.starts_with(prefix.as_str())).max_by_key(|prefix| prefix.len());
    let (mut form, rest) = match prefix {
        Some(prefix) => (prefix.clone(), &path[prefix.len()..]),
        None => (String::new(), path),
    };
    let segments: Vec<&str> = rest.split('/').collect();
    for (at, segment) in segments.iter().take(MAX_SEGMENTS).enumerate() {
        if at > 0 {
            form.push('/');
        }
        // The section of a site, unless it is the page itself.
        let section = at == 0 && segments.len() > 1 && segment.len() <= MAX_SECTION;
        if section && segment.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'-') {
            form.push_str(segment);
        } else {
            form.push_str(&class(segment));
        }
    }
    let mut names: Vec<String> = crate::trap::pairs(query)
        .map(|(name, value)| {
            let word =
                !value.is_empty() && value.len() <= MAX_WORD && value.bytes().all(|byte| byte.is_ascii_lowercase());
            // Such words choose among views only where the parameter is one that does.
            let chooses = word && matches!(name, "page" | "mode" | "action" | "do" | "view" | "type" | "section");
            if chooses { format!("{name}={value}") } else { name.to_owned() }
        })
        .collect();
    names.sort();
    names.dedup();
    if !names.is_empty() {
        form.push('?');
        form.push_str(&names.join("&"));
    }
    form
}

fn class(segment: &str) -> String {
    let lower = segment.to_ascii_lowercase();
    if SCRIPTS.iter().any(|script| lower.ends_with(script)) {
        return lower;
    }
    match segment {
        "" => String::new(),
        _ if segment.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-') => "<9>".to_owned(),
        _ => "<w>".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_that_differ_in_values_share_a_form() {
        let prefixes = ["/".to_owned(), "/forum/".to_owned()];
        let form = |address| form(address, &prefixes);
        assert_eq!(form("/forum/viewtopic.php?t=7&f=1"), "/forum/viewtopic.php?f&t");
        assert_eq!(form("/forum/viewtopic.php?f=2&t=9&start=20"), "/forum/viewtopic.php?f&start&t");
        assert_eq!(form("/ads/index.php?page=item&id=5"), "/ads/index.php?id&page=item");
        assert_eq!(form("/ads/anna/7"), form("/ads/maria/12"));
        assert_ne!(form("/item/7"), form("/gone/7"));
        assert_eq!(form("/"), "/");
    }
}
