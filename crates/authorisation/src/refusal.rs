//! Why something may not be done, by which rule, and what would make it lawful.

use std::borrow::Cow;
use std::fmt;

use model::{HasKind, Kind};

macro_rules! rules {
    ($($(#[$doc:meta])* $name:ident = $text:literal, $lawful:literal;)*) => {
        /// The rules of authorisation and scope. Each has one name and one way to lawfulness.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Rule {
            $($(#[$doc])* $name,)*
        }

        impl Rule {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The name in messages, records and counts.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            /// What would make the act lawful.
            #[must_use]
            pub const fn remedy(self) -> &'static str {
                match self { $(Self::$name => $lawful,)* }
            }
        }
    };
}

rules! {
    /// A host that serves people in need, the press or civil society is never a target.
    ProtectedDestination = "protected-destination",
        "leave it out: no authorisation can name it";
    /// A field that must be there is missing, empty, too long or a placeholder.
    Complete = "complete",
        "fill the field in";
    /// The legal basis must name a law and an authority; that something is public is none.
    LegalBasis = "legal-basis",
        "name the instrument, article, issuing authority and reference under which collecting is allowed";
    /// A target is one host, named exactly: a v3 onion or a name below a public suffix.
    TargetHost = "target-host",
        "name one exact host: a v3 onion with a right checksum, or a registered name; each subdomain by itself";
    /// Scheme, ports, path prefixes and delay of a target must make sense.
    TargetShape = "target-shape",
        "correct the target as docs/formats/authorisation.md describes";
    /// A delay below the polite one is for the authorising body's own service alone.
    PoliteDelay = "polite-delay",
        "ask for 3000 ms or more, or mark the target own_service if the service is your own";
    /// Setting robots.txt aside needs its ground in law.
    RobotsGround = "robots-ground",
        "state the ground for setting robots.txt aside, or obey it";
    /// An account is named with its ground in law and its login page, and without any secret.
    Account = "account",
        "name the account's label, the ground for using it, and either its login page or the profile that knows it; never its name or password";
    /// Ceilings are set, and below the highest allowed.
    Ceilings = "ceilings",
        "set every ceiling, within the bounds of docs/formats/authorisation.md";
    /// Text alone is collected.
    MediaPolicy = "media-policy",
        "write media = \"text-only\"";
    /// Collected pages are not kept for ever.
    Retention = "retention",
        "set retention_days from 1 to 3650";
    /// An authorisation stands for 90 days at most.
    ValidityWindow = "validity-window",
        "let not_after be later than not_before, and by 90 days at most";
    /// Different supervisors are named as signers.
    Supervisors = "supervisors",
        "name at least two different supervisors";
    /// It is addressed to one installation.
    Audience = "audience",
        "have an authorisation issued whose audience is this installation's name";
    /// Every signature is right, and enough different supervisors have signed.
    Signatures = "signatures",
        "have the supervisors that the document names sign this very text with their own keys";
    /// It has not been revoked.
    Revoked = "revoked",
        "have a new authorisation issued and signed";
    /// It is valid at the moment.
    Validity = "validity",
        "wait until it begins, or have a new authorisation issued and signed";
    /// A URL has a length that pages have.
    UrlLength = "url-length",
        "ask for a URL of at most 8192 bytes";
    /// A URL is written so that everybody reads the same in it.
    UrlSpelling = "url-spelling",
        "write it as scheme://host/path, without control characters, backslashes or escapes in the host";
    /// Only the scheme that the target names.
    Scheme = "scheme",
        "have a target with this scheme authorised; only http and https can be";
    /// No user name or password in a URL.
    Credentials = "credentials",
        "write the URL without user name and password";
    /// Hosts have names.
    IpLiteral = "ip-literal",
        "use the host's name; addresses cannot be authorised";
    /// Only hosts that are named exactly.
    Host = "host",
        "have this exact host authorised; subdomains and mirrors are hosts of their own";
    /// Only the ports that the target names.
    Port = "port",
        "have this port of the host authorised";
    /// Only paths below the prefixes that the target names.
    Path = "path",
        "have a prefix of this path authorised";
    /// A path whose meaning depends on who decodes it.
    PathDecoding = "path-decoding",
        "write the path without dot segments, control characters or escapes inside escapes";
    /// Links are followed only so far.
    Depth = "depth",
        "have an authorisation with a higher depth issued, or seed the page";
    /// The host asks robots not to.
    Robots = "robots",
        "have robots.txt set aside for this target, with its ground in law";
    /// The only form that is ever sent is the login form of an authorised account, to the account's own site.
    LoginForm = "login-form",
        "have an account of this very site authorised; its login form must send to the same host and port, at the login page or below the target's prefixes";
    /// The site's profile knows it as a link that acts or repeats.
    NeverFollow = "never-follow",
        "nothing: such links log out, post, sort or print";
    /// Images, video, audio and archives are not collected.
    Media = "media",
        "nothing: only text is collected";
}

impl fmt::Display for Rule {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}

/// A refusal: the rule, why it applies, and what would make the act lawful. It never repeats a URL or a host.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("refused by rule `{rule}`: {why}; {}", .rule.remedy())]
pub struct Refusal {
    rule: Rule,
    why: Cow<'static, str>,
}

impl Refusal {
    /// A refusal by `rule` because of `why` (lower case, no full stop, no page content).
    #[must_use]
    pub fn new(rule: Rule, why: impl Into<Cow<'static, str>>) -> Self {
        Self { rule, why: why.into() }
    }

    /// The rule.
    #[must_use]
    pub const fn rule(&self) -> Rule {
        self.rule
    }

    /// Why it applies.
    #[must_use]
    pub fn why(&self) -> &str {
        &self.why
    }
}

impl HasKind for Refusal {
    fn kind(&self) -> Kind {
        Kind::Refused
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_refusal_names_the_rule_the_reason_and_the_remedy() {
        let refusal = Refusal::new(Rule::Port, "port 8080 is not one that the target names");
        assert_eq!(
            refusal.to_string(),
            "refused by rule `port`: port 8080 is not one that the target names; have this port of the host authorised"
        );
        assert_eq!(refusal.kind().exit_code(), 3);
    }

    #[test]
    fn every_rule_has_its_own_name_and_a_place_in_the_format_document() {
        let names: BTreeSet<_> = Rule::ALL.iter().map(|rule| rule.as_str()).collect();
        assert_eq!(names.len(), Rule::ALL.len());
        let document = include_str!("../../../docs/formats/authorisation.md");
        for name in names {
            assert!(document.contains(&format!("| `{name}` |")), "docs/formats/authorisation.md lacks rule {name}");
        }
    }
}
