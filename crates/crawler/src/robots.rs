//! robots.txt: what a host asks of robots, and what is made of it.

use authorisation::{RobotsPolicy, Scheme, Target};
use page::FetchedPage;
use texting_robots::Robot;

use crate::limits::MAX_ROBOTS_BYTES;

/// The name under which we look for rules; without any, those for everybody count.
const AGENT: &str = "lanthorn";

/// The longest `Crawl-delay` that is believed: a day. It is honoured by waiting, never by dropping the page.
const MAX_CRAWL_DELAY_MILLIS: i64 = 86_400_000;

/// A host's rules, read.
pub(crate) enum Rules {
    /// There are none: everything may be asked for.
    Absent,
    /// These.
    Present(Box<Robot>),
    /// There is a file that cannot be read as rules: nothing may be asked for.
    Unreadable,
}

/// What a server answered when it was asked for its robots.txt.
pub(crate) enum Answer<'a> {
    /// The file.
    File(&'a [u8]),
    /// It has none (any 4xx, after RFC 9309 section 2.3.1.3).
    None,
}

impl Rules {
    /// Reads a file, or the absence of one.
    pub(crate) fn read(answer: &Answer<'_>) -> Self {
        let Answer::File(bytes) = answer else { return Self::Absent };
        let bytes = &bytes[..bytes.len().min(MAX_ROBOTS_BYTES)];
        Robot::new(AGENT, bytes).map_or(Self::Unreadable, |robot| Self::Present(Box::new(robot)))
    }

    /// Whether a page may be asked for.
    pub(crate) fn allow(&self, target: &Target) -> bool {
        match self {
            Self::Absent => true,
            Self::Present(robot) => robot.allowed(target.url()),
            Self::Unreadable => false,
        }
    }

    /// Milliseconds between two requests that the host asks for.
    pub(crate) fn crawl_delay_millis(&self) -> i64 {
        let Self::Present(robot) = self else { return 0 };
        let Some(seconds) = robot.delay.filter(|seconds| seconds.is_finite() && *seconds > 0.0) else { return 0 };
        // Within a day the product has no fraction that matters.
        (f64::from(seconds) * 1000.0).min(MAX_CRAWL_DELAY_MILLIS as f64) as i64
    }
}

/// Which robots.txt speaks for a target: each scheme and port of a host has its own.
pub(crate) fn origin(target: &Target) -> String {
    let scheme: Scheme = target.scheme();
    format!("{scheme}:{}", target.port())
}

/// The decision for the record, in words.
pub(crate) fn decision(policy: &RobotsPolicy, rules: &Rules) -> String {
    match (policy, rules) {
        (RobotsPolicy::SetAside { ground }, _) => format!("read and set aside, on the ground that {ground}"),
        (RobotsPolicy::Obey, Rules::Absent) => "obeyed: the host has none".to_owned(),
        (RobotsPolicy::Obey, Rules::Present(_)) => "obeyed".to_owned(),
        (RobotsPolicy::Obey, Rules::Unreadable) => "obeyed: it cannot be read, so nothing is asked for".to_owned(),
    }
}

/// The body of an answered robots.txt.
pub(crate) fn answer(page: &FetchedPage) -> Answer<'_> {
    Answer::File(page.record().body.expose())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(text: &str) -> Rules {
        Rules::read(&Answer::File(text.as_bytes()))
    }

    #[test]
    fn rules_are_read_and_their_delay_with_them() {
        let asked = rules("User-agent: *\nDisallow: /private\nCrawl-delay: 7.5\n");
        assert_eq!(asked.crawl_delay_millis(), 7_500);
        assert_eq!(rules("User-agent: *\nCrawl-delay: 1e30").crawl_delay_millis(), MAX_CRAWL_DELAY_MILLIS);
        for none in ["", "User-agent: *\nCrawl-delay: -1", "User-agent: *\nCrawl-delay: NaN", "\u{0}\u{1}garbage"] {
            assert_eq!(rules(none).crawl_delay_millis(), 0, "{none}");
        }
        assert_eq!(Rules::Absent.crawl_delay_millis(), 0);
    }

    #[test]
    fn a_huge_file_is_read_up_to_the_limit() {
        let mut text = "User-agent: *\nDisallow: /private\n".to_owned();
        text.push_str(&"# filler\n".repeat(200_000));
        text.push_str("Crawl-delay: 9\n");
        assert_eq!(rules(&text).crawl_delay_millis(), 0);
    }
}
